package access

// Deeds around red flags, adverse events, ratings and messages to clients.
var (
	// AlertView sees open red flags at the top of every page and opens one.
	AlertView = allow("alert.view", Physician, Nurse, Aftercare, Quality, Manager, Owner)
	// AlertTake says that a physician has the red flag in hand (S6-07).
	AlertTake = allow("alert.take", Physician)
	// AlertStep stamps a step of the emergency card.
	AlertStep = allow("alert.step", Physician, Nurse)
	// AlertClose closes a red flag with its outcome.
	AlertClose = allow("alert.close", Physician)
	// AdverseReport begins the adverse event form of a red flag (F11).
	AdverseReport = allow("adverse.report", Physician, Nurse, Aftercare, Quality)
	// AdverseView opens the register of adverse events.
	AdverseView = allow("adverse.view", Physician, Nurse, Aftercare, Quality, Manager)
	// RatingGive is the client's own deed, from the link in a message.
	RatingGive = allowHandover("rating.give")
	// FeedbackView reads ratings.
	FeedbackView = allow("feedback.view", Aftercare, Quality, Manager, Owner)
	// MessageSend sees the messages ready for clients and notes that one was sent.
	MessageSend = allow("message.send", Reception, Aftercare, Manager)
)
