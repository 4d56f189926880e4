package admin

import (
	"context"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
)

// pinOpens refuses a PIN at a browser that the house does not know: six digits are enough
// only together with a device that somebody has enrolled (trust.md 5). A practice clinic
// knows every browser.
func (o *Office) pinOpens(ctx context.Context, station string) error {
	known, err := o.KnowsStation(ctx, station)
	if err != nil || known {
		return err
	}
	var f fault.Fields
	f.Add("pin", "admin.pin.station")
	return f.Err()
}

// pinOpensAt refuses a PIN also at a browser that is not the one at which the session was
// opened: a copied session cookie is worth no PIN.
func (o *Office) pinOpensAt(ctx context.Context, by access.Actor, station string) error {
	if by.Session != 0 && by.Station != station {
		var f fault.Fields
		f.Add("pin", "admin.pin.elsewhere")
		return f.Err()
	}
	return o.pinOpens(ctx, station)
}

// KnowsStation says that PINs open at a browser.
func (o *Office) KnowsStation(ctx context.Context, station string) (known bool, err error) {
	if o.Demo {
		return true, nil
	}
	err = o.DB.Read(ctx, func(r *store.Read) error {
		w, err := r.WorkstationInUse(station)
		known = w.ID != 0
		return err
	})
	return known, fault.FromStore(err, "reading a workstation")
}
