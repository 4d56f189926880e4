package procedure

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/engine/sop"
	"meixu/app/feedback"
	"meixu/app/finance"
	"meixu/app/inventory"
	"meixu/store"
	"meixu/store/term"
)

// Line is one treatment in the list.
type Line struct {
	store.Treatment
	Item, ItemEN, Client, ClientNo string
	Operator, Room                 string
	Visit                          store.Visit
}

// Filter narrows the list.
type Filter struct {
	State    string // "" all
	Mine     bool   // those that I operate
	Operator term.StaffID
}

// Today lists the treatments that concern the house today, those in progress first.
func (s *Suite) Today(ctx context.Context, by access.Actor, f Filter) (list []Line, err error) {
	err = s.Read(ctx, by, access.ProcedureView, func(r *store.Read) error {
		all, err := r.TreatmentsToday(300)
		if err != nil {
			return err
		}
		names, err := r.StaffNames()
		if err != nil {
			return err
		}
		for _, t := range all {
			if f.State != "" && string(t.State) != f.State || f.Mine && t.Operator != by.Staff {
				continue
			}
			l, err := lineOf(r, t, names)
			if err != nil {
				return err
			}
			list = append(list, l)
		}
		slices.SortStableFunc(list, func(a, b Line) int { return rank(a.State) - rank(b.State) })
		return nil
	})
	return list, err
}

func lineOf(r *store.Read, t store.Treatment, names map[term.StaffID]string) (Line, error) {
	l := Line{Treatment: t, Operator: names[t.Operator]}
	item, err := r.Item(t.Item)
	if err != nil {
		return l, err
	}
	c, err := r.Client(t.Client)
	if err != nil {
		return l, err
	}
	l.Item, l.ItemEN, l.Client, l.ClientNo = item.Name, item.NameEN, c.Name, c.Number
	if t.Room != 0 {
		room, err := r.Room(t.Room)
		if err != nil {
			return l, err
		}
		l.Room = room.Name
	}
	l.Visit, err = r.Visit(t.Visit)
	return l, err
}

// rank orders the list: who is on the table, who is watched, who is next, who is done.
func rank(s term.TreatmentState) int {
	order := []term.TreatmentState{
		term.TreatmentInProgress, term.TreatmentObserving, term.TreatmentSignedOut, term.TreatmentTimedOut,
		term.TreatmentSignedIn, term.TreatmentScheduled, term.TreatmentStopped, term.TreatmentReleased, term.TreatmentCancelled,
	}
	return slices.Index(order, s)
}

// Page is all that the page of a treatment shows.
type Page struct {
	store.Treatment
	Item     store.Item
	Visit    store.Visit
	Banner   *banner.View
	Stepper  *sop.Stepper
	Operator string
	Nurse    string
	Room     string
	Device   string
	Gate     []Row // before the start
	Missing  int   // red rows
	Run      []Row // from the start on
	Uses     []inventory.UseRow
	Tallies  []Tally
	Matched  bool
	Notes    []store.TreatmentNote
	Names    map[term.StaffID]string
	Record   *store.Answer
	Photos   []store.Media
	views    []string // baseline photos still to be taken
	Left     int      // minutes of observation left
	TimeOut  bool
	Sessions int // sessions left on the line
	SkinTest *store.TreatmentNote
	Versions []store.Answer // records that were amended
	Report   term.AnswerID  // the adverse event form (F11); 0 when none was begun
	Seen     string         // fingerprint of the record as it stands here; its signature carries it
	Leave    string         // fingerprint of the observation, while the client has not left
}

// Before says that the treatment has not begun.
func (p Page) Before() bool { return slices.Contains(before, p.State) }

// Running says that the client is on the table.
func (p Page) Running() bool { return p.State == term.TreatmentInProgress }

// Watched says that reactions may be noted: the client is on the table or observed, after a
// stop too.
func (p Page) Watched() bool {
	return p.Running() || p.Over() && p.State != term.TreatmentReleased && p.ReleasedAt.IsZero()
}

// Over says that the procedure ended, whole or stopped.
func (p Page) Over() bool { return slices.Contains(ended, p.State) }

// Reactions lists the reactions, newest first.
func (p Page) Reactions() []store.TreatmentNote {
	var list []store.TreatmentNote
	for _, n := range p.Notes {
		if n.Kind == "reaction" {
			list = append(list, n)
		}
	}
	slices.Reverse(list)
	return list
}

// Alarm is the emergency card of the newest reaction that wanted one while the client is on
// the table or watched; "" when there is none.
func (p Page) Alarm() string {
	for _, n := range p.Reactions() {
		if !n.Body.Alarm {
			continue
		}
		sign, _ := signOf(n.Body.Sign)
		return sign.card()
	}
	return ""
}

