package reports

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// trailPage is how many acts one page of the trail shows.
const trailPage = 50

// TrailAsk is what the reader of a trail looks for; zero fields mean all.
type TrailAsk struct {
	Client   term.ClientID // 0: the whole house
	Staff    term.StaffID
	Action   string
	Kind     string // view, change
	From, To term.Day
	Before   term.ActID
	Limit    int // acts at once; 0: those of one page
}

func (a TrailAsk) limit() int {
	if a.Limit > 0 {
		return a.Limit
	}
	return trailPage
}

// Trail is one page of who saw and changed what.
type Trail struct {
	Banner *banner.View
	Lines  []TrailLine
	People []store.Staff
	Next   term.ActID // older acts begin below this one; 0: no more
}

// TrailLine is one act.
type TrailLine struct {
	ID      term.ActID
	At      term.Instant
	Who     string // "" for the system
	Role    string
	Station string // in words: the third tablet; "" for the house itself
	Since   string // who signed in there first, and when
	Code    string // its random name, for those who look after the locks only
	Action  string // the permission's word
	Reason  string
	View    bool // nothing was changed
	Changes []TrailChange
}

// TrailChange is what an act did to one row.
type TrailChange struct {
	Table  string
	Row    int64
	Op     string // I, U, D
	Fields []TrailField
	// Technical counts what changed besides and says nothing to a reader.
	Technical int
}

// TrailField is one column that changed. Sealed values are never printed.
type TrailField struct {
	Column   string
	Old, New string
	Sealed   bool
}

// Trail reads the trail of one client, or of the whole house. Reading it is an act too.
func (o *Office) Trail(ctx context.Context, by access.Actor, ask TrailAsk) (t Trail, err error) {
	read := func(r *store.Read) error {
		if t.People, err = r.AllStaff(); err != nil {
			return err
		}
		acts, err := o.acts(r, by, ask, &t)
		if err != nil {
			return err
		}
		if len(acts) == ask.limit() {
			t.Next = acts[len(acts)-1].ID
		}
		p := printer{lang: by.Lang, r: r, staff: map[term.StaffID]string{}, codes: by.Is(access.SecAdmin) || by.Is(access.AuditAdmin)}
		if p.stations, err = r.Stations(); err != nil {
			return err
		}
		for _, s := range t.People {
			p.staff[s.ID] = s.Name
		}
		for _, a := range acts {
			t.Lines = append(t.Lines, p.line(a))
		}
		return nil
	}
	if ask.Client == 0 {
		return t, o.Read(ctx, by, access.TrailView, read)
	}
	return t, o.View(ctx, by, access.TrailView, ask.Client, read)
}

func (o *Office) acts(r *store.Read, by access.Actor, ask TrailAsk, t *Trail) ([]store.ActRow, error) {
	from, to := ask.From.Start(r.Zone()), term.Instant{}
	if ask.To != "" {
		to = ask.To.End(r.Zone())
	}
	if ask.Client == 0 {
		acts, err := r.Acts(store.ActFilter{
			Staff: ask.Staff, Action: ask.Action, From: from, To: to, Before: ask.Before, Limit: ask.limit(),
		})
		if err != nil {
			return nil, err
		}
		return acts, r.ChangesIn(acts)
	}
	view, err := banner.Of(r, by, ask.Client)
	if errors.Is(err, store.ErrNotFound) {
		return nil, fault.NotFound("client").Because(err)
	}
	if err != nil {
		return nil, err
	}
	t.Banner = view
	return r.TrailOf(store.TrailFilter{
		Client: ask.Client, Staff: ask.Staff, Action: ask.Action, From: from, To: to, Kind: ask.Kind,
		Before: ask.Before, Limit: ask.limit(),
	})
}

// Verify checks every act of the record against its seal (trail.verify). It says at which act
// the chain is broken; 0 when all is as it was sealed.
func (o *Office) Verify(ctx context.Context, by access.Actor) (broken term.ActID, err error) {
	if !by.May(access.TrailVerify) {
		return 0, fault.Forbidden(string(access.TrailVerify))
	}
	if err := o.DB.Flush(ctx); err != nil {
		return 0, fault.FromStore(err, "writing views")
	}
	err = o.DB.VerifyChain(ctx)
	var chain *store.BrokenChain
	switch {
	case errors.As(err, &chain):
		broken = chain.Act
	case err != nil:
		return 0, fault.FromStore(err, "verifying the record")
	}
	return broken, o.Write(ctx, by, access.TrailVerify, func(*store.Tx) error { return nil })
}

// printer turns changes into words.
type printer struct {
	lang  words.Lang
	r     *store.Read
	staff map[term.StaffID]string
	// stations are the browsers by their mark; codes says that the reader may see those.
	stations map[string]store.Station
	codes    bool
}

// station says where an act was done, as people call the place.
func (p printer) station(line *TrailLine, name string) {
	s, known := p.stations[name]
	switch {
	case known:
		if line.Station = s.Known; s.Known == "" {
			line.Station = p.lang.T("reports.station."+s.Kind, s.No)
		}
		line.Since = p.lang.T("reports.station.since", p.staff[s.First], s.Since.Stamp(p.r.Zone()))
	case strings.HasPrefix(name, "system:job:"):
		line.Station = p.lang.T("reports.station.job")
	case name != "" && !strings.HasPrefix(name, "system:"):
		line.Station = p.lang.T("reports.station.unknown")
	}
	if p.codes {
		line.Code = name
	}
}

