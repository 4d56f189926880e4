package storetest

import (
	"meixu/store"
	"meixu/store/term"
)

// Treat makes a client with an open visit, a paid order of the item and one treatment of it,
// for tests of rooms that work on a treatment.
func Treat(tx *store.Tx, item term.ItemID) (store.Treatment, error) {
	c := store.Client{Name: "林晚秋", Phone: "13800008817", Gender: "female", Birth: "1990-05-01", Source: "walk_in"}
	if err := tx.AddClient(&c); err != nil {
		return store.Treatment{}, err
	}
	v := store.Visit{
		Client: c.ID, State: term.VisitOpen, Stage: "S4", Station: term.AtPreOp, StationAt: tx.Now(), ArrivedAt: tx.Now(),
	}
	if err := tx.AddVisit(&v); err != nil {
		return store.Treatment{}, err
	}
	o := store.Order{Client: c.ID, Visit: v.ID, TotalFen: 130000, State: term.OrderPaid}
	if err := tx.AddOrder(&o); err != nil {
		return store.Treatment{}, err
	}
	l := store.OrderLine{Order: o.ID, Item: item, Sessions: 1, PriceFen: 130000, TotalFen: 130000}
	if err := tx.AddOrderLine(&l); err != nil {
		return store.Treatment{}, err
	}
	t := store.Treatment{Visit: v.ID, Client: c.ID, Line: l.ID, Item: item, SessionNo: 1, State: term.TreatmentScheduled}
	return t, tx.AddTreatment(&t)
}
