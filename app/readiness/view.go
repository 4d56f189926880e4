package readiness

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Card is one room, device, the kit or the fridge: ready or not, and why.
type Card struct {
	ID    int64
	Name  string
	Kind  string // of the room or device, as written by the clinic
	State string // of a device
	Ready bool
	Why   *fault.Error // nil when ready
	Last  Stamp
	// Fit says that a device may be checked at all.
	Fit         bool
	Maintenance term.Day
	Calibration term.Day
	Number      string
}

// Stamp is a check to be read.
type Stamp struct {
	store.Check
	Body Body
	Who  string
	Name string // of the room or device
}

// None says that there is no stamp.
func (s Stamp) None() bool { return s.ID == 0 }

// View is the page of readiness.
type View struct {
	Rooms   []Card // where procedures are done: these must be disinfected
	Others  []Card // for talking and waiting: nobody demands a stamp of them
	Devices []Card
	Kit     Card
	Fridge  Card
	Hyal    term.Qty // in date, thousandths of an IU
	Green   int
	Red     int
}

// reader collects cards with one error at the end.
type reader struct {
	*store.Read
	names map[term.StaffID]string
	err   error
}

// Look reads the page.
func (o *Round) Look(ctx context.Context, by access.Actor) (v View, err error) {
	err = o.Read(ctx, by, access.ReadyView, func(r *store.Read) error {
		rd := reader{Read: r, names: map[term.StaffID]string{}}
		staff, err := r.AllStaff()
		if err != nil {
			return err
		}
		for _, s := range staff {
			rd.names[s.ID] = s.Name
		}
		if v.Rooms, v.Others, err = rd.rooms(); err != nil {
			return err
		}
		if v.Devices, err = rd.devices(); err != nil {
			return err
		}
		if v.Hyal, err = Hyaluronidase(r); err != nil {
			return err
		}
		v.Kit.Last, v.Fridge.Last = rd.stamp(KindKit, 0, 0), rd.stamp(KindFridge, 0, 0)
		v.Kit.Why = kitGap(v.Kit.Last.Check, v.Hyal, r.Now())
		v.Fridge.Why = fridgeGap(v.Fridge.Last.Check, r.Now())
		v.Kit.Ready, v.Fridge.Ready = v.Kit.Why == nil, v.Fridge.Why == nil
		v.tally()
		return rd.err
	})
	return v, err
}

func (v *View) tally() {
	for _, list := range [][]Card{v.Rooms, v.Devices, {v.Kit, v.Fridge}} {
		for _, c := range list {
			if c.Ready {
				v.Green++
			} else {
				v.Red++
			}
		}
	}
}

func (rd *reader) stamp(kind string, room term.RoomID, device term.DeviceID) Stamp {
	c, err := newest(rd.Read, kind, room, device)
	if err != nil {
		rd.err = err
		return Stamp{}
	}
	return rd.dress(c)
}

func (rd *reader) dress(c store.Check) Stamp {
	s := Stamp{Check: c, Who: rd.names[c.Staff]}
	if c.ID != 0 {
		var err error
		if s.Body, err = bodyOf(c); err != nil {
			rd.err = err
		}
	}
	return s
}

// Overdue are the cards of a list that could be stamped right now and are not ready.
func (View) Overdue(list []Card) (left []Card) {
	for _, c := range list {
		if c.Fit && !c.Ready {
			left = append(left, c)
		}
	}
	return left
}

// treats are the kinds of rooms in which items of the catalogue are done. When the clinic has
// none of these, any room may be one.
func treats(items []store.Item) map[string]bool {
	kinds := map[string]bool{}
	for _, i := range items {
		if i.RoomKind != "" {
			kinds[i.RoomKind] = true
		}
	}
	return kinds
}

func (rd *reader) rooms() (cards, others []Card, err error) {
	rooms, err := rd.Rooms()
	if err != nil {
		return nil, nil, err
	}
	items, err := rd.Items(true)
	if err != nil {
		return nil, nil, err
	}
	demanded := treats(items)
	known := slices.ContainsFunc(rooms, func(room store.Room) bool { return demanded[room.Kind] })
	for _, room := range rooms {
		c := Card{ID: int64(room.ID), Name: room.Name, Kind: room.Kind, Last: rd.stamp(KindRoom, room.ID, 0), Fit: room.State == roomOpen}
		busy, err := roomBusy(rd.Read, room.ID, 0)
		if err != nil {
			return nil, nil, err
		}
		c.Fit = c.Fit && busy == nil
		if c.Why = busy; busy == nil {
			c.Why = roomGap(room, c.Last.Check, rd.Now())
		}
		c.Ready = c.Why == nil
		if demanded[room.Kind] || !known {
			cards = append(cards, c)
		} else {
			others = append(others, c)
		}
	}
	return cards, others, nil
}

func (rd *reader) devices() ([]Card, error) {
	devices, err := rd.Devices()
	if err != nil {
		return nil, err
	}
	cards := make([]Card, 0, len(devices))
	for _, d := range devices {
		if d.State == DeviceRetired {
			continue
		}
		c := Card{
			ID: int64(d.ID), Name: d.Name, Kind: d.Kind, State: d.State, Number: d.Number, Last: rd.stamp(KindDevice, 0, d.ID),
			Fit: deviceFit(d, rd.Today()) == nil, Maintenance: d.MaintenanceDueOn, Calibration: d.CalibrationDueOn,
		}
		if c.Why, err = deviceNow(rd.Read, d, c.Last.Check, 0); err != nil {
			return nil, err
		}
		c.Ready = c.Why == nil
		cards = append(cards, c)
	}
	return cards, nil
}

// History lists the newest stamps of all kinds, newest first.
func (o *Round) History(ctx context.Context, by access.Actor) (list []Stamp, err error) {
	err = o.Read(ctx, by, access.ReadyView, func(r *store.Read) error {
		rd := reader{Read: r, names: map[term.StaffID]string{}}
		staff, err := r.AllStaff()
		if err != nil {
			return err
		}
		for _, s := range staff {
			rd.names[s.ID] = s.Name
		}
		checks, err := r.Checks(200)
		if err != nil {
			return err
		}
		for _, c := range checks {
			s := rd.dress(c)
			if s.Name, err = nameOf(r, c); err != nil {
				return err
			}
			list = append(list, s)
		}
		return rd.err
	})
	return list, err
}

func nameOf(r *store.Read, c store.Check) (string, error) {
	switch {
	case c.Room != 0:
		room, err := r.Room(c.Room)
		return room.Name, err
	case c.Device != 0:
		d, err := r.Device(c.Device)
		return d.Name, err
	}
	return "", nil
}

// Device reads one device for the form of its state.
func (o *Round) Device(ctx context.Context, by access.Actor, id term.DeviceID) (d store.Device, err error) {
	err = o.Read(ctx, by, access.ReadyView, func(r *store.Read) error {
		d, err = r.Device(id)
		return none(err, "device")
	})
	return d, err
}
