package consultation

import (
	"context"
	"errors"

	"meixu/app/access"
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
// actor first.
func (d *Desk) List(ctx context.Context, by access.Actor) (rows []Row, err error) {
	err = d.Read(ctx, by, access.ConsultView, func(r *store.Read) error {
		visits, err := r.OpenVisits()
		if err != nil {
			return err
		}
		var rest []Row
		for _, v := range visits {
			if v.Stage > term.StagePlan || v.Station == term.AtTill {
				continue
			}
			row, err := d.row(r, by, v)
			if err != nil {
				return err
			}
			if row.Mine {
				rows = append(rows, row)
			} else {
				rest = append(rest, row)
			}
		}
		rows = append(rows, rest...)
		return nil
	})
	return rows, err
}

func (d *Desk) row(r *store.Read, by access.Actor, v store.Visit) (row Row, err error) {
	row = Row{Visit: v, Where: VisitPath(v.ID)}
	if row.Client, err = r.Client(v.Client); err != nil {
		return row, err
	}
	ticket, err := r.TicketOf(v.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return row, err
	}
	row.Ticket = ticket.Number
	if row.Consultant, err = staffName(r, v.Consultant); err != nil {
		return row, err
	}
	has, err := progressOf(r, v)
	if err != nil {
		return row, err
	}
	row.Next = has.next(by)
	row.Mine = row.Next != NextWait && row.Next != NextForm && !othersClient(by, v)
	if has.plan.ID != 0 && (row.Next == NextApprove || row.Next == NextPapers || row.Next == NextSign || row.Next == NextOrder) {
		row.Where = PlanPath(has.plan.ID)
	}
	return row, nil
}

// othersClient says that a consultant looks at the client of another one.
func othersClient(by access.Actor, v store.Visit) bool {
	return by.Is(access.Consultant) && v.Consultant != 0 && v.Consultant != by.Staff
}

// progress is how far a visit has come.
type progress struct {
	visit                                          store.Visit
	need, talk, health, nurse, skin, exam, waiting bool
	plan                                           store.Plan
	lines                                          int
	unsigned                                       map[string]bool // capacities that have yet to sign a paper
}

func progressOf(r *store.Read, v store.Visit) (p progress, err error) {
	p = progress{visit: v, waiting: v.Station == term.AtWaiting, unsigned: map[string]bool{}}
	answers, err := r.AnswersOfVisit(v.ID)
	if err != nil {
		return p, err
	}
	for _, a := range answers {
		if a.State != store.AnswerSigned {
			continue
		}
		switch a.FormCode {
		case FormNeed:
			p.need = true
		case FormTalk:
			p.talk = true
		case FormHealth:
			p.health = true
		case FormNurse:
			p.nurse = true
		case FormSkin:
			p.skin = true
		}
	}
	exam, err := r.ExamOf(v.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return p, err
	}
	p.exam = exam.Verdict == VerdictFit
	plan, ok, err := planOf(r, v.ID)
	if err != nil || !ok {
		return p, err
	}
	p.plan = plan
	lines, err := r.PlanItems(plan.ID)
	if err != nil {
		return p, err
	}
	p.lines = len(lines)
	docs, err := r.Documents(store.DocumentFilter{Client: v.Client, Plan: plan.ID, State: store.DocumentOpen})
	if err != nil {
		return p, err
	}
	for _, doc := range docs {
		signed, err := r.Signatures(doc)
		if err != nil {
			return p, err
		}
		for _, role := range doc.Signers {
			p.unsigned[role] = true
			for _, s := range signed {
				if s.Role == role {
					delete(p.unsigned, role)
				}
			}
		}
	}
	return p, nil
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
	case !p.health:
		return NextForm
	case !p.nurse:
		return NextReview
	case !p.skin:
		return NextSkin
	}
	return NextWait
}

func (p progress) physicians() string {
	switch {
	case p.plan.State == term.PlanDraft && p.exam && p.lines > 0:
		return NextApprove
	case p.unsigned["physician"]:
		return NextSign
	case !p.exam && p.health && p.nurse:
		return NextExam
	case !p.exam:
		return NextForm
	}
	return NextWait
}

func (p progress) consultants() string {
	switch {
	case p.waiting:
		return NextReceive
	case !p.need && !p.talk:
		return NextNeed
	case !p.talk:
		return NextTalk
	case p.plan.ID == 0 || p.lines == 0:
		return NextPlan
	case p.plan.State == term.PlanDraft:
		return NextWait
	case p.plan.State == term.PlanApproved:
		return NextPapers
	case p.unsigned["client"] || p.unsigned["consultant"] || p.unsigned["guardian"]:
		return NextSign
	case p.plan.State == term.PlanOrdered:
		return NextWait
	}
	return NextOrder
}

// PlanRow is a plan in the list of plans.
type PlanRow struct {
	Row
	Plan  store.Plan
	Total term.Fen
}

// Plans lists the plans of the visits in the house.
func (d *Desk) Plans(ctx context.Context, by access.Actor) (rows []PlanRow, err error) {
	err = d.Read(ctx, by, access.ConsultView, func(r *store.Read) error {
		visits, err := r.OpenVisits()
		if err != nil {
			return err
		}
		for _, v := range visits {
			p, ok, err := planOf(r, v.ID)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			row, err := d.row(r, by, v)
			if err != nil {
				return err
			}
			lines, err := r.PlanItems(p.ID)
			if err != nil {
				return err
			}
			made := PlanRow{Row: row, Plan: p}
			for _, l := range lines {
				made.Total += l.PriceFen.Times(l.Sessions)
			}
			rows = append(rows, made)
		}
		return nil
	})
	return rows, err
}
