package store

import (
	"meixu/store/term"
)

// Client is a person with a file. Everything that names the person is sealed with the
// person's own key.
type Client struct {
	ID        term.ClientID
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Number    string // C20260301-003
	Name      string
	Phone     string
	NoPhone   string // why there is no phone, one of term.NoPhones; "" where there is one
	Gender    string // female, male, unstated
	Birth     term.Day
	IDKind    string
	IDNumber  string
	// IDCheckedAt is when staff compared the document with the person.
	IDCheckedAt term.Instant
	IDCheckedBy term.StaffID
	WeChat      string
	Address     string
	Emergency   Contact
	Guardian    Contact // REG-CON-04
	Allergies   []string
	Alerts      []string // contraindication words shown in red everywhere
	Need        string   // the need card in short (row:C8)
	Source      string
	Referrer    term.ClientID
	Consultant  term.StaffID
	Tier        string
	Face        term.MediaID
	State       string
	// Import is the import that the file came with; 0 when it was opened here.
	Import term.ImportID
	Former Former
	Void
}

// Former is what the system that the clinic used before knew of the client beside the fields.
type Former struct {
	Number string `json:"number,omitempty"`
	Note   string `json:"note,omitempty"`
	// Shared says that the phone is somebody else's too, and that this was looked at.
	Shared bool `json:"shared,omitempty"`
}

// Contact is an emergency contact or a guardian.
type Contact struct {
	Name     string `json:"name,omitempty"`
	Relation string `json:"relation,omitempty"`
	Phone    string `json:"phone,omitempty"`
	IDNumber string `json:"id,omitempty"`
}

func (*Client) table() string { return "clients" }
func (*Client) columns() string {
	return "id, version, created_at, updated_at, number, name_sealed, phone_sealed, phone_index, no_phone, gender, birth_sealed, " +
		"id_kind, id_number_sealed, id_number_index, id_checked_at, id_checked_by, wechat_sealed, address_sealed, " +
		"emergency_sealed, guardian_sealed, allergies_sealed, alerts_sealed, need_sealed, source, referrer_id, " +
		"consultant_id, tier, face_media_id, state, import_id, former_sealed, " + voidCols
}

func (c *Client) fields(r *Read) []any {
	s := func(column string, text *string) any { return sealed(r, "clients", &c.ID, &c.ID, column, text) }
	js := func(column string, v any) any {
		return sealedAs(r, "clients", &c.ID, &c.ID, column, v)
	}
	return append([]any{
		&c.ID, &c.Version, &c.CreatedAt, &c.UpdatedAt, &c.Number, s("name_sealed", &c.Name), s("phone_sealed", &c.Phone),
		&blind{r, "phone", &c.Phone}, &c.NoPhone, &c.Gender, s("birth_sealed", (*string)(&c.Birth)),
		&c.IDKind, s("id_number_sealed", &c.IDNumber), &blind{r, "id_number", &c.IDNumber}, &c.IDCheckedAt,
		maybe(&c.IDCheckedBy), s("wechat_sealed", &c.WeChat), s("address_sealed", &c.Address),
		js("emergency_sealed", &c.Emergency), js("guardian_sealed", &c.Guardian), js("allergies_sealed", &c.Allergies),
		js("alerts_sealed", &c.Alerts), s("need_sealed", &c.Need), &c.Source, maybe(&c.Referrer),
		maybe(&c.Consultant), &c.Tier, maybe(&c.Face), &c.State, maybe(&c.Import), js("former_sealed", &c.Former),
	}, voidFields(r, "clients", &c.ID, &c.ID, &c.Void)...)
}

// Client reads one client.
func (r *Read) Client(id term.ClientID) (Client, error) { return load[Client](r, "id = ?", id) }

// ClientOpen gives the number of a file, and whether it takes anything new: one that was merged,
// blocked or voided does not.
func (r *Read) ClientOpen(id term.ClientID) (number string, open bool, err error) {
	type file struct {
		number string
		open   bool
	}
	f, err := one(r, func(from row) (f file, err error) {
		err = from.Scan(&f.number, &f.open)
		return f, err
	}, `SELECT number, state = 'active' AND voided_at IS NULL FROM clients WHERE id = ?`, id)
	return f.number, f.open, err
}

// ClientsByPhone lists clients with exactly this phone number, by keyed index. The number of a
// file that was voided is free again.
func (r *Read) ClientsByPhone(phone string) ([]Client, error) {
	return loadAll[Client](r, "phone_index = ? AND state <> 'merged' AND voided_at IS NULL ORDER BY id LIMIT 20", r.blindIndex("phone", phone))
}

// ClientsIn reads the clients of the ids in one query, for lists.
func (r *Read) ClientsIn(ids []term.ClientID) (map[term.ClientID]Client, error) {
	return byIDs[Client](r, ids)
}

// Alarmed says that the file has red words: allergies or contraindications.
func (c Client) Alarmed() bool { return len(c.Allergies)+len(c.Alerts) > 0 }

