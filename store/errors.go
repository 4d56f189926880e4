package store

import (
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors of reading and writing; app/fault turns them into sentences.
var (
	// ErrNotFound says that no row has this id.
	ErrNotFound = errors.New("store: not found")
	// ErrStale says that someone changed the row since it was read.
	ErrStale = errors.New("store: the row was changed meanwhile")
	// ErrBusy says that the turn to write did not come in time.
	ErrBusy = errors.New("store: busy, the turn did not come in time")
	// ErrNested says that a Write was started inside a Write.
	ErrNested = errors.New("store: a write inside a write")
	// ErrOnce says that a one-time key was used before, by another person or for another deed.
	ErrOnce = errors.New("store: this one-time key was used for something else")
	// ErrChanged says that the deed of a one-time key was done before, with another content.
	ErrChanged = errors.New("store: this was posted before with another content")
	// ErrClosed says that the database is closed.
	ErrClosed = errors.New("store: closed")
	// ErrLost says that the transaction was rolled back underneath the write.
	ErrLost = errors.New("store: the transaction was lost and nothing was saved")
	// ErrOutsideAct says that a table of the trail was written outside an act.
	ErrOutsideAct = errors.New("store: a write outside an act was refused")
	// ErrLocked says that another process works with the same data folder.
	ErrLocked = errors.New("store: another meixu already works with this data folder; stop it first")
	// ErrForeign says that the file is a database of another program.
	ErrForeign = errors.New("store: the file is not a meixu database")
	// ErrNewer says that a newer program has written the database.
	ErrNewer = errors.New("store: the database was written by a newer meixu; start that version or restore a backup")
	// ErrEdited says that an applied migration was edited afterwards.
	ErrEdited = errors.New("store: an applied migration was edited")
	// ErrGap says that migration numbers have a gap.
	ErrGap = errors.New("store: migration numbers have a gap")
	// ErrSetup says that SQLite did not take a setting we rely on.
	ErrSetup = errors.New("store: start-up self-test failed")
	// ErrFull says that the disk had no room; nothing was saved.
	ErrFull = errors.New("store: the disk is full")
	// ErrDisk says that the disk failed while reading or writing.
	ErrDisk = errors.New("store: the disk failed")
	// ErrStopped says that nothing is written since the disk failed, until the file was opened
	// anew and found whole.
	ErrStopped = errors.New("store: writing has stopped")
	// ErrDenied says that the data folder may not be read or written.
	ErrDenied = errors.New("store: the data folder cannot be read and written")
	// ErrLarge says that a text is longer than may be kept.
	ErrLarge = errors.New("store: the text is too long to keep")
	// ErrReversed says that a movement was reversed already.
	ErrReversed = errors.New("store: the movement was reversed already")
)

// ErrExists says that a UNIQUE rule was broken.
type ErrExists struct {
	// Constraint is what SQLite names: "visits.client_id", "staff_roles.staff_id,
	// staff_roles.role", or "index 'name'" for an index over expressions.
	Constraint string
}

func (e *ErrExists) Error() string { return "store: exists already: " + e.Constraint }

// ErrCheck says that a CHECK rule was broken.
type ErrCheck struct{ Constraint string }

func (e *ErrCheck) Error() string { return "store: refused by rule: " + e.Constraint }

// Replayed says that a post with the same one-time key was carried out before.
type Replayed struct {
	// Result is "noun:id" of the first answer, "" when it named none.
	Result string
}

func (e *Replayed) Error() string { return "store: carried out before: " + e.Result }

// PanicError is a panic inside a write; everything was rolled back.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("store: panic in a write: %v", e.Value) }

// sqlError turns SQLite's codes into our errors and keeps the rest as it is.
func sqlError(err error) error {
	var e *sqlite.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	switch e.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return &ErrExists{constraintOf(e.Error())}
	case sqlite3.SQLITE_CONSTRAINT_CHECK:
		return &ErrCheck{constraintOf(e.Error())}
	case sqlite3.SQLITE_CONSTRAINT_TRIGGER:
		if constraintOf(e.Error()) == noAct {
			return ErrOutsideAct
		}
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_SNAPSHOT, sqlite3.SQLITE_BUSY_TIMEOUT, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	if kind := diskError(e.Code()); kind != nil {
		return fmt.Errorf("%w: %w", kind, err)
	}
	return err
}

// diskError is what a code of SQLite says about the disk; nil when it says nothing. The low
// byte is the kind, the rest its detail.
func diskError(code int) error {
	switch code & 0xff {
	case sqlite3.SQLITE_FULL:
		return ErrFull
	case sqlite3.SQLITE_IOERR:
		return ErrDisk
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return ErrDamaged
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		return ErrDenied
	}
	return nil
}

// constraintOf cuts the name out of "… UNIQUE constraint failed: visits.client_id (2067)".
func constraintOf(message string) string {
	at := strings.LastIndex(message, "constraint failed: ")
	if at < 0 {
		return message
	}
	name := message[at+len("constraint failed: "):]
	if end := strings.LastIndex(name, " ("); end >= 0 {
		name = name[:end]
	}
	return strings.TrimSpace(name)
}
