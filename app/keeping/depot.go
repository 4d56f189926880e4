package keeping

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/media"
	"meixu/app/fault"
	"meixu/backup"
	"meixu/backup/target"
	"meixu/store"
)

// Names of the settings of the depot for photos: where it is (sealed), and how it went last.
const (
	settingDepot = "media.depot"
	settingMoved = "media.moved"
)

// Bounds of what the folder may hold of what the depot has too, in GB.
const (
	cacheLeast = 1
	cacheMost  = 100_000
)

// Shelf is where photos lie.
type Shelf interface {
	backup.Media
	SetDepot(d *media.Depot) error
	Away(ctx context.Context) (media.Moved, error)
	SetOwed(owed *backup.Owed) error
	Owed() *backup.Owed
	Return(ctx context.Context, room func() bool, told func()) (int, error)
}

// depot is the setting.
type depot struct {
	Place
	CacheGB int
	Leaving bool
}

// ShownDepot is the depot as people see it; secrets are never shown again.
type ShownDepot struct {
	Address string
	Secret  bool
	CacheGB int
	Leaving bool // photos are coming back
	Moved   Done // how the last move went; Files is how many photos were moved in it
}

// DepotForm is what the owner types. An empty address leaves the depot: its photos come back.
type DepotForm struct {
	Address string
	Secrets Secrets
	Keep    bool // keep the secrets that are there already
	CacheGB int
}

func depotOf(r *store.Read) (d depot, err error) {
	text, err := r.Secret(settingDepot)
	if err != nil || text == nil {
		return d, err
	}
	return d, json.Unmarshal(text, &d)
}

func shownDepot(r *store.Read) (s ShownDepot, err error) {
	d, err := depotOf(r)
	if err != nil {
		return s, err
	}
	s = ShownDepot{Address: d.Address, Secret: d.Secrets != Secrets{}, CacheGB: d.CacheGB, Leaving: d.Leaving}
	s.Moved, err = doneOf(r, settingMoved)
	return s, err
}

// OpenDepot tells the shelf where the clinic keeps its photos. It connects to nothing: a
// depot that is away must not keep the clinic from opening.
func (o *Office) OpenDepot(ctx context.Context) error {
	var d depot
	if err := o.DB.Read(ctx, func(r *store.Read) (err error) {
		d, err = depotOf(r)
		return err
	}); err != nil {
		return fault.FromStore(err, "reading the depot of photos")
	}
	return o.use(d)
}

func (o *Office) use(d depot) error {
	if d.Address == "" {
		return o.Shelf.SetDepot(nil)
	}
	return o.Shelf.SetDepot(&media.Depot{
		Open: func(ctx context.Context) (target.Target, error) {
			return target.Open(ctx, d.Address, d.Secrets)
		},
		Cache: int64(d.CacheGB) << 30, Leaving: d.Leaving,
	})
}

// SaveDepot sets where photos go that the disk has no room for, after looking whether it can
// be written to. A depot that holds photos is left before another one is taken.
func (o *Office) SaveDepot(ctx context.Context, by access.Actor, in DepotForm) error {
	if !by.May(access.BackupPlace) {
		return fault.Forbidden(string(access.BackupPlace))
	}
	var had depot
	if err := o.DB.Read(ctx, func(r *store.Read) (err error) {
		had, err = depotOf(r)
		return err
	}); err != nil {
		return fault.FromStore(err, "reading the depot of photos")
	}
	next, err := o.nextDepot(ctx, had, in)
	if err != nil {
		return err
	}
	var text []byte
	if next.Address != "" {
		if text, err = json.Marshal(next); err != nil {
			return err
		}
	}
	if err := o.Write(ctx, by, access.BackupPlace, func(tx *store.Tx) error {
		return tx.SaveSecret(settingDepot, text)
	}); err != nil {
		return err
	}
	return o.use(next)
}

// nextDepot is the setting that follows from what was typed, or what is wrong with that.
func (o *Office) nextDepot(ctx context.Context, had depot, in DepotForm) (next depot, err error) {
	var f fault.Fields
	next = depot{Place: Place{Address: strings.TrimSpace(in.Address), Secrets: in.Secrets}, CacheGB: in.CacheGB}
	if next.Address == "" {
		had.Leaving = had.Address != ""
		return had, nil
	}
	if had.Address != "" && !sameDepot(had.Address, next.Address) {
		f.Add("address", "keeping.fault.depot.held")
		return next, f.Err()
	}
	if in.Keep {
		next.Secrets = had.Secrets
	}
	if in.CacheGB < cacheLeast || in.CacheGB > cacheMost {
		f.Add("cache", "keeping.fault.cache", cacheLeast, cacheMost)
	}
	if err := o.tryDepot(ctx, next.Place); err != nil {
		refuse(&f, next.Place, err)
	}
	return next, f.Err()
}

// sameDepot says that an address leads to the photos that another one led to.
func sameDepot(had, now string) bool {
	return had == now || sameHost(had, now) && pathOf(had) == pathOf(now)
}

func pathOf(address string) string {
	before, _, _ := strings.Cut(address, "?")
	return strings.TrimSuffix(before, "/")
}

func (o *Office) tryDepot(ctx context.Context, p Place) error {
	if err := o.outside(p.Address); err != nil {
		return err
	}
	at, err := target.Open(ctx, p.Address, p.Secrets)
	if err != nil {
		return err
	}
	return errors.Join(target.Try(ctx, at), at.Close())
}

// MovePhotos sends photos to the depot, or fetches those of a depot that is being left and
// then forgets it. Nothing for a clinic without one.
func (o *Office) MovePhotos(ctx context.Context, by access.Actor) (n int, err error) {
	if !by.May(access.BackupMake) {
		return 0, fault.Forbidden(string(access.BackupMake))
	}
	m, err := o.Shelf.Away(ctx)
	n = m.Sent + m.Fetched + m.Dropped
	if m.Home && err == nil {
		err = o.leaveDepot(ctx, by)
	}
	last, unread := o.done(ctx, settingMoved)
	if unread != nil || n == 0 && err == nil && last.Fault == "" {
		return n, errors.Join(err, unread) // nothing to tell
	}
	return n, errors.Join(err, o.record(ctx, by, settingMoved, func(d *Done) {
		if d.Fault = Trouble(err); err == nil {
			d.Good, d.Files = d.Tried, n
		}
	}))
}

func (o *Office) leaveDepot(ctx context.Context, by access.Actor) error {
	if err := o.Write(ctx, by, access.BackupPlace, func(tx *store.Tx) error {
		return tx.SaveSecret(settingDepot, nil)
	}); err != nil {
		return err
	}
	return o.use(depot{})
}

// source is the clinic that backups are made of, its photos wherever they lie.
func (o *Office) source() backup.Source {
	s := backup.SourceOf(o.DB)
	if o.Shelf != nil {
		s.Media, s.Owed = o.Shelf, o.Shelf.Owed()
	}
	return s
}
