package aftercare

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/banner"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/forms"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Call is the page of one follow-up: whom to call, after what, what to ask.
type Call struct {
	Task    store.Task
	Treated []Treated // what the client is asked about: the treatments of one visit
	Client  store.Client
	Instead store.Contact // who is called where the client has no phone
	Banner  *banner.View
	Script
	Earlier []store.Task // follow-ups of the treatments
	Flags   []Flag       // red flags that the call raised
	Next    term.TaskID
}

// Flag is a red flag that a call raised, with who has it in hand.
type Flag struct {
	store.Event
	Taker string
}

// Treated is one treatment that a call is about.
type Treated struct {
	Treatment store.Treatment
	Item      store.Item
	Operator  string
	Care      defaults.Care
	Today     []defaults.CareStage
}

// Open reads the page of a follow-up; that the client's data were seen is noted.
func (d *Desk) Open(ctx context.Context, by access.Actor, id term.TaskID) (c Call, err error) {
	err = d.Read(ctx, by, access.AftercareView, func(r *store.Read) error {
		c.Task, err = followup(r, id)
		return err
	})
	if err != nil {
		return c, err
	}
	err = d.View(ctx, by, access.AftercareView, c.Task.Client, func(r *store.Read) error { return d.fill(r, by, &c) })
	return c, err
}

