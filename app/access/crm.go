package access

// Deeds about clients and leads.
var (
	// ClientFind searches clients: number, name, birth year and masked phone.
	ClientFind = allow("client.find", Reception, Consultant, Physician, Nurse, Cashier, Aftercare, Quality, Manager, Owner)
	// ClientList lists all clients page by page.
	ClientList = allow("client.list", Reception, Consultant, Physician, Nurse, Aftercare, Quality, Manager, Owner)
	// ClientCreate opens a file: notice and consent signed, row added (S1-05 … S1-07).
	ClientCreate = allow("client.create", Reception, Manager)
	// ClientCorrect corrects name, gender, birthday, phone and document of a client.
	ClientCorrect = allow("client.correct", Reception, Manager)
	// ClientMerge joins two files of one person, and takes that back within 30 days (row:C3).
	ClientMerge = proved(ByPIN, allow("client.merge", Manager))
	// IntakeGive is a guest's own deed: telling name and contact on the own phone (row:B2).
	IntakeGive = allowHandover("intake.give")
	// IntakeView opens what guests told, with the files that may be theirs.
	IntakeView = allow("intake.view", Reception, Manager)
	// IntakeTake takes what a guest told into a file, field by field.
	IntakeTake = allow("intake.take", Reception, Manager)
	// IntakeDrop puts away what a guest told.
	IntakeDrop = allow("intake.drop", Reception, Manager)
	// ClientVerify notes that the identity document was compared with the person (REG-CON-12).
	ClientVerify = allow("client.verify", Reception, Manager)
	// ConsentSign takes privacy notice and health consent of a client who has a file already.
	ConsentSign = allow("consent.sign", Reception, Consultant, Manager)
	// LeadView lists inquiries that wait for an answer or a visit.
	LeadView = allow("lead.view", Reception, Consultant, Physician, Aftercare, Manager)
	// LeadAdd notes an inquiry; its five minutes begin (S1-01).
	LeadAdd = allow("lead.add", Reception, Consultant, Aftercare, Manager)
	// LeadReply stamps the first answer to an inquiry.
	LeadReply = allow("lead.reply", Reception, Consultant, Physician, Aftercare, Manager)
	// LeadFigures shows how soon inquiries were answered, by consultant (row:A2).
	LeadFigures = allow("lead.figures", Quality, Manager, Owner)
	// LeadLose gives a lead up, with a reason.
	LeadLose = allow("lead.lose", Reception, Consultant, Manager)
)

// Deeds about segments of clients (row:C5, row:C6).
var (
	// SegmentView builds segments and lists who belongs to them.
	SegmentView = allow("segment.view", Manager, Owner)
	// SegmentSave saves a segment under a name, or retires it.
	SegmentSave = allow("segment.save", Manager, Owner)
	// ChurnView lists who stays away; consultants see their own.
	ChurnView = allow("churn.view", Consultant, Manager, Owner)
	// ChurnAsk asks the consultant to call somebody who stays away.
	ChurnAsk = allow("churn.ask", Consultant, Manager, Owner)
	// TagAdd adds a word that may be put on clients.
	TagAdd = allow("tag.add", Manager, Owner)
	// ClientTag puts tags on a client and takes them off.
	ClientTag = allow("client.tag", Reception, Consultant, Manager, Owner)
	// ClientTier changes the tiers of clients by the rule, at night.
	ClientTier = allow("client.tier")
)
