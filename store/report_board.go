package store

import (
	"slices"

	"meixu/store/term"
)

// BoardVisit is an open visit with the names that a board shows beside it.
type BoardVisit struct {
	ID          term.VisitID
	Number      string
	Client      term.ClientID
	Appointment term.AppointmentID
	Stage       term.Stage
	Station     term.Station
	StationAt   term.Instant
	ArrivedAt   term.Instant
	VIP         bool
	Ticket      string // C01, "" before one was given
	TicketState term.TicketState
	CalledAt    term.Instant
	Consultant  term.StaffID
	Physician   term.StaffID
	// ConsultantName and PhysicianName are "" when nobody is assigned.
	ConsultantName string
	PhysicianName  string
	Room           string
	Earlier        int // visits of the client before this one
	TicketID       int64
	TicketVersion  int
	TicketBefore   term.TicketState // the state before the last deed; "" when there is nothing to undo
	Order          term.OrderID     // an open order of the visit
}

// BoardVisits lists all open visits with their newest ticket and the names, first come
// first, in one query.
func (r *Read) BoardVisits() ([]BoardVisit, error) {
	return many(r, func(from row) (b BoardVisit, err error) {
		err = from.Scan(&b.ID, &b.Number, &b.Client, maybe(&b.Appointment), &b.Stage, &b.Station, &b.StationAt, &b.ArrivedAt,
			&b.VIP, &b.Ticket, &b.TicketState, &b.CalledAt, maybe(&b.Consultant), maybe(&b.Physician),
			&b.ConsultantName, &b.PhysicianName, &b.Room, &b.Earlier, &b.TicketID, &b.TicketVersion, &b.TicketBefore, &b.Order)
		return b, err
	}, `SELECT v.id, v.number, v.client_id, v.appointment_id, v.stage, v.station, v.station_at, v.arrived_at,
			v.vip, coalesce(t.number, ''), coalesce(t.state, ''), t.called_at, v.consultant_id, v.physician_id,
			coalesce(c.name, ''), coalesce(p.name, ''), coalesce(o.name, ''),
			(SELECT count(*) FROM visits e WHERE e.client_id = v.client_id AND e.id < v.id),
			coalesce(t.id, 0), coalesce(t.version, 0), coalesce(t.before, ''),
			coalesce((SELECT min(d.id) FROM orders d WHERE d.visit_id = v.id AND d.state = 'open'), 0)
		FROM visits v
		LEFT JOIN tickets t ON t.id = (SELECT max(n.id) FROM tickets n WHERE n.visit_id = v.id)
		LEFT JOIN staff c ON c.id = v.consultant_id
		LEFT JOIN staff p ON p.id = v.physician_id
		LEFT JOIN rooms o ON o.id = coalesce(v.room_id, t.room_id)
		WHERE v.state = 'open' ORDER BY v.arrived_at, v.id LIMIT 500`)
}

// TreatmentRow is a treatment with what lists and the SOP want to know of its item.
type TreatmentRow struct {
	ID        term.TreatmentID
	Number    string
	Visit     term.VisitID
	Client    term.ClientID
	SessionNo int
	Sessions  int
	Area      string
	State     term.TreatmentState
	Operator  term.StaffID
	Nurse     term.StaffID
	StartedAt term.Instant
	// ObserveUntil is when the observation ends; zero before it begins.
	ObserveUntil term.Instant
	ReleasedAt   term.Instant // when the client was let go
	SignedAt     term.Instant // when the record was locked
	Record       term.AnswerID
	Item         term.ItemID
	ItemName     string
	ItemNameEN   string
	OperatorName string
	RoomName     string
	Flagged      bool // an event was recorded for it
}

// treatmentRow scans what the query of the same name selects.
func (r *Read) treatmentRow(from row) (t TreatmentRow, err error) {
	err = from.Scan(&t.ID, &t.Number, &t.Visit, &t.Client, &t.SessionNo, &t.Sessions,
		sealed(r, "treatments", &t.ID, &t.Client, "area_sealed", &t.Area), &t.State,
		maybe(&t.Operator), maybe(&t.Nurse), &t.StartedAt, &t.ObserveUntil, &t.ReleasedAt, &t.SignedAt, maybe(&t.Record),
		&t.Item, &t.ItemName, &t.ItemNameEN, &t.OperatorName, &t.RoomName, &t.Flagged)
	return t, err
}

