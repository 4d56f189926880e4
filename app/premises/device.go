package premises

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// DeviceIn is a device as entered. ID and Version are of the device that is mended; 0 for a
// new one.
type DeviceIn struct {
	ID           term.DeviceID
	Version      int
	Number       string // the clinic's own, as on the label
	Name         string
	Kind         string // of the catalogue's device kinds
	Registration string // 国械注准… as on the plate
	Room         term.RoomID
	Maintenance  term.Day // due
	Calibration  term.Day // due; "" for a device that is never calibrated
	// Shape are the fields that could not be read at all; the room adds its own complaints.
	Shape fault.Fields
}

// AddDevice enters a device, in use from the start. No two devices have one number; the kind
// is one that an item of the catalogue asks for; the registration has the shape of one
// (REG-DEV-05); maintenance has a day (REG-DEV-13); the room is open.
func (s *Steward) AddDevice(ctx context.Context, by access.Actor, in DeviceIn) (id term.DeviceID, err error) {
	err = s.Write(ctx, by, access.DeviceAdd, func(tx *store.Tx) error {
		d := store.Device{State: DeviceInUse}
		if err := in.into(tx.Read, &d); err != nil {
			return err
		}
		if err := tx.AddDevice(&d); err != nil {
			return err
		}
		id = d.ID
		told(tx, deviceRef(id))
		return nil
	})
	return id, err
}

// EditDevice mends what was entered of a device, over the version that was read. A retired
// device stays as it was.
func (s *Steward) EditDevice(ctx context.Context, by access.Actor, in DeviceIn) error {
	return s.WriteOn(ctx, by, access.DeviceEdit, deviceRef(in.ID), func(tx *store.Tx) error {
		d, err := deviceAt(tx.Read, in.ID, in.Version)
		if err != nil {
			return err
		}
		if err := in.into(tx.Read, &d); err != nil {
			return err
		}
		told(tx, deviceRef(d.ID))
		return tx.SaveDevice(&d)
	})
}

// into puts what was entered into the device, or names every wrong field.
func (in DeviceIn) into(r *store.Read, d *store.Device) error {
	f := slices.Clone(in.Shape)
	in.Number, in.Name = strings.TrimSpace(in.Number), strings.TrimSpace(in.Name)
	checkName(&f, "number", in.Number)
	checkName(&f, "name", in.Name)
	registration, shaped := defaults.DeviceRegistration(in.Registration)
	if !shaped {
		f.Add("registration", "premises.bad.registration")
	}
	if in.Maintenance == "" {
		f.Add("maintenance", "premises.bad.maintenance")
	}
	for _, check := range []func(*store.Read, *fault.Fields, store.Device) error{in.checkKind, in.checkRoom, in.checkNumber} {
		if err := check(r, &f, *d); err != nil {
			return err
		}
	}
	d.Number, d.Name, d.Kind, d.Registration, d.Room = in.Number, in.Name, in.Kind, registration, in.Room
	d.MaintenanceDueOn, d.CalibrationDueOn = in.Maintenance, in.Calibration
	return f.Err()
}

func (in DeviceIn) checkKind(r *store.Read, f *fault.Fields, was store.Device) error {
	kinds, err := deviceKinds(r)
	if err != nil {
		return err
	}
	if in.Kind == "" || in.Kind != was.Kind && !slices.Contains(kinds, in.Kind) {
		f.Add("kind", "premises.bad.device_kind")
	}
	return nil
}

func (in DeviceIn) checkRoom(r *store.Read, f *fault.Fields, was store.Device) error {
	if in.Room == 0 {
		f.Add("room", "premises.bad.room")
		return nil
	}
	room, err := r.Room(in.Room)
	if errors.Is(err, store.ErrNotFound) {
		f.Add("room", "premises.bad.room")
		return nil
	}
	if room.State != RoomOpen && in.Room != was.Room {
		f.Add("room", "premises.bad.room_closed", room.Name)
	}
	return err
}

func (in DeviceIn) checkNumber(r *store.Read, f *fault.Fields, was store.Device) error {
	devices, err := r.Devices()
	for _, other := range devices {
		if other.ID != was.ID && other.Number == in.Number {
			f.Add("number", "premises.bad.number_taken", in.Number, other.Name)
		}
	}
	return err
}

// deviceKinds lists the kinds of device that the items of the catalogue ask for.
func deviceKinds(r *store.Read) (kinds []string, err error) {
	items, err := r.Items(false)
	for _, i := range items {
		if i.DeviceKind != "" && !slices.Contains(kinds, i.DeviceKind) {
			kinds = append(kinds, i.DeviceKind)
		}
	}
	return kinds, err
}

// Service is a maintenance or calibration that was done.
type Service struct {
	Device  term.DeviceID
	Version int
	Kind    string   // of Services
	On      term.Day // when it was done
	Due     term.Day // when it is due next
	Note    string   // by whom, number of the certificate
	Shape   fault.Fields
}

// served is the body of the stamp of a service.
type served struct {
	On  term.Day `json:"on"`
	Due term.Day `json:"due"`
}

// Serve notes a maintenance or calibration and moves its due day (REG-DEV-13). It was done
// today or before, is due again after today, and says by whom it was done. It does not put a
// device back into use that was stopped for a fault (REG-DEV-14).
func (s *Steward) Serve(ctx context.Context, by access.Actor, in Service) error {
	return s.WriteOn(ctx, by, access.DeviceService, deviceRef(in.Device), func(tx *store.Tx) error {
		d, err := deviceAt(tx.Read, in.Device, in.Version)
		if err != nil {
			return err
		}
		in.Note = strings.TrimSpace(in.Note)
		if err := in.check(tx.Today()); err != nil {
			return err
		}
		body, err := json.Marshal(served{in.On, in.Due})
		if err != nil {
			return err
		}
		if err := tx.AddCheck(&store.Check{
			Kind: in.Kind, Device: d.ID, Ok: true, Body: string(body), Note: in.Note, At: tx.Now(),
			ValidUntil: in.Due.End(tx.Zone()), Staff: by.Staff,
		}); err != nil {
			return err
		}
		if in.Kind == Maintenance {
			d.MaintenanceDueOn = in.Due
		} else {
			d.CalibrationDueOn = in.Due
		}
		told(tx, deviceRef(d.ID))
		return tx.SaveDevice(&d)
	})
}

func (in Service) check(today term.Day) error {
	f := slices.Clone(in.Shape)
	if !slices.Contains(Services, in.Kind) {
		f.Add("kind", "premises.bad.service")
	}
	if in.On == "" || today.Before(in.On) {
		f.Add("on", "premises.bad.on")
	}
	if !today.Before(in.Due) {
		f.Add("due", "premises.bad.due")
	}
	if in.Note == "" {
		f.Add("note", "premises.bad.note")
	}
	return f.Err()
}

// deviceAt reads a device for a change of the version that was read; a retired one is refused.
func deviceAt(r *store.Read, id term.DeviceID, version int) (store.Device, error) {
	d, err := r.Device(id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return d, fault.NotFound("device").Because(err)
	case err != nil:
		return d, err
	case d.State == DeviceRetired:
		return d, fault.Refuse("REG-DEV-14", "premises.device.retired", d.Name)
	case d.Version != version:
		return d, store.ErrStale
	}
	return d, nil
}
