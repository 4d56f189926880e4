package access

// Deeds that make rooms, devices and the emergency kit ready.
var (
	// ReadyView opens the page of readiness.
	ReadyView = allow("ready.view", Physician, Nurse, Storekeeper, Quality, Manager, Owner)
	// RoomDisinfect stamps that a room was disinfected.
	RoomDisinfect = allow("room.disinfect", Physician, Nurse)
	// DeviceCheck stamps the self-check of a device.
	DeviceCheck = allow("device.check", Physician, Nurse)
	// DeviceStop takes a device out of use; whoever sees a fault must (REG-DEV-14).
	DeviceStop = allow("device.stop", Physician, Nurse, Storekeeper, Quality, Manager, Owner)
	// DeviceReturn puts a device back into use after maintenance, or retires it.
	DeviceReturn = allow("device.return", Quality, Manager, Owner)
	// KitCheck stamps that the emergency kit is complete.
	KitCheck = allow("kit.check", Physician, Nurse)
	// FridgeLog notes the temperature of the drug fridge.
	FridgeLog = allow("fridge.log", Nurse, Storekeeper)
)
