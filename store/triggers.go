package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// unaudited are the tables without a trail: the trail itself, and what would only be noise.
// They may be written by WriteQuiet. Every other table gets triggers.
var unaudited = []string{
	"act_now", "acts", "act_changes", "act_seals", "schema_migrations", "counters",
	"sessions", "drafts", "import_files", "job_runs", "login_attempts", "class_keys", "client_figures",
}

// hidden says that a column's values never stand in the trail, only that they changed:
// a wrapped key there would undo erasure, a hash could be attacked.
func hidden(column string) bool {
	for _, end := range []string{"wrapped_key", "_hash", "_index", "_secret"} {
		if strings.HasSuffix(column, end) {
			return true
		}
	}
	return false
}

// refreshTriggers makes the triggers of the trail match the schema; usually they do.
func refreshTriggers(ctx context.Context, conn *sql.Conn) error {
	want, err := wantedTriggers(ctx, conn)
	if err != nil {
		return err
	}
	have, err := haveTriggers(ctx, conn)
	if err != nil {
		return err
	}
	var steps []string
	for name, text := range have {
		if want[name] != text {
			steps = append(steps, `DROP TRIGGER "`+name+`"`)
		}
	}
	for name, text := range want {
		if have[name] != text {
			steps = append(steps, text)
		}
	}
	if len(steps) == 0 {
		return nil
	}
	slices.Sort(steps) // CREATE before DROP in the alphabet: drops first
	slices.SortStableFunc(steps, func(a, b string) int {
		return strings.Compare(b[:4], a[:4])
	})
	return inTransaction(ctx, conn, func() error {
		for _, step := range steps {
			if _, err := conn.ExecContext(ctx, step); err != nil {
				return fmt.Errorf("store: %s: %w", step, err)
			}
		}
		return nil
	})
}

func haveTriggers(ctx context.Context, conn *sql.Conn) (map[string]string, error) {
	return pairs(ctx, conn, `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'trail\_%' ESCAPE '\'`)
}

// wantedTriggers writes three triggers for each table of the trail.
func wantedTriggers(ctx context.Context, conn *sql.Conn) (map[string]string, error) {
	columns, err := pairs(ctx, conn, `SELECT t.name, group_concat(c.name || ' ' || c.type, ',' ORDER BY c.cid)
		FROM pragma_table_list t, pragma_table_info(t.name) c
		WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' GROUP BY t.name`)
	if err != nil {
		return nil, err
	}
	triggers := map[string]string{}
	for table, list := range columns {
		if slices.Contains(unaudited, table) {
			continue
		}
		for _, op := range []string{"INSERT", "UPDATE", "DELETE"} {
			name := "trail_" + table + "_" + strings.ToLower(op)
			triggers[name] = trailTrigger(name, table, op, strings.Split(list, ","))
		}
	}
	return triggers, nil
}

// noAct is what the triggers say when no act is open.
const noAct = "no act is open"

// trailTrigger writes one line of act_changes for a row. When no act is open the statement
// is refused by RAISE, which holds even under INSERT OR IGNORE; a NOT NULL alone would be
// ignored there, because the outer conflict rule reaches into triggers.
func trailTrigger(name, table, op string, columns []string) string {
	side := "NEW"
	if op == "DELETE" {
		side = "OLD"
	}
	var changed, parts []string
	for _, c := range columns {
		column, kind, _ := strings.Cut(c, " ")
		before, after := "NULL", "NULL"
		if op != "INSERT" {
			before = `OLD."` + column + `"`
		}
		if op != "DELETE" {
			after = `NEW."` + column + `"`
		}
		differ := before + " IS NOT " + after
		changed = append(changed, differ)
		parts = append(parts, fmt.Sprintf("SELECT '%s' AS c, %s AS o, %s AS n WHERE %s",
			column, shown(column, kind, before), shown(column, kind, after), differ))
	}
	when := ""
	if op == "UPDATE" {
		when = "\nWHEN " + strings.Join(changed, " OR ")
	}
	return fmt.Sprintf("CREATE TRIGGER \"%s\" AFTER %s ON \"%s\"%s\nBEGIN\n"+
		"SELECT RAISE(ABORT, '"+noAct+"') WHERE NOT EXISTS (SELECT 1 FROM act_now);\n"+
		"INSERT INTO act_changes (act, tbl, row, op, changes) VALUES ((SELECT act FROM act_now), '%s', %s.rowid, '%s',\n"+
		"(SELECT json_group_object(c, json_array(o, n)) FROM (\n%s)));\nEND",
		name, op, table, when, table, side, op[:1], strings.Join(parts, "\nUNION ALL "))
}

// shown is how a value stands in the trail.
func shown(column, kind, value string) string {
	switch {
	case value == "NULL":
		return value
	case hidden(column):
		return "iif(" + value + " IS NULL, NULL, '***')"
	case kind == "BLOB" || kind == "ANY":
		return "iif(typeof(" + value + ") = 'blob', hex(" + value + "), " + value + ")"
	}
	return value
}

// pairs reads a query of two text columns into a map.
func pairs(ctx context.Context, conn *sql.Conn, query string) (map[string]string, error) {
	rows, err := conn.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // read to its end below
	all := map[string]string{}
	for rows.Next() {
		var key, text string
		if err := rows.Scan(&key, &text); err != nil {
			return nil, err
		}
		all[key] = text
	}
	return all, rows.Err()
}
