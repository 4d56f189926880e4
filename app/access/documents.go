package access

// Deeds and views of documents.
var (
	// DocumentView opens a document; what it may show depends on its kind as well.
	DocumentView = allowHandover("document.view", Duties...)
	// DocumentSign puts a signature under one; on a handed-over tablet the client signs.
	DocumentSign = proved(ByPIN, allowHandover("document.sign", Reception, Consultant, Physician, Nurse, Cashier, Aftercare, Manager))
	// DocumentHandover puts the tablet into a client's hands with one paper.
	DocumentHandover = allow("document.handover", Reception, Consultant, Physician, Nurse, Cashier)
	// PapersHandover puts the tablet into a client's hands with all papers of a plan.
	PapersHandover = allow("papers.handover", Consultant, Physician)
	// DocumentPrint prints one and counts the copy.
	DocumentPrint = allow("document.print", Duties...)
)
