package store

import (
	"context"
	"errors"
	"fmt"

	"meixu/store/term"
)

// batchMost bounds how many writes share one commit, and so how long the first waits.
const batchMost = 64

// batch is one transaction that writes share when they wait for the turn together: each is
// carried out by its own goroutine inside a savepoint of its own, and hands the open
// transaction to the next in the queue; the last commits for all. Making a commit durable
// costs one flush of the disk, so a clinic's busy minute pays it once for many. A write that
// nobody waits behind is a batch of one and costs no more than before.
type batch struct {
	members []*Tx         // whose changes are in it, in order
	ended   chan struct{} // closed when the transaction has ended
	err     error         // why nothing of it was saved; read after ended
}

// errLostBatch says that the transaction ended underneath its members; each is carried out
// again on its own.
var errLostBatch = errors.New("store: a shared transaction was lost")

type writeMark struct{}

// share carries a job out and returns when it is on the disk, or not. What a member of a
// batch answers, refusals too, may rest on what others wrote just before, so that it is told
// only when those are saved.
func (db *DB) share(ctx context.Context, j job) error {
	b, err := db.inTurn(ctx, j, false)
	if b == nil {
		return err
	}
	<-b.ended
	if b.err == nil {
		return err
	}
	if len(b.members) == 1 {
		return b.err
	}
	b, err = db.inTurn(ctx, j, true)
	if b == nil {
		return err
	}
	<-b.ended
	return errors.Join(b.err, err)
}

// inTurn waits for the turn and carries the job out. It gives the batch whose end decides
// about the answer, nil when the answer is final. A job that is alone shares with nobody.
func (db *DB) inTurn(ctx context.Context, j job, alone bool) (*batch, error) {
	self := goroutine()
	if ctx.Value(writeMark{}) == db || db.holder.Load() == self {
		return nil, ErrNested
	}
	if err := ctx.Err(); err != nil && !alone {
		return nil, fmt.Errorf("%w: %w", ErrBusy, err)
	}
	if err := db.await(ctx, alone); err != nil {
		return nil, err
	}
	db.holder.Store(self)
	defer func() {
		db.holder.Store(0)
		db.turn <- struct{}{}
	}()
	if db.closed.Load() {
		return nil, ErrClosed
	}
	if alone || db.Stopped() != nil {
		db.settle()
	}
	if err := db.mend(context.WithoutCancel(ctx)); err != nil {
		return nil, err
	}
	return db.join(context.WithValue(context.WithoutCancel(ctx), writeMark{}, db), j, alone)
}

// await takes the turn. A write that is carried out again has begun already, so that its
// context no longer counts.
func (db *DB) await(ctx context.Context, begun bool) error {
	if begun {
		ctx = context.WithoutCancel(ctx)
	}
	db.queue.Add(1)
	defer db.queue.Add(-1)
	select {
	case <-db.turn:
		return nil
	case <-ctx.Done():
		// Somebody may have left a transaction open because this one stood in the queue.
		go func() {
			<-db.turn
			if db.queue.Load() == 0 {
				db.settle()
			}
			db.turn <- struct{}{}
		}()
		return fmt.Errorf("%w: %w", ErrBusy, ctx.Err())
	}
}

// join begins a batch or goes on with the open one, carries the job out, and commits unless
// somebody waits who can do so later.
func (db *DB) join(ctx context.Context, j job, alone bool) (b *batch, err error) {
	first := db.batch == nil
	open := "SAVEPOINT member"
	if first {
		open = "BEGIN IMMEDIATE"
	}
	if _, err := db.write.exec(ctx, open); err != nil {
		if !first {
			db.lose(ctx)
		}
		return nil, fmt.Errorf("store: begin: %w", db.suspect(err))
	}
	if first {
		db.write.changed = false
		db.batch = &batch{ended: make(chan struct{})}
	}
	tx := &Tx{Read: &Read{ctx: ctx, db: db, on: db.write, now: term.At(db.opts.Now()), age: db.steady.now(), own: map[keyName]*dataKey{}}}
	ended := errors.New("store: the goroutine ended inside a write")
	err = ended
	defer func() { // also when the goroutine ends inside fn, as a failing test does
		b = db.leave(tx, err, first)
		if alone || db.queue.Load() == 0 || len(db.members()) >= batchMost {
			db.settle()
		}
	}()
	err = tx.run(j.act, j.fn)
	return nil, err
}

// leave keeps or undoes what a member has done. It gives the batch the member's answer waits
// for, nil when nobody else is concerned.
func (db *DB) leave(tx *Tx, err error, first bool) *batch {
	b := db.batch
	switch {
	case err != nil && first:
		_, _ = db.write.exec(tx.ctx, "ROLLBACK") // fails only when SQLite rolled back itself
		db.batch = nil
		return nil
	case err != nil:
		_, undone := db.write.exec(tx.ctx, "ROLLBACK TO member")
		_, freed := db.write.exec(tx.ctx, "RELEASE member")
		if undone != nil || freed != nil {
			_ = db.suspect(errors.Join(undone, freed)) // the member answers with its own error
			db.lose(tx.ctx)
			return nil
		}
		return b
	case !first:
		if _, freed := db.write.exec(tx.ctx, "RELEASE member"); freed != nil {
			_ = db.suspect(freed)
			db.lose(tx.ctx)
			return b
		}
	}
	b.members = append(b.members, tx)
	return b
}

// lose ends the batch whose transaction is gone: its members are carried out again.
func (db *DB) lose(ctx context.Context) {
	_, _ = db.write.exec(ctx, "ROLLBACK") // most likely there is nothing left to roll back
	db.finish(errLostBatch)
}

// settle commits the open batch, if there is one, and tells the news of its members in their
// order, still in turn, so that the order of news is the order of commits.
func (db *DB) settle() {
	if db.batch == nil {
		return
	}
	ctx := context.Background()
	if db.Stopped() != nil { // a member met an error of the disk: nothing more on this connection
		db.lose(ctx)
		return
	}
	if _, err := db.write.exec(ctx, "COMMIT"); err != nil {
		err = db.suspect(err)
		_, _ = db.write.exec(ctx, "ROLLBACK") // fails only when SQLite rolled back itself
		db.finish(fmt.Errorf("store: commit: %w", err))
		return
	}
	db.commits.Add(1)
	if db.write.changed {
		db.steady.renew()
	}
	for _, tx := range db.batch.members {
		db.saved = max(db.saved, tx.act)
		tx.announce()
	}
	db.finish(nil)
}

func (db *DB) finish(err error) {
	db.batch.err = err
	close(db.batch.ended)
	db.batch = nil
}

func (db *DB) members() []*Tx {
	if db.batch == nil {
		return nil
	}
	return db.batch.members
}
