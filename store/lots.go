package store

import (
	"meixu/store/term"
)

// Product is a kind of drug, device material or supply. Quantities in thousandths of Unit.
type Product struct {
	ID            term.ProductID
	Version       int
	CreatedAt     term.Instant
	UpdatedAt     term.Instant
	Code          string
	Name          string
	Kind          string
	UseKind       string
	Unit          string
	PackQty       term.Qty
	Storage       string
	ColdChain     bool
	Toxic         bool
	LotTracked    bool
	ExpiryTracked bool
	Udi           bool
	OpenedHours   int
	LicencePrefix string
	Registration  string
	LowQty        term.Qty
}

func (*Product) table() string { return "products" }
func (*Product) columns() string {
	return "id, version, created_at, updated_at, code, name, kind, use_kind, unit, pack_qty, storage, " +
		"cold_chain, toxic, lot_tracked, expiry_tracked, udi, opened_hours, licence_prefix, " +
		"registration, low_qty"
}

func (p *Product) fields(*Read) []any {
	return []any{
		&p.ID, &p.Version, &p.CreatedAt, &p.UpdatedAt, &p.Code, &p.Name, &p.Kind, &p.UseKind, &p.Unit,
		&p.PackQty, &p.Storage, &p.ColdChain, &p.Toxic, &p.LotTracked, &p.ExpiryTracked, &p.Udi,
		&p.OpenedHours, &p.LicencePrefix, &p.Registration, &p.LowQty,
	}
}

// Product reads one product.
func (r *Read) Product(id term.ProductID) (Product, error) { return load[Product](r, "id = ?", id) }

// Products lists the products.
func (r *Read) Products() ([]Product, error) { return loadAll[Product](r, "1 ORDER BY id LIMIT 2000") }

// ProductsFor lists the products of a use (botulinum, filler_ha …).
func (r *Read) ProductsFor(use string) ([]Product, error) {
	return loadAll[Product](r, "use_kind = ? ORDER BY id LIMIT 200", use)
}

// InDate sums what is left in all lots of the products of a use that are neither held nor
// ended, in thousandths of their unit.
func (r *Read) InDate(use string) (term.Qty, error) {
	return Recall(r, inDate(use), func() (term.Qty, error) {
		left, err := one(r, value[int64], `SELECT coalesce(sum(max(0, (SELECT coalesce(sum(m.amount), 0) FROM ledger m
				WHERE m.kind = 'stock' AND m.account_id = l.id))), 0)
			FROM lots l JOIN products p ON p.id = l.product_id WHERE p.use_kind = ? AND l.state = 'ok' AND l.expires_on >= ?`, use, r.Today())
		return term.Qty(left), err
	})
}

// inDate is the stock of a use in the memory of a snapshot.
type inDate string

// TrackedKinds lists, for each use, the kinds of those of its products whose lots are tracked.
// It is shared: it must not be changed.
func (r *Read) TrackedKinds() (map[string][]string, error) {
	return Recall(r, trackedKinds{}, func() (map[string][]string, error) {
		rows, err := many(r, func(from row) (p Product, err error) {
			err = from.Scan(&p.UseKind, &p.Kind)
			return p, err
		}, `SELECT DISTINCT use_kind, kind FROM products WHERE lot_tracked = 1 ORDER BY use_kind, kind LIMIT 2000`)
		kinds := map[string][]string{}
		for _, p := range rows {
			kinds[p.UseKind] = append(kinds[p.UseKind], p.Kind)
		}
		return kinds, err
	})
}

// trackedKinds are those in the memory of a snapshot.
type trackedKinds struct{}

// AddProduct adds a product.
func (tx *Tx) AddProduct(p *Product) error { return tx.addRow(p) }

// SaveProduct writes a product over the version read.
func (tx *Tx) SaveProduct(p *Product) error { return tx.saveRow(p) }

// Lot is one lot of a product; the ledger kind "stock" holds what is left.
type Lot struct {
	ID             term.LotID
	Version        int
	CreatedAt      term.Instant
	UpdatedAt      term.Instant
	Product        term.ProductID
	Lot            string
	ExpiresOn      term.Day
	Supplier       string
	Invoice        string
	Registration   string
	ArrivalCelsius string
	ReceivedAt     term.Instant
	ReceivedBy     term.StaffID
	ReceivedQty    term.Qty
	State          string
}

func (*Lot) table() string { return "lots" }
func (*Lot) columns() string {
	return "id, version, created_at, updated_at, product_id, lot, expires_on, supplier, invoice, " +
		"registration, arrival_celsius, received_at, received_by, received_qty, state"
}

func (l *Lot) fields(*Read) []any {
	return []any{
		&l.ID, &l.Version, &l.CreatedAt, &l.UpdatedAt, &l.Product, &l.Lot,
		optDay{&l.ExpiresOn},
		&l.Supplier,
		&l.Invoice, &l.Registration, &l.ArrivalCelsius, &l.ReceivedAt, &l.ReceivedBy, &l.ReceivedQty,
		&l.State,
	}
}

// Lot reads one lot.
func (r *Read) Lot(id term.LotID) (Lot, error) { return load[Lot](r, "id = ?", id) }

// LotsNamed lists the lots that carry this lot number, of any product.
func (r *Read) LotsNamed(lot string) ([]Lot, error) {
	return loadAll[Lot](r, "lot = ? ORDER BY id LIMIT 20", lot)
}

