package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"meixu/store/seal"
)

// Facts are what can be known of a database file without keys.
type Facts struct {
	Schema int              `json:"schema"`
	Rows   map[string]int64 `json:"rows"`
	Anchor Anchor           `json:"anchor"`
}

// ErrDamaged says that a database file is not whole.
var ErrDamaged = errors.New("store: the database file is damaged")

// withCopy opens a database read-only on a connection of its own, not of the pools.
func withCopy(ctx context.Context, path string, fn func(*sql.Conn) error) (err error) {
	db, err := pool(path, copyOpts, 1)
	if err != nil {
		return err
	}
	defer func() {
		if closed := db.Close(); err == nil {
			err = closed
		}
	}()
	conn, err := db.Conn(ctx)
	if err != nil {
		return sqlError(err)
	}
	defer conn.Close() //nolint:errcheck // gives the connection back
	return sqlError(fn(conn))
}

// LogSize is the length of the write-ahead log in bytes, by its entry in the folder: the file
// itself is never opened.
func LogSize(dir string) int64 {
	info, err := os.Stat(filepath.Join(dir, File+"-wal"))
	if err != nil {
		return 0
	}
	return info.Size()
}

// CopyTo writes the database in dir, as Dump sees it, to a new file while others go on
// writing. The file must not exist.
func CopyTo(ctx context.Context, dir, file string) (err error) {
	out, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = Dump(ctx, dir, out)
	return err
}

// Inspect checks a closed database file through and through: every page, every index,
// every foreign key, our own list of migrations. ErrDamaged when something is wrong.
func Inspect(ctx context.Context, file string) (facts Facts, err error) {
	err = withCopy(ctx, file, func(conn *sql.Conn) error {
		files, err := migrations()
		if err != nil {
			return err
		}
		if err := intact(ctx, conn); err != nil {
			return err
		}
		if facts.Schema, err = applied(ctx, conn, files); err != nil {
			return err
		}
		if facts.Schema == 0 {
			return fmt.Errorf("%w: it is empty", ErrDamaged)
		}
		return facts.read(ctx, conn)
	})
	return facts, err
}

func intact(ctx context.Context, conn *sql.Conn) error {
	var verdict string
	if err := conn.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", ErrDamaged, verdict)
	}
	var broken int
	if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if broken > 0 {
		return fmt.Errorf("%w: %d rows point to nothing", ErrDamaged, broken)
	}
	return nil
}

func (f *Facts) read(ctx context.Context, conn *sql.Conn) error {
	tables, err := pairs(ctx, conn, `SELECT name, name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'`)
	if err != nil {
		return err
	}
	f.Rows = map[string]int64{}
	for table := range tables {
		var n int64
		if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM "`+table+`"`).Scan(&n); err != nil {
			return fmt.Errorf("%w: counting %s: %w", ErrDamaged, table, err)
		}
		f.Rows[table] = n
	}
	err = conn.QueryRowContext(ctx, `SELECT id, mac FROM act_seals ORDER BY id DESC LIMIT 1`).Scan(&f.Anchor.Act, &f.Anchor.MAC)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

// CanOpen says whether a keyring opens the keys in a closed database file.
func CanOpen(ctx context.Context, file string, ring *seal.Keyring) error {
	return withCopy(ctx, file, func(conn *sql.Conn) error {
		for _, class := range seal.Classes {
			var k wrappedKey
			err := conn.QueryRowContext(ctx, `SELECT id, wrapped_key FROM class_keys WHERE class = ?`, string(class)).Scan(&k.id, &k.wrapped)
			if errors.Is(err, sql.ErrNoRows) {
				continue
			}
			if err != nil {
				return err
			}
			if _, err := ring.Unwrap(class, k.id, k.wrapped); err != nil {
				return err
			}
		}
		return nil
	})
}
