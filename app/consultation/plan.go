package consultation

import (
	"context"
	"errors"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/people"
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
	Sessions int
	Interval int // days
	Price    term.Fen
	Reason   string // why the price differs
	OffLabel string // why it is used off label (REG-CON-07)
}

// SaveLine adds or changes a line. A change of an approved plan takes approval and papers
// back: what was signed was another content (REG-CON-01).
func (d *Desk) SaveLine(ctx context.Context, by access.Actor, in Line) (id term.PlanItemID, err error) {
	in.Area, in.Dose = strings.TrimSpace(in.Area), strings.TrimSpace(in.Dose)
	in.Reason, in.OffLabel = strings.TrimSpace(in.Reason), strings.TrimSpace(in.OffLabel)
	err = d.onPlan(ctx, by, planDeed{access.PlanDraft, in.Plan}, func(tx *store.Tx, p store.Plan) error {
		item, err := tx.Item(in.Item)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if in.Price == 0 {
			in.Price = item.PriceFen
		}
		if err := in.check(item).Err(); err != nil {
			return err
		}
		if err := saleable(tx.Read, item); err != nil {
			return err
		}
		l := store.PlanItem{Plan: p.ID, State: lineProposed, ListFen: item.PriceFen}
		if in.ID != 0 {
			if l, err = lineOf(tx.Read, p, in.ID); err != nil {
				return err
			}
			if in.Version != 0 && in.Version != l.Version {
				return store.ErrStale
			}
		}
		if l.PriceFen != in.Price || l.Item != item.ID {
			l.ApprovedBy, l.ListFen = 0, item.PriceFen
		}
		l.Item, l.Area, l.Dose, l.Sessions, l.IntervalDays = item.ID, in.Area, in.Dose, in.Sessions, in.Interval
		l.PriceFen, l.PriceReason, l.OffLabelReason, l.State = in.Price, in.Reason, in.OffLabel, lineProposed
		if in.ID == 0 {
			err = tx.AddPlanItem(&l)
		} else {
			err = tx.SavePlanItem(&l)
		}
		if err != nil {
			return err
		}
		id = l.ID
		return d.changed(tx, by, p)
	})
	return id, err
}

// check names every wrong field of a line.
func (in Line) check(item store.Item) fault.Fields {
	var f fault.Fields
	if item.ID == 0 {
		f.Add("item", "consultation.line.item")
	}
	if in.Area == "" || len([]rune(in.Area)) > 60 {
		f.Add("area", "consultation.line.area")
	}
	if len([]rune(in.Dose)) > 60 {
		f.Add("dose", "consultation.line.dose")
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

// saleable refuses what the house may not do (REG-LVL-03, REG-LVL-07) or does not offer.
func saleable(r *store.Read, item store.Item) error {
	house, err := people.InstitutionOf(r)
	if err != nil {
		return err
	}
	if err := people.LevelAllowed(house, item); err != nil {
		return err
	}
	if !item.Enabled {
		return fault.Refuse("REG-LVL-07", "consultation.item.off", item.Name).Ask(string(access.Manager)).At("/catalog")
	}
	return nil
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
		p, err := tx.Plan(what.plan)
		if err != nil {
			return gone(err, "plan")
		}
		if _, err := openVisit(tx.Read, p.Visit); err != nil {
			return err
		}
		if p.State == term.PlanOrdered || p.State == term.PlanRefused || p.State == term.PlanVoid {
			return fault.Refuse("S3-01", "consultation.plan.closed", p.Number, fault.Word(p.State.Key())).At(PlanPath(p.ID))
		}
		tx.Result("plan", int64(p.ID))
		news(tx, p.Visit)
		return fn(tx, p)
	})
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
	return d.onPlan(ctx, by, planDeed{access.PlanApprove, plan}, func(tx *store.Tx, p store.Plan) error {
		if !by.Lead {
			return fault.Refuse("REG-STF-01", "consultation.plan.lead").Ask(string(access.Physician))
		}
		if p.State != term.PlanDraft {
			return fault.Refuse("S3-01", "consultation.plan.approved", p.Number).At(PlanPath(p.ID))
		}
		exam, err := fitExam(tx.Read, p.Visit)
		if err != nil {
			return err
		}
		lines, err := tx.PlanItems(p.ID)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return fault.Refuse("S3-01", "consultation.plan.empty").At(PlanPath(p.ID))
		}
		if err := d.clear(tx.Read, p, lines); err != nil {
			return err
		}
		for _, l := range lines {
			l.State = lineApproved
			if err := tx.SavePlanItem(&l); err != nil {
				return err
			}
		}
		p.State, p.Exam, p.Physician, p.ApprovedAt = term.PlanApproved, exam.ID, by.Staff, tx.Now()
		if err := tx.SavePlan(&p); err != nil {
			return err
		}
		if err := tx.MoveTo(p.Visit, term.StagePlan, term.AtPlan); err != nil {
			return err
		}
		return d.proveAll(tx, by, p, ProvePlan, ProvePrice, ProveCases)
	})
}

func (d *Desk) proveAll(tx *store.Tx, by access.Actor, p store.Plan, kinds ...string) error {
	for _, kind := range kinds {
		if err := d.house.Flow.Prove(tx, by, sop.Subject{Visit: p.Visit}, kind, planRef(p.ID)); err != nil {
			return err
		}
	}
	return nil
}

// clear refuses a plan as long as anything stands against one of its lines. Approval and
// order ask the same question, because answers change meanwhile.
func (d *Desk) clear(r *store.Read, p store.Plan, lines []store.PlanItem) error {
	v, err := r.Visit(p.Visit)
	if err != nil {
		return err
	}
	c, err := r.Client(p.Client)
	if err != nil {
		return err
	}
	if Minor(c.Birth, r.Today()) && c.Guardian.Name == "" {
		return fault.Refuse("REG-CON-04", "consultation.plan.guardian", c.Name).Ask(string(access.Reception)).
			At(VisitPath(p.Visit))
	}
	hits, err := d.hits(r, v)
	if err != nil {
		return err
	}
	rulings, err := r.ContraRulings(p.ID)
	if err != nil {
		return err
	}
	for _, l := range lines {
		item, err := r.Item(l.Item)
		if err != nil {
			return err
		}
		if err := saleable(r, item); err != nil {
			return err
		}
		if err := standsAgainst(p, l, item, d.contras(hits, item, rulingsOf(rulings, l.ID))); err != nil {
			return err
		}
	}
	return nil
}

// standsAgainst refuses one line for its contraindications, price or missing reasons.
func standsAgainst(p store.Plan, l store.PlanItem, item store.Item, contras []Contra) error {
	if c, bad := Unsettled(contras); bad {
		if c.Hard() {
			return fault.Refuse("S2-02", "consultation.contra.hard", item.Name, c.Text).Ask(string(access.Physician)).At(PlanPath(p.ID))
		}
		return fault.Refuse("S2-05", "consultation.contra.soft", item.Name, c.Text).Ask(string(access.Physician)).At(PlanPath(p.ID))
	}
	if item.OffLabel && l.OffLabelReason == "" {
		return fault.Refuse("REG-CON-07", "consultation.line.offlabel", item.Name).Ask(string(access.Physician)).At(PlanPath(p.ID))
	}
	if NeedsApproval(item, l) {
		return fault.Refuse("S2-12", "consultation.price.unapproved", item.Name, l.PriceFen, l.ListFen).
			Ask(string(access.Manager)).At(PlanPath(p.ID))
	}
	return nil
}