// LotsOf lists the lots of a product, first expiry first (FEFO).
func (r *Read) LotsOf(product term.ProductID) ([]Lot, error) {
	return loadAll[Lot](r, "product_id = ? ORDER BY expires_on IS NULL, expires_on, id LIMIT 200", product)
}

// LotByCode reads the lot of one pack's code (GS1 serial or trace code) and the pack itself.
func (r *Read) LotByCode(code string) (Lot, LotCode, error) {
	c, err := load[LotCode](r, "code = ?", code)
	if err != nil {
		return Lot{}, c, err
	}
	l, err := r.Lot(c.Lot)
	return l, c, err
}

// AddLot adds a lot.
func (tx *Tx) AddLot(l *Lot) error { return tx.addRow(l) }

// Lots lists all lots, first expiry first.
func (r *Read) Lots(limit int) ([]Lot, error) {
	return loadAll[Lot](r, "1 ORDER BY expires_on IS NULL, expires_on, id LIMIT ?", limit)
}

// LotBalances sums the ledger of every lot that ever moved, in thousandths of the unit.
func (r *Read) LotBalances() (map[term.LotID]term.Qty, error) {
	type sum struct {
		lot term.LotID
		qty term.Qty
	}
	rows, err := many(r, func(from row) (s sum, err error) {
		err = from.Scan(&s.lot, &s.qty)
		return s, err
	}, `SELECT account_id, sum(amount) FROM ledger WHERE kind = 'stock' GROUP BY account_id`)
	if err != nil {
		return nil, err
	}
	balances := make(map[term.LotID]term.Qty, len(rows))
	for _, s := range rows {
		balances[s.lot] = s.qty
	}
	return balances, nil
}

// SaveLot writes a lot over the version read.
func (tx *Tx) SaveLot(l *Lot) error { return tx.saveRow(l) }

// LotCode is the code of one pack of a lot; it is used once.
type LotCode struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Lot       term.LotID
	Code      string
	UsedAt    term.Instant
}

func (*LotCode) table() string { return "lot_codes" }
func (*LotCode) columns() string {
	return "id, version, created_at, updated_at, lot_id, code, used_at"
}

func (l *LotCode) fields(*Read) []any {
	return []any{
		&l.ID, &l.Version, &l.CreatedAt, &l.UpdatedAt, &l.Lot, &l.Code, &l.UsedAt,
	}
}

// LotCodes lists the packs of a lot.
func (r *Read) LotCodes(lot term.LotID) ([]LotCode, error) {
	return loadAll[LotCode](r, "lot_id = ? ORDER BY id LIMIT 500", lot)
}

// AddLotCode adds the code of a pack.
func (tx *Tx) AddLotCode(l *LotCode) error { return tx.addRow(l) }

// SaveLotCode writes the code of a pack over the version read.
func (tx *Tx) SaveLotCode(l *LotCode) error { return tx.saveRow(l) }

// LotUse is product taken for one treatment: taken = used + wasted + returned when closed.
type LotUse struct {
	ID          int64
	Version     int
	CreatedAt   term.Instant
	UpdatedAt   term.Instant
	Treatment   term.TreatmentID
	Lot         term.LotID
	Code        string
	TakenQty    term.Qty
	UsedQty     term.Qty
	WastedQty   term.Qty
	ReturnedQty term.Qty
	TakenAt     term.Instant
	TakenBy     term.StaffID
	Second      term.StaffID
	ClosedAt    term.Instant
	WasteSecond term.StaffID
	// Reason says why a later expiry was taken first, or why it went back.
	Reason string
}

func (*LotUse) table() string { return "lot_uses" }
func (*LotUse) columns() string {
	return "id, version, created_at, updated_at, treatment_id, lot_id, code, taken_qty, used_qty, " +
		"wasted_qty, returned_qty, taken_at, taken_by, second_id, closed_at, waste_second_id, reason_sealed"
}

func (l *LotUse) fields(r *Read) []any {
	return []any{
		&l.ID, &l.Version, &l.CreatedAt, &l.UpdatedAt, &l.Treatment, &l.Lot, &l.Code, &l.TakenQty,
		&l.UsedQty, &l.WastedQty, &l.ReturnedQty, &l.TakenAt, &l.TakenBy, maybe(&l.Second), &l.ClosedAt,
		maybe(&l.WasteSecond), sealed(r, "lot_uses", &l.ID, nil, "reason_sealed", &l.Reason),
	}
}

// LotUse reads one use.
func (r *Read) LotUse(id int64) (LotUse, error) { return load[LotUse](r, "id = ?", id) }

// LotUses lists what was taken for a treatment.
func (r *Read) LotUses(treatment term.TreatmentID) ([]LotUse, error) {
	return loadAll[LotUse](r, "treatment_id = ? ORDER BY id LIMIT 100", treatment)
}

// UsesOfLot lists whom a lot went to, newest first.
func (r *Read) UsesOfLot(lot term.LotID, limit int) ([]LotUse, error) {
	return loadAll[LotUse](r, "lot_id = ? ORDER BY id DESC LIMIT ?", lot, limit)
}

// AddLotUse adds a use of a lot.
func (tx *Tx) AddLotUse(l *LotUse) error { return tx.addRow(l) }

// SaveLotUse writes a use of a lot over the version read.
func (tx *Tx) SaveLotUse(l *LotUse) error { return tx.saveRow(l) }
