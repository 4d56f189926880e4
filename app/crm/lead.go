package crm

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// AnswerWithin is how soon an inquiry wants its first answer (S1-01).
const AnswerWithin = 5 * time.Minute

// nounLead and kindAnswer name the task of the five minutes.
const (
	nounLead   = "lead"
	kindAnswer = "lead_answer"
)

// NewLead is an inquiry as taken in: who, how, what for. Nothing medical is kept before the
// consent; a red answer on the phone is only "ask the doctor" (rulings 27).
type NewLead struct {
	Name, Phone, Channel, Need string
	Owner                      term.StaffID
	AskDoctor                  bool
	Answered                   bool // answered in the same talk: on the phone, at the desk
}

func (in *NewLead) trim() {
	in.Name, in.Phone, in.Need = spelled(in.Name), Phone(in.Phone), strings.TrimSpace(in.Need)
}

func (in NewLead) check() (f fault.Fields) {
	if utf8.RuneCountInString(in.Name) > nameLongest || !term.Called(in.Name) {
		f.Add("name", "crm.lead.name.bad")
	}
	if !goodPhone(in.Phone) {
		f.Add("phone", "crm.phone.bad")
	}
	if !slices.Contains(Channels, in.Channel) {
		f.Add("channel", "crm.lead.channel.bad")
	}
	if utf8.RuneCountInString(in.Need) > 200 {
		f.Add("need", "crm.lead.need.long")
	}
	return f
}

// AddLead notes an inquiry and starts its five minutes (S1-01): a task that reaches the
// manager when nobody answers.
func (b *Book) AddLead(ctx context.Context, by access.Actor, in NewLead) (id term.LeadID, err error) {
	in.trim()
	if err := in.check().Err(); err != nil {
		return 0, err
	}
	err = b.Write(ctx, by, access.LeadAdd, func(tx *store.Tx) error {
		l := store.Lead{
			Name: in.Name, Phone: in.Phone, Channel: in.Channel, Need: in.Need, Owner: in.Owner, AskDoctor: in.AskDoctor,
			State: term.LeadOpen,
		}
		if in.Answered {
			l.FirstReplyAt, l.FirstReplyBy, l.FirstReplyWay = tx.Now(), by.Staff, UsualWay(in.Channel)
		}
		if err := ownerKnown(tx.Read, in.Owner); err != nil {
			return err
		}
		var err error
		if l.ClockFrom, err = clockFrom(tx.Read, tx.Now()); err != nil {
			return err
		}
		if err := tieToFile(tx.Read, &l); err != nil {
			return err
		}
		if err := tx.AddLead(&l); err != nil {
			return err
		}
		id = l.ID
		tx.Result(nounLead, int64(l.ID))
		tx.Publish(topicLeads)
		if err := askDoctor(tx, l); err != nil || in.Answered {
			return err
		}
		_, err = task.Open(tx, task.New{
			Kind: kindAnswer, Subject: leadRef(l.ID), Key: "first", Client: l.Client, Role: access.Consultant, Staff: in.Owner,
			Due: l.ClockFrom.Add(AnswerWithin), Warn: l.ClockFrom.Add(AnswerWithin / 2), Day: task.NoDay, Priority: task.HardDue,
			Escalate: []task.Rung{{After: 0, Role: access.Manager}}, TitleKey: "crm.task.answer",
		})
		return err
	})
	if noun, again, ok := fault.Replayed(err); ok && noun == nounLead {
		return term.LeadID(again), nil
	}
	return id, err
}

// LeadClock says since when, or from when on, an inquiry waits for its first answer: running is
// false before the opening, from is zero when it was answered.
func (b *Book) LeadClock(ctx context.Context, by access.Actor, id term.LeadID) (from term.Instant, running bool, err error) {
	err = b.Read(ctx, by, access.LeadAdd, func(r *store.Read) error {
		l, err := lead(r, id)
		if err == nil && l.FirstReplyAt.IsZero() {
			from = l.Start()
		}
		running = !r.Now().Before(l.Start())
		return err
	})
	return from, running, err
}

// doctorWithin is how soon a physician calls back whoever named a reason to ask one.
const doctorWithin = 2 * time.Hour

// askDoctor asks a physician to call back; what the caller said is not kept (rulings 27).
func askDoctor(tx *store.Tx, l store.Lead) error {
	if !l.AskDoctor {
		return nil
	}
	_, err := task.Open(tx, task.New{
		Kind: task.CallBack, Subject: leadRef(l.ID), Key: "doctor", Client: l.Client, Role: access.Physician,
		Due: tx.Now().Add(doctorWithin), Day: task.NoDay, TitleKey: "crm.task.ask",
		Escalate: []task.Rung{{After: 0, Role: access.Manager}},
	})
	return err
}

// topicLeads is the live topic of the list of leads.
const topicLeads = "leads"

func ownerKnown(r *store.Read, owner term.StaffID) error {
	if owner == 0 {
		return nil
	}
	s, err := r.Staff(owner)
	if errors.Is(err, store.ErrNotFound) || err == nil && !s.Active {
		var f fault.Fields
		f.Add("owner", "crm.lead.owner.bad")
		return f.Err()
	}
	return err
}

// tieToFile links the lead of a client who has a file: one phone, one person.
func tieToFile(r *store.Read, l *store.Lead) error {
	known, err := r.ClientsByPhone(l.Phone)
	if err == nil && len(known) == 1 {
		l.Client = known[0].ID
	}
	return err
}

