package procedure

import (
	"meixu/store"
	"meixu/store/term"
)

// Recital is what is read aloud at the time-out (S5-01): what the paper says, not the memory.
type Recital struct {
	Item, Area, Dose string
	Lots             []RecitalLot
	// Allergies are told only to those who may read them; Known says that they may.
	Allergies []string
	Known     bool
}

// RecitalLot is one product on the tray.
type RecitalLot struct {
	Product, Lot, Unit string
	Taken              term.Qty
	Expires            term.Day
}

// recite gathers what is read aloud.
func (p Page) recite(r *store.Read) (*Recital, error) {
	out := &Recital{Item: p.Item.Name, Area: p.Area}
	if p.PlanItem != 0 {
		line, err := r.PlanItem(p.PlanItem)
		if err != nil {
			return nil, err
		}
		out.Dose = line.Dose
	}
	for _, u := range p.Counted() {
		out.Lots = append(out.Lots, RecitalLot{u.Product.Name, u.Lot.Lot, u.Product.Unit, u.Use.TakenQty, u.Lot.ExpiresOn})
	}
	if p.Banner != nil {
		out.Allergies, out.Known = p.Banner.Allergies, len(p.Banner.Allergies) > 0 || !p.Banner.Alarm
	}
	return out, nil
}
