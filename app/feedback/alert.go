package feedback

import (
	"context"
	"errors"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/banner"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/forms"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Line is one red flag in the bar and in the list.
type Line struct {
	store.Event
	Name string // of the client
	Card defaults.Card
	Due  term.Instant // by when a physician must answer
	Who  string       // who has it in hand
}

// Late says that nobody took it in time.
func (l Line) Late(now term.Instant) bool { return l.State == stateOpen && l.Due.Before(now) }

// Alerts lists the red flags that are not closed, those that nobody took first.
func (o *Office) Alerts(ctx context.Context, by access.Actor) (list []Line, err error) {
	err = o.Read(ctx, by, access.AlertView, func(r *store.Read) error {
		events, err := r.OpenEvents(100)
		if err != nil {
			return err
		}
		for _, e := range events {
			if e.Kind != RedFlag {
				continue
			}
			l, err := lineOf(r, e)
			if err != nil {
				return err
			}
			list = append(list, l)
		}
		slices.SortStableFunc(list, func(a, b Line) int {
			return strings.Compare(a.State, b.State) // open before taken
		})
		return nil
	})
	return list, err
}

func lineOf(r *store.Read, e store.Event) (l Line, err error) {
	c, err := r.Client(e.Client)
	if err != nil {
		return l, err
	}
	l = Line{Event: e, Name: c.Name, Due: e.OpenedAt.Add(within(e))}
	l.Card, _ = defaults.CardOf(e.Code)
	l.Card.Title = defaults.CardTitle(e.Code)
	if e.TakenBy != 0 {
		who, err := r.Staff(e.TakenBy)
		if err != nil {
			return l, err
		}
		l.Who = who.Name
	}
	return l, nil
}

// Alert is the page of one red flag.
type Alert struct {
	Line
	Banner    *banner.View
	Phone     string // whole, for those who see phones: a physician must call at once
	Treatment store.Treatment
	Item      store.Item
	Operator  string
	Lots      []string
	Steps     []Step
	Reports   []store.Answer // F11 of the treatment or visit
}

// Step is one step of the emergency card, with its stamp.
type Step struct {
	No   int
	Text string
	At   term.Instant
	Who  string
}

// Open reads one red flag; that the client's data were seen is noted.
func (o *Office) Open(ctx context.Context, by access.Actor, id term.EventID) (a Alert, err error) {
	var e store.Event
	err = o.Read(ctx, by, access.AlertView, func(r *store.Read) error {
		e, err = event(r, id)
		return err
	})
	if err != nil {
		return a, err
	}
	err = o.View(ctx, by, access.AlertView, e.Client, func(r *store.Read) error {
		a, err = alertOf(r, by, e)
		return err
	})
	return a, err
}

func event(r *store.Read, id term.EventID) (store.Event, error) {
	e, err := r.Event(id)
	if errors.Is(err, store.ErrNotFound) {
		return e, fault.NotFound("event").Because(err)
	}
	return e, err
}

func alertOf(r *store.Read, by access.Actor, e store.Event) (a Alert, err error) {
	if a.Line, err = lineOf(r, e); err != nil {
		return a, err
	}
	if a.Banner, err = banner.Of(r, by, e.Client); err != nil {
		return a, err
	}
	if by.Sees(access.FieldPhone) {
		c, err := r.Client(e.Client)
		if err != nil {
			return a, err
		}
		a.Phone = c.Phone
	}
	a.Card = a.Card.In(by.Lang)
	for i, text := range a.Card.Steps {
		s := Step{No: i + 1, Text: text}
		for _, done := range e.Steps {
			if done.Card != e.Code || done.No != s.No {
				continue
			}
			who, err := r.Staff(done.Staff)
			if err != nil {
				return a, err
			}
			s.At, s.Who = done.At, who.Name
		}
		a.Steps = append(a.Steps, s)
	}
	if a.Reports, err = reportsOf(r, e); err != nil || e.Treatment == 0 {
		return a, err
	}
	return a, a.treated(r)
}

// treated adds what was done: item, operator and lots, for the card and for F11.
func (a *Alert) treated(r *store.Read) (err error) {
	if a.Treatment, err = r.Treatment(a.Event.Treatment); err != nil {
		return err
	}
	if a.Item, err = r.Item(a.Treatment.Item); err != nil {
		return err
	}
	if a.Treatment.Operator != 0 {
		who, err := r.Staff(a.Treatment.Operator)
		if err != nil {
			return err
		}
		a.Operator = who.Name
	}
	uses, err := r.LotUses(a.Treatment.ID)
	if err != nil {
		return err
	}
	for _, u := range uses {
		lot, err := r.Lot(u.Lot)
		if err != nil {
			return err
		}
		product, err := r.Product(lot.Product)
		if err != nil {
			return err
		}
		a.Lots = append(a.Lots, product.Name+" "+lot.Lot)
	}
	return nil
}

// reportsOf lists the adverse event forms that belong to a red flag: of the same treatment
// or visit, begun after it was opened.
func reportsOf(r *store.Read, e store.Event) (list []store.Answer, err error) {
	all, err := r.AnswersOf(e.Client, 200)
	for _, row := range all {
		if row.FormCode == "F11" && row.Treatment == e.Treatment && row.Visit == e.Visit && !row.Voided() &&
			row.State != store.AnswerAmended && !row.CreatedAt.Before(e.OpenedAt) {
			list = append(list, row)
		}
	}
	return list, err
}

// Take says that a physician has the red flag in hand. Of two at once the second is told.
func (o *Office) Take(ctx context.Context, by access.Actor, id term.EventID) error {
	return o.on(ctx, by, access.AlertTake, id, func(tx *store.Tx, e *store.Event) error {
		if err := mayTake(*e); err != nil {
			return err
		}
		e.State, e.TakenAt, e.TakenBy = stateTaken, tx.Now(), by.Staff
		return nil
	})
}

// Done says which step of which emergency card was done.
type Done struct {
	Event term.EventID
	Card  string // the card that the page showed
	No    int
}

// Stamp notes that a step of the emergency card was done now; a second stamp changes nothing.
func (o *Office) Stamp(ctx context.Context, by access.Actor, in Done) error {
	return o.on(ctx, by, access.AlertStep, in.Event, func(tx *store.Tx, e *store.Event) error {
		card, _ := defaults.CardOf(e.Code)
		if err := mayStep(*e, in.No, len(card.Steps)); err != nil {
			return err
		}
		if in.Card != e.Code { // also without one
			return store.ErrStale
		}
		if !slices.ContainsFunc(e.Steps, func(s store.EventStep) bool { return s.Card == in.Card && s.No == in.No }) {
			e.Steps = append(e.Steps, store.EventStep{Card: in.Card, No: in.No, At: tx.Now(), Staff: by.Staff})
		}
		return nil
	})
}

// Close ends a red flag with outcome and severity: the task is done and S6-07 is proved.
func (o *Office) Close(ctx context.Context, by access.Actor, in Closing) error {
	return o.on(ctx, by, access.AlertClose, in.Event, func(tx *store.Tx, e *store.Event) error {
		reports, err := reportsOf(tx.Read, *e)
		if err != nil {
			return err
		}
		signed := slices.ContainsFunc(reports, func(a store.Answer) bool { return a.State == store.AnswerSigned })
		if err := mayClose(*e, in, signed); err != nil {
			return err
		}
		if in.Version != e.Version { // also without one
			return store.ErrStale
		}
		e.State, e.ClosedAt, e.ClosedBy = stateClosed, tx.Now(), by.Staff
		e.Outcome, e.Severity = strings.TrimSpace(in.Outcome), in.Severity
		return closeTask(tx, by, e.Task)
	})
}

func closeTask(tx *store.Tx, by access.Actor, id term.TaskID) error {
	if id == 0 {
		return nil
	}
	t, err := tx.Task(id)
	if err != nil || t.State != store.TaskOpen {
		return err
	}
	return task.Done(tx, by, id, "handled", 0)
}

// on opens a write on an event, saves what fn changed and tells SOP and screens.
func (o *Office) on(ctx context.Context, by access.Actor, p access.Permission, id term.EventID, fn func(*store.Tx, *store.Event) error) error {
	return o.WriteOn(ctx, by, p, ref(id), func(tx *store.Tx) error {
		e, err := event(tx.Read, id)
		if err != nil {
			return err
		}
		if e.Kind != RedFlag {
			return fault.NotFound("event")
		}
		tx.Result("event", int64(id))
		if err := fn(tx, &e); err != nil {
			return err
		}
		if err := tx.SaveEvent(&e); err != nil {
			return err
		}
		news(tx, e)
		if e.Visit == 0 || e.State != stateClosed {
			return nil
		}
		return o.flow.Prove(tx, by, sop.Subject{Visit: e.Visit, Treatment: e.Treatment}, ProveRedFlag, ref(id))
	})
}

// Report begins the adverse event form of a red flag, with item, lots and times filled in; a
// form that stands is given back.
func (o *Office) Report(ctx context.Context, by access.Actor, id term.EventID) (answer term.AnswerID, err error) {
	err = o.WriteOn(ctx, by, access.AdverseReport, ref(id), func(tx *store.Tx) error {
		e, err := event(tx.Read, id)
		if err != nil {
			return err
		}
		a, err := alertOf(tx.Read, by, e)
		if err != nil {
			return err
		}
		if len(a.Reports) > 0 {
			answer = a.Reports[0].ID
			tx.Result(forms.Noun, int64(answer))
			return nil
		}
		answer, err = o.beginReport(tx, by, a)
		return err
	})
	return answer, err
}

// beginReport begins F11 about the event of an alert, with what the house knows filled in.
func (o *Office) beginReport(tx *store.Tx, by access.Actor, a Alert) (term.AnswerID, error) {
	e := a.Event
	f, err := o.forms.Begin(tx, by, forms.Start{Code: "F11", Again: true, Subject: form.Subject{
		Client: e.Client, Visit: e.Visit, Treatment: e.Treatment,
	}})
	if err != nil {
		return 0, err
	}
	tx.Result(forms.Noun, int64(f.Row.ID))
	finder, err := finderOf(tx.Read, e)
	if err != nil {
		return 0, err
	}
	answers := prefilled(f.Answers, a, tx.Read, by.Lang)
	if finder != "" {
		answers.Set("found_by", finder)
	}
	_, err = form.Save(tx, by, f.Row.ID, f.Row.Version, answers)
	return f.Row.ID, err
}

// finderOf is the name of who heard of the event first: who made the call, not who answered it.
func finderOf(r *store.Read, e store.Event) (string, error) {
	if e.OpenedBy == 0 {
		return "", nil
	}
	s, err := r.Staff(e.OpenedBy)
	return s.Name, err
}

// prefilled puts what the house knows already into a new F11.
func prefilled(answers form.Answers, a Alert, r *store.Read, lang words.Lang) form.Answers {
	for link, value := range map[string]string{
		"found_on": string(a.OpenedAt.Day(r.Zone())), "found_at": a.OpenedAt.Clock(r.Zone()),
		"procedure": strings.TrimSpace(a.Item.Name + " " + a.Treatment.Number), "lot": strings.Join(a.Lots, "; "),
		"description": a.Note, "timeline": timeline(a, r, lang),
	} {
		if value != "" {
			answers.Set(link, value)
		}
	}
	return answers
}

// timeline writes the stamps as lines of time and deed.
func timeline(a Alert, r *store.Read, lang words.Lang) string {
	var lines []string
	add := func(at term.Instant, text string) {
		if !at.IsZero() {
			lines = append(lines, at.Stamp(r.Zone())+" "+text)
		}
	}
	add(a.Treatment.StartedAt, strings.TrimSpace(a.Item.Name+" "+a.Operator))
	add(a.OpenedAt, a.Note)
	add(a.TakenAt, lang.T("feedback.by", a.Who))
	for _, s := range a.Steps {
		add(s.At, s.Text)
	}
	return strings.Join(lines, "\n")
}
