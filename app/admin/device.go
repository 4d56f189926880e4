package admin

import (
	"context"
	"net"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
)

// SettingDevices says who signs in with a password alone only where the house knows the device:
// everybody ("all"), owner and administrators ("admins"), nobody ("no").
const SettingDevices = "security.devices"

// FirstDevice is the words key of what the house calls the device at which it was set up.
const FirstDevice = "admin.device.first"

// Foreign says that the house does not know the browser, and that it does not stand at the machine
// that serves: a password shown there is not something that one knows together with something
// that one has (ASVS 6.3.3). A practice clinic knows every browser.
func (o *Office) Foreign(ctx context.Context, meta Meta) (bool, error) {
	if ip := net.ParseIP(meta.Address); ip != nil && ip.IsLoopback() {
		return false, nil
	}
	known, err := o.KnowsStation(ctx, meta.Station)
	return !known, err
}

// refusesAt says whether the password alone opens nothing for a person, at a browser that the house
// does not know. Whoever got the password at the console showed the printed recovery code there.
func (o *Office) refusesAt(ctx context.Context, who store.Staff) (refuses bool, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		rule, err := r.Setting(SettingDevices)
		switch {
		case rule == "no" || who.MustChange && who.Code.Why == store.CodeConsole:
		case rule == "admins":
			refuses = mayHaveSecond(who.Roles)
		default:
			refuses = true
		}
		return err
	})
	return refuses, fault.FromStore(err, "reading the rule of devices")
}

// wrongAt is what a wrong password is told. At a browser that the house does not know a right one is
// told the same where it is not enough, so that nobody finds passwords out there.
func wrongAt(foreign bool) string {
	if foreign {
		return "admin.login.wrong.device"
	}
	return "admin.login.wrong"
}

// turnedAway leaves in the trail that somebody showed the right password at a browser that the house
// does not know, and was not let in; errWrong is what is answered.
func (o *Office) turnedAway(ctx context.Context, who store.Staff, meta Meta) error {
	on := store.Subject{Noun: "staff", ID: int64(who.ID)}
	if err := o.WriteOn(ctx, door(who.ID, meta), access.SessionRefuse, on, func(*store.Tx) error { return nil }); err != nil {
		return err
	}
	return errWrong
}

// knowFirst lets the house know the browser at which it was set up, when that stands elsewhere: its
// owner could come in nowhere else.
func (o *Office) knowFirst(tx *store.Tx, by store.Staff, meta Meta, foreign bool) error {
	if !foreign || meta.Station == "" {
		return nil
	}
	kind := store.SessionDesk
	if meta.Tablet {
		kind = store.SessionTablet
	}
	return tx.AddWorkstation(&store.Workstation{Mark: meta.Station, Name: meta.Lang.T(FirstDevice), Kind: kind, EnrolledBy: by.ID})
}
