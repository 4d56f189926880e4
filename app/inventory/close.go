package inventory

import (
	"strings"

	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// CloseCmd says what became of product that was taken; the three sum up to what was taken.
type CloseCmd struct {
	Use      int64
	Used     term.Qty
	Wasted   term.Qty
	Returned term.Qty
	By       term.StaffID
	// Second is the witness of a toxic drug's waste; the caller has checked the PIN before.
	Second term.StaffID
}

// CloseUse closes a use once. Used, wasted and returned must sum up to what was taken
// (S5-07); the waste of a toxic drug wants a second person (REG-DRG-03); an opened pack for
// single use never goes back to the shelf (REG-DEV-15). What is returned goes back to the
// ledger.
func CloseUse(tx *store.Tx, cmd CloseCmd) error {
	use, err := tx.LotUse(cmd.Use)
	if err != nil {
		return err
	}
	lot, err := tx.Lot(use.Lot)
	if err != nil {
		return err
	}
	product, err := tx.Product(lot.Product)
	if err != nil {
		return err
	}
	witnessed, err := mayWitness(tx.Read, cmd.By, cmd.Second)
	if err != nil {
		return err
	}
	if err := mayClose(cmd, use, product, witnessed); err != nil {
		return err
	}
	use.UsedQty, use.WastedQty, use.ReturnedQty = cmd.Used, cmd.Wasted, cmd.Returned
	use.ClosedAt = tx.Now()
	if cmd.Wasted > 0 {
		use.WasteSecond = cmd.Second
	}
	return putBack(tx, &use)
}

// mayClose is the rule of CloseUse.
func mayClose(cmd CloseCmd, use store.LotUse, p store.Product, witnessed bool) error {
	switch {
	case !use.ClosedAt.IsZero():
		return fault.Refuse("S5-07", "inventory.refuse.closed", p.Name)
	case cmd.Used < 0 || cmd.Wasted < 0 || cmd.Returned < 0 || cmd.Used+cmd.Wasted+cmd.Returned != use.TakenQty:
		return fault.Refuse("S5-07", "inventory.refuse.sum", p.Name, use.TakenQty.String(), p.Unit)
	case p.Toxic && cmd.Wasted > 0 && !witnessed:
		return fault.Refuse("REG-DRG-03", "inventory.refuse.waste", p.Name).Ask("storekeeper")
	case use.Code != "" && p.OpenedHours == 0 && cmd.Returned > 0 && cmd.Returned != use.TakenQty:
		return fault.Refuse("REG-DEV-15", "inventory.refuse.opened", p.Name)
	}
	return nil
}

// ReturnAll puts back everything still open of a treatment that was stopped or cancelled;
// what was closed before stays used. It gives how many uses went back.
func ReturnAll(tx *store.Tx, treatment term.TreatmentID, reason string) (int, error) {
	uses, err := tx.LotUses(treatment)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, use := range uses {
		if !use.ClosedAt.IsZero() {
			continue
		}
		use.ReturnedQty, use.ClosedAt = use.TakenQty, tx.Now()
		if text := strings.TrimSpace(reason); text != "" {
			use.Reason = text
		}
		if err := putBack(tx, &use); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// putBack saves a closed use and gives what was returned back to the ledger: a use that went
// back whole is reversed, and its pack may be used again.
func putBack(tx *store.Tx, use *store.LotUse) error {
	if err := tx.SaveLotUse(use); err != nil {
		return err
	}
	tx.Publish(live.Stock)
	if use.ReturnedQty == 0 {
		return nil
	}
	if use.ReturnedQty < use.TakenQty {
		_, err := tx.Move(account(use.Lot), int64(use.ReturnedQty), refOf(*use))
		return err
	}
	moves, err := tx.MovementsOf(refOf(*use))
	if err != nil {
		return err
	}
	if _, err := tx.Reverse(moves[0].ID, refOf(*use)); err != nil {
		return err
	}
	return freePack(tx, use.Code)
}

func freePack(tx *store.Tx, code string) error {
	if code == "" {
		return nil
	}
	_, pack, err := tx.LotByCode(code)
	if err != nil {
		return err
	}
	pack.UsedAt = term.Instant{}
	return tx.SaveLotCode(&pack)
}

// UseRow is product taken for a treatment, with its lot and product.
type UseRow struct {
	Use     store.LotUse
	Lot     store.Lot
	Product store.Product
}

// Open says that what became of it is not told yet.
func (u UseRow) Open() bool { return u.Use.ClosedAt.IsZero() }

// Uses lists what was taken for a treatment, for the page and the provers of the procedure
// room: nothing taken, or a toxic drug without Second, keeps the gate shut.
func Uses(r *store.Read, treatment term.TreatmentID) ([]UseRow, error) {
	uses, err := r.LotUses(treatment)
	if err != nil {
		return nil, err
	}
	rows := make([]UseRow, 0, len(uses))
	for _, use := range uses {
		lot, err := r.Lot(use.Lot)
		if err != nil {
			return nil, err
		}
		product, err := r.Product(lot.Product)
		if err != nil {
			return nil, err
		}
		rows = append(rows, UseRow{use, lot, product})
	}
	return rows, nil
}
