package keeping

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync/atomic"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/backup"
	"meixu/store"
	"meixu/store/term"
)

// Record is how the sealed trail stands, for people.
type Record struct {
	Act    term.ActID // the newest act
	Code   string     // ten letters of its seal, to be kept on paper
	Broken *Break     // nil while nothing is known to be wrong
}

// Break is what was found wrong with the trail: these acts are missing or were changed.
type Break struct {
	From, To term.ActID
	Kind     string // as store.BrokenChain tells
	Table    string
	Row      int64
}

// Args are the arguments of the words of a break.
func (b *Break) Args() []any {
	if b.Kind == store.TrailCut || b.Kind == store.TrailOther {
		return []any{int64(b.From), int64(b.To)}
	}
	return []any{int64(b.From), b.Table, b.Row}
}

// breakOf is the break an error tells of; nil for none.
func breakOf(err error) *Break {
	var broken *store.BrokenChain
	if !errors.As(err, &broken) {
		return nil
	}
	return &Break{From: broken.Act, To: max(broken.Act, broken.To), Kind: broken.Kind, Table: broken.Table, Row: broken.Row}
}

// trailState is what the last looks at the trail found.
type trailState struct {
	compared atomic.Pointer[Break] // with the anchors, every hour
	verified atomic.Pointer[Break] // through and through, every night and on demand
}

// Say tells of a break in words.
func (b *Break) Say(lang words.Lang) string { return lang.T("keeping.record."+b.Kind, b.Args()...) }

// Broken is what was found wrong with the trail at the last looks; nil when nothing.
func (o *Office) Broken() *Break {
	if b := o.trail.compared.Load(); b != nil {
		return b
	}
	return o.trail.verified.Load()
}

// Verified keeps what a verification of the whole trail came to, for the pages; it gives what
// is broken.
func (o *Office) Verified(err error) *Break { return o.found(&o.trail.verified, err) }

func (o *Office) found(in *atomic.Pointer[Break], err error) *Break {
	broken := breakOf(err)
	if err != nil && broken == nil {
		return nil // nothing was learnt
	}
	before := in.Swap(broken)
	if (before == nil) != (broken == nil) {
		o.Hub.Send([]string{Topic})
	}
	return broken
}

// Compare compares the trail with the anchors of this machine, as it does at every start: a
// tail that was cut off or an older file in place of the database is found. Reading and writing
// go on all the same.
func (o *Office) Compare(ctx context.Context) error {
	err := o.DB.CompareAnchors(ctx)
	if broken := o.found(&o.trail.compared, err); broken != nil {
		slog.Error("the trail is not what it was", "from", broken.From, "to", broken.To, "kind", broken.Kind)
		return nil
	}
	return fault.FromStore(err, "comparing anchors")
}

// Anchor notes the end of the trail outside the database, every hour: in the data folder and on
// the second place.
func (o *Office) Anchor(ctx context.Context, by access.Actor) error {
	if !by.May(access.BackupMake) {
		return fault.Forbidden(string(access.BackupMake))
	}
	if err := o.Compare(ctx); err != nil {
		return err
	}
	if _, err := o.DB.NoteAnchor(ctx); err != nil {
		return fault.FromStore(err, "noting an anchor")
	}
	to, err := o.secondPlace(ctx)
	if err != nil || to.Address == "" {
		return err
	}
	log, err := store.ReadAnchors(o.DB.Dir(), o.DB.Keys())
	if err != nil {
		return fmt.Errorf("reading the anchors: %w", err)
	}
	return backup.KeepAnchors(ctx, backup.SourceOf(o.DB), to, log)
}

// Anchors are all anchors that must be in the trail: of the data folder, of its backups and of
// the second place. Places that cannot be reached are passed over, and named.
func (o *Office) Anchors(ctx context.Context) (all []store.Anchor, log store.AnchorLog, away []string, err error) {
	if log, err = store.ReadAnchors(o.DB.Dir(), o.DB.Keys()); err != nil {
		return nil, log, nil, fmt.Errorf("reading the anchors: %w", err)
	}
	all = log.Holding()
	second, err := o.secondPlace(ctx)
	if err != nil {
		return nil, log, nil, err
	}
	s := backup.SourceOf(o.DB)
	for _, p := range []Place{{Address: Dir(o.DB.Dir())}, second} {
		if p.Address == "" {
			continue
		}
		known, err := backup.Anchors(ctx, s, p)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			slog.Warn("a place tells no anchors", "error", err)
			away = append(away, p.Address)
			continue
		}
		for _, a := range known {
			if log.Holds(a) {
				all = append(all, a)
			}
		}
	}
	return store.SortAnchors(all), log, away, nil
}

// Record reads how the trail stands.
func (o *Office) Record(ctx context.Context) (rec Record, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		rec, err = o.ending(r)
		return err
	})
	return rec, fault.FromStore(err, "reading the end of the trail")
}

// ending reads the end of the trail.
func (o *Office) ending(r *store.Read) (Record, error) {
	a, err := r.Anchor()
	return Record{Act: a.Act, Code: a.Code(), Broken: o.Broken()}, err
}
