package store

import (
	"encoding/json"

	"meixu/store/term"
)

// Visit is one coming of a client, from arrival to leaving. A client has at most one open
// visit (index visit_open_once).
type Visit struct {
	ID          term.VisitID
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Number      string // V20260301-003
	Client      term.ClientID
	Appointment term.AppointmentID
	State       term.VisitState
	Stage       term.Stage
	Station     term.Station
	StationAt   term.Instant // since when the client is at the station
	Room        term.RoomID
	Consultant  term.StaffID
	// ConsultantReason says why another than the proposed consultant was taken.
	ConsultantReason string
	Physician        term.StaffID
	ArrivedAt        term.Instant
	GreetedAt        term.Instant
	ClosedAt         term.Instant
	CloseReason      string
	VIP              bool
	// Wanted are the paid order lines of which the client came to use a session today.
	Wanted []term.OrderLineID
}

func (*Visit) table() string { return "visits" }
func (*Visit) columns() string {
	return "id, version, created_at, updated_at, number, client_id, appointment_id, state, stage, station, station_at, " +
		"room_id, consultant_id, consultant_reason_sealed, physician_id, arrived_at, greeted_at, closed_at, close_reason_sealed, vip, wanted"
}

func (v *Visit) fields(r *Read) []any {
	return []any{
		&v.ID, &v.Version, &v.CreatedAt, &v.UpdatedAt, &v.Number, &v.Client, maybe(&v.Appointment), &v.State, &v.Stage,
		&v.Station, &v.StationAt, maybe(&v.Room), maybe(&v.Consultant), sealed(r, "visits", &v.ID, &v.Client, "consultant_reason_sealed", &v.ConsultantReason), maybe(&v.Physician),
		&v.ArrivedAt, &v.GreetedAt, &v.ClosedAt, sealed(r, "visits", &v.ID, &v.Client, "close_reason_sealed", &v.CloseReason), &v.VIP,
		jsonText{&v.Wanted},
	}
}

// Open says that the client is in the house.
func (v Visit) Open() bool { return v.State == term.VisitOpen }

// Visit reads one visit.
func (r *Read) Visit(id term.VisitID) (Visit, error) { return load[Visit](r, "id = ?", id) }

// OpenVisit reads the client's open visit; ErrNotFound when there is none.
func (r *Read) OpenVisit(client term.ClientID) (Visit, error) {
	return load[Visit](r, "client_id = ? AND state = 'open'", client)
}

// OpenVisitsAmong gives the open visit of each client of a list that has one.
func (r *Read) OpenVisitsAmong(clients []term.ClientID) (map[term.ClientID]term.VisitID, error) {
	list, err := json.Marshal(clients)
	if err != nil {
		return nil, err
	}
	visits, err := loadAll[Visit](r, "state = 'open' AND client_id IN (SELECT value FROM json_each(?))", string(list))
	if err != nil {
		return nil, err
	}
	open := make(map[term.ClientID]term.VisitID, len(visits))
	for _, v := range visits {
		open[v.Client] = v.ID
	}
	return open, nil
}

// ClientsToday lists who is in the house or is expected today.
func (r *Read) ClientsToday() ([]term.ClientID, error) {
	day, zone := r.Today(), r.Zone()
	return many(r, func(from row) (id term.ClientID, err error) { return id, from.Scan(&id) },
		`SELECT client_id FROM visits WHERE state = 'open' UNION SELECT client_id FROM appointments
			WHERE starts_at >= ? AND starts_at < ? AND state IN ('requested','confirmed','arrived') AND client_id IS NOT NULL LIMIT 1000`,
		day.Start(zone), day.End(zone))
}

// OpenVisits lists all open visits, first come first.
func (r *Read) OpenVisits() ([]Visit, error) {
	return loadAll[Visit](r, "state = 'open' ORDER BY arrived_at, id LIMIT 500")
}

// OpenVisitsIn lists the open visits that are in a room: put there, or called there by the queue.
func (r *Read) OpenVisitsIn(room term.RoomID) ([]Visit, error) {
	return loadAll[Visit](r, `state = 'open' AND (room_id = ? OR id IN (SELECT visit_id FROM tickets
		WHERE room_id = ? AND state IN ('called', 'serving'))) ORDER BY id LIMIT 20`, room, room)
}

