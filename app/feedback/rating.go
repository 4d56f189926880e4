package feedback

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

const (
	ratingForm = "F9"
	ratingLife = 30 * 24 * time.Hour // how long a rating's link works
	person     = "person"            // channel: somebody copies and sends it
	invitation = "rating/"           // the keys of the messages that ask for a rating
)

// Token makes the secret of a guest link and the hash under which it is kept (rulings 20).
func Token() (token string, hash []byte) {
	token = rand.Text()
	sum := sha256.Sum256([]byte(token))
	return token, sum[:]
}

// Invite makes the rating's link of a visit with the message that carries it, and the task to
// send it, in the language of whoever closes. base is the address of the guests' door. A visit is invited once.
func Invite(tx *store.Tx, lang words.Lang, v store.Visit, base string) error {
	links, err := tx.GuestLinksOf(v.ID)
	if err != nil {
		return err
	}
	for _, l := range links {
		if l.Kind == "rating" {
			return nil
		}
	}
	token, hash := Token()
	link := store.GuestLink{
		TokenHash: hash, Kind: "rating", Client: v.Client, Visit: v.ID, ExpiresAt: tx.Now().Add(ratingLife),
	}
	if err := tx.AddGuestLink(&link); err != nil {
		return err
	}
	c, err := tx.Client(v.Client)
	if err != nil {
		return err
	}
	clinic, err := tx.Setting("clinic.name")
	if err != nil {
		return err
	}
	text := lang.T("feedback.message.rating", c.Name, clinic, base+"/rate/"+token)
	err = tx.AddMessage(&store.Message{
		Kind: "rating", Channel: person, Client: v.Client, Visit: v.ID, Key: invitationKey(v.ID), Text: text, State: "ready",
		SendAfter: tx.Now().String(),
	})
	if err != nil {
		return err
	}
	_, err = task.Open(tx, task.New{
		Kind: task.Rating, Subject: store.Subject{Noun: "visit", ID: int64(v.ID)}, Key: "rating", Client: v.Client,
		Visit: v.ID, Role: access.Aftercare, Due: tx.Today().Add(1).End(tx.Zone()), TitleKey: "task.title.rating", Day: task.NoDay,
	})
	return err
}

// Sheet is the rating page on a client's phone: questions without a name.
type Sheet struct {
	Template form.Template
	Answers  form.Answers
	Done     bool // it was given already
}

// link reads a living link of the kind.
func link(r *store.Read, token, kind string) (store.GuestLink, error) {
	hash := sha256.Sum256([]byte(token))
	l, err := r.GuestLinkBy(hash[:])
	if errors.Is(err, store.ErrNotFound) {
		return l, fault.NotFound("page").Because(err)
	}
	if err == nil && (l.Kind != kind || !l.RevokedAt.IsZero() || !r.Now().Before(l.ExpiresAt)) {
		err = fault.NotFound("page")
	}
	return l, err
}

// RatingSheet reads the page behind a rating's link.
func (o *Office) RatingSheet(ctx context.Context, token string) (s Sheet, err error) {
	err = o.DB.Read(ctx, func(r *store.Read) error {
		l, err := link(r, token, "rating")
		if err != nil {
			return err
		}
		if s.Template, err = form.Latest(r, ratingForm); err != nil {
			return err
		}
		s.Answers, s.Done = s.Template.Blank(), !l.UsedAt.IsZero()
		return nil
	})
	return s, fault.FromStore(err, "showing a rating")
}

