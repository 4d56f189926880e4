package store

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"meixu/store/seal"
	"meixu/store/term"
)

// Wedding is what a merge needs to know: the two files as they shall be, and rows that stay where
// they are.
type Wedding struct {
	Merge *Merge
	// Into is the surviving file with the chosen fields.
	Into *Client
	// Change saves what else of the survivor changes, as "table" to row ids; Apply does it.
	Change map[string][]int64
	Apply  func() error
	// Keep are rows of the file that is given up that are not moved, by table.
	Keep map[string][]int64
}

// MergeClients moves every row that names the one client to the other, keeps the way back, and
// gives the one file up. Rows keep their envelopes: these name the key that opens them.
func (tx *Tx) MergeClients(w Wedding) error {
	if err := tx.addRow(w.Merge); err != nil {
		return err
	}
	tx.stays = nil
	from, err := tx.Client(w.Merge.From)
	if err != nil {
		return err
	}
	changed := map[string][]int64{"clients": {int64(w.Merge.From), int64(w.Merge.Client)}}
	maps.Copy(changed, w.Change)
	before, err := tx.standing(changed)
	if err != nil {
		return err
	}
	if err := w.Apply(); err != nil {
		return err
	}
	if err := tx.SaveClient(w.Into); err != nil {
		return err
	}
	from.State = "merged"
	if err := tx.SaveClient(&from); err != nil {
		return err
	}
	if err := tx.noteChanges(w.Merge, changed, before); err != nil {
		return err
	}
	return tx.moveAll(w)
}

// reference is a column that names a client.
type reference struct{ table, column string }

// references lists the columns that name a client, out of the schema itself: a new table cannot be
// forgotten. Records of merges name the file that was, and stay.
func (r *Read) references() ([]reference, error) {
	return many(r, func(from row) (x reference, err error) {
		return x, from.Scan(&x.table, &x.column)
	}, `SELECT t.name, f."from" FROM pragma_table_list t, pragma_foreign_key_list(t.name) f
		WHERE t.schema = 'main' AND f."table" = 'clients' AND t.name NOT IN ('client_merges','client_moves') ORDER BY 1, 2`)
}

func (tx *Tx) moveAll(w Wedding) error {
	list, err := tx.references()
	if err != nil {
		return err
	}
	for _, x := range list {
		keep := w.Keep[x.table]
		if x.table == "clients" { // nobody refers herself
			keep = []int64{int64(w.Merge.Client), int64(w.Merge.From)}
		}
		kept, err := idList(keep)
		if err != nil {
			return err
		}
		rows, err := many(tx, value[int64], "SELECT id FROM "+x.table+" WHERE "+x.column+" = ? AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY id",
			w.Merge.From, kept)
		if err != nil {
			return err
		}
		if len(rows) == 0 {
			continue
		}
		m := Moved{Merge: w.Merge.ID, Owner: w.Merge.From, Table: x.table, Field: x.column, Rows: rows}
		if err := tx.addRow(&m); err != nil {
			return err
		}
		if err := tx.pointTo(m, w.Merge.Client); err != nil {
			return err
		}
	}
	return nil
}

// pointTo lets the moved rows name a client; nothing else of them changes, not even their version.
func (tx *Tx) pointTo(m Moved, client term.ClientID) error {
	rows, err := idList(m.Rows)
	if err != nil {
		return err
	}
	_, err = tx.exec("UPDATE "+m.Table+" SET "+m.Field+" = ? WHERE id IN (SELECT value FROM json_each(?))", client, rows)
	return err
}

// rowOf reads all columns of a row as SQL writes them.
func (r *Read) rowOf(table string, id int64) (Columns, error) {
	names, err := many(r, value[string], "SELECT name FROM pragma_table_info(?) ORDER BY cid", table)
	if err != nil {
		return nil, err
	}
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = "quote(" + name + ")"
	}
	return one(r, func(from row) (Columns, error) {
		values := make([]string, len(names))
		into := make([]any, len(names))
		for i := range values {
			into[i] = &values[i]
		}
		err := from.Scan(into...)
		row := Columns{}
		for i, name := range names {
			row[name] = values[i]
		}
		return row, err
	}, "SELECT "+strings.Join(quoted, ", ")+" FROM "+table+" WHERE id = ?", id)
}

// place is one row of a table.
type place struct {
	table string
	id    int64
}

func (r *Read) standing(rows map[string][]int64) (map[place]Columns, error) {
	all := map[place]Columns{}
	for table, ids := range rows {
		for _, id := range ids {
			row, err := r.rowOf(table, id)
			if err != nil {
				return nil, err
			}
			all[place{table, id}] = row
		}
	}
	return all, nil
}

// noteChanges keeps how the changed rows stood before and after the merge.
func (tx *Tx) noteChanges(merge *Merge, changed map[string][]int64, before map[place]Columns) error {
	after, err := tx.standing(changed)
	if err != nil {
		return err
	}
	for _, table := range slices.Sorted(maps.Keys(changed)) {
		for _, id := range changed[table] {
			at := place{table, id}
			m := Moved{Merge: merge.ID, Owner: merge.From, Table: table, Rows: []int64{id}, Before: Columns{}, After: Columns{}}
			for column, was := range before[at] {
				if after[at][column] != was {
					m.Before[column], m.After[column] = was, after[at][column]
				}
			}
			if err := tx.addRow(&m); err != nil {
				return err
			}
		}
	}
	return nil
}

