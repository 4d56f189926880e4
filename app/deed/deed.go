// Package deed is the one way in which rooms read and write. It checks the permission,
// opens the act (whose action is by construction the permission used) and turns the store's
// errors into faults. A deed never calls a deed: what several deeds share is a step, a
// function whose first parameter is *store.Tx.
package deed

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Doer is embedded by the service of every room.
type Doer struct {
	DB  *store.DB
	Hub *live.Hub
}

// Folder is the data folder as a command line names it.
func (d Doer) Folder() string { return d.Named(d.DB.Dir()) }

// Named is a folder as a command line names it: whole, and in quotes where it has blanks.
func (Doer) Named(dir string) string {
	if whole, err := filepath.Abs(dir); err == nil {
		dir = whole
	}
	if strings.ContainsAny(dir, " \t&()'") {
		return `"` + dir + `"`
	}
	return dir
}

// Write does fn in one transaction as one act of the trail. It refuses an actor who may not
// do p. A second post with the same one-time key gives *store.Replayed.
func (d Doer) Write(ctx context.Context, by access.Actor, p access.Permission, fn func(*store.Tx) error) error {
	return d.WriteOn(ctx, by, p, store.Subject{}, fn)
}

// WriteOn is Write for a deed whose subject is known beforehand, so that the trail of that
// subject finds the act even when nothing changed.
func (d Doer) WriteOn(
	ctx context.Context, by access.Actor, p access.Permission, on store.Subject, fn func(*store.Tx) error,
) error {
	if !by.May(p) {
		return fault.Forbidden(string(p))
	}
	return fault.FromStore(d.DB.Write(ctx, actOf(by, p, on), fn), "doing "+string(p))
}

// Reasoned refuses a deed off the usual way to who gives no reason for it (row:A7).
func Reasoned(by access.Actor) error {
	var bad fault.Fields
	if strings.TrimSpace(by.Reason) == "" {
		bad.Add("_reason", "reception.reason.missing")
	}
	return bad.Err()
}

// Read reads one consistent snapshot, which remembers what it told: asking for the same row
// twice, or for one row of a list after the other, costs one query. It refuses an actor who may
// not do p.
func (d Doer) Read(ctx context.Context, by access.Actor, p access.Permission, fn func(*store.Read) error) error {
	if !by.May(p) {
		return fault.Forbidden(string(p))
	}
	return fault.FromStore(d.DB.Read(store.Remembering(ctx), fn), "reading "+string(p))
}

// Known says whether a row that a guest's secret names is kept already, for those who tap twice;
// guests have no permission to ask for.
func (d Doer) Known(ctx context.Context, what string, look func(*store.Read) error) (bool, error) {
	err := d.DB.Read(ctx, look)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, fault.FromStore(err, "looking for "+what)
}

// View is Read of a client's sensitive page: that it was seen is an act too (rulings 10),
// noted when the reading went well.
func (d Doer) View(
	ctx context.Context, by access.Actor, p access.Permission, client term.ClientID, fn func(*store.Read) error,
) error {
	return d.ViewOf(ctx, by, p, func(r *store.Read) (term.ClientID, error) { return client, fn(r) })
}

// ViewOf is View of a page which itself finds out whose it is.
func (d Doer) ViewOf(
	ctx context.Context, by access.Actor, p access.Permission, fn func(*store.Read) (term.ClientID, error),
) error {
	var client term.ClientID
	if err := d.Read(ctx, by, p, func(r *store.Read) (err error) {
		client, err = fn(r)
		return err
	}); err != nil {
		return err
	}
	d.DB.Saw(actOf(by, p, store.Subject{Noun: "client", ID: int64(client)}), client)
	return nil
}

// actOf is the act under which by does p.
func actOf(by access.Actor, p access.Permission, on store.Subject) store.Act {
	station := by.Station
	if by.IsSystem() && station == "" {
		station = fmt.Sprintf("system:%s", by.Name)
	}
	return store.Act{
		Staff: by.Staff, Role: by.RoleFor(p), Station: station, Action: string(p),
		Reason: by.Reason, Request: by.Request, Once: by.Once, Posted: by.Posted, Subject: on,
	}
}
