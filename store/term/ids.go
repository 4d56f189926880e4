// Package term holds the clinic's words: ids, states, money, days and instants.
// It lies at the bottom of the house: everything needs these and they need nothing.
package term

// Row ids. All are SQLite row ids, reserved in the transaction before the insert,
// because sealed columns bind to them.
type (
	// StaffID names a member of staff; 0 is the system itself.
	StaffID int64
	// SecondFactorID names the second step of a person's login.
	SecondFactorID int64
	// WorkstationID names a browser that the house knows.
	WorkstationID int64
	// LeadID names an inquiry before any consent (rulings 27).
	LeadID int64
	// ClientID names a person with a file.
	ClientID int64
	// AppointmentID names a booked slot.
	AppointmentID int64
	// WaitID names an entry of the wait list.
	WaitID int64
	// RequestID names a booking that a guest asked for.
	RequestID int64
	// IntakeID names what a guest told of oneself before the desk took it.
	IntakeID int64
	// VisitID names one coming of a client, from arrival to leaving.
	VisitID int64
	// ItemID names a catalogue item (a procedure on the price list).
	ItemID int64
	// PlanID names a treatment plan of one visit.
	PlanID int64
	// PlanItemID names one line of a plan.
	PlanItemID int64
	// OrderID names an order at the till.
	OrderID int64
	// OrderLineID names one line of an order.
	OrderLineID int64
	// PaymentID names money received (or given back) in one act.
	PaymentID int64
	// TreatmentID names one performance of one item.
	TreatmentID int64
	// ProductID names a kind of product.
	ProductID int64
	// LotID names one lot of a product.
	LotID int64
	// RoomID names a room.
	RoomID int64
	// DeviceID names a device.
	DeviceID int64
	// AnswerID names one filled form.
	AnswerID int64
	// DocumentID names one frozen document.
	DocumentID int64
	// MediaID names one photo, scan or attachment.
	MediaID int64
	// TaskID names one due thing.
	TaskID int64
	// CaseID names one authorised demonstration case.
	CaseID int64
	// EventID names an adverse event or red-flag escalation.
	EventID int64
	// ImportID names one file of clients that came in from another system.
	ImportID int64
	// ExportID names one list that went out as a file.
	ExportID int64
	// ActID names one act of the trail.
	ActID int64
)
