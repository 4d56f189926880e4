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
	// Second is the witness of a toxic drug's waste or return; the caller has checked the PIN before.
	Second term.StaffID
	// Reason says why a use that was closed is told anew; a first count needs none.
	Reason string
}

// same says that the use was closed with exactly these amounts.
func (cmd CloseCmd) same(u store.LotUse) bool {
	return !u.ClosedAt.IsZero() && cmd.Used == u.UsedQty && cmd.Wasted == u.WastedQty && cmd.Returned == u.ReturnedQty
}

// CloseUse closes a use. Used, wasted and returned must sum up to what was taken (S5-07); the
// waste of a toxic drug, and its way back to the shelf, want a second person, and of an opened
// vial nothing goes back (REG-DRG-03); nor does an opened pack for single use (REG-DEV-15).
// What is returned goes back to the ledger. A use that was closed is told anew with a reason:
// what the first count gave back is taken out again; the same amounts change nothing.
func CloseUse(tx *store.Tx, cmd CloseCmd) error {
	use, err := tx.LotUse(cmd.Use)
	if err != nil || cmd.same(use) {
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
	if !use.ClosedAt.IsZero() {
		if err := reopen(tx, &use, product, cmd.Reason); err != nil {
			return err
		}
	}
	use.UsedQty, use.WastedQty, use.ReturnedQty = cmd.Used, cmd.Wasted, cmd.Returned
	use.ClosedAt, use.WasteSecond = tx.Now(), 0
	if cmd.Wasted+cmd.Returned > 0 {
		use.WasteSecond = cmd.Second
	}
	return putBack(tx, &use)
}

// mayClose is the rule of CloseUse.
func mayClose(cmd CloseCmd, use store.LotUse, p store.Product, witnessed bool) error {
	opened := cmd.Returned > 0 && cmd.Returned != use.TakenQty
	switch {
	case !use.ClosedAt.IsZero() && strings.TrimSpace(cmd.Reason) == "":
		return fault.Refuse("S5-07", "inventory.refuse.closed", p.Name)
	case cmd.Used < 0 || cmd.Wasted < 0 || cmd.Returned < 0 || cmd.Used+cmd.Wasted+cmd.Returned != use.TakenQty:
		return fault.Refuse("S5-07", "inventory.refuse.sum", p.Name, use.TakenQty.String(), p.Unit)
	case p.Toxic && opened && (p.PackQty == 0 || cmd.Returned%p.PackQty != 0):
		return fault.Refuse("REG-DRG-03", "inventory.refuse.opened_vial", p.Name).Ask("nurse")
	case p.Toxic && cmd.Returned > 0 && !witnessed:
		return fault.Refuse("REG-DRG-03", "inventory.refuse.return", p.Name).Ask("storekeeper")
	case p.Toxic && cmd.Wasted+use.WastedQty > 0 && !witnessed:
		return fault.Refuse("REG-DRG-03", "inventory.refuse.waste", p.Name).Ask("storekeeper")
	case use.Code != "" && p.OpenedHours == 0 && opened:
		return fault.Refuse("REG-DEV-15", "inventory.refuse.opened", p.Name)
	}
	return nil
}

// reopen undoes what a count gave back to the shelf, so that the use can be told anew: a
// partial return is reversed; one that went back whole (its taking was reversed) is taken once
// more. What somebody took meanwhile cannot come back.
func reopen(tx *store.Tx, use *store.LotUse, p store.Product, reason string) error {
	use.Reason = strings.Trim(use.Reason+" · "+strings.TrimSpace(reason), " ·")
	if use.ReturnedQty == 0 {
		return nil
	}
	balance, err := left(tx.Read, use.Lot)
	if err != nil {
		return err
	}
	if balance < use.ReturnedQty {
		return fault.Refuse("S5-07", "inventory.refuse.gone", p.Name, use.ReturnedQty.String(), p.Unit).Ask("storekeeper")
	}
	if use.ReturnedQty < use.TakenQty {
		move, err := standing(tx.Read, *use, int64(use.ReturnedQty))
		if err != nil {
			return err
		}
		_, err = tx.Reverse(move, refOf(*use))
		return err
	}
	if err := spendAgain(tx, use.Code, p); err != nil {
		return err
	}
	_, err = tx.Move(account(use.Lot), -int64(use.TakenQty), refOf(*use))
	return err
}

// standing finds the newest movement of a use with the amount that was not reversed.
func standing(r *store.Read, use store.LotUse, amount int64) (id store.MoveID, err error) {
	moves, err := r.MovementsOf(refOf(use))
	reversed := map[store.MoveID]bool{}
	for _, m := range moves {
		reversed[m.Reverses] = true
	}
	for _, m := range moves {
		if m.Reverses == 0 && m.Amount == amount && !reversed[m.ID] {
			id = m.ID
		}
	}
	if err == nil && id == 0 {
		err = store.ErrNotFound
	}
	return id, err
}

// spendAgain marks the pack of a use as used once more, unless another one used it meanwhile.
func spendAgain(tx *store.Tx, code string, p store.Product) error {
	if code == "" {
		return nil
	}
	_, pack, err := tx.LotByCode(code)
	if err != nil {
		return err
	}
	if !pack.UsedAt.IsZero() {
		return fault.Refuse(onceLaw(p), "inventory.refuse.used", code).Ask("storekeeper")
	}
	pack.UsedAt = tx.Now()
	return tx.SaveLotCode(&pack)
}

// ReturnAll puts back everything still open of a treatment that was stopped or cancelled;
// what was closed before stays used. second is who saw it (0: nobody was asked). It gives how
// many uses went back.
func ReturnAll(tx *store.Tx, treatment term.TreatmentID, second term.StaffID, reason string) (int, error) {
	uses, err := tx.LotUses(treatment)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, use := range uses {
		if !use.ClosedAt.IsZero() {
			continue
		}
		use.ReturnedQty, use.ClosedAt, use.WasteSecond = use.TakenQty, tx.Now(), second
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
	taken, err := standing(tx.Read, *use, -int64(use.TakenQty))
	if err != nil {
		return err
	}
	if _, err := tx.Reverse(taken, refOf(*use)); err != nil {
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
