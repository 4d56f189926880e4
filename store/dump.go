package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
)

// Where the first page says which journal the file uses, and the value for "none open".
const (
	headerVersions = 18
	headerEnd      = 20
	rollbackMode   = 1
)

// Dump writes the database of dir to out as it stands at one moment, page by page in one
// read transaction, while others go on writing. What was not changed since the last dump
// is the same bytes at the same place, so that backups store it once. The file out becomes
// is a whole database without a -wal of its own.
func Dump(ctx context.Context, dir string, out io.Writer) (facts Facts, err error) {
	err = withCopy(ctx, filepath.Join(dir, File), func(conn *sql.Conn) (err error) {
		tx, err := conn.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, tx.Rollback()) }()
		files, err := migrations()
		if err != nil {
			return err
		}
		if facts.Schema, err = applied(ctx, conn, files); err != nil {
			return err
		}
		if err := facts.read(ctx, conn); err != nil {
			return err
		}
		return pages(ctx, tx, out)
	})
	return facts, err
}

func pages(ctx context.Context, tx *sql.Tx, out io.Writer) (err error) {
	rows, err := tx.QueryContext(ctx, `SELECT data FROM sqlite_dbpage ORDER BY pgno`)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var page sql.RawBytes
	for first := true; rows.Next(); first = false {
		if err := rows.Scan(&page); err != nil {
			return err
		}
		if first {
			if len(page) < headerEnd {
				return fmt.Errorf("%w: its first page is %d bytes", ErrDamaged, len(page))
			}
			// A file that says WAL cannot be opened read-only, as a check opens it.
			for i := headerVersions; i < headerEnd; i++ {
				page[i] = rollbackMode
			}
		}
		if _, err := out.Write(page); err != nil {
			return err
		}
	}
	return rows.Err()
}
