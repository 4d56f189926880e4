package store

import (
	"fmt"
	"regexp"
	"strings"
)

var plainName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// NextID reserves a row id before the insert, because seals bind to it. Ids are never given
// twice. A failure makes the whole write fail and gives 0.
func (tx *Tx) NextID(table string) int64 {
	if !plainName.MatchString(table) {
		tx.fail(fmt.Errorf("store: %q is no table name", table))
		return 0
	}
	largest := `(SELECT coalesce(max(id), 0) FROM "` + table + `")`
	id, err := one(tx, value[int64], `INSERT INTO counters (name, value) VALUES (?, `+largest+` + 1)
		ON CONFLICT (name) DO UPDATE SET value = max(value, `+largest+`) + 1 RETURNING value`, "id:"+table)
	if err != nil {
		tx.fail(fmt.Errorf("store: next id of %s: %w", table, err))
	}
	return id
}

// Number gives the next printed number of a kind on the clinic's day: V gives V20260301-003.
func (tx *Tx) Number(kind string) (string, error) {
	head := kind + strings.ReplaceAll(string(tx.Today()), "-", "")
	n, err := one(tx, value[int64], `INSERT INTO counters (name, value) VALUES (?, 1)
		ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value`, "no:"+head)
	if err != nil {
		return "", fmt.Errorf("store: next number %s: %w", head, err)
	}
	return fmt.Sprintf("%s-%03d", head, n), nil
}