// SplitClients takes a merge back: every row that it moved names the former file again, with what was
// written about it since; every column that it changed and nobody changed since is what it was. What was
// changed since stays.
func (tx *Tx) SplitClients(merge *Merge) error {
	if err := tx.saveRow(merge); err != nil {
		return err
	}
	tx.stays = nil
	moves, err := loadAll[Moved](tx.Read, "merge_id = ? ORDER BY id", merge.ID)
	if err != nil {
		return err
	}
	for _, m := range moves {
		if m.Field == "" {
			if err := tx.restore(m); err != nil {
				return err
			}
			continue
		}
		if err := tx.pointTo(m, merge.From); err != nil {
			return err
		}
		if err := tx.reseal(m, *merge); err != nil {
			return err
		}
	}
	return tx.followBack(*merge, moves)
}

// bookkeeping are columns that change with every save.
var bookkeeping = []string{"version", "updated_at"}

// restore writes back what the merge changed of one row.
func (tx *Tx) restore(m Moved) error {
	if renewed, err := tx.renewed(m); err != nil || renewed {
		return err
	}
	now, err := tx.rowOf(m.Table, m.Rows[0])
	if err != nil {
		return err
	}
	var set []string
	for _, column := range slices.Sorted(maps.Keys(m.After)) {
		if !slices.Contains(bookkeeping, column) && now[column] == m.After[column] {
			set = append(set, column+" = "+m.Before[column])
		}
	}
	for _, column := range bookkeeping {
		if was, changed := m.Before[column]; changed && now["version"] == m.After["version"] {
			set = append(set, column+" = "+was)
		}
	}
	if now["version"] != m.After["version"] {
		set = append(set, "version = version + 1", "updated_at = '"+tx.Now().String()+"'")
	}
	if len(set) == 0 {
		return nil
	}
	_, err = tx.exec("UPDATE "+m.Table+" SET "+strings.Join(set, ", ")+" WHERE id = ?", m.Rows[0])
	return err
}

// renewed says that a consent which the merge ended was given anew since: the new one stands, and the old
// one stays ended, because nobody consents twice to one thing.
func (r *Read) renewed(m Moved) (bool, error) {
	if m.Table != "client_consents" {
		return false, nil
	}
	n, err := one(r, value[int], `SELECT count(*) FROM client_consents o JOIN client_consents x ON x.client_id = o.client_id AND x.purpose = o.purpose
		WHERE o.id = ? AND x.id <> o.id AND x.withdrawn_at IS NULL`, m.Rows[0])
	return n > 0, err
}

// reseal closes with the former file's own key what was written into its rows while they stood in
// the other, so that each person is erased with her own keys.
func (tx *Tx) reseal(m Moved, merge Merge) error {
	class := classOf(m.Table)
	keys, err := many(tx, value[uint32], "SELECT id FROM client_keys WHERE client_id = ? AND class = ?", merge.Client, string(class))
	if err != nil || len(keys) == 0 {
		return err
	}
	columns, err := many(tx, value[string], `SELECT name FROM pragma_table_info(?) WHERE name LIKE '%\_sealed' ESCAPE '\'`, m.Table)
	if err != nil {
		return err
	}
	rows, err := idList(m.Rows)
	if err != nil {
		return err
	}
	for _, column := range columns {
		list, err := many(tx, func(from row) (e envelope, err error) {
			return e, from.Scan(&e.row, &e.body)
		}, "SELECT id, "+column+" FROM "+m.Table+" WHERE "+column+" IS NOT NULL AND id IN (SELECT value FROM json_each(?))", rows)
		if err != nil {
			return err
		}
		for _, e := range list {
			if err := tx.resealOne(e, reference{m.Table, column}, keys[0], merge); err != nil {
				return err
			}
		}
	}
	return nil
}

type envelope struct {
	row  int64
	body []byte
}

func (tx *Tx) resealOne(e envelope, at reference, key uint32, merge Merge) error {
	id, err := seal.KeyID(e.body)
	if errors.Is(err, seal.ErrEnvelope) || err == nil && id != key {
		return nil
	}
	if err != nil {
		return err
	}
	plain, err := tx.unseal(merge.Client, at.table, e.row, at.column, e.body)
	if err != nil {
		return err
	}
	body, err := tx.seal(merge.From, at.table, e.row, at.column, plain, nil)
	if err != nil {
		return err
	}
	_, err = tx.exec("UPDATE "+at.table+" SET "+at.column+" = ? WHERE id = ?", body, e.row)
	return err
}

// Standing counts the rows that name a client, by table and column, those after an instant only.
func (r *Read) Standing(client term.ClientID, since term.Instant) (map[string]int, error) {
	list, err := r.references()
	if err != nil {
		return nil, err
	}
	count := map[string]int{}
	for _, x := range list {
		n, err := one(r, value[int], "SELECT count(*) FROM "+x.table+" WHERE "+x.column+" = ? AND created_at >= ?", client, since.String())
		if err != nil {
			return nil, err
		}
		if n > 0 {
			count[x.table] += n
		}
	}
	return count, nil
}
