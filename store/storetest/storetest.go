// Package storetest gives tests a real database in milliseconds: a migrated template is made
// once per process, closed, and copied for each test.
package storetest

import (
	"context"
	"database/sql"
	"encoding/binary"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/seal"
)

// Start is where every test's clock stands: 2026-03-02 09:00 in Shanghai.
var Start = time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)

// Clock is a clock that moves only when told.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock makes a clock that stands at Start.
func NewClock() *Clock { return &Clock{now: Start} }

// Now tells the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Forward moves the clock.
func (c *Clock) Forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Keys is the keyring of all test databases of this process.
var Keys = sync.OnceValue(seal.Ephemeral)

// New opens a fresh, migrated database that is closed when the test ends.
func New(t testing.TB) (*store.DB, *Clock) {
	t.Helper()
	clock := NewClock()
	return Open(t, store.Options{Now: clock.Now}), clock
}

// Open is New with own options; missing ones are filled in. A folder that holds a database
// already is opened as it is.
func Open(t testing.TB, opts store.Options) *store.DB {
	t.Helper()
	if opts.Keys == nil {
		opts.Keys = Keys()
	}
	if opts.Now == nil {
		opts.Now = NewClock().Now
	}
	if opts.Dir == "" {
		opts.Dir = t.TempDir()
		if opts.Keys == Keys() {
			Fill(t, opts.Dir)
		}
	}
	db, err := store.Open(context.Background(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

// Act is a member of staff doing something.
func Act(action string) store.Act {
	return store.Act{Staff: 1, Role: "reception", Station: "desk-1", Action: action}
}

// template is a migrated, closed database file as bytes.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "meixu-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover in the temporary folder harms nobody
	db, err := store.Open(context.Background(), store.Options{Dir: dir, Keys: Keys(), Now: NewClock().Now})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, store.File))
})

// Fill puts the migrated template into a data folder that is not open.
func Fill(t testing.TB, dir string) {
	t.Helper()
	data, err := template()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, store.File), data, 0o600))
}

// printed is the recovery file of Keys as bytes, and the code on its sheet.
type printed struct {
	file []byte
	code string
}

// sheet is printed once: backups need it.
var sheet = sync.OnceValues(func() (p printed, err error) {
	dir, err := os.MkdirTemp("", "meixu-sheet-")
	if err != nil {
		return p, err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a leftover in the temporary folder harms nobody
	if p.code, err = Keys().Sheet(dir); err != nil {
		return p, err
	}
	p.file, err = os.ReadFile(filepath.Join(dir, seal.Folder, seal.RecoveryFile))
	return p, err
})

// SheetCode is the code that Sheet's recovery file opens with.
func SheetCode(t testing.TB) string {
	t.Helper()
	p, err := sheet()
	require.NoError(t, err)
	return p.code
}

// Sheet puts the recovery file of Keys into a data folder, so that backups can be made.
func Sheet(t testing.TB, dir string) {
	t.Helper()
	p, err := sheet()
	require.NoError(t, err)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, seal.Folder), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dir, seal.Folder, seal.RecoveryFile), p.file, 0o600))
}

// Newer marks a closed database as written by a later program.
func Newer(t testing.TB, dir string) {
	t.Helper()
	path := filepath.Join(dir, store.File)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	binary.BigEndian.PutUint32(data[60:], 999)          // user_version in the header of an SQLite file
	require.NoError(t, os.WriteFile(path, data, 0o600)) //nolint:gosec // a folder of the test
}

// Tamper runs statements on a closed database file, as somebody would who has the file.
func Tamper(t testing.TB, dir string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, store.File))
	require.NoError(t, err)
	for _, statement := range statements {
		_, err := db.ExecContext(context.Background(), statement)
		require.NoError(t, err, statement)
	}
	require.NoError(t, db.Close())
}
