package access

// Deeds around booked slots.
var (
	// AppointmentView opens the list of the day and one booking.
	AppointmentView = allow("appointment.view", Reception, Consultant, Physician, Nurse, Aftercare, Manager, Owner)
	// AppointmentBook books a free slot (S1-02).
	AppointmentBook = allow("appointment.book", Reception, Consultant, Aftercare, Manager)
	// AppointmentMove takes a booking to another slot.
	AppointmentMove = allow("appointment.move", Reception, Consultant, Aftercare, Manager)
	// AppointmentConfirm notes that the client confirmed.
	AppointmentConfirm = allow("appointment.confirm", Reception, Consultant, Aftercare, Manager)
	// AppointmentCancel gives a booking up, with a reason.
	AppointmentCancel = allow("appointment.cancel", Reception, Consultant, Aftercare, Manager)
	// AppointmentNoShow notes that the client did not come.
	AppointmentNoShow = allow("appointment.no_show", Reception, Manager)
	// AppointmentRestore takes a cancellation or no-show back, with a reason.
	AppointmentRestore = allow("appointment.restore", Reception, Manager)
	// AppointmentOverlap books into a slot that is taken, with a reason (row:A4).
	AppointmentOverlap = allow("appointment.overlap", Manager)
	// WaitView opens the wait list (row:A6).
	WaitView = allow("wait.view", Reception, Consultant, Aftercare, Manager)
	// WaitAdd puts a client or lead on the wait list.
	WaitAdd = allow("wait.add", Reception, Consultant, Aftercare, Manager)
	// WaitBook books a free slot for somebody who waits, and clears the entry.
	WaitBook = allow("wait.book", Reception, Consultant, Aftercare, Manager)
	// WaitClose takes an entry off the wait list, with a reason.
	WaitClose = allow("wait.close", Reception, Consultant, Aftercare, Manager)
	// RequestMake is a guest's own deed: asking for a booking on the own phone (row:A9).
	RequestMake = allowHandover("request.make")
	// RequestView opens the list of bookings that guests asked for, and the poster that leads there.
	RequestView = allow("request.view", Reception, Consultant, Manager)
	// RequestAccept books what a guest asked for.
	RequestAccept = allow("request.accept", Reception, Consultant, Manager)
	// RequestDecline answers a guest that the wish cannot be met.
	RequestDecline = allow("request.decline", Reception, Consultant, Manager)
	// RequestImport takes a table of bookings from an outside platform in (row:A9).
	RequestImport = allow("request.import", Reception, Consultant, Manager)
	// RequestWithdraw takes such a table back, with a reason.
	RequestWithdraw = allow("request.withdraw", Reception, Manager)
	// SeriesBook books all sessions of a course at once (row:A5).
	SeriesBook = allow("series.book", Reception, Consultant, Aftercare, Manager)
	// SeriesShift takes the rest of a course along when one of it was moved.
	SeriesShift = allow("series.shift", Reception, Consultant, Aftercare, Manager)
)
