package procedure

import (
	"context"
	"errors"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/finance"
	"meixu/app/inventory"
	"meixu/app/live"
	"meixu/app/people"
	"meixu/app/readiness"
	"meixu/store"
	"meixu/store/term"
)

// Assign says who treats where with which device.
type Assign struct {
	Treatment term.TreatmentID
	Version   int
	Operator  term.StaffID
	Nurse     term.StaffID
	Room      term.RoomID
	Device    term.DeviceID
}

// Assign names operator, assistant, room and device. An operator who may not perform the item
// is refused here already, and once more at the start.
func (s *Suite) Assign(ctx context.Context, by access.Actor, in Assign) error {
	return s.do(ctx, by, access.TreatmentAssign, in.Treatment, func(w *work) error {
		if err := w.checkAssign(in); err != nil {
			return err
		}
		if in.Version != w.t.Version { // also without one
			return store.ErrStale
		}
		w.t.Operator, w.t.Nurse, w.t.Room, w.t.Device = in.Operator, in.Nurse, in.Room, in.Device
		w.tx.Publish(live.Rooms)
		return w.save()
	})
}

func (w *work) checkAssign(in Assign) error {
	var f fault.Fields
	if in.Operator == 0 {
		f.Add("operator", "procedure.assign.operator")
	}
	if in.Nurse == in.Operator && in.Nurse != 0 {
		f.Add("nurse", "procedure.assign.same")
	}
	if in.Room == 0 {
		f.Add("room", "procedure.assign.room")
	}
	if w.item.DeviceKind != "" && in.Device == 0 {
		f.Add("device", "procedure.assign.device", w.item.DeviceKind)
	}
	if err := f.Err(); err != nil {
		return err
	}
	if err := people.CheckOperator(w.tx.Read, in.Operator, w.item); err != nil {
		return err
	}
	room, err := w.tx.Room(in.Room)
	if err != nil {
		return none(err, "room")
	}
	if room.State != "open" {
		return w.refuse("REG-INF-01", "procedure.refuse.room", room.Name).Ask("manager")
	}
	if err := readiness.RoomFree(w.tx.Read, in.Room, w.t.ID); err != nil {
		return err
	}
	if in.Device == 0 {
		return nil
	}
	d, err := w.tx.Device(in.Device)
	if err != nil {
		return none(err, "device")
	}
	if w.item.DeviceKind != "" && d.Kind != w.item.DeviceKind {
		return w.refuse("REG-DEV-13", "procedure.refuse.device", d.Name, w.item.DeviceKind).Ask("nurse")
	}
	return readiness.DeviceFree(w.tx.Read, in.Device, w.t.ID)
}

func none(err error, noun string) error {
	if isNone(err) {
		return fault.NotFound(noun).Because(err)
	}
	return err
}

// Take is one scan or choice of a lot.
type Take struct {
	Treatment term.TreatmentID
	Code      string     // scanned or typed
	Lot       term.LotID // chosen from the list
	Qty       string     // as typed; "" is one whole pack
	Reason    string     // why not the lot that ends first
	More      string     // why more than the treatment can want
	Second    Second     // witness of a toxic drug
}

// stepLot is the SOP's step of taking product.
const stepLot = "S4-07"

// WantsMore says that a taking was refused only because a reason for so much is missing.
func WantsMore(err error) bool {
	var refused *fault.Error
	return errors.As(err, &refused) && refused.Key == inventory.RefuseMuch
}

// command reads what was typed; what is wrong with it goes to the fields.
func (in Take) command(by access.Actor, f *fault.Fields) inventory.TakeCmd {
	cmd := inventory.TakeCmd{
		Treatment: in.Treatment, Code: strings.TrimSpace(in.Code), LotID: in.Lot, By: by.Staff, Reason: in.Reason,
		More: strings.TrimSpace(in.More),
	}
	if cmd.More != "" && !inventory.SaysWhy(cmd.More) {
		f.Add("more_reason", "procedure.lots.more")
	}
	if cmd.Code == "" && in.Lot == 0 {
		f.Add("code", "procedure.lots.code")
	}
	if text := strings.TrimSpace(in.Qty); text != "" {
		qty, err := term.ParseQty(text)
		if cmd.Qty = qty; err != nil || qty <= 0 {
			f.Add("qty", "procedure.lots.qty")
		}
	}
	return cmd
}

