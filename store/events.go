package store

import (
	"meixu/store/term"
)

// Event is a red flag or an adverse event with its escalation (F11).
type Event struct {
	ID        term.EventID
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Number    string
	Kind      string
	Code      string
	Client    term.ClientID
	Visit     term.VisitID
	Treatment term.TreatmentID
	Task      term.TaskID
	Answer    term.AnswerID
	Severity  string
	State     string
	Note      string
	OpenedAt  term.Instant
	OpenedBy  term.StaffID
	TakenAt   term.Instant
	TakenBy   term.StaffID
	ClosedAt  term.Instant
	ClosedBy  term.StaffID
	Outcome   string
	// Told are the keys of the answers that raised the event, one a line; sealed.
	Told string
	// Steps are the steps of the emergency card that were done, in the order of doing.
	Steps []EventStep
}

// EventStep is one step of an emergency card, done at a time by somebody.
type EventStep struct {
	// Card is the emergency card, ESC-VO, whose step it is.
	Card  string       `json:"card"`
	No    int          `json:"no"`
	At    term.Instant `json:"at"`
	Staff term.StaffID `json:"staff"`
}

func (*Event) table() string { return "events" }
func (*Event) columns() string {
	return "id, version, created_at, updated_at, number, kind, code, client_id, visit_id, " +
		"treatment_id, task_id, answer_id, severity, state, note_sealed, opened_at, opened_by, " +
		"taken_at, taken_by, closed_at, closed_by, outcome_sealed, told_sealed, steps"
}

func (e *Event) fields(r *Read) []any {
	return []any{
		&e.ID, &e.Version, &e.CreatedAt, &e.UpdatedAt, &e.Number, &e.Kind, &e.Code, &e.Client,
		maybe(&e.Visit), maybe(&e.Treatment), maybe(&e.Task), maybe(&e.Answer), &e.Severity, &e.State,
		sealed(r, "events", &e.ID, &e.Client, "note_sealed", &e.Note), &e.OpenedAt, maybe(&e.OpenedBy),
		&e.TakenAt, maybe(&e.TakenBy), &e.ClosedAt, maybe(&e.ClosedBy),
		sealed(r, "events", &e.ID, &e.Client, "outcome_sealed", &e.Outcome),
		sealed(r, "events", &e.ID, &e.Client, "told_sealed", &e.Told),
		jsonText{&e.Steps},
	}
}

// Event reads one event.
func (r *Read) Event(id term.EventID) (Event, error) { return load[Event](r, "id = ?", id) }

// OpenEvents lists events that are not closed, newest first.
func (r *Read) OpenEvents(limit int) ([]Event, error) {
	return loadAll[Event](r, "state <> 'closed' ORDER BY id DESC LIMIT ?", limit)
}

// EventsIn lists the events of a kind, newest first, at most limit after the first offset.
func (r *Read) EventsIn(kind string, limit, offset int) ([]Event, error) {
	return loadAll[Event](r, "kind = ? ORDER BY id DESC LIMIT ? OFFSET ?", kind, limit, offset)
}

// EventOfAnswer reads the event that a filled form tells of.
func (r *Read) EventOfAnswer(id term.AnswerID) (Event, error) {
	return load[Event](r, "answer_id = ? ORDER BY id LIMIT 1", id)
}

// EventsOfAnswer lists the events that a filled form tells of, in the order of their opening.
func (r *Read) EventsOfAnswer(id term.AnswerID) ([]Event, error) {
	return loadAll[Event](r, "answer_id = ? ORDER BY id", id)
}

// EventsOf lists a client's events, newest first.
func (r *Read) EventsOf(client term.ClientID, limit int) ([]Event, error) {
	return loadAll[Event](r, "client_id = ? ORDER BY id DESC LIMIT ?", client, limit)
}

// AddEvent adds an event and gives it its number, unless it is the report of another event
// and came with that one's.
func (tx *Tx) AddEvent(e *Event) (err error) {
	if e.Number != "" {
		return tx.addRow(e)
	}
	if e.Number, err = tx.Number("E"); err != nil {
		return err
	}
	return tx.addRow(e)
}

// SaveEvent writes an event over the version read.
func (tx *Tx) SaveEvent(e *Event) error { return tx.saveRow(e) }

// AgainNo says that nobody asked again.
const AgainNo = "no"

// Rating is a client's rating of a visit: score 0–100, NPS 0–10.
type Rating struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Visit     term.VisitID
	Client    term.ClientID
	Answer    term.AnswerID
	Score     int
	Nps       int
	Again     string // who asked again what was told already: AgainNo, or roles parted by commas; "" not said
	Anonymous bool
	At        term.Instant
}

func (*Rating) table() string { return "ratings" }
func (*Rating) columns() string {
	return "id, version, created_at, updated_at, visit_id, client_id, answer_id, score, nps, " +
		"asked_again, anonymous, at"
}

func (r *Rating) fields(*Read) []any {
	return []any{
		&r.ID, &r.Version, &r.CreatedAt, &r.UpdatedAt, &r.Visit, &r.Client, &r.Answer, &r.Score,
		&r.Nps, &r.Again, &r.Anonymous, &r.At,
	}
}

// RatingOf reads the rating of a visit.
func (r *Read) RatingOf(visit term.VisitID) (Rating, error) {
	return load[Rating](r, "visit_id = ?", visit)
}

// RatingsBetween lists the ratings given in [from, to), newest first.
func (r *Read) RatingsBetween(from, to term.Instant, limit int) ([]Rating, error) {
	return loadAll[Rating](r, "at >= ? AND at < ? ORDER BY id DESC LIMIT ?", from, to, limit)
}

// AddRating adds a rating.
func (tx *Tx) AddRating(r *Rating) error { return tx.addRow(r) }
