// Package readiness stamps that a room is disinfected (S4-10), a device checked (S4-09), the
// emergency kit complete (S4-11) and the drug fridge within its band, each until an end. The
// SOP engine asks the provers of this package live: a stamp of yesterday, a device stopped
// since, or hyaluronidase used up turns the gate red again.
package readiness

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"meixu/app/deed"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Kinds of stamp.
const (
	KindRoom   = "disinfection"
	KindDevice = "device"
	KindKit    = "kit"
	KindFridge = "fridge"
)

// SettingDisinfection is the setting of how many hours a disinfection counts when nobody
// uses the room meanwhile.
const SettingDisinfection = "ready.disinfection_hours"

// How long stamps count: a disinfection 4 h unless set (REG-INF-01: once per treatment), the
// kit 24 h, a fridge reading 12 h (REG-DEV-04: twice a day).
const (
	disinfectionHours = 4
	kitLife           = 24 * time.Hour
	fridgeLife        = 12 * time.Hour
)

// Round is the service of the readiness room.
type Round struct{ deed.Doer }

// New makes the round.
func New(d deed.Doer) *Round { return &Round{d} }

// Body is what a stamp says beside ok and note.
type Body struct {
	Method  string   `json:"method,omitempty"`  // disinfection: wipe, uv, air, spray
	Minutes int      `json:"minutes,omitempty"` // disinfection
	Celsius string   `json:"celsius,omitempty"` // fridge
	Missing []string `json:"missing,omitempty"` // kit: words keys' ends of what is not there
	Passed  []string `json:"passed,omitempty"`  // device: points of the self-check
	Hyal    term.Qty `json:"hyal,omitempty"`    // kit: hyaluronidase in date, thousandths of IU
}

func bodyOf(c store.Check) (b Body, err error) {
	err = json.Unmarshal([]byte(c.Body), &b)
	return b, err
}

// stamp adds a check with its body.
func stamp(tx *store.Tx, c *store.Check, b Body) error {
	raw, err := json.Marshal(b)
	if err != nil {
		return err
	}
	c.Body, c.At = string(raw), tx.Now()
	if err := tx.AddCheck(c); err != nil {
		return err
	}
	tx.Publish(live.Rooms)
	tx.Result("check", c.ID)
	return nil
}

// UseRoom ends the disinfection of a room, because somebody is or was treated in it: the next
// treatment wants a new one (REG-INF-01). The procedure room calls it at the start and at the
// end of a treatment.
func UseRoom(tx *store.Tx, room term.RoomID) error {
	c, err := tx.LatestCheck(KindRoom, room, 0)
	if errors.Is(err, store.ErrNotFound) || room == 0 {
		return nil
	}
	if err != nil || !c.ValidUntil.After(tx.Now()) {
		return err
	}
	c.ValidUntil = tx.Now()
	tx.Publish(live.Rooms)
	return tx.SaveCheck(&c)
}

// disinfectionLife reads how long a disinfection counts.
func disinfectionLife(r *store.Read) (time.Duration, error) {
	text, err := r.Setting(SettingDisinfection)
	if err != nil || text == "" {
		return disinfectionHours * time.Hour, err
	}
	hours, err := strconv.Atoi(text)
	if err != nil || hours < 1 || hours > 24 {
		return 0, fmt.Errorf("readiness: setting %s is %q, wanted 1 to 24", SettingDisinfection, text)
	}
	return time.Duration(hours) * time.Hour, nil
}

// newest reads the newest stamp; a zero Check when there is none.
func newest(r *store.Read, kind string, room term.RoomID, device term.DeviceID) (store.Check, error) {
	c, err := r.LatestCheck(kind, room, device)
	if errors.Is(err, store.ErrNotFound) {
		return store.Check{}, nil
	}
	return c, err
}
