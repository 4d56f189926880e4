package procedure

import (
	"context"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/inventory"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Reaction is one timed event of S5-04.
type Reaction struct {
	Treatment              term.TreatmentID
	Sign                   string // of Signs
	Pain                   int    // 0 … 10
	Pulse, SpO2, High, Low int    // vital signs; 0 was not measured
	Text                   string
}

func (in Reaction) check() (Sign, error) {
	var f fault.Fields
	sign, ok := signOf(in.Sign)
	if !ok {
		f.Add("sign", "procedure.reaction.sign")
	}
	for _, v := range []struct {
		name          string
		value, lo, hi int
	}{{"pain", in.Pain, 0, 10}, {"pulse", in.Pulse, 20, 250}, {"spo2", in.SpO2, 30, 100}, {"high", in.High, 40, 300}, {"low", in.Low, 20, 200}} {
		if v.value != 0 && (v.value < v.lo || v.value > v.hi) {
			f.Add(v.name, "procedure.reaction.range", v.lo, v.hi)
		}
	}
	if in.Sign == "vitals" && in.Pulse == 0 && in.SpO2 == 0 && in.High == 0 {
		f.Add("pulse", "procedure.reaction.vitals")
	}
	return sign, f.Err()
}

// React notes a reaction with its time. An alarm tells every screen and answers true: the
// page shows the emergency card.
func (s *Suite) React(ctx context.Context, by access.Actor, in Reaction) (alarm bool, err error) {
	sign, err := in.check()
	if err != nil {
		return false, err
	}
	alarm = alarms(sign, in.Pain)
	err = s.do(ctx, by, access.ReactionLog, in.Treatment, func(w *work) error {
		evidence, err := w.note("reaction", 0, store.NoteBody{
			Sign: in.Sign, Pain: in.Pain, Alarm: alarm, Pulse: in.Pulse, SpO2: in.SpO2, High: in.High, Low: in.Low,
			Text: strings.TrimSpace(in.Text),
		})
		if err != nil {
			return err
		}
		if alarm {
			w.tx.Publish(live.Alerts)
		}
		return w.prove(ProveReaction, evidence)
	})
	return alarm, err
}

// Count says what became of one use.
type Count struct {
	Use                    int64
	Used, Wasted, Returned string // as typed, in the product's unit
}

// Counts closes all uses of a treatment.
type Counts struct {
	Treatment term.TreatmentID
	Lines     []Count
	Second    Second
}

// parse reads the typed amounts; a wrong one is a fault of the field used.<id> and so on.
func (in Counts) parse(f *fault.Fields) []inventory.CloseCmd {
	var list []inventory.CloseCmd
	for _, l := range in.Lines {
		cmd := inventory.CloseCmd{Use: l.Use, Second: in.Second.Staff}
		for _, v := range []struct {
			name, text string
			to         *term.Qty
		}{{"used", l.Used, &cmd.Used}, {"wasted", l.Wasted, &cmd.Wasted}, {"returned", l.Returned, &cmd.Returned}} {
			text := strings.TrimSpace(v.text)
			if text == "" {
				continue
			}
			qty, err := term.ParseQty(text)
			if err != nil || qty < 0 {
				f.Add(field(v.name, l.Use), "procedure.lots.qty")
				continue
			}
			*v.to = qty
		}
		list = append(list, cmd)
	}
	return list
}

// CloseCounts tells what became of everything taken: two persons where a toxic drug is
// destroyed (S5-06), and never other than the record says (S5-07).
func (s *Suite) CloseCounts(ctx context.Context, by access.Actor, in Counts) error {
	var f fault.Fields
	lines := in.parse(&f)
	if in.Second.Staff != 0 {
		if err := s.second(ctx, by, in.Second, &f); err != nil {
			return err
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.do(ctx, by, access.CountsClose, in.Treatment, func(w *work) error {
		if err := w.closeUses(lines); err != nil {
			return err
		}
		if err := w.counted(); err != nil {
			return err
		}
		evidence, err := w.note("counts", in.Second.Staff, store.NoteBody{})
		if err != nil {
			return err
		}
		if err := w.prove(ProveWaste, evidence); err != nil {
			return err
		}
		return w.prove(ProveCounts, evidence)
	})
}

func (w *work) closeUses(lines []inventory.CloseCmd) error {
	for _, cmd := range lines {
		u, err := w.tx.LotUse(cmd.Use)
		if err != nil || u.Treatment != w.t.ID {
			return fault.NotFound("lot").Because(err)
		}
		cmd.By = w.by.Staff
		if err := inventory.CloseUse(w.tx, cmd); err != nil {
			return err
		}
	}
	return nil
}

// counted is nil when stock and record agree (S5-07).
func (w *work) counted() error {
	tallies, record, err := tally(w.tx.Read, w.t, w.item)
	if err != nil {
		return err
	}
	return matches(tallies, record)
}

// tally sums by lot what was taken, wasted and returned, beside what the record says.
func tally(r *store.Read, t store.Treatment, item store.Item) ([]Tally, map[string]term.Qty, error) {
	record := map[string]term.Qty{}
	row, err := r.TreatmentAnswer(t.ID, FormRecord.code(item))
	if err != nil && !isNone(err) {
		return nil, nil, err
	}
	if err == nil {
		filled, err := form.Fill(r, row)
		if err != nil {
			return nil, nil, err
		}
		record = usedOf(filled.Answers)
	}
	uses, err := inventory.Uses(r, t.ID)
	if err != nil {
		return nil, nil, err
	}
	var list []Tally
	for _, u := range uses {
		at := slices.IndexFunc(list, func(x Tally) bool { return lotKey(x.Lot) == lotKey(u.Lot.Lot) && x.Product == u.Product.Name })
		if at < 0 {
			at = len(list)
			list = append(list, Tally{Lot: u.Lot.Lot, Product: u.Product.Name, Unit: u.Product.Unit, Record: record[lotKey(u.Lot.Lot)]})
		}
		x := &list[at]
		x.Taken += u.Use.TakenQty
		x.Wasted += u.Use.WastedQty
		x.Returned += u.Use.ReturnedQty
		x.Open = x.Open || u.Open()
	}
	return list, record, nil
}

// Release lets the client go after this treatment: the observation is over (S5-10) and the
// door "leave" is open. The last treatment of the visit moves the client to leaving.
func (s *Suite) Release(ctx context.Context, by access.Actor, id term.TreatmentID) error {
	return s.do(ctx, by, access.TreatmentRelease, id, func(w *work) error {
		if !w.t.ReleasedAt.IsZero() {
			return fault.Clash("procedure.refuse.released_already")
		}
		if err := mayRelease(w.t, w.tx.Now()); err != nil {
			return err
		}
		if err := w.prove(ProveObserved, store.Subject{}); err != nil {
			return err
		}
		gaps, err := s.flow.Gate(w.tx.Read, w.on(), "leave")
		if err != nil {
			return err
		}
		gaps = slices.DeleteFunc(gaps, func(g sop.Gap) bool { return g.Treatment != 0 && g.Treatment != w.t.ID })
		if err := gaps.Err(); err != nil {
			return err
		}
		w.t.ReleasedAt = w.tx.Now()
		if w.t.State != term.TreatmentStopped {
			w.t.State = term.TreatmentReleased
		}
		if err := w.save(); err != nil {
			return err
		}
		if err := w.moveOn(); err != nil {
			return err
		}
		return w.prove(SignalReleased, store.Subject{})
	})
}

// moveOn puts the client where the next treatment of the visit is, or to leaving.
func (w *work) moveOn() error {
	all, err := w.tx.TreatmentsOf(w.t.Visit)
	if err != nil {
		return err
	}
	for _, t := range all {
		switch {
		case t.ID == w.t.ID:
		case slices.Contains(before, t.State):
			return w.tx.MoveTo(w.t.Visit, term.StagePreOp, term.AtPreOp)
		case t.State == term.TreatmentInProgress || slices.Contains(after, t.State):
			return nil
		}
	}
	return w.tx.MoveTo(w.t.Visit, term.StageAftercare, term.AtLeaving)
}
