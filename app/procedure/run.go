package procedure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/app/inventory"
	"meixu/store"
	"meixu/store/term"
)

// Reaction is one timed event of S5-04.
type Reaction struct {
	Treatment              term.TreatmentID
	Sign                   string // of Signs
	Pain                   *int   // 0 … 10; nil: nobody asked
	Pulse, SpO2, High, Low int    // vital signs; 0 was not measured
	Text                   string
}

// pain is the number as far as an alarm is concerned: what nobody asked raises none.
func (in Reaction) pain() int {
	if in.Pain == nil {
		return 0
	}
	return *in.Pain
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
	}{{"pain", in.pain(), 0, 10}, {"pulse", in.Pulse, 20, 250}, {"spo2", in.SpO2, 30, 100}, {"high", in.High, 40, 300}, {"low", in.Low, 20, 200}} {
		if v.value != 0 && (v.value < v.lo || v.value > v.hi) {
			f.Add(v.name, "procedure.reaction.range", v.lo, v.hi)
		}
	}
	if in.Sign == "vitals" && in.Pulse == 0 && in.SpO2 == 0 && in.High == 0 {
		f.Add("pulse", "procedure.reaction.vitals")
	}
	return sign, f.Err()
}

// React notes a reaction with its time. An alarm stands on the physicians' screens at once, as
// a red flag of a call does (S6-07), and answers true: the page shows the emergency card.
func (s *Suite) React(ctx context.Context, by access.Actor, in Reaction) (alarm bool, err error) {
	sign, err := in.check()
	if err != nil {
		return false, err
	}
	alarm = alarms(sign, in.pain())
	err = s.do(ctx, by, access.ReactionLog, in.Treatment, func(w *work) error {
		evidence, err := w.note("reaction", 0, store.NoteBody{
			Sign: in.Sign, Pain: in.Pain, Alarm: alarm, Pulse: in.Pulse, SpO2: in.SpO2, High: in.High, Low: in.Low,
			Text: strings.TrimSpace(in.Text),
		})
		if err != nil {
			return err
		}
		if alarm {
			if err := w.alarm(sign, in); err != nil {
				return err
			}
		}
		return w.prove(ProveReaction, evidence)
	})
	return alarm, err
}

// alarm raises the red flag of a sign that was seen on the client.
func (w *work) alarm(sign Sign, in Reaction) error {
	signs := w.by.Lang.T(sign.Key())
	if in.Pain != nil {
		signs += fmt.Sprintf(" · VAS %d", *in.Pain)
	}
	if text := strings.TrimSpace(in.Text); text != "" {
		signs += " · " + text
	}
	return w.raise(sign.card(), signs)
}

// raise puts a red flag of the treatment before the physicians; the operator is asked first.
func (w *work) raise(card, signs string) error {
	found := feedback.Found{
		Client: w.t.Client, Visit: w.t.Visit, Treatment: w.t.ID, Card: card, Signs: signs,
	}
	if w.t.Operator != 0 {
		who, err := w.tx.Staff(w.t.Operator)
		if err != nil {
			return err
		}
		if who.Active && slices.Contains(who.Roles, string(access.Physician)) {
			found.Physician = who.ID
		}
	}
	_, err := w.s.back.Raise(w.tx, w.by, found)
	return err
}

// Count says what became of one use.
type Count struct {
	Use                    int64
	Used, Wasted, Returned string // as typed, in the product's unit
}

// Counts closes all uses of a treatment, or tells them anew with a reason.
type Counts struct {
	Treatment term.TreatmentID
	Lines     []Count
	Reason    string
	Second    Second
}

