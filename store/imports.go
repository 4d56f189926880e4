package store

import "meixu/store/term"

// Import is one file of clients from another system on its way into the house (U6).
type Import struct {
	ID        term.ImportID
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Staff     term.StaffID
	State     term.ImportState
	File      string // its name
	Plan      ImportPlan
	Total     int
	// Next is how many rows are done; while undoing, the last client that was looked at.
	Next       int64
	Added      int
	Filled     int
	Skipped    int
	Refused    int
	Undone     int
	Kept       int
	StartedAt  term.Instant
	EndedAt    term.Instant
	UndoneAt   term.Instant
	UndoneBy   term.StaffID
	UndoReason string
	Refusals   []RefusedRow // the first of them
}

// RefusedRow is a row of a file that did not come in: where it stands and why, and nothing of what
// stands in it.
type RefusedRow struct {
	Line   int    `json:"line"`
	Column string `json:"column,omitempty"` // A, B …; "" for the whole row
	Key    string `json:"key"`              // words key
}

// ImportPlan says how the rows of a file are read.
type ImportPlan struct {
	Sheet   int      `json:"sheet"`
	Columns []string `json:"columns,omitempty"` // code of the field of each column; "" is left out
	// Twins is what happens to rows of people who have a file: skip, add or fill.
	Twins string `json:"twins,omitempty"`
	// Shared is what happens to rows whose phone belongs to somebody else: skip or add.
	Shared string `json:"shared,omitempty"`
	// Phoneless is what happens to rows without a phone: skip or add.
	Phoneless string `json:"phoneless,omitempty"`
}

func (*Import) table() string { return "imports" }
func (*Import) columns() string {
	return "id, version, created_at, updated_at, staff_id, state, file_sealed, plan_sealed, total, next, added, filled, skipped, " +
		"refused, undone, kept, started_at, ended_at, undone_at, undone_by, undo_reason_sealed, refusals_sealed"
}

func (i *Import) fields(r *Read) []any {
	return []any{
		&i.ID, &i.Version, &i.CreatedAt, &i.UpdatedAt, &i.Staff, &i.State, sealed(r, "imports", &i.ID, nil, "file_sealed", &i.File),
		sealedAs(r, "imports", &i.ID, nil, "plan_sealed", &i.Plan), &i.Total, &i.Next, &i.Added, &i.Filled, &i.Skipped,
		&i.Refused, &i.Undone, &i.Kept, &i.StartedAt, &i.EndedAt, &i.UndoneAt, maybe(&i.UndoneBy),
		sealed(r, "imports", &i.ID, nil, "undo_reason_sealed", &i.UndoReason),
		sealedAs(r, "imports", &i.ID, nil, "refusals_sealed", &i.Refusals),
	}
}

// Import reads one import.
func (r *Read) Import(id term.ImportID) (Import, error) { return load[Import](r, "id = ?", id) }

// Imports lists the newest imports.
func (r *Read) Imports(limit int) ([]Import, error) {
	return loadAll[Import](r, "state <> 'dropped' ORDER BY id DESC LIMIT ?", limit)
}

// ImportsAtWork lists the imports that run or are being undone, the oldest first.
func (r *Read) ImportsAtWork() ([]Import, error) {
	return loadAll[Import](r, "state IN ('running','undoing') ORDER BY id LIMIT 20")
}

// ImportsLeft lists imports that were read before the instant and never run.
func (r *Read) ImportsLeft(before term.Instant) ([]Import, error) {
	return loadAll[Import](r, "state = 'read' AND updated_at < ? ORDER BY id LIMIT 20", before)
}

// AddImport notes an import.
func (tx *Tx) AddImport(i *Import) error { return tx.addRow(i) }

// SaveImport writes an import over the version read.
func (tx *Tx) SaveImport(i *Import) error { return tx.saveRow(i) }

// ImportBody reads the packed rows of an import; ErrNotFound when they are gone.
func (r *Read) ImportBody(id term.ImportID) ([]byte, error) {
	blob, err := one(r, value[[]byte], "SELECT body_sealed FROM import_files WHERE id = ?", id)
	if err != nil {
		return nil, err
	}
	o := r.opener(0)
	return o.bytes("import_files", int64(id), "body_sealed", blob), o.err
}

// KeepImportBody keeps the packed rows of an import until it is done.
func (tx *Tx) KeepImportBody(id term.ImportID, body []byte) error {
	sealed, err := tx.seal(0, "import_files", int64(id), "body_sealed", string(body), nil)
	if err != nil {
		return err
	}
	_, err = tx.exec("INSERT INTO import_files (id, body_sealed, saved_at) VALUES (?,?,?)", id, sealed, tx.Now())
	return err
}

