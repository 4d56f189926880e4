package app

import (
	"context"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/jobs"
	"meixu/store"
)

// Rooms are the services of the clinic's rooms, one per room, made in furnish.
type Rooms struct{}

// furnish makes engines and rooms and ties the SOP's hooks to them. It is the one place
// where rooms meet.
func (a *App) furnish(context.Context) error { return nil }

// house gives the jobs what they need from the rooms.
func (a *App) house() jobs.House {
	return jobs.House{DropDrafts: a.dropDrafts, Backup: a.nightlyBackup, CheckRecord: a.checkRecord}
}

func (a *App) dropDrafts(ctx context.Context, _ access.Actor) (n int, err error) {
	err = a.DB.WriteQuiet(ctx, func(tx *store.Tx) error {
		n, err = tx.DropOldDrafts()
		return err
	})
	return n, fault.FromStore(err, "dropping old drafts")
}
