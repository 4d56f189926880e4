package access

// Deeds and views of photos.
var (
	// MediaView shows a photo; each look is noted in the trail (rulings 10).
	MediaView = allow("media.view", Consultant, Physician, Nurse, Aftercare, Quality)
	// MediaAdd keeps a photo of a client.
	MediaAdd = allow("media.add", Consultant, Physician, Nurse, Aftercare)
	// MediaVoid takes a photo out of use with a reason.
	MediaVoid = allow("media.void", Physician, Nurse, Quality)
	// CaseList opens the library of cases; who may not see photos reads words only.
	CaseList = allow("case.list", Consultant, Physician, Nurse, Quality, Manager)
	// CaseAdd makes a case of a client's photos (REG-ADV-17).
	CaseAdd = allow("case.add", Consultant, Nurse)
	// CaseWithdraw takes a case out of the library.
	CaseWithdraw = allow("case.withdraw", Consultant, Nurse, Quality, Manager)
)
