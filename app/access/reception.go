package access

// Deeds of the front desk.
var (
	// DeskView opens the desk's pages: who is here, who is to come, one visit.
	DeskView = allow("desk.view", Reception, Manager)
	// VisitArrive opens a visit and gives a queue number.
	VisitArrive = allow("visit.arrive", Reception, Manager)
	// VisitUndo takes back an arrival of today that was entered by mistake, with a reason.
	VisitUndo = allow("visit.undo", Reception, Manager)
	// VisitAssign gives a visit to a consultant, or straight to a physician.
	VisitAssign = allow("visit.assign", Reception, Manager)
	// VisitLeave ends a visit whose client leaves before paying or being treated.
	VisitLeave = allow("visit.leave", Reception, Consultant, Cashier, Manager)
	// VisitRefuse ends a visit whose client refuses a consent.
	VisitRefuse = allow("visit.refuse", Reception, Consultant, Physician, Manager)
	// QueueView sees who waits, for whom and for how long.
	QueueView = allow("queue.view", Reception, Consultant, Physician, Nurse, Cashier, Manager)
	// QueueCall calls, calls again, skips, puts back and serves a queue number.
	QueueCall = allow("queue.call", Reception, Consultant, Physician, Nurse, Manager)
	// QueueScreen enrols screens of the waiting room and takes them out of use.
	QueueScreen = allow("queue.screen", Reception, Manager, SysAdmin)
	// TicketPrint prints the slip with the queue number; later prints are marked.
	TicketPrint = allow("ticket.print", Reception, Manager)
	// BreachView reads who waited longer than the limit of the tier; BreachExplain writes why.
	BreachView    = allow("breach.view", Reception, Manager, Quality, Owner)
	BreachExplain = allow("breach.explain", Reception, Manager)
)
