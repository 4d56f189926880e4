package store

import (
	"cmp"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// asked is a question of load or loadAll: which rows of which record.
type asked struct {
	record reflect.Type
	where  string
}

// exactly is a question with all its arguments.
type exactly struct {
	asked
	args [6]any
}

// recall reads rows and remembers them. A question about one id ("visit_id = ? ORDER BY id") is
// asked for all its neighbours at once.
func recall[T any, P recordOf[T]](r *Read, where string, args []any) ([]T, error) {
	what := asked{reflect.TypeFor[T](), where}
	if k := kinOf[T, P](what); k != nil && len(args) == 1 && isID(args[0]) {
		id := reflect.ValueOf(args[0])
		return together(r, what, nounOf(id.Type(), P(new(T)).table()), id.Int(), func(ids []int64) (map[int64][]T, error) {
			return readKin[T, P](r, k, ids)
		})
	}
	read := func() ([]T, error) {
		rows, err := many(r, scanRecord[T, P](r), selectOf[T, P](where), args...)
		return know(r, rows), err
	}
	key := exactly{asked: what}
	if len(args) > len(key.args) || slices.ContainsFunc(args, func(v any) bool { return !reflect.TypeOf(v).Comparable() }) {
		return read()
	}
	copy(key.args[:], args)
	return Recall(r, key, read)
}

// know remembers the rows by their ids and makes them neighbours.
func know[T any](r *Read, rows []T) []T {
	m := r.memory()
	if m == nil || len(rows) > thenAsked {
		return rows
	}
	own := asked{reflect.TypeFor[T](), "id = ?"}
	for i := range rows {
		m.keep(about{own, reflect.ValueOf(&rows[i]).Elem().FieldByName("ID").Int()}, rows[i:i+1:i+1], 1)
	}
	return meet(r, rows)
}

// kin is a question about one id, ready to be asked about many.
type kin struct {
	column int    // among the record's columns
	query  string // with the ids as JSON
	most   int    // rows about one id
}

var (
	aboutOne = regexp.MustCompile(`(?s)^(\w+) = \?(| AND [^?]*?| ORDER BY [^?]*?)(?: LIMIT (\d+))?$`)
	kins     sync.Map // asked -> *kin, nil when the question is about no one id
)

func kinOf[T any, P recordOf[T]](what asked) *kin {
	if have, ok := kins.Load(what); ok {
		return have.(*kin)
	}
	var k *kin
	if column, many, most, ok := manyKin(what.where); ok {
		columns := strings.Split(strings.ReplaceAll(P(new(T)).columns(), " ", ""), ",")
		k = &kin{column: slices.Index(columns, column), query: selectOf[T, P](many), most: most}
	}
	kins.Store(what, k)
	return k
}

// manyKin turns a condition about one id into that about many: its column, the condition, and
// how many rows about each are wanted.
func manyKin(where string) (column, many string, most int, ok bool) {
	m := aboutOne.FindStringSubmatch(where)
	if m == nil || strings.Contains(m[2], " OR ") {
		return "", "", 0, false
	}
	most, _ = strconv.Atoi(m[3]) // no LIMIT is 0
	return m[1], m[1] + " IN (SELECT value FROM json_each(?))" + m[2], cmp.Or(most, thenAsked), true
}

// readKin reads the rows about each of the ids.
func readKin[T any, P recordOf[T]](r *Read, k *kin, ids []int64) (map[int64][]T, error) {
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	var of []int64
	rows, err := many(r, func(from row) (T, error) {
		var v T
		fields := P(&v).fields(r)
		err := from.Scan(fields...)
		of = append(of, idIn(fields[k.column]))
		return v, err
	}, k.query, list)
	byID := make(map[int64][]T, len(ids))
	for i, v := range know(r, rows) {
		if id := of[i]; len(byID[id]) < k.most {
			byID[id] = append(byID[id], v)
		}
	}
	return byID, err
}

// isID says that an argument is a whole number, as ids are.
func isID(arg any) bool {
	return reflect.TypeOf(arg).Kind() == reflect.Int64
}

// idIn reads the id that a field of a record points at.
func idIn(field any) int64 {
	v := reflect.ValueOf(field)
	if v.Kind() == reflect.Struct { // opt
		v = v.Field(0)
	}
	return v.Elem().Int()
}

// byIDs reads the rows of the ids that the snapshot has not told yet, in one query.
func byIDs[T any, I ~int64, P recordOf[T]](r *Read, ids []I) (map[I]T, error) {
	m, what := r.memory(), asked{reflect.TypeFor[T](), "id = ?"}
	found, left := make(map[I]T, len(ids)), make([]int64, 0, len(ids))
	for _, id := range ids {
		var have []T
		if m != nil {
			have, _ = m.told[about{what, int64(id)}].([]T)
		}
		if len(have) > 0 {
			found[id] = have[0]
		} else {
			left = append(left, int64(id))
		}
	}
	if len(left) == 0 {
		return found, nil
	}
	rows, err := readKin[T, P](r, kinOf[T, P](what), left)
	for id, list := range rows {
		found[I(id)] = list[0]
	}
	return found, err
}

// few says that rows are read for a page about few things, which asks for them whole anyway.
func few[I any](r *Read, ids []I) bool { return r.memory() != nil && len(ids) <= firstAsked }
