package admin

import (
	"context"

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
