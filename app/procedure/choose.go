package procedure

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/inventory"
	"meixu/app/people"
	"meixu/app/readiness"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Choices are the lists from which a page of a treatment lets choose.
type Choices struct {
	Page      Page
	Operators []people.Operator
	Busy      map[term.StaffID]string // who does another treatment now: its number
	Nurses    []store.Staff
	Rooms     []Choice
	Devices   []Choice
	Lots      []inventory.LotRow
	Persons   []store.Staff // second persons
	Stock     []store.Staff // witnesses of a toxic drug
	Found     []form.Finding
	Seen      string        // fingerprint of what a clearance judges
	Judged    []form.Filled // the answers that were judged: of today, of the health questionnaire
	Lang      words.Lang
	Views     []string // baseline photos still to be taken
}

// Choice is a room or device with what speaks against it now.
type Choice struct {
	ID   int64
	Name string
	Why  error // nil when ready
	Busy bool  // another treatment has it now; Why says which
}

// Choose reads a treatment's page with all lists.
func (s *Suite) Choose(ctx context.Context, by access.Actor, id term.TreatmentID) (c Choices, err error) {
	client, err := s.clientOf(ctx, by, id)
	if err != nil {
		return c, err
	}
	c.Lang = by.Lang
	err = s.View(ctx, by, access.ProcedureView, client, func(r *store.Read) error {
		if c.Page, err = s.page(r, by, id); err != nil {
			return err
		}
		for _, part := range []func() error{
			func() (err error) { c.Operators, err = people.Operators(r, c.Page.Item); return err },
			func() error { return c.readBusy(r) },
			func() (err error) { c.Lots, err = inventory.Candidates(r, c.Page.Item); return err },
			func() (err error) { c.Persons, err = witnesses(r, by); return err },
			func() (err error) { c.Found, err = Contraindications(r, c.Page.Treatment, c.Page.Item); return err },
			func() (err error) { c.Judged, err = judged(r, c.Page.Treatment); return err },
			func() error { return c.readPeople(r) },
			func() (err error) { c.Stock, err = handlers(r, by); return err },
			func() error { return c.readPlaces(r) },
		} {
			if err := part(); err != nil {
				return err
			}
		}
		c.Seen = judgedSeen(c.Judged, c.Found)
		c.Views = c.Page.views
		return nil
	})
	return c, err
}

// readBusy finds which of the operators do another treatment now, as the start will ask: one
// may be named for the next treatment meanwhile.
func (c *Choices) readBusy(r *store.Read) error {
	c.Busy = map[term.StaffID]string{}
	for _, o := range c.Operators {
		running, err := runningBy(r, o.ID, c.Page.ID)
		if err != nil {
			return err
		}
		if running.ID != 0 {
			c.Busy[o.ID] = running.Number
		}
	}
	return nil
}

func (c *Choices) readPeople(r *store.Read) error {
	all, err := r.AllStaff()
	for _, p := range all {
		if !p.Active {
			continue
		}
		if slices.Contains(p.Roles, string(access.Nurse)) || slices.Contains(p.Roles, string(access.Physician)) {
			c.Nurses = append(c.Nurses, p)
		}
	}
	return err
}

func (c *Choices) readPlaces(r *store.Read) error {
	rooms, err := r.Rooms()
	if err != nil {
		return err
	}
	for _, room := range rooms {
		if anyKind(rooms, c.Page.Item.RoomKind) && room.Kind != c.Page.Item.RoomKind {
			continue
		}
		choice := Choice{ID: int64(room.ID), Name: room.Name}
		if choice.Why = readiness.RoomFree(r, room.ID, c.Page.ID); choice.Why != nil {
			choice.Busy = true
		} else {
			choice.Why = readiness.RoomReady(r, room.ID)
		}
		c.Rooms = append(c.Rooms, choice)
	}
	devices, err := r.Devices()
	if err != nil {
		return err
	}
	for _, d := range devices {
		if c.Page.Item.DeviceKind == "" || d.Kind != c.Page.Item.DeviceKind {
			continue
		}
		choice := Choice{ID: int64(d.ID), Name: d.Name + " " + d.Number}
		if choice.Why = readiness.DeviceFree(r, d.ID, c.Page.ID); choice.Why != nil {
			choice.Busy = true
		} else {
			choice.Why = readiness.DeviceReady(r, d.ID)
		}
		c.Devices = append(c.Devices, choice)
	}
	return nil
}

func anyKind(rooms []store.Room, kind string) bool {
	return slices.ContainsFunc(rooms, func(r store.Room) bool { return r.Kind == kind })
}