// Rate keeps what the client thinks of the visit (S6-08): once, by whoever holds the link.
// An unhappy client gets a call.
func (o *Office) Rate(ctx context.Context, token string, typed form.Answers) error {
	by := access.Actor{Lang: words.ZH, Guest: access.GuestScope{Kind: "rating", Path: "/rate"}}
	return o.Write(ctx, by, access.RatingGive, func(tx *store.Tx) error {
		l, err := link(tx.Read, token, "rating")
		if err != nil {
			return err
		}
		if !l.UsedAt.IsZero() {
			return fault.Clash("feedback.rating.again")
		}
		f, err := form.Begin(tx, by, ratingForm, form.Subject{Client: l.Client, Visit: l.Visit}, nil)
		if err != nil {
			return err
		}
		if f, err = form.Save(tx, by, f.Row.ID, f.Row.Version, typed); err != nil {
			return err
		}
		if f, err = form.Sign(tx, by, f.Row.ID); err != nil {
			return err
		}
		l.UsedAt = tx.Now()
		if err := tx.SaveGuestLink(&l); err != nil {
			return err
		}
		if err := closeInvitation(tx, by, l.Visit); err != nil {
			return err
		}
		return o.rated(tx, by, f)
	})
}

// rated adds the figures of a signed F9, tells the SOP and asks for a call when need be.
func (o *Office) rated(tx *store.Tx, by access.Actor, f form.Filled) error {
	row := store.Rating{
		Visit: f.Row.Visit, Client: f.Row.Client, Answer: f.Row.ID, Anonymous: f.Answers.Has("anonymous", form.True), At: tx.Now(),
		Again: strings.Join(f.Answers["again"].Values, ","),
	}
	for _, s := range form.Scores(f.Template, f.Answers) {
		switch s.Rule.Code {
		case "satisfaction":
			row.Score = int(s.Value + 0.5)
		case "nps":
			row.Nps = int(s.Value)
		}
	}
	if err := tx.AddRating(&row); err != nil {
		return err
	}
	if unhappy(f.Answers, row.Score, row.Nps) {
		_, err := task.Open(tx, task.New{
			Kind: task.CallBack, Subject: store.Subject{Noun: "rating", ID: row.ID}, Key: "unhappy", Client: row.Client,
			Visit: row.Visit, Role: access.Aftercare, Due: tx.Now().Add(24 * time.Hour), Priority: task.HardDue, Day: task.NoDay,
			TitleKey: "feedback.task.unhappy", Escalate: []task.Rung{{After: 0, Role: access.Manager}},
		})
		if err != nil {
			return err
		}
	}
	tx.Publish("board")
	return o.flow.Prove(tx, by, sop.Subject{Visit: row.Visit}, ProveRating, store.Subject{Noun: "rating", ID: row.ID})
}

// Opinion is one line of the list of ratings.
type Opinion struct {
	store.Rating
	Name    string // "" when the client wants to stay unnamed
	Best    string
	Improve string
	Number  string // of the visit; "" when unnamed
}

// Ratings is a page of opinions with the figures of all in the span.
type Ratings struct {
	Averages
	List []Opinion
}

// Ratings lists what clients said in the last days.
func (o *Office) Ratings(ctx context.Context, by access.Actor, days, offset, limit int) (out Ratings, err error) {
	err = o.Read(ctx, by, access.FeedbackView, func(r *store.Read) error {
		all, err := r.RatingsBetween(r.Now().Add(-time.Duration(days)*24*time.Hour), r.Now().Add(time.Second), 5000)
		if err != nil {
			return err
		}
		out.Averages = averagesOf(all)
		for _, row := range all[min(offset, len(all)):min(offset+limit, len(all))] {
			op, err := opinion(r, row)
			if err != nil {
				return err
			}
			out.List = append(out.List, op)
		}
		return nil
	})
	return out, err
}

func opinion(r *store.Read, row store.Rating) (op Opinion, err error) {
	op.Rating = row
	f, err := form.Open(r, row.Answer)
	if err != nil {
		return op, err
	}
	op.Best, op.Improve = f.Answers.Value("best"), f.Answers.Value("improve")
	if row.Anonymous {
		return op, nil
	}
	c, err := r.Client(row.Client)
	if err != nil {
		return op, err
	}
	v, err := r.Visit(row.Visit)
	op.Name, op.Number = c.Name, v.Number
	return op, err
}

// Letter is a message ready to be sent by a person.
type Letter struct {
	store.Message
	Name  string
	Phone string // masked
	Shown bool   // Phone is whole: it was asked for, and that is on record
}

