package premises

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// nameMax is how many characters a name or a number may have.
const nameMax = 40

// RoomIn is a room as entered. ID and Version are of the room that is mended; 0 for a new one.
type RoomIn struct {
	ID      term.RoomID
	Version int
	Name    string
	Kind    string
}

// AddRoom enters a room, open from the start. No two rooms have one name, and the kind is one
// that the catalogue or the desks ask for.
func (s *Steward) AddRoom(ctx context.Context, by access.Actor, in RoomIn) (id term.RoomID, err error) {
	err = s.Write(ctx, by, access.RoomAdd, func(tx *store.Tx) error {
		room := store.Room{State: RoomOpen}
		if err := in.into(tx.Read, &room); err != nil {
			return err
		}
		if err := tx.AddRoom(&room); err != nil {
			return err
		}
		id = room.ID
		told(tx, roomRef(id))
		return nil
	})
	return id, err
}

// EditRoom mends name and kind of a room over the version that was read.
func (s *Steward) EditRoom(ctx context.Context, by access.Actor, in RoomIn) error {
	return s.WriteOn(ctx, by, access.RoomEdit, roomRef(in.ID), func(tx *store.Tx) error {
		room, err := roomAt(tx.Read, in.ID, in.Version)
		if err != nil {
			return err
		}
		if err := in.into(tx.Read, &room); err != nil {
			return err
		}
		told(tx, roomRef(room.ID))
		return tx.SaveRoom(&room)
	})
}

// into puts what was entered into the room, or names every wrong field.
func (in RoomIn) into(r *store.Read, room *store.Room) error {
	var f fault.Fields
	name := strings.TrimSpace(in.Name)
	checkName(&f, "name", name)
	if in.Kind != room.Kind && !slices.Contains(defaults.RoomKinds(), in.Kind) || in.Kind == "" {
		f.Add("kind", "premises.bad.room_kind")
	}
	rooms, err := r.Rooms()
	if err != nil {
		return err
	}
	for _, other := range rooms {
		if other.ID != room.ID && other.Name == name {
			f.Add("name", "premises.bad.room_taken", name)
		}
	}
	room.Name, room.Kind = name, in.Kind
	return f.Err()
}

func checkName(f *fault.Fields, field, text string) {
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		f.Add(field, "premises.bad.empty")
	case n > nameMax:
		f.Add(field, "premises.bad.long", nameMax)
	}
}

// RoomState closes a room or opens it again.
type RoomState struct {
	Room    term.RoomID
	Version int
	State   string
	Reason  string
}

// SetRoom closes a room or opens it again, with a reason. A room in which a visit or a
// treatment is going on stays open; the sentence says whose it is. So does one in which somebody
// is still expected: nobody is to stand before a closed door.
func (s *Steward) SetRoom(ctx context.Context, by access.Actor, in RoomState) error {
	by.Reason = strings.TrimSpace(in.Reason)
	return s.WriteOn(ctx, by, access.RoomClose, roomRef(in.Room), func(tx *store.Tx) error {
		room, err := roomAt(tx.Read, in.Room, in.Version)
		if err != nil {
			return err
		}
		var f fault.Fields
		if in.State != RoomOpen && in.State != RoomClosed {
			f.Add("state", "premises.bad.state")
		}
		if by.Reason == "" {
			f.Add("reason", "premises.bad.reason")
		}
		if err := f.Err(); err != nil {
			return err
		}
		if in.State == RoomClosed {
			if err := free(tx.Read, room); err != nil {
				return err
			}
			if err := unbooked(tx.Read, room); err != nil {
				return err
			}
		}
		room.State = in.State
		told(tx, roomRef(room.ID))
		return tx.SaveRoom(&room)
	})
}

// free is nil when nobody is in the room.
func free(r *store.Read, room store.Room) error {
	running, err := r.RunningIn(room.ID, 0)
	if err != nil {
		return err
	}
	if len(running) > 0 {
		t := running[0]
		return held(r, "premises.room.treating", room.Name, t.Number, t.Operator, t.Nurse)
	}
	visits, err := r.OpenVisitsIn(room.ID)
	if err != nil || len(visits) == 0 {
		return err
	}
	v := visits[0]
	return held(r, "premises.room.visited", room.Name, v.Number, v.Physician, v.Consultant)
}

// bookedMost is how many bookings of one room are counted.
const bookedMost = 1000

// unbooked is nil when nobody is expected in the room; else it says how many are, and where the
// first of them is moved to another room.
func unbooked(r *store.Read, room store.Room) error {
	ahead, err := r.AppointmentsIn(room.ID, bookedMost)
	if err != nil || len(ahead) == 0 {
		return err
	}
	first := ahead[0].StartsAt
	return fault.Refuse("S4-10", "premises.room.booked", room.Name, len(ahead), first.Stamp(r.Zone())).
		Ask(string(access.Reception)).
		At("/reception/appointments?day=" + string(first.Day(r.Zone())) + "&room=" + strconv.FormatInt(int64(room.ID), 10))
}

// held refuses to close a room that the first of people holds.
func held(r *store.Read, key, room, number string, people ...term.StaffID) error {
	who, err := nameOf(r, people...)
	if err != nil {
		return err
	}
	return fault.Refuse("S4-10", key, room, number, who)
}

// nameOf is the name of the first person that there is.
func nameOf(r *store.Read, people ...term.StaffID) (any, error) {
	for _, id := range people {
		if id == 0 {
			continue
		}
		who, err := r.Staff(id)
		return who.Name, err
	}
	return fault.Word("premises.nobody"), nil
}

// roomAt reads a room for a change of the version that was read.
func roomAt(r *store.Read, id term.RoomID, version int) (store.Room, error) {
	room, err := r.Room(id)
	if errors.Is(err, store.ErrNotFound) {
		return room, fault.NotFound("room").Because(err)
	}
	if err == nil && room.Version != version {
		return room, store.ErrStale
	}
	return room, err
}
