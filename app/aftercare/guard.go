package aftercare

import (
	"errors"
	"fmt"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
)

// OnItsPage refuses to answer a follow-up anywhere but on the page of its call, where red flags
// raise the alarm.
func OnItsPage(row store.Answer) error {
	page := "/aftercare"
	if row.Task != 0 {
		page = fmt.Sprintf("/aftercare/%d", row.Task)
	}
	return fault.Refuse("S6-03", "aftercare.refuse.own_page").At(page)
}

// NoNewSigns refuses a correction that brings a red flag which the call did not have: a sign that
// is heard later is a call or an event of its own, and a physician hears of it (S6-07).
func NoNewSigns(tx *store.Tx, _ access.Actor, f form.Filled) error {
	if f.Row.Supersedes == 0 || !f.Row.Red {
		return nil
	}
	before, err := tx.Answer(f.Row.Supersedes)
	if errors.Is(err, store.ErrNotFound) || err == nil && before.Red {
		return nil
	}
	if err != nil {
		return err
	}
	return fault.Refuse("S6-07", "aftercare.refuse.new_sign").At("/alerts")
}