// parse reads the typed amounts; a wrong one is a fault of the field used.<id> and so on.
func (in Counts) parse(f *fault.Fields) []inventory.CloseCmd {
	var list []inventory.CloseCmd
	for _, l := range in.Lines {
		cmd := inventory.CloseCmd{Use: l.Use, Second: in.Second.Staff, Reason: in.Reason}
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

// CloseCounts tells what became of everything taken, against a complete record (S5-03): two
// persons where a toxic drug is destroyed (S5-06), and never other than the record says
// (S5-07). Lots that were counted are counted anew with a reason, until the record is signed.
func (s *Suite) CloseCounts(ctx context.Context, by access.Actor, in Counts) error {
	var f fault.Fields
	lines := in.parse(&f)
	if in.Second.Staff != 0 {
		if err := s.second(ctx, by, access.CountsClose, in.Second, &f); err != nil {
			return err
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	by.Reason = strings.TrimSpace(in.Reason)
	return s.sign(ctx, by, access.CountsClose, in.Treatment, func(w *work) error {
		if err := w.countable(); err != nil {
			return err
		}
		if err := w.closeUses(lines, in.Second.Staff); err != nil {
			return err
		}
		if err := w.counted(); err != nil {
			return w.correctable(err)
		}
		evidence, err := w.note("counts", in.Second.Staff, store.NoteBody{Text: by.Reason})
		if err != nil {
			return err
		}
		if err := w.prove(ProveWaste, evidence); err != nil {
			return err
		}
		return w.prove(ProveCounts, evidence)
	})
}

// countable is nil when there is something to count against: the record is complete and not
// signed yet. Of a treatment that was stopped without a record the stop stands in its place.
func (w *work) countable() error {
	if w.t.Locked() {
		return w.refuse("REG-EMR-01", "procedure.refuse.counts.locked").Ask("physician")
	}
	if w.t.State == term.TreatmentStopped && w.t.Record == 0 {
		return nil
	}
	_, open, err := recordOf(w.tx.Read, w.t, w.item)
	if err != nil || open == 0 {
		return err
	}
	return w.refuse("S5-03", "procedure.refuse.counts.record").Ask("physician").At(Path(w.t.ID) + "/form/record")
}

func (w *work) closeUses(lines []inventory.CloseCmd, second term.StaffID) error {
	if err := w.handler(second); err != nil {
		return err
	}
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

// counted is nil when stock and record agree (S5-07), what was destroyed too (S5-06).
func (w *work) counted() error {
	tallies, record, err := tally(w.tx.Read, w.t, w.item)
	if err != nil {
		return err
	}
	return matches(tallies, record)
}

// correctable leads from a count that does not agree to the record, where it is corrected.
func (w *work) correctable(err error) error {
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Key == "procedure.refuse.counts.open" {
		return err
	}
	return refusal.At(Path(w.t.ID) + "/form/record")
}

// tally sums by lot what was taken, wasted and returned, beside what the record says. What was
// put back whole before the start was never used: it is no part of the treatment.
func tally(r *store.Read, t store.Treatment, item store.Item) ([]Tally, Recorded, error) {
	filled, _, err := recordOf(r, t, item)
	if err != nil {
		return nil, Recorded{}, err
	}
	record := recorded(filled)
	uses, err := inventory.Uses(r, t.ID)
	if err != nil {
		return nil, record, err
	}
	var list []Tally
	for _, u := range uses {
		if putBackBefore(u, t) {
			continue
		}
		at := slices.IndexFunc(list, func(x Tally) bool { return lotKey(x.Lot) == lotKey(u.Lot.Lot) && x.Product == u.Product.Name })
		if at < 0 {
			at = len(list)
			list = append(list, Tally{
				Lot: u.Lot.Lot, Product: u.Product.Name, Unit: u.Product.Unit, Toxic: u.Product.Toxic, Record: record.Used[lotKey(u.Lot.Lot)],
			})
		}
		x := &list[at]
		x.Taken += u.Use.TakenQty
		x.Wasted += u.Use.WastedQty
		x.Returned += u.Use.ReturnedQty
		x.Open = x.Open || u.Open()
	}
	return list, record, nil
}

// putBackBefore says that a use went back whole before the treatment began.
func putBackBefore(u inventory.UseRow, t store.Treatment) bool {
	return !u.Open() && u.Use.ReturnedQty == u.Use.TakenQty && (t.StartedAt.IsZero() || u.Use.ClosedAt.Before(t.StartedAt))
}

// Release lets the client go after this treatment: the observation is over (S5-10) and the
// door "leave" is open. The last treatment of the visit moves the client to leaving.
func (s *Suite) Release(ctx context.Context, by access.Actor, id term.TreatmentID) error {
	return s.sign(ctx, by, access.TreatmentRelease, id, func(w *work) error {
		if !w.t.ReleasedAt.IsZero() {
			return fault.Clash("procedure.refuse.released_already")
		}
		watched, err := w.mayLeave()
		if err != nil {
			return err
		}
		if err := w.prove(ProveObserved, watched.Ref); err != nil {
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
