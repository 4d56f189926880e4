package store

import (
	"fmt"

	"meixu/store/term"
)

// What a person can hold: others wait for it, so nobody leaves while it is hers (row:C7).
const (
	HeldClient      = "client"      // files whose consultant she is
	HeldTask        = "task"        // open tasks that are hers in person
	HeldEvent       = "event"       // complaints and red flags that she took and did not close
	HeldLead        = "lead"        // inquiries that she owns
	HeldAppointment = "appointment" // bookings with her that are still to come
	HeldWait        = "wait"        // entries of the wait list that want her
	HeldVisit       = "visit"       // clients in the house whom she advises
	HeldPatient     = "patient"     // clients in the house whose physician she is
	HeldOperation   = "operation"   // treatments not begun that she is to do
	HeldAssistance  = "assistance"  // treatments not begun at which she is to assist
)

// Holding is one sort of thing that people hold, and the column that says whose it is.
type Holding struct{ Kind, Column string }

// Holdings is the one list of what people hold, in the order in which it is handed over. Every other
// column that names staff says who did something, or what ends with the person herself; the test of
// this file knows them all.
var Holdings = []Holding{
	{HeldClient, "clients.consultant_id"},
	{HeldEvent, "events.taken_by"},
	{HeldLead, "leads.owner_id"},
	{HeldAppointment, "appointments.staff_id"},
	{HeldWait, "waits.staff_id"},
	{HeldVisit, "visits.consultant_id"},
	{HeldPatient, "visits.physician_id"},
	{HeldOperation, "treatments.operator_id"},
	{HeldAssistance, "treatments.nurse_id"},
	{HeldTask, "tasks.staff_id"},
}

// Held is one thing that a person holds.
type Held struct {
	Kind   string
	ID     int64
	Staff  term.StaffID
	Client term.ClientID
	Lead   term.LeadID
	Item   term.ItemID
	At     term.Instant // when it is due or begins; zero for files
	// Closed says that a file was merged into another one: nobody is called for it.
	Closed bool
}

// heldRows are all things that somebody holds, by kind: who, which, whom it is about, when.
const heldRows = `SELECT 'client' AS kind, id, consultant_id AS staff, id AS client, NULL AS lead, NULL AS item, NULL AS at, state = 'merged' AS closed
	FROM clients WHERE consultant_id IS NOT NULL AND voided_at IS NULL
UNION ALL SELECT 'task', id, staff_id, client_id, NULL, NULL, due_at, 0 FROM tasks WHERE state = 'open' AND staff_id IS NOT NULL
UNION ALL SELECT 'event', id, taken_by, client_id, NULL, NULL, opened_at, 0 FROM events WHERE state = 'taken' AND taken_by IS NOT NULL
UNION ALL SELECT 'lead', id, owner_id, client_id, id, NULL, created_at, 0 FROM leads WHERE state IN ('open','booked') AND owner_id IS NOT NULL
UNION ALL SELECT 'appointment', id, staff_id, client_id, lead_id, item_id, starts_at, 0 FROM appointments
	WHERE state IN ('requested','confirmed') AND staff_id IS NOT NULL AND ends_at > ?1
UNION ALL SELECT 'wait', id, staff_id, client_id, lead_id, item_id, NULL, 0 FROM waits WHERE state = 'waiting' AND staff_id IS NOT NULL
UNION ALL SELECT 'visit', id, consultant_id, client_id, NULL, NULL, arrived_at, 0 FROM visits WHERE state = 'open' AND consultant_id IS NOT NULL
UNION ALL SELECT 'patient', id, physician_id, client_id, NULL, NULL, arrived_at, 0 FROM visits WHERE state = 'open' AND physician_id IS NOT NULL
UNION ALL SELECT 'operation', id, operator_id, client_id, NULL, item_id, NULL, 0 FROM treatments
	WHERE state IN ('scheduled','signed_in','timed_out') AND operator_id IS NOT NULL
UNION ALL SELECT 'assistance', id, nurse_id, client_id, NULL, item_id, NULL, 0 FROM treatments
	WHERE state IN ('scheduled','signed_in','timed_out') AND nurse_id IS NOT NULL`

