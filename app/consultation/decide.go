package consultation

import (
	"context"
	"errors"
	"slices"
	"time"

	"meixu/app/access"
	"meixu/app/engine/document"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/finance"
	"meixu/store"
	"meixu/store/term"
)

// RefuseConsent is a client's no to the consent of one line.
type RefuseConsent struct {
	Plan   term.PlanID
	Line   term.PlanItemID
	Reason string
	// End ends the visit; otherwise only the line is dropped.
	End bool
}

// RefuseConsent keeps a client's no (rulings 31): the consent is void with the reason, the
// line is dropped, or the visit ends.
func (d *Desk) RefuseConsent(ctx context.Context, by access.Actor, in RefuseConsent) error {
	reason, err := reasonOf(in.Reason)
	if err != nil && by.May(access.ConsentRefuse) {
		return err
	}
	return d.decide(ctx, by, planDeed{access.ConsentRefuse, in.Plan}, func(tx *store.Tx, p store.Plan) error {
		l, err := lineOf(tx.Read, p, in.Line)
		if err != nil {
			return err
		}
		if err := d.dropRefused(tx, by, &p, l, reason); err != nil {
			return err
		}
		if !in.End {
			return tx.SavePlan(&p)
		}
		p.State = term.PlanRefused
		if err := tx.SavePlan(&p); err != nil {
			return err
		}
		return d.end(tx, by, p.Visit, term.VisitConsentRefused)
	})
}

// dropRefused takes a refused line out of the plan: its papers are void with the client's
// reason, quote and contract because they name another price now. Consents to the other
// lines stay as they are, signed or not: what they say has not changed.
// The plan, which the caller saves, waits for new papers.
func (d *Desk) dropRefused(tx *store.Tx, by access.Actor, p *store.Plan, l store.PlanItem, reason string) error {
	docs, err := tx.Documents(store.DocumentFilter{Client: p.Client, Plan: p.ID, NotVoid: true, Without: document.Receipt, Limit: 500})
	if err != nil {
		return err
	}
	for _, doc := range docs {
		switch doc.PlanItem {
		case l.ID:
			err = document.Void(tx, by, doc.ID, reason)
		case 0:
			err = document.Void(tx, by, doc.ID, by.Lang.T("document.changed"))
		}
		if err != nil {
			return err
		}
	}
	p.DecisionReason = reason
	if p.State == term.PlanQuoted || p.State == term.PlanAccepted {
		p.State = term.PlanApproved
	}
	l.State = lineRemoved
	return tx.SavePlanItem(&l)
}

// Outcomes of a plan that was not taken (row:D9).
const (
	OutcomePending = "pending" // wants to think it over
	OutcomeLost    = "lost"
)

// Decline is a client's no to a plan.
type Decline struct {
	Plan    term.PlanID
	Outcome string
	Reason  string
}

// Decline keeps why a plan was not taken. The visit ends: nothing more is done today.
func (d *Desk) Decline(ctx context.Context, by access.Actor, in Decline) error {
	var wrong fault.Fields
	if in.Outcome != OutcomePending && in.Outcome != OutcomeLost {
		wrong.Add("outcome", "consultation.decline.outcome")
	}
	reason, err := reasonOf(in.Reason)
	if err != nil {
		wrong.Add("reason", "consultation.reason.missing")
	}
	if err := wrong.Err(); err != nil && by.May(access.PlanDecline) {
		return err
	}
	return d.decide(ctx, by, planDeed{access.PlanDecline, in.Plan}, func(tx *store.Tx, p store.Plan) error {
		if err := d.withdraw(tx, by, p); err != nil {
			return err
		}
		p.State, p.DecisionReason = term.PlanRefused, by.Lang.T("consultation.decline.said", by.Lang.T("consultation.decline."+in.Outcome), reason)
		if err := tx.SavePlan(&p); err != nil {
			return err
		}
		return d.end(tx, by, p.Visit, term.VisitLeft)
	})
}

// PlaceOrder turns an accepted plan into an order at the till. The door "order" stands open
// (examination S2-05, quote S2-11, plan S3-01), the contract is signed (S3-05), and nothing
// has come up against a line since the plan was approved.
func (d *Desk) PlaceOrder(ctx context.Context, by access.Actor, plan term.PlanID) (id term.OrderID, err error) {
	err = d.decide(ctx, by, planDeed{access.OrderPlace, plan}, func(tx *store.Tx, p store.Plan) error {
		b, err := d.brief(tx.Read, p)
		if err != nil {
			return err
		}
		if err := d.mayOrder(tx.Read, b); err != nil {
			return err
		}
		id, err = d.order(tx, by, b)
		return err
	})
	return id, err
}

// mayOrder asks the doors in front of an order.
func (d *Desk) mayOrder(r *store.Read, b brief) error {
	if err := b.filled(); err != nil {
		return err
	}
	if _, err := fitExam(r, b.plan.Visit); err != nil {
		return err
	}
	if err := b.clear(r); err != nil {
		return err
	}
	gaps, err := d.house.Flow.Gate(r, sop.Subject{Visit: b.plan.Visit}, "order")
	if err != nil {
		return err
	}
	contract, err := document.Stands(r, contractOf(b.plan))
	if err == nil && !contract.OK {
		gaps = append(gaps, contractGap(b.plan))
	}
	if err != nil {
		return err
	}
	return gaps.Err()
}

