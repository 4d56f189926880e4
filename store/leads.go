package store

import (
	"meixu/store/term"
)

// Lead is an inquiry before any consent: name, phone, channel, need and nothing medical (rulings 27).
type Lead struct {
	ID            term.LeadID
	Version       int
	CreatedAt     term.Instant
	UpdatedAt     term.Instant
	Name          string
	Phone         string
	Need          string
	Channel       string
	Owner         term.StaffID
	AskDoctor     bool
	ClockFrom     term.Instant // the five minutes begin here; zero: CreatedAt
	FirstReplyAt  term.Instant
	FirstReplyBy  term.StaffID
	FirstReplyWay string // by which way (crm.LeadWays) it was answered; "" before that was noted
	State         term.LeadState
	Client        term.ClientID
	Visit         term.VisitID // the visit that came of it
	LostReason    string
}

func (*Lead) table() string { return "leads" }
func (*Lead) columns() string {
	return "id, version, created_at, updated_at, client_id, name_sealed, phone_sealed, phone_index, need_sealed, " +
		"channel, owner_id, ask_doctor, clock_from, first_reply_at, first_reply_by, first_reply_way, state, visit_id, lost_reason_sealed"
}

func (l *Lead) fields(r *Read) []any {
	return []any{
		&l.ID, &l.Version, &l.CreatedAt, &l.UpdatedAt, maybe(&l.Client), // the key of the sealed columns comes first
		sealed(r, "leads", &l.ID, &l.Client, "name_sealed", &l.Name),
		sealed(r, "leads", &l.ID, &l.Client, "phone_sealed", &l.Phone), &blind{r, "phone", &l.Phone},
		sealed(r, "leads", &l.ID, &l.Client, "need_sealed", &l.Need), &l.Channel, maybe(&l.Owner),
		&l.AskDoctor, &l.ClockFrom, &l.FirstReplyAt, maybe(&l.FirstReplyBy), &l.FirstReplyWay, &l.State,
		maybe(&l.Visit), sealed(r, "leads", &l.ID, &l.Client, "lost_reason_sealed", &l.LostReason),
	}
}

// Lead reads one lead.
func (r *Read) Lead(id term.LeadID) (Lead, error) { return load[Lead](r, "id = ?", id) }

// OpenLeads lists leads that still want an answer or a visit: who has no answer first, whose clock
// began first at the top, then the others, newest first.
func (r *Read) OpenLeads(limit int) ([]Lead, error) {
	return loadAll[Lead](r, "state IN ('open','booked') ORDER BY first_reply_at IS NOT NULL, CASE WHEN first_reply_at IS NULL THEN COALESCE(clock_from, created_at) END, created_at DESC, id DESC LIMIT ?", limit)
}

// LeadOfVisit reads the lead of which the visit came; ErrNotFound when it came of none.
func (r *Read) LeadOfVisit(visit term.VisitID) (Lead, error) {
	return load[Lead](r, "visit_id = ? ORDER BY id DESC LIMIT 1", visit)
}

// LedTo lists which of the visits began with a lead, in one query.
func (r *Read) LedTo(visits []term.VisitID) (map[term.VisitID]bool, error) {
	list, err := idList(visits)
	if err != nil {
		return nil, err
	}
	ids, err := many(r, value[term.VisitID], "SELECT DISTINCT visit_id FROM leads WHERE visit_id IN (SELECT value FROM json_each(?)) LIMIT 10000", list)
	return setOf(ids), err
}

// LeadsOf lists a client's leads, newest first.
func (r *Read) LeadsOf(client term.ClientID) ([]Lead, error) {
	return loadAll[Lead](r, "client_id = ? ORDER BY id DESC LIMIT 20", client)
}

// LeadsSince lists the leads taken in since an instant, newest first.
func (r *Read) LeadsSince(from term.Instant, limit int) ([]Lead, error) {
	return loadAll[Lead](r, "created_at >= ? ORDER BY created_at DESC, id DESC LIMIT ?", from, limit)
}

// LeadsBetween lists the leads taken in in [from, to), newest first.
func (r *Read) LeadsBetween(from, to term.Instant, limit int) ([]Lead, error) {
	return loadAll[Lead](r, "created_at >= ? AND created_at < ? ORDER BY created_at DESC, id DESC LIMIT ?", from, to, limit)
}

// LeadLoad is how many leads came to a person, and when the last one did.
type LeadLoad struct {
	Owner term.StaffID
	Count int
	Last  term.Instant
}

// LeadLoads counts the leads of each owner since an instant.
func (r *Read) LeadLoads(from term.Instant) ([]LeadLoad, error) {
	return many(r, func(from row) (l LeadLoad, err error) {
		err = from.Scan(&l.Owner, &l.Count, &l.Last)
		return l, err
	}, `SELECT owner_id, count(*), max(created_at) FROM leads WHERE owner_id IS NOT NULL AND created_at >= ? GROUP BY owner_id LIMIT 500`, from)
}

// Start is when the five minutes of the first answer begin.
func (l Lead) Start() term.Instant {
	if l.ClockFrom.IsZero() {
		return l.CreatedAt
	}
	return l.ClockFrom
}

// LeadsByPhone lists leads with exactly this phone number.
func (r *Read) LeadsByPhone(phone string) ([]Lead, error) {
	return loadAll[Lead](r, "phone_index = ? ORDER BY id DESC LIMIT 20", r.blindIndex("phone", phone))
}

// AddLead adds a lead.
func (tx *Tx) AddLead(l *Lead) error { return tx.addRow(l) }

// SaveLead writes a lead over the version read.
func (tx *Tx) SaveLead(l *Lead) error { return tx.saveRow(l) }
