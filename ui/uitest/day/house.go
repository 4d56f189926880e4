package day

import (
	"slices"

	"github.com/stretchr/testify/require"

	"meixu/app/people"
	"meixu/app/readiness"
	"meixu/store"
	"meixu/store/term"
)

// furnish puts up what the item needs: a room, a machine, a licensed operator, and lots on
// the shelf, one of them ended and one of another product.
func (d *Day) furnish(code string) {
	d.T.Helper()
	d.Write(func(tx *store.Tx) (err error) {
		if d.Item, err = tx.ItemByCode(code); err != nil {
			return err
		}
		for name, text := range map[string]string{"clinic.address": "示例路 88 号", "clinic.phone": "0571-88888888", "clinic.emergency": "0571-88880120"} {
			if err := tx.SaveSetting(name, text); err != nil {
				return err
			}
		}
		room := store.Room{Name: "治疗一室", Kind: d.Item.RoomKind, State: "open"}
		if err := tx.AddRoom(&room); err != nil {
			return err
		}
		d.Room = room.ID
		if d.Item.DeviceKind != "" {
			machine := store.Device{
				Number: "SB-001", Name: d.Item.DeviceKind, Kind: d.Item.DeviceKind, Registration: "国械注准20233091001",
				MaintenanceDueOn: tx.Today().Add(90), CalibrationDueOn: tx.Today().Add(90), State: "in_use",
			}
			if err := tx.AddDevice(&machine); err != nil {
				return err
			}
			d.Device = machine.ID
		}
		return d.shelve(tx)
	})
	d.license("doctor", people.PaperPhysician)
	d.license("nurse", people.PaperNurse)
}

// license gives a person the paper and the right that performing the item takes.
func (d *Day) license(login, kind string) {
	d.T.Helper()
	d.Write(func(tx *store.Tx) error {
		paper := store.Licence{
			Staff: d.StaffID(login), Kind: kind, Number: "110330100000001", PlaceHere: true,
			ValidFrom: "2020-01-01", ValidUntil: tx.Today().Add(300), CheckedAt: tx.Now(), CheckedBy: d.StaffID("quality"),
		}
		if err := tx.AddLicence(&paper); err != nil {
			return err
		}
		return tx.AddStaffRight(&store.StaffRight{
			Staff: d.StaffID(login), ItemKind: d.Item.Kind, Level: people.RightIndependent, GrantedBy: d.StaffID("manager"),
		})
	})
}

// shelve puts lots into stock: L-FIRST and L-LATER are good, L-OLD has ended, L-OTHER is of a
// product that the item does not take.
func (d *Day) shelve(tx *store.Tx) error {
	products, err := tx.Products()
	if err != nil {
		return err
	}
	fits, other := false, false
	for _, p := range products {
		switch {
		case !fits && slices.Contains(d.Item.ProductKinds, p.UseKind):
			fits = true
			for name, ends := range map[string]term.Day{"L-FIRST": "2026-12-31", "L-LATER": "2027-12-31", "L-OLD": "2026-01-31"} {
				if err := d.lot(tx, p, name, ends); err != nil {
					return err
				}
			}
		case p.UseKind == readiness.UseHyaluronidase:
			if err := d.lot(tx, p, "H-"+p.Code, "2027-06-30"); err != nil {
				return err
			}
		case !other && !slices.Contains(d.Item.ProductKinds, p.UseKind):
			other = true
			if err := d.lot(tx, p, "L-OTHER", "2027-06-30"); err != nil {
				return err
			}
		}
	}
	require.True(d.T, fits || len(d.Item.ProductKinds) == 0, "no product for %s", d.Item.Code)
	return nil
}

func (d *Day) lot(tx *store.Tx, p store.Product, name string, ends term.Day) error {
	l := store.Lot{
		Product: p.ID, Lot: name, ExpiresOn: ends, Supplier: "示例医药", Registration: "国药准字S20190001", ReceivedAt: tx.Now(),
		State: "ok", ReceivedBy: d.StaffID("stock"), ReceivedQty: p.PackQty * 20,
	}
	if err := tx.AddLot(&l); err != nil {
		return err
	}
	d.Lots[name] = l
	_, err := tx.Move(store.Account{Kind: "stock", ID: int64(l.ID)}, int64(l.ReceivedQty), store.Subject{Noun: "lot", ID: int64(l.ID)})
	return err
}

// Stock is what is left of a lot.
func (d *Day) Stock(lot string) term.Qty {
	d.T.Helper()
	return term.Qty(d.balance("stock", int64(d.Lots[lot].ID)))
}

// Money is what the order has taken and not given back.
func (d *Day) Money() term.Fen {
	d.T.Helper()
	return term.Fen(d.balance("money", int64(d.Order)))
}

// Left is how many paid sessions are left on the order's line.
func (d *Day) Left() int64 {
	d.T.Helper()
	return d.balance("session", int64(d.Session))
}

func (d *Day) balance(kind string, id int64) (n int64) {
	d.T.Helper()
	d.Read(func(r *store.Read) (err error) {
		n, err = r.Balance(kind, id)
		return err
	})
	return n
}
