package store

import (
	"meixu/store/term"
)

// Exam is a doctor's examination (面诊, F15); without one there is no order (REG-STF-09).
type Exam struct {
	ID        int64
	Version   int
	CreatedAt term.Instant
	UpdatedAt term.Instant
	Visit     term.VisitID
	Client    term.ClientID
	Physician term.StaffID
	Answer    term.AnswerID
	Verdict   string
	SignedAt  term.Instant
}

func (*Exam) table() string { return "exams" }
func (*Exam) columns() string {
	return "id, version, created_at, updated_at, visit_id, client_id, physician_id, answer_id, " +
		"verdict, signed_at"
}

func (e *Exam) fields(*Read) []any {
	return []any{
		&e.ID, &e.Version, &e.CreatedAt, &e.UpdatedAt, &e.Visit, &e.Client, &e.Physician, &e.Answer,
		&e.Verdict, &e.SignedAt,
	}
}

// ExamOf reads the newest examination of a visit.
func (r *Read) ExamOf(visit term.VisitID) (Exam, error) {
	return load[Exam](r, "visit_id = ? ORDER BY id DESC LIMIT 1", visit)
}

// Exam reads one examination.
func (r *Read) Exam(id int64) (Exam, error) { return load[Exam](r, "id = ?", id) }

// AddExam notes a signed examination.
func (tx *Tx) AddExam(e *Exam) error { return tx.addRow(e) }

// Plan is what the doctor allows and the client is offered in one visit.
type Plan struct {
	ID             term.PlanID
	Version        int
	CreatedAt      term.Instant
	UpdatedAt      term.Instant
	Number         string
	Visit          term.VisitID
	Client         term.ClientID
	Exam           int64
	Consultant     term.StaffID
	Physician      term.StaffID
	State          term.PlanState
	ApprovedAt     term.Instant
	CasesReason    string
	DecisionReason string
	Void
}

func (*Plan) table() string { return "plans" }
func (*Plan) columns() string {
	return "id, version, created_at, updated_at, number, visit_id, client_id, exam_id, consultant_id, " +
		"physician_id, state, approved_at, cases_reason_sealed, decision_reason_sealed" + ", " + voidCols
}

func (p *Plan) fields(r *Read) []any {
	return append([]any{
		&p.ID, &p.Version, &p.CreatedAt, &p.UpdatedAt, &p.Number, &p.Visit, &p.Client, maybe(&p.Exam),
		maybe(&p.Consultant), maybe(&p.Physician), &p.State, &p.ApprovedAt, sealed(r, "plans", &p.ID, &p.Client, "cases_reason_sealed", &p.CasesReason),
		sealed(r, "plans", &p.ID, &p.Client, "decision_reason_sealed", &p.DecisionReason),
	}, voidFields(r, "plans", &p.ID, &p.Client, &p.Void)...)
}

// Plan reads one plan.
func (r *Read) Plan(id term.PlanID) (Plan, error) { return load[Plan](r, "id = ?", id) }

// PlanOf reads the newest plan of a visit that is not void.
func (r *Read) PlanOf(visit term.VisitID) (Plan, error) {
	return load[Plan](r, "visit_id = ? AND state <> 'void' ORDER BY id DESC LIMIT 1", visit)
}

// AddPlan adds a plan and gives it its number.
func (tx *Tx) AddPlan(p *Plan) (err error) {
	if p.Number, err = tx.Number("P"); err != nil {
		return err
	}
	return tx.addRow(p)
}

// SavePlan writes a plan over the version read.
func (tx *Tx) SavePlan(p *Plan) error { return tx.saveRow(p) }

// PlanItem is one line of a plan. Prices are per session, in fen.
type PlanItem struct {
	ID             term.PlanItemID
	Version        int
	CreatedAt      term.Instant
	UpdatedAt      term.Instant
	Plan           term.PlanID
	Item           term.ItemID
	Area           string
	Dose           string
	Purpose        string // what the line is for, printed on its consent (REG-CON-03)
	Sessions       int
	IntervalDays   int
	ListFen        term.Fen
	PriceFen       term.Fen
	PriceReason    string
	ApprovedBy     term.StaffID
	OffLabelReason string
	State          string
}

func (*PlanItem) table() string { return "plan_items" }
func (*PlanItem) columns() string {
	return "id, version, created_at, updated_at, plan_id, item_id, area_sealed, dose_sealed, purpose_sealed, sessions, " +
		"interval_days, list_fen, price_fen, price_reason_sealed, approved_by, off_label_reason_sealed, state"
}

func (p *PlanItem) fields(r *Read) []any {
	return []any{
		&p.ID, &p.Version, &p.CreatedAt, &p.UpdatedAt, &p.Plan, &p.Item, sealed(r, "plan_items", &p.ID, nil, "area_sealed", &p.Area), sealed(r, "plan_items", &p.ID, nil, "dose_sealed", &p.Dose),
		sealed(r, "plan_items", &p.ID, nil, "purpose_sealed", &p.Purpose), &p.Sessions,
		&p.IntervalDays, &p.ListFen, &p.PriceFen, sealed(r, "plan_items", &p.ID, nil, "price_reason_sealed", &p.PriceReason), maybe(&p.ApprovedBy), sealed(r, "plan_items", &p.ID, nil, "off_label_reason_sealed", &p.OffLabelReason),
		&p.State,
	}
}

// PlanItem reads one line of a plan.
func (r *Read) PlanItem(id term.PlanItemID) (PlanItem, error) { return load[PlanItem](r, "id = ?", id) }

// PlanItems lists the lines of a plan that stand.
func (r *Read) PlanItems(plan term.PlanID) ([]PlanItem, error) {
	return loadAll[PlanItem](r, "plan_id = ? AND state <> 'removed' ORDER BY id LIMIT 100", plan)
}

// AddPlanItem adds a line of a plan.
func (tx *Tx) AddPlanItem(p *PlanItem) error { return tx.addRow(p) }

// SavePlanItem writes a line of a plan over the version read.
func (tx *Tx) SavePlanItem(p *PlanItem) error { return tx.saveRow(p) }