// HeldBy lists what a person holds, by kind and then by id.
func (r *Read) HeldBy(staff term.StaffID) ([]Held, error) {
	scan := func(from row) (h Held, err error) {
		err = from.Scan(&h.Kind, &h.ID, &h.Staff, maybe(&h.Client), maybe(&h.Lead), maybe(&h.Item), &h.At, &h.Closed)
		return h, err
	}
	return many(r, scan, `SELECT * FROM (`+heldRows+`) WHERE staff = ?2 ORDER BY kind, id LIMIT 500000`, r.Now(), staff)
}

// HeldCount counts what somebody holds of one kind.
type HeldCount struct {
	Staff term.StaffID
	Kind  string
	N     int
}

func scanHeldCount(from row) (h HeldCount, err error) {
	err = from.Scan(&h.Staff, &h.Kind, &h.N)
	return h, err
}

// HeldCounts counts what a person holds, by kind; nothing is left out and nothing is opened.
func (r *Read) HeldCounts(staff term.StaffID) ([]HeldCount, error) {
	return many(r, scanHeldCount, `SELECT staff, kind, count(*) FROM (`+heldRows+`) WHERE staff = ?2 GROUP BY kind LIMIT 100`, r.Now(), staff)
}

// HeldByGone counts what people hold whose account is closed, by person.
func (r *Read) HeldByGone() ([]HeldCount, error) {
	return many(r, scanHeldCount, `SELECT staff, '', count(*) FROM (`+heldRows+`)
		WHERE staff IN (SELECT id FROM staff WHERE state = 'disabled') GROUP BY staff LIMIT 1000`, r.Now())
}

// LoadOf counts the files of everybody, so that a hand-over can be split fairly.
func (r *Read) LoadOf() (map[term.StaffID]int, error) {
	list, err := many(r, scanHeldCount, `SELECT consultant_id, 'client', count(*) FROM clients
		WHERE consultant_id IS NOT NULL AND voided_at IS NULL GROUP BY consultant_id LIMIT 1000`)
	load := make(map[term.StaffID]int, len(list))
	for _, c := range list {
		load[c.Staff] = c.N
	}
	return load, err
}

// Give hands things of a kind from one person to another; to 0 leaves them with nobody. It says how
// many changed hands. Tasks and bookings are saved one by one by their own steps.
func (tx *Tx) Give(kind string, ids []int64, from, to term.StaffID) (int64, error) {
	list, err := idList(ids)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	args := []any{maybe(&to), tx.Now(), from, list}
	switch kind {
	case HeldClient:
		return tx.exec(`UPDATE clients SET consultant_id = ?, updated_at = ?, version = version + 1
			WHERE consultant_id = ? AND id IN (SELECT value FROM json_each(?))`, args...)
	case HeldEvent:
		return tx.exec(`UPDATE events SET taken_by = ?, updated_at = ?, version = version + 1
			WHERE taken_by = ? AND id IN (SELECT value FROM json_each(?))`, args...)
	case HeldLead:
		return tx.exec(`UPDATE leads SET owner_id = ?, updated_at = ?, version = version + 1
			WHERE owner_id = ? AND id IN (SELECT value FROM json_each(?))`, args...)
	case HeldWait:
		return tx.exec(`UPDATE waits SET staff_id = ?, updated_at = ?, version = version + 1
			WHERE staff_id = ? AND id IN (SELECT value FROM json_each(?))`, args...)
	case HeldVisit:
		return tx.exec(`UPDATE visits SET consultant_id = ?, updated_at = ?, version = version + 1
			WHERE consultant_id = ? AND id IN (SELECT value FROM json_each(?))`, args...)
	case HeldPatient:
		return tx.exec(`UPDATE visits SET physician_id = ?, updated_at = ?, version = version + 1
			WHERE physician_id = ? AND id IN (SELECT value FROM json_each(?))`, args...)
	case HeldOperation:
		return tx.exec(`UPDATE treatments SET operator_id = ?, updated_at = ?, version = version + 1
			WHERE operator_id = ? AND id IN (SELECT value FROM json_each(?))`, args...)
	case HeldAssistance:
		return tx.exec(`UPDATE treatments SET nurse_id = ?, updated_at = ?, version = version + 1
			WHERE nurse_id = ? AND id IN (SELECT value FROM json_each(?))`, args...)
	}
	return 0, fmt.Errorf("giving away %s: unknown kind", kind)
}
