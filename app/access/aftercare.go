package access

// Deeds after the treatment (SOP stage S6).
var (
	// AftercareView opens the list of follow-ups and the page of one.
	AftercareView = allow("aftercare.view", Physician, Nurse, Aftercare, Quality, Manager)
	// FollowupCall logs a call: what was said by form F8, or that nobody answered (S6-03 … S6-05).
	FollowupCall = allow("followup.call", Physician, Nurse, Aftercare)
	// FollowupReopen takes up a follow-up again that was called off, with a reason.
	FollowupReopen = allow("followup.reopen", Physician, Nurse, Aftercare, Manager)
	// GuideView opens the page on which the care guide is handed over.
	GuideView = allow("guide.view", Reception, Physician, Nurse, Aftercare, Quality, Manager)
	// GuideHand issues the care guide and its link for the client's phone (S6-01).
	GuideHand = allow("guide.hand", Physician, Nurse, Aftercare)
	// RedFlagTell notes that red flags and the emergency phone were told (S6-02).
	RedFlagTell = allow("redflag.tell", Physician, Nurse)
	// VisitClose ends a visit whose steps in the house are done.
	VisitClose = allow("visit.close", Reception, Nurse, Aftercare, Manager)
	// VisitReopen takes the close of a visit back on its day, with a reason (row:A7).
	VisitReopen = allow("visit.reopen", Reception, Nurse, Aftercare, Manager)
)
