package store

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// File is the name of the database inside the data folder. Neither it nor its -wal and
// -shm may ever be opened by ordinary file calls: that strips SQLite's locks (trust.md 0.2).
const File = "meixu.db"

// applicationID marks our files ("MXU1").
const applicationID = 0x4D585531

const (
	readers    = 4
	writerOpts = "_journal_mode=WAL&_synchronous=EXTRA&_busy_timeout=5000&_foreign_keys=1&_txlock=immediate" +
		"&_defensive=1&_dqs=0&_error_rc=1&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)&_pragma=secure_delete(1)" +
		"&_pragma=temp_store(2)&_pragma=journal_size_limit(67108864)&_pragma=recursive_triggers(1)"
	readerOpts = "mode=ro&_query_only=1&_busy_timeout=5000&_foreign_keys=1&_defensive=1&_dqs=0&_error_rc=1" +
		"&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)&_pragma=temp_store(2)&_pragma=recursive_triggers(1)"
	copyOpts = "mode=ro&_busy_timeout=5000&_foreign_keys=1&_defensive=1&_dqs=0&_error_rc=1&_pragma=trusted_schema(0)"
)

// dsn spells the address of a database file; the path is escaped, so any folder name works.
func dsn(path, options string) string {
	slashed := filepath.ToSlash(path)
	if filepath.VolumeName(path) != "" {
		slashed = "/" + slashed // file:///C:/…
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: slashed}).String() + "?" + options
}

// pool opens a pool of n connections and keeps them.
func pool(path, options string, n int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, options))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	db.SetConnMaxIdleTime(0)
	db.SetConnMaxLifetime(0)
	return db, nil
}

// settingsOf is what the self-test reads back; the safety of the record rests on these.
var (
	writerSettings = map[string]string{
		"journal_mode": "wal", "synchronous": "3", "foreign_keys": "1", "trusted_schema": "0", "cell_size_check": "1",
		"secure_delete": "1", "temp_store": "2", "recursive_triggers": "1", "query_only": "0", "busy_timeout": "5000",
		"journal_size_limit": "67108864",
	}
	readerSettings = map[string]string{
		"journal_mode": "wal", "foreign_keys": "1", "trusted_schema": "0", "cell_size_check": "1",
		"query_only": "1", "recursive_triggers": "1", "busy_timeout": "5000",
	}
)

// selfTest reads the settings back on one connection of the pool.
func selfTest(ctx context.Context, db *sql.DB, want map[string]string) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() //nolint:errcheck // gives the connection back
	for name, value := range want {
		var have string
		if err := conn.QueryRowContext(ctx, "PRAGMA "+name).Scan(&have); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrSetup, name, err)
		}
		if !strings.EqualFold(have, value) {
			return fmt.Errorf("%w: %s is %s, must be %s", ErrSetup, name, have, value)
		}
	}
	return nil
}
