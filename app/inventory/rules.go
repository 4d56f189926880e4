package inventory

import (
	"slices"
	"time"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// States of a lot.
const (
	StateOK         = "ok"
	StateQuarantine = "quarantine"
	StateRecalled   = "recalled"
)

// noEnd stands for the days left of a lot without an expiry.
const noEnd = 100000

// taking is everything that decides whether product may be taken.
type taking struct {
	item      store.Item
	lot       store.Lot
	product   store.Product
	scan      Scan
	pack      string         // code of the pack, "" when only the lot is known
	code      *store.LotCode // the pack as it was received, nil when it was not listed
	balance   term.Qty
	qty       term.Qty
	first     store.Lot // of the product, the one that ends first; zero when none is good
	by        term.StaffID
	second    term.StaffID
	witnessed bool // the second person is another one and may be a witness
	reason    string
	had       term.Qty // of the product and its likes, taken for the treatment before and not given back
	planned   term.Qty // of the product for the treatment, 0 when the plan names no amount
	more      string   // why more than the treatment can want
	today     term.Day
}

// mayTake is the rule of Take.
func mayTake(t taking) error {
	switch {
	case !uses(t.item, t.product):
		return fault.Refuse("REG-DEV-06", "inventory.refuse.foreign", t.product.Name, t.item.Name).Ask("storekeeper")
	case t.scan.Expiry != "" && t.lot.ExpiresOn != "" && t.scan.Expiry != t.lot.ExpiresOn:
		return fault.Refuse("REG-DEV-06", "inventory.refuse.label", t.lot.Lot, string(t.scan.Expiry), string(t.lot.ExpiresOn)).Ask("storekeeper")
	case t.lot.State != StateOK:
		return fault.Refuse(lawOf(t.product), "inventory.refuse.held", t.lot.Lot, fault.Word("inventory.lot."+t.lot.State)).Ask("storekeeper")
	case expired(t.lot, t.today):
		return fault.Refuse(lawOf(t.product), "inventory.refuse.expired", t.lot.Lot, string(t.lot.ExpiresOn)).Ask("storekeeper")
	case t.code != nil && !t.code.UsedAt.IsZero():
		return fault.Refuse(onceLaw(t.product), "inventory.refuse.used", t.pack).Ask("storekeeper")
	case t.qty <= 0 || t.pack != "" && t.qty > t.product.PackQty:
		return amount("inventory.qty.pack", t.product.PackQty.String(), t.product.Unit)
	case t.qty > t.balance:
		return fault.Refuse("S4-07", "inventory.refuse.balance", t.lot.Lot, t.balance.String(), t.product.Unit).Ask("storekeeper")
	case t.much() && !SaysWhy(t.more):
		return t.refuseMuch()
	case t.first.ID != 0 && t.first.ID != t.lot.ID && t.first.ExpiresOn.Before(endOf(t.lot)) && t.reason == "":
		return fault.Refuse("S4-07", "inventory.refuse.fefo", t.lot.Lot, t.first.Lot, string(t.first.ExpiresOn))
	case t.product.Toxic && !t.witnessed:
		return fault.Refuse("REG-DRG-03", "inventory.refuse.second", t.product.Name).Ask("storekeeper")
	}
	return nil
}

func amount(key string, args ...any) error {
	var f fault.Fields
	f.Add("qty", key, args...)
	return f.Err()
}

// uses says that the item may use the product: by its code or by what it is for.
func uses(item store.Item, p store.Product) bool {
	return slices.Contains(item.ProductKinds, p.Code) || p.UseKind != "" && slices.Contains(item.ProductKinds, p.UseKind)
}

// lawOf is the law that forbids bad goods: of drugs or of devices.
func lawOf(p store.Product) string {
	if isDrug(p.Kind) {
		return "REG-DRG-06"
	}
	return "REG-DEV-05"
}

// onceLaw is the law by which a pack is used once.
func onceLaw(p store.Product) string {
	if isDrug(p.Kind) {
		return "REG-DRG-04"
	}
	return "REG-DEV-15"
}

// expired says that the lot may not be used today; on its last day it still may.
func expired(lot store.Lot, today term.Day) bool { return lot.ExpiresOn.Before(today) }

// endOf is the expiry of a lot, the end of time when it has none.
func endOf(lot store.Lot) term.Day {
	if lot.ExpiresOn == "" {
		return "9999-12-31"
	}
	return lot.ExpiresOn
}

// daysLeft counts the days until a lot ends; negative when it has ended.
func daysLeft(ends, today term.Day) int {
	if ends == "" {
		return noEnd
	}
	return int(ends.Start(time.UTC).Sub(today.Start(time.UTC)).Hours() / 24)
}

// Expiry is the badge of a lot's end.
type Expiry string

// Expiry badges: ended, within 30, 60, 90 days, later.
const (
	ExpiryGone  Expiry = "expired"
	Expiry30    Expiry = "d30"
	Expiry60    Expiry = "d60"
	Expiry90    Expiry = "d90"
	ExpiryFine  Expiry = "fine"
	ExpiryEmpty Expiry = "none"
)

// Key is the words key of the badge.
func (e Expiry) Key() string { return "inventory.expiry." + string(e) }

func expiryOf(days int) Expiry {
	switch {
	case days == noEnd:
		return ExpiryEmpty
	case days < 0:
		return ExpiryGone
	case days <= 30:
		return Expiry30
	case days <= 60:
		return Expiry60
	case days <= 90:
		return Expiry90
	}
	return ExpiryFine
}
