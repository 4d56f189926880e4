// Package client keeps the file of one person: who it is, what is dangerous, what was
// consented to, and everything that happened, as far as the reader may see it (rulings 32).
package client

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/banner"
	"meixu/app/engine/rfm"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/app/papers"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// File is the service of the room.
type File struct{ deed.Doer }

// New makes the room.
func New(d deed.Doer) *File { return &File{d} }

// View is the file as the actor sees it.
type View struct {
	Client     store.Client // only what the actor may see is filled in
	Banner     *banner.View
	Consultant string
	Phone      string // masked
	Address    string // "" for those who may not see identities
	Emergency  string
	Consents   []store.Consent
	Sessions   []store.SessionRow
	Ahead      []Happening // what is still to come, soonest first; with the first page only
	AheadMore  bool
	Open       store.Visit // the open visit; ID 0 for none
	Timeline   []Happening
	More       bool // the timeline goes on
	Choice     Choice
	Twins      int  // other files with the same phone
	Merged     bool // another file was merged into this one, and that can be taken back still
	Standing   Standing
}

// Standing is what the client is to the house (row:C5, row:C6); empty for those who see no money.
type Standing struct {
	Figures store.Figures
	Why     []words.Text       // the scores: how recent, how often, how much
	Tiers   []store.TierChange // newest first, each with what it rests on
	Tags    []store.TagChoice
	Points  int64
	Moves   []store.PointMove // of the points, newest first
}

// Happening is one entry of the timeline with its title.
type Happening struct {
	store.Happening
	Title string
	Shut  bool // the reader may know of it, but not open it
	Late  bool // it is still to come and its time is over
}

// Ask says which part of the timeline is wanted.
type Ask struct {
	Client term.ClientID
	Kind   string // of the filter; "" for all, None for nothing
	Page   int    // from 1
}

// None asks for a file without its timeline.
const None = "none"

// pointsShown is how many movements of points a file lists.
const pointsShown = 50

// PageSize is how many entries one page of the timeline has.
const PageSize = 40

// AheadMost is how much of what is still to come a file shows.
const AheadMost = 20

// Show reads the file; that it was looked at is noted.
func (f *File) Show(ctx context.Context, by access.Actor, ask Ask) (v View, err error) {
	err = f.View(ctx, by, access.ClientView, ask.Client, func(r *store.Read) error {
		c, err := r.Client(ask.Client)
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("client").Because(err)
		}
		if err != nil {
			return err
		}
		if v.Banner, err = banner.Of(r, by, c.ID); err != nil {
			return err
		}
		if v.Standing, err = standing(r, by, c.ID); err != nil {
			return err
		}
		if err := v.fill(r, by, c); err != nil {
			return err
		}
		return v.timeline(r, by, ask)
	})
	return v, err
}

