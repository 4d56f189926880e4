package store

import (
	"bytes"
	"context"
	"fmt"

	"meixu/store/seal"
	"meixu/store/term"
)

// Anchor is the end of the chain at a moment; kept outside the database (backup manifests, the
// file of anchors, paper) it shows when the newest acts were cut off or written anew.
type Anchor struct {
	Act term.ActID   `json:"act"`
	MAC []byte       `json:"mac"`
	At  term.Instant `json:"at,omitzero"`
}

// BrokenChain names the first act that is not as it was sealed.
type BrokenChain struct {
	Act   term.ActID
	To    term.ActID // last act that is missing, where a range is; else 0
	Table string     // table of the first bad row, where one can be told
	Row   int64
	Kind  string // one of the kinds below, for words
	What  string
}

// Kinds of what is wrong with the trail.
const (
	TrailCut     = "cut"     // acts that an anchor knows are gone
	TrailOther   = "other"   // there are others in their place
	TrailEdited  = "edited"  // an act, its changes or its seal were edited
	TrailRemoved = "removed" // an act or its seal was removed
	TrailAdded   = "added"   // a row that no seal covers
	TrailForged  = "forged"  // changed after its day with the keys of this machine
)

func (e *BrokenChain) Error() string {
	text := fmt.Sprintf("store: act %d", e.Act)
	if e.To > e.Act {
		text = fmt.Sprintf("store: acts %d to %d", e.Act, e.To)
	}
	if e.Table != "" {
		text += fmt.Sprintf(" (%s row %d)", e.Table, e.Row)
	}
	return text + ": " + e.What
}

// Verified says what a verification saw.
type Verified struct {
	Acts term.ActID // all acts up to this one are as they were sealed
	Days int64      // so many also by the seal of their day
	// Bare is the first act without a seal of a day, written while the key was missing; 0 for
	// none. BareTo is the last.
	Bare, BareTo term.ActID
	// Strange counts acts whose day was sealed under another recovery sheet than the one given.
	Strange int64
	// Gap is the first act before which keys of days were left out, as after a restore of an
	// older backup: what was done on those days is not in this book. 0 for none.
	Gap term.ActID
}

// Anchor reads the end of the chain; the zero Anchor of an empty one.
func (r *Read) Anchor() (Anchor, error) {
	s, ok, err := lastSeal(r)
	if err != nil || !ok {
		return Anchor{}, err
	}
	return Anchor{Act: term.ActID(s.act), MAC: s.mac, At: r.now}, nil
}

// Anchor reads the end of the chain.
func (db *DB) Anchor(ctx context.Context) (a Anchor, err error) {
	err = db.Read(ctx, func(r *Read) error {
		a, err = r.Anchor()
		return err
	})
	return a, err
}

// VerifyChain checks every act against its seal and every seal against the one before, and
// that anchors kept elsewhere are still in the chain. A *BrokenChain names the first bad act.
func (db *DB) VerifyChain(ctx context.Context, anchors ...Anchor) error {
	_, err := db.VerifyDays(ctx, nil, anchors...)
	return err
}

// VerifyDays is VerifyChain with the seals of the days: from the first key, which the printed
// recovery code gives, those of all days; without it those under the present key.
func (db *DB) VerifyDays(ctx context.Context, first *seal.DayKey, anchors ...Anchor) (Verified, error) {
	v := verifier{db: db, audit: db.keys.classes[seal.Audit], full: first != nil, key: first}
	if first == nil {
		v.key = db.day.Load()
	}
	v.first = v.key
	if err := v.run(ctx); err != nil {
		return v.seen, err
	}
	return v.seen, db.verifyAnchors(ctx, anchors)
}

// verifyBatch is how many acts are read in one snapshot.
const verifyBatch = 2000

type verifier struct {
	db         *DB
	audit      *seal.Key
	full       bool
	first, key *seal.DayKey
	prev       sealRow
	at         string // of the act before
	seen       Verified
}

// portion is a range of the chain as it was read.
type portion struct {
	seals   []sealRow
	acts    []trailAct
	changes []trailChange
}

