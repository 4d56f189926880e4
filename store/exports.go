package store

import "meixu/store/term"

// Export is a list with personal data that somebody asked for as a file (U6).
type Export struct {
	ID        term.ExportID
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	List      string
	Filter    map[string]string // what the page showed of the list
	Rows      int               // counted when it was asked for
	Staff     term.StaffID
	Reason    string
	State     term.ExportState
	OpenAt    term.Instant // from when it may be fetched
	Task      term.TaskID  // of the second person; 0 when none was asked
	DecidedBy term.StaffID
	Decision  string
	FetchedAt term.Instant
}

func (*Export) table() string { return "exports" }
func (*Export) columns() string {
	return "id, version, created_at, updated_at, list, filter_sealed, rows, staff_id, reason_sealed, state, open_at, " +
		"task_id, decided_by, decision_sealed, fetched_at"
}

func (e *Export) fields(r *Read) []any {
	return []any{
		&e.ID, &e.Version, &e.CreatedAt, &e.UpdatedAt, &e.List, sealedAs(r, "exports", &e.ID, nil, "filter_sealed", &e.Filter),
		&e.Rows, &e.Staff, sealed(r, "exports", &e.ID, nil, "reason_sealed", &e.Reason), &e.State, &e.OpenAt,
		maybe(&e.Task), maybe(&e.DecidedBy), sealed(r, "exports", &e.ID, nil, "decision_sealed", &e.Decision), &e.FetchedAt,
	}
}

// Export reads one export.
func (r *Read) Export(id term.ExportID) (Export, error) { return load[Export](r, "id = ?", id) }

// Exports lists the newest exports, those of one person when staff is not 0.
func (r *Read) Exports(staff term.StaffID, limit int) ([]Export, error) {
	if staff != 0 {
		return loadAll[Export](r, "staff_id = ? ORDER BY id DESC LIMIT ?", staff, limit)
	}
	return loadAll[Export](r, "1 ORDER BY id DESC LIMIT ?", limit)
}

// AddExport notes an export that was asked for.
func (tx *Tx) AddExport(e *Export) error { return tx.addRow(e) }

// SaveExport writes an export over the version read.
func (tx *Tx) SaveExport(e *Export) error { return tx.saveRow(e) }

// ClientsBelow lists files that stand with ids below before (0: all), newest first.
func (r *Read) ClientsBelow(before term.ClientID, limit int) ([]Client, error) {
	return loadAll[Client](r, "(?1 = 0 OR id < ?1) AND state <> 'merged' AND voided_at IS NULL ORDER BY id DESC LIMIT ?2", before, limit)
}
