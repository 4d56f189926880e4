package consultation

import (
	"context"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Second is the second person of a control: who, and the PIN that proves it.
type Second struct {
	Staff term.StaffID
	PIN   string
}

// word is a reason with the colleague who stands for it.
type word struct {
	reason string
	second Second
	two    bool // there must be a second person
}

// vouched checks, before the write because PINs are slow, that the actor may do p, gave a
// reason and that the colleague named entered the right PIN. It gives the reason, trimmed.
func (d *Desk) vouched(ctx context.Context, by access.Actor, p access.Permission, w word) (string, error) {
	if !by.May(p) {
		return "", fault.Forbidden(string(p))
	}
	reason, err := reasonOf(w.reason)
	return reason, fault.Join(err, d.present(ctx, by, w))
}

// present says that the second person is named, where there must be one, and entered the PIN.
func (d *Desk) present(ctx context.Context, by access.Actor, w word) error {
	if w.second.Staff != 0 {
		return d.house.PINs.ConfirmPIN(ctx, by, w.second.Staff, w.second.PIN)
	}
	var wrong fault.Fields
	if w.two {
		wrong.Add("second", "consultation.second.missing")
	}
	return wrong.Err()
}

// Ruling is the physician's written word on a contraindication of a line.
type Ruling struct {
	Plan   term.PlanID
	Line   term.PlanItemID
	Code   string
	Reason string
	// Second is quality's agreement, for a hard one that the dictionary lets be overruled.
	Second Second
}

// Rule keeps the physician's reason to go on in spite of a contraindication (S2-05). A hard
// one stops the line for good, except where the dictionary holds it soft in general: then
// quality agrees by PIN.
func (d *Desk) Rule(ctx context.Context, by access.Actor, in Ruling) error {
	reason, err := d.vouched(ctx, by, access.ContraRule, word{in.Reason, in.Second, false})
	if err != nil {
		return err
	}
	return d.decide(ctx, by, planDeed{access.ContraRule, in.Plan}, func(tx *store.Tx, p store.Plan) error {
		if !by.Lead {
			return fault.Refuse("REG-STF-01", "consultation.plan.lead").Ask(access.LeadPhysician)
		}
		l, err := lineOf(tx.Read, p, in.Line)
		if err != nil {
			return err
		}
		c, err := d.contraOf(tx.Read, p, l, in.Code)
		if err != nil {
			return err
		}
		if c.Hard() {
			if err := secondForHard(tx.Read, by, c, in.Second); err != nil {
				return err
			}
		}
		row := c.Ruling
		row.PlanItem, row.Code, row.Level, row.Decision, row.Reason = l.ID, in.Code, string(c.Level), "proceed", reason
		row.Physician, row.Second, row.At = by.Staff, in.Second.Staff, tx.Now()
		if row.ID == 0 {
			return tx.AddContraRuling(&row)
		}
		return tx.SaveContraRuling(&row)
	})
}

// contraOf finds a contraindication of a line as it stands now.
func (d *Desk) contraOf(r *store.Read, p store.Plan, l store.PlanItem, code string) (Contra, error) {
	b, err := d.brief(r, p)
	if err != nil {
		return Contra{}, err
	}
	all := b.contras[l.ID]
	i := slices.IndexFunc(all, func(c Contra) bool { return c.Contraindication == code })
	if i < 0 {
		return Contra{}, fault.NotFound("contra")
	}
	return all[i], nil
}

// secondForHard says whether a hard contraindication may be overruled, and by whom.
func secondForHard(r *store.Read, by access.Actor, c Contra, second Second) error {
	if !c.Overridable {
		return fault.Refuse("S2-02", "consultation.contra.never", c.Text).Ask(string(access.Physician))
	}
	return secondPerson(r, by, second, access.ContraSecond)
}

// secondPerson says whether the second person is another one, works here and may agree.
func secondPerson(r *store.Read, by access.Actor, second Second, p access.Permission) error {
	var f fault.Fields
	who, err := r.Staff(second.Staff)
	if second.Staff == 0 || err != nil || !who.Active {
		f.Add("second", "consultation.second.missing")
		return f.Err()
	}
	if second.Staff == by.Staff {
		f.Add("second", "consultation.second.self")
		return f.Err()
	}
	holds := slices.ContainsFunc(access.Holders(p), func(role access.Role) bool {
		return slices.Contains(who.Roles, string(role))
	})
	if !holds {
		f.Add("second", "consultation.second.role")
	}
	return f.Err()
}

// Price is a manager's word on the price of a line.
type Price struct {
	Plan   term.PlanID
	Line   term.PlanItemID
	Reason string
	Second Second
}

// ApprovePrice keeps a manager's agreement to a price outside the band or more than a tenth
// away from the list (S2-12, row:E2).
func (d *Desk) ApprovePrice(ctx context.Context, by access.Actor, in Price) error {
	reason, err := d.vouched(ctx, by, access.PriceApprove, word{in.Reason, in.Second, true})
	if err != nil {
		return err
	}
	return d.decide(ctx, by, planDeed{access.PriceApprove, in.Plan}, func(tx *store.Tx, p store.Plan) error {
		l, err := lineOf(tx.Read, p, in.Line)
		if err != nil {
			return err
		}
		asker := by
		if by.May(access.PriceSecond) {
			asker.Staff = 0 // a manager who stands here needs no other manager, only the PIN
		}
		if err := secondPerson(tx.Read, asker, in.Second, access.PriceSecond); err != nil {
			return err
		}
		l.ApprovedBy, l.PriceReason = in.Second.Staff, strings.TrimSpace(reason)
		if err := tx.SavePlanItem(&l); err != nil {
			return err
		}
		return d.prove(tx, by, p.Visit, planRef(p.ID), ProvePrice)
	})
}

// AgreePrice keeps the word of a manager or the owner on the price of a line as it stood on the screen
// where it waits (row:E2); who changed price or sessions meanwhile needs a new one.
func (d *Desk) AgreePrice(ctx context.Context, by access.Actor, plan term.PlanID, line term.PlanItemID, version int) error {
	return d.WriteOn(ctx, by, access.PriceSecond, planRef(plan), func(tx *store.Tx) error {
		p, err := standing(tx.Read, plan)
		if err != nil {
			return err
		}
		l, err := lineOf(tx.Read, p, line)
		if err != nil {
			return err
		}
		if l.Version != version {
			return store.ErrStale
		}
		l.ApprovedBy, l.PriceReason = by.Staff, by.Lang.T("consultation.price.board")
		if err := tx.SavePlanItem(&l); err != nil {
			return err
		}
		tx.Result("visit", int64(p.Visit))
		news(tx, p.Visit)
		return d.prove(tx, by, p.Visit, planRef(p.ID), ProvePrice)
	})
}
