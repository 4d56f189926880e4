package readiness

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Disinfect is one disinfection of a room.
type Disinfect struct {
	Room    term.RoomID
	Method  string // of Methods
	Minutes int
	Note    string
}

// Disinfect stamps a room as disinfected until its time is over or somebody is treated in it
// (REG-INF-01).
func (o *Round) Disinfect(ctx context.Context, by access.Actor, in Disinfect) (id int64, err error) {
	err = o.Write(ctx, by, access.RoomDisinfect, func(tx *store.Tx) error {
		id, err = disinfect(tx, by, in)
		return err
	})
	return id, err
}

// Usual is how a room is disinfected unless said otherwise: wiped for ten minutes.
var Usual = Disinfect{Method: "wipe", Minutes: 10}

// DisinfectAll stamps several rooms as disinfected in the usual way, in one act.
func (o *Round) DisinfectAll(ctx context.Context, by access.Actor, rooms []term.RoomID) error {
	if err := some(len(rooms)); err != nil {
		return err
	}
	return o.Write(ctx, by, access.RoomDisinfect, func(tx *store.Tx) error {
		for _, id := range rooms {
			in := Usual
			in.Room = id
			if _, err := disinfect(tx, by, in); err != nil {
				return err
			}
		}
		return nil
	})
}

// some refuses a deed for several when none was ticked.
func some(n int) error {
	var f fault.Fields
	if n == 0 {
		f.Add("many", "readiness.bad.many")
	}
	return f.Err()
}

func disinfect(tx *store.Tx, by access.Actor, in Disinfect) (id int64, err error) {
	var f fault.Fields
	if !slices.Contains(Methods, in.Method) {
		f.Add("method", "readiness.bad.method")
	}
	if in.Minutes < 1 || in.Minutes > 240 {
		f.Add("minutes", "readiness.bad.minutes")
	}
	if err := f.Err(); err != nil {
		return 0, err
	}
	room, err := tx.Room(in.Room)
	if err != nil {
		return 0, none(err, "room")
	}
	if room.State != roomOpen {
		return 0, gap("REG-INF-01", "readiness.gap.room.closed", room.Name).Ask("manager")
	}
	if err := RoomFree(tx.Read, room.ID, 0); err != nil {
		return 0, err
	}
	life, err := disinfectionLife(tx.Read)
	if err != nil {
		return 0, err
	}
	c := store.Check{
		Kind: KindRoom, Room: room.ID, Ok: true, Note: strings.TrimSpace(in.Note), ValidUntil: tx.Now().Add(life), Staff: by.Staff,
	}
	err = stamp(tx, &c, Body{Method: in.Method, Minutes: in.Minutes})
	return c.ID, err
}

func none(err error, noun string) error {
	if errors.Is(err, store.ErrNotFound) {
		return fault.NotFound(noun).Because(err)
	}
	return err
}

// DeviceCheck is one self-check of a device.
type DeviceCheck struct {
	Device term.DeviceID
	Passed []string // of DevicePoints
	OK     bool     // false: a fault was found
	Note   string
}

// CheckDevice stamps a self-check until the end of the day. A device that is out of use or
// whose maintenance or calibration is overdue is refused (REG-DEV-13, REG-DEV-14); a good
// check needs every point, a bad one a note, and takes the device out of use at once.
func (o *Round) CheckDevice(ctx context.Context, by access.Actor, in DeviceCheck) (id int64, err error) {
	err = o.Write(ctx, by, access.DeviceCheck, func(tx *store.Tx) error {
		id, err = checkDevice(tx, by, in)
		return err
	})
	return id, err
}

// CheckDevices stamps a good self-check of several devices, every point of each, in one act.
func (o *Round) CheckDevices(ctx context.Context, by access.Actor, devices []term.DeviceID) error {
	if err := some(len(devices)); err != nil {
		return err
	}
	return o.Write(ctx, by, access.DeviceCheck, func(tx *store.Tx) error {
		for _, id := range devices {
			if _, err := checkDevice(tx, by, DeviceCheck{Device: id, Passed: DevicePoints, OK: true}); err != nil {
				return err
			}
		}
		return nil
	})
}