func (p printer) line(a store.ActRow) TrailLine {
	line := TrailLine{
		ID: a.ID, At: a.At, Who: p.staff[a.Act.Staff], Role: a.Act.Role, Action: a.Act.Action,
		Reason: a.Act.Reason, View: len(a.Changes) == 0,
	}
	p.station(&line, a.Act.Station)
	for _, c := range a.Changes {
		change := TrailChange{Table: c.Table, Row: c.Row, Op: c.Op}
		change.Fields, change.Technical = p.fields(c)
		if len(change.Fields) > 0 || change.Technical > 0 || c.Op != "U" {
			line.Changes = append(line.Changes, change)
		}
	}
	return line
}

// Label prints the words of a column, table or deed; the code itself when it has none.
func Label(l words.Lang, kind, code string) string {
	if key := "reports." + kind + "." + code; l.Has(key) {
		return l.T(key)
	}
	return code
}

// technical are columns that only the program reads; they are counted, not shown.
var technical = []string{
	"body", "body_sha256", "class", "file", "id_number_index", "key", "ladder", "password_hash", "phone_index", "pin_hash",
	"ref_id", "ref_noun", "signers", "subject_id", "subject_noun", "title_args_sealed", "token_hash", "wrapped_key",
}

// dull are columns that say nothing to a reader.
var dull = []string{"id", "version", "created_at", "updated_at", "client_id", "act"}

func (p printer) fields(c store.Change) (list []TrailField, rest int) {
	var columns map[string][2]any
	if json.Unmarshal([]byte(c.Changes), &columns) != nil {
		return nil, 0
	}
	for column, pair := range columns {
		if slices.Contains(dull, column) || pair[0] == nil && pair[1] == nil {
			continue
		}
		if slices.Contains(technical, column) {
			rest++
			continue
		}
		f := p.field(c.Table, column, columns)
		blank := f.Old == "" && (f.New == "0" || f.New == "[]")
		if f.Sealed || f.Old != f.New && !blank {
			list = append(list, f)
		}
	}
	slices.SortFunc(list, func(a, b TrailField) int { return strings.Compare(a.Column, b.Column) })
	return list, rest
}

// field prints one column; some columns are read with another one of the same row.
func (p printer) field(table, column string, columns map[string][2]any) TrailField {
	f := TrailField{Column: column, Sealed: secret(column)}
	pair := columns[column]
	if !f.Sealed {
		f.Old, f.New = p.value(table, column, pair[0]), p.value(table, column, pair[1])
	}
	if sum, ok := pair[1].(float64); ok && column == "amount" {
		f.New = amount(columns["kind"][1], sum)
	}
	if key, ok := pair[1].(string); ok && column == "title_key" {
		f.New = p.title(key)
	}
	return f
}

// amount prints a movement of the ledger: money in yuan, stock in units, sessions as they are.
func amount(kind any, sum float64) string {
	switch kind {
	case "money":
		return term.Fen(sum).String()
	case "stock":
		return term.Qty(sum).String()
	}
	return fmt.Sprint(int64(sum))
}

// secret says that the values of a column are never printed: sealed texts, keys, hashes, and
// the bodies of templates, which are not about a person.
func secret(column string) bool {
	for _, end := range []string{"_sealed", "_index", "_hash", "wrapped_key", "sha256", "_secret"} {
		if strings.HasSuffix(column, end) {
			return true
		}
	}
	return column == "body" || column == "file" || column == "signers"
}

// people are the columns that hold a member of staff beside those that end in _by.
var people = []string{
	"staff_id", "consultant_id", "physician_id", "operator_id", "nurse_id", "cashier_id", "owner_id", "second_id", "waste_second_id",
}

// value prints one plain value for a reader.
func (p printer) value(table, column string, v any) string {
	switch x := v.(type) {
	case nil:
		return ""
	case float64:
		switch {
		case strings.HasSuffix(column, "_fen"):
			return term.Fen(x).String()
		case strings.HasSuffix(column, "_qty"):
			return term.Qty(x).String()
		case strings.HasSuffix(column, "_by") || slices.Contains(people, column):
			return p.staff[term.StaffID(x)]
		}
		return fmt.Sprint(int64(x))
	case string:
		return p.text(table, column, x)
	}
	return fmt.Sprint(v)
}

func (p printer) text(table, column, x string) string {
	if strings.HasSuffix(column, "_at") || column == "at" || strings.HasSuffix(column, "_until") {
		if at, err := term.ParseInstant(x); err == nil {
			return at.Stamp(p.r.Zone())
		}
	}
	noun := strings.TrimSuffix(table, "s")
	if list, ok := listOf(x); ok {
		return list
	}
	for _, key := range []string{"reports.value." + table + "." + column + "." + x, "term." + noun + "." + x, "term." + column + "." + x, "access.role." + x} {
		if p.lang.Has(key) {
			return p.lang.T(key)
		}
	}
	return p.coded(table, column, x)
}

// argument is a place in a words text that is filled in.
var argument = regexp.MustCompile(`%(\[\d+\])?[a-z]`)

// title is the title of a task without its arguments: they are sealed, like every text.
func (p printer) title(key string) string { return argument.ReplaceAllString(p.lang.T(key), "…") }

// listOf prints a kept list: its words, or how many entries it has when they are no words.
func listOf(x string) (string, bool) {
	var all []any
	if !strings.HasPrefix(x, "[") || json.Unmarshal([]byte(x), &all) != nil || len(all) == 0 {
		return "", false
	}
	texts := make([]string, len(all))
	for i, v := range all {
		if _, nested := v.(map[string]any); nested {
			return fmt.Sprintf("× %d", len(all)), true
		}
		texts[i] = fmt.Sprint(v)
	}
	return strings.Join(texts, ", "), true
}
