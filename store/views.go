package store

import (
	"context"
	"sync"
	"time"

	"meixu/store/term"
)

// viewDelay is how far views may be behind (rulings 10).
const viewDelay = time.Second

// viewQueue gathers views, so that opening a page never waits for the disk.
type viewQueue struct {
	mu      sync.Mutex
	waiting []seenView
	kick    chan struct{}
	quit    chan struct{}
	done    chan struct{}
	err     error // first failure, given back by Flush and Close
}

type seenView struct {
	act Act
	at  term.Instant
}

// Saw notes that someone opened a page about a client; it becomes an act of its own in the
// same chain within a second. It never waits.
func (db *DB) Saw(act Act, client term.ClientID) {
	if client != 0 && act.Subject.Noun == "" {
		act.Subject = Subject{"client", int64(client)}
	}
	act.Once = ""
	db.views.mu.Lock()
	db.views.waiting = append(db.views.waiting, seenView{act, db.Now()})
	db.views.mu.Unlock()
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
