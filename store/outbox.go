package store

import (
	"strings"

	"meixu/store/term"
)

// States of a message.
const (
	MessageReady   = "ready"   // waits for its hour, or for somebody to send it
	MessageSending = "sending" // a gateway has it in hand
	MessageSent    = "sent"
	MessageFailed  = "failed"  // certainly not delivered, and not tried again by itself
	MessageUnsure  = "unsure"  // nobody knows whether it was delivered: a person decides
	MessageDropped = "dropped" // not to be sent any more
)

// Message is a text that must leave the house once: by a person, or by a gateway if one is set.
type Message struct {
	ID          int64
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Kind        string
	Channel     string
	Client      term.ClientID
	Lead        term.LeadID
	Visit       term.VisitID
	Appointment term.AppointmentID
	Task        term.TaskID
	Key         string
	Text        string
	Address     string
	Facts       []Fact
	State       string
	Why         string
	Code        string // of the gateway's answer
	SendAfter   string
	ExpiresAt   term.Instant // zero: never
	Attempts    int
	Gateway     string
	SentAt      term.Instant
	SentBy      term.StaffID
}

// Fact is one thing that was put into a text, for gateways that keep the text themselves.
type Fact struct {
	Name  string `json:"n"`
	Value string `json:"v"`
}

func (*Message) table() string { return "outbox" }
func (*Message) columns() string {
	return "id, version, created_at, updated_at, kind, channel, client_id, lead_id, visit_id, appointment_id, task_id, key, " +
		"text_sealed, address_sealed, facts_sealed, state, why, code, send_after, expires_at, attempts, gateway, sent_at, sent_by"
}

func (m *Message) fields(r *Read) []any {
	return []any{
		&m.ID, &m.Version, &m.CreatedAt, &m.UpdatedAt, &m.Kind, &m.Channel, maybe(&m.Client), maybe(&m.Lead),
		maybe(&m.Visit), maybe(&m.Appointment), maybe(&m.Task), &m.Key, sealed(r, "outbox", &m.ID, &m.Client, "text_sealed", &m.Text),
		sealed(r, "outbox", &m.ID, &m.Client, "address_sealed", &m.Address),
		sealedAs(r, "outbox", &m.ID, &m.Client, "facts_sealed", &m.Facts), &m.State, &m.Why, &m.Code,
		&m.SendAfter, &m.ExpiresAt, &m.Attempts, &m.Gateway, &m.SentAt, maybe(&m.SentBy),
	}
}

// ReadyMessages lists messages of a kind that may go now, oldest first.
func (r *Read) ReadyMessages(kind string, limit int) ([]Message, error) {
	return loadAll[Message](r, "state = 'ready' AND kind = ? AND send_after <= ? ORDER BY send_after, id LIMIT ?", kind, r.Now(), limit)
}

// DueMessages lists messages that may go now, by time: those to clients, or those to the house's
// own people; ratings, which people send, are neither.
func (r *Read) DueMessages(house bool, limit int) ([]Message, error) {
	return loadAll[Message](r, `state = 'ready' AND kind <> 'rating' AND (kind = 'house') = ? AND send_after <= ?
		ORDER BY send_after, id LIMIT ?`, house, r.Now(), limit)
}

// StaleMessages lists waiting messages whose time is over.
func (r *Read) StaleMessages(limit int) ([]Message, error) {
	return loadAll[Message](r, "state = 'ready' AND expires_at <= ? ORDER BY id LIMIT ?", r.Now(), limit)
}

// MessagesSending lists messages that a gateway has in hand.
func (r *Read) MessagesSending() ([]Message, error) {
	return loadAll[Message](r, "state = 'sending' ORDER BY id LIMIT 500")
}

// MessagesOn lists the messages about an appointment, oldest first.
func (r *Read) MessagesOn(a term.AppointmentID) ([]Message, error) {
	return loadAll[Message](r, "appointment_id = ? ORDER BY id LIMIT 100", a)
}

// WaitingFor lists the messages that wait for a client, ratings left out.
func (r *Read) WaitingFor(client term.ClientID) ([]Message, error) {
	return loadAll[Message](r, "client_id = ? AND state = 'ready' AND kind <> 'rating' ORDER BY id LIMIT 200", client)
}

// SentTo counts what a gateway or a person sent to a client since an instant.
func (r *Read) SentTo(client term.ClientID, from term.Instant) (int, error) {
	return one(r, value[int], `SELECT count(*) FROM outbox WHERE client_id = ? AND sent_at >= ?`, client, from)
}

// MessageFilter chooses messages; ratings have a page of their own and are never in it.
type MessageFilter struct {
	Kind   string   // "" for all
	States []string // nil for all
	// Mine adds what this person sent since Since, which can still be taken back.
	Mine  term.StaffID
	Since term.Instant
	// Limit and Offset page the list.
	Limit, Offset int
}

// inMessages is the condition of a MessageFilter; args are its values.
const inMessages = `kind <> 'rating' AND (?1 = '' OR kind = ?1) AND (?2 = '' OR instr(?2, ' ' || state || ' ') > 0
	OR state = 'sent' AND sent_by = ?3 AND sent_at > ?4)`

func (f MessageFilter) args() []any {
	states := ""
	if len(f.States) > 0 {
		states = " " + strings.Join(f.States, "  ") + " "
	}
	return []any{f.Kind, states, f.Mine, f.Since}
}

