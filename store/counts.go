package store

import (
	"meixu/store/term"
)

// StockCount is one blind count of a lot. An open one waits for somebody other than the
// counter; only an approved one moves the ledger.
type StockCount struct {
	ID         int64
	Version    int
	CreatedAt  term.Instant
	UpdatedAt  term.Instant
	Lot        term.LotID
	CountedQty term.Qty
	BalanceQty term.Qty // of the ledger when it was counted
	Note       string
	CountedAt  term.Instant
	CountedBy  term.StaffID
	State      StockCountState
	DecidedAt  term.Instant
	DecidedBy  term.StaffID
	Reason     string
}

// StockCountState is open, matched, approved or rejected.
type StockCountState string

// States of a count.
const (
	CountOpen     StockCountState = "open"
	CountMatched  StockCountState = "matched"
	CountApproved StockCountState = "approved"
	CountRejected StockCountState = "rejected"
)

// Difference is what the shelf has more (or, negative, less) than the ledger.
func (c StockCount) Difference() term.Qty { return c.CountedQty - c.BalanceQty }

func (*StockCount) table() string { return "stock_counts" }
func (*StockCount) columns() string {
	return "id, version, created_at, updated_at, lot_id, counted_qty, balance_qty, note, counted_at, " +
		"counted_by, state, decided_at, decided_by, reason"
}

func (c *StockCount) fields(*Read) []any {
	return []any{
		&c.ID, &c.Version, &c.CreatedAt, &c.UpdatedAt, &c.Lot, &c.CountedQty, &c.BalanceQty, &c.Note,
		&c.CountedAt, &c.CountedBy, &c.State, &c.DecidedAt, maybe(&c.DecidedBy), &c.Reason,
	}
}

// StockCount reads one count.
func (r *Read) StockCount(id int64) (StockCount, error) { return load[StockCount](r, "id = ?", id) }

// CountsOfLot lists the counts of a lot, newest first.
func (r *Read) CountsOfLot(lot term.LotID) ([]StockCount, error) {
	return loadAll[StockCount](r, "lot_id = ? ORDER BY id DESC LIMIT 50", lot)
}

// OpenCounts lists the counts that wait for a decision, oldest first.
func (r *Read) OpenCounts() ([]StockCount, error) {
	return loadAll[StockCount](r, "state = 'open' ORDER BY id LIMIT 200")
}

// AddStockCount adds a count.
func (tx *Tx) AddStockCount(c *StockCount) error { return tx.addRow(c) }

// SaveStockCount writes a count over the version read.
func (tx *Tx) SaveStockCount(c *StockCount) error { return tx.saveRow(c) }
