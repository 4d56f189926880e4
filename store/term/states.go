package term

// The states of things. Each prints through the words catalogue under
// "term.<noun>.<state>", so a screen never shows the English word.
type (
	// VisitState is open or one of the ends of a visit.
	VisitState string
	// Stage is the SOP stage a visit stands in, S1 … S6.
	Stage string
	// Station is where the client is right now.
	Station string
	// TreatmentState is the way from the pre-op gate to leaving.
	TreatmentState string
	// PlanState is the way from the doctor's draft to an order.
	PlanState string
	// OrderState is the way of an order at the till.
	OrderState string
	// AppointmentState is the way of a booked slot.
	AppointmentState string
	// TicketState is the way of a queue number.
	TicketState string
	// LeadState is the way of an inquiry.
	LeadState string
	// ImportState is the way of a file that comes in.
	ImportState string
	// ExportState is the way of a list that goes out.
	ExportState string
	// Purpose is what a consent allows (REG-PII-01).
	Purpose string
	// PayMethod is how money comes in.
	PayMethod string
)

// Visit states.
const (
	VisitOpen           VisitState = "open"
	VisitCompleted      VisitState = "completed"
	VisitLeft           VisitState = "left"            // left before paying or being treated
	VisitConsentRefused VisitState = "consent_refused" // said no to a consent
	VisitDoctorRefused  VisitState = "doctor_refused"  // the doctor said no
	VisitStopped        VisitState = "stopped"         // stopped midway
)

// Stages of the SOP.
const (
	StageReception    Stage = "S1"
	StageConsultation Stage = "S2"
	StagePlan         Stage = "S3"
	StagePreOp        Stage = "S4"
	StageProcedure    Stage = "S5"
	StageAftercare    Stage = "S6"
)

// Stations in the clinic.
const (
	AtWaiting      Station = "waiting"
	AtConsultation Station = "consultation"
	AtExamination  Station = "examination"
	AtPlan         Station = "plan"
	AtTill         Station = "till"
	AtPreOp        Station = "preop"
	AtProcedure    Station = "procedure"
	AtObservation  Station = "observation"
	AtLeaving      Station = "leaving"
	Gone           Station = "gone"
)

// Treatment states.
const (
	TreatmentScheduled  TreatmentState = "scheduled"
	TreatmentSignedIn   TreatmentState = "signed_in"
	TreatmentTimedOut   TreatmentState = "timed_out"
	TreatmentInProgress TreatmentState = "in_progress"
	TreatmentSignedOut  TreatmentState = "signed_out"
	TreatmentObserving  TreatmentState = "observing"
	TreatmentReleased   TreatmentState = "released"
	TreatmentStopped    TreatmentState = "stopped"
	TreatmentCancelled  TreatmentState = "cancelled"
)

// Plan states.
const (
	PlanDraft    PlanState = "draft"
	PlanApproved PlanState = "approved"
	PlanQuoted   PlanState = "quoted"
	PlanAccepted PlanState = "accepted"
	PlanOrdered  PlanState = "ordered"
	PlanRefused  PlanState = "refused"
	PlanVoid     PlanState = "void"
)

// Order states.
const (
	OrderOpen      OrderState = "open"
	OrderPaid      OrderState = "paid"
	OrderCancelled OrderState = "cancelled"
	OrderRefunded  OrderState = "refunded"
)

// Appointment states.
const (
	AppointmentRequested AppointmentState = "requested"
	AppointmentConfirmed AppointmentState = "confirmed"
	AppointmentArrived   AppointmentState = "arrived"
	AppointmentCancelled AppointmentState = "cancelled"
	AppointmentNoShow    AppointmentState = "no_show"
)

// Ticket states.
const (
	TicketWaiting TicketState = "waiting"
	TicketCalled  TicketState = "called"
	TicketServing TicketState = "serving"
	TicketSkipped TicketState = "skipped"
	TicketDone    TicketState = "done"
)

// Lead states.
const (
	LeadOpen    LeadState = "open"
	LeadBooked  LeadState = "booked"
	LeadArrived LeadState = "arrived"
	LeadLost    LeadState = "lost"
)

// Import states.
const (
	ImportRead    ImportState = "read" // looked at, nothing of it stands in the house yet
	ImportRunning ImportState = "running"
	ImportDone    ImportState = "done"
	ImportUndoing ImportState = "undoing"
	ImportUndone  ImportState = "undone"
	ImportDropped ImportState = "dropped" // given up before it ran
)

// Export states.
const (
	ExportHeld    ExportState = "held" // waits for a second person
	ExportOpen    ExportState = "open" // may be fetched once
	ExportRefused ExportState = "refused"
	ExportFetched ExportState = "fetched"
)

// Purposes of consent.
const (
	ForPrivacy     Purpose = "privacy"
	ForHealth      Purpose = "health"
	ForPhotoRecord Purpose = "photo_record"
	ForPhotoCase   Purpose = "photo_case"
	ForPhotoPublic Purpose = "photo_public"
	ForMarketing   Purpose = "marketing"
	ForRecording   Purpose = "recording"
)

// Pay methods.
const (
	Cash   PayMethod = "cash"
	WeChat PayMethod = "wechat"
	Alipay PayMethod = "alipay"
	Card   PayMethod = "card"
	// Points are no money: they are points of the member that stand for a part of a bill (row:C6).
	Points PayMethod = "points"
)

// Key is the words key of the state.
func (s VisitState) Key() string { return "term.visit." + string(s) }

// Key is the words key of the state.
func (s Stage) Key() string { return "term.stage." + string(s) }

// Key is the words key of the state.
func (s Station) Key() string { return "term.station." + string(s) }

// Key is the words key of the state.
func (s TreatmentState) Key() string { return "term.treatment." + string(s) }

// Key is the words key of the state.
func (s PlanState) Key() string { return "term.plan." + string(s) }

// Key is the words key of the state.
func (s OrderState) Key() string { return "term.order." + string(s) }

// Key is the words key of the state.
func (s AppointmentState) Key() string { return "term.appointment." + string(s) }

// Key is the words key of the state.
func (s TicketState) Key() string { return "term.ticket." + string(s) }

// Key is the words key of the state.
func (s LeadState) Key() string { return "term.lead." + string(s) }

// Key is the words key of it.
func (s Purpose) Key() string { return "term.purpose." + string(s) }

// Key is the words key of it.
func (s PayMethod) Key() string { return "term.pay." + string(s) }
