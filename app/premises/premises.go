// Package premises keeps the house itself: the rooms where clients are seen and treated, and
// the devices with registration, maintenance and calibration (REG-DEV-05, REG-DEV-13,
// REG-DEV-14). A new clinic begins here: the pre-op gate asks for a room and a device by name.
// Whether they are ready today is the affair of readiness.
package premises

import (
	"context"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// States of a room.
const (
	RoomOpen   = "open"
	RoomClosed = "closed"
)

// States of a device (REG-DEV-14).
const (
	DeviceInUse   = "in_use"
	DeviceStopped = "stopped"
	DeviceRepair  = "repair"
	DeviceRetired = "retired"
)

// DeviceStates lists the states of a device in the order of the form.
var DeviceStates = []string{DeviceInUse, DeviceStopped, DeviceRepair, DeviceRetired}

// Kinds of service of a device (REG-DEV-13).
const (
	Maintenance = "maintenance"
	Calibration = "calibration"
)

// Services lists the kinds of service in the order of the form.
var Services = []string{Maintenance, Calibration}

// Switch moves a device in or out of use; the readiness room owns that deed (REG-DEV-14).
type Switch func(ctx context.Context, by access.Actor, in DeviceState) error

// DeviceState is a move of a device in or out of use.
type DeviceState struct {
	Device      term.DeviceID
	Version     int // the version that the form was drawn from; 0 = whatever stands
	State       string
	Maintenance term.Day // on return: when it is due next
	Calibration term.Day
	Reason      string
}

// Steward is the service of the premises.
type Steward struct {
	deed.Doer
	// SetDevice moves a device in or out of use.
	SetDevice Switch
}

// New makes the steward.
func New(d deed.Doer, set Switch) *Steward { return &Steward{d, set} }

func roomRef(id term.RoomID) store.Subject { return store.Subject{Noun: "room", ID: int64(id)} }

func deviceRef(id term.DeviceID) store.Subject { return store.Subject{Noun: "device", ID: int64(id)} }

// told publishes that rooms or devices changed, and names the row for a second post.
func told(tx *store.Tx, on store.Subject) {
	tx.Publish(live.Rooms)
	tx.Result(on.Noun, on.ID)
}