// AddClient opens a file and gives it its number.
func (tx *Tx) AddClient(c *Client) (err error) {
	if c.Number, err = tx.Number("C"); err != nil {
		return err
	}
	if c.Tier == "" {
		c.Tier = "normal"
	}
	if c.State == "" {
		c.State = "active"
	}
	c.phoned()
	if err := tx.addRow(c); err != nil {
		return err
	}
	return tx.countNew(c.ID)
}

// SaveClient writes a client over the version read.
func (tx *Tx) SaveClient(c *Client) error {
	c.phoned()
	return tx.saveRow(c)
}

// phoned drops the reason why there is no phone as soon as there is one.
func (c *Client) phoned() {
	if c.Phone != "" {
		c.NoPhone = ""
	}
}

// Consent is a purpose-bound consent of a client (REG-PII-01).
type Consent struct {
	ID             int64
	Version        int
	CreatedAt      term.Instant
	UpdatedAt      term.Instant
	Client         term.ClientID
	Purpose        term.Purpose
	Document       term.DocumentID
	GivenAt        term.Instant
	WithdrawnAt    term.Instant
	WithdrawnBy    term.StaffID
	WithdrawReason string
}

func (*Consent) table() string { return "client_consents" }
func (*Consent) columns() string {
	return "id, version, created_at, updated_at, client_id, purpose, document_id, given_at, withdrawn_at, withdrawn_by, withdraw_reason_sealed"
}

func (c *Consent) fields(r *Read) []any {
	return []any{
		&c.ID, &c.Version, &c.CreatedAt, &c.UpdatedAt, &c.Client, &c.Purpose, maybe(&c.Document), &c.GivenAt,
		&c.WithdrawnAt, maybe(&c.WithdrawnBy), sealed(r, "client_consents", &c.ID, &c.Client, "withdraw_reason_sealed", &c.WithdrawReason),
	}
}

// Consents lists a client's consents that stand, by purpose.
func (r *Read) Consents(client term.ClientID) (map[term.Purpose]Consent, error) {
	rows, err := loadAll[Consent](r, "client_id = ? AND withdrawn_at IS NULL", client)
	if err != nil {
		return nil, err
	}
	open := make(map[term.Purpose]Consent, len(rows))
	for _, c := range rows {
		open[c.Purpose] = c
	}
	return open, nil
}

// ConsentHistory lists all consents ever given by a client, newest first.
func (r *Read) ConsentHistory(client term.ClientID) ([]Consent, error) {
	return loadAll[Consent](r, "client_id = ? ORDER BY id DESC LIMIT 200", client)
}

// Consent reads one consent.
func (r *Read) Consent(id int64) (Consent, error) { return load[Consent](r, "id = ?", id) }

// ConsentsBeneath lists the consents to a purpose that stand in files which were merged into a client's:
// those that the client's own file had too, and that therefore stayed behind.
func (r *Read) ConsentsBeneath(client term.ClientID, purpose term.Purpose) ([]Consent, error) {
	files, err := r.merged(client)
	if err != nil {
		return nil, err
	}
	ids, err := idList(files)
	if err != nil {
		return nil, err
	}
	return loadAll[Consent](r, "client_id IN (SELECT value FROM json_each(?)) AND client_id <> ? AND purpose = ? AND withdrawn_at IS NULL ORDER BY id LIMIT 50", ids, client, purpose)
}

// ConsentsTo lists the consents to a purpose that stand, newest first.
func (r *Read) ConsentsTo(purpose term.Purpose) ([]Consent, error) {
	return loadAll[Consent](r, "purpose = ? AND withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM client_merges m WHERE m.from_id = client_consents.client_id AND m.undone_at IS NULL) ORDER BY id DESC LIMIT 500", purpose)
}

// ConsentsAfter lists the consents to a purpose that stand with a later id, oldest first, to walk
// through all of them.
func (r *Read) ConsentsAfter(purpose term.Purpose, after int64, limit int) ([]Consent, error) {
	return loadAll[Consent](r, "purpose = ? AND withdrawn_at IS NULL AND NOT EXISTS (SELECT 1 FROM client_merges m WHERE m.from_id = client_consents.client_id AND m.undone_at IS NULL) AND id > ? ORDER BY id LIMIT ?", purpose, after, limit)
}

// AddConsent notes a consent.
func (tx *Tx) AddConsent(c *Consent) error { return tx.addRow(c) }

// SaveConsent writes a consent over the version read (to withdraw it).
func (tx *Tx) SaveConsent(c *Consent) error { return tx.saveRow(c) }

// CountClients counts the files that stand.
func (r *Read) CountClients() (int, error) {
	return one(r, value[int], "SELECT count(*) FROM clients WHERE state <> 'merged' AND voided_at IS NULL")
}

// NewestClients lists the files that stand, newest first, limit of them after offset.
func (r *Read) NewestClients(offset, limit int) ([]Client, error) {
	return loadAll[Client](r, "state <> 'merged' AND voided_at IS NULL ORDER BY id DESC LIMIT ? OFFSET ?", limit, offset)
}
