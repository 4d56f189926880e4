package consultation

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/engine/document"
	"meixu/store"
	"meixu/store/term"
)

// What a person of a duty has to do next for a client, as words keys.
const (
	NextReceive = "consultation.next.receive"
	NextNeed    = "consultation.next.need"
	NextTalk    = "consultation.next.talk"
	NextReview  = "consultation.next.review"
	NextForm    = "consultation.next.form" // the client has the questionnaire in hand
	NextSkin    = "consultation.next.skin"
	NextExam    = "consultation.next.exam"
	NextPlan    = "consultation.next.plan"
	NextApprove = "consultation.next.approve"
	NextPapers  = "consultation.next.papers"
	NextSign    = "consultation.next.sign"
	NextOrder   = "consultation.next.order"
	NextWait    = "consultation.next.wait"
)

// Row is a client in the list.
type Row struct {
	Visit      store.Visit
	Client     store.Client
	Ticket     string
	Consultant string
	Mine       bool
	Next       string // words key
	Where      string
}

// List reads the clients who are in consultation, examination or plan: what waits for the
// actor first. It asks the same few questions however many clients there are.
func (d *Desk) List(ctx context.Context, by access.Actor) (rows []Row, err error) {
	err = d.Read(ctx, by, access.ConsultView, func(r *store.Read) error {
		far, err := inConsultation(r)
		for _, p := range far {
			rows = append(rows, p.row(by))
		}
		slices.SortStableFunc(rows, mineFirst)
		return err
	})
	return rows, err
}

// Waiting gives the visits in which it is the actor's turn, as the list marks them.
func Waiting(r *store.Read, by access.Actor) (rows []Row, err error) {
	far, err := inConsultation(r)
	for _, p := range far {
		if row := p.row(by); row.Mine {
			rows = append(rows, row)
		}
	}
	return rows, err
}

// inConsultation reads the clients who are in consultation, examination or plan.
func inConsultation(r *store.Read) ([]progress, error) {
	visits, err := r.OpenVisits()
	if err != nil {
		return nil, err
	}
	return howFar(r, slices.DeleteFunc(visits, func(v store.Visit) bool { return v.Stage > term.StagePlan || v.Station == term.AtTill }))
}

func mineFirst(a, b Row) int {
	switch {
	case a.Mine == b.Mine:
		return 0
	case a.Mine:
		return -1
	}
	return 1
}

// howFar reads how far each of the visits has come, in their order.
func howFar(r *store.Read, visits []store.Visit) ([]progress, error) {
	ids, clients := make([]term.VisitID, len(visits)), make([]term.ClientID, len(visits))
	for i, v := range visits {
		ids[i], clients[i] = v.ID, v.Client
	}
	rows, err := r.ConsultRows(ids)
	if err != nil {
		return nil, err
	}
	people, err := r.ClientsIn(clients)
	list := make([]progress, 0, len(visits))
	for _, v := range visits {
		list = append(list, progress{rows[v.ID], v, people[v.Client]})
	}
	return list, err
}

func (p progress) row(by access.Actor) Row {
	row := Row{
		Visit: p.visit, Client: p.client, Ticket: p.Ticket, Consultant: p.Consultant, Next: p.next(by), Where: VisitPath(p.visit.ID),
	}
	row.Mine = row.Next != NextWait && row.Next != NextForm && !othersClient(by, p.visit)
	if p.Plan != 0 && slices.Contains([]string{NextApprove, NextPapers, NextSign, NextOrder}, row.Next) {
		row.Where = PlanPath(p.Plan)
	}
	return row
}

// othersClient says that a consultant or physician looks at the client of another one.
func othersClient(by access.Actor, v store.Visit) bool {
	return by.Is(access.Consultant) && v.Consultant != 0 && v.Consultant != by.Staff ||
		by.Is(access.Physician) && v.Physician != 0 && v.Physician != by.Staff
}

// progress is how far a visit has come.
type progress struct {
	store.ConsultRow
	visit  store.Visit
	client store.Client
}

// signed says that a form of the visit is signed.
func (p progress) signed(code string) bool { return slices.Contains(p.Signed, code) }

// fit says that a physician has examined the client and allows treatment.
func (p progress) fit() bool { return p.Verdict == VerdictFit }

// waits says that a paper waits for the signature of one of the capacities.
func (p progress) waits(roles ...document.Role) bool {
	return slices.ContainsFunc(roles, func(role document.Role) bool { return slices.Contains(p.Unsigned, string(role)) })
}

// next says what a person of the actor's duty does next.
func (p progress) next(by access.Actor) string {
	switch {
	case by.Is(access.Nurse):
		return p.nurses()
	case by.Is(access.Physician):
		return p.physicians()
	case by.Is(access.Consultant):
		return p.consultants()
	}
	return NextWait
}

func (p progress) nurses() string {
	switch {
	case !p.signed(FormHealth):
		return NextForm
	case !p.signed(FormNurse):
		return NextReview
	case !p.signed(FormSkin):
		return NextSkin
	}
	return NextWait
}

func (p progress) physicians() string {
	switch {
	case p.PlanState == term.PlanDraft && p.fit() && p.Lines > 0:
		return NextApprove
	case p.waits(document.Physician):
		return NextSign
	case !p.fit() && p.signed(FormHealth) && p.signed(FormNurse):
		return NextExam
	case !p.fit():
		return NextForm
	}
	return NextWait
}

func (p progress) consultants() string {
	switch {
	case p.visit.Station == term.AtWaiting:
		return NextReceive
	case !p.signed(FormNeed) && !p.signed(FormTalk):
		return NextNeed
	case !p.signed(FormTalk):
		return NextTalk
	case p.Lines == 0 && !p.fit():
		return NextWait // the physician examines first (S2-05)
	case p.Plan == 0 || p.Lines == 0:
		return NextPlan
	case p.PlanState == term.PlanDraft:
		return NextWait
	case p.PlanState == term.PlanApproved:
		return NextPapers
	case p.waits(document.Client, document.Consultant, document.Guardian):
		return NextSign
	case p.PlanState == term.PlanOrdered:
		return NextWait
	}
	return NextOrder
}

// PlanRow is a plan in the list of plans.
type PlanRow struct {
	Row
	ID     term.PlanID
	Number string
	State  term.PlanState
	Total  term.Fen // 0 for those who do not see money (rulings 32)
}

// Plans lists the plans of the visits in the house.
func (d *Desk) Plans(ctx context.Context, by access.Actor) (rows []PlanRow, err error) {
	err = d.Read(ctx, by, access.ConsultView, func(r *store.Read) error {
		visits, err := r.OpenVisits()
		if err != nil {
			return err
		}
		far, err := howFar(r, visits)
		for _, p := range far {
			if p.Plan == 0 {
				continue
			}
			made := PlanRow{Row: p.row(by), ID: p.Plan, Number: p.PlanNumber, State: p.PlanState}
			if by.Sees(access.FieldMoney) {
				made.Total = p.TotalFen
			}
			rows = append(rows, made)
		}
		return err
	})
	return rows, err
}