// fill takes over what the actor may see of the person.
func (v *View) fill(r *store.Read, by access.Actor, c store.Client) (err error) {
	v.Phone = term.MaskPhone(c.Phone)
	v.Client = store.Client{
		ID: c.ID, Version: c.Version, Number: c.Number, Name: c.Name, NoPhone: c.NoPhone, Gender: c.Gender, Birth: c.Birth, Source: c.Source,
		Tier: c.Tier, State: c.State, Import: c.Import, Former: store.Former{Number: c.Former.Number}, CreatedAt: c.CreatedAt, IDKind: c.IDKind, IDCheckedAt: c.IDCheckedAt,
	}
	if by.Sees(access.FieldAllergies) {
		v.Client.Allergies, v.Client.Alerts = c.Allergies, c.Alerts
	}
	if by.Sees(access.FieldIdentity) {
		v.Address, v.Client.IDNumber = c.Address, term.MaskNumber(c.IDNumber)
		if c.Emergency.Name != "" {
			v.Emergency = strings.TrimSpace(c.Emergency.Name + " " + c.Emergency.Relation + " " + term.MaskPhone(c.Emergency.Phone))
		}
	}
	if c.Consultant != 0 {
		s, err := r.Staff(c.Consultant)
		if err != nil {
			return err
		}
		v.Consultant = s.Name
	}
	if v.Consents, err = r.ConsentHistory(c.ID); err != nil {
		return err
	}
	if v.Sessions, err = r.SessionsLeft(c.ID); err != nil {
		return err
	}
	if err := v.choice(r, by); err != nil {
		return err
	}
	if err := v.twins(r, c); err != nil {
		return err
	}
	if err := v.merged(r, by); err != nil {
		return err
	}
	v.Open, err = r.OpenVisit(c.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

func (v *View) timeline(r *store.Read, by access.Actor, ask Ask) error {
	nouns := nounsOf(by, ask.Kind)
	if len(nouns) == 0 {
		return nil
	}
	page := max(ask.Page, 1)
	rows, err := r.Timeline(ask.Client, nouns, PageSize+1, (page-1)*PageSize)
	if err != nil {
		return err
	}
	v.More = len(rows) > PageSize
	v.Timeline = happenings(by, rows, PageSize)
	if page > 1 {
		return nil
	}
	rows, err = r.Ahead(ask.Client, nouns, AheadMost+1)
	v.AheadMore = len(rows) > AheadMost
	v.Ahead = happenings(by, rows, AheadMost)
	for i := range v.Ahead {
		v.Ahead[i].Late = v.Ahead[i].At.Before(r.Now()) && v.Ahead[i].Noun != "wait" && v.Ahead[i].Noun != "message"
	}
	return err
}

func happenings(by access.Actor, rows []store.Happening, most int) (list []Happening) {
	for _, h := range rows[:min(len(rows), most)] {
		list = append(list, happening(by, h))
	}
	return list
}

// happening gives the entry its title and leaves out what this reader is not told.
func happening(by access.Actor, h store.Happening) Happening {
	title := words.Text{ZH: h.TitleZH, EN: h.TitleEN}.In(by.Lang)
	switch h.Noun {
	case "task", "complaint":
		title = task.Title(store.Task{TitleKey: h.TitleZH, TitleArgs: argsOf(h.TitleEN)}, by.Lang)
	case "message":
		title = by.Lang.T("message.kind." + h.TitleZH)
	case "payment": // what went back is not called a payment
		if h.State != "payment" {
			title = by.Lang.T("client.payment." + h.State)
		}
	case "visit": // why a doctor refused or stopped is clinical
		if h.State != string(term.VisitCompleted) && h.State != string(term.VisitLeft) && !by.Sees(access.FieldAnswers) {
			h.Extra = ""
		}
	}
	return Happening{Happening: h, Title: title, Shut: closed(by, h)}
}

// closed says that a paper or form of the timeline is not for this reader: what it may show
// depends on its kind (rulings 32).
func closed(by access.Actor, h store.Happening) bool {
	switch h.Noun {
	case "document":
		return !papers.MaySee(by, store.Document{ID: term.DocumentID(h.ID), Kind: h.Extra, Signers: h.Signers})
	case "answer", "talk", "skin":
		return !by.ReadsForm(h.Number)
	case "exam":
		return !by.ReadsForm("F15")
	case "rating", "complaint":
		return !by.ReadsForm("F9")
	}
	return false
}

// A person sees so many whole numbers within so long: enough for a day of calls, too few to carry
// the book of clients away (ASVS 2.4.1).
const (
	revealMost = 30
	revealSpan = time.Hour
)

// Reveal shows the whole phone number (client.reveal); the reason stays in the trail.
func (f *File) Reveal(ctx context.Context, by access.Actor, id term.ClientID, reason string) (phone string, err error) {
	if err := wantReason(reason); err != nil {
		return "", err
	}
	by.Reason = reason
	err = f.WriteOn(ctx, by, access.ClientReveal, subject(id), func(tx *store.Tx) error {
		seen, err := tx.Acts(store.ActFilter{
			Staff: by.Staff, Action: string(access.ClientReveal), From: tx.Now().Add(-revealSpan), Limit: revealMost,
		})
		if err != nil {
			return err
		}
		if len(seen) >= revealMost {
			return fault.Refuse("TR-19", "client.phone.many", revealMost).Ask(string(access.Manager))
		}
		c, err := find(tx.Read, id)
		phone = c.Phone
		tx.Result("client", int64(id))
		return err
	})
	return phone, err
}

// Withdraw is a consent that a client takes back.
type Withdraw struct {
	Client  term.ClientID
	Consent int64
	Reason  string
}

// Withdraw takes a consent back at the client's word (consent.withdraw, REG-PII-01). What it
// allowed turns red at once: the SOP's gates ask for it anew. The same consent that a merged file
// brought along ends with it: a case of the library rests on that one, and no page shows it any more.
func (f *File) Withdraw(ctx context.Context, by access.Actor, in Withdraw) error {
	if err := wantReason(in.Reason); err != nil {
		return err
	}
	by.Reason = in.Reason
	return f.WriteOn(ctx, by, access.ConsentWithdraw, subject(in.Client), func(tx *store.Tx) error {
		if _, err := deed.Standing(tx.Read, in.Client); err != nil {
			return err
		}
		c, err := tx.ConsentByID(in.Consent)
		if errors.Is(err, store.ErrNotFound) || err == nil && c.Client != in.Client {
			return fault.NotFound("consent")
		}
		if err != nil {
			return err
		}
		if !c.WithdrawnAt.IsZero() {
			return fault.Clash("client.consent.gone")
		}
		all, err := tx.ConsentsBeneath(in.Client, c.Purpose)
		if err != nil {
			return err
		}
		for _, given := range append(all, c) {
			given.WithdrawnAt, given.WithdrawnBy, given.WithdrawReason = tx.Now(), by.Staff, in.Reason
			if err := tx.SaveConsent(&given); err != nil {
				return err
			}
		}
		tx.Result("client", int64(in.Client))
		return news(tx, in.Client)
	})
}

// Alerts are the red words of a client as they shall stand.
type Alerts struct {
	Client    term.ClientID
	Version   int
	Allergies []string
	Alerts    []string
	Reason    string
}

// Alert sets the red words of a client (client.alert), which every page shows from then on.
func (f *File) Alert(ctx context.Context, by access.Actor, in Alerts) error {
	if err := in.check(); err != nil {
		return err
	}
	by.Reason = in.Reason
	return f.WriteOn(ctx, by, access.ClientAlert, subject(in.Client), func(tx *store.Tx) error {
		c, err := deed.Standing(tx.Read, in.Client)
		if err != nil {
			return err
		}
		if c.Version != in.Version {
			return store.ErrStale
		}
		c.Allergies, c.Alerts = in.Allergies, in.Alerts
		if err := tx.SaveClient(&c); err != nil {
			return err
		}
		tx.Result("client", int64(in.Client))
		return news(tx, in.Client)
	})
}

func find(r *store.Read, id term.ClientID) (store.Client, error) {
	c, err := r.Client(id)
	if errors.Is(err, store.ErrNotFound) {
		return c, fault.NotFound("client").Because(err)
	}
	return c, err
}

// news tells the pages that show the client.
func news(tx *store.Tx, id term.ClientID) error {
	tx.Publish(live.Board)
	v, err := tx.OpenVisit(id)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil {
		tx.Publish(fmt.Sprintf("visit:%d", v.ID))
	}
	return err
}

func subject(id term.ClientID) store.Subject { return store.Subject{Noun: "client", ID: int64(id)} }

// standing reads stage, scores, changes of tier and tags.
func standing(r *store.Read, by access.Actor, id term.ClientID) (s Standing, err error) {
	if by.May(access.ClientTag) {
		if s.Tags, err = r.TagsOf(id); err != nil {
			return s, err
		}
	}
	if !by.Sees(access.FieldMoney) {
		return s, nil
	}
	if s.Figures, err = r.FiguresOf(id); err != nil && !errors.Is(err, store.ErrNotFound) {
		return s, err
	}
	s.Why = rfm.Why(s.Figures, r.Now())
	if s.Tiers, err = r.TierChangesOf(id); err != nil {
		return s, err
	}
	if s.Points, err = r.PointsOf(id); err != nil {
		return s, err
	}
	s.Moves, err = r.PointMoves(id, pointsShown)
	return s, err
}
