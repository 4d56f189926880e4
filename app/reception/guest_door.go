package reception

import (
	"context"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/fault"
	"meixu/store"
)

// SettingBook switches the page off on which guests ask for a booking (row:A9).
const SettingBook = "guest.book"

// GuestOff says that a page of guests is switched off, and where they call instead.
type GuestOff struct{ Phone string }

// BookOff says whether guests may ask for a booking on their phones; nil when they may. It needs no
// login.
func (d *Desk) BookOff(ctx context.Context) (*GuestOff, error) { return d.off(ctx, SettingBook) }

// HelloOff says whether guests may tell of themselves on their phones; nil when they may. It needs
// no login.
func (d *Desk) HelloOff(ctx context.Context) (*GuestOff, error) { return d.off(ctx, crm.SettingHello) }

func (d *Desk) off(ctx context.Context, name string) (off *GuestOff, err error) {
	err = d.DB.Read(ctx, func(r *store.Read) error {
		set, err := r.Setting(name)
		if err != nil || set != "no" {
			return err
		}
		off = &GuestOff{}
		off.Phone, err = r.Setting("clinic.phone")
		return err
	})
	return off, fault.FromStore(err, "looking whether a page of guests is open")
}

// bookOpen refuses what a guest sends while the page is switched off.
func bookOpen(r *store.Read) error {
	set, err := r.Setting(SettingBook)
	if err == nil && set == "no" {
		return fault.Refuse("A9", "request.refuse.off").Ask(string(access.Reception))
	}
	return err
}
