package access

// Deeds around one treatment, from the pre-op gate to leaving (SOP stages S4 and S5).
var (
	// ProcedureView opens the list of today's treatments and the page of one.
	ProcedureView = allow("procedure.view", Reception, Consultant, Physician, Nurse, Aftercare, Quality, Manager)
	// TreatmentSchedule opens a treatment by hand, for a session paid earlier.
	TreatmentSchedule = allow("treatment.schedule", Reception, Consultant, Physician, Nurse, Manager)
	// IdentityCheck compares name, birth date and number (S4-01).
	IdentityCheck = allow("identity.check", Physician, Nurse)
	// SiteMark marks the site on face or body; the deed asks for a lead physician (S4-02).
	SiteMark = allow("site.mark", Physician)
	// TodayCheck asks for wish and today's condition (S4-03); the client may sign on a tablet.
	TodayCheck = allow("today.check", Physician, Nurse)
	// SkinTest starts and reads a skin test (S4-04).
	SkinTest = allow("skintest.read", Physician, Nurse)
	// ContraClear is the lead physician's last word on contraindications (S4-05).
	ContraClear = allow("contraindication.clear", Physician)
	// TreatmentPhoto keeps baseline and immediate photos, or the reason for none (S4-06, S5-07).
	TreatmentPhoto = allow("treatment.photo", Physician, Nurse)
	// CompanionConfirm notes who takes the client home (S4-12).
	CompanionConfirm = allow("companion.confirm", Reception, Physician, Nurse)
	// TreatmentAssign names operator, assistant, room and device.
	TreatmentAssign = allow("treatment.assign", Physician, Nurse, Manager)
	// LotTake takes product for a treatment (S4-07, S4-08) and puts back what is unopened.
	LotTake = allow("lot.take", Physician, Nurse)
	// TreatmentSignIn signs the check before anaesthesia or preparation (F18).
	TreatmentSignIn = allow("treatment.signin", Physician, Nurse)
	// TreatmentTimeOut signs the check before the first action (S5-01, F19).
	TreatmentTimeOut = allow("treatment.timeout", Physician, Nurse)
	// ProcedureStart starts the clock (S5-02).
	ProcedureStart = allow("procedure.start", Physician, Nurse)
	// ReactionLog notes reactions and vital signs (S5-04).
	ReactionLog = allow("reaction.log", Physician, Nurse)
	// RecordWrite fills the procedure record (S5-03, F7).
	RecordWrite = allow("record.write", Physician, Nurse)
	// CountsClose says what became of product taken (S5-06, S5-07).
	CountsClose = allow("counts.close", Physician, Nurse)
	// TreatmentSignOut signs the check before leaving the room (S5-08, F20).
	TreatmentSignOut = allow("treatment.signout", Physician, Nurse)
	// ObservationNote fills the observation record (F7-OBS).
	ObservationNote = allow("observation.note", Physician, Nurse)
	// TreatmentRelease lets the client go (S5-10).
	TreatmentRelease = allow("treatment.release", Physician, Nurse)
	// RecordSign locks the record; the deed asks for the operator or a lead physician (S5-09).
	RecordSign = proved(ByPIN, allow("record.sign", Physician, Nurse))
	// RecordAmend puts a corrected record beside a signed one (REG-EMR-01).
	RecordAmend = proved(ByPIN, allow("record.amend", Physician, Nurse))
	// TreatmentStop ends a treatment before its time (S5-05).
	TreatmentStop = allow("treatment.stop", Physician, Nurse, Manager)
	// ProcedureWitness is the second person of a two-person check.
	ProcedureWitness = allow("procedure.witness", Physician, Nurse)
)