func (d *Desk) order(tx *store.Tx, by access.Actor, b brief) (term.OrderID, error) {
	p := b.plan
	in := finance.NewOrder{Client: p.Client, Visit: p.Visit, Plan: p.ID}
	for _, l := range b.lines {
		in.Lines = append(in.Lines, finance.Line{PlanItem: l.ID, Item: l.Item, Sessions: l.Sessions, Price: l.PriceFen})
	}
	if b.surgical() {
		hours, err := numberSetting(tx.Read, settingCooling, coolingHours)
		if err != nil {
			return 0, err
		}
		in.CoolingUntil = tx.Now().Add(time.Duration(hours) * time.Hour)
	}
	o, err := finance.PlaceOrder(tx, in)
	if err != nil {
		return 0, err
	}
	tx.Result("order", int64(o.ID))
	p.State = term.PlanOrdered
	if err := tx.SavePlan(&p); err != nil {
		return 0, err
	}
	if err := d.house.Flow.Prove(tx, by, sop.Subject{Visit: p.Visit}, "order.placed", store.Subject{Noun: "order", ID: int64(o.ID)}); err != nil {
		return 0, err
	}
	return o.ID, tx.MoveTo(p.Visit, term.StagePlan, term.AtTill)
}

// surgical are the kinds with a cooling-off time before the procedure (S3-05).
var surgical = map[string]bool{
	"surgery": true, "thread": true, "liposuction": true, "fatgraft": true, "hairgraft": true,
}

// surgical says that one of the lines has a cooling-off time.
func (b brief) surgical() bool {
	return slices.ContainsFunc(b.lines, func(l store.PlanItem) bool { return surgical[b.items[l.Item].Kind] })
}

// WaiveCases keeps why fewer than three cases were shown (S2-07); the number is never made up.
func (d *Desk) WaiveCases(ctx context.Context, by access.Actor, plan term.PlanID, reason string) error {
	reason, bad := reasonOf(reason)
	return d.onPlan(ctx, by, planDeed{access.CaseWaive, plan}, func(tx *store.Tx, p store.Plan) error {
		if bad != nil {
			return bad
		}
		p.CasesReason = reason
		if err := tx.SavePlan(&p); err != nil {
			return err
		}
		return d.prove(tx, by, p.Visit, planRef(p.ID), ProveCases)
	})
}

// ShowCase notes that an authorised case is opened before the client (S2-07). A case whose
// person did not agree, or no longer agrees, is never shown (REG-ADV-17).
func (d *Desk) ShowCase(ctx context.Context, by access.Actor, visit term.VisitID, id term.CaseID) error {
	return d.WriteOn(ctx, by, access.CaseShow, visitRef(visit), func(tx *store.Tx) error {
		if _, err := openVisit(tx.Read, visit); err != nil {
			return err
		}
		if _, err := ShownCase(tx.Read, id); err != nil {
			return err
		}
		tx.Result("consultation", int64(visit))
		if seen, err := openedCases(tx.Read, visit); err != nil || slices.ContainsFunc(seen, func(c store.Case) bool { return c.ID == id }) {
			return err // shown again: the first look counts
		}
		if err := tx.AddCaseView(&store.CaseView{Case: id, Visit: visit, Staff: by.Staff, ShownAt: tx.Now()}); err != nil {
			return err
		}
		news(tx, visit)
		on := sop.Subject{Visit: visit}
		return d.house.Flow.Prove(tx, by, on, ProveCases, store.Subject{Noun: "case", ID: int64(id)})
	})
}

// ShownCase reads a case that may be shown now; any other is refused (REG-ADV-17).
func ShownCase(r *store.Read, id term.CaseID) (store.Case, error) {
	c, err := r.Case(id)
	if err != nil {
		return c, gone(err, "case")
	}
	open, err := r.CasesFor(c.ItemKind, 1000)
	if err != nil {
		return c, err
	}
	for _, o := range open {
		if o.ID == id {
			return c, nil
		}
	}
	return c, fault.Refuse("REG-ADV-17", "consultation.case.unauthorised", c.Number).Ask(string(access.Quality))
}

// planOf reads the plan of a visit that stands; ok is false when there is none.
func planOf(r *store.Read, visit term.VisitID) (p store.Plan, ok bool, err error) {
	p, err = r.PlanOf(visit)
	if errors.Is(err, store.ErrNotFound) || err == nil && p.State == term.PlanRefused {
		return store.Plan{}, false, nil
	}
	return p, err == nil, err
}

// OpenedCase reads a case that was opened in the visit and may still be shown.
func (d *Desk) OpenedCase(ctx context.Context, by access.Actor, visit term.VisitID, id term.CaseID) (f Frame, c store.Case, err error) {
	err = d.Read(ctx, by, access.CaseShow, func(r *store.Read) error {
		if c, err = ShownCase(r, id); err != nil {
			return err
		}
		if f, err = d.frame(r, by, visit); err != nil {
			return err
		}
		views, err := r.CaseViews(visit)
		if err != nil {
			return err
		}
		for _, v := range views {
			if v.Case == id {
				return nil
			}
		}
		return fault.Refuse("S2-07", "consultation.case.unopened").At(VisitPath(visit))
	})
	return f, c, err
}
