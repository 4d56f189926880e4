package store

import (
	"context"
	"database/sql"
	"errors"
)

// keptStatements bounds the statements a lane keeps prepared. The program has fewer fixed
// ones; lists with many optional filters make the rest.
const keptStatements = 512

// lane is one connection with the statements prepared on it. Preparing costs SQLite more
// than most of our queries, so each is prepared once per connection. A lane serves one
// transaction at a time.
type lane struct {
	conn *sql.Conn
	kept map[string]*statement
}

// statement is a prepared statement; busy while its rows are being read.
type statement struct {
	*sql.Stmt
	busy, single bool
}

func openLane(ctx context.Context, pool *sql.DB) (*lane, error) {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &lane{conn: conn, kept: map[string]*statement{}}, nil
}

// take finds or prepares a statement; the caller gives it back by release. A statement whose
// rows are still being read, as by a query inside a scan of itself, gets a twin for once.
func (l *lane) take(ctx context.Context, query string) (*statement, error) {
	have := l.kept[query]
	if have != nil && !have.busy {
		have.busy = true
		return have, nil
	}
	prepared, err := l.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	fresh := &statement{Stmt: prepared, busy: true, single: have != nil}
	if have == nil {
		l.makeRoom()
		l.kept[query] = fresh
	}
	return fresh, nil
}

// makeRoom drops all idle statements when the lane keeps too many.
func (l *lane) makeRoom() {
	if len(l.kept) < keptStatements {
		return
	}
	for query, s := range l.kept {
		if !s.busy {
			_ = s.Close() // frees memory only
			delete(l.kept, query)
		}
	}
}

// release gives a statement back.
func (s *statement) release() {
	s.busy = false
	if s.single {
		_ = s.Close() // frees memory only
	}
}

// exec runs a statement that gives no rows.
func (l *lane) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := l.take(ctx, query)
	if err != nil {
		return nil, err
	}
	defer s.release()
	return s.ExecContext(ctx, args...)
}

func (l *lane) close() error {
	errs := make([]error, 0, len(l.kept)+1)
	for _, s := range l.kept {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, l.conn.Close())...)
}

// lanes are the connections of the readers.
type lanes struct {
	pool *sql.DB
	idle chan *lane
	open int
}

func openLanes(ctx context.Context, pool *sql.DB, n int) (*lanes, error) {
	l := &lanes{pool: pool, idle: make(chan *lane, n)}
	for range n {
		one, err := openLane(ctx, pool)
		if err != nil {
			return nil, errors.Join(err, l.close())
		}
		l.idle <- one
		l.open++
	}
	return l, nil
}

// snapshot runs fn inside one read transaction on a free lane.
func (l *lanes) snapshot(ctx context.Context, fn func(*lane) error) error {
	var free *lane
	select {
	case free = <-l.idle:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { l.idle <- free }()
	if err := ctx.Err(); err != nil {
		return err
	}
	// Beginning does not listen to ctx: a reader that left in this very moment would leave the
	// connection inside a transaction, and nobody could begin another one on it.
	if _, err := free.exec(context.WithoutCancel(ctx), "BEGIN"); err != nil {
		free = l.replace(ctx, free)
		return sqlError(err)
	}
	defer func() {
		// A snapshot has nothing to save; a lane that cannot even end it is replaced.
		if _, err := free.exec(context.WithoutCancel(ctx), "ROLLBACK"); err != nil {
			free = l.replace(ctx, free)
		}
	}()
	return fn(free)
}

// replace closes a broken lane and opens another in its place; when that fails too the
// broken one stays, and the next reader hears why.
func (l *lanes) replace(ctx context.Context, broken *lane) *lane {
	_ = broken.close() // it is broken already
	fresh, err := openLane(context.WithoutCancel(ctx), l.pool)
	if err != nil {
		return broken
	}
	return fresh
}

// close waits for those who still read and closes all lanes.
func (l *lanes) close() error {
	errs := make([]error, 0, l.open)
	for range l.open {
		errs = append(errs, (<-l.idle).close())
	}
	l.open = 0
	return errors.Join(errs...)
}