// Look reads the page of one treatment; that it was seen is noted (rulings 10).
func (s *Suite) Look(ctx context.Context, by access.Actor, id term.TreatmentID) (p Page, err error) {
	err = s.ViewOf(ctx, by, access.ProcedureView, func(r *store.Read) (term.ClientID, error) {
		p, err = s.page(r, by, id)
		return p.Client, err
	})
	return p, err
}

func (s *Suite) clientOf(ctx context.Context, by access.Actor, id term.TreatmentID) (client term.ClientID, err error) {
	err = s.Read(ctx, by, access.ProcedureView, func(r *store.Read) error {
		t, err := read(r, id)
		client = t.Client
		return err
	})
	return client, err
}

func (s *Suite) page(r *store.Read, by access.Actor, id term.TreatmentID) (p Page, err error) {
	if p.Treatment, err = read(r, id); err != nil {
		return p, err
	}
	for _, part := range []func() error{
		func() (err error) { p.Item, err = r.Item(p.Treatment.Item); return err },
		func() (err error) { p.Visit, err = r.Visit(p.Treatment.Visit); return err },
		func() (err error) { p.Banner, err = banner.Of(r, by, p.Client); return err },
		func() (err error) { p.Stepper, err = s.flow.Stepper(r, p.Treatment.Visit, by.Lang); return err },
		func() (err error) { p.Names, err = r.StaffNames(); return err },
		func() (err error) { p.Uses, err = inventory.Uses(r, id); return err },
		func() (err error) { p.Notes, err = r.TreatmentNotes(id); return err },
		func() (err error) { p.Sessions, err = finance.SessionsLeft(r, p.Line); return err },
		func() error { return p.readPlace(r) },
		func() error { return p.readRecord(r) },
		func() (err error) { p.Seen, err = recordSeen(r, p.Treatment); return err },
		func() (err error) { p.Leave, err = p.leaving(r); return err },
		func() (err error) { p.Report, err = p.readReport(r); return err },
		func() error { return s.readRows(r, &p) },
	} {
		if err := part(); err != nil {
			return p, err
		}
	}
	p.Operator, p.Nurse = p.Names[p.Treatment.Operator], p.Names[p.Treatment.Nurse]
	p.Left = minutesLeft(p.ObserveUntil, r.Now())
	if n, ok := lastNote(p.Notes, "skintest"); ok {
		p.SkinTest = &n
	}
	return p, nil
}

// leaving is what a release carries; "" where nobody is about to leave.
func (p *Page) leaving(r *store.Read) (string, error) {
	if !p.Over() || !p.ReleasedAt.IsZero() {
		return "", nil
	}
	return leavingSeen(r, p.Treatment)
}

// readReport finds the adverse event form where one is called for: after a stop.
func (p *Page) readReport(r *store.Read) (term.AnswerID, error) {
	if p.State != term.TreatmentStopped {
		return 0, nil
	}
	return feedback.ReportOf(r, p.Treatment)
}

// Counted are the uses that a count tells: all but what went back before the start.
func (p Page) Counted() (list []inventory.UseRow) {
	for _, u := range p.Uses {
		if !putBackBefore(u, p.Treatment) {
			list = append(list, u)
		}
	}
	return list
}

// Toxic says that a toxic drug was used.
func (p Page) Toxic() bool {
	return slices.ContainsFunc(p.Tallies, func(t Tally) bool { return t.Toxic })
}

// Recounts says that everything was counted before: the count is told anew, with a reason.
func (p Page) Recounts() bool {
	list := p.Counted()
	return len(list) > 0 && !slices.ContainsFunc(list, inventory.UseRow.Open)
}

func (p *Page) readPlace(r *store.Read) error {
	if p.Treatment.Room != 0 {
		room, err := r.Room(p.Treatment.Room)
		if err != nil {
			return err
		}
		p.Room = room.Name
	}
	if p.Treatment.Device != 0 {
		d, err := r.Device(p.Treatment.Device)
		if err != nil {
			return err
		}
		p.Device = d.Name
	}
	shown, err := shotsOf(r, p.Treatment, p.Item)
	p.Photos, p.views = shown.all, viewsLeft(p.Item, shown.before)
	return err
}

func (p *Page) readRecord(r *store.Read) error {
	row, err := r.TreatmentAnswer(p.ID, FormRecord.code(p.Item))
	if err == nil {
		newest := row
		p.Record = &newest
	} else if !isNone(err) {
		return err
	}
	for p.Record != nil && row.Supersedes != 0 {
		if row, err = r.Answer(row.Supersedes); err != nil {
			return err
		}
		p.Versions = append(p.Versions, row)
	}
	tallies, record, err := tally(r, p.Treatment, p.Item)
	p.Tallies, p.Matched = tallies, err == nil && matches(tallies, record) == nil
	return err
}
