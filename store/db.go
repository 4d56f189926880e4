// Package store keeps the clinic's facts in one SQLite file: one writer, four readers, an
// act around every change, a trail that the database itself writes. One file per noun holds
// its record, its SQL and nothing else; rules live in app.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
	_ "time/tzdata" // clinics' PCs may lack the zone database

	"meixu/store/seal"
	"meixu/store/term"
)

// Options say where the data lie and what the outside world is.
type Options struct {
	// Dir is the data folder.
	Dir string
	// Now is the clock, the machine's when nil.
	Now func() time.Time
	// Rand serves demo data and rotation order only, never secrets.
	Rand io.Reader
	// Zone is the clinic's zone, Asia/Shanghai when nil.
	Zone *time.Location
	// Keys opens the sealed columns.
	Keys *seal.Keyring
	// layer names another file layer in the data source, for the tests of power cuts.
	layer string
	// limit is how long a read may take; readLimit when 0. Another one serves tests.
	limit time.Duration
	// Topics hears what changed, after each commit, in the order of commits. It must not block.
	Topics func([]string)
}

// DB is the open database of one clinic.
type DB struct {
	opts    Options
	lock    *instanceLock
	writer  *sql.DB
	write   *lane // the one write connection
	reader  *sql.DB
	read    *lanes
	turn    chan struct{} // holds one token while nobody writes
	holder  atomic.Int64  // goroutine that writes now, to refuse nesting instead of hanging
	queue   atomic.Int64  // how many wait for the turn
	batch   *batch        // transaction left open for the next in the queue; of whoever has the turn
	saved   int64         // the newest act that was committed; of whoever has the turn
	tried   term.Instant  // when the file was last opened anew; likewise
	stopped atomic.Pointer[stop]
	closed  atomic.Bool
	asked   atomic.Int64 // queries since the start, for measurements
	commits atomic.Int64 // likewise
	keys    keyCache
	steady  steady
	day     atomic.Pointer[seal.DayKey] // seals the acts of today; nil without
	views   viewQueue
	end     sync.Once
}

// Open takes the data folder for this process, checks and migrates the database and starts
// to serve. Ask Pending before, and make a backup when it answers something.
func Open(ctx context.Context, opts Options) (*DB, error) {
	if err := opts.fill(); err != nil {
		return nil, err
	}
	lock, err := lockInstance(opts.Dir)
	if err != nil {
		return nil, err
	}
	db := &DB{opts: opts, lock: lock, turn: make(chan struct{}, 1)}
	db.turn <- struct{}{}
	if err := db.open(ctx); err != nil {
		return nil, errors.Join(sqlError(err), db.shut())
	}
	db.views.start(db)
	return db, nil
}

func (o *Options) fill() error {
	if o.Dir == "" || o.Keys == nil {
		return errors.New("store: Options need Dir and Keys")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Zone == nil {
		zone, err := time.LoadLocation("Asia/Shanghai")
		if err != nil {
			return err
		}
		o.Zone = zone
	}
	if o.limit == 0 {
		o.limit = readLimit
	}
	if o.Topics == nil {
		o.Topics = func([]string) {}
	}
	return os.MkdirAll(o.Dir, 0o700)
}

func (db *DB) open(ctx context.Context) (err error) {
	path := filepath.Join(db.opts.Dir, File)
	files, err := migrations()
	if err != nil {
		return err
	}
	if err := checkHeader(ctx, path, len(files)); err != nil {
		return err
	}
	if err := db.openWriter(ctx); err != nil {
		return err
	}
	if err := private(path); err != nil {
		return err
	}
	if err := migrate(ctx, db.write.conn, files, term.At(db.opts.Now())); err != nil {
		return err
	}
	if err := refreshTriggers(ctx, db.write.conn); err != nil {
		return err
	}
	if db.reader, err = pool(path, readerOpts, readers); err != nil {
		return err
	}
	if err := selfTest(ctx, db.reader, readerSettings); err != nil {
		return err
	}
	db.read = openLanes(db.reader, readers, db.opts.Now)
	if err := db.openKeys(ctx); err != nil {
		return fmt.Errorf("store: opening the keys: %w", err)
	}
	return db.openDay(ctx)
}

// openWriter opens the one write connection and reads its settings back.
func (db *DB) openWriter(ctx context.Context) error {
	pool, err := pool(filepath.Join(db.opts.Dir, File), writerOpts+db.opts.layer, 1)
	if err != nil {
		return err
	}
	db.writer = pool
	if err := selfTest(ctx, db.writer, writerSettings); err != nil {
		return err
	}
	on, err := openLane(ctx, db.writer)
	if err == nil {
		db.write = on
	}
	return err
}

// Dir is the data folder.
func (db *DB) Dir() string { return db.opts.Dir }

// Keys is the keyring the database was opened with.
func (db *DB) Keys() *seal.Keyring { return db.opts.Keys }

// Now is the clock of this database; per transaction use Read.Now.
func (db *DB) Now() term.Instant { return term.At(db.opts.Now()) }

// Zone is the clinic's time zone.
func (db *DB) Zone() *time.Location { return db.opts.Zone }

// Rand is the injected random source for demo data and rotation order; nil when none.
func (db *DB) Rand() io.Reader { return db.opts.Rand }

// Close writes the waiting views, waits for the running write and gives the folder free.
func (db *DB) Close() error {
	var err error
	db.end.Do(func() {
		err = db.views.stop(db)
		<-db.turn
		db.closed.Store(true)
		db.settle()
		db.turn <- struct{}{}
		err = errors.Join(err, db.shut())
	})
	return err
}

// shut closes what is open, the lock last.
func (db *DB) shut() error {
	var errs []error
	if db.read != nil {
		errs = append(errs, db.read.close())
	}
	if db.reader != nil {
		errs = append(errs, db.reader.Close())
	}
	if db.write != nil {
		errs = append(errs, db.write.close())
	}
	if db.writer != nil {
		errs = append(errs, db.writer.Close())
	}
	return errors.Join(append(errs, db.lock.release())...)
}
