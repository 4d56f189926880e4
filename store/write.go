package store

import (
	"context"
	"errors"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"meixu/store/term"
)

// Tx is one write: everything in it is saved together with its act, or nothing is.
type Tx struct {
	*Read
	act    int64
	result Subject
	topics []string
	after  []func()
	saved  []func()                        // cache changes, before topics and after-hooks
	failed error                           // first error of a call that cannot return one
	stays  map[term.ClientID]term.ClientID // Survivor of those asked about, until files are merged
}

// Write runs fn as one act. Changes, trail and seal are saved together; an error, a panic
// or an exit of the goroutine saves nothing. The context counts only while waiting for the
// turn: once begun, a write is carried through. A Write inside a Write is refused. Write
// returns when the act is on the disk; it may share that commit with others (see batch), and
// fn runs once more when a shared transaction was lost, so it must set what it gives out.
func (db *DB) Write(ctx context.Context, act Act, fn func(*Tx) error) error {
	if act.Action == "" {
		return errors.New("store: an act needs an action")
	}
	return db.share(ctx, job{&act, fn})
}

// WriteQuiet writes what is no act: sessions, drafts, login throttling, job runs. No act is
// open meanwhile, so SQLite refuses a change of any table of the trail.
func (db *DB) WriteQuiet(ctx context.Context, fn func(*Tx) error) error {
	return db.share(ctx, job{nil, fn})
}

// job is what one caller wants written; act is nil for a quiet write.
type job struct {
	act *Act
	fn  func(*Tx) error
}

// run carries the job out. A panic becomes an error.
func (tx *Tx) run(act *Act, fn func(*Tx) error) (err error) {
	defer func() {
		if caught := recover(); caught != nil {
			err = &PanicError{Value: caught, Stack: debug.Stack()}
		}
	}()
	if act != nil {
		kept := tx.blinded(*act)
		act = &kept
		if act.Once != "" {
			if err := tx.replayed(*act); err != nil {
				return err
			}
		}
		if err := tx.openAct(); err != nil {
			return err
		}
	}
	if err := fn(tx); err != nil {
		return err
	}
	if tx.failed != nil {
		return tx.failed
	}
	if act == nil {
		return nil
	}
	return tx.closeAct(*act)
}

// announce tells caches, hooks and listeners of a commit, still in turn, so that the order
// of news is the order of commits.
func (tx *Tx) announce() {
	for _, f := range tx.saved {
		f()
	}
	for _, f := range tx.after {
		f()
	}
	if len(tx.topics) > 0 {
		tx.db.opts.Topics(tx.topics)
	}
}

// ActID is the act of this write, 0 in a quiet write.
func (tx *Tx) ActID() term.ActID { return term.ActID(tx.act) }

// Publish names a topic whose listeners refetch after the commit.
func (tx *Tx) Publish(topic string) {
	for _, have := range tx.topics {
		if have == topic {
			return
		}
	}
	tx.topics = append(tx.topics, topic)
}

// After runs f after the commit, in commit order and before the next write; f must be short
// and must not write. Nothing happens when the write fails.
func (tx *Tx) After(f func()) { tx.after = append(tx.after, f) }

// Result names what a second post with the same one-time key is sent to.
func (tx *Tx) Result(noun string, id int64) { tx.result = Subject{noun, id} }

// exec runs a statement that may touch any number of rows, and says how many.
func (tx *Tx) exec(query string, args ...any) (int64, error) {
	done, err := tx.on.exec(tx.ctx, query, args...)
	if err != nil {
		return 0, tx.db.suspect(err)
	}
	return done.RowsAffected()
}

// save runs a statement that must touch a row, else the row was changed meanwhile.
func (tx *Tx) save(query string, args ...any) error {
	n, err := tx.exec(query, args...)
	if err == nil && n == 0 {
		return ErrStale
	}
	return err
}

func (tx *Tx) fail(err error) {
	if tx.failed == nil {
		tx.failed = err
	}
}

// goroutine is the number of the running goroutine. It serves one purpose: a Write inside
// a Write with the outer context would wait for itself for ever.
func goroutine() int64 {
	var buffer [40]byte
	text := string(buffer[:runtime.Stack(buffer[:], false)])
	text, _, _ = strings.Cut(strings.TrimPrefix(text, "goroutine "), " ")
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}