// DropImportBody forgets the rows of an import that is over: what came of them is in the files.
func (tx *Tx) DropImportBody(id term.ImportID) error {
	_, err := tx.exec("DELETE FROM import_files WHERE id = ?", id)
	return err
}

// ImportFill is a file that stood already and was filled in by an import.
type ImportFill struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Import    term.ImportID
	Client    term.ClientID
	Stands    int      // version of the file after the filling
	Fields    []string // that were empty before
	UndoneAt  term.Instant
}

func (*ImportFill) table() string { return "import_fills" }
func (*ImportFill) columns() string {
	return "id, version, created_at, updated_at, import_id, client_id, stands, fields, undone_at"
}

func (f *ImportFill) fields(*Read) []any {
	return []any{
		&f.ID, &f.Version, &f.CreatedAt, &f.UpdatedAt, &f.Import, &f.Client, &f.Stands, jsonText{&f.Fields}, &f.UndoneAt,
	}
}

// ImportFills lists what an import filled in and nobody took back, after an id.
func (r *Read) ImportFills(id term.ImportID, after int64, limit int) ([]ImportFill, error) {
	return loadAll[ImportFill](r, "import_id = ? AND id > ? AND undone_at IS NULL ORDER BY id LIMIT ?", id, after, limit)
}

// AddImportFill notes a filling.
func (tx *Tx) AddImportFill(f *ImportFill) error { return tx.addRow(f) }

// SaveImportFill writes a filling over the version read.
func (tx *Tx) SaveImportFill(f *ImportFill) error { return tx.saveRow(f) }

// ImportMap is what the columns of a set of headings were said to be the last time.
type ImportMap struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Headings  string // as they stand in the file; kept as a keyed hash only
	Columns   []string
}

func (*ImportMap) table() string { return "import_maps" }
func (*ImportMap) columns() string {
	return "id, version, created_at, updated_at, headings_index, columns"
}

func (m *ImportMap) fields(r *Read) []any {
	return []any{&m.ID, &m.Version, &m.CreatedAt, &m.UpdatedAt, &blind{r, "headings", &m.Headings}, jsonText{&m.Columns}}
}

// ImportMap reads what the headings were said to be; ErrNotFound when they are new.
func (r *Read) ImportMap(headings string) (ImportMap, error) {
	m, err := load[ImportMap](r, "headings_index = ?", r.blindIndex("headings", headings))
	m.Headings = headings
	return m, err
}

// KeepImportMap remembers what the headings are.
func (tx *Tx) KeepImportMap(headings string, columns []string) error {
	m, ok, err := found(tx.ImportMap(headings))
	if err != nil {
		return err
	}
	m.Headings, m.Columns = headings, columns
	if ok {
		return tx.saveRow(&m)
	}
	return tx.addRow(&m)
}

// ClientsImported lists the files that an import added and that stand, after an id.
func (r *Read) ClientsImported(id term.ImportID, after term.ClientID, limit int) ([]Client, error) {
	return loadAll[Client](r, "import_id = ? AND id > ? AND voided_at IS NULL ORDER BY id LIMIT ?", id, after, limit)
}

// ClientsUsed says which of the files were changed since they were added, or stand in any other
// row of the house: such a file is not taken back with its import.
func (r *Read) ClientsUsed(ids []term.ClientID) (map[term.ClientID]bool, error) {
	list, err := idList(ids)
	if err != nil {
		return nil, err
	}
	used, err := many(r, value[term.ClientID], `SELECT c.id FROM json_each(?) j JOIN clients c ON c.id = j.value
		WHERE c.version > 1
		OR EXISTS (SELECT 1 FROM client_consents x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM client_merges x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM client_merges x WHERE x.from_id = c.id)
		OR EXISTS (SELECT 1 FROM client_moves x WHERE x.owner_id = c.id)
		OR EXISTS (SELECT 1 FROM leads x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM clients x WHERE x.referrer_id = c.id)
		OR EXISTS (SELECT 1 FROM appointments x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM waits x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM intakes x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM booking_requests x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM visits x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM answers x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM exams x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM plans x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM documents x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM media x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM orders x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM invoices x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM treatments x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM treatment_notes x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM tasks x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM events x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM ratings x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM outbox x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM contact_choices x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM guest_links x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM client_tags x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM tier_changes x WHERE x.client_id = c.id)
		OR EXISTS (SELECT 1 FROM import_fills x WHERE x.client_id = c.id)`, list)
	if err != nil {
		return nil, err
	}
	set := make(map[term.ClientID]bool, len(used))
	for _, id := range used {
		set[id] = true
	}
	return set, nil
}
