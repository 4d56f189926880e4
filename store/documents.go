package store

import (
	"meixu/store/term"
)

// DocumentTemplate is one edition of the text of a document. Editions are never changed:
// a document points at the one it was made from.
type DocumentTemplate struct {
	ID          int64
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Code        string // consent.botulinum
	Edition     int    // 1, 2, 3 …
	Body        string // JSON, read by app/engine/document
	SHA256      string
	ReviewedAt  term.Instant // when the clinic's physician approved the text
	ReviewedBy  term.StaffID
	PublishedAt term.Instant
}

func (*DocumentTemplate) table() string { return "document_templates" }
func (*DocumentTemplate) columns() string {
	return "id, version, created_at, updated_at, code, edition, body, body_sha256, reviewed_at, reviewed_by, published_at"
}

func (t *DocumentTemplate) fields(*Read) []any {
	return []any{
		&t.ID, &t.Version, &t.CreatedAt, &t.UpdatedAt, &t.Code, &t.Edition, &t.Body, &t.SHA256, &t.ReviewedAt,
		maybe(&t.ReviewedBy), &t.PublishedAt,
	}
}

// DocumentTemplate reads the newest edition of a code.
func (r *Read) DocumentTemplate(code string) (DocumentTemplate, error) {
	return load[DocumentTemplate](r, "code = ? ORDER BY edition DESC LIMIT 1", code)
}

// DocumentTemplateByID reads the edition a document was made from.
func (r *Read) DocumentTemplateByID(id int64) (DocumentTemplate, error) {
	return load[DocumentTemplate](r, "id = ?", id)
}

// DocumentTemplates lists the newest edition of every code, for the library.
func (r *Read) DocumentTemplates() ([]DocumentTemplate, error) {
	return loadAll[DocumentTemplate](r,
		"edition = (SELECT max(n.edition) FROM document_templates n WHERE n.code = document_templates.code) ORDER BY code LIMIT 500")
}

// AddDocumentTemplate publishes an edition.
func (tx *Tx) AddDocumentTemplate(t *DocumentTemplate) error { return tx.addRow(t) }

// SaveDocumentTemplate writes an edition over the version read (to note its review).
func (tx *Tx) SaveDocumentTemplate(t *DocumentTemplate) error { return tx.saveRow(t) }

// States of a document.
const (
	DocumentOpen     = "open"     // waits for signatures
	DocumentComplete = "complete" // all have signed
	DocumentVoid     = "void"     // superseded or withdrawn, with reason
)

// Document is what a person was shown, frozen: the exact bytes, their hash, who must sign.
type Document struct {
	ID          term.DocumentID
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Number      string
	Kind        string // consent, contract, receipt …
	Client      term.ClientID
	Visit       term.VisitID
	Treatment   term.TreatmentID
	Plan        term.PlanID
	PlanItem    term.PlanItemID
	Order       term.OrderID
	Template    int64
	Lang        string
	Body        string // canonical block JSON, sealed
	SHA256      string // hex, of exactly the bytes of Body
	Signers     []string
	State       string
	CompletedAt term.Instant
	ValidUntil  term.Day // last day on which it counts; "" without end
	Printed     int
	Void
}

func (*Document) table() string { return "documents" }
func (*Document) columns() string {
	return "id, version, created_at, updated_at, number, kind, client_id, visit_id, treatment_id, plan_id, plan_item_id, " +
		"order_id, template_id, lang, body_sealed, sha256, signers, state, completed_at, valid_until, printed_count, " + voidCols
}

func (d *Document) fields(r *Read) []any {
	return append([]any{
		&d.ID, &d.Version, &d.CreatedAt, &d.UpdatedAt, &d.Number, &d.Kind, maybe(&d.Client), maybe(&d.Visit),
		maybe(&d.Treatment), maybe(&d.Plan), maybe(&d.PlanItem), maybe(&d.Order), &d.Template, &d.Lang,
		sealed(r, "documents", &d.ID, &d.Client, "body_sealed", &d.Body), &d.SHA256,
		jsonText{&d.Signers},
		&d.State,
		&d.CompletedAt,
		optDay{&d.ValidUntil},
		&d.Printed,
	}, voidFields(r, "documents", &d.ID, &d.Client, &d.Void)...)
}

// Document reads one document.
func (r *Read) Document(id term.DocumentID) (Document, error) { return load[Document](r, "id = ?", id) }

// DocumentFilter chooses documents; zero fields mean all.
type DocumentFilter struct {
	Kind      string
	Without   string // a kind that is left out
	Client    term.ClientID
	Visit     term.VisitID
	Treatment term.TreatmentID
	Plan      term.PlanID
	PlanItem  term.PlanItemID
	Order     term.OrderID
	State     string
	NotVoid   bool
	Limit     int // 100 when 0, at most 500
}

