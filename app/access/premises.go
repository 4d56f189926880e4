package access

// Deeds of the premises: the rooms and devices of the house. Putting a device out of use and
// back is readiness' own deed (DeviceStop, DeviceReturn).
var (
	// PremisesView opens the list of rooms and devices.
	PremisesView = allow("premises.view", Nurse, Storekeeper, Manager, Owner)
	// RoomAdd enters a room.
	RoomAdd = allow("room.add", Manager, Owner)
	// RoomEdit mends name and kind of a room.
	RoomEdit = allow("room.edit", Manager, Owner)
	// RoomClose closes a room or opens it again, with a reason.
	RoomClose = allow("room.close", Manager, Owner)
	// DeviceAdd enters a device with its registration (REG-DEV-05).
	DeviceAdd = allow("device.add", Manager, Owner)
	// DeviceEdit mends what was entered of a device.
	DeviceEdit = allow("device.edit", Manager, Owner)
	// DeviceService notes a maintenance or calibration and when it is due next (REG-DEV-13).
	DeviceService = allow("device.service", Manager, Owner)
)
