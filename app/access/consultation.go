package access

// Deeds and views of consultation, examination, plan and order (S2, S3).
var (
	// ConsultView opens the work list, a visit's consultation page and its plan.
	ConsultView = allow("consult.view", Consultant, Physician, Nurse, Quality, Manager)
	// VisitReceive takes a waiting client in, as consultant, nurse or physician.
	VisitReceive = allow("visit.receive", Consultant, Physician, Nurse)
	// NeedRecord fills the need card (S2-01).
	NeedRecord = allow("need.record", Consultant)
	// ConsultRecord keeps the consultation record (S2-09).
	ConsultRecord = allow("consult.record", Consultant)
	// HealthReview is the nurse's check of the health questionnaire (S2-02, S2-04).
	HealthReview = allow("health.review", Nurse)
	// SkinRecord keeps skin analysis and photos (S2-03).
	SkinRecord = allow("skin.record", Consultant, Nurse)
	// ExamSign signs the examination; nobody but a physician does (REG-STF-09).
	ExamSign = proved(ByPIN, allow("exam.sign", Physician))
	// PhotoConsentAsk issues the photo authorisation for the client's signature (REG-PII-01).
	PhotoConsentAsk = allow("photo_consent.ask", Consultant, Physician, Nurse)
	// CaseShow opens an authorised case before the client (S2-07, REG-ADV-17).
	CaseShow = allow("case.show", Consultant, Physician)
	// CaseWaive writes why fewer than three cases were shown (S2-07).
	CaseWaive = allow("case.waive", Consultant, Physician)
	// PhraseCheck marks banned wording while somebody types.
	PhraseCheck = allow("phrase.check", everyone()...)
	// PlanDraft drafts a plan's lines.
	PlanDraft = allow("plan.draft", Consultant, Physician)
	// ContraRule is the physician's written word on a contraindication.
	ContraRule = allow("contra.rule", Physician)
	// ContraSecond is the second person's word for a hard one; never used alone.
	ContraSecond = allow("contra.second", Quality)
	// PriceApprove asks for, and PriceSecond gives, the approval of an unusual price (S2-12).
	PriceApprove = allow("price.approve", Consultant, Physician, Manager)
	// PriceSecond is the manager's or the owner's word: as the second person by PIN, or alone where the price waits.
	PriceSecond = proved(ByPIN, allow("price.second", Manager, Owner))
	// PlanApprove signs the plan as lead physician (S3-01).
	PlanApprove = proved(ByPIN, allow("plan.approve", Physician))
	// PapersIssue issues quote, contract and consents of an approved plan.
	PapersIssue = allow("papers.issue", Consultant, Physician)
	// ConsentRefuse records that the client refuses a consent; on a tablet handed over the
	// client says so.
	ConsentRefuse = allowHandover("consent.refuse", Consultant, Physician)
	// PlanDecline records that the client does not take the plan (row:D9).
	PlanDecline = allow("plan.decline", Consultant, Physician)
	// OrderPlace puts the order on the till's list.
	OrderPlace = allow("order.place", Consultant, Manager)
)