func checkDevice(tx *store.Tx, by access.Actor, in DeviceCheck) (id int64, err error) {
	d, err := tx.Device(in.Device)
	if err != nil {
		return 0, none(err, "device")
	}
	if f := deviceFit(d, tx.Today()); f != nil {
		return 0, f
	}
	if err := checkPoints(in); err != nil {
		return 0, err
	}
	c := store.Check{
		Kind: KindDevice, Device: d.ID, Ok: in.OK, Note: strings.TrimSpace(in.Note),
		ValidUntil: tx.Today().End(tx.Zone()), Staff: by.Staff,
	}
	if err := stamp(tx, &c, Body{Passed: in.Passed}); err != nil || in.OK {
		return c.ID, err
	}
	return c.ID, stop(tx, &d, DeviceStopped)
}

func checkPoints(in DeviceCheck) error {
	var f fault.Fields
	if in.OK {
		for _, point := range DevicePoints {
			if !slices.Contains(in.Passed, point) {
				f.Add("passed", "readiness.bad.points")
			}
		}
	} else if strings.TrimSpace(in.Note) == "" {
		f.Add("note", "readiness.bad.fault")
	}
	return f.Err()
}

// stop takes a device out of use and tells whom it concerns (REG-DEV-14).
func stop(tx *store.Tx, d *store.Device, state string) error {
	d.State = state
	tx.Publish(live.Rooms)
	tx.Publish(live.Alerts)
	if err := tx.SaveDevice(d); err != nil || state == DeviceRetired {
		return err
	}
	_, err := task.Open(tx, task.New{
		Kind: task.Device, Subject: store.Subject{Noun: "device", ID: int64(d.ID)}, Role: access.Manager,
		Due: tx.Now().Add(24 * time.Hour), TitleKey: "readiness.task.device", Args: []string{d.Name}, Day: task.NoDay,
	})
	return err
}

// DeviceState moves a device in or out of use.
type DeviceState struct {
	Device      term.DeviceID
	Version     int // the version that the form was drawn from; 0 = whatever stands
	State       string
	Maintenance term.Day // on return: when it is due next
	Calibration term.Day
	Reason      string
}

// SetDevice changes the state of a device with a reason. Anybody who sees a fault may stop
// it (REG-DEV-14); putting it back needs quality or manager and dates that are not past
// (REG-DEV-13), and so does retiring it. A retired device stays retired. While somebody is
// treated with it, a device may be stopped for a fault, but not taken to repair or retired.
func (o *Round) SetDevice(ctx context.Context, by access.Actor, in DeviceState) error {
	by.Reason = strings.TrimSpace(in.Reason)
	need := access.DeviceStop
	if in.State == DeviceInUse || in.State == DeviceRetired {
		need = access.DeviceReturn
	}
	return o.WriteOn(ctx, by, need, store.Subject{Noun: "device", ID: int64(in.Device)}, func(tx *store.Tx) error {
		d, err := tx.Device(in.Device)
		if err != nil {
			return none(err, "device")
		}
		if in.Version != d.Version { // also without one
			return store.ErrStale
		}
		if err := maySet(d, in, by.Reason); err != nil {
			return err
		}
		if err := mayTake(tx.Read, d, in.State); err != nil {
			return err
		}
		tx.Result("device", int64(d.ID))
		if in.State != DeviceInUse {
			return stop(tx, &d, in.State)
		}
		if in.Maintenance != "" {
			d.MaintenanceDueOn = in.Maintenance
		}
		if in.Calibration != "" {
			d.CalibrationDueOn = in.Calibration
		}
		d.State = DeviceInUse
		if f := deviceFit(d, tx.Today()); f != nil {
			return f
		}
		tx.Publish(live.Rooms)
		return tx.SaveDevice(&d)
	})
}

func maySet(d store.Device, in DeviceState, reason string) error {
	var f fault.Fields
	if !slices.Contains([]string{DeviceInUse, DeviceStopped, DeviceRepair, DeviceRetired}, in.State) {
		f.Add("state", "readiness.bad.state")
	}
	if reason == "" {
		f.Add("reason", "readiness.bad.reason")
	}
	if err := f.Err(); err != nil {
		return err
	}
	if d.State == DeviceRetired || d.State == in.State && in.State != DeviceInUse {
		return gap("REG-DEV-14", "readiness.refuse.state", d.Name, fault.Word("readiness.device."+d.State))
	}
	return nil
}

