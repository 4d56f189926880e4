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
	"meixu/store"
	"meixu/store/term"
)

// listen hangs the room on what happens elsewhere (rulings 26).
func (s *Suite) listen() {
	s.flow.On(finance.ProvePaid, schedulePaid)
	s.flow.On("session.wanted", scheduleWanted)
	s.flow.On("visit.ended", s.callOffAll)
	s.flow.On(finance.SignalVoided, s.callOffUnpaid)
	s.flow.On(finance.SignalRefunded, s.callOffUnpaid)
}

// schedulePaid opens one treatment for each line of the visit's paid orders: session 1 is for
// today, the others wait for a later visit.
func schedulePaid(tx *store.Tx, _ access.Actor, on sop.Subject) error {
	orders, err := tx.OrdersOfVisit(on.Visit)
	if err != nil {
		return err
	}
	for _, o := range orders {
		if o.State != term.OrderPaid {
			continue
		}
		lines, err := tx.OrderLines(o.ID)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if left, err := finance.SessionsLeft(tx.Read, l.ID); err != nil || left < 1 {
				if err != nil {
					return err
				}
				continue
			}
			if _, err := schedule(tx, on.Visit, l); err != nil {
				return err
			}
		}
	}
	return nil
}

// scheduleWanted opens a treatment for each session of earlier orders that the client came
// to use today.
func scheduleWanted(tx *store.Tx, _ access.Actor, on sop.Subject) error {
	v, err := tx.Visit(on.Visit)
	if err != nil {
		return err
	}
	for _, id := range v.Wanted {
		l, err := tx.OrderLine(id)
		if err != nil {
			return err
		}
		if _, err := schedule(tx, on.Visit, l); err != nil {
			return err
		}
	}
	return nil
}

// schedule opens the treatment of a line in a visit, or gives the one that is open already.
func schedule(tx *store.Tx, visit term.VisitID, l store.OrderLine) (store.Treatment, error) {
	all, err := tx.TreatmentsOfLine(l.ID)
	if err != nil {
		return store.Treatment{}, err
	}
	held, number := 0, 1
	for _, t := range all {
		if t.Visit == visit && t.State != term.TreatmentCancelled {
			return t, nil
		}
		if t.State != term.TreatmentCancelled {
			number = max(number, t.SessionNo+1)
		}
		if slices.Contains(before, t.State) {
			held++
		}
	}
	left, err := finance.SessionsLeft(tx.Read, l.ID)
	if err != nil {
		return store.Treatment{}, err
	}
	if left-held < 1 {
		return store.Treatment{}, fault.Refuse("REG-FEE-08", "procedure.refuse.no_session").Ask("cashier")
	}
	v, err := tx.Visit(visit)
	if err != nil {
		return store.Treatment{}, err
	}
	t := store.Treatment{
		Visit: visit, Client: v.Client, Line: l.ID, Item: l.Item, PlanItem: l.PlanItem, SessionNo: number,
		State: term.TreatmentScheduled,
	}
	if t.Area, err = areaOf(tx.Read, l); err != nil {
		return t, err
	}
	tx.Publish(live.Board)
	return t, tx.AddTreatment(&t)
}

func areaOf(r *store.Read, l store.OrderLine) (string, error) {
	if l.PlanItem == 0 {
		return "", nil
	}
	p, err := r.PlanItem(l.PlanItem)
	return p.Area, err
}

// Schedule opens a treatment by hand: a paid session that is left is carried out in the
// client's open visit.
func (s *Suite) Schedule(
	ctx context.Context, by access.Actor, visit term.VisitID, line term.OrderLineID,
) (id term.TreatmentID, err error) {
	err = s.Write(ctx, by, access.TreatmentSchedule, func(tx *store.Tx) error {
		v, err := tx.Visit(visit)
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("visit").Because(err)
		}
		if err != nil {
			return err
		}
		if !v.Open() {
			return fault.Refuse("S5-02", "procedure.refuse.visit_closed", v.Number)
		}
		l, err := tx.OrderLine(line)
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("order").Because(err)
		}
		if err != nil {
			return err
		}
		o, err := tx.Order(l.Order)
		if err != nil {
			return err
		}
		if o.Client != v.Client {
			return fault.Refuse("REG-FEE-08", "procedure.refuse.other_client").Ask("cashier")
		}
		t, err := schedule(tx, visit, l)
		id = t.ID
		tx.Result("treatment", int64(id))
		return err
	})
	return id, err
}

// callOffAll calls off what has not begun, because the visit ended.
func (s *Suite) callOffAll(tx *store.Tx, by access.Actor, on sop.Subject) error {
	all, err := tx.TreatmentsOf(on.Visit)
	if err != nil {
		return err
	}
	for _, t := range all {
		if slices.Contains(before, t.State) {
			by.Reason = "visit.ended"
			if err := s.callOff(tx, by, t, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// callOffUnpaid calls off what has not begun and is no longer paid for.
func (s *Suite) callOffUnpaid(tx *store.Tx, by access.Actor, on sop.Subject) error {
	all, err := tx.TreatmentsOf(on.Visit)
	if err != nil {
		return err
	}
	for _, t := range all {
		if !slices.Contains(before, t.State) {
			continue
		}
		left, err := finance.SessionsLeft(tx.Read, t.Line)
		if err != nil {
			return err
		}
		if left > 0 {
			continue
		}
		by.Reason = "unpaid"
		if err := s.callOff(tx, by, t, 0); err != nil {
			return err
		}
	}
	return nil
}

// callOff cancels a treatment that has not begun for the reason of by and puts its product
// back, seen by second.
func (s *Suite) callOff(tx *store.Tx, by access.Actor, t store.Treatment, second term.StaffID) error {
	reason := by.Reason
	if _, err := inventory.ReturnAll(tx, t.ID, second, reason); err != nil {
		return err
	}
	t.State, t.StopReason = term.TreatmentCancelled, strings.TrimSpace(reason)
	if err := tx.SaveTreatment(&t); err != nil {
		return err
	}
	tx.Publish(live.Board)
	return s.flow.Prove(tx, by, sop.Subject{Visit: t.Visit, Treatment: t.ID}, SignalCancelled, ref(t.ID))
}
