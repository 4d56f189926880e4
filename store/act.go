package store

import (
	"database/sql"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"meixu/store/seal"
	"meixu/store/term"
)

// Act says who does what, and why. Write adds when and what changed.
type Act struct {
	Staff   term.StaffID // 0: the system itself
	Role    string
	Station string
	Action  string // the permission word, visit.arrive
	Reason  string
	Request string
	Once    string // one-time key of the post
	// Posted is the digest of what was posted under the key. The trail keeps it only under the
	// audit key's MAC, so that nobody can try out what was typed (a phone number, say).
	Posted  string `json:",omitempty"`
	Subject Subject
}

// Subject names one row.
type Subject struct {
	Noun string
	ID   int64
}

// String is "visit:42", or "" for none.
func (s Subject) String() string {
	if s.Noun == "" {
		return ""
	}
	return s.Noun + ":" + strconv.FormatInt(s.ID, 10)
}

// ParseSubject reads "visit:42".
func ParseSubject(text string) (Subject, bool) {
	noun, number, ok := strings.Cut(text, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	return Subject{noun, id}, ok && err == nil && noun != ""
}

// ActRow is one line of the trail.
type ActRow struct {
	ID      term.ActID
	At      term.Instant
	Act     Act
	Result  Subject
	Changes []Change
	sealed  []byte // envelope of the reason as the row holds it
}

// Change is what one act did to one row.
type Change struct {
	Table   string
	Row     int64
	Op      string // I, U, D
	Changes string // JSON {"column":[old,new]}
}

const actColumns = `id, at, staff_id, role, station, action, reason_sealed, request, coalesce(once,''), posted, subject_noun, subject_id, result_noun, result_id`

// scanAct reads an act with its reason still sealed.
func scanAct(from row) (a ActRow, err error) {
	err = from.Scan(&a.ID, &a.At, &a.Act.Staff, &a.Act.Role, &a.Act.Station, &a.Act.Action, &a.sealed, &a.Act.Request,
		&a.Act.Once, &a.Act.Posted, &a.Act.Subject.Noun, &a.Act.Subject.ID, &a.Result.Noun, &a.Result.ID)
	return a, err
}

// openedAct is scanAct with the reason opened. Reasons are free text and may name a client,
// so they stand sealed like every other text, under the audit key: the trail outlives a client.
func (r *Read) openedAct(from row) (a ActRow, err error) {
	if a, err = scanAct(from); err != nil {
		return a, err
	}
	a.Act.Reason, err = r.unseal(0, "acts", int64(a.ID), "reason_sealed", a.sealed)
	return a, err
}

func scanChange(from row) (c Change, err error) {
	err = from.Scan(&c.Table, &c.Row, &c.Op, &c.Changes)
	return c, err
}

// replayed answers *Replayed when the same person did the same with this one-time key, ErrOnce
// when the key was used for something else (it proves nothing about that), and ErrChanged when
// the same deed was posted with another content.
func (tx *Tx) replayed(a Act) error {
	before, known, err := found(one(tx, scanAct, `SELECT `+actColumns+` FROM acts WHERE once = ?`, a.Once))
	if err != nil || !known {
		return err
	}
	if before.Act.Staff != a.Staff || before.Act.Action != a.Action {
		return ErrOnce
	}
	if before.Act.Posted != a.Posted {
		return ErrChanged
	}
	return &Replayed{Result: before.Result.String()}
}

// blinded is the act with the digest of its post as the trail keeps it.
func (tx *Tx) blinded(a Act) Act {
	if a.Once == "" || a.Posted == "" {
		a.Posted = ""
		return a
	}
	mac := tx.db.keys.classes[seal.Audit].MAC([]byte("posted"), []byte(a.Once), []byte(a.Posted))
	a.Posted = hex.EncodeToString(mac[:16])
	return a
}

// clockBack is how far the clock may go back before that is an act of its own.
const clockBack = 2 * time.Minute

// openAct gives the write its number and lets the triggers know it. Acts are ordered by their
// numbers and never by their times: a clock that went back is noted in an act before this one.
func (tx *Tx) openAct() error {
	last, err := tx.beginAct()
	if err != nil || last.Sub(tx.now) <= clockBack {
		return err
	}
	note := Act{Role: "system", Station: "system:clock", Action: "clock.back", Reason: last.String() + " > " + tx.now.String()}
	if err := tx.closeAct(note); err != nil {
		return err
	}
	_, err = tx.beginAct()
	return err
}

// beginAct opens the next act and gives the time of the one before.
func (tx *Tx) beginAct() (before term.Instant, err error) {
	type end struct {
		id int64
		at term.Instant
	}
	last, _, err := found(one(tx, func(from row) (e end, err error) {
		err = from.Scan(&e.id, &e.at)
		return e, err
	}, `SELECT id, at FROM acts ORDER BY id DESC LIMIT 1`))
	if err != nil {
		return before, err
	}
	tx.act = last.id + 1
	_, err = tx.exec(`INSERT INTO act_now (id, act) VALUES (1, ?)`, tx.act)
	return last.at, err
}

// closeAct writes the act, seals it with its changes, and closes the trail again.
func (tx *Tx) closeAct(a Act) error {
	n, err := tx.exec(`DELETE FROM act_now WHERE act = ?`, tx.act)
	if err != nil {
		return err
	}
	if n != 1 {
		return ErrLost
	}
	reason, err := tx.seal(0, "acts", tx.act, "reason_sealed", a.Reason, nil)
	if err != nil {
		return err
	}
	t := trailAct{
		id: tx.act, at: tx.now.String(), staff: int64(a.Staff), role: a.Role, station: a.Station, action: a.Action, reason: reason,
		request: a.Request, once: sql.NullString{String: a.Once, Valid: a.Once != ""}, posted: a.Posted, subject: a.Subject, result: tx.result,
	}
	if _, err := tx.exec(`INSERT INTO acts (`+trailColumns+`) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`, t.values()...); err != nil {
		return err
	}
	return tx.sealAct(&t)
}

// ActFilter chooses acts; zero fields mean all.
type ActFilter struct {
	Subject  Subject
	Staff    term.StaffID
	Action   string
	From, To term.Instant
	Before   term.ActID // page back from here
	Limit    int        // 100 when 0, at most 500
}

// Acts lists the trail, newest first, without changes.
func (r *Read) Acts(f ActFilter) ([]ActRow, error) {
	var w where
	w.when(f.Subject.Noun != "", `subject_noun = ?`, f.Subject.Noun)
	w.when(f.Subject.ID != 0, `subject_id = ?`, f.Subject.ID)
	w.when(f.Staff != 0, `staff_id = ?`, f.Staff)
	w.when(f.Action != "", `action = ?`, f.Action)
	w.when(!f.From.IsZero(), `at >= ?`, f.From)
	w.when(!f.To.IsZero(), `at < ?`, f.To)
	w.when(f.Before != 0, `id < ?`, f.Before)
	return many(r, r.openedAct, `SELECT `+actColumns+` FROM acts`+w.sql()+` ORDER BY id DESC`+limit(f.Limit, 500), w.args...)
}

// Act reads one act with its changes.
func (r *Read) Act(id term.ActID) (ActRow, error) {
	return r.act(id, r.openedAct)
}

func (r *Read) act(id term.ActID, scan func(row) (ActRow, error)) (ActRow, error) {
	a, err := one(r, scan, `SELECT `+actColumns+` FROM acts WHERE id = ?`, id)
	if err != nil {
		return a, err
	}
	a.Changes, err = many(r, scanChange, `SELECT tbl, row, op, changes FROM act_changes WHERE act = ? ORDER BY id`, id)
	return a, err
}

// AuthorsOf tells in one query who added each of the rows of a table.
func (r *Read) AuthorsOf(table string, rows []int64) (map[int64]term.StaffID, error) {
	list, err := idList(rows)
	if err != nil {
		return nil, err
	}
	type added struct {
		row int64
		by  term.StaffID
	}
	all, err := many(r, func(from row) (a added, err error) {
		err = from.Scan(&a.row, maybe(&a.by))
		return a, err
	}, `SELECT c.row, a.staff_id FROM act_changes c JOIN acts a ON a.id = c.act
		WHERE c.tbl = ? AND c.row IN (SELECT value FROM json_each(?)) AND c.op = 'I'`, table, list)
	authors := make(map[int64]term.StaffID, len(all))
	for _, a := range all {
		authors[a.row] = a.by
	}
	return authors, err
}

// History lists the acts that changed one row, oldest first.
func (r *Read) History(table string, id int64) ([]ActRow, error) {
	list, err := many(r, r.openedAct, `SELECT `+actColumns+` FROM acts WHERE id IN (SELECT act FROM act_changes WHERE tbl = ? AND row = ?) ORDER BY id LIMIT 500`, table, id)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Changes, err = many(r, scanChange, `SELECT tbl, row, op, changes FROM act_changes WHERE act = ? AND tbl = ? AND row = ? ORDER BY id`, list[i].ID, table, id)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}