const treatmentRow = `SELECT t.id, t.number, t.visit_id, t.client_id, t.session_no, l.sessions, t.area_sealed, t.state,
	t.operator_id, t.nurse_id, t.started_at, t.observe_until, t.released_at, t.record_signed_at, t.record_answer_id,
	t.item_id, i.name, i.name_en, coalesce(s.name, ''), coalesce(o.name, ''),
	EXISTS (SELECT 1 FROM events e WHERE e.client_id = t.client_id AND e.treatment_id = t.id)
	FROM treatments t JOIN items i ON i.id = t.item_id JOIN order_lines l ON l.id = t.order_line_id
	LEFT JOIN staff s ON s.id = t.operator_id LEFT JOIN rooms o ON o.id = t.room_id`

// TreatmentRows lists the treatments of the visits with item, operator and room, in one query.
func (r *Read) TreatmentRows(visits []term.VisitID) ([]TreatmentRow, error) {
	list, err := idList(visits)
	if err != nil {
		return nil, err
	}
	rows, err := Recall(r, treatmentRows(list), func() ([]TreatmentRow, error) {
		return many(r, r.treatmentRow, treatmentRow+` WHERE t.visit_id IN (SELECT value FROM json_each(?)) ORDER BY t.id LIMIT 10000`, list)
	})
	return slices.Clone(rows), err
}

// treatmentRows are those of a list of visits in the memory of a snapshot.
type treatmentRows string

// TreatmentRowsOpen lists the treatments of open visits that are not over, in order.
func (r *Read) TreatmentRowsOpen() ([]TreatmentRow, error) {
	return many(r, r.treatmentRow, treatmentRow+` WHERE t.state NOT IN ('released','stopped','cancelled')
		AND t.visit_id IN (SELECT id FROM visits WHERE state = 'open') ORDER BY t.id LIMIT 500`)
}

// UnsignedRows lists treatments of an operator whose record is not locked yet, oldest first.
func (r *Read) UnsignedRows(operator term.StaffID, limit int) ([]TreatmentRow, error) {
	return many(r, r.treatmentRow, treatmentRow+` WHERE t.operator_id = ? AND t.started_at IS NOT NULL
		AND t.record_signed_at IS NULL AND t.state NOT IN ('cancelled') ORDER BY t.id LIMIT ?`, operator, limit)
}

// PlannedLine is a line of the newest plan of a visit, with the kind of its item.
type PlannedLine struct {
	Visit    term.VisitID
	Kind     string
	OffLabel bool
	ListFen  term.Fen
	PriceFen term.Fen
}

// PlannedLines lists what the newest plans of the visits hold, without refused plans and
// stopped or removed lines, in one query.
func (r *Read) PlannedLines(visits []term.VisitID) ([]PlannedLine, error) {
	if few(r, visits) {
		return r.plannedIn(visits)
	}
	list, err := idList(visits)
	if err != nil {
		return nil, err
	}
	return many(r, func(from row) (l PlannedLine, err error) {
		err = from.Scan(&l.Visit, &l.Kind, &l.OffLabel, &l.ListFen, &l.PriceFen)
		return l, err
	}, `SELECT p.visit_id, i.kind, i.off_label, l.list_fen, l.price_fen
		FROM plans p JOIN plan_items l ON l.plan_id = p.id AND l.state NOT IN ('removed','stopped') JOIN items i ON i.id = l.item_id
		WHERE p.visit_id IN (SELECT value FROM json_each(?)) AND p.state <> 'refused'
		AND p.id = (SELECT max(n.id) FROM plans n WHERE n.visit_id = p.visit_id AND n.state <> 'void')
		ORDER BY l.id LIMIT 20000`, list)
}

// plannedIn puts PlannedLines together from the plans of few visits.
func (r *Read) plannedIn(visits []term.VisitID) (list []PlannedLine, err error) {
	for _, visit := range visits {
		plan, ok, err := found(r.PlanOf(visit))
		if err != nil {
			return nil, err
		}
		if !ok || plan.State == term.PlanRefused {
			continue
		}
		lines, err := r.PlanItems(plan.ID)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			if l.State == "stopped" {
				continue
			}
			item, err := r.Item(l.Item)
			if err != nil {
				return nil, err
			}
			list = append(list, PlannedLine{visit, item.Kind, item.OffLabel, l.ListFen, l.PriceFen})
		}
	}
	return list, nil
}

