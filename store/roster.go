package store

import (
	"meixu/store/term"
)

// ShiftKind is a kind of shift of the house, such as the early one. Minutes since midnight.
type ShiftKind struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Name      string
	Letter    string // stands in the cell of a day
	From, To  int
	RetiredAt term.Instant
}

func (*ShiftKind) table() string { return "shift_kinds" }
func (*ShiftKind) columns() string {
	return "id, version, created_at, updated_at, name, letter, from_minute, to_minute, retired_at"
}

func (k *ShiftKind) fields(*Read) []any {
	return []any{&k.ID, &k.Version, &k.CreatedAt, &k.UpdatedAt, &k.Name, &k.Letter, &k.From, &k.To, &k.RetiredAt}
}

// ShiftKinds lists the kinds of shift in use, the earliest first.
func (r *Read) ShiftKinds() ([]ShiftKind, error) {
	return loadAll[ShiftKind](r, "retired_at IS NULL ORDER BY from_minute, to_minute, id LIMIT 50")
}

// ShiftKind reads one kind of shift.
func (r *Read) ShiftKind(id int64) (ShiftKind, error) { return load[ShiftKind](r, "id = ?", id) }

// AddShiftKind adds a kind of shift.
func (tx *Tx) AddShiftKind(k *ShiftKind) error { return tx.addRow(k) }

// SaveShiftKind writes a kind of shift over the version read.
func (tx *Tx) SaveShiftKind(k *ShiftKind) error { return tx.saveRow(k) }

// ShiftWeek is the usual week of a person: seven kinds of shift from Monday on, 0 is rest.
type ShiftWeek struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Staff     term.StaffID
	Kinds     []int64
}

func (*ShiftWeek) table() string { return "shift_weeks" }
func (*ShiftWeek) columns() string {
	return "id, version, created_at, updated_at, staff_id, kinds"
}

func (w *ShiftWeek) fields(*Read) []any {
	return []any{&w.ID, &w.Version, &w.CreatedAt, &w.UpdatedAt, &w.Staff, jsonText{&w.Kinds}}
}

// ShiftWeeks lists the usual weeks of everybody who has one.
func (r *Read) ShiftWeeks() ([]ShiftWeek, error) {
	return loadAll[ShiftWeek](r, "1 ORDER BY staff_id LIMIT 1000")
}

// AddShiftWeek adds the usual week of a person.
func (tx *Tx) AddShiftWeek(w *ShiftWeek) error { return tx.addRow(w) }

// SaveShiftWeek writes a usual week over the version read.
func (tx *Tx) SaveShiftWeek(w *ShiftWeek) error { return tx.saveRow(w) }

// Shift is the day of a person on the roster. Equal From and To are a day of rest.
type Shift struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Staff     term.StaffID
	Day       term.Day
	Kind      int64 // 0: rest, or hours of its own
	From, To  int   // minutes since midnight
}

// Rests says that the person has the day off.
func (s Shift) Rests() bool { return s.From == s.To }

func (*Shift) table() string { return "shifts" }
func (*Shift) columns() string {
	return "id, version, created_at, updated_at, staff_id, day, kind_id, from_minute, to_minute"
}

func (s *Shift) fields(*Read) []any {
	return []any{&s.ID, &s.Version, &s.CreatedAt, &s.UpdatedAt, &s.Staff, &s.Day, maybe(&s.Kind), &s.From, &s.To}
}

// ShiftsBetween lists the roster from one day to another, both included, by day.
func (r *Read) ShiftsBetween(from, to term.Day) ([]Shift, error) {
	return loadAll[Shift](r, "day >= ? AND day <= ? ORDER BY day, staff_id LIMIT 20000", from, to)
}

// ShiftOn reads the shift of a person on a day; ErrNotFound when none is drawn.
func (r *Read) ShiftOn(staff term.StaffID, day term.Day) (Shift, error) {
	return load[Shift](r, "staff_id = ? AND day = ?", staff, day)
}

// NextShift reads the first shift after a day on which the person works.
func (r *Read) NextShift(staff term.StaffID, after term.Day) (Shift, error) {
	return load[Shift](r, "staff_id = ? AND day > ? AND to_minute > from_minute ORDER BY day LIMIT 1", staff, after)
}

// Rostered says whether a roster is drawn for a day.
func (r *Read) Rostered(day term.Day) (bool, error) {
	n, err := one(r, value[int], "SELECT EXISTS (SELECT 1 FROM shifts WHERE day = ?)", day)
	return n == 1, err
}

// AddShift adds a day of a person to the roster.
func (tx *Tx) AddShift(s *Shift) error { return tx.addRow(s) }

// SaveShift writes a day of the roster over the version read.
func (tx *Tx) SaveShift(s *Shift) error { return tx.saveRow(s) }

// Leave is a leave that somebody asked for; both days are included.
type Leave struct {
	ID         int64
	Version    int
	CreatedAt  term.Instant
	UpdatedAt  term.Instant
	Staff      term.StaffID
	Kind       string
	From, To   term.Day
	Reason     string
	State      string
	AnsweredAt term.Instant
	AnsweredBy term.StaffID
	Answer     string
}

// States of a leave.
const (
	LeaveAsked     = "asked"
	LeaveApproved  = "approved"
	LeaveRefused   = "refused"
	LeaveWithdrawn = "withdrawn"
)

func (*Leave) table() string { return "leaves" }
func (*Leave) columns() string {
	return "id, version, created_at, updated_at, staff_id, kind, from_day, to_day, reason_sealed, state, answered_at, answered_by, answer_sealed"
}

func (l *Leave) fields(r *Read) []any {
	return []any{
		&l.ID, &l.Version, &l.CreatedAt, &l.UpdatedAt, &l.Staff, &l.Kind, &l.From, &l.To,
		sealed(r, "leaves", &l.ID, nil, "reason_sealed", &l.Reason), &l.State, &l.AnsweredAt, maybe(&l.AnsweredBy),
		sealed(r, "leaves", &l.ID, nil, "answer_sealed", &l.Answer),
	}
}

// Leave reads one leave.
func (r *Read) Leave(id int64) (Leave, error) { return load[Leave](r, "id = ?", id) }

// LeavesBetween lists the leaves of everybody that touch the days, in whatever state.
func (r *Read) LeavesBetween(from, to term.Day) ([]Leave, error) {
	return loadAll[Leave](r, "to_day >= ? AND from_day <= ? ORDER BY from_day, id LIMIT 5000", from, to)
}

// LeavesOf lists a person's leaves, the newest first.
func (r *Read) LeavesOf(staff term.StaffID) ([]Leave, error) {
	return loadAll[Leave](r, "staff_id = ? ORDER BY from_day DESC, id DESC LIMIT 200", staff)
}

// Away lists the approved leaves of a person on a day; there is one at most, unless two were approved.
func (r *Read) Away(staff term.StaffID, day term.Day) ([]Leave, error) {
	return loadAll[Leave](r, "staff_id = ? AND to_day >= ? AND from_day <= ? AND state = 'approved' ORDER BY to_day DESC LIMIT 5", staff, day, day)
}

// AddLeave adds a leave.
func (tx *Tx) AddLeave(l *Leave) error { return tx.addRow(l) }

// SaveLeave writes a leave over the version read.
func (tx *Tx) SaveLeave(l *Leave) error { return tx.saveRow(l) }
