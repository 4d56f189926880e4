package aftercare

import (
	"context"
	"errors"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/banner"
	"meixu/app/engine/form"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/app/forms"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Call is the page of one follow-up: whom to call, after what, what to ask.
type Call struct {
	Task      store.Task
	Treatment store.Treatment
	Item      store.Item
	Client    store.Client
	Banner    *banner.View
	Operator  string
	Care      defaults.Care
	Today     []defaults.CareStage
	Template  form.Template
	Answers   form.Answers
	Draft     store.Answer // zero ID when nothing was typed yet
	Earlier   []store.Task // follow-ups of the treatment
	Flag      store.Event  // red flag that the call raised; zero ID for none
	Taker     string       // who has the red flag in hand
	Next      term.TaskID
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

func (d *Desk) fill(r *store.Read, by access.Actor, c *Call) (err error) {
	if c.Treatment, err = treatment(r, c.Task.Treatment); err != nil {
		return err
	}
	if c.Item, err = r.Item(c.Treatment.Item); err != nil {
		return err
	}
	if c.Client, err = r.Client(c.Task.Client); err != nil {
		return err
	}
	if !by.Sees(access.FieldPhone) {
		c.Client.Phone = term.MaskPhone(c.Client.Phone)
	}
	if c.Banner, err = banner.Of(r, by, c.Task.Client); err != nil {
		return err
	}
	if c.Treatment.Operator != 0 {
		who, err := r.Staff(c.Treatment.Operator)
		if err != nil {
			return err
		}
		c.Operator = who.Name
	}
	c.Care, _ = careOf(c.Item, c.Treatment, by.Lang)
	c.Today = c.Care.StagesOn(c.Task.Day)
	if c.Earlier, err = callsOfTreatment(r, c.Treatment); err != nil {
		return err
	}
	if err := c.script(r); err != nil {
		return err
	}
	if c.Draft.ID != 0 {
		if err := c.flagged(r); err != nil {
			return err
		}
	}
	c.Next, err = next(r, by, c.Task.ID)
	return err
}

// flagged finds the red flag that the call raised, and who took it.
func (c *Call) flagged(r *store.Read) error {
	e, err := r.EventOfAnswer(c.Draft.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if c.Flag = e; err != nil || e.TakenBy == 0 {
		return err
	}
	who, err := r.Staff(e.TakenBy)
	c.Taker = who.Name
	return err
}

// script is F8 of the care template: what was typed so far, or an empty one.
func (c *Call) script(r *store.Read) error {
	draft, err := answerOf(r, c.Task)
	if err != nil {
		return err
	}
	if draft.ID != 0 {
		f, err := form.Fill(r, draft)
		c.Draft, c.Template, c.Answers = draft, f.Template, f.Answers
		return err
	}
	if c.Template, err = form.Latest(r, c.Task.FormCode); err != nil {
		return err
	}
	c.Answers = c.Template.Blank()
	c.Answers.Know("$day", number(c.Task.Day))
	c.Answers.Know("$care", c.Item.CareTemplate)
	return nil
}

// answerOf finds the task's answer, or the draft of it.
func answerOf(r *store.Read, t store.Task) (store.Answer, error) {
	if t.Answer != 0 {
		return r.Answer(t.Answer)
	}
	all, err := r.AnswersOf(t.Client, 200)
	for _, a := range all {
		if a.Task == t.ID && a.State == store.AnswerDraft {
			return a, nil
		}
	}
	return store.Answer{}, err
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
	if err := d.alarm(ctx, by, in); err != nil {
		return err
	}
	return d.WriteOn(ctx, by, access.FollowupCall, ref("task", int64(in.Task)), func(tx *store.Tx) error {
		tx.Result("followup", int64(in.Task))
		_, err := d.draft(tx, by, in)
		return err
	})
}

// draft brings what was typed into the task's draft.
func (d *Desk) draft(tx *store.Tx, by access.Actor, in Said) (form.Filled, error) {
	t, err := followup(tx.Read, in.Task)
	if err != nil {
		return form.Filled{}, err
	}
	if t.State != store.TaskOpen {
		return form.Filled{}, fault.Clash("task.closed", fault.Word("task.state."+string(t.State)))
	}
	if !task.Concerns(by, t) {
		return form.Filled{}, (&fault.Error{Kind: fault.KindForbidden, Key: "task.others"}).Ask(t.Role)
	}
	row, err := d.paper(tx, by, t)
	if err != nil {
		return form.Filled{}, err
	}
	in.Typed.ID = row.ID
	if in.Typed.Answers == nil {
		in.Typed.Answers = form.Answers{}
	}
	return d.house.Forms.Save(tx, by, in.Typed)
}

// Ended is how a call ended.
type Ended struct {
	Reached bool
	Tries   int
	Event   term.EventID // red flag raised; 0 for none
	Next    term.TaskID
}

// Finish signs what was heard (S6-03 … S6-05). Nobody reached: the try counts, and the third
// asks for another channel and tells the manager. A red flag stands on the physicians'
// screens at once; signs that want a review within a day open a task for it.
func (d *Desk) Finish(ctx context.Context, by access.Actor, in Said) (out Ended, err error) {
	if err := d.alarm(ctx, by, in); err != nil {
		return out, err
	}
	err = d.WriteOn(ctx, by, access.FollowupCall, ref("task", int64(in.Task)), func(tx *store.Tx) error {
		tx.Result("followup", int64(in.Task))
		f, v, err := d.signed(tx, by, in)
		if err != nil {
			return err
		}
		t, err := tx.Task(in.Task)
		if err != nil {
			return err
		}
		out.Reached = v.Reached
		if v.Red != "" {
			if out.Event, err = d.raise(tx, by, f, v); err != nil {
				return err
			}
		}
		if !v.Reached && v.Red == "" {
			out.Tries, err = d.tried(tx, by, t)
			return err
		}
		if err := d.conclude(tx, by, t, f, v); err != nil {
			return err
		}
		out.Next, err = next(tx.Read, by, t.ID)
		return err
	})
	return out, err
}

// signed signs the form of the call and gives what it comes to.
func (d *Desk) signed(tx *store.Tx, by access.Actor, in Said) (f form.Filled, v Verdict, err error) {
	if f, err = d.draft(tx, by, in); err != nil {
		return f, v, err
	}
	if err := form.Validate(f.Template, f.Answers, true).Err(); err != nil {
		return f, v, err
	}
	v = verdictOf(f.Template, f.Answers, signOf)
	if err := mayConclude(v); err != nil {
		return f, v, err
	}
	f, err = d.house.Forms.Sign(tx, by, forms.Typed{ID: f.Row.ID})
	return f, v, err
}

func (d *Desk) raise(tx *store.Tx, by access.Actor, f form.Filled, v Verdict) (term.EventID, error) {
	t, err := tx.Treatment(f.Row.Treatment)
	if err != nil {
		return 0, err
	}
	found := feedback.Found{Answer: f.Row, Card: v.Red, Signs: strings.Join(v.Signs, " · ")}
	if found.Signs == "" { // the caller heard what no question asks for
		found.Signs = f.Answers.Value("action")
	}
	if t.Operator != 0 {
		who, err := tx.Staff(t.Operator)
		if err != nil {
			return 0, err
		}
		for _, r := range who.Roles {
			if access.Role(r) == access.Physician && who.Active {
				found.Physician = who.ID
			}
		}
	}
	return d.house.Feedback.Raise(tx, by, found)
}

// conclude closes the task with the outcome and gives it to the SOP.
func (d *Desk) conclude(tx *store.Tx, by access.Actor, t store.Task, f form.Filled, v Verdict) error {
	outcome := v.Outcome
	if outcome == "" {
		outcome = redFlag
	}
	if err := task.Done(tx, by, t.ID, outcome, f.Row.ID); err != nil {
		return err
	}
	if (v.Review || v.Outcome == revisit) && v.Red == "" {
		if err := d.askReview(tx, t); err != nil {
			return err
		}
	}
	tx.Publish(live.Board)
	treated, err := tx.Treatment(t.Treatment)
	if err != nil {
		return err
	}
	kind := ProveLater
	switch t.Day {
	case 0:
		return nil
	case 1:
		kind = ProveRisk
	case 2:
		kind = ProveFirst
	}
	return d.house.Flow.Prove(tx, by, on(treated), kind, ref("task", int64(t.ID)))
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