// ConsentedTo lists which of the clients have a standing consent for the purpose.
func (r *Read) ConsentedTo(purpose term.Purpose, clients []term.ClientID) (map[term.ClientID]bool, error) {
	if few(r, clients) {
		return r.consentedIn(purpose, clients)
	}
	list, err := idList(clients)
	if err != nil {
		return nil, err
	}
	ids, err := many(r, value[term.ClientID], `SELECT client_id FROM client_consents
		WHERE purpose = ? AND withdrawn_at IS NULL AND client_id IN (SELECT value FROM json_each(?)) LIMIT 10000`, purpose, list)
	return setOf(ids), err
}

// consentedIn answers ConsentedTo from all consents of few clients.
func (r *Read) consentedIn(purpose term.Purpose, clients []term.ClientID) (map[term.ClientID]bool, error) {
	given := map[term.ClientID]bool{}
	for _, c := range clients {
		have, err := r.Consents(c)
		if err != nil {
			return nil, err
		}
		if _, ok := have[purpose]; ok {
			given[c] = true
		}
	}
	return given, nil
}

// Debtors lists which of the clients owe money on open orders.
func (r *Read) Debtors(clients []term.ClientID) (map[term.ClientID]bool, error) {
	list, err := idList(clients)
	if err != nil {
		return nil, err
	}
	ids, err := many(r, value[term.ClientID], `SELECT DISTINCT o.client_id FROM orders o
		WHERE o.state = 'open' AND o.client_id IN (SELECT value FROM json_each(?)) AND o.total_fen > coalesce(
		(SELECT sum(m.amount) FROM ledger m WHERE m.kind = 'money' AND m.account_id = o.id), 0) LIMIT 10000`, list)
	return setOf(ids), err
}

func setOf[I comparable](ids []I) map[I]bool {
	set := make(map[I]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// ComingRow is an appointment of today that has not arrived yet.
type ComingRow struct {
	Appointment
	ItemName   string
	ItemNameEN string
	StaffName  string
	RoomName   string
}

// Coming lists the living appointments in [from, to) of which nobody has arrived, by time.
func (r *Read) Coming(from, to term.Instant, limit int) ([]ComingRow, error) {
	return many(r, func(from row) (c ComingRow, err error) {
		err = from.Scan(&c.ID, maybe(&c.Client), maybe(&c.Lead), maybe(&c.Staff), &c.StartsAt, &c.EndsAt, &c.State,
			&c.ItemName, &c.ItemNameEN, &c.StaffName, &c.RoomName)
		return c, err
	}, `SELECT a.id, a.client_id, a.lead_id, a.staff_id, a.starts_at, a.ends_at, a.state,
			coalesce(i.name, ''), coalesce(i.name_en, ''), coalesce(s.name, ''), coalesce(o.name, '')
		FROM appointments a LEFT JOIN items i ON i.id = a.item_id LEFT JOIN staff s ON s.id = a.staff_id
		LEFT JOIN rooms o ON o.id = a.room_id
		WHERE a.starts_at >= ? AND a.starts_at < ? AND a.state IN ('requested','confirmed')
		ORDER BY a.starts_at, a.id LIMIT ?`, from, to, limit)
}

// LateTasks lists open tasks of everybody that are late, red flags first.
func (r *Read) LateTasks(limit int) ([]Task, error) {
	return loadAll[Task](r, `state = 'open' AND due_at < ? ORDER BY priority = 2 DESC, due_at, id LIMIT ?`, r.Now(), limit)
}

// LeadsIn reads the leads of the ids in one query.
func (r *Read) LeadsIn(ids []term.LeadID) (map[term.LeadID]Lead, error) {
	return byIDs[Lead](r, ids)
}

// Birthdays reads the days of birth of the clients in one query; erased people have none.
func (r *Read) Birthdays(ids []term.ClientID) (map[term.ClientID]term.Day, error) {
	if few(r, ids) {
		days := make(map[term.ClientID]term.Day, len(ids))
		clients, err := r.ClientsIn(ids)
		for id, c := range clients {
			days[id] = c.Birth
		}
		return days, err
	}
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	type born struct {
		id  term.ClientID
		day string
	}
	rows, err := many(r, func(from row) (b born, err error) {
		err = from.Scan(&b.id, sealed(r, "clients", &b.id, &b.id, "birth_sealed", &b.day))
		return b, err
	}, `SELECT id, birth_sealed FROM clients WHERE id IN (SELECT value FROM json_each(?)) LIMIT 10000`, list)
	if err != nil {
		return nil, err
	}
	days := make(map[term.ClientID]term.Day, len(rows))
	for _, b := range rows {
		days[b.id] = term.Day(b.day)
	}
	return days, nil
}
