package store

import (
	"maps"
	"slices"
	"strings"
	"time"

	"meixu/store/term"
)

// Parting is what taking a merge back does with what was written and changed since.
type Parting struct {
	Stays  map[string]int // written since, by table: they stay with the file that stayed
	Goes   map[string]int // written since about what goes back: they go with it
	Edited map[string]int // what goes back and was changed since; it stays as it was changed
	Fields []string       // columns of the file that stayed that were changed since, and stay so
	// Points and FromPoints are what the orders of either file hold, before they are made even.
	Points, FromPoints int64
}

// link is a column of a table that names a row of another one; both have rows of clients.
type link struct{ table, column, parent string }

// links lists how rows of clients hang on one another, out of the schema itself.
func (r *Read) links() ([]link, error) {
	return many(r, func(from row) (l link, err error) {
		return l, from.Scan(&l.table, &l.column, &l.parent)
	}, `SELECT t.name, f."from", f."table" FROM pragma_table_list t, pragma_foreign_key_list(t.name) f
		WHERE t.schema = 'main' AND f."table" NOT IN ('clients','client_merges') AND t.name NOT IN ('clients','client_merges','client_moves') ORDER BY 1, 2`)
}

// following lists what was written into the joined file about rows that go back: a payment paper of
// an order, a treatment of a visit. It goes with them, else a visit would be one person's and its
// treatment another's.
func (r *Read) following(merge Merge, moves []Moved) (list []Moved, err error) {
	gone := map[string][]int64{}
	for _, m := range moves {
		if m.Field != "" {
			gone[m.Table] = append(gone[m.Table], m.Rows...)
		}
	}
	refs, err := r.references()
	if err != nil {
		return nil, err
	}
	links, err := r.links()
	if err != nil {
		return nil, err
	}
	for more := true; more; {
		more = false
		for _, x := range refs {
			rows, err := r.hanging(x, links, gone, merge.Client)
			if err != nil {
				return nil, err
			}
			if len(rows) == 0 {
				continue
			}
			more = true
			gone[x.table] = append(gone[x.table], rows...)
			list = append(list, Moved{Merge: merge.ID, Owner: merge.Client, Table: x.table, Field: x.column, Rows: rows})
		}
	}
	return list, nil
}

// hanging lists the client's rows of a table that hang on rows that are gone and are not gone themselves.
func (r *Read) hanging(x reference, links []link, gone map[string][]int64, client term.ClientID) (list []int64, err error) {
	for _, l := range links {
		if l.table != x.table || len(gone[l.parent]) == 0 {
			continue
		}
		parents, err := idList(gone[l.parent])
		if err != nil {
			return nil, err
		}
		known, err := idList(slices.Concat(gone[x.table], list))
		if err != nil {
			return nil, err
		}
		rows, err := many(r, value[int64], "SELECT id FROM "+x.table+" WHERE "+x.column+" = ? AND "+l.column+
			" IN (SELECT value FROM json_each(?)) AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY id", client, parents, known)
		if err != nil {
			return nil, err
		}
		list = append(list, rows...)
	}
	return list, nil
}

// followBack lets what hangs on the rows that went back follow them, under their own keys. That it did is
// kept, because files of pictures stay sealed with the key of the file in which they were taken.
func (tx *Tx) followBack(merge Merge, moves []Moved) error {
	list, err := tx.following(merge, moves)
	if err != nil {
		return err
	}
	for _, m := range list {
		if err := tx.addRow(&m); err != nil {
			return err
		}
		if err := tx.pointTo(m, merge.From); err != nil {
			return err
		}
		if err := tx.reseal(m, merge); err != nil {
			return err
		}
	}
	return nil
}

// PartingOf tells what taking a merge back would do.
func (r *Read) PartingOf(merge Merge) (p Parting, err error) {
	p = Parting{Stays: map[string]int{}, Goes: map[string]int{}, Edited: map[string]int{}}
	moves, err := loadAll[Moved](r, "merge_id = ? ORDER BY id", merge.ID)
	if err != nil {
		return p, err
	}
	list, err := r.following(merge, moves)
	if err != nil {
		return p, err
	}
	if p.Stays, err = r.Standing(merge.Client, merge.At.Add(time.Millisecond)); err != nil {
		return p, err
	}
	var orders []int64
	for _, m := range list {
		p.Goes[m.Table] += len(m.Rows)
		if p.Stays[m.Table] -= len(m.Rows); p.Stays[m.Table] <= 0 {
			delete(p.Stays, m.Table)
		}
	}
	for _, m := range slices.Concat(moves, list) {
		if m.Table == "orders" && m.Field != "" {
			orders = append(orders, m.Rows...)
		}
	}
	if err := r.editedOf(merge, moves, &p); err != nil {
		return p, err
	}
	return p, r.pointsApart(merge, orders, &p)
}

// editedOf counts the moved rows that were changed since, and names the columns of the file that were.
func (r *Read) editedOf(merge Merge, moves []Moved, p *Parting) (err error) {
	for _, m := range moves {
		if m.Field == "" {
			if m.Table == "clients" && m.Rows[0] == int64(merge.Client) {
				if p.Fields, err = r.columnsSince(m); err != nil {
					return err
				}
			}
			continue
		}
		rows, err := idList(m.Rows)
		if err != nil {
			return err
		}
		n, err := one(r, value[int], "SELECT count(*) FROM "+m.Table+" WHERE id IN (SELECT value FROM json_each(?)) AND updated_at > ?", rows, merge.At)
		if err != nil {
			return err
		}
		if n > 0 {
			p.Edited[m.Table] += n
		}
	}
	return nil
}

// columnsSince names the columns that the merge changed of a row and somebody changed since.
func (r *Read) columnsSince(m Moved) (list []string, err error) {
	now, err := r.rowOf(m.Table, m.Rows[0])
	if err != nil || now["version"] == m.After["version"] {
		return nil, err
	}
	for _, column := range slices.Sorted(maps.Keys(m.After)) {
		if !slices.Contains(bookkeeping, column) && !strings.HasSuffix(column, "_index") && now[column] != m.After[column] {
			list = append(list, column)
		}
	}
	return list, nil
}

// pointsApart says what the orders that go back and those that stay hold in points.
func (r *Read) pointsApart(merge Merge, orders []int64, p *Parting) error {
	list, err := idList(orders)
	if err != nil {
		return err
	}
	if p.FromPoints, err = one(r, value[int64], `SELECT coalesce(sum(m.amount), 0) FROM ledger m
		WHERE m.kind IN ('earned','burned','parted') AND m.account_id IN (SELECT value FROM json_each(?))`, list); err != nil {
		return err
	}
	all, err := r.PointsOf(merge.Client)
	p.Points = all - p.FromPoints
	return err
}
