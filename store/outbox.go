package store

import (
	"meixu/store/term"
)

// Message is a text that must leave the house once: by a person, or by a gateway if one is set.
type Message struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Kind      string
	Channel   string
	Client    term.ClientID
	Visit     term.VisitID
	Key       string
	Text      string
	State     string
	SendAfter string
	Attempts  int
	SentAt    term.Instant
	SentBy    term.StaffID
}

func (*Message) table() string { return "outbox" }
func (*Message) columns() string {
	return "id, version, created_at, updated_at, kind, channel, client_id, visit_id, key, " +
		"text_sealed, state, send_after, attempts, sent_at, sent_by"
}

func (m *Message) fields(r *Read) []any {
	return []any{
		&m.ID, &m.Version, &m.CreatedAt, &m.UpdatedAt, &m.Kind, &m.Channel, maybe(&m.Client),
		maybe(&m.Visit), &m.Key, sealed(r, "outbox", &m.ID, &m.Client, "text_sealed", &m.Text), &m.State,
		&m.SendAfter, &m.Attempts, &m.SentAt, maybe(&m.SentBy),
	}
}

// ReadyMessages lists messages that may go now, oldest first.
func (r *Read) ReadyMessages(limit int) ([]Message, error) {
	return loadAll[Message](r, "state = 'ready' AND send_after <= ? ORDER BY send_after, id LIMIT ?", r.Now(), limit)
}

// Message reads one message.
func (r *Read) Message(id int64) (Message, error) { return load[Message](r, "id = ?", id) }

// MessageByKey reads the message of a key; a key has one.
func (r *Read) MessageByKey(key string) (Message, error) { return load[Message](r, "key = ?", key) }

// AddMessage adds a message.
func (tx *Tx) AddMessage(m *Message) error { return tx.addRow(m) }

// SaveMessage writes a message over the version read.
func (tx *Tx) SaveMessage(m *Message) error { return tx.saveRow(m) }

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