// Letters lists the messages that wait for somebody to send them.
func (o *Office) Letters(ctx context.Context, by access.Actor) (list []Letter, err error) {
	err = o.Read(ctx, by, access.MessageSend, func(r *store.Read) error {
		all, err := r.ReadyMessages("rating", 100)
		if err != nil {
			return err
		}
		for _, m := range all {
			if m.Client == 0 {
				continue
			}
			if held, err := troubled(r, m); err != nil || held {
				if err != nil {
					return err
				}
				continue
			}
			c, err := r.Client(m.Client)
			if err != nil {
				return err
			}
			list = append(list, Letter{Message: m, Name: c.Name, Phone: term.MaskPhone(c.Phone)})
		}
		return nil
	})
	return list, err
}

// letter reads a message that waits for somebody to send it.
func letter(r *store.Read, id int64) (store.Message, error) {
	m, err := r.Message(id)
	if errors.Is(err, store.ErrNotFound) {
		return m, fault.NotFound("message").Because(err)
	}
	if err != nil {
		return m, err
	}
	if m.Kind != "rating" { // what the outbox holds else has its own page and rules
		return m, fault.NotFound("message")
	}
	if m.State != "ready" {
		return m, fault.Clash("feedback.message.again")
	}
	held, err := troubled(r, m)
	if err == nil && held {
		err = fault.Refuse("S6-07", "feedback.message.held").At("/alerts")
	}
	return m, err
}

// Letter reads one message that waits, for the code that the client's phone scans.
func (o *Office) Letter(ctx context.Context, by access.Actor, id int64) (m store.Message, err error) {
	err = o.Read(ctx, by, access.MessageSend, func(r *store.Read) error {
		m, err = letter(r, id)
		return err
	})
	return m, err
}

// Dial shows the whole number of whom a message is for, to send it or to call
// (client.reveal); who asked, and for what, stays in the trail.
func (o *Office) Dial(ctx context.Context, by access.Actor, id int64) (phone string, err error) {
	var to term.ClientID
	err = o.Read(ctx, by, access.MessageSend, func(r *store.Read) error {
		m, err := letter(r, id)
		to = m.Client
		return err
	})
	if err != nil {
		return "", err
	}
	by.Reason = by.Lang.T("feedback.message.dial.why")
	err = o.WriteOn(ctx, by, access.ClientReveal, store.Subject{Noun: "client", ID: int64(to)}, func(tx *store.Tx) error {
		tx.Result("message", id)
		c, err := tx.Client(to)
		phone = c.Phone
		return err
	})
	return phone, err
}

// Sent notes that a person sent a message; its task is done.
func (o *Office) Sent(ctx context.Context, by access.Actor, id int64) error {
	return o.WriteOn(ctx, by, access.MessageSend, store.Subject{Noun: "message", ID: id}, func(tx *store.Tx) error {
		m, err := letter(tx.Read, id)
		if err != nil {
			return err
		}
		m.State, m.SentAt, m.SentBy = "sent", tx.Now(), by.Staff
		if err := tx.SaveMessage(&m); err != nil || !strings.HasPrefix(m.Key, invitation) {
			return err
		}
		return sendingDone(tx, by, m.Visit, "sent")
	})
}

// Report is one adverse event of the register with its legal clocks.
type Report struct {
	store.Event
	Name   string
	Clocks []Clock
}

// Register lists the adverse events, newest first.
func (o *Office) Register(ctx context.Context, by access.Actor, offset, limit int) (list []Report, err error) {
	err = o.Read(ctx, by, access.AdverseView, func(r *store.Read) error {
		events, err := r.EventsIn(Adverse, limit, offset)
		if err != nil {
			return err
		}
		for _, e := range events {
			c, err := r.Client(e.Client)
			if err != nil {
				return err
			}
			f, err := form.Open(r, e.Answer)
			if err != nil {
				return err
			}
			e.Number = strings.TrimSuffix(e.Number, reported)
			list = append(list, Report{e, c.Name, clocksOf(f.Answers, foundAt(f.Answers, r.Zone(), e.OpenedAt))})
		}
		return nil
	})
	return list, err
}
