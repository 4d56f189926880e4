package store

import (
	"context"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"
)

const (
	// firstAsked is how many neighbours are asked about with the first row of a list; a page
	// that looks at one row of a long list shall not read all.
	firstAsked = 16
	// thenAsked is how many with the second and later ones.
	thenAsked = 2000
	// rememberedRows bounds what a snapshot keeps: a job that walks over a whole table gains
	// nothing by it.
	rememberedRows = 20_000
)

// memory is what one snapshot has told already. A snapshot does not change, so a question asked
// again has the same answer; and rows that were read in one list are neighbours: when one of
// them is asked about, its neighbours are asked about in the same query. So a page costs a fixed
// number of queries whatever the length of its list, and rooms ask for one row at a time.
//
// Only reading remembers: a write sees what it has just written.
type memory struct {
	owner *Read
	told  map[any]any
	lists map[any][][]int64 // ids of a noun that were read in one list; see nounOf
	rows  int
}

type memoryMark struct{}

// Remembering is a context whose snapshot remembers. One context serves one snapshot.
func Remembering(ctx context.Context) context.Context {
	return context.WithValue(ctx, memoryMark{}, &memory{told: map[any]any{}, lists: map[any][][]int64{}})
}

// memory gives the memory of this snapshot, nil when it has none.
func (r *Read) memory() *memory {
	if r.own != nil {
		return nil
	}
	m, _ := r.ctx.Value(memoryMark{}).(*memory)
	if m == nil {
		return nil
	}
	if m.owner == nil {
		m.owner = r
	}
	if m.owner != r {
		return nil
	}
	return m
}

func (m *memory) keep(question, answer any, rows int) {
	if m.rows += rows; m.rows <= rememberedRows {
		m.told[question] = answer
	}
}

// Recall makes something out of a snapshot once; key is a value of a type of the caller's own.
// What it gives is shared: it must not be changed.
func Recall[T any](r *Read, key any, make func() (T, error)) (T, error) {
	m := r.memory()
	if m == nil {
		return make()
	}
	if have, ok := m.told[key].(T); ok {
		return have, nil
	}
	made, err := make()
	if err == nil {
		m.keep(key, made, 1)
	}
	return made, err
}

// Together answers a question about a row for all its neighbours at once: read is given the id
// and those that were read in one list with it and were not asked about yet. What it leaves
// out has the zero answer. key is a value of a type of the caller's own.
func Together[I ~int64, T any](r *Read, key any, id I, read func([]I) (map[I]T, error)) (T, error) {
	return together(r, key, reflect.TypeFor[I](), int64(id), func(ids []int64) (map[int64]T, error) {
		list := make([]I, len(ids))
		for i, id := range ids {
			list[i] = I(id)
		}
		found, err := read(list)
		byID := make(map[int64]T, len(found))
		for id, v := range found {
			byID[int64(id)] = v
		}
		return byID, err
	})
}

// about is a question about one row.
type about struct {
	key any
	id  int64
}

func together[T any](r *Read, key, noun any, id int64, read func([]int64) (map[int64]T, error)) (T, error) {
	m := r.memory()
	if m == nil {
		found, err := read([]int64{id})
		return found[id], err
	}
	if have, ok := m.told[about{key, id}].(T); ok {
		return have, nil
	}
	ids := m.beside(key, noun, id)
	found, err := read(ids)
	if err != nil {
		return found[id], err
	}
	for _, id := range ids {
		m.keep(about{key, id}, found[id], 1)
	}
	return found[id], nil
}

// beside lists the id and those of its neighbours that were not asked about yet.
func (m *memory) beside(key, noun any, id int64) []int64 {
	ids, most, have := []int64{id}, firstAsked, map[int64]bool{id: true}
	for _, list := range m.lists[noun] {
		if !slices.Contains(list, id) {
			continue
		}
		for _, other := range list {
			if _, asked := m.told[about{key, other}]; asked {
				most = thenAsked
			} else if !have[other] {
				have[other] = true
				ids = append(ids, other)
			}
		}
	}
	return ids[:min(len(ids), most)]
}

// meet makes the ids that the rows of one list name neighbours of each other, noun by noun.
func meet[T any](r *Read, rows []T) []T {
	m := r.memory()
	if m == nil || len(rows) < 2 || len(rows) > thenAsked {
		return rows
	}
	for _, at := range idFields(reflect.TypeFor[T]()) {
		seen, list := map[int64]bool{0: true}, make([]int64, 0, len(rows))
		for i := range rows {
			id := reflect.ValueOf(&rows[i]).Elem().FieldByIndex(at.index).Int()
			if !seen[id] {
				seen[id] = true
				list = append(list, id)
			}
		}
		if len(list) > 1 {
			m.lists[at.noun] = append(m.lists[at.noun], list)
		}
	}
	return rows
}

// idField is a field of a record that names a noun: by the type of its id, or by the tag
// noun:"table" where ids have no type of their own.
type idField struct {
	noun  any // reflect.Type or table
	index []int
}

// idFieldsOf keeps what idFields found: record type -> []idField.
var idFieldsOf sync.Map

func idFields(record reflect.Type) (list []idField) {
	if have, ok := idFieldsOf.Load(record); ok {
		return have.([]idField)
	}
	defer func() { idFieldsOf.Store(record, list) }()
	for _, f := range reflect.VisibleFields(record) {
		if table := f.Tag.Get("noun"); table != "" {
			list = append(list, idField{table, f.Index})
		} else if f.Type.Kind() == reflect.Int64 && strings.HasSuffix(f.Type.Name(), "ID") && path.Base(f.Type.PkgPath()) == "term" {
			list = append(list, idField{f.Type, f.Index})
		}
	}
	return list
}

// nounOf is the noun of an id that the question of a record is about.
func nounOf(id reflect.Type, table string) any {
	if id == reflect.TypeFor[int64]() {
		return table
	}
	return id
}
