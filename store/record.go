package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"meixu/store/term"
)

// record is a row that names its columns once. Reading, adding and saving all use the same
// list, so a new column is added in two places next to each other. The first four columns
// are always id, version, created_at, updated_at.
type record interface {
	table() string
	// columns lists the columns, comma separated, in the order of fields.
	columns() string
	// fields gives pointers in the order of columns; sealed columns are given by r.sealed.
	fields(r *Read) []any
}

// recordOf ties a record type to its pointer, for load and loadAll.
type recordOf[T any] interface {
	*T
	record
}

// load reads the one row that where names ("id = ?"); none is ErrNotFound.
func load[T any, P recordOf[T]](r *Read, where string, args ...any) (T, error) {
	if r.memory() == nil {
		return one(r, scanRecord[T, P](r), selectOf[T, P](where), args...)
	}
	rows, err := recall[T, P](r, where, args)
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		var none T
		return none, err
	}
	return rows[0], nil
}

// loadAll reads the rows that tail names ("visit_id = ? ORDER BY id LIMIT 50").
func loadAll[T any, P recordOf[T]](r *Read, tail string, args ...any) ([]T, error) {
	if r.memory() == nil {
		return many(r, scanRecord[T, P](r), selectOf[T, P](tail), args...)
	}
	rows, err := recall[T, P](r, tail, args)
	return slices.Clone(rows), err // the caller may sort and change its own rows
}

func selectOf[T any, P recordOf[T]](where string) string {
	p := P(new(T))
	return "SELECT " + p.columns() + " FROM " + p.table() + " WHERE " + where
}

func scanRecord[T any, P recordOf[T]](r *Read) func(row) (T, error) {
	return func(from row) (T, error) {
		var v T
		err := from.Scan(P(&v).fields(r)...)
		return v, err
	}
}

// addRow inserts the record under a fresh id and fills its id, version and times.
func (tx *Tx) addRow(rec record) error {
	if err := tx.follow(rec); err != nil {
		return err
	}
	fields := rec.fields(tx.Read)
	reflect.ValueOf(fields[0]).Elem().SetInt(tx.NextID(rec.table()))
	*fields[1].(*int) = 1
	*fields[2].(*term.Instant) = tx.Now()
	*fields[3].(*term.Instant) = tx.Now()
	args, err := tx.argsOf(fields, false)
	if err != nil {
		return err
	}
	marks := strings.Repeat("?,", len(args))
	_, err = tx.exec("INSERT INTO "+rec.table()+"("+rec.columns()+") VALUES("+marks[:len(marks)-1]+")", args...)
	return err
}

// follow lets a new row that names a file which was merged name the one that stayed: links and
// pages of before the merge lead there.
func (tx *Tx) follow(rec record) error {
	field := reflect.ValueOf(rec).Elem().FieldByName("Client")
	if !field.IsValid() || field.Type() != reflect.TypeFor[term.ClientID]() || field.Int() == 0 {
		return nil
	}
	named := term.ClientID(field.Int())
	stays, known := tx.stays[named]
	if !known {
		var err error
		if stays, err = tx.Survivor(named); err != nil {
			return err
		}
		if tx.stays == nil {
			tx.stays = map[term.ClientID]term.ClientID{}
		}
		tx.stays[named] = stays
	}
	field.SetInt(int64(stays))
	return nil
}

// saveRow writes the record over the version that was read. If somebody changed the row
// meanwhile the answer is ErrStale.
func (tx *Tx) saveRow(rec record) error {
	fields := rec.fields(tx.Read)
	version := fields[1].(*int)
	before := *version
	*version++
	*fields[3].(*term.Instant) = tx.Now()
	args, err := tx.argsOf(fields, true)
	if err != nil {
		return err
	}
	names := strings.Split(strings.ReplaceAll(rec.columns(), " ", ""), ",")
	set := make([]string, 0, len(names))
	for _, name := range names[1:] {
		set = append(set, name+" = ?")
	}
	args = append(args[1:], args[0], before)
	err = tx.save("UPDATE "+rec.table()+" SET "+strings.Join(set, ", ")+" WHERE id = ? AND version = ?", args...)
	if err != nil {
		*version = before
	}
	return err
}

// argsOf turns field pointers into arguments: sealed columns are sealed now, before the
// statement runs, and a column whose plaintext did not change keeps its envelope.
func (tx *Tx) argsOf(fields []any, old bool) ([]any, error) {
	args := make([]any, len(fields))
	for i, f := range fields {
		s, ok := f.(sealer)
		if !ok {
			args[i] = f
			continue
		}
		b, err := s.seal(tx, old)
		if err != nil {
			return nil, err
		}
		args[i] = b
	}
	return args, nil
}

// sealedField is a column kept in an envelope bound to table, row and column.
type sealedField struct {
	r      *Read
	client func() term.ClientID
	table  string
	id     func() int64
	column string
	text   *string
}

// Scan opens the envelope; NULL is the empty text.
func (s *sealedField) Scan(v any) error {
	b, ok := v.([]byte)
	if !ok || len(b) == 0 {
		*s.text = ""
		return nil
	}
	text, err := s.r.unseal(s.client(), s.table, s.id(), s.column, b)
	if err != nil {
		return fmt.Errorf("store: opening %s.%s of row %d: %w", s.table, s.column, s.id(), err)
	}
	*s.text = text
	return nil
}

