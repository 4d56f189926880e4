package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"meixu/store/term"
)

// Doors for the tests of package store_test.

func (tx *Tx) Exec(query string, args ...any) (int64, error) { return tx.exec(query, args...) }
func (tx *Tx) SaveOne(query string, args ...any) error       { return tx.save(query, args...) }
func (r *Read) Unseal(c term.ClientID, table string, id int64, col string, b []byte) (string, error) {
	return r.unseal(c, table, id, col, b)
}

func (tx *Tx) Seal(c term.ClientID, table string, id int64, col, plain string, old []byte) ([]byte, error) { //nolint:revive // the same as seal
	return tx.seal(c, table, id, col, plain, old)
}

// ManyKin is the condition with which a snapshot asks about one row and its neighbours.
func ManyKin(where string) (string, bool) {
	_, many, _, ok := manyKin(where)
	return many, ok
}

func Value[T any](r *Read, query string, args ...any) (T, error) {
	return one(r, value[T], query, args...)
}

// Raw runs a statement on the write connection outside of any act, as a script would.
func (db *DB) Raw(query string, args ...any) error {
	<-db.turn
	defer func() { db.turn <- struct{}{} }()
	_, err := db.write.conn.ExecContext(context.Background(), query, args...)
	return sqlError(err)
}

// Conns are the write connection and a reader.
func (db *DB) Conns() (writer, reader *sql.Conn) { return db.write.conn, db.oneReader() }

// Migrations are the schema's own, as a folder.
var Migrations fs.FS = migrationFiles

// MigrateFile applies the migrations of a folder to a database file.
func MigrateFile(path string, files fs.FS) error { return MigrateOn(path, files, "") }

// MigrateOn is MigrateFile through another file layer.
func MigrateOn(path string, files fs.FS, vfs string) error {
	ctx := context.Background()
	list, err := readMigrations(files, "migrations")
	if err != nil {
		return err
	}
	options := writerOpts
	if vfs != "" {
		options += "&vfs=" + vfs
	}
	db, err := pool(path, options, 1)
	if err != nil {
		return err
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return migrate(ctx, conn, list, term.At(time.Unix(1, 0)))
}

// SetHeader runs one statement on a closed file, as another program would.
func SetHeader(path, statement string) error {
	db, err := pool(path, "", 1)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(context.Background(), statement)
	return err
}

func (db *DB) oneReader() *sql.Conn {
	one, err := db.read.take(context.Background())
	if err != nil {
		panic(err)
	}
	defer db.read.give(one, false)
	return one.conn
}

// Waiting is how many writes wait for the turn.
func (db *DB) Waiting() int64 { return db.queue.Load() }

// OnDisk makes the database open its file for writing through another file layer.
func OnDisk(o Options, vfs string) Options {
	o.layer = "&vfs=" + vfs
	return o
}

// Impatient makes reads end sooner than in use.
func Impatient(o Options, limit time.Duration) Options {
	o.limit = limit
	return o
}

// OpenRaw opens a database file as the writer does, weaker if asked, and runs statements on it.
func OpenRaw(path, vfs, synchronous string) (run func(string) error, closed func() error, err error) {
	options := strings.Replace(writerOpts, "_synchronous=EXTRA", "_synchronous="+synchronous, 1)
	if vfs != "" {
		options += "&vfs=" + vfs
	}
	db, err := pool(path, options, 1)
	if err != nil {
		return nil, nil, err
	}
	return func(statement string) error {
		_, err := db.ExecContext(context.Background(), statement)
		return sqlError(err)
	}, db.Close, nil
}

// LookInto reads one number out of a database file after SQLite has recovered it, and demands
// that the file is whole.
func LookInto(path, query string) (n int64, err error) {
	db, err := pool(path, writerOpts, 1)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	var verdict string
	if err := db.QueryRowContext(context.Background(), `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return 0, err
	}
	if verdict != "ok" {
		return 0, fmt.Errorf("integrity_check: %s", verdict)
	}
	err = db.QueryRowContext(context.Background(), query).Scan(&n)
	return n, err
}

// ActInside does one act inside a write of another kind, so that many share a commit.
func (tx *Tx) ActInside(a Act, fn func(*Tx) error) error {
	if err := tx.openAct(); err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	return tx.closeAct(a)
}

// Reseal seals the acts from one on anew, as somebody would who has the machine with its keys:
// with the audit key, which the house always has, and the key of the present day.
func (db *DB) Reseal(from int64) error {
	return db.WriteQuiet(context.Background(), func(tx *Tx) error {
		before, _, err := found(one(tx, scanSeal, `SELECT `+sealColumns+` FROM act_seals WHERE id < ? ORDER BY id DESC LIMIT 1`, from))
		if err != nil {
			return err
		}
		acts, err := many(tx, scanTrailAct, `SELECT `+trailColumns+` FROM acts WHERE id >= ? ORDER BY id`, from)
		if err != nil {
			return err
		}
		if _, err := tx.exec(`DELETE FROM act_seals WHERE id >= ?`, from); err != nil {
			return err
		}
		for i := range acts {
			if acts[i].id != before.act+1 {
				return fmt.Errorf("act %d is missing", before.act+1)
			}
			before.act = acts[i].id
			if err := tx.sealAct(&acts[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// OpenLanes is how many connections readers have needed so far.
func (db *DB) OpenLanes() int {
	db.read.mu.Lock()
	defer db.read.mu.Unlock()
	return len(db.read.idle)
}

// OpenConnections is how many connections the pool of readers holds.
func (db *DB) OpenConnections() int { return db.reader.Stats().OpenConnections }

// SegmentQueries are the queries that count and list a segment, with their values.
func (r *Read) SegmentQueries(s SegmentRule, p SegmentPage) (queries [2]string, values [2][]any, err error) {
	if queries[0], values[0], err = r.countingSegment(s); err == nil {
		queries[1], values[1], err = r.listingSegment(s, p)
	}
	return queries, values, err
}