// run reads and checks at the same time.
func (v *verifier) run(ctx context.Context) error {
	top, stray, err := v.bounds(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type read struct {
		portion
		err error
	}
	portions := make(chan read, 2)
	go func() {
		defer close(portions)
		for from := int64(0); from < top; from += verifyBatch {
			p, err := v.read(ctx, from, min(from+verifyBatch, top))
			select {
			case portions <- read{p, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	for p := range portions {
		if p.err != nil {
			return p.err
		}
		if err := v.check(p.portion); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if v.prev.act < top {
		return missingSeal(v.prev.act + 1)
	}
	if stray != nil {
		return stray
	}
	return nil
}

func missingSeal(act int64) *BrokenChain {
	return &BrokenChain{Act: term.ActID(act), Table: "act_seals", Row: act, Kind: TrailRemoved, What: "its seal is missing"}
}

// bounds finds the last seal, and rows of the trail that no seal can cover.
func (v *verifier) bounds(ctx context.Context) (top int64, stray *BrokenChain, err error) {
	err = v.db.Read(ctx, func(r *Read) error {
		if top, err = one(r, value[int64], `SELECT coalesce(max(id), 0) FROM act_seals`); err != nil {
			return err
		}
		found, err := many(r, func(from row) (b BrokenChain, err error) {
			err = from.Scan(&b.Table, &b.Row, &b.Act)
			return b, err
		}, `SELECT 'acts' AS tbl, id, id AS act FROM acts WHERE id < 1 OR id > ?1
			UNION ALL SELECT 'act_seals', id, id FROM act_seals WHERE id < 1 OR id > ?1
			UNION ALL SELECT 'act_changes', id, act FROM act_changes WHERE act < 1 OR act > ?1
			ORDER BY act, tbl DESC LIMIT 1`, top)
		if err != nil || len(found) == 0 {
			return err
		}
		stray = &found[0]
		stray.Kind, stray.What = TrailAdded, "it has no seal"
		return nil
	})
	return top, stray, err
}

func (v *verifier) read(ctx context.Context, after, to int64) (p portion, err error) {
	err = v.db.Read(ctx, func(r *Read) error {
		if p.seals, err = many(r, scanSeal, `SELECT `+sealColumns+` FROM act_seals WHERE id > ? AND id <= ? ORDER BY id`, after, to); err != nil {
			return err
		}
		if p.acts, err = many(r, scanTrailAct, `SELECT `+trailColumns+` FROM acts WHERE id > ? AND id <= ? ORDER BY id`, after, to); err != nil {
			return err
		}
		p.changes, err = many(r, scanTrailChange, `SELECT id, act, tbl, row, op, changes FROM act_changes WHERE act > ? AND act <= ? ORDER BY act, id`, after, to)
		return err
	})
	return p, err
}

// check goes through a portion in the order of the chain.
func (v *verifier) check(p portion) error {
	for _, s := range p.seals {
		if s.act != v.prev.act+1 {
			return missingSeal(v.prev.act + 1)
		}
		if len(p.acts) == 0 || p.acts[0].id != s.act {
			return &BrokenChain{Act: term.ActID(s.act), Table: "acts", Row: s.act, Kind: TrailRemoved, What: "it was removed"}
		}
		act := &p.acts[0]
		p.acts = p.acts[1:]
		n := 0
		for n < len(p.changes) && p.changes[n].act == s.act {
			act.changes = p.changes[n].encode(act.changes)
			n++
		}
		if err := v.checkSeal(&s, act, p.changes[:n]); err != nil {
			return err
		}
		p.changes = p.changes[n:]
		v.prev = s
		v.seen.Acts = term.ActID(s.act)
	}
	return nil
}

func (v *verifier) checkSeal(s *sealRow, act *trailAct, changes []trailChange) error {
	seals := func(what string) error {
		return &BrokenChain{Act: term.ActID(s.act), Table: "act_seals", Row: s.act, Kind: TrailEdited, What: what}
	}
	if s.alg != sealAlgorithm || s.key != v.audit.ID() {
		return seals("its seal has an unknown form")
	}
	if !bytes.Equal(s.prev, v.prev.mac) {
		return seals("it does not follow the act before")
	}
	inner := s.inner(v.audit, act.encode())
	if !bytes.Equal(s.outer(v.audit, inner), s.mac) {
		return &BrokenChain{Act: term.ActID(s.act), Table: "acts", Row: s.act, Kind: TrailEdited, What: edited(changes)}
	}
	err := v.checkDay(s, act.at, inner)
	v.at = act.at
	return err
}

// edited says where to look for what was edited: the seal covers an act and its changes as one.
func edited(changes []trailChange) string {
	if len(changes) == 0 {
		return "it, its changes or its seal were edited"
	}
	return fmt.Sprintf("it, its changes (act_changes rows %d to %d) or its seal were edited", changes[0].id, changes[len(changes)-1].id)
}

// checkDay checks the seal of the day where the key is known.
func (v *verifier) checkDay(s *sealRow, at string, inner []byte) error {
	switch {
	case len(s.day) == 0:
		if v.seen.BareTo = term.ActID(s.act); v.seen.Bare == 0 {
			v.seen.Bare = v.seen.BareTo
		}
		return nil
	case v.key == nil || !v.full && (s.sheet != v.key.Sheet || s.epoch != v.key.Epoch):
		return nil
	case s.sheet != v.key.Sheet:
		v.seen.Strange++
		return nil
	}
	if v.full && v.prev.sheet == s.sheet && !v.follows(s, at) {
		return forged(s)
	}
	if s.epoch < v.key.Epoch {
		v.key = v.first
	}
	v.key = v.key.Forward(s.epoch)
	if v.key == nil || len(s.day) < macSize || !bytes.Equal(v.key.MAC(dayOfAct, inner), s.day[:macSize]) {
		return forged(s)
	}
	v.seen.Days++
	return nil
}

// follows says that the key of an act fits that of the act before: the same key on the same
// day; on another day the next key, with the day before closed by its own.
func (v *verifier) follows(s *sealRow, at string) bool {
	r := Read{db: v.db}
	switch s.epoch {
	case v.prev.epoch:
		return len(s.day) == macSize && r.dayOf(v.at) == r.dayOf(at)
	case v.prev.epoch + 1:
		return len(s.day) == 2*macSize && r.dayOf(v.at) != r.dayOf(at) && v.key.Epoch == v.prev.epoch &&
			bytes.Equal(v.key.MAC(dayEnd, s.prev), s.day[macSize:])
	}
	if s.epoch < v.prev.epoch || len(s.day) != macSize || r.dayOf(v.at) == r.dayOf(at) {
		return false
	}
	if v.seen.Gap == 0 {
		v.seen.Gap = term.ActID(s.act)
	}
	return true
}

func forged(s *sealRow) error {
	return &BrokenChain{
		Act: term.ActID(s.act), Table: "act_seals", Row: s.act, Kind: TrailForged,
		What: "the seal of its day does not fit: it, or acts before it, were changed after that day with the keys of this machine",
	}
}

// verifyAnchors finds anchors that are no longer in the chain.
func (db *DB) verifyAnchors(ctx context.Context, anchors []Anchor) error {
	return db.Read(ctx, func(r *Read) error {
		var agreed Anchor
		var missing *BrokenChain
		for _, a := range anchors {
			if a.Act == 0 {
				continue
			}
			broken, err := r.verifyAnchor(a, agreed)
			switch {
			case err != nil:
				return err
			case broken == nil && a.Act > agreed.Act:
				agreed = a
			case broken != nil && missing == nil:
				missing = broken
			case broken != nil:
				missing.To = max(missing.To, broken.To)
			}
		}
		if missing != nil {
			return missing
		}
		return nil
	})
}

// verifyAnchor compares one anchor with the chain; agreed is an earlier one that is in it.
func (r *Read) verifyAnchor(a, agreed Anchor) (*BrokenChain, error) {
	mac, ok, err := found(one(r, value[[]byte], `SELECT mac FROM act_seals WHERE id = ?`, a.Act))
	if err != nil || ok && bytes.Equal(mac, a.MAC) {
		return nil, err
	}
	if ok {
		return &BrokenChain{
			Act: min(agreed.Act+1, a.Act), To: a.Act, Kind: TrailOther,
			What: "they are not those that were done: the chain was written anew, or goes on from an older file",
		}, nil
	}
	last, _, err := lastSeal(r)
	if err != nil {
		return nil, err
	}
	return &BrokenChain{Act: term.ActID(last.act) + 1, To: a.Act, Kind: TrailCut, What: "they were cut off, or an older file was put in place"}, nil
}
