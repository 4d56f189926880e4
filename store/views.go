package store

import (
	"context"
	"sync"
	"time"

	"meixu/store/term"
)

// viewDelay is how far views may be behind (rulings 10).
const viewDelay = time.Second

// viewSpan is how long a view by the same person at the same station, of the same subject by
// the same deed, counts as one: an open page that follows the news is not opened anew.
const viewSpan = 10 * time.Minute

// mostViews bounds what is remembered of views; beyond it the memory begins anew, and a view
// is rather noted twice than not at all.
const mostViews = 4096

// viewQueue gathers views, so that opening a page never waits for the disk.
type viewQueue struct {
	mu      sync.Mutex
	waiting []seenView
	kick    chan struct{}
	quit    chan struct{}
	done    chan struct{}
	err     error // first failure, given back by Flush and Close
	noted   map[viewKey]term.Instant
}

// viewKey is what makes two views the same.
type viewKey struct {
	staff                         term.StaffID
	role, station, action, reason string
	subject                       Subject
}

// again says that the same view was noted within the span. A view that is not the same is
// remembered as noted at that time: the span is not drawn out by what falls into it.
func (q *viewQueue) again(a Act, at term.Instant) bool {
	key := viewKey{a.Staff, a.Role, a.Station, a.Action, a.Reason, a.Subject}
	if last, known := q.noted[key]; known && !at.Before(last) && at.Before(last.Add(viewSpan)) {
		return true
	}
	if q.noted == nil || len(q.noted) >= mostViews {
		q.noted = map[viewKey]term.Instant{}
	}
	q.noted[key] = at
	return false
}

type seenView struct {
	act Act
	at  term.Instant
}

// Saw notes that someone opened a page about a client; it becomes an act of its own in the
// same chain within a second. It never waits. The first view is always noted; the same one
// again within viewSpan is not a new one.
func (db *DB) Saw(act Act, client term.ClientID) {
	if client != 0 && act.Subject.Noun == "" {
		act.Subject = Subject{"client", int64(client)}
	}
	act.Once = ""
	now := db.Now()
	db.views.mu.Lock()
	again := db.views.again(act, now)
	if !again {
		db.views.waiting = append(db.views.waiting, seenView{act, now})
	}
	db.views.mu.Unlock()
	if again {
		return
	}
	select {
	case db.views.kick <- struct{}{}:
	default:
	}
}

// Flush writes all views noted so far.
func (db *DB) Flush(ctx context.Context) error { return db.views.write(ctx, db) }

func (q *viewQueue) start(db *DB) {
	q.kick, q.quit, q.done = make(chan struct{}, 1), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(q.done)
		for {
			select {
			case <-q.quit:
				return
			case <-q.kick:
			}
			select { // let a batch gather
			case <-q.quit:
				return
			case <-time.After(viewDelay / 2):
			}
			if err := q.write(context.Background(), db); err != nil {
				q.mu.Lock()
				if q.err == nil {
					q.err = err
				}
				q.mu.Unlock()
			}
		}
	}()
}

func (q *viewQueue) stop(db *DB) error {
	close(q.quit)
	<-q.done
	err := q.write(context.Background(), db)
	q.mu.Lock()
	defer q.mu.Unlock()
	if err == nil {
		err = q.err
	}
	return err
}

// write saves the waiting views in one transaction, one sealed act each. After a failure
// they wait on.
func (q *viewQueue) write(ctx context.Context, db *DB) error {
	var batch []seenView
	err := db.WriteQuiet(ctx, func(tx *Tx) error {
		q.mu.Lock()
		batch = q.waiting
		q.waiting = nil
		q.mu.Unlock()
		for _, view := range batch {
			tx.now = view.at
			if err := tx.openAct(); err != nil {
				return err
			}
			if err := tx.closeAct(view.act); err != nil {
				return err
			}
		}
		return nil
	})
	q.mu.Lock()
	defer q.mu.Unlock()
	if err != nil {
		q.waiting = append(batch, q.waiting...)
		return err
	}
	q.err = nil
	return nil
}
