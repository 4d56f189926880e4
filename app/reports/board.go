package reports

import (
	"context"
	"slices"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/engine/patience"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/app/keeping"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// lateShown bounds the list of overdue clocks on the board.
const lateShown = 60

// Board is the clinic of this moment.
type Board struct {
	At         term.Instant
	Open       int // visits in the house
	Lanes      []Lane
	Coming     []Coming
	Late       []Late
	Alerts     int // red flags and adverse events that nobody closed
	Backup     term.Instant
	BackupLate bool
	Drill      term.Instant
	DrillLate  bool
	Record     keeping.Record
	LongLog    keeping.LongLog
	Owed       keeping.Owed
	Sides      []Section // what else the day asks for, as far as the reader may see it
}

// Lane is one station with the clients who are there.
type Lane struct {
	Station term.Station
	Cards   []Card
}

// Card is one visit on the board.
type Card struct {
	Visit   term.VisitID
	Client  term.ClientID
	Number  string // of the queue, else of the visit
	Name    string // masked for those who may not find clients
	Station term.Station
	Since   term.Instant // at the station
	Limit   int          // minutes
	Who     string       // name of the person who is on it
	Room    string
	Next    *sop.Pending
	Line    *sop.Stepper
	Score   int // percent
	Late    bool
	Badges  []banner.Badge
	Items   []string // what is being treated
	CardStep
}

// Coming is a booking of today that has not arrived.
type Coming struct {
	Client   term.ClientID
	Name     string
	Item     string
	Staff    string
	Room     string
	StartsAt term.Instant
	State    term.AppointmentState
	Late     bool
	Missed   bool // late beyond the grace, and not in the house
	ID       term.AppointmentID
	Lead     term.LeadID
}

// Late is one clock that ran out: a step of the SOP or a task.
type Late struct {
	Visit  term.VisitID
	Task   term.TaskID // 0 for a step
	Kind   string      // of the task
	Name   string
	Title  string
	Rule   string
	Role   string
	DueAt  term.Instant
	Red    bool // a red flag
	Client term.ClientID
}

// boardFacts are the rows from which a board is drawn.
type boardFacts struct {
	visits   []store.BoardVisit
	surveys  map[term.VisitID]sop.Survey
	rows     []store.TreatmentRow
	coming   []store.ComingRow
	late     []sop.Late
	tasks    []store.Task
	seen     map[term.VisitID]store.Visit // visits of late clocks
	clients  map[term.ClientID]store.Client
	leads    map[term.LeadID]store.Lead
	debtors  map[term.ClientID]bool
	by       access.Actor
	now      term.Instant
	zone     *time.Location
	limits   patience.Limits
	mayName  bool
	mayAlarm bool
}

// Board reads the clinic of this moment as the actor may see it.
func (o *Office) Board(ctx context.Context, by access.Actor) (b Board, err error) {
	err = o.Read(ctx, by, access.BoardView, func(r *store.Read) error {
		f, err := o.boardFacts(r, by)
		if err != nil {
			return err
		}
		events, err := r.OpenEvents(500)
		b = Board{At: r.Now(), Open: len(f.visits), Lanes: f.lanes(), Coming: f.expected(), Late: f.overdue(), Alerts: len(events)}
		if err != nil {
			return err
		}
		b.Sides, err = o.sides(r, &f)
		return err
	})
	if err != nil {
		return b, err
	}
	b.Backup, err = o.Keeper.LastBackup(ctx)
	if err != nil {
		return b, err
	}
	b.Drill, err = o.Keeper.LastDrill(ctx)
	b.BackupLate, b.DrillLate = keeping.Late(b.Backup, b.At), keeping.Late(b.Drill, b.At)
	if err != nil {
		return b, err
	}
	b.LongLog, b.Owed = o.Keeper.LongLog(), o.Keeper.Owed()
	b.Record, err = o.Keeper.Record(ctx)
	return b, err
}

func (o *Office) boardFacts(r *store.Read, by access.Actor) (f boardFacts, err error) {
	f = boardFacts{by: by, now: r.Now(), zone: r.Zone(), mayName: by.May(access.ClientFind), mayAlarm: by.Sees(access.FieldAlarm) && by.May(access.ClientFind)}
	if f.visits, err = r.BoardVisits(); err != nil {
		return f, err
	}
	if f.limits, err = patience.Of(r); err != nil {
		return f, err
	}
	ids := make([]term.VisitID, len(f.visits))
	clients := map[term.ClientID]bool{}
	for i, v := range f.visits {
		ids[i] = v.ID
		clients[v.Client] = true
	}
	if f.surveys, err = o.SOP.Standing(r, ids, by.Lang); err != nil {
		return f, err
	}
	if f.rows, err = r.TreatmentRowsOpen(); err != nil {
		return f, err
	}
	if err := f.addLate(r, o.SOP); err != nil {
		return f, err
	}
	return f, f.addPeople(r, clients)
}

func (f *boardFacts) addLate(r *store.Read, engine *sop.Engine) (err error) {
	today := r.Today()
	if f.coming, err = r.Coming(today.Start(r.Zone()), today.End(r.Zone()), 200); err != nil {
		return err
	}
	if f.late, err = engine.Overdue(r, lateShown); err != nil {
		return err
	}
	if f.tasks, err = r.LateTasks(lateShown); err != nil {
		return err
	}
	visits := make([]term.VisitID, 0, len(f.late))
	for _, l := range f.late {
		visits = append(visits, l.Visit)
	}
	f.seen, err = r.VisitsIn(visits)
	return err
}

// addPeople reads all names in one query each.
func (f *boardFacts) addPeople(r *store.Read, clients map[term.ClientID]bool) (err error) {
	leads := []term.LeadID{}
	for _, c := range f.coming {
		clients[c.Client] = true
		if c.Client == 0 {
			leads = append(leads, c.Lead)
		}
	}
	for _, v := range f.seen {
		clients[v.Client] = true
	}
	for _, t := range f.tasks {
		clients[t.Client] = true
		if id := task.InquiryOf(t); id != 0 {
			leads = append(leads, id)
		}
	}
	ids := make([]term.ClientID, 0, len(clients))
	for id := range clients {
		ids = append(ids, id)
	}
	if f.clients, err = r.ClientsIn(ids); err != nil {
		return err
	}
	if f.leads, err = r.LeadsIn(leads); err != nil || !f.by.Sees(access.FieldMoney) {
		return err
	}
	f.debtors, err = r.Debtors(ids)
	return err
}

// name is the client's name as the actor may see it.
func (f *boardFacts) name(id term.ClientID) string {
	name := f.clients[id].Name
	if f.mayName || name == "" {
		return name
	}
	return term.MaskName(name)
}

// about is whom a task is about: a client, or who asked and has no file.
func (f *boardFacts) about(t store.Task) string {
	if id := task.InquiryOf(t); id != 0 {
		return f.shown(f.leads[id].Name)
	}
	return f.name(t.Client)
}

func (f *boardFacts) lanes() []Lane {
	at := map[term.Station][]Card{}
	for _, v := range f.visits {
		at[v.Station] = append(at[v.Station], f.card(v))
	}
	lanes := make([]Lane, 0, len(Lanes))
	for _, s := range Lanes {
		lanes = append(lanes, Lane{s, at[s]})
	}
	return lanes
}

func (f *boardFacts) card(v store.BoardVisit) Card {
	c := Card{
		Visit: v.ID, Client: v.Client, Number: v.Ticket, Name: f.name(v.Client), Station: v.Station, Since: v.StationAt,
		Limit: Limit(v.Station), Who: v.ConsultantName, Room: v.Room,
	}
	if c.Number == "" {
		c.Number = v.Number
	}
	if v.PhysicianName != "" && v.Station != term.AtWaiting && v.Station != term.AtConsultation && v.Station != term.AtPlan {
		c.Who = v.PhysicianName
	}
	for _, t := range f.rows {
		if t.Visit != v.ID {
			continue
		}
		c.Items = append(c.Items, words.Text{ZH: t.ItemName, EN: t.ItemNameEN}.In(f.by.Lang))
		if t.OperatorName != "" && (v.Stage == term.StagePreOp || v.Stage == term.StageProcedure) {
			c.Who = t.OperatorName
		}
		if t.RoomName != "" {
			c.Room = t.RoomName
		}
	}
	if s, ok := f.surveys[v.ID]; ok {
		c.Next, c.Line, c.Score = s.Next, s.Line, s.Score.Percent()
	}
	for _, l := range f.late {
		c.Late = c.Late || l.Visit == v.ID
	}
	c.Badges = marks(v, f.mayAlarm && f.clients[v.Client].Alarmed(), f.debtors[v.Client])
	f.waits(&c, v)
	c.CardStep = f.step(v)
	return c
}

// waits gives a card in the waiting room the limit of its tier, from the arrival, and marks it when
// that was crossed.
func (f *boardFacts) waits(c *Card, v store.BoardVisit) {
	s := patience.Stay{
		Arrived: v.ArrivedAt, Called: v.CalledAt, Level: patience.LevelOf(v.VIP, f.clients[v.Client].Tier),
		InRoom: v.Station != term.AtWaiting || v.TicketState == term.TicketServing || v.TicketState == term.TicketDone,
	}
	limit := f.limits.Now(s)
	if limit == 0 {
		return
	}
	c.Since, c.Limit = v.ArrivedAt, limit
	if f.now.Sub(v.ArrivedAt) > time.Duration(limit)*time.Minute {
		c.Late = true
		c.Badges = append(c.Badges, banner.Badge{Key: "floor.badge.waited", Tone: "red", Icon: "clock-exclamation"})
	}
}

func (f *boardFacts) expected() []Coming {
	list := make([]Coming, 0, len(f.coming))
	for _, c := range f.coming {
		row := Coming{
			Client: c.Client, Name: f.name(c.Client), Item: words.Text{ZH: c.ItemName, EN: c.ItemNameEN}.In(f.by.Lang), Staff: c.StaffName, Room: c.RoomName,
			StartsAt: c.StartsAt, State: c.State, Late: c.StartsAt.Before(f.now), ID: c.ID, Lead: c.Lead,
		}
		here := slices.ContainsFunc(f.visits, func(v store.BoardVisit) bool { return c.Client != 0 && v.Client == c.Client })
		row.Missed = !here && patience.Missed(c.StartsAt, f.now)
		if c.Client == 0 {
			row.Name = term.MaskName(f.leads[c.Lead].Name)
			if f.mayName {
				row.Name = f.leads[c.Lead].Name
			}
		}
		list = append(list, row)
	}
	return list
}

// called says that a clock is that of a follow-up call whose task is late as well: one matter,
// told once.
func (f *boardFacts) called(l sop.Late) bool {
	return strings.HasPrefix(l.Prove, "followup.") && slices.ContainsFunc(f.tasks, func(t store.Task) bool {
		return t.Kind == task.Followup && t.Treatment == l.Treatment
	})
}

// overdue is what ran out in the whole house, each matter once. The top bar counts another
// thing, the reader's own tasks (task.Badge), and says so.
func (f *boardFacts) overdue() []Late {
	list := make([]Late, 0, len(f.late)+len(f.tasks))
	for _, t := range f.tasks {
		if t.Kind == ClockTask {
			continue // its clock is in the list already
		}
		list = append(list, Late{
			Visit: t.Visit, Task: t.ID, Kind: t.Kind, Client: t.Client, Name: f.about(t), Title: task.Title(t, f.by.Lang),
			Role: t.Role, DueAt: t.DueAt, Red: t.Priority == task.RedFlag,
		})
	}
	for _, l := range f.late {
		if f.called(l) {
			continue
		}
		client := f.seen[l.Visit].Client
		list = append(list, Late{
			Visit: l.Visit, Client: client, Name: f.name(client), Title: l.Title.In(f.by.Lang), Rule: l.Rule, Role: l.Role, DueAt: l.DueAt,
		})
	}
	return list
}
