package consultation

import (
	"fmt"

	"meixu/app/access"
	"meixu/app/catalog"
	"meixu/app/engine/licence"
	"meixu/app/engine/spacing"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// brief is a plan with all that its page, its papers and its gates ask of its lines, read
// once with the same number of queries however many lines there are.
type brief struct {
	plan    store.Plan
	visit   store.Visit
	client  store.Client
	lines   []store.PlanItem
	items   map[term.ItemID]store.Item
	contras map[term.PlanItemID][]Contra
}

// brief reads a plan from the beginning.
func (d *Desk) brief(r *store.Read, p store.Plan) (b brief, err error) {
	b.plan = p
	if b.visit, err = r.Visit(p.Visit); err != nil {
		return b, err
	}
	if b.client, err = r.Client(p.Client); err != nil {
		return b, err
	}
	return b, d.lines(r, &b)
}

// lines fills in the lines of a plan whose visit and client are known.
func (d *Desk) lines(r *store.Read, b *brief) (err error) {
	if b.lines, err = r.PlanItems(b.plan.ID); err != nil {
		return err
	}
	if b.items, err = itemsOf(r, b.lines); err != nil {
		return err
	}
	hits, err := d.hits(r, b.visit, b.client)
	if err != nil {
		return err
	}
	rulings, err := r.ContraRulings(b.plan.ID)
	if err != nil {
		return err
	}
	past, err := spacing.Of(r, b.plan.Client, own(b.lines)...)
	if err != nil {
		return err
	}
	b.contras = make(map[term.PlanItemID][]Contra, len(b.lines))
	for _, l := range b.lines {
		near, err := past.Against(spacing.Next{Item: b.items[l.Item], Area: l.Area})
		if err != nil {
			return err
		}
		found := append(d.judge(hits, b.items[l.Item]), near...)
		b.contras[l.ID] = Settle(d.house.Words, found, rulingsOf(rulings, l.ID))
	}
	return nil
}

// own are the lines themselves: what their sessions have brought does not stand against the
// plan, it is judged at the next session.
func own(lines []store.PlanItem) []term.PlanItemID {
	ids := make([]term.PlanItemID, len(lines))
	for i, l := range lines {
		ids[i] = l.ID
	}
	return ids
}

func itemsOf(r *store.Read, lines []store.PlanItem) (map[term.ItemID]store.Item, error) {
	ids := make([]term.ItemID, len(lines))
	for i, l := range lines {
		ids[i] = l.Item
	}
	return r.ItemsIn(ids)
}

// filled refuses a plan without lines.
func (b brief) filled() error {
	if len(b.lines) == 0 {
		return fault.Refuse("S3-01", "consultation.plan.empty").At(PlanPath(b.plan.ID))
	}
	return nil
}

// clear refuses a plan that is empty, and one as long as anything stands against one of its
// lines. Approval, papers and order ask the same question, because answers change meanwhile.
func (b brief) clear(r *store.Read) error {
	if err := b.filled(); err != nil {
		return err
	}
	if Minor(b.client.Birth, r.Today()) && b.client.Guardian.Name == "" {
		return fault.Refuse("REG-CON-04", "consultation.plan.guardian", b.client.Name).Ask(string(access.Reception)).
			At(VisitPath(b.plan.Visit))
	}
	house, err := licence.HouseOf(r)
	if err != nil {
		return err
	}
	for _, l := range b.lines {
		item := b.items[l.Item]
		if err := saleable(house, item); err != nil {
			return err
		}
		if err := b.standsAgainst(l, item); err != nil {
			return err
		}
	}
	return nil
}

// saleable refuses what the house may not do by level or subject, or does not offer.
func saleable(house licence.House, item store.Item) error {
	if err := catalog.MayHere(house, item); err != nil {
		return err
	}
	if !item.Enabled {
		return fault.Refuse("REG-LVL-07", "consultation.item.off", item.Name).Ask(string(access.Manager)).At("/catalog")
	}
	return nil
}

// standsAgainst refuses one line for its contraindications, price or missing reasons.
func (b brief) standsAgainst(l store.PlanItem, item store.Item) error {
	here := PlanPath(b.plan.ID)
	if c, bad := Unsettled(b.contras[l.ID]); bad {
		rule, key := "S2-05", "consultation.contra.soft"
		if c.Hard() {
			rule, key = "S2-02", "consultation.contra.hard"
		}
		return fault.Refuse(rule, key, item.Name, c.Text).Ask(string(access.Physician)).At(here)
	}
	if item.OffLabel && l.OffLabelReason == "" {
		return fault.Refuse("REG-CON-07", "consultation.line.offlabel", item.Name).Ask(string(access.Physician)).At(here)
	}
	if Undosed(item, l) {
		return fault.Refuse("REG-CON-03", "consultation.line.undosed", item.Name).Ask(string(access.Physician)).
			At(fmt.Sprintf("%s#line-%d", here, l.ID))
	}
	if Aimless(l, len(b.lines)) {
		return fault.Refuse("REG-CON-03", "consultation.line.aimless", item.Name).Ask(string(access.Physician)).
			At(fmt.Sprintf("%s#line-%d", here, l.ID))
	}
	if NeedsApproval(item, l) {
		return fault.Refuse("S2-12", "consultation.price.unapproved", item.Name).
			Ask(string(access.Manager)).At(here)
	}
	return nil
}
