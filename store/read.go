package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"meixu/store/term"
)

// readLimit ends a query that went astray.
const readLimit = 10 * time.Second

// querier is what a reader's transaction and the write connection have in common.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Read is one snapshot of the database. It is good until the function it was given to ends.
type Read struct {
	ctx context.Context
	db  *DB
	q   querier
	now term.Instant
	own map[keyName]*dataKey // keys made in this transaction, nil for readers
}

// Read runs fn on one snapshot; what others commit meanwhile is not seen.
func (db *DB) Read(ctx context.Context, fn func(*Read) error) error {
	if db.closed.Load() {
		return ErrClosed
	}
	ctx, cancel := context.WithTimeout(ctx, readLimit)
	defer cancel()
	tx, err := db.reader.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("store: begin read: %w", sqlError(err))
	}
	defer tx.Rollback() //nolint:errcheck // a snapshot has nothing to save
	return fn(&Read{ctx: ctx, db: db, q: tx, now: term.At(db.opts.Now())})
}

// Queries counts the queries since the database was opened: what a page asks is the
// difference. A page whose count grows with its list asks once per row.
func (db *DB) Queries() int64 { return db.asked.Load() }

// Now is the instant of this transaction, the same for all it does.
func (r *Read) Now() term.Instant { return r.now }

// Today is the clinic's calendar day of this transaction.
func (r *Read) Today() term.Day { return r.now.Day(r.db.opts.Zone) }

// Zone is the clinic's time zone.
func (r *Read) Zone() *time.Location { return r.db.opts.Zone }

// Context is the context of this transaction.
func (r *Read) Context() context.Context { return r.ctx }

func (r *Read) snapshot() *Read { return r }
