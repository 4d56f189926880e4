package inventory

import (
	"errors"
	"strings"

	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// LotRow is a lot with its product and what is left of it.
type LotRow struct {
	Lot     store.Lot
	Product store.Product
	Balance term.Qty // thousandths of Product.Unit
	// First says that this lot of the product ends first and is to be taken first (FEFO).
	First bool
	// Days are left until the lot ends; large when it has no end.
	Days int
}

// Candidates lists what may be taken for an item: lots of its product kinds that are in
// date, not held and not empty, first expiry first within each product.
func Candidates(r *store.Read, item store.Item) ([]LotRow, error) {
	products, err := r.Products()
	if err != nil {
		return nil, err
	}
	var rows []LotRow
	for _, p := range products {
		if !uses(item, p) {
			continue
		}
		lots, err := goodLots(r, p)
		if err != nil {
			return nil, err
		}
		rows = append(rows, lots...)
	}
	return rows, nil
}

// goodLots lists the lots of a product that may be taken today, first expiry first.
func goodLots(r *store.Read, p store.Product) ([]LotRow, error) {
	lots, err := r.LotsOf(p.ID)
	if err != nil {
		return nil, err
	}
	var rows []LotRow
	for _, lot := range lots {
		if lot.State != StateOK || expired(lot, r.Today()) {
			continue
		}
		balance, err := left(r, lot.ID)
		if err != nil {
			return nil, err
		}
		if balance > 0 {
			rows = append(rows, LotRow{
				Lot: lot, Product: p, Balance: balance, First: len(rows) == 0, Days: daysLeft(lot.ExpiresOn, r.Today()),
			})
		}
	}
	return rows, nil
}

// TakeCmd takes product for one treatment. One of Code, Lot and LotID names the lot.
type TakeCmd struct {
	Treatment term.TreatmentID
	Code      string // as scanned: GS1, trace code or anything a scanner sent
	Lot       string // as typed
	LotID     term.LotID
	Qty       term.Qty // thousandths of the unit; 0 is one whole pack
	By        term.StaffID
	// Second is the witness of a toxic drug; the caller has checked the PIN before.
	Second term.StaffID
	// Reason is wanted when another lot ends earlier.
	Reason string
	// More is wanted when the treatment gets more than it can want (S4-07).
	More string
}

// Take takes product from a lot for a treatment and moves the ledger. It keeps these rules:
// an unknown lot, or one of a product that the item does not use, is refused (REG-DEV-06); so
// is a held (REG-DEV-05, REG-DRG-06) or expired one; never more than there is; a lot that
// does not end first wants a reason, and so does more than three times what was planned and
// than one pack (S4-07); a toxic drug wants a second person other than
// the taker (REG-DRG-03); the code of a pack is used once (REG-DEV-15, REG-DRG-04).
func Take(tx *store.Tx, cmd TakeCmd) (store.LotUse, error) {
	treatment, err := tx.Treatment(cmd.Treatment)
	if err != nil {
		return store.LotUse{}, err
	}
	item, err := tx.Item(treatment.Item)
	if err != nil {
		return store.LotUse{}, err
	}
	t := taking{item: item, by: cmd.By, second: cmd.Second, reason: strings.TrimSpace(cmd.Reason), more: strings.TrimSpace(cmd.More), today: tx.Today()}
	if err := t.find(tx.Read, cmd); err != nil {
		return store.LotUse{}, err
	}
	if err := t.look(tx.Read, cmd.Qty); err != nil {
		return store.LotUse{}, err
	}
	if err := t.want(tx.Read, treatment); err != nil {
		return store.LotUse{}, err
	}
	if err := mayTake(t); err != nil {
		return store.LotUse{}, err
	}
	use := store.LotUse{
		Treatment: treatment.ID, Lot: t.lot.ID, Code: t.pack, TakenQty: t.qty,
		TakenAt: tx.Now(), TakenBy: cmd.By, Second: cmd.Second, Reason: t.reasons(),
	}
	if err := tx.AddLotUse(&use); err != nil {
		return use, err
	}
	if err := t.spend(tx); err != nil {
		return use, err
	}
	_, err = tx.Move(account(t.lot.ID), -int64(t.qty), refOf(use))
	tx.Publish(live.Stock)
	return use, err
}

func refOf(use store.LotUse) store.Subject { return store.Subject{Noun: "lot_use", ID: use.ID} }

// find resolves what was scanned or typed to a lot and, where there is one, to a pack.
func (t *taking) find(r *store.Read, cmd TakeCmd) error {
	if cmd.LotID != 0 {
		lot, err := r.Lot(cmd.LotID)
		if errors.Is(err, store.ErrNotFound) {
			return unknownLot("")
		}
		t.lot = lot
		return err
	}
	text := cmd.Code
	if text == "" {
		text = cmd.Lot
	}
	scan := ParseScan(text)
	t.scan, t.pack = scan, scan.Pack()
	for _, code := range []string{t.pack, scan.Plain, strings.TrimSpace(text)} {
		lot, pack, err := r.LotByCode(code)
		if err == nil {
			t.lot, t.code, t.pack = lot, &pack, pack.Code
			return nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return t.findByNumber(r, strings.TrimSpace(text))
}

// findByNumber looks for the lot number; of several lots with this number the one that the
// item uses and of which something is left wins.
func (t *taking) findByNumber(r *store.Read, typed string) error {
	number := t.scan.LotNumber()
	lots, err := r.LotsNamed(number)
	if err != nil {
		return err
	}
	if len(lots) == 0 && t.scan.Plain != "" && typed != number {
		if lots, err = r.LotsNamed(typed); err != nil {
			return err
		}
	}
	if len(lots) == 0 {
		return unknownLot(number + t.scan.Trace)
	}
	t.lot = lots[0]
	for _, lot := range lots {
		product, err := r.Product(lot.Product)
		if err != nil {
			return err
		}
		balance, err := left(r, lot.ID)
		if err != nil {
			return err
		}
		if uses(t.item, product) {
			t.lot = lot
			if balance > 0 {
				return nil
			}
		}
	}
	return nil
}

func unknownLot(number string) error {
	return fault.Refuse("REG-DEV-06", "inventory.refuse.unknown", number).Ask("storekeeper").At("/stock")
}

// look reads what the rule must know of the lot.
func (t *taking) look(r *store.Read, qty term.Qty) (err error) {
	if t.product, err = r.Product(t.lot.Product); err != nil {
		return err
	}
	if t.balance, err = left(r, t.lot.ID); err != nil {
		return err
	}
	if t.qty = qty; qty == 0 {
		t.qty = t.product.PackQty
	}
	good, err := goodLots(r, t.product)
	if err != nil {
		return err
	}
	if len(good) > 0 {
		t.first = good[0].Lot
	}
	t.witnessed, err = mayWitness(r, t.by, t.second)
	return err
}

// spend marks the pack as used; a pack seen for the first time is noted as used, so that its
// code cannot come twice.
func (t *taking) spend(tx *store.Tx) error {
	if t.pack == "" {
		return nil
	}
	if t.code == nil {
		return tx.AddLotCode(&store.LotCode{Lot: t.lot.ID, Code: t.pack, UsedAt: tx.Now()})
	}
	t.code.UsedAt = tx.Now()
	return tx.SaveLotCode(t.code)
}
