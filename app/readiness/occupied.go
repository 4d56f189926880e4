package readiness

import (
	"slices"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// lying are the states in which the client lies in the room under the device: from the
// time-out until the sign-out, which is the check before leaving the room (S5-08).
var lying = []term.TreatmentState{term.TreatmentTimedOut, term.TreatmentInProgress}

// occupant is the number of another treatment that has the room or device now; "" when free.
func occupant(r *store.Read, room term.RoomID, device term.DeviceID, own term.TreatmentID) (string, error) {
	running, err := r.RunningIn(0, 0) // one question for all rooms and devices of a page
	for _, t := range running {
		here := room != 0 && t.Room == room || device != 0 && t.Device == device
		if here && t.ID != own && slices.Contains(lying, t.State) {
			return t.Number, err
		}
	}
	return "", err
}

// RoomFree is nil when no other treatment than own lies in the room now (REG-INF-01).
func RoomFree(r *store.Read, id term.RoomID, own term.TreatmentID) error {
	f, err := roomBusy(r, id, own)
	if err != nil {
		return err
	}
	return orNil(f)
}

// DeviceFree is nil when no other treatment than own is done with the device now.
func DeviceFree(r *store.Read, id term.DeviceID, own term.TreatmentID) error {
	f, err := deviceBusy(r, id, own)
	if err != nil {
		return err
	}
	return orNil(f)
}

func roomBusy(r *store.Read, id term.RoomID, own term.TreatmentID) (*fault.Error, error) {
	number, err := occupant(r, id, 0, own)
	if err != nil || number == "" {
		return nil, err
	}
	room, err := r.Room(id)
	return gap("REG-INF-01", "readiness.gap.room.busy", room.Name, number).Ask("nurse"), err
}

func deviceBusy(r *store.Read, id term.DeviceID, own term.TreatmentID) (*fault.Error, error) {
	number, err := occupant(r, 0, id, own)
	if err != nil || number == "" {
		return nil, err
	}
	d, err := r.Device(id)
	return gap("REG-DEV-13", "readiness.gap.device.busy", d.Name, number).Ask("nurse"), err
}

// roomNow is nil when the room may be used by the treatment own now: nobody else lies in it
// and it was disinfected since.
func roomNow(r *store.Read, room store.Room, last store.Check, own term.TreatmentID) (*fault.Error, error) {
	if busy, err := roomBusy(r, room.ID, own); err != nil || busy != nil {
		return busy, err
	}
	return roomGap(room, last, r.Now()), nil
}

// deviceNow is nil when the device may be used by the treatment own now.
func deviceNow(r *store.Read, d store.Device, last store.Check, own term.TreatmentID) (*fault.Error, error) {
	if busy, err := deviceBusy(r, d.ID, own); err != nil || busy != nil {
		return busy, err
	}
	return deviceGap(d, last, r.Now(), r.Today()), nil
}