func followup(r *store.Read, id term.TaskID) (store.Task, error) {
	t, err := r.Task(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && (t.Kind != task.Followup || t.Treatment == 0) {
		return t, fault.NotFound("task")
	}
	return t, err
}

// instead is who is called for a client without a phone: the emergency contact, else the guardian.
func instead(c store.Client) store.Contact {
	switch {
	case c.Phone != "":
		return store.Contact{}
	case c.Emergency.Phone != "":
		return c.Emergency
	}
	return c.Guardian
}

func (d *Desk) fill(r *store.Read, by access.Actor, c *Call) (err error) {
	if c.Treated, err = treatedOf(r, c.Task); err != nil {
		return err
	}
	if c.Client, err = r.Client(c.Task.Client); err != nil {
		return err
	}
	c.Instead = instead(c.Client)
	if !by.Sees(access.FieldPhone) {
		c.Client.Phone, c.Instead.Phone = term.MaskPhone(c.Client.Phone), term.MaskPhone(c.Instead.Phone)
	}
	if c.Banner, err = banner.Of(r, by, c.Task.Client); err != nil {
		return err
	}
	for i := range c.Treated {
		t := &c.Treated[i]
		t.Care, _ = careOf(t.Item, t.Treatment, by.Lang)
		t.Today = t.Care.StagesOn(c.Task.Day)
		if t.Treatment.Operator == 0 {
			continue
		}
		who, err := r.Staff(t.Treatment.Operator)
		if err != nil {
			return err
		}
		t.Operator = who.Name
	}
	if c.Earlier, err = callsAbout(r, c.Task); err != nil {
		return err
	}
	if c.Script, err = scriptOf(r, c.Task, c.Treated); err != nil {
		return err
	}
	if err := c.flagged(r); err != nil {
		return err
	}
	c.Next, err = next(r, by, c.Task.ID)
	return err
}

// treatedOf are the treatments of a follow-up with their items.
func treatedOf(r *store.Read, t store.Task) (list []Treated, err error) {
	for _, p := range t.Parts() {
		x := Treated{}
		if x.Treatment, err = treatment(r, p.Treatment); err != nil {
			return nil, err
		}
		if x.Item, err = r.Item(x.Treatment.Item); err != nil {
			return nil, err
		}
		list = append(list, x)
	}
	return list, nil
}

// callsAbout are the follow-ups of the treatments that a follow-up is about.
func callsAbout(r *store.Read, t store.Task) (list []store.Task, err error) {
	all, err := r.TasksOfVisit(t.Visit)
	for _, x := range all {
		shares := slices.ContainsFunc(t.Parts(), func(p store.TaskPart) bool { return x.About(p.Treatment) })
		if x.Kind == task.Followup && shares {
			list = append(list, x)
		}
	}
	return list, err
}

// flagged finds the red flags that the call raised, and who took them.
func (c *Call) flagged(r *store.Read) error {
	told, err := raisedBy(r, c.Fillings)
	if err != nil {
		return err
	}
	for _, e := range slices.Concat(told...) {
		f := Flag{Event: e}
		if e.TakenBy != 0 {
			who, err := r.Staff(e.TakenBy)
			if err != nil {
				return err
			}
			f.Taker = who.Name
		}
		c.Flags = append(c.Flags, f)
	}
	return nil
}

// next is the follow-up that is due after this one.
func next(r *store.Read, by access.Actor, here term.TaskID) (term.TaskID, error) {
	rows, err := task.Worklist(r, by, task.Filter{Kind: task.Followup, Limit: 2})
	for _, row := range rows {
		if row.ID != here {
			return row.ID, err
		}
	}
	return 0, err
}

// Said is what was heard on the phone.
type Said struct {
	Task  term.TaskID
	Typed forms.Typed
}

// Keep saves what was typed so far.
// A red flag among it is raised even when the rest is refused.
func (d *Desk) Keep(ctx context.Context, by access.Actor, in Said) error {
	if err := d.alarm(ctx, by, &in); err != nil {
		return err
	}
	return d.WriteOn(ctx, by, access.FollowupCall, ref("task", int64(in.Task)), func(tx *store.Tx) error {
		tx.Result("followup", int64(in.Task))
		_, err := d.draft(tx, by, in)
		return err
	})
}

// draft brings what was typed into the task's drafts.
func (d *Desk) draft(tx *store.Tx, by access.Actor, in Said) (s Script, err error) {
	t, err := followup(tx.Read, in.Task)
	if err != nil {
		return s, err
	}
	if t.State != store.TaskOpen {
		return s, fault.Clash("task.closed", fault.Word("task.state."+string(t.State)))
	}
	if !task.Concerns(by, t) {
		return s, (&fault.Error{Kind: fault.KindForbidden, Key: "task.others"}).Ask(t.Role)
	}
	if s, err = d.papers(tx, by, t); err != nil {
		return s, err
	}
	if s.unread(in.Typed) {
		return s, store.ErrStale
	}
	said := form.Answers{}
	maps.Copy(said, in.Typed.Answers)
	if err := form.Validate(s.Template, said.Keep(s.Answers), false).Err(); err != nil {
		return s, err
	}
	return s, d.keep(tx, by, &s, in.Typed)
}

// Ended is how a call ended.
type Ended struct {
	Reached bool
	Tries   int
	Event   term.EventID // newest red flag of the call; 0 for none
	Next    term.TaskID
}

// Finish signs what was heard (S6-03 … S6-05). Nobody reached: the try counts, and the third
// asks for another channel and tells the manager. A red flag stands on the physicians'
// screens at once; signs that want a review within a day open a task for it.
func (d *Desk) Finish(ctx context.Context, by access.Actor, in Said) (out Ended, err error) {
	if err := d.alarm(ctx, by, &in); err != nil {
		return out, err
	}
	err = d.WriteOn(ctx, by, access.FollowupCall, ref("task", int64(in.Task)), func(tx *store.Tx) error {
		tx.Result("followup", int64(in.Task))
		s, v, err := d.signed(tx, by, in)
		if err != nil {
			return err
		}
		t, err := tx.Task(in.Task)
		if err != nil {
			return err
		}
		out.Reached = v.Reached
		if v.Red != "" {
			if out.Event, err = d.raise(tx, by, s, nil); err != nil {
				return err
			}
		}
		if !v.Reached && v.Red == "" {
			out.Tries, err = d.tried(tx, by, t)
			return err
		}
		if err := d.conclude(tx, by, t, s.Fillings[0].Row.ID, v); err != nil {
			return err
		}
		out.Next, err = next(tx.Read, by, t.ID)
		return err
	})
	return out, err
}

// signed signs the forms of the call and gives what they come to.
func (d *Desk) signed(tx *store.Tx, by access.Actor, in Said) (s Script, v Verdict, err error) {
	if s, err = d.draft(tx, by, in); err != nil {
		return s, v, err
	}
	if err := form.Validate(s.Template, s.Answers, true).Err(); err != nil {
		return s, v, err
	}
	v = verdictOf(s.Template, s.Answers)
	if err := mayConclude(v); err != nil {
		return s, v, err
	}
	for i, f := range s.Fillings {
		if s.Fillings[i], err = d.house.Forms.Sign(tx, by, forms.Typed{ID: f.Row.ID, Version: f.Row.Version}); err != nil {
			return s, v, err
		}
	}
	return s, v, nil
}

// conclude closes the task with the outcome and gives it to the SOP.
func (d *Desk) conclude(tx *store.Tx, by access.Actor, t store.Task, answer term.AnswerID, v Verdict) error {
	outcome := v.Outcome
	if outcome == "" {
		outcome = redFlag
	}
	if err := task.Done(tx, by, t.ID, outcome, answer); err != nil {
		return err
	}
	if (v.Review || v.Outcome == revisit) && v.Red == "" {
		if err := d.askReview(tx, t); err != nil {
			return err
		}
	}
	tx.Publish(live.Board)
	kind := ProveLater
	switch t.Day {
	case 0:
		return nil
	case 1:
		kind = ProveRisk
	case 2:
		kind = ProveFirst
	}
	for _, p := range t.Parts() { // each treatment was asked about
		on := sop.Subject{Visit: t.Visit, Treatment: p.Treatment}
		if err := d.house.Flow.Prove(tx, by, on, kind, ref("task", int64(t.ID))); err != nil {
			return err
		}
	}
	return nil
}

// askReview opens the task to get the client to the clinic within a day.
func (d *Desk) askReview(tx *store.Tx, t store.Task) error {
	_, err := task.Open(tx, task.New{
		Kind: task.CallBack, Subject: ref("task", int64(t.ID)), Key: "review", Client: t.Client, Visit: t.Visit,
		Treatment: t.Treatment, Role: access.Reception, Due: tx.Now().Add(24 * time.Hour), Warn: tx.Now().Add(4 * time.Hour),
		TitleKey: "aftercare.task.review", Day: task.NoDay, Priority: task.HardDue,
		Escalate: []task.Rung{{After: 0, Role: access.Manager}},
	})
	return err
}

// Unanswered notes a call that reached nobody, without the form.
func (d *Desk) Unanswered(ctx context.Context, by access.Actor, id term.TaskID) (tries int, err error) {
	err = d.WriteOn(ctx, by, access.FollowupCall, ref("task", int64(id)), func(tx *store.Tx) error {
		tx.Result("followup", int64(id))
		t, err := followup(tx.Read, id)
		if err != nil {
			return err
		}
		tries, err = d.tried(tx, by, t)
		return err
	})
	return tries, err
}

// tried counts a try; the third opens the task to reach the client by another channel.
func (d *Desk) tried(tx *store.Tx, by access.Actor, t store.Task) (int, error) {
	n, err := task.Attempt(tx, by, t.ID)
	if err != nil || n != defaults.CareRules().Attempts {
		return n, err
	}
	_, err = task.Open(tx, task.New{
		Kind: task.CallBack, Subject: ref("task", int64(t.ID)), Key: "channel", Client: t.Client, Visit: t.Visit,
		Treatment: t.Treatment, Role: access.Manager, Due: tx.Now().Add(4 * time.Hour), TitleKey: "aftercare.task.channel",
		Args: []string{number(t.Day)}, Day: task.NoDay, Priority: task.HardDue,
		Escalate: []task.Rung{{After: 0, Role: access.Owner}},
	})
	return n, err
}