// Documents lists documents, newest first.
func (r *Read) Documents(f DocumentFilter) ([]Document, error) {
	if all, known, err := r.papersAbout(f); known {
		return f.choose(all), err
	}
	var w where
	w.when(f.Kind != "", `kind = ?`, f.Kind)
	w.when(f.Without != "", `kind <> ?`, f.Without)
	w.when(f.Client != 0, `client_id = ?`, f.Client)
	w.when(f.Visit != 0, `visit_id = ?`, f.Visit)
	w.when(f.Treatment != 0, `treatment_id = ?`, f.Treatment)
	w.when(f.Plan != 0, `plan_id = ?`, f.Plan)
	w.when(f.PlanItem != 0, `plan_item_id = ?`, f.PlanItem)
	w.when(f.Order != 0, `order_id = ?`, f.Order)
	w.when(f.State != "", `state = ?`, f.State)
	w.when(f.NotVoid, `state <> ?`, DocumentVoid)
	var d Document
	return many(r, scanRecord[Document](r), `SELECT `+d.columns()+` FROM documents`+w.sql()+` ORDER BY id DESC`+limit(f.Limit, 500), w.args...)
}

// AddDocument freezes a document; its number is given by the caller, because it is part
// of the body.
func (tx *Tx) AddDocument(d *Document) error { return tx.addRow(d) }

// SaveDocument writes a document over the version read. Body and hash stay as they are.
func (tx *Tx) SaveDocument(d *Document) error { return tx.saveRow(d) }

// Signature is one person's name under a document.
type Signature struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Document  term.DocumentID
	Role      string // client, guardian, witness, physician, consultant, nurse, cashier
	Capacity  string // of the client's place: own, guardian, agent; "" for the others
	Staff     term.StaffID
	Name      string
	Relation  string // of a guardian or agent to the client
	Reason    string // why somebody signs for the client, or where the proof is kept
	Strokes   string // JSON of the pen, sealed
	Device    string
	SignedAt  term.Instant
	SHA256    string        // of the body that was on screen
	Client    term.ClientID // whose key seals it; not a column
}

func (*Signature) table() string { return "signatures" }
func (*Signature) columns() string {
	return "id, version, created_at, updated_at, document_id, signer_role, capacity, staff_id, name_sealed, " +
		"relation_sealed, reason_sealed, strokes_sealed, device, signed_at, sha256"
}

func (s *Signature) fields(r *Read) []any {
	return []any{
		&s.ID, &s.Version, &s.CreatedAt, &s.UpdatedAt, &s.Document, &s.Role, &s.Capacity, maybe(&s.Staff),
		sealed(r, "signatures", &s.ID, &s.Client, "name_sealed", &s.Name),
		sealed(r, "signatures", &s.ID, &s.Client, "relation_sealed", &s.Relation),
		sealed(r, "signatures", &s.ID, &s.Client, "reason_sealed", &s.Reason),
		sealed(r, "signatures", &s.ID, &s.Client, "strokes_sealed", &s.Strokes),
		&s.Device, &s.SignedAt, &s.SHA256,
	}
}

// Signatures lists the signatures under a document in the order of signing.
func (r *Read) Signatures(d Document) ([]Signature, error) {
	scan := func(from row) (Signature, error) {
		s := Signature{Client: d.Client}
		err := from.Scan(s.fields(r)...)
		return s, err
	}
	var s Signature
	return many(r, scan, `SELECT `+s.columns()+` FROM signatures WHERE document_id = ? ORDER BY id LIMIT 20`, d.ID)
}

// SignaturesIn lists in one query who has signed each of the documents and which bytes, in
// the order of signing; names and strokes stay sealed and are not read.
func (r *Read) SignaturesIn(docs []Document) (map[term.DocumentID][]Signature, error) {
	if r.memory() == nil {
		ids := make([]term.DocumentID, len(docs))
		for i, d := range docs {
			ids[i] = d.ID
		}
		return r.signaturesOf(ids)
	}
	signed := make(map[term.DocumentID][]Signature, len(docs))
	for _, d := range docs {
		list, err := r.SignedUnder(d)
		if err != nil {
			return nil, err
		}
		if list != nil {
			signed[d.ID] = list
		}
	}
	return signed, nil
}

func (r *Read) signaturesOf(ids []term.DocumentID) (map[term.DocumentID][]Signature, error) {
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	scan := func(from row) (s Signature, err error) {
		err = from.Scan(&s.ID, &s.Document, &s.Role, maybe(&s.Staff), &s.SignedAt, &s.SHA256)
		return s, err
	}
	rows, err := many(r, scan, `SELECT id, document_id, signer_role, staff_id, signed_at, sha256 FROM signatures
		WHERE document_id IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT 10000`, list)
	signed := make(map[term.DocumentID][]Signature, len(ids))
	for _, s := range rows {
		signed[s.Document] = append(signed[s.Document], s)
	}
	return signed, err
}

// SignedUnder lists who has signed a document and which bytes, as SignaturesIn does, together
// with those of the documents of the same list.
func (r *Read) SignedUnder(d Document) ([]Signature, error) {
	return Together(r, signedUnder{}, d.ID, r.signaturesOf)
}

// signedUnder are the signatures of a document in the memory of a snapshot.
type signedUnder struct{}

// AddSignature notes a signature under a document; s.Client must be the document's client.
func (tx *Tx) AddSignature(s *Signature) error { return tx.addRow(s) }