func (s *sealedField) seal(tx *Tx, old bool) ([]byte, error) {
	if *s.text == "" {
		return nil, nil
	}
	var before []byte
	if old {
		b, err := one(tx.Read, value[[]byte], "SELECT "+s.column+" FROM "+s.table+" WHERE id = ?", s.id())
		if err != nil {
			return nil, err
		}
		before = b
	}
	return tx.seal(s.client(), s.table, s.id(), s.column, *s.text, before)
}

// sealed gives the field of a sealed column. client is the person whose key seals it;
// nil means the clinic's own class key.
func sealed[I ~int64](r *Read, table string, id *I, client *term.ClientID, column string, text *string) *sealedField { //nolint:revive // the five names that an envelope is bound to, and the reader
	return &sealedField{
		r: r, table: table, column: column, text: text,
		id: func() int64 { return int64(*id) },
		client: func() term.ClientID {
			if client == nil {
				return 0
			}
			return *client
		},
	}
}

// opt is an id column that may be NULL; 0 means none.
type opt[I ~int64] struct{ p *I }

func maybe[I ~int64](p *I) opt[I] { return opt[I]{p} }

// Scan reads NULL as 0.
func (o opt[I]) Scan(v any) error {
	n, ok := v.(int64)
	if !ok && v != nil {
		return fmt.Errorf("store: an id cannot be %T", v)
	}
	*o.p = I(n)
	return nil
}

// Value writes 0 as NULL.
func (o opt[I]) Value() (driver.Value, error) {
	if *o.p == 0 {
		return nil, nil
	}
	return int64(*o.p), nil
}

// optDay is a day column that may be NULL; "" means none.
type optDay struct{ p *term.Day }

// Scan reads NULL as "".
func (o optDay) Scan(v any) error {
	s, ok := v.(string)
	if !ok && v != nil {
		return fmt.Errorf("store: a day cannot be %T", v)
	}
	*o.p = term.Day(s)
	return nil
}

// Value writes "" as NULL.
func (o optDay) Value() (driver.Value, error) {
	if *o.p == "" {
		return nil, nil
	}
	return string(*o.p), nil
}

// Void is who voided a clinical row, when and why; nothing clinical is ever removed.
type Void struct {
	VoidedAt   term.Instant
	VoidedBy   term.StaffID
	VoidReason string
}

// Voided says that the row no longer counts.
func (v Void) Voided() bool { return !v.VoidedAt.IsZero() }

const voidCols = "voided_at, voided_by, void_reason_sealed"

// voidFields gives the fields of voidCols; the reason is sealed like the row's other texts.
func voidFields[I ~int64](r *Read, table string, id *I, client *term.ClientID, v *Void) []any {
	return []any{&v.VoidedAt, maybe(&v.VoidedBy), sealed(r, table, id, client, "void_reason_sealed", &v.VoidReason)}
}

// sealedJSON is a sealed column that holds a value as JSON.
type sealedJSON struct {
	sealedField
	v    any
	body string
}

// sealedAs gives the field of a sealed JSON column; v is a pointer.
func sealedAs[I ~int64](r *Read, table string, id *I, client *term.ClientID, column string, v any) *sealedJSON { //nolint:revive // the five names that an envelope is bound to, and the reader
	s := &sealedJSON{v: v}
	s.sealedField = *sealed(r, table, id, client, column, &s.body)
	return s
}

// Scan opens the envelope and reads the JSON; NULL leaves the value as it is.
func (s *sealedJSON) Scan(v any) error {
	if err := s.sealedField.Scan(v); err != nil || s.body == "" {
		return err
	}
	return json.Unmarshal([]byte(s.body), s.v)
}

func (s *sealedJSON) seal(tx *Tx, old bool) ([]byte, error) {
	if reflect.ValueOf(s.v).Elem().IsZero() {
		s.body = ""
	} else {
		b, err := json.Marshal(s.v)
		if err != nil {
			return nil, err
		}
		s.body = string(b)
	}
	return s.sealedField.seal(tx, old)
}

// sealer is a field whose argument is made before the statement runs.
type sealer interface {
	seal(tx *Tx, old bool) ([]byte, error)
}

// blind is the keyed equality index of a text; it is written and never read back.
type blind struct {
	r    *Read
	name string
	text *string
}

// Scan reads nothing: an index cannot be opened.
func (*blind) Scan(any) error { return nil }

// Value is the index of the text, NULL of the empty text.
func (b *blind) Value() (driver.Value, error) {
	if *b.text == "" {
		return nil, nil
	}
	return b.r.blindIndex(b.name, *b.text), nil
}

// jsonText is a plain TEXT column that holds a value as JSON; v is a pointer.
type jsonText struct{ v any }

// Scan reads the JSON.
func (j jsonText) Scan(v any) error {
	s, ok := v.(string)
	if !ok || s == "" {
		return nil
	}
	return json.Unmarshal([]byte(s), j.v)
}

// Value writes the JSON; an empty list is [].
func (j jsonText) Value() (driver.Value, error) {
	e := reflect.ValueOf(j.v).Elem()
	if e.Kind() == reflect.Slice && e.IsNil() {
		return "[]", nil
	}
	b, err := json.Marshal(j.v)
	return string(b), err
}
