package inventory

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Count is what somebody counted on the shelf without seeing the balance.
type Count struct {
	Lot  term.LotID
	Qty  string // as typed, in the product's unit
	Note string
}

// Count notes a blind count. A count that matches the ledger is done; a difference waits for
// somebody else's decision, and a difference of a toxic drug holds the lot at once
// (REG-DRG-02). A lot has at most one count that waits. Of a lot that moved since its page was
// opened nothing is noted: what was counted is no longer what lies there.
func (s *Shelf) Count(ctx context.Context, by access.Actor, in Count) (id int64, err error) {
	err = s.WriteOn(ctx, by, access.LotCount, lotSubject(in.Lot), func(tx *store.Tx) error {
		lot, err := tx.Lot(in.Lot)
		if err != nil {
			return err
		}
		qty, err := term.ParseQty(in.Qty)
		if err != nil {
			return amount("inventory.count.qty")
		}
		c := store.StockCount{Lot: lot.ID, CountedQty: qty, Note: strings.TrimSpace(in.Note), CountedAt: tx.Now(), CountedBy: by.Staff}
		if c.BalanceQty, err = left(tx.Read, lot.ID); err != nil {
			return err
		}
		if err := oneCount(tx.Read, lot); err != nil {
			return err
		}
		if now, err := lotSeen(tx.Read, lot); err != nil || by.Seen != now {
			return cmp.Or(err, store.ErrStale)
		}
		if c.State = store.CountOpen; c.Difference() == 0 {
			c.State = store.CountMatched
		}
		if err := tx.AddStockCount(&c); err != nil {
			return err
		}
		id = c.ID
		tx.Publish(live.Stock)
		tx.Result("stock_count", id)
		return holdToxic(tx, lot, c)
	})
	return id, err
}

// lotSeen tells two states of a lot apart: its row and what is left. A count is blind: without the
// house's key nobody tries out which balance stands in it.
func lotSeen(r *store.Read, lot store.Lot) (string, error) {
	balance, err := left(r, lot.ID)
	return r.Mark("lot", fmt.Sprintf("%d.%d %d", lot.ID, lot.Version, balance)), err
}

// countSeen tells two states of a count apart: its row and that of the lot.
func countSeen(c store.StockCount, lot store.Lot) string {
	return fmt.Sprintf("c%d.%d-l%d.%d", c.ID, c.Version, lot.ID, lot.Version)
}

// oneCount refuses a second count while one waits.
func oneCount(r *store.Read, lot store.Lot) error {
	counts, err := r.CountsOfLot(lot.ID)
	if err != nil {
		return err
	}
	for _, c := range counts {
		if c.State == store.CountOpen {
			return fault.Clash("inventory.count.waiting", lot.Lot)
		}
	}
	return nil
}

// holdToxic quarantines a toxic lot whose count differs.
func holdToxic(tx *store.Tx, lot store.Lot, c store.StockCount) error {
	p, err := tx.Product(lot.Product)
	if err != nil || !p.Toxic || c.State == store.CountMatched || lot.State != StateOK {
		return err
	}
	return hold(tx, &lot, StateQuarantine)
}

// Decide is the word on a count that differs.
type Decide struct {
	Count   int64
	Approve bool
	Reason  string
}

// Decide approves or rejects the difference of a count, with a reason. Nobody decides on the
// own count (REG-DRG-02, REG-DEV-04). Approved, the difference moves the ledger as it was
// when counted; the balance never falls below zero.
func (s *Shelf) Decide(ctx context.Context, by access.Actor, in Decide) error {
	by.Reason = strings.TrimSpace(in.Reason)
	return s.Write(ctx, by, access.CountDecide, func(tx *store.Tx) error {
		c, err := tx.StockCount(in.Count)
		if err != nil {
			return err
		}
		lot, err := tx.Lot(c.Lot)
		if err != nil {
			return err
		}
		p, err := tx.Product(lot.Product)
		if err != nil {
			return err
		}
		balance, err := left(tx.Read, lot.ID)
		if err != nil {
			return err
		}
		if err := mayDecide(c, p, balance, by, in); err != nil {
			return err
		}
		if by.Seen != countSeen(c, lot) {
			return store.ErrStale
		}
		c.State, c.DecidedAt, c.DecidedBy, c.Reason = store.CountRejected, tx.Now(), by.Staff, by.Reason
		tx.Publish(live.Stock)
		tx.Result("lot", int64(lot.ID))
		if in.Approve {
			c.State = store.CountApproved
			if _, err := tx.Move(account(lot.ID), int64(c.Difference()), store.Subject{Noun: "stock_count", ID: c.ID}); err != nil {
				return err
			}
		}
		return tx.SaveStockCount(&c)
	})
}

// mayDecide is the rule of Decide.
func mayDecide(c store.StockCount, p store.Product, balance term.Qty, by access.Actor, in Decide) error {
	rule := "REG-DEV-04"
	if p.Toxic {
		rule = "REG-DRG-02"
	}
	switch {
	case c.State != store.CountOpen:
		return fault.Clash("inventory.count.decided")
	case c.CountedBy == by.Staff:
		return fault.Refuse(rule, "inventory.refuse.own_count").Ask("manager")
	case by.Reason == "":
		var f fault.Fields
		f.Add("reason", "inventory.count.reason")
		return f.Err()
	case in.Approve && balance+c.Difference() < 0:
		return fault.Refuse(rule, "inventory.refuse.below_zero", balance.String(), p.Unit)
	}
	return nil
}