// Messages lists messages, those that come first on the calendar first.
func (r *Read) Messages(f MessageFilter) ([]Message, error) {
	return loadAll[Message](r, inMessages+` ORDER BY coalesce(expires_at, send_after), id LIMIT ?5 OFFSET ?6`,
		append(f.args(), max(1, min(f.Limit, 200)), f.Offset)...)
}

// CountMessages counts what Messages lists on all its pages.
func (r *Read) CountMessages(f MessageFilter) (int, error) {
	return one(r, value[int], `SELECT count(*) FROM outbox WHERE `+inMessages, f.args()...)
}

// MessageStates counts the messages of each state since an instant; what waits counts always.
func (r *Read) MessageStates(from term.Instant) (map[string]int, error) {
	type count struct {
		state string
		n     int
	}
	list, err := many(r, func(from row) (c count, err error) {
		err = from.Scan(&c.state, &c.n)
		return c, err
	}, `SELECT state, count(*) FROM outbox WHERE kind <> 'rating' AND (created_at >= ? OR state IN ('ready','unsure','failed')) GROUP BY state`, from)
	counts := map[string]int{}
	for _, c := range list {
		counts[c.state] = c.n
	}
	return counts, err
}

// Message reads one message.
func (r *Read) Message(id int64) (Message, error) { return load[Message](r, "id = ?", id) }

// MessageByKey reads the message of a key; a key has one.
func (r *Read) MessageByKey(key string) (Message, error) { return load[Message](r, "key = ?", key) }

// AddMessage adds a message.
func (tx *Tx) AddMessage(m *Message) error { return tx.addRow(m) }

// SaveMessage writes a message over the version read.
func (tx *Tx) SaveMessage(m *Message) error { return tx.saveRow(m) }

// ContactChoice is what a client does not want to get, and the language of the rest.
type ContactChoice struct {
	ID          int64
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Client      term.ClientID
	Phone       string // written as its keyed hash only
	NoMarketing bool
	NoService   bool
	Lang        string
	By          term.StaffID
}

func (*ContactChoice) table() string { return "contact_choices" }
func (*ContactChoice) columns() string {
	return "id, version, created_at, updated_at, client_id, phone_index, no_marketing, no_service, lang, chosen_by"
}

func (c *ContactChoice) fields(r *Read) []any {
	return []any{
		&c.ID, &c.Version, &c.CreatedAt, &c.UpdatedAt, &c.Client, &blind{r, "phone", &c.Phone},
		&c.NoMarketing, &c.NoService, &c.Lang, maybe(&c.By),
	}
}

// ContactChoice reads what a client chose; ErrNotFound when nothing was chosen yet.
func (r *Read) ContactChoice(client term.ClientID) (ContactChoice, error) {
	return load[ContactChoice](r, "client_id = ?", client)
}

// ContactChoicesOfPhone lists what those who have this number chose.
func (r *Read) ContactChoicesOfPhone(phone string) ([]ContactChoice, error) {
	return loadAll[ContactChoice](r, "phone_index = ? ORDER BY id LIMIT 20", r.blindIndex("phone", phone))
}

// AddContactChoice adds a choice.
func (tx *Tx) AddContactChoice(c *ContactChoice) error { return tx.addRow(c) }

// SaveContactChoice writes a choice over the version read.
func (tx *Tx) SaveContactChoice(c *ContactChoice) error { return tx.saveRow(c) }

// GuestLink is a random link for a client's own phone or the waiting screen; only its hash is kept.
type GuestLink struct {
	ID           int64
	Version      int
	CreatedAt    term.Instant
	UpdatedAt    term.Instant
	TokenHash    []byte
	Kind         string
	Client       term.ClientID
	Visit        term.VisitID
	Document     term.DocumentID
	CareTemplate string
	ExpiresAt    term.Instant
	UsedAt       term.Instant
	RevokedAt    term.Instant
}

func (*GuestLink) table() string { return "guest_links" }
func (*GuestLink) columns() string {
	return "id, version, created_at, updated_at, token_hash, kind, client_id, visit_id, document_id, " +
		"care_template, expires_at, used_at, revoked_at"
}

func (g *GuestLink) fields(*Read) []any {
	return []any{
		&g.ID, &g.Version, &g.CreatedAt, &g.UpdatedAt, &g.TokenHash, &g.Kind, maybe(&g.Client),
		maybe(&g.Visit), maybe(&g.Document), &g.CareTemplate, &g.ExpiresAt, &g.UsedAt, &g.RevokedAt,
	}
}

// GuestLinkBy reads the link of a token's hash.
func (r *Read) GuestLinkBy(hash []byte) (GuestLink, error) {
	return load[GuestLink](r, "token_hash = ?", hash)
}

// GuestLinksOf lists the links of a visit that stand.
func (r *Read) GuestLinksOf(visit term.VisitID) ([]GuestLink, error) {
	return loadAll[GuestLink](r, "visit_id = ? AND revoked_at IS NULL ORDER BY id DESC LIMIT 50", visit)
}

// GuestLinksFor lists the links of a kind that belong to no visit and stand.
func (r *Read) GuestLinksFor(kind string) ([]GuestLink, error) {
	return loadAll[GuestLink](r, "kind = ? AND visit_id IS NULL AND revoked_at IS NULL ORDER BY id DESC LIMIT 500", kind)
}

// AddGuestLink adds a link.
func (tx *Tx) AddGuestLink(g *GuestLink) error { return tx.addRow(g) }

// SaveGuestLink writes a link over the version read.
func (tx *Tx) SaveGuestLink(g *GuestLink) error { return tx.saveRow(g) }
