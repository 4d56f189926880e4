package store

import "meixu/store/term"

// PlatformImport is one table of bookings from an outside platform that was taken in (row:A9).
type PlatformImport struct {
	ID         int64
	Version    int
	CreatedAt  term.Instant
	UpdatedAt  term.Instant
	Staff      term.StaffID
	Total      int
	Booked     int
	Asked      int // became requests that the desk answers
	Doubles    int
	Wrong      int
	Undone     int
	Kept       int // were changed or answered since and stay
	UndoneAt   term.Instant
	UndoneBy   term.StaffID
	UndoReason string
}

func (*PlatformImport) table() string { return "booking_imports" }
func (*PlatformImport) columns() string {
	return "id, version, created_at, updated_at, staff_id, total, booked, asked, doubles, wrong, undone, kept, undone_at, undone_by, undo_reason_sealed"
}

func (p *PlatformImport) fields(r *Read) []any {
	return []any{
		&p.ID, &p.Version, &p.CreatedAt, &p.UpdatedAt, &p.Staff, &p.Total, &p.Booked, &p.Asked, &p.Doubles, &p.Wrong, &p.Undone, &p.Kept,
		&p.UndoneAt, maybe(&p.UndoneBy), sealed(r, "booking_imports", &p.ID, nil, "undo_reason_sealed", &p.UndoReason),
	}
}

// PlatformRow is what became of one row of such a table.
type PlatformRow struct {
	ID          int64
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Import      int64
	Line        int
	Order       string // number of the platform; kept as a keyed hash only, until the row is undone
	Appointment term.AppointmentID
	Request     term.RequestID
	Lead        term.LeadID // the inquiry that the row made
	UndoneAt    term.Instant
}

func (*PlatformRow) table() string { return "booking_import_rows" }
func (*PlatformRow) columns() string {
	return "id, version, created_at, updated_at, import_id, line, order_index, appointment_id, request_id, lead_id, undone_at"
}

func (p *PlatformRow) fields(r *Read) []any {
	return []any{
		&p.ID, &p.Version, &p.CreatedAt, &p.UpdatedAt, &p.Import, &p.Line, &blind{r, "platform_order", &p.Order},
		maybe(&p.Appointment), maybe(&p.Request), maybe(&p.Lead), &p.UndoneAt,
	}
}

// PlatformImport reads one table that was taken in.
func (r *Read) PlatformImport(id int64) (PlatformImport, error) {
	return load[PlatformImport](r, "id = ?", id)
}

// PlatformImports lists the newest ones.
func (r *Read) PlatformImports(limit int) ([]PlatformImport, error) {
	return loadAll[PlatformImport](r, "id > 0 ORDER BY id DESC LIMIT ?", limit)
}

// PlatformRows lists what became of the rows of a table, in its order.
func (r *Read) PlatformRows(id int64, limit int) ([]PlatformRow, error) {
	return loadAll[PlatformRow](r, "import_id = ? ORDER BY id LIMIT ?", id, limit)
}

// PlatformOrder reads the row that took an order of a platform in and stands; ErrNotFound when none did.
func (r *Read) PlatformOrder(order string) (PlatformRow, error) {
	return load[PlatformRow](r, "order_index = ? AND undone_at IS NULL", r.blindIndex("platform_order", order))
}

// AddPlatformImport notes a table that is taken in.
func (tx *Tx) AddPlatformImport(p *PlatformImport) error { return tx.addRow(p) }

// SavePlatformImport writes one over the version read.
func (tx *Tx) SavePlatformImport(p *PlatformImport) error { return tx.saveRow(p) }

// AddPlatformRow notes what became of a row.
func (tx *Tx) AddPlatformRow(p *PlatformRow) error { return tx.addRow(p) }

// SavePlatformRow writes one over the version read; its order number may be taken in again.
func (tx *Tx) SavePlatformRow(p *PlatformRow) error { return tx.saveRow(p) }
