package admin

import (
	"context"

	"meixu/app/access"
	"meixu/store"
)

// Leave ends the session because its person goes. Other than Logout, which also makes room for
// a colleague, it wants the password the next time: the PIN alone opens nothing at this browser.
func (o *Office) Leave(ctx context.Context, by access.Actor, token string) error {
	on := store.Subject{Noun: "staff", ID: int64(by.Staff)}
	err := o.WriteOn(ctx, door(by.Staff, metaOf(by)), access.SessionLogout, on, func(tx *store.Tx) error {
		if err := o.endSession(tx, token); err != nil {
			return err
		}
		return tx.LeaveStation(by.Staff, by.Station)
	})
	o.forget(by.Session)
	return err
}
