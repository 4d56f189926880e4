package access

// Deeds and views of the floor: where everybody is, and what one visit still wants.
var (
	// BoardView opens the board of today.
	BoardView = allow("board.view", everyone()...)
	// VisitView opens the page of one visit with its SOP run.
	VisitView = allow("visit.view", Reception, Consultant, Physician, Nurse, Cashier, Aftercare, Quality, Manager, Owner)
	// StepStamp stamps a step by hand, with a reason; the engine asks for the step's duty.
	StepStamp = allow("step.stamp", Reception, Consultant, Physician, Nurse, Cashier, Aftercare, Quality, Manager)
	// StepSkip leaves a soft step out, with a reason.
	StepSkip = allow("step.skip", Reception, Consultant, Physician, Nurse, Cashier, Aftercare, Quality, Manager)
	// StepUndo makes a stamp no longer count, with a reason.
	StepUndo = allow("step.undo", Physician, Quality, Manager)
	// ClientView opens the file of a client.
	ClientView = allow("client.view", Reception, Consultant, Physician, Nurse, Cashier, Aftercare, Quality, Manager, Owner)
	// ClientReveal shows a whole phone number, with a reason.
	ClientReveal = proved(ByPIN, allow("client.reveal", Reception, Consultant, Physician, Nurse, Aftercare, Manager, Owner))
	// ClientAlert changes the red words of a client: allergies and contraindications.
	ClientAlert = allow("client.alert", Physician, Nurse)
	// ConsentWithdraw takes a consent back at the client's word (REG-PII-01).
	ConsentWithdraw = allow("consent.withdraw", Reception, Consultant, Nurse, Manager)
)
