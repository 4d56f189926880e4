package inventory

import (
	"context"
	"errors"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Receive is one delivery of one lot.
type Receive struct {
	Product      term.ProductID
	Lot          string
	Expires      term.Day
	Packs        int
	Supplier     string
	Invoice      string
	Registration string
	Celsius      string   // measured on arrival, as "4.5"
	Codes        []string // one code a pack: GS1 with serial, or the 20-digit trace code
	Second       term.StaffID
	SecondPIN    string
}

// maxPacks of one delivery.
const maxPacks = 100_000

// Receive takes a delivery in and gives the lot's id; a further delivery of a lot that is
// there already is added to it. It keeps these rules: every field of the receipt is filled
// (REG-DEV-01, REG-DRG-07); the registration number has the shape of the product's licence
// (REG-DRG-09, REG-DEV-05); a lot that has ended is refused (REG-DEV-05, REG-DRG-06), so is
// a cold chain that was broken; each pack's code comes once (REG-DRG-04); a toxic drug wants
// a second person's PIN (REG-DRG-02).
func (s *Shelf) Receive(ctx context.Context, by access.Actor, in Receive) (id term.LotID, err error) {
	if !by.May(access.LotReceive) {
		return 0, fault.Forbidden(string(access.LotReceive))
	}
	if err := s.witness(ctx, by, in.Second, in.SecondPIN); err != nil {
		return 0, err
	}
	in.scanned()
	err = s.Write(ctx, by, access.LotReceive, func(tx *store.Tx) error {
		p, packs, err := s.checkReceipt(tx, by, &in)
		if err != nil {
			return err
		}
		lot, err := putOnShelf(tx, by, in, p)
		if err != nil {
			return err
		}
		for _, code := range packs {
			if err := tx.AddLotCode(&store.LotCode{Lot: lot.ID, Code: code}); err != nil {
				return err
			}
		}
		id = lot.ID
		tx.Publish(live.Stock)
		tx.Result("lot", int64(id))
		_, err = tx.Move(account(id), int64(in.Packs)*int64(p.PackQty), store.Subject{Noun: "lot", ID: int64(id)})
		return err
	})
	return id, err
}

// scanned spreads a GS1 code that was scanned into the lot over lot, expiry and pack.
func (in *Receive) scanned() {
	scan := ParseScan(in.Lot)
	if scan.GTIN == "" {
		in.Lot = scan.LotNumber() + scan.Trace
		return
	}
	in.Lot = scan.Lot
	if in.Expires == "" {
		in.Expires = scan.Expiry
	}
	if pack := scan.Pack(); pack != "" && !slices.Contains(in.Codes, pack) {
		in.Codes = append(slices.Clone(in.Codes), pack)
	}
}

// checkReceipt reads the product and applies shape and law; it gives the codes of the packs.
func (s *Shelf) checkReceipt(tx *store.Tx, by access.Actor, in *Receive) (store.Product, []string, error) {
	var f fault.Fields
	p, err := tx.Product(in.Product)
	if errors.Is(err, store.ErrNotFound) {
		f.Add("product", "inventory.receive.product")
		return p, nil, f.Err()
	}
	if err != nil {
		return p, nil, err
	}
	checkPaper(&f, *in, p)
	packs := packsOf(&f, *in)
	for _, code := range packs {
		if _, _, err := tx.LotByCode(code); err == nil {
			f.Add("traces", "inventory.receive.code_known", code)
		} else if !errors.Is(err, store.ErrNotFound) {
			return p, nil, err
		}
	}
	if err := f.Err(); err != nil {
		return p, nil, err
	}
	witnessed, err := mayWitness(tx.Read, by.Staff, in.Second)
	if err != nil {
		return p, nil, err
	}
	return p, packs, mayReceive(*in, p, witnessed, tx.Today())
}

// checkPaper checks that the receipt is complete.
func checkPaper(f *fault.Fields, in Receive, p store.Product) {
	if in.Lot == "" && p.LotTracked {
		f.Add("lot", "inventory.receive.lot")
	}
	if in.Expires == "" && p.ExpiryTracked {
		f.Add("expires", "inventory.receive.expires")
	}
	if in.Packs < 1 || in.Packs > maxPacks {
		f.Add("packs", "inventory.receive.packs", maxPacks)
	}
	if strings.TrimSpace(in.Supplier) == "" {
		f.Add("supplier", "inventory.receive.supplier")
	}
	if strings.TrimSpace(in.Invoice) == "" {
		f.Add("invoice", "inventory.receive.invoice")
	}
	if !FitsPrefix(p.LicencePrefix, p.Kind, in.Registration) {
		f.Add("registration", "inventory.receive.registration", p.LicencePrefix)
	}
	if p.ColdChain {
		if _, ok := parseTenths(in.Celsius); !ok {
			f.Add("celsius", "inventory.receive.celsius")
		}
	}
}

// packsOf reads the codes of the packs and compares them with the receipt.
func packsOf(f *fault.Fields, in Receive) []string {
	var packs []string
	seen := map[string]bool{}
	for _, text := range in.Codes {
		if strings.TrimSpace(text) == "" {
			continue
		}
		scan := ParseScan(text)
		code := scan.Pack()
		if code == "" {
			code = scan.Plain
		}
		switch {
		case code == "":
			f.Add("traces", "inventory.receive.code_serial", strings.TrimSpace(text))
		case scan.Lot != "" && scan.Lot != in.Lot:
			f.Add("traces", "inventory.receive.code_lot", code, scan.Lot)
		case scan.Expiry != "" && scan.Expiry != in.Expires:
			f.Add("traces", "inventory.receive.code_expiry", code, string(scan.Expiry))
		case seen[code]:
			f.Add("traces", "inventory.receive.code_twice", code)
		default:
			seen[code] = true
			packs = append(packs, code)
		}
	}
	if len(packs) > in.Packs {
		f.Add("traces", "inventory.receive.code_many", len(packs), in.Packs)
	}
	return packs
}

// mayReceive is the law of the receipt.
func mayReceive(in Receive, p store.Product, witnessed bool, today term.Day) error {
	tenths, _ := parseTenths(in.Celsius)
	switch {
	case in.Expires.Before(today):
		return fault.Refuse(lawOf(p), "inventory.refuse.arrival_expired", p.Name, in.Lot, string(in.Expires)).Ask("manager")
	case p.ColdChain && !coldEnough(p, tenths):
		return fault.Refuse(lawOf(p), "inventory.refuse.arrival_warm", p.Name, in.Celsius, p.Storage).Ask("manager")
	case p.Toxic && !witnessed:
		return fault.Refuse("REG-DRG-02", "inventory.refuse.arrival_second", p.Name).Ask("manager")
	}
	return nil
}

// coldEnough compares tenths of a degree with 2–8 ℃, or with −25–8 ℃ for goods that may be
// kept frozen.
func coldEnough(p store.Product, tenths int) bool {
	low := 20
	if strings.Contains(p.Storage, "-20") {
		low = -250
	}
	return tenths >= low && tenths <= 80
}

// parseTenths reads "4.2" or "-18" to tenths of a degree.
func parseTenths(text string) (int, bool) {
	number, minus := strings.CutPrefix(strings.TrimSpace(text), "-")
	q, err := term.ParseQty(number)
	if err != nil || q%100 != 0 || q > 60_000 || strings.HasSuffix(number, ".") {
		return 0, false
	}
	if minus {
		q = -q
	}
	return int(q / 100), true
}

// putOnShelf adds the lot, or adds the delivery to the lot that is there.
func putOnShelf(tx *store.Tx, by access.Actor, in Receive, p store.Product) (store.Lot, error) {
	qty := term.Qty(in.Packs) * p.PackQty
	lots, err := tx.LotsOf(p.ID)
	if err != nil {
		return store.Lot{}, err
	}
	for _, have := range lots {
		if have.Lot != in.Lot {
			continue
		}
		if have.State != StateOK {
			return have, fault.Refuse(lawOf(p), "inventory.refuse.held", have.Lot, fault.Word("inventory.lot."+have.State)).Ask("quality")
		}
		if have.ExpiresOn != in.Expires {
			var f fault.Fields
			f.Add("expires", "inventory.receive.other_expiry", have.Lot, string(have.ExpiresOn))
			return have, f.Err()
		}
		have.ReceivedQty += qty
		have.Invoice += " / " + strings.TrimSpace(in.Invoice)
		return have, tx.SaveLot(&have)
	}
	lot := store.Lot{
		Product: p.ID, Lot: in.Lot, ExpiresOn: in.Expires, Supplier: strings.TrimSpace(in.Supplier),
		Invoice: strings.TrimSpace(in.Invoice), Registration: strings.TrimSpace(in.Registration),
		ArrivalCelsius: strings.TrimSpace(in.Celsius), ReceivedAt: tx.Now(), ReceivedBy: by.Staff,
		ReceivedQty: qty, State: StateOK,
	}
	return lot, tx.AddLot(&lot)
}
