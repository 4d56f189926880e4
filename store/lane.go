package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"time"
)

// keptStatements bounds the statements a lane keeps prepared. The program has fewer fixed
// ones; lists with many optional filters make the rest.
const keptStatements = 512

// keptIdle is how long a reader that nobody needs stays open. Each holds the whole schema with the
// triggers of the trail, 8 MB, and takes 13 ms to come back; a burst leaves four of them behind.
const keptIdle = 5 * time.Minute

// lane is one connection with the statements prepared on it. Preparing costs SQLite more
// than most of our queries, so each is prepared once per connection. A lane serves one
// transaction at a time.
type lane struct {
	conn    *sql.Conn
	kept    map[string]*statement
	changed bool      // something that steady keeps, in the transaction that is open
	left    time.Time // when its last reader left it
}

// statement is a prepared statement; busy while its rows are being read.
type statement struct {
	*sql.Stmt
	busy, single bool
	changes      bool // what steady keeps
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
	fresh := &statement{Stmt: prepared, busy: true, single: have != nil, changes: changesSteady.MatchString(query)}
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
	l.changed = l.changed || s.changes
	return s.ExecContext(ctx, args...)
}

func (l *lane) close() error {
	errs := make([]error, 0, len(l.kept)+1)
	for _, s := range l.kept {
		errs = append(errs, s.Close())
	}
	// The pool would keep the connection for the next one who asks: nobody does before long.
	if err := l.conn.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(err, driver.ErrBadConn) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// lanes are the connections of the readers, opened when they are first needed. The one that came
// back last goes out first: its statements are prepared, and its pages are in memory.
type lanes struct {
	pool *sql.DB
	now  func() time.Time
	busy chan struct{} // a token for each reader at work

	mu   sync.Mutex
	idle []*lane // the one that waits longest is the first
}

func openLanes(pool *sql.DB, most int, now func() time.Time) *lanes {
	return &lanes{pool: pool, now: now, busy: make(chan struct{}, most)}
}

// take waits for a free lane until ctx ends.
func (l *lanes) take(ctx context.Context) (*lane, error) {
	select {
	case l.busy <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	l.mu.Lock()
	last := len(l.idle) - 1
	if last >= 0 {
		free := l.idle[last]
		l.idle = l.idle[:last]
		l.mu.Unlock()
		return free, nil
	}
	l.mu.Unlock()
	fresh, err := openLane(context.WithoutCancel(ctx), l.pool)
	if err != nil {
		<-l.busy
		return nil, sqlError(err)
	}
	return fresh, nil
}

// give takes a lane back; a broken one is closed, and the next reader opens another.
func (l *lanes) give(used *lane, broken bool) {
	if broken {
		_ = used.close() // it is broken already
	} else {
		used.left = l.now()
		l.mu.Lock()
		l.idle = append(l.idle, used)
		l.mu.Unlock()
	}
	l.spare()
	<-l.busy
}

// spare closes a lane that nobody needed for long; the one that was just given back stays.
func (l *lanes) spare() {
	l.mu.Lock()
	var old *lane
	if len(l.idle) > 1 && l.now().Sub(l.idle[0].left) > keptIdle {
		old, l.idle = l.idle[0], l.idle[1:]
	}
	l.mu.Unlock()
	if old != nil {
		_ = old.close() // it has only read
	}
}

// snapshot runs fn inside one read transaction on a free lane.
func (l *lanes) snapshot(ctx context.Context, fn func(*lane) error) error {
	free, err := l.take(ctx)
	if err != nil {
		return err
	}
	broken := false
	defer func() { l.give(free, broken) }()
	if err := ctx.Err(); err != nil {
		return err
	}
	// Beginning does not listen to ctx: a reader that left in this very moment would leave the
	// connection inside a transaction, and nobody could begin another one on it.
	if _, err := free.exec(context.WithoutCancel(ctx), "BEGIN"); err != nil {
		broken = true
		return sqlError(err)
	}
	defer func() {
		// A snapshot has nothing to save; a lane that cannot even end it is broken.
		if _, err := free.exec(context.WithoutCancel(ctx), "ROLLBACK"); err != nil {
			broken = true
		}
	}()
	return fn(free)
}

// close waits for those who still read and closes all lanes.
func (l *lanes) close() error {
	for range cap(l.busy) {
		l.busy <- struct{}{}
	}
	errs := make([]error, 0, len(l.idle))
	for _, one := range l.idle {
		errs = append(errs, one.close())
	}
	l.idle = nil
	return errors.Join(errs...)
}
