package store

import (
	"meixu/store/term"
)

// Room is a room where clients are seen or treated.
type Room struct {
	ID        term.RoomID
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Name      string
	Kind      string
	State     string
}

func (*Room) table() string { return "rooms" }
func (*Room) columns() string {
	return "id, version, created_at, updated_at, name, kind, state"
}

func (r *Room) fields(*Read) []any {
	return []any{
		&r.ID, &r.Version, &r.CreatedAt, &r.UpdatedAt, &r.Name, &r.Kind, &r.State,
	}
}

// Room reads one room.
func (r *Read) Room(id term.RoomID) (Room, error) {
	if r.memory() != nil { // a house has few rooms: they are read at once
		if _, err := r.Rooms(); err != nil {
			return Room{}, err
		}
	}
	return load[Room](r, "id = ?", id)
}

// Rooms lists the rooms.
func (r *Read) Rooms() ([]Room, error) { return loadAll[Room](r, "1 ORDER BY id LIMIT 200") }

// AddRoom adds a room.
func (tx *Tx) AddRoom(r *Room) error { return tx.addRow(r) }

// SaveRoom writes a room over the version read.
func (tx *Tx) SaveRoom(r *Room) error { return tx.saveRow(r) }

// Device is a machine with its registration and the ends of its maintenance and calibration (REG-DEV-13).
type Device struct {
	ID               term.DeviceID
	Version          int
	CreatedAt        term.Instant
	UpdatedAt        term.Instant
	Number           string
	Name             string
	Kind             string
	Registration     string
	Room             term.RoomID
	MaintenanceDueOn term.Day
	CalibrationDueOn term.Day
	State            string
}

func (*Device) table() string { return "devices" }
func (*Device) columns() string {
	return "id, version, created_at, updated_at, number, name, kind, registration, room_id, " +
		"maintenance_due_on, calibration_due_on, state"
}

func (d *Device) fields(*Read) []any {
	return []any{
		&d.ID, &d.Version, &d.CreatedAt, &d.UpdatedAt, &d.Number, &d.Name, &d.Kind, &d.Registration,
		maybe(&d.Room),
		optDay{&d.MaintenanceDueOn},
		optDay{&d.CalibrationDueOn},
		&d.State,
	}
}

// Device reads one device.
func (r *Read) Device(id term.DeviceID) (Device, error) {
	if r.memory() != nil { // as rooms
		if _, err := r.Devices(); err != nil {
			return Device{}, err
		}
	}
	return load[Device](r, "id = ?", id)
}

// Devices lists the devices.
func (r *Read) Devices() ([]Device, error) { return loadAll[Device](r, "1 ORDER BY id LIMIT 500") }

// AddDevice adds a device.
func (tx *Tx) AddDevice(d *Device) error { return tx.addRow(d) }

// SaveDevice writes a device over the version read.
func (tx *Tx) SaveDevice(d *Device) error { return tx.saveRow(d) }

// Check is a stamp that a room, a device, the emergency kit or the fridge was seen to, and until when it counts.
type Check struct {
	ID         int64
	Version    int
	CreatedAt  term.Instant
	UpdatedAt  term.Instant
	Kind       string
	Room       term.RoomID
	Device     term.DeviceID
	Ok         bool
	Body       string
	Note       string
	At         term.Instant
	ValidUntil term.Instant
	Staff      term.StaffID
	Void
}

func (*Check) table() string { return "checks" }
func (*Check) columns() string {
	return "id, version, created_at, updated_at, kind, room_id, device_id, ok, body, note, at, " +
		"valid_until, staff_id" + ", " + voidCols
}

func (c *Check) fields(r *Read) []any {
	return append([]any{
		&c.ID, &c.Version, &c.CreatedAt, &c.UpdatedAt, &c.Kind, maybe(&c.Room), maybe(&c.Device), &c.Ok,
		&c.Body, &c.Note, &c.At, &c.ValidUntil, &c.Staff,
	}, voidFields(r, "checks", &c.ID, nil, &c.Void)...)
}

// LatestCheck reads the newest stamp of a kind for a room or a device (0 = any);
// ErrNotFound when there is none.
func (r *Read) LatestCheck(kind string, room term.RoomID, device term.DeviceID) (Check, error) {
	if r.memory() != nil && (room == 0) != (device == 0) {
		return r.checkAmongOthers(kind, room, device)
	}
	return load[Check](r, `kind = ? AND (? = 0 OR room_id = ?) AND (? = 0 OR device_id = ?) AND voided_at IS NULL
		ORDER BY at DESC, id DESC LIMIT 1`, kind, room, room, device, device)
}

// LatestChecks lists the newest stamp of each room and device of a kind.
func (r *Read) LatestChecks(kind string) ([]Check, error) {
	return loadAll[Check](r, `id IN (SELECT max(id) FROM checks WHERE kind = ? AND voided_at IS NULL GROUP BY room_id, device_id)
		ORDER BY id LIMIT 1000`, kind)
}

// Checks lists the newest stamps of all kinds, newest first.
func (r *Read) Checks(limit int) ([]Check, error) {
	return loadAll[Check](r, "1 ORDER BY id DESC LIMIT ?", limit)
}

// Services lists the maintenances and calibrations of a device, newest first (REG-DEV-13).
func (r *Read) Services(device term.DeviceID) ([]Check, error) {
	return loadAll[Check](r, `kind IN ('maintenance', 'calibration') AND device_id = ? AND voided_at IS NULL
		ORDER BY id DESC LIMIT 100`, device)
}

// AddCheck stamps a check.
func (tx *Tx) AddCheck(c *Check) error { return tx.addRow(c) }

// SaveCheck writes a check over the version read (to void it).
func (tx *Tx) SaveCheck(c *Check) error { return tx.saveRow(c) }
