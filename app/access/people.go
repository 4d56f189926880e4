package access

// Deeds around credentials: who may treat whom with what.
var (
	// PeopleView opens licences and rights.
	PeopleView = allow("people.view", Quality, Manager, Owner)
	// LicenceAdd enters a paper; it counts after somebody else checked it.
	LicenceAdd = allow("licence.add", Manager, Owner)
	// LicenceCheck confirms a paper that somebody else entered.
	LicenceCheck = allow("licence.check", Quality, Manager, Owner)
	// LicenceSuspend suspends a paper or lifts the suspension.
	LicenceSuspend = allow("licence.suspend", Quality, Manager, Owner)
	// RightGrant sets what a person may do with a kind of item (F14).
	RightGrant = allow("right.grant", Manager, Owner)

	// RosterView opens the roster: who works when (row:O10).
	RosterView = allow("roster.view", Duties...)
	// RosterDraw draws shifts, the usual week of a person and the kinds of shift.
	RosterDraw = allow("roster.draw", Manager, Owner)
	// LeaveAsk asks for leave.
	LeaveAsk = allow("leave.ask", Duties...)
	// LeaveWithdraw takes one's own leave back.
	LeaveWithdraw = allow("leave.withdraw", Duties...)
	// LeaveAnswer approves or refuses the leave of somebody else.
	LeaveAnswer = allow("leave.answer", Manager, Owner)
	// SwapAsk asks a colleague to exchange shifts.
	SwapAsk = allow("swap.ask", Duties...)
	// SwapAccept agrees to the exchange that a colleague asked for.
	SwapAccept = allow("swap.accept", Duties...)
	// SwapWithdraw takes one's own question back, or declines a colleague's.
	SwapWithdraw = allow("swap.withdraw", Duties...)
	// SwapAnswer approves or refuses an exchange of two others.
	SwapAnswer = allow("swap.answer", Manager, Owner)

	// HandoverGive gives what a person holds to colleagues (row:C7).
	HandoverGive = allow("handover.give", Manager, Owner)
)
