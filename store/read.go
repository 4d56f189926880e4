package store

import (
	"context"
	"time"

	"meixu/store/term"
)

// readLimit ends a query that went astray.
const readLimit = 10 * time.Second

// Read is one snapshot of the database. It is good until the function it was given to ends.
type Read struct {
	ctx context.Context
	db  *DB
	on  *lane
	now term.Instant
	age int64                // of what is steady
	own map[keyName]*dataKey // keys made in this transaction, nil for readers
}

// Read runs fn on one snapshot; what others commit meanwhile is not seen.
func (db *DB) Read(ctx context.Context, fn func(*Read) error) error {
	if db.closed.Load() {
		return ErrClosed
	}
	ctx, cancel := context.WithTimeout(ctx, db.opts.limit)
	defer cancel()
	age := db.steady.now() // before the snapshot begins
	return db.read.snapshot(ctx, func(on *lane) error {
		return fn(&Read{ctx: ctx, db: db, on: on, now: term.At(db.opts.Now()), age: age})
	})
}

// Queries counts the queries since the database was opened: what a page asks is the
// difference. A page whose count grows with its list asks once per row.
func (db *DB) Queries() int64 { return db.asked.Load() }

// Commits counts the commits since the database was opened; fewer than acts when writes were
// shared.
func (db *DB) Commits() int64 { return db.commits.Load() }

// Now is the instant of this transaction, the same for all it does.
func (r *Read) Now() term.Instant { return r.now }

// Today is the clinic's calendar day of this transaction.
func (r *Read) Today() term.Day { return r.now.Day(r.db.opts.Zone) }

// Zone is the clinic's time zone.
func (r *Read) Zone() *time.Location { return r.db.opts.Zone }

// Context is the context of this transaction.
func (r *Read) Context() context.Context { return r.ctx }

func (r *Read) snapshot() *Read { return r }
