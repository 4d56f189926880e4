package procedure

import (
	"context"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/app/finance"
	"meixu/app/inventory"
	"meixu/app/live"
	"meixu/app/readiness"
	"meixu/store"
	"meixu/store/term"
)

// Stop ends a treatment before its time.
type Stop struct {
	Treatment term.TreatmentID
	Reason    string
	Session   string // after the start: "back" or "used", the physician's word
	Lines     []Count
	Second    Second
}

// Stop stops a treatment with a reason (S5-05). Before the start nothing was used: product
// goes back and the session was never taken. After it a physician says whether the session
// goes back; product in use is told and closed, and the adverse event is offered by the hook.
func (s *Suite) Stop(ctx context.Context, by access.Actor, in Stop) error {
	var f fault.Fields
	by.Reason = strings.TrimSpace(in.Reason)
	if by.Reason == "" {
		f.Add("reason", "procedure.stop.reason")
	}
	lines := Counts{Lines: in.Lines, Second: in.Second, Reason: by.Reason}.parse(&f)
	if in.Second.Staff != 0 {
		if err := s.second(ctx, by, access.TreatmentStop, in.Second, &f); err != nil {
			return err
		}
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.do(ctx, by, access.TreatmentStop, in.Treatment, func(w *work) error {
		if slices.Contains(before, w.t.State) {
			if err := w.mayReturn(in.Second.Staff); err != nil {
				return err
			}
			return s.callOff(w.tx, by, w.t, in.Second.Staff)
		}
		return w.stopMidway(in, lines)
	})
}

// mayReturn wants a second person who sees the toxic drugs of the tray go back (REG-DRG-03).
func (w *work) mayReturn(second term.StaffID) error {
	if err := w.handler(second); err != nil || second != 0 {
		return err
	}
	uses, err := kept(w.tx.Read, w.t)
	for _, u := range uses {
		if u.Open() && u.Product.Toxic {
			return w.refuse("REG-DRG-03", "inventory.refuse.return", u.Product.Name).Ask("storekeeper")
		}
	}
	return err
}

func (w *work) stopMidway(in Stop, lines []inventory.CloseCmd) error {
	if !w.by.Is(access.Physician) {
		return w.refuse("S5-05", "procedure.refuse.stop_physician").Ask("physician")
	}
	if in.Session != "back" && in.Session != "used" {
		var f fault.Fields
		f.Add("session", "procedure.stop.session")
		return f.Err()
	}
	if err := w.closeUses(lines, in.Second.Staff); err != nil {
		return err
	}
	if err := w.toldAll(); err != nil {
		return err
	}
	if in.Session == "back" {
		if err := finance.ReturnSession(w.tx, w.t.Line, w.t.ID); err != nil {
			return err
		}
	}
	w.t.State, w.t.StopReason, w.t.FinishedAt = term.TreatmentStopped, w.by.Reason, w.tx.Now()
	w.t.ObserveUntil = observeUntil(w.item, w.t.FinishedAt)
	if err := w.save(); err != nil {
		return err
	}
	if err := readiness.UseRoom(w.tx, w.t.Room); err != nil {
		return err
	}
	evidence, err := w.note("stop", in.Second.Staff, store.NoteBody{Text: w.by.Reason, Session: in.Session})
	if err != nil {
		return err
	}
	if err := w.askSignature(); err != nil {
		return err
	}
	if err := feedback.AskReport(w.tx, w.t); err != nil {
		return err
	}
	w.tx.Publish(live.Alerts)
	if err := w.tx.MoveTo(w.t.Visit, term.StageAftercare, term.AtObservation); err != nil {
		return err
	}
	for _, kind := range []string{ProveWaste, ProveCounts, ProveStopped} {
		if err := w.prove(kind, evidence); err != nil {
			return err
		}
	}
	return w.waive()
}

// toldAll is nil when it is told what became of all product. Where a record was completed
// before the stop its numbers are the stock's; one that was begun may say less, never more.
func (w *work) toldAll() error {
	tallies, record, err := tally(w.tx.Read, w.t, w.item)
	if err != nil {
		return err
	}
	for _, x := range tallies {
		if x.Open {
			return w.refuse("S5-07", "procedure.refuse.counts.open", x.Product, x.Lot).Ask("nurse")
		}
	}
	if w.t.Record == 0 {
		return nil
	}
	return matches(tallies, record)
}

// waive marks what cannot be done any more after a stop: the rest of the record (S5-03) and the
// sign-out (S5-08). The record of the stop stands in their place; what was recorded stays.
func (w *work) waive() error {
	for _, kind := range []string{ProveRecord, ProveSignOut} {
		if err := w.s.flow.Waive(w.tx, w.by, w.on(), kind, w.by.Lang.T("procedure.stop.waived", w.by.Reason)); err != nil {
			return err
		}
	}
	return nil
}

// signStop signs a treatment that was stopped before its record was complete: the record of
// the stop is what there is to sign (S5-05, S5-09).
func (w *work) signStop() error {
	p, err := stopProof(w.tx.Read, w.t)
	if err != nil {
		return err
	}
	if !p.Done {
		return w.refuse("S5-03", "procedure.refuse.no_record").Ask("physician")
	}
	w.t.RecordSignedAt, w.t.RecordSignedBy = w.tx.Now(), w.by.Staff
	if err := w.save(); err != nil {
		return err
	}
	if err := w.closeSignTask(0); err != nil {
		return err
	}
	return w.prove(ProveSigned, p.Ref)
}

// stopProof is the record of a stop after the start: reason, who, when, and what became of the
// product.
func stopProof(r *store.Read, t store.Treatment) (sop.Proof, error) {
	if t.State != term.TreatmentStopped {
		return sop.Proof{}, nil
	}
	return noteProof("stop")(r, t, store.Item{})
}
