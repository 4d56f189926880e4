package reports

import (
	"cmp"
	"context"
	"fmt"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/task"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// homeRows bounds every list of the home page; the rooms have the whole lists.
const homeRows = 12

// endingDays is how long before its last day a lot is on the storekeeper's page.
const endingDays = 60

// Section is one list of what waits for the reader.
type Section struct {
	Key   string // words key of the title
	Empty string // words key when there is nothing
	Icon  string
	More  []string // pages with the whole list; the first one that can be opened counts
	Rows  []HomeRow
}

// HomeRow is one thing that waits.
type HomeRow struct {
	Title string
	Sub   string
	Note  string   // words key of a short mark
	Tone  string   // of the mark
	Paths []string // pages on which it is done; the first one that can be opened counts
	Since term.Instant
	Limit int
	Due   term.Instant
	// Agree is where one's word is given from the row itself, to what stood there at this version.
	Agree   string
	Version int
}

// Home reads what waits for the actor now, by duty.
func (o *Office) Home(ctx context.Context, by access.Actor) (list []Section, err error) {
	err = o.Read(ctx, by, access.SignedIn, func(r *store.Read) error {
		f, err := o.boardFacts(r, by)
		if err != nil {
			return err
		}
		for _, duty := range duties {
			if !by.Is(duty.role) {
				continue
			}
			for _, read := range duty.read {
				s, err := read(o, r, &f)
				if err != nil {
					return err
				}
				list = append(list, s)
			}
		}
		s, err := tasksOf(r, by)
		list = append(list, s)
		return err
	})
	return list, err
}

type sectionOf func(o *Office, r *store.Read, f *boardFacts) (Section, error)

// duties is the table of what each duty sees first.
var duties = []struct {
	role access.Role
	read []sectionOf
}{
	{access.Physician, []sectionOf{alertsOf, examsOf, papersOf, treatmentsIn("treatments", "needle", mine), unsignedOf}},
	{access.Nurse, []sectionOf{treatmentsIn("preop", "clipboard-check", beforeStart), treatmentsIn("observing", "eye", underWay), examsOf}},
	{access.Consultant, []sectionOf{mineOf, papersOf, waitingOf}},
	{access.Reception, []sectionOf{waitingOf, comingOf, unansweredOf}},
	{access.Cashier, []sectionOf{ordersOf}},
	{access.Storekeeper, []sectionOf{lowOf, endingOf}},
	{access.Quality, []sectionOf{sampleOf, alertsOf}},
}

func (f *boardFacts) visitRow(v store.BoardVisit) HomeRow {
	row := HomeRow{
		Title: v.Ticket + " " + f.name(v.Client), Sub: v.Room, Since: v.StationAt, Limit: Limit(v.Station),
		Note: v.Station.Key(), Paths: []string{fmt.Sprintf("/visit/%d", v.ID)},
	}
	if s := f.surveys[v.ID]; s.Next != nil {
		row.Sub = s.Next.Step + " " + s.Next.Title.In(f.by.Lang)
	}
	return row
}

func (f *boardFacts) visitsAt(keep func(store.BoardVisit) bool) (rows []HomeRow) {
	for _, v := range f.visits {
		if keep(v) && len(rows) < homeRows {
			rows = append(rows, f.visitRow(v))
		}
	}
	return rows
}

func mineOf(_ *Office, _ *store.Read, f *boardFacts) (Section, error) {
	return Section{
		Key: "reports.home.mine", Empty: "reports.home.mine.none", Icon: "user-heart", More: []string{"/consultation"},
		Rows: f.visitsAt(func(v store.BoardVisit) bool { return v.Consultant == f.by.Staff }),
	}, nil
}

func waitingOf(_ *Office, _ *store.Read, f *boardFacts) (Section, error) {
	return Section{
		Key: "reports.home.queue", Empty: "reports.home.queue.none", Icon: "users-group", More: []string{"/reception/queue", "/board"},
		Rows: f.visitsAt(func(v store.BoardVisit) bool { return v.Station == term.AtWaiting }),
	}, nil
}

// examsOf lists the clients in consultation for whom it is the reader's turn: a questionnaire to
// check, an examination, a plan or consent to sign. Where the client sits does not matter.
func examsOf(o *Office, r *store.Read, f *boardFacts) (Section, error) {
	s := Section{Key: "reports.home.exams", Empty: "reports.home.exams.none", Icon: "stethoscope", More: []string{"/consultation"}}
	turns, err := o.Turns(r, f.by)
	if err != nil {
		return s, err
	}
	for _, v := range f.visits {
		turn, waits := turns[v.ID]
		if !waits || len(s.Rows) == homeRows {
			continue
		}
		row := f.visitRow(v)
		if next := f.surveys[v.ID].Next; next == nil || !f.by.Is(access.Role(next.Role)) {
			row.Sub = f.by.Lang.T(turn.Next)
		}
		row.Paths = append([]string{turn.Where}, row.Paths...)
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}

func comingOf(_ *Office, _ *store.Read, f *boardFacts) (Section, error) {
	s := Section{Key: "reports.home.coming", Empty: "reports.home.coming.none", Icon: "calendar-event", More: []string{"/reception/appointments"}}
	for _, c := range f.expected() {
		if len(s.Rows) == homeRows {
			break
		}
		row := HomeRow{
			Title: c.StartsAt.Clock(f.zone) + " " + c.Name, Sub: c.Item + " " + c.Staff, Note: c.State.Key(),
			Paths: []string{"/reception/appointments"},
		}
		if c.Client != 0 {
			row.Paths = []string{fmt.Sprintf("/client/%d", c.Client), "/reception/appointments"}
		}
		if c.Late {
			row.Note, row.Tone = "floor.coming.late", "warn"
		}
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}

// peopleOf are the clients of rows, asked for together.
func peopleOf[Row any](r *store.Read, rows []Row, of func(Row) term.ClientID) (map[term.ClientID]store.Client, error) {
	ids := make([]term.ClientID, len(rows))
	for i, row := range rows {
		ids[i] = of(row)
	}
	return r.ClientsIn(ids)
}

func alertsOf(_ *Office, r *store.Read, f *boardFacts) (Section, error) {
	s := Section{Key: "reports.home.alerts", Empty: "reports.home.alerts.none", Icon: "urgent", More: []string{"/alerts"}}
	events, err := r.OpenEvents(homeRows)
	if err != nil {
		return s, err
	}
	people, err := peopleOf(r, events, func(e store.Event) term.ClientID { return e.Client })
	for _, e := range events {
		s.Rows = append(s.Rows, HomeRow{
			Title: people[e.Client].Name, Sub: e.Number + " " + defaults.CardTitle(e.Code).In(f.by.Lang), Note: "reports.event." + e.State, Tone: "danger", Since: e.OpenedAt, Limit: 15,
			Paths: []string{fmt.Sprintf("/alerts/%d", e.ID), "/alerts", fmt.Sprintf("/client/%d", e.Client)},
		})
	}
	return s, err
}

// treatmentRows turns treatments into rows, as far as keep says.
func (f *boardFacts) treatmentRows(list []store.TreatmentRow, keep func(store.TreatmentRow) bool) (rows []HomeRow) {
	for _, t := range list {
		if !keep(t) || len(rows) == homeRows {
			continue
		}
		row := HomeRow{
			Title: f.name(t.Client) + " " + words.Text{ZH: t.ItemName, EN: t.ItemNameEN}.In(f.by.Lang), Sub: t.RoomName, Note: t.State.Key(),
			Paths: []string{fmt.Sprintf("/procedure/%d", t.ID), fmt.Sprintf("/visit/%d", t.Visit)},
		}
		if t.State == term.TreatmentObserving {
			row.Due = t.ObserveUntil
		}
		rows = append(rows, row)
	}
	return rows
}

// treatmentsIn is a section of the day's treatments, as far as keep says.
func treatmentsIn(name, icon string, keep func(t store.TreatmentRow, by access.Actor) bool) sectionOf {
	key := "reports.home." + name
	return func(_ *Office, _ *store.Read, f *boardFacts) (Section, error) {
		rows := f.treatmentRows(f.rows, func(t store.TreatmentRow) bool { return keep(t, f.by) })
		return Section{Key: key, Empty: key + ".none", Icon: icon, More: []string{"/procedure"}, Rows: rows}, nil
	}
}

func beforeStart(t store.TreatmentRow, _ access.Actor) bool {
	return t.State == term.TreatmentScheduled || t.State == term.TreatmentSignedIn || t.State == term.TreatmentTimedOut
}

func underWay(t store.TreatmentRow, _ access.Actor) bool {
	return t.State == term.TreatmentObserving || t.State == term.TreatmentSignedOut || t.State == term.TreatmentInProgress
}

func mine(t store.TreatmentRow, by access.Actor) bool {
	return t.Operator == by.Staff || t.Operator == 0
}

func unsignedOf(_ *Office, r *store.Read, f *boardFacts) (Section, error) {
	s := Section{Key: "reports.home.unsigned", Empty: "reports.home.unsigned.none", Icon: "writing", More: []string{"/procedure"}}
	rows, err := r.UnsignedRows(f.by.Staff, homeRows)
	if err != nil {
		return s, err
	}
	people, err := peopleOf(r, rows, func(t store.TreatmentRow) term.ClientID { return t.Client })
	for id, c := range people {
		f.clients[id] = c
	}
	s.Rows = f.treatmentRows(rows, func(store.TreatmentRow) bool { return true })
	return s, err
}

// papersOf are the papers that wait for the hand of who is signed in, whatever the next step
// of their visit is: the client has signed, and nobody else tells the physician.
func papersOf(_ *Office, r *store.Read, f *boardFacts) (Section, error) {
	s := Section{Key: "reports.home.papers", Empty: "reports.home.papers.none", Icon: "signature", More: []string{"/consultation/plans"}}
	var roles []string
	for _, role := range f.by.Roles {
		roles = append(roles, string(role))
	}
	rows, err := r.PapersAwaiting(roles, homeRows)
	if err != nil {
		return s, err
	}
	people, err := peopleOf(r, rows, func(p store.AwaitingRow) term.ClientID { return p.Client })
	for _, p := range rows {
		s.Rows = append(s.Rows, HomeRow{
			Title: people[p.Client].Name, Sub: p.Number, Note: "document.kind." + p.Kind, Paths: []string{fmt.Sprintf("/doc/%d", p.Document)},
		})
	}
	return s, err
}

func tasksOf(r *store.Read, by access.Actor) (Section, error) {
	s := Section{Key: "reports.home.tasks", Empty: "reports.home.tasks.none", Icon: "checklist", More: []string{"/tasks"}}
	rows, err := task.Worklist(r, by, task.Filter{Limit: homeRows})
	if err != nil {
		return s, err
	}
	people, err := peopleOf(r, rows, func(t task.Row) term.ClientID { return t.Client })
	if err != nil {
		return s, err
	}
	asked, err := task.Inquiries(r, task.Plain(rows))
	for _, t := range rows {
		row := HomeRow{Title: t.Title(by.Lang), Sub: cmp.Or(people[t.Client].Name, asked[task.InquiryOf(t.Task)].Name), Due: t.DueAt}
		if !by.May(access.ClientFind) {
			row.Sub = ""
		}
		if t.Tone == "red" {
			row.Note, row.Tone, row.Paths = "reports.home.redflag", "danger", []string{"/alerts"}
		}
		if t.Kind == task.Followup {
			row.Paths = append(row.Paths, fmt.Sprintf("/aftercare/%d", t.ID))
		}
		row.Paths = append(row.Paths, "/tasks", fmt.Sprintf("/visit/%d", t.Visit))
		s.Rows = append(s.Rows, row)
	}
	return s, err
}
