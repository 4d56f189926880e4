package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"meixu/store/term"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one numbered step of the schema.
type migration struct {
	version int
	name    string
	text    string
	sum     string
}

// rebuild marks files that rebuild tables: they run with foreign keys off and a check after.
func (m migration) rebuild() bool { return strings.HasPrefix(m.text, "-- rebuild") }

var migrationName = regexp.MustCompile(`^(\d{4})_([a-z0-9_]+)\.sql$`)

const migrationTable = `CREATE TABLE IF NOT EXISTS schema_migrations (
  version INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  applied_at TEXT NOT NULL
) STRICT`

func migrations() ([]migration, error) { return readMigrations(migrationFiles, "migrations") }

func readMigrations(files fs.FS, dir string) (list []migration, err error) {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		return nil, err
	}
	for _, entry := range entries { // ReadDir sorts by name
		parts := migrationName.FindStringSubmatch(entry.Name())
		if parts == nil {
			return nil, fmt.Errorf("store: migration %s is not named NNNN_what.sql", entry.Name())
		}
		version, _ := strconv.Atoi(parts[1]) // four digits
		if version != len(list)+1 {
			return nil, fmt.Errorf("%w: %s should be number %04d", ErrGap, entry.Name(), len(list)+1)
		}
		text, err := fs.ReadFile(files, dir+"/"+entry.Name())
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(text)
		list = append(list, migration{version, parts[2], string(text), hex.EncodeToString(sum[:])})
	}
	return list, nil
}

// Pending names the migrations that Open would apply to an existing database; none for a
// new one. The app makes a backup first when there are any.
func Pending(ctx context.Context, dir string) (names []string, err error) {
	path := filepath.Join(dir, File)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	files, err := migrations()
	if err != nil {
		return nil, err
	}
	err = withCopy(ctx, path, func(conn *sql.Conn) error {
		done, err := applied(ctx, conn, files)
		for _, m := range files[min(done, len(files)):] {
			if done > 0 {
				names = append(names, fmt.Sprintf("%04d_%s", m.version, m.name))
			}
		}
		return err
	})
	return names, err
}

// checkHeader refuses a foreign or newer file before it is touched. It reads the header only,
// not the schema, because the schema takes longer than all the rest of opening.
func checkHeader(ctx context.Context, path string, known int) error {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return withCopy(ctx, path, func(conn *sql.Conn) error {
		var id, version int
		if err := conn.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&id); err != nil {
			return fmt.Errorf("%w: %w", ErrForeign, err)
		}
		if err := conn.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
			return err
		}
		if id != applicationID && id != 0 {
			return ErrForeign
		}
		if version > known {
			return fmt.Errorf("%w: schema %d, this program knows %d", ErrNewer, version, known)
		}
		return nil
	})
}

// applied checks the database's own list against ours and says how many are done.
func applied(ctx context.Context, conn *sql.Conn, files []migration) (int, error) {
	var id, version, tables, ours int
	err := conn.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version),
		(SELECT count(*) FROM sqlite_schema), (SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations')`).
		Scan(&id, &version, &tables, &ours)
	if err != nil {
		return 0, err
	}
	if tables == 0 && id == 0 {
		return 0, nil
	}
	if id != applicationID || ours == 0 {
		return 0, ErrForeign
	}
	rows, err := conn.QueryContext(ctx, `SELECT version, name, sha256 FROM schema_migrations ORDER BY version`)
	if err != nil {
		return 0, err
	}
	defer rows.Close() //nolint:errcheck // read to its end below
	done := 0
	for rows.Next() {
		var m migration
		if err := rows.Scan(&m.version, &m.name, &m.sum); err != nil {
			return 0, err
		}
		if m.version != done+1 {
			return 0, fmt.Errorf("%w: the database lacks number %04d", ErrGap, done+1)
		}
		if m.version <= len(files) && (files[done].sum != m.sum || files[done].name != m.name) {
			return 0, fmt.Errorf("%w: %04d_%s", ErrEdited, m.version, m.name)
		}
		done++
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	if done > len(files) || version > len(files) {
		return done, fmt.Errorf("%w: schema %d, this program knows %d", ErrNewer, max(done, version), len(files))
	}
	if version != done {
		return done, fmt.Errorf("%w: user_version %d, applied %d", ErrEdited, version, done)
	}
	return done, nil
}

// migrate brings the schema up to date, each file in its own transaction.
func migrate(ctx context.Context, conn *sql.Conn, files []migration, now term.Instant) error {
	done, err := applied(ctx, conn, files)
	if err != nil {
		return err
	}
	for _, m := range files[done:] {
		if err := apply(ctx, conn, m, now); err != nil {
			return fmt.Errorf("store: migration %04d_%s: %w", m.version, m.name, err)
		}
	}
	return nil
}

func apply(ctx context.Context, conn *sql.Conn, m migration, now term.Instant) (err error) {
	if m.rebuild() {
		if _, err := conn.ExecContext(ctx, `PRAGMA foreign_keys = OFF`); err != nil {
			return err
		}
		defer func() {
			if _, on := conn.ExecContext(ctx, `PRAGMA foreign_keys = ON`); err == nil {
				err = on
			}
		}()
	}
	return inTransaction(ctx, conn, func() error {
		for _, step := range []string{
			migrationTable, m.text, fmt.Sprintf(`PRAGMA user_version = %d`, m.version),
			fmt.Sprintf(`PRAGMA application_id = %d`, applicationID),
		} {
			if _, err := conn.ExecContext(ctx, step); err != nil {
				return err
			}
		}
		if _, err := conn.ExecContext(ctx, `INSERT INTO schema_migrations (version, name, sha256, applied_at) VALUES (?,?,?,?)`,
			m.version, m.name, m.sum, now); err != nil {
			return err
		}
		var broken int
		if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken); err != nil {
			return err
		}
		if broken > 0 {
			return fmt.Errorf("store: %d rows point to nothing", broken)
		}
		return nil
	})
}

// inTransaction runs steps on a connection that is not shared yet.
func inTransaction(ctx context.Context, conn *sql.Conn, steps func() error) error {
	if _, err := conn.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	err := steps()
	if err == nil {
		_, err = conn.ExecContext(ctx, `COMMIT`)
	}
	if err != nil {
		_, _ = conn.ExecContext(ctx, `ROLLBACK`) // SQLite may have rolled back already
	}
	return err
}