// VisitsOf lists a client's visits, newest first, at most limit beginning below the id
// before (0 = from the newest).
func (r *Read) VisitsOf(client term.ClientID, before term.VisitID, limit int) ([]Visit, error) {
	return loadAll[Visit](r, "client_id = ? AND (? = 0 OR id < ?) ORDER BY id DESC LIMIT ?", client, before, before, limit)
}

// VisitsBetween lists the visits that arrived in [from, to), at most limit.
func (r *Read) VisitsBetween(from, to term.Instant, limit int) ([]Visit, error) {
	return loadAll[Visit](r, "arrived_at >= ? AND arrived_at < ? ORDER BY arrived_at, id LIMIT ?", from, to, limit)
}

// AddVisit opens a visit and gives it its number.
func (tx *Tx) AddVisit(v *Visit) (err error) {
	if v.Number, err = tx.Number("V"); err != nil {
		return err
	}
	if err := tx.addRow(v); err != nil {
		return err
	}
	return tx.countVisit(v.Client, v.ArrivedAt)
}

// SaveVisit writes a visit over the version read.
func (tx *Tx) SaveVisit(v *Visit) error { return tx.saveRow(v) }

// MoveTo puts the visit at a station of a stage and stamps the time.
func (tx *Tx) MoveTo(id term.VisitID, stage term.Stage, station term.Station) error {
	v, err := tx.Visit(id)
	if err != nil {
		return err
	}
	if v.Stage == stage && v.Station == station {
		return nil
	}
	if v.Station != station {
		v.StationAt = tx.Now()
	}
	v.Stage, v.Station = stage, station
	return tx.SaveVisit(&v)
}

// Ticket is a visit's queue number.
type Ticket struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Visit     term.VisitID
	Day       term.Day
	Stream    string // C consultation, T treatment
	Number    string // C01
	State     term.TicketState
	CalledAt  term.Instant
	Calls     int
	Room      term.RoomID
	// Before is the state before the last deed, while that can be undone; "" for none.
	Before  term.TicketState
	Printed int // how often the slip was printed
	// Way is the secret of the client's own progress page.
	Way string
}

func (*Ticket) table() string { return "tickets" }
func (*Ticket) columns() string {
	return "id, version, created_at, updated_at, visit_id, day, stream, number, state, called_at, calls, room_id, " +
		"before, printed, way_sealed"
}

func (t *Ticket) fields(r *Read) []any {
	return []any{
		&t.ID, &t.Version, &t.CreatedAt, &t.UpdatedAt, &t.Visit, &t.Day, &t.Stream, &t.Number, &t.State, &t.CalledAt,
		&t.Calls, maybe(&t.Room), &t.Before, &t.Printed, sealed(r, "tickets", &t.ID, nil, "way_sealed", &t.Way),
	}
}

// Ticket reads one ticket.
func (r *Read) Ticket(id int64) (Ticket, error) { return load[Ticket](r, "id = ?", id) }

// TicketOf reads the newest ticket of a visit.
func (r *Read) TicketOf(visit term.VisitID) (Ticket, error) {
	return load[Ticket](r, "visit_id = ? ORDER BY id DESC LIMIT 1", visit)
}

// TicketsOn lists the tickets of a day that are not done, in the order of their numbers.
func (r *Read) TicketsOn(day term.Day) ([]Ticket, error) {
	return loadAll[Ticket](r, "day = ? AND state <> 'done' ORDER BY id LIMIT 500", day)
}

// TicketsOf lists all tickets of a day.
func (r *Read) TicketsOf(day term.Day) ([]Ticket, error) {
	return loadAll[Ticket](r, "day = ? ORDER BY id LIMIT 1000", day)
}

// CountTickets counts the numbers given out in a stream on a day.
func (r *Read) CountTickets(day term.Day, stream string) (int, error) {
	return one(r, value[int], "SELECT count(*) FROM tickets WHERE day = ? AND stream = ?", day, stream)
}

// AddTicket gives out a queue number.
func (tx *Tx) AddTicket(t *Ticket) error { return tx.addRow(t) }

// SaveTicket writes a ticket over the version read.
func (tx *Tx) SaveTicket(t *Ticket) error { return tx.saveRow(t) }
