package catalog

import (
	"meixu/app/engine/licence"
	"meixu/app/fault"
	"meixu/store"
)

// MayHere refuses an item whose level this kind of house may not perform (REG-LVL-03, REG-LVL-07)
// or whose subject it has not registered (REG-ORG-02, REG-ORG-07).
func MayHere(h licence.House, i store.Item) error {
	if !h.Performs(i.Level) {
		return fault.Refuse("REG-LVL-03, REG-LVL-07", "catalog.refuse.level", i.Name, fault.Word("catalog.level."+i.Level)).
			Ask("manager").At("/admin/settings")
	}
	if !h.Registered(i.Scope) {
		return fault.Refuse("REG-ORG-02, REG-ORG-07", "catalog.refuse.scope", i.Name, fault.Word("catalog.scope."+i.Scope)).
			Ask("owner").At("/admin/settings")
	}
	return nil
}

func offerable(r *store.Read, i store.Item) error {
	h, err := licence.HouseOf(r)
	if err != nil {
		return err
	}
	return mayOffer(i, h)
}
