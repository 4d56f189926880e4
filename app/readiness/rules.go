package readiness

import (
	"strings"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Where stamps are given.
const place = "/ready"

// States of a device (REG-DEV-14).
const (
	DeviceInUse   = "in_use"
	DeviceStopped = "stopped"
	DeviceRepair  = "repair"
	DeviceRetired = "retired"
)

// States of a room.
const roomOpen = "open"

// KitHyaluronidase is what must lie ready against vessel occlusion: four packs of 1500 IU,
// in thousandths of an IU (aftercare.md ESC-VO, REG-CON-09).
const KitHyaluronidase = term.Qty(4 * 1500 * 1000)

// UseHyaluronidase is the use of products that count for the kit.
const UseHyaluronidase = "hyaluronidase"

// KitItems are the things of the emergency kit that are seen and touched at each check;
// hyaluronidase is proved by the shelf.
var KitItems = []string{"adrenaline", "oxygen", "defibrillator", "lipid", "hyaluronidase", "airway", "aspirin", "dexamethasone"}

// kitMust are the items without which the kit is not complete.
var kitMust = []string{"adrenaline", "oxygen", "defibrillator", "lipid", "hyaluronidase"}

// Methods of disinfection.
var Methods = []string{"wipe", "uv", "air", "spray"}

// DevicePoints are the points of a device's self-check.
var DevicePoints = []string{"power", "handpiece", "cooling", "emergency_stop", "eyewear"}

// The band of the drug fridge in tenths of a degree (2–8 ℃).
const (
	fridgeLow  = 20
	fridgeHigh = 80
)

// roomGap is nil when the room was disinfected and nobody was treated in it since.
func roomGap(room store.Room, last store.Check, now term.Instant) *fault.Error {
	switch {
	case room.ID == 0:
		return gap("REG-INF-01", "readiness.gap.room.none").Ask("nurse")
	case room.State != roomOpen:
		return gap("REG-INF-01", "readiness.gap.room.closed", room.Name).Ask("manager")
	case last.ID == 0:
		return gap("REG-INF-01", "readiness.gap.room.never", room.Name).Ask("nurse")
	case !last.ValidUntil.After(now):
		return gap("REG-INF-01", "readiness.gap.room.old", room.Name).Ask("nurse")
	}
	return nil
}

// deviceFit is nil when the device may be used at all: in use, maintained and calibrated
// (REG-DEV-13, REG-DEV-14). On the day it is due it still may.
func deviceFit(d store.Device, today term.Day) *fault.Error {
	switch {
	case d.State != DeviceInUse:
		return gap("REG-DEV-14", "readiness.gap.device.state", d.Name, fault.Word("readiness.device."+d.State)).Ask("manager")
	case d.MaintenanceDueOn.Before(today):
		return gap("REG-DEV-13", "readiness.gap.device.maintenance", d.Name, string(d.MaintenanceDueOn)).Ask("manager")
	case d.CalibrationDueOn.Before(today):
		return gap("REG-DEV-13", "readiness.gap.device.calibration", d.Name, string(d.CalibrationDueOn)).Ask("manager")
	}
	return nil
}

// deviceGap is nil when the device is fit and was checked today with good result.
func deviceGap(d store.Device, last store.Check, now term.Instant, today term.Day) *fault.Error {
	if d.ID == 0 {
		return gap("REG-DEV-13", "readiness.gap.device.none").Ask("nurse")
	}
	if f := deviceFit(d, today); f != nil {
		return f
	}
	switch {
	case last.ID == 0 || !last.ValidUntil.After(now):
		return gap("REG-DEV-13", "readiness.gap.device.unchecked", d.Name).Ask("physician")
	case !last.Ok:
		return gap("REG-DEV-14", "readiness.gap.device.failed", d.Name).Ask("manager")
	}
	return nil
}

// deviceSuits is nil when the item needs no device or this one is of its kind.
func deviceSuits(item store.Item, d store.Device) *fault.Error {
	if d.ID == 0 || item.DeviceKind == "" || item.DeviceKind == d.Kind {
		return nil
	}
	return gap("REG-DEV-13", "readiness.gap.device.other", d.Name, item.Name, item.DeviceKind).Ask("nurse")
}

// kitGap is nil when the kit was complete at the last check and the shelf still holds the
// hyaluronidase.
func kitGap(last store.Check, hyal term.Qty, now term.Instant) *fault.Error {
	switch {
	case last.ID == 0:
		return gap("REG-CON-09", "readiness.gap.kit.never").Ask("nurse")
	case !last.ValidUntil.After(now):
		return gap("REG-CON-09", "readiness.gap.kit.old").Ask("nurse")
	case !last.Ok:
		return gap("REG-CON-09", "readiness.gap.kit.missing").Ask("storekeeper")
	case hyal < KitHyaluronidase:
		return gap("REG-CON-09", "readiness.gap.kit.hyal", hyal.String(), KitHyaluronidase.String()).Ask("storekeeper")
	}
	return nil
}

// fridgeGap is nil when the fridge was read in the last twelve hours and was in its band.
func fridgeGap(last store.Check, now term.Instant) *fault.Error {
	switch {
	case last.ID == 0 || !last.ValidUntil.After(now):
		return gap("REG-DEV-04", "readiness.gap.fridge.old").Ask("nurse")
	case !last.Ok:
		return gap("REG-DRG-06", "readiness.gap.fridge.out").Ask("storekeeper")
	}
	return nil
}

// parseCelsius reads "4.2" or "-1" to tenths of a degree.
func parseCelsius(text string) (tenths int, ok bool) {
	text = strings.TrimSpace(text)
	minus := strings.HasPrefix(text, "-")
	q, err := term.ParseQty(strings.TrimPrefix(text, "-"))
	if err != nil || q%100 != 0 || q > 60_000 {
		return 0, false
	}
	tenths = int(q / 100)
	if minus {
		tenths = -tenths
	}
	return tenths, true
}

func inBand(tenths int) bool { return tenths >= fridgeLow && tenths <= fridgeHigh }

func gap(rule, key string, args ...any) *fault.Error {
	return fault.Refuse(rule, key, args...).At(place)
}
