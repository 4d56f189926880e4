package consultation

import (
	"context"
	"errors"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/licence"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// States of a plan's line.
const (
	lineProposed = "proposed"
	lineApproved = "approved"
	lineRemoved  = "removed"
)

// OpenPlan begins the plan of a visit, or gives the one that is being made.
func (d *Desk) OpenPlan(ctx context.Context, by access.Actor, visit term.VisitID) (id term.PlanID, err error) {
	err = d.WriteOn(ctx, by, access.PlanDraft, visitRef(visit), func(tx *store.Tx) error {
		v, err := openVisit(tx.Read, visit)
		if err != nil {
			return err
		}
		have, err := tx.PlanOf(visit)
		if err == nil && have.State != term.PlanRefused {
			id = have.ID
			tx.Result("plan", int64(id))
			return nil
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		p := store.Plan{Visit: visit, Client: v.Client, State: term.PlanDraft, Consultant: v.Consultant}
		if by.Is(access.Consultant) {
			p.Consultant = by.Staff
		}
		if err := tx.AddPlan(&p); err != nil {
			return err
		}
		id = p.ID
		tx.Result("plan", int64(id))
		news(tx, visit)
		return tx.MoveTo(visit, term.StagePlan, term.AtPlan)
	})
	return id, err
}

// Line is one line of a plan as typed. Price is per session, in fen; 0 means the list price.
type Line struct {
	Plan     term.PlanID
	ID       term.PlanItemID // 0: a new line
	Version  int             // of the line as read; 0 for a new one
	Item     term.ItemID
	Area     string
	Dose     string
	Purpose  string // what the line is for, printed on its consent (REG-CON-03)
	Sessions int
	Interval int // days
	Price    term.Fen
	Reason   string       // why the price differs
	OffLabel string       // why it is used off label (REG-CON-07)
	Faults   fault.Fields // what of the form could not be read; told with all else
}

// SaveLine adds or changes a line. A change of an approved plan takes approval and papers
// back: what was signed was another content (REG-CON-01).
func (d *Desk) SaveLine(ctx context.Context, by access.Actor, in Line) (id term.PlanItemID, err error) {
	in = in.trimmed()
	err = d.onPlan(ctx, by, planDeed{access.PlanDraft, in.Plan}, func(tx *store.Tx, p store.Plan) error {
		l, err := in.over(tx.Read, p)
		if err != nil {
			return err
		}
		if err := keepLine(tx, &l); err != nil {
			return err
		}
		id = l.ID
		return d.changed(tx, by, p)
	})
	return id, err
}

// over is the plan's line with what was typed written over it, as far as that may be. A new
// line without a price takes the list's.
func (in Line) over(r *store.Read, p store.Plan) (store.PlanItem, error) {
	item, err := r.Item(in.Item)
	if ignoreMissing(err) != nil {
		return store.PlanItem{}, err
	}
	l, err := in.old(r, p)
	if err != nil {
		return l, err
	}
	if in.Price == 0 {
		in.Price = item.PriceFen
	}
	if err := in.check(item).Err(); err != nil {
		return l, err
	}
	in.onto(&l, item)
	return l, onSale(r, item)
}

func (in Line) trimmed() Line {
	for _, text := range []*string{&in.Area, &in.Dose, &in.Purpose, &in.Reason, &in.OffLabel} {
		*text = strings.TrimSpace(*text)
	}
	return in
}

// old is the line as it stands, or an empty one of the plan.
func (in Line) old(r *store.Read, p store.Plan) (store.PlanItem, error) {
	if in.ID == 0 {
		return store.PlanItem{Plan: p.ID}, nil
	}
	l, err := lineOf(r, p, in.ID)
	if err == nil && in.Version != l.Version { // also without one: who has not read the line does not write over it
		err = store.ErrStale
	}
	return l, err
}

// onto writes what was typed over a line. Another item or price needs a manager's word anew, and so do more
// sessions at a price that was agreed to for fewer.
func (in Line) onto(l *store.PlanItem, item store.Item) {
	if l.PriceFen != in.Price || l.Item != item.ID {
		l.ApprovedBy, l.ListFen = 0, item.PriceFen
	}
	if in.Sessions > l.Sessions {
		l.ApprovedBy = 0
	}
	l.Item, l.Area, l.Dose, l.Sessions, l.IntervalDays = item.ID, in.Area, in.Dose, in.Sessions, in.Interval
	l.Purpose = in.Purpose
	l.PriceFen, l.PriceReason, l.OffLabelReason, l.State = in.Price, in.Reason, in.OffLabel, lineProposed
}

func keepLine(tx *store.Tx, l *store.PlanItem) error {
	if l.ID == 0 {
		return tx.AddPlanItem(l)
	}
	return tx.SavePlanItem(l)
}

// onSale refuses an item that the house may not do or does not offer.
func onSale(r *store.Read, item store.Item) error {
	house, err := licence.HouseOf(r)
	if err != nil {
		return err
	}
	return saleable(house, item)
}

// check names every wrong field of a line.
func (in Line) check(item store.Item) fault.Fields {
	f := slices.Clone(in.Faults)
	if item.ID == 0 {
		f.Add("item", "consultation.line.item")
	}
	if in.Area == "" || len([]rune(in.Area)) > 60 {
		f.Add("area", "consultation.line.area")
	}
	if len([]rune(in.Dose)) > maxDose {
		f.Add("dose", "consultation.line.dose")
	}
	if len([]rune(in.Purpose)) > maxPurpose {
		f.Add("purpose", "consultation.line.purpose", maxPurpose)
	}
	if in.Sessions < 1 || in.Sessions > 50 {
		f.Add("sessions", "consultation.line.sessions")
	}
	if in.Interval < 0 || in.Interval > 3650 {
		f.Add("interval", "consultation.line.interval")
	}
	if item.ID != 0 && in.Price <= 0 {
		f.Add("price", "consultation.line.price")
	}
	if item.ID != 0 && in.Reason == "" && (OutOfBand(item, in.Price) || Customised(item.PriceFen, in.Price)) {
		f.Add("reason", "consultation.line.reason", item.PriceLowFen, item.PriceHighFen)
	}
	return f
}

// RemoveLine takes a line out of the plan; it stays readable.
func (d *Desk) RemoveLine(ctx context.Context, by access.Actor, plan term.PlanID, line term.PlanItemID) error {
	return d.onPlan(ctx, by, planDeed{access.PlanDraft, plan}, func(tx *store.Tx, p store.Plan) error {
		l, err := lineOf(tx.Read, p, line)
		if err != nil {
			return err
		}
		l.State = lineRemoved
		if err := tx.SavePlanItem(&l); err != nil {
			return err
		}
		return d.changed(tx, by, p)
	})
}

// planDeed is what a deed on a plan is called and on which plan it works.
type planDeed struct {
	permission access.Permission
	plan       term.PlanID
}

// onPlan does fn on a plan that may still be changed: the visit is open, and no order came
// of it.
func (d *Desk) onPlan(ctx context.Context, by access.Actor, what planDeed, fn func(*store.Tx, store.Plan) error) error {
	return d.WriteOn(ctx, by, what.permission, planRef(what.plan), func(tx *store.Tx) error {
		p, err := standing(tx.Read, what.plan)
		if err != nil {
			return err
		}
		tx.Result("plan", int64(p.ID))
		news(tx, p.Visit)
		return fn(tx, p)
	})
}

// standing reads a plan that may still be changed.
func standing(r *store.Read, id term.PlanID) (store.Plan, error) {
	p, err := r.Plan(id)
	if err != nil {
		return p, gone(err, "plan")
	}
	if _, err := openVisit(r, p.Visit); err != nil {
		return p, err
	}
	if p.State == term.PlanOrdered || p.State == term.PlanRefused || p.State == term.PlanVoid {
		return p, fault.Refuse("S3-01", "consultation.plan.closed", p.Number, fault.Word(p.State.Key())).At(PlanPath(p.ID))
	}
	return p, nil
}

// lineOf reads a line that stands in the plan.
func lineOf(r *store.Read, p store.Plan, id term.PlanItemID) (store.PlanItem, error) {
	l, err := r.PlanItem(id)
	if err == nil && (l.Plan != p.ID || l.State == lineRemoved) {
		err = store.ErrNotFound
	}
	return l, gone(err, "plan_item")
}

// changed takes an approved plan back to draft, with its stamps and papers.
func (d *Desk) changed(tx *store.Tx, by access.Actor, p store.Plan) error {
	if err := d.withdraw(tx, by, p); err != nil {
		return err
	}
	if p.State == term.PlanDraft {
		return nil
	}
	p.State, p.ApprovedAt = term.PlanDraft, term.Instant{}
	return tx.SavePlan(&p)
}

// unapprove takes the visit's plan back to draft, because there is a new examination.
func (d *Desk) unapprove(tx *store.Tx, by access.Actor, visit term.VisitID) error {
	p, err := tx.PlanOf(visit)
	if errors.Is(err, store.ErrNotFound) || err == nil && (p.State == term.PlanOrdered || p.State == term.PlanRefused) {
		return nil
	}
	if err != nil {
		return err
	}
	return d.changed(tx, by, p)
}

// Approve signs the plan as lead physician (S3-01): there is a fit examination, nothing
// hard stands in the way, every soft contraindication has a written reason, a minor has a
// guardian, off-label use has its reason, and unusual prices have a manager's word.
func (d *Desk) Approve(ctx context.Context, by access.Actor, plan term.PlanID) error {
	return d.decide(ctx, by, planDeed{access.PlanApprove, plan}, func(tx *store.Tx, p store.Plan) error {
		if err := mayApprove(by, p); err != nil {
			return err
		}
		exam, err := fitExam(tx.Read, p.Visit)
		if err != nil {
			return err
		}
		b, err := d.brief(tx.Read, p)
		if err != nil {
			return err
		}
		if err := b.clear(tx.Read); err != nil {
			return err
		}
		if err := b.settle(tx, lineApproved); err != nil {
			return err
		}
		p.State, p.Exam, p.Physician, p.ApprovedAt = term.PlanApproved, exam.ID, by.Staff, tx.Now()
		if err := tx.SavePlan(&p); err != nil {
			return err
		}
		if err := tx.MoveTo(p.Visit, term.StagePlan, term.AtPlan); err != nil {
			return err
		}
		return d.prove(tx, by, p.Visit, planRef(p.ID), ProvePlan, ProvePrice, ProveCases)
	})
}

// mayApprove says who approves what: a lead physician a plan that is a draft.
func mayApprove(by access.Actor, p store.Plan) error {
	if !by.Lead {
		return fault.Refuse("REG-STF-01", "consultation.plan.lead").Ask(access.LeadPhysician)
	}
	if p.State != term.PlanDraft {
		return fault.Refuse("S3-01", "consultation.plan.approved", p.Number).At(PlanPath(p.ID))
	}
	return nil
}

// settle puts all lines of a plan into a state.
func (b brief) settle(tx *store.Tx, state string) error {
	for _, l := range b.lines {
		l.State = state
		if err := tx.SavePlanItem(&l); err != nil {
			return err
		}
	}
	return nil
}

// prove gives one piece of evidence to the SOP for some kinds.
func (d *Desk) prove(tx *store.Tx, by access.Actor, visit term.VisitID, ref store.Subject, kinds ...string) error {
	for _, kind := range kinds {
		if err := d.house.Flow.Prove(tx, by, sop.Subject{Visit: visit}, kind, ref); err != nil {
			return err
		}
	}
	return nil
}
