package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// mendAfter is the time between two tries to reopen the file; checking it is slow.
const mendAfter = 10 * time.Second

// stop is why nothing is written any more.
type stop struct{ cause error }

// Stopped says why writing has stopped; nil while all is well. Reading goes on.
func (db *DB) Stopped() error {
	if s := db.stopped.Load(); s != nil {
		return s.cause
	}
	return nil
}

// suspect translates an error of the write connection. After an error of the disk nothing on
// that connection can be trusted: Linux forgets what it could not write and says "done" to the
// next sync. Writing stops until the file was opened anew and found whole (TR-04).
func (db *DB) suspect(err error) error {
	err = sqlError(err)
	if errors.Is(err, ErrDisk) {
		db.stopped.CompareAndSwap(nil, &stop{cause: err})
	}
	return err
}

// mend gives nil when writing may go on: nothing was wrong, or the file could be opened anew,
// is whole, and holds every act that was reported as saved. Whoever has the turn calls it.
func (db *DB) mend(ctx context.Context) error {
	s := db.stopped.Load()
	if s == nil {
		return nil
	}
	now := db.Now()
	if since := now.Sub(db.tried); !db.tried.IsZero() && since >= 0 && since < mendAfter {
		return fmt.Errorf("%w: %w", ErrStopped, s.cause)
	}
	db.tried = now
	if err := db.reopen(ctx); err != nil {
		return fmt.Errorf("%w: %w; opening it anew: %w", ErrStopped, s.cause, err)
	}
	db.stopped.Store(nil)
	return nil
}

// reopen closes the write connection and opens it again with all checks of a start and a
// write that must reach the disk.
func (db *DB) reopen(ctx context.Context) error {
	_, _ = db.write.exec(ctx, "ROLLBACK") // most likely there is nothing left to roll back
	_ = errors.Join(db.write.close(), db.writer.Close())
	if err := db.openWriter(ctx); err != nil {
		return err
	}
	if err := intact(ctx, db.write.conn); err != nil {
		return err
	}
	r := &Read{ctx: ctx, db: db, on: db.write}
	last, err := one(r, value[int64], `SELECT coalesce(max(id), 0) FROM acts`)
	if err != nil {
		return err
	}
	if last < db.saved {
		return fmt.Errorf("%w: act %d was saved and is not there", ErrDamaged, db.saved)
	}
	_, err = db.write.exec(ctx, `INSERT INTO counters (name, value) VALUES ('mended', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1`)
	return sqlError(err)
}
