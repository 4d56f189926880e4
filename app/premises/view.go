package premises

import (
	"context"
	"encoding/json"
	"errors"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// soonDays is how many days before its end a due day turns amber.
const soonDays = 30

// Due is how a due day stands today.
type Due struct {
	On   term.Day
	Tone string // none (no day is set), good, soon, late
}

func dueOf(on, today term.Day) Due {
	switch {
	case on == "":
		return Due{on, "none"}
	case on.Before(today):
		return Due{on, "late"}
	case today.Add(soonDays).Before(on):
		return Due{on, "good"}
	}
	return Due{on, "soon"}
}

// Device is a device with its room and how its days stand.
type Device struct {
	store.Device
	RoomName    string
	RoomClosed  bool
	Maintenance Due
	Calibration Due
}

// Worst is the worse of its two days; a retired device has none.
func (d Device) Worst() string {
	for _, tone := range []string{"late", "soon"} {
		if d.State != DeviceRetired && (d.Maintenance.Tone == tone || d.Calibration.Tone == tone) {
			return tone
		}
	}
	return "good"
}

// Shows are the choices of devices that page and file know, the usual one first.
var Shows = []string{"all", "due", "out", "retired"}

// Shown says that the choice has the device; an unknown choice is the usual one.
func (d Device) Shown(show string) bool {
	switch show {
	case "due":
		return d.Worst() != "good"
	case "out":
		return d.State == DeviceStopped || d.State == DeviceRepair
	case "retired":
		return d.State == DeviceRetired
	}
	return d.State != DeviceRetired
}

// Room is a room with what stands in it and its last disinfection.
type Room struct {
	store.Room
	Devices     []Device
	Disinfected term.Instant // zero when never
}

// few is how many devices a line of the list names.
const few = 3

// Few are the devices that a line of the list names; More is how many it does not.
func (r Room) Few() []Device { return r.Devices[:min(few, len(r.Devices))] }

// More is how many devices Few leaves out.
func (r Room) More() int { return len(r.Devices) - len(r.Few()) }

// View is the page of the premises.
type View struct {
	Rooms   []Room
	Devices []Device
	// Open rooms, devices in use, out of use, and with a day that is near or past.
	Open, InUse, Out, Soon, Late int
}

// Look reads the page.
func (s *Steward) Look(ctx context.Context, by access.Actor) (v View, err error) {
	err = s.Read(ctx, by, access.PremisesView, func(r *store.Read) error {
		v, err = look(r)
		return err
	})
	return v, err
}

func look(r *store.Read) (v View, err error) {
	rooms, err := r.Rooms()
	if err != nil {
		return v, err
	}
	devices, err := r.Devices()
	if err != nil {
		return v, err
	}
	cleaned, err := r.LatestChecks("disinfection")
	if err != nil {
		return v, err
	}
	at := map[term.RoomID]int{}
	for i, room := range rooms {
		at[room.ID] = i
		v.Rooms = append(v.Rooms, Room{Room: room})
		if room.State == RoomOpen {
			v.Open++
		}
	}
	for _, c := range cleaned {
		if i, ok := at[c.Room]; ok {
			v.Rooms[i].Disinfected = c.At
		}
	}
	for _, d := range devices {
		one := Device{Device: d, Maintenance: dueOf(d.MaintenanceDueOn, r.Today()), Calibration: dueOf(d.CalibrationDueOn, r.Today())}
		if i, ok := at[d.Room]; ok {
			one.RoomName, one.RoomClosed = rooms[i].Name, rooms[i].State != RoomOpen
			if d.State != DeviceRetired {
				v.Rooms[i].Devices = append(v.Rooms[i].Devices, one)
			}
		}
		v.Devices = append(v.Devices, one)
		v.count(one)
	}
	return v, nil
}

func (v *View) count(d Device) {
	switch d.State {
	case DeviceInUse:
		v.InUse++
	case DeviceStopped, DeviceRepair:
		v.Out++
	}
	switch d.Worst() {
	case "late":
		v.Late++
	case "soon":
		v.Soon++
	}
}

// Choices are what the forms offer.
type Choices struct {
	RoomKinds   []string
	DeviceKinds []string
	Rooms       []Room
}

// Choices reads what the forms offer.
func (s *Steward) Choices(ctx context.Context, by access.Actor) (c Choices, err error) {
	err = s.Read(ctx, by, access.PremisesView, func(r *store.Read) error {
		v, err := look(r)
		if err != nil {
			return err
		}
		c.Rooms, c.RoomKinds = v.Rooms, defaults.RoomKinds()
		c.DeviceKinds, err = deviceKinds(r)
		return err
	})
	return c, err
}

// Room reads the page of one room.
func (s *Steward) Room(ctx context.Context, by access.Actor, id term.RoomID) (room Room, err error) {
	v, err := s.Look(ctx, by)
	for _, have := range v.Rooms {
		if have.ID == id {
			return have, nil
		}
	}
	if err == nil {
		err = fault.NotFound("room")
	}
	return room, err
}

// Served is one maintenance or calibration of a device's file.
type Served struct {
	Kind string
	On   term.Day
	Due  term.Day
	Note string
	By   string
	At   term.Instant
}

// File is a device with its services, newest first (REG-DEV-13).
type File struct {
	Device
	Served []Served
	Today  term.Day
}

// Device reads the file of one device.
func (s *Steward) Device(ctx context.Context, by access.Actor, id term.DeviceID) (f File, err error) {
	err = s.Read(ctx, by, access.PremisesView, func(r *store.Read) error {
		d, err := r.Device(id)
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("device").Because(err)
		}
		if err != nil {
			return err
		}
		f.Device = Device{Device: d, Maintenance: dueOf(d.MaintenanceDueOn, r.Today()), Calibration: dueOf(d.CalibrationDueOn, r.Today())}
		if d.Room != 0 {
			room, err := r.Room(d.Room)
			if err != nil {
				return err
			}
			f.RoomName, f.RoomClosed = room.Name, room.State != RoomOpen
		}
		f.Today = r.Today()
		f.Served, err = servedOf(r, id)
		return err
	})
	return f, err
}

func servedOf(r *store.Read, id term.DeviceID) (list []Served, err error) {
	checks, err := r.Services(id)
	if err != nil {
		return nil, err
	}
	for _, c := range checks {
		var body served
		if err := json.Unmarshal([]byte(c.Body), &body); err != nil {
			return nil, err
		}
		who, err := r.Staff(c.Staff)
		if err != nil {
			return nil, err
		}
		list = append(list, Served{Kind: c.Kind, On: body.On, Due: body.Due, Note: c.Note, By: who.Name, At: c.At})
	}
	return list, nil
}