// mayTake is nil when nobody is being treated with a device that is to leave the house.
func mayTake(r *store.Read, d store.Device, state string) error {
	if state != DeviceRepair && state != DeviceRetired {
		return nil
	}
	running, err := r.RunningIn(0, d.ID)
	for _, t := range running {
		if !t.FinishedAt.IsZero() {
			continue // only observed: the device is free
		}
		who, err := r.Staff(cmp.Or(t.Operator, t.Nurse))
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		return gap("REG-DEV-14", "readiness.refuse.running", d.Name, t.Number, who.Name).Ask("physician")
	}
	return err
}

// KitCheck is one check of the emergency kit.
type KitCheck struct {
	Present []string // of KitItems: seen and in date
	Note    string
}

// check refuses a check in which nothing was looked at: not one thing was seen and nothing written.
func (in KitCheck) check() error {
	var f fault.Fields
	if strings.TrimSpace(in.Note) == "" && !slices.ContainsFunc(KitItems, func(item string) bool { return slices.Contains(in.Present, item) }) {
		f.Add("present", "readiness.bad.kit")
	}
	return f.Err()
}

// CheckKit stamps the emergency kit for 24 hours. It is good only when everything that must
// be there was seen and the shelf holds the hyaluronidase (REG-CON-09); an incomplete kit is
// recorded as such and tells the storekeeper.
func (o *Round) CheckKit(ctx context.Context, by access.Actor, in KitCheck) (ok bool, err error) {
	if err := in.check(); err != nil {
		return false, err
	}
	err = o.Write(ctx, by, access.KitCheck, func(tx *store.Tx) error {
		hyal, err := Hyaluronidase(tx.Read)
		if err != nil {
			return err
		}
		missing := kitMissing(in.Present, hyal)
		ok = len(missing) == 0
		c := store.Check{
			Kind: KindKit, Ok: ok, Note: strings.TrimSpace(in.Note), ValidUntil: tx.Now().Add(kitLife), Staff: by.Staff,
		}
		if err := stamp(tx, &c, Body{Missing: missing, Hyal: hyal}); err != nil || ok {
			return err
		}
		tx.Publish(live.Alerts)
		_, err = task.Open(tx, task.New{
			Kind: "kit", Subject: store.Subject{Noun: "check", ID: c.ID}, Role: access.Storekeeper,
			Due: tx.Now().Add(2 * time.Hour), TitleKey: "readiness.task.kit", Day: task.NoDay, Priority: task.HardDue,
			Escalate: []task.Rung{{After: 0, Role: access.Manager}},
		})
		return err
	})
	return ok, err
}

// kitMissing lists what must be there and was not seen; hyaluronidase must also be on the
// shelf.
func kitMissing(present []string, hyal term.Qty) []string {
	var missing []string
	for _, item := range kitMust {
		if !slices.Contains(present, item) || item == UseHyaluronidase && hyal < KitHyaluronidase {
			missing = append(missing, item)
		}
	}
	return missing
}

// LogFridge notes a temperature of the drug fridge, in degrees Celsius with at most one
// decimal. Outside 2–8 ℃ the reading is bad: it opens a task and alerts (REG-DEV-04,
// REG-DRG-06).
func (o *Round) LogFridge(ctx context.Context, by access.Actor, celsius, note string) (ok bool, err error) {
	err = o.Write(ctx, by, access.FridgeLog, func(tx *store.Tx) error {
		tenths, readable := parseCelsius(celsius)
		if !readable {
			var f fault.Fields
			f.Add("celsius", "readiness.bad.celsius")
			return f.Err()
		}
		ok = inBand(tenths)
		c := store.Check{
			Kind: KindFridge, Ok: ok, Note: strings.TrimSpace(note), ValidUntil: tx.Now().Add(fridgeLife), Staff: by.Staff,
		}
		if err := stamp(tx, &c, Body{Celsius: strings.TrimSpace(celsius)}); err != nil || ok {
			return err
		}
		tx.Publish(live.Alerts)
		_, err = task.Open(tx, task.New{
			Kind: "fridge", Subject: store.Subject{Noun: "check", ID: c.ID}, Role: access.Storekeeper,
			Due: tx.Now().Add(time.Hour), TitleKey: "readiness.task.fridge", Args: []string{strings.TrimSpace(celsius)},
			Day: task.NoDay, Priority: task.HardDue, Escalate: []task.Rung{{After: 0, Role: access.Manager}},
		})
		return err
	})
	return ok, err
}
