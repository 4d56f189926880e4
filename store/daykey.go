package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"meixu/store/seal"
)

// openDay takes the key of the day into use. Without one the chain goes on under the audit key
// alone, and a check says so: the clinic's work must not stop for it.
func (db *DB) openDay(ctx context.Context) error {
	key, err := db.opts.Keys.DayKey(db.opts.Dir)
	if errors.Is(err, seal.ErrNoDayKey) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("store: the key of the day: %w", err)
	}
	last, err := db.lastEpoch(ctx, key.Sheet)
	if err != nil {
		return err
	}
	db.day.Store(key)
	if later := key.Forward(last); later != nil && later != key {
		db.keepDay(later) // a power cut came before it was kept, or an old copy of the file came back
	}
	return nil
}

// lastEpoch is how often the key of a sheet had been turned when it was last used.
func (db *DB) lastEpoch(ctx context.Context, sheet string) (epoch int64, err error) {
	err = db.Read(ctx, func(r *Read) error {
		last, ok, err := lastSeal(r)
		if epoch = last.epoch; err != nil || !ok || last.sheet == sheet {
			return err
		}
		epoch, err = one(r, value[int64], `SELECT coalesce(max(epoch), 0) FROM act_seals WHERE sheet = ?`, sheet)
		return err
	})
	return epoch, err
}

// keepDay keeps the new key and wipes the old one. When the disk refuses, the old key stays and
// the next act tries again: it finds by the chain how often its key is to be turned.
func (db *DB) keepDay(key *seal.DayKey) {
	if err := db.opts.Keys.KeepDayKey(db.opts.Dir, key); err != nil {
		slog.Error("the key of the day was not turned", "error", err)
		return
	}
	db.day.Store(key)
}

// DaySealed says that there is a key of the day, so that acts are sealed with it.
func (db *DB) DaySealed() bool { return db.day.Load() != nil }

// BeginSheet begins the seals of the days anew under another sheet, from the next act on: what
// the printed code of that sheet gives verifies them. The count of turns goes on.
func (tx *Tx) BeginSheet(first *seal.DayKey) error {
	epoch, err := one(tx, value[int64], `SELECT coalesce(max(epoch), 0) + 1 FROM act_seals`)
	if err != nil {
		return err
	}
	if now := tx.db.day.Load(); now != nil {
		epoch = max(epoch, now.Epoch+1)
	}
	key := first.Forward(epoch)
	if key == nil {
		return fmt.Errorf("store: the key of the day was turned %d times", epoch)
	}
	tx.saved = append(tx.saved, func() { tx.db.keepDay(key) })
	return nil
}

// BeginDays takes up the seals of the days under a sheet: after the key of the day was lost, and
// after a renewal of the sheet that was broken off when its file was in place and its act was not.
// first is what the printed recovery code gives.
func (db *DB) BeginDays(ctx context.Context, first *seal.DayKey) error {
	if now := db.day.Load(); now != nil && now.Sheet == first.Sheet {
		return nil
	}
	return db.WriteQuiet(ctx, func(tx *Tx) error { return tx.BeginSheet(first) })
}