// TakeLot takes product for the treatment (S4-07), once consent and payment stand; for a toxic drug the witness's PIN is
// checked before (S4-08).
func (s *Suite) TakeLot(ctx context.Context, by access.Actor, in Take) (id int64, err error) {
	var f fault.Fields
	cmd := in.command(by, &f)
	by.Reason = cmd.More
	if in.Second.Staff != 0 {
		if err := s.second(ctx, by, access.LotTake, in.Second, &f); err != nil {
			return 0, err
		}
		cmd.Second = in.Second.Staff
	}
	if err := f.Err(); err != nil {
		return 0, err
	}
	err = s.do(ctx, by, access.LotTake, in.Treatment, func(w *work) error {
		gaps, err := s.flow.Gate(w.tx.Read, w.on(), stepLot)
		if err != nil {
			return err
		}
		if err := gaps.Err(); err != nil {
			return err
		}
		if err := w.handler(cmd.Second); err != nil {
			return err
		}
		use, err := inventory.Take(w.tx, cmd)
		if err != nil {
			return err
		}
		id = use.ID
		evidence := store.Subject{Noun: "lot_use", ID: use.ID}
		if err := w.prove(ProveLot, evidence); err != nil {
			return err
		}
		return w.prove(ProveToxin, evidence)
	})
	return id, err
}

// Back puts one use back to the shelf.
type Back struct {
	Treatment term.TreatmentID
	Use       int64
	Second    Second // witness of a toxic drug
}

// PutBack returns a use whole, unopened, before the start; a toxic drug goes back before two
// (REG-DRG-03).
func (s *Suite) PutBack(ctx context.Context, by access.Actor, in Back) error {
	var f fault.Fields
	if in.Second.Staff != 0 {
		if err := s.second(ctx, by, access.LotTake, in.Second, &f); err != nil {
			return err
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.do(ctx, by, access.LotTake, in.Treatment, func(w *work) error {
		if !slices.Contains(before, w.t.State) {
			return w.refuse("S5-07", "procedure.refuse.back_late").Ask("nurse").At(Path(w.t.ID) + "/counts")
		}
		u, err := w.tx.LotUse(in.Use)
		if err != nil || u.Treatment != in.Treatment {
			return fault.NotFound("lot").Because(err)
		}
		cmd := inventory.CloseCmd{Use: in.Use, Returned: u.TakenQty, Second: in.Second.Staff}
		return w.closeUses([]inventory.CloseCmd{cmd}, in.Second.Staff)
	})
}

// Start starts the clock (S5-02): signed in, the operator may and is free, and the whole gate
// is green now, whatever it was a minute ago. A session is used, the room is used up, and the
// state moves on.
func (s *Suite) Start(ctx context.Context, by access.Actor, id term.TreatmentID) error {
	return s.do(ctx, by, access.ProcedureStart, id, func(w *work) error {
		if err := people.CheckOperator(w.tx.Read, w.t.Operator, w.item); err != nil {
			return err
		}
		if err := w.operatorFree(); err != nil {
			return err
		}
		gaps, err := w.gaps()
		if err != nil {
			return err
		}
		if err := gaps.Err(); err != nil {
			return err
		}
		if err := w.stampReady(); err != nil {
			return err
		}
		if err := finance.UseSession(w.tx, w.t.Line, w.t.ID); err != nil {
			return err
		}
		w.t.State, w.t.StartedAt = term.TreatmentInProgress, w.tx.Now()
		if err := w.save(); err != nil {
			return err
		}
		if err := readiness.UseRoom(w.tx, w.t.Room); err != nil {
			return err
		}
		if err := w.tx.MoveTo(w.t.Visit, term.StageProcedure, term.AtProcedure); err != nil {
			return err
		}
		return w.prove(ProveStarted, store.Subject{})
	})
}

// stampReady stamps what other rooms made ready and the gate has just found good, so that the
// run shows who did it and by which evidence.
func (w *work) stampReady() error {
	for _, kind := range []string{"room.disinfected", "device.checked", "kit.checked"} {
		if err := w.s.flow.Prove(w.tx, w.by, w.on(), kind, store.Subject{}); err != nil {
			return err
		}
	}
	return nil
}

// operatorFree refuses a second treatment at the same time; the schema's index refuses it
// once more should two starts meet.
func (w *work) operatorFree() error {
	busy, err := operatorBusy(w.tx.Read, w.t)
	if err != nil || busy == nil {
		return err
	}
	return busy
}

// operatorBusy says which other treatment the operator is doing now; nil when free.
func operatorBusy(r *store.Read, t store.Treatment) (*fault.Error, error) {
	x, err := runningBy(r, t.Operator, t.ID)
	if err != nil || x.ID == 0 {
		return nil, err
	}
	return fault.Refuse("S5-02", "procedure.refuse.busy", x.Number).At(Path(x.ID)), nil
}

// runningBy is the treatment that a person does now, but for one; none has the id 0.
func runningBy(r *store.Read, who term.StaffID, but term.TreatmentID) (store.Treatment, error) {
	running, err := r.RunningIn(0, 0)
	for _, x := range running {
		if x.ID != but && x.Operator == who && x.State == term.TreatmentInProgress {
			return x, err
		}
	}
	return store.Treatment{}, err
}

// Gate lists what is missing before the treatment may start.
func (s *Suite) Gate(r *store.Read, t store.Treatment) (sop.Gaps, error) {
	return s.flow.Gate(r, sop.Subject{Visit: t.Visit, Treatment: t.ID}, "start")
}
