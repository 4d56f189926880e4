package store

import (
	"database/sql"
	"errors"
)

// row is what a scan function reads from.
type row interface{ Scan(dest ...any) error }

// reading is *Read or *Tx.
type reading interface{ snapshot() *Read }

// one reads the single row of a query, ErrNotFound when there is none.
func one[T any](r reading, scan func(row) (T, error), query string, args ...any) (T, error) {
	var none T
	list, err := limited(r.snapshot(), 1, scan, query, args)
	if err != nil {
		return none, err
	}
	if len(list) == 0 {
		return none, ErrNotFound
	}
	return list[0], nil
}

// many reads all rows of a query; queries carry their own LIMIT.
func many[T any](r reading, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	return limited(r.snapshot(), 0, scan, query, args)
}

// value scans one column of one type: one(r, value[int64], `SELECT count(*) …`).
func value[T any](from row) (v T, err error) {
	err = from.Scan(&v)
	return v, err
}

// found turns ErrNotFound into false, for "is there one?".
func found[T any](v T, err error) (T, bool, error) {
	if errors.Is(err, ErrNotFound) {
		return v, false, nil
	}
	return v, err == nil, err
}

func limited[T any](r *Read, limit int, scan func(row) (T, error), query string, args []any) (list []T, err error) {
	r.db.asked.Add(1)
	statement, err := r.on.take(r.ctx, query)
	if err != nil {
		return nil, r.sqlError(err)
	}
	defer statement.release()
	r.on.changed = r.on.changed || statement.changes
	rows, err := statement.QueryContext(r.ctx, args...)
	if err != nil {
		return nil, r.sqlError(err)
	}
	defer func() {
		if closed := rows.Close(); err == nil {
			err = r.sqlError(closed)
		}
	}()
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			if errors.Is(err, sql.ErrNoRows) {
				err = ErrNotFound
			}
			return nil, err
		}
		list = append(list, item)
		if limit > 0 && len(list) == limit {
			return list, nil
		}
	}
	return list, r.sqlError(rows.Err())
}

// sqlError translates an error; one on the write connection may stop all writing.
func (r *Read) sqlError(err error) error {
	if r.own != nil {
		return r.db.suspect(err)
	}
	return sqlError(err)
}