// LeadWays are the ways in which an inquiry is answered: by phone, by chat, on the platform on which it
// was asked, in person.
var LeadWays = []string{"phone", "chat", "platform", "person"}

// UsualWay is how an inquiry of a channel is answered as a rule.
func UsualWay(channel string) string {
	switch channel {
	case "walk_in":
		return "person"
	case "online":
		return "chat"
	case "platform":
		return "platform"
	}
	return "phone"
}

// ReplyLead stamps the first answer with its way (row:A1); later ones change nothing (S1-01).
func (b *Book) ReplyLead(ctx context.Context, by access.Actor, id term.LeadID, way string) error {
	if way != "" && !slices.Contains(LeadWays, way) {
		var f fault.Fields
		f.Add("way", "kit.bad.choice")
		return f.Err()
	}
	return b.WriteOn(ctx, by, access.LeadReply, leadRef(id), func(tx *store.Tx) error {
		l, err := lead(tx.Read, id)
		if err != nil {
			return err
		}
		tx.Result(nounLead, int64(id))
		if !l.FirstReplyAt.IsZero() {
			return fault.Clash("crm.lead.answered")
		}
		if l.State == term.LeadLost {
			return fault.Clash("crm.lead.closed")
		}
		if err := answer(tx, by, &l); err != nil {
			return err
		}
		l.FirstReplyWay = cmp.Or(way, l.FirstReplyWay)
		return tx.SaveLead(&l)
	})
}

// answer is the step that stamps the first answer and closes its task. The task belongs to
// the consultant; whoever answered first has done it.
func answer(tx *store.Tx, by access.Actor, l *store.Lead) error {
	if !l.FirstReplyAt.IsZero() {
		return nil
	}
	l.FirstReplyAt, l.FirstReplyBy, l.FirstReplyWay = tx.Now(), by.Staff, UsualWay(l.Channel)
	tx.Publish(topicLeads)
	return closeTask(tx, by, l.ID)
}

func closeTask(tx *store.Tx, by access.Actor, id term.LeadID) error {
	t, err := tx.TaskByKey(kindAnswer, leadRef(id).String()+"/first")
	if errors.Is(err, store.ErrNotFound) || err == nil && t.State != store.TaskOpen {
		return nil
	}
	if err != nil {
		return err
	}
	doer := access.System("crm")
	doer.Staff = by.Staff
	return task.Done(tx, doer, t.ID, "answered", 0)
}

// LoseLead gives a lead up with a reason; the row stays for the figures.
func (b *Book) LoseLead(ctx context.Context, by access.Actor, id term.LeadID, reason string) error {
	if err := wantReason("reason", reason); err != nil {
		return err
	}
	return b.WriteOn(ctx, by, access.LeadLose, leadRef(id), func(tx *store.Tx) error {
		l, err := lead(tx.Read, id)
		if err != nil {
			return err
		}
		tx.Result(nounLead, int64(id))
		if l.State != term.LeadOpen && l.State != term.LeadBooked {
			return fault.Clash("crm.lead.closed")
		}
		l.State, l.LostReason = term.LeadLost, strings.TrimSpace(reason)
		tx.Publish(topicLeads)
		if err := closeTask(tx, by, id); err != nil {
			return err
		}
		return tx.SaveLead(&l)
	})
}

// DeclineConsent ends cleanly when a new client does not sign: no file is kept, the lead
// stays as lost with the reason, or one is noted when there was none (rulings 31).
func (b *Book) DeclineConsent(ctx context.Context, by access.Actor, from term.LeadID, in NewLead, reason string) error {
	if err := wantReason("reason", reason); err != nil {
		return err
	}
	in.trim()
	return b.Write(ctx, by, access.ClientCreate, func(tx *store.Tx) error {
		l := store.Lead{Name: in.Name, Phone: in.Phone, Channel: in.Channel, State: term.LeadLost}
		if from != 0 {
			var err error
			if l, err = lead(tx.Read, from); err != nil {
				return err
			}
		}
		if l.Client != 0 {
			return fault.Clash("crm.lead.filed")
		}
		if l.Name == "" {
			l.Name = by.Lang.T("crm.lead.nameless")
		}
		if !slices.Contains(Channels, l.Channel) {
			l.Channel = "walk_in"
		}
		l.State, l.LostReason = term.LeadLost, strings.TrimSpace(reason)
		tx.Publish(topicLeads)
		if l.ID == 0 {
			l.FirstReplyAt, l.FirstReplyBy = tx.Now(), by.Staff
			err := tx.AddLead(&l)
			tx.Result(nounLead, int64(l.ID))
			return err
		}
		if err := answer(tx, by, &l); err != nil {
			return err
		}
		tx.Result(nounLead, int64(l.ID))
		return tx.SaveLead(&l)
	})
}

// Arrived is the step that ties the client's open leads to the visit that came of them; it
// gives the lead whose answer proves S1-01, if any.
func Arrived(tx *store.Tx, client term.ClientID, visit term.VisitID) (store.Lead, error) {
	leads, err := tx.LeadsOf(client)
	if err != nil {
		return store.Lead{}, err
	}
	var first store.Lead
	for i := range leads {
		l := leads[i]
		if l.State != term.LeadOpen && l.State != term.LeadBooked {
			continue
		}
		l.State, l.Visit = term.LeadArrived, visit
		if err := tx.SaveLead(&l); err != nil {
			return first, err
		}
		tx.Publish(topicLeads)
		if first.ID == 0 {
			first = l
		}
	}
	return first, nil
}
