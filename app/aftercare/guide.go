package aftercare

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/banner"
	"meixu/app/engine/document"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

const (
	guideCode      = "guide"
	guideLife      = 180 * 24 * time.Hour // how long the page on the client's phone works
	settingUrgent  = "clinic.emergency"
	settingClinic  = "clinic.name"
	settingContact = "clinic.phone"
)

func guideOf(t store.Treatment) document.For {
	return document.For{Code: guideCode, Client: t.Client, Visit: t.Visit, Treatment: t.ID}
}

// Guide is the page on which the guide of one treatment is handed over.
type Guide struct {
	Treatment store.Treatment
	Visit     store.Visit
	Item      store.Item
	Banner    *banner.View
	Stepper   *sop.Stepper
	Care      defaults.Care
	Stands    document.Standing
	Told      bool // red flags and phone were told
	Urgent    string
	Over      bool // the treatment is signed out: the guide may be handed over
	Calls     []store.Task
}

// Guide reads the page; that the client's data were seen is noted.
func (d *Desk) Guide(ctx context.Context, by access.Actor, id term.TreatmentID) (g Guide, err error) {
	err = d.Read(ctx, by, access.GuideView, func(r *store.Read) error {
		g.Treatment, err = treatment(r, id)
		return err
	})
	if err != nil {
		return g, err
	}
	err = d.View(ctx, by, access.GuideView, g.Treatment.Client, func(r *store.Read) (err error) {
		t := g.Treatment
		if g.Visit, err = r.Visit(t.Visit); err != nil {
			return err
		}
		if g.Item, err = r.Item(t.Item); err != nil {
			return err
		}
		if g.Banner, err = banner.Of(r, by, t.Client); err != nil {
			return err
		}
		if g.Stepper, err = d.house.Flow.Stepper(r, t.Visit, by.Lang); err != nil {
			return err
		}
		if g.Stands, err = document.Stands(r, guideOf(t)); err != nil {
			return err
		}
		if g.Urgent, err = urgent(r); err != nil {
			return err
		}
		g.Care, _ = careOf(g.Item, t, by.Lang)
		g.Over = over(t)
		if g.Told, err = told(r, t); err != nil {
			return err
		}
		g.Calls, err = callsOfTreatment(r, t)
		g.Calls = slices.DeleteFunc(g.Calls, func(c store.Task) bool { return c.State == store.TaskCancelled })
		return err
	})
	return g, err
}

// over says that something was done to the client and the hands are off.
func over(t store.Treatment) bool {
	return !t.FinishedAt.IsZero() || t.State == term.TreatmentStopped
}

func told(r *store.Read, t store.Treatment) (bool, error) {
	stamps, err := r.SOPStamps(t.Visit)
	done := false
	for _, s := range stamps {
		if s.Step == "S6-02" && s.Treatment == t.ID {
			done = s.State == store.StampDone || s.State == store.StampManual
		}
	}
	return done, err
}

// urgent is the phone for emergencies: that of the settings, else the clinic's own.
func urgent(r *store.Read) (string, error) {
	phone, err := r.Setting(settingUrgent)
	if err != nil || phone != "" {
		return phone, err
	}
	return r.Setting(settingContact)
}

// HandGuide issues the care guide of a treatment for the client to sign (S6-01). A guide of
// the same content is given back.
func (d *Desk) HandGuide(ctx context.Context, by access.Actor, id term.TreatmentID) (doc term.DocumentID, err error) {
	err = d.WriteOn(ctx, by, access.GuideHand, ref("treatment", int64(id)), func(tx *store.Tx) error {
		t, err := treatment(tx.Read, id)
		if err != nil {
			return err
		}
		if !over(t) {
			return fault.Refuse("S6-01", "aftercare.guide.early", t.Number).Ask("physician").At(fmt.Sprintf("/procedure/%d", id))
		}
		facts, err := d.guideFacts(tx, by, t)
		if err != nil {
			return err
		}
		issued, err := document.Issue(tx, by, guideOf(t), facts)
		doc = issued.ID
		tx.Result("document", int64(doc))
		return err
	})
	return doc, err
}

// guideFacts dates the care template day by day.
func (d *Desk) guideFacts(tx *store.Tx, by access.Actor, t store.Treatment) (f document.Facts, err error) {
	item, err := tx.Item(t.Item)
	if err != nil {
		return f, err
	}
	care, ok := careOf(item, t, by.Lang)
	if !ok {
		return f, fault.Refuse("S6-01", "aftercare.guide.none", item.Name).Ask("quality")
	}
	phone, err := urgent(tx.Read)
	if err != nil {
		return f, err
	}
	if phone == "" {
		return f, fault.Refuse("S6-02", "aftercare.phone.none").Ask("owner").At("/admin")
	}
	day := endOf(t.FinishedAt, tx.Now()).Day(tx.Zone())
	f = careFacts(care, day, by.Lang)
	doctor := ""
	if t.Operator != 0 {
		who, err := tx.Staff(t.Operator)
		if err != nil {
			return f, err
		}
		doctor = who.Name
	}
	calls, err := callsOfTreatment(tx.Read, t)
	if err != nil {
		return f, err
	}
	for _, c := range calls {
		if c.State == store.TaskCancelled {
			continue
		}
		f.Tables["followups"] = append(f.Tables["followups"], []string{string(day.Add(c.Day)), by.Lang.T("aftercare.guide.call", c.Day)})
	}
	if len(f.Tables["followups"]) == 0 {
		f.Tables["followups"] = [][]string{{string(day.Add(2)), by.Lang.T("aftercare.guide.call", 2)}}
	}
	f.Text = map[string]string{
		"item.name": item.Name, "area": orDash(t.Area), "date": string(day), "physician.name": orDash(doctor), "clinic.emergency": phone,
	}
	return f, nil
}

// careOf is the care template of an item as it holds after the treatment, in the language.
func careOf(item store.Item, t store.Treatment, lang words.Lang) (defaults.Care, bool) {
	care, ok := defaults.CareOf(item.CareTemplate)
	return care.For(defaults.Treated{Where: item.Name + " " + t.Area, Interval: item.IntervalDays}, lang), ok
}

// Stage is what holds on a later day, with its date.
type Stage struct {
	When   string
	Points []string
}

// stagesOf dates the stages after the first day.
func stagesOf(care defaults.Care, day term.Day, lang words.Lang) (list []Stage) {
	for _, s := range care.Stages {
		if s.Day == 0 {
			continue
		}
		when := string(day.Add(s.Day))
		if s.Until > s.Day {
			when += " – " + string(day.Add(s.Until))
		}
		points := s.Points
		if s.Day == 2 { // the call that everybody gets (S6-03)
			points = append(slices.Clone(points), lang.T("aftercare.guide.calls"))
		}
		if len(points) > 0 {
			span := lang.T("aftercare.guide.day", s.Day)
			if s.Until > s.Day {
				span = lang.T("aftercare.guide.days", s.Day, s.Until)
			}
			list = append(list, Stage{lang.T("aftercare.guide.when", when, span), points})
		}
	}
	return list
}

// careFacts are the parts of a guide that name nobody. The template comes in the
// language of the words around it.
func careFacts(care defaults.Care, day term.Day, lang words.Lang) document.Facts {
	f := document.Facts{Text: map[string]string{}, Lists: map[string][]string{}, Tables: map[string][][]string{}}
	for _, s := range care.Stages {
		if s.Day == 0 {
			f.Lists["today"] = append(f.Lists["today"], s.Points...)
		}
	}
	for _, s := range stagesOf(care, day, lang) {
		f.Tables["days"] = append(f.Tables["days"], []string{s.When, strings.Join(s.Points, lang.T("aftercare.guide.join"))})
	}
	for _, l := range limitsOf(care.Limits) {
		text := lang.T("aftercare.limit.hours", l.N)
		if l.Days {
			text = lang.T("aftercare.limit.days", l.N, string(day.Add(l.N)))
		}
		f.Tables["limits"] = append(f.Tables["limits"], []string{lang.T("aftercare.limit." + l.Key), text})
	}
	for _, flag := range care.RedFlags {
		f.Lists["red_flags"] = append(f.Lists["red_flags"], flag.Signs...)
	}
	if len(f.Lists["today"]) == 0 {
		f.Lists["today"] = []string{lang.T("aftercare.guide.calls")}
	}
	if len(f.Tables["days"]) == 0 {
		f.Tables["days"] = [][]string{{string(day.Add(2)), lang.T("aftercare.guide.call", 2)}}
	}
	return f
}

func orDash(text string) string {
	if text == "" {
		return "—"
	}
	return text
}

func callsOfTreatment(r *store.Read, t store.Treatment) (list []store.Task, err error) {
	all, err := r.TasksOfVisit(t.Visit)
	for _, x := range all {
		if x.About(t.ID) && x.Kind == "followup" {
			list = append(list, x)
		}
	}
	return list, err
}

// guideSigned gives the client's signature under a guide to the SOP.
func (d *Desk) guideSigned(tx *store.Tx, by access.Actor, doc store.Document) error {
	if doc.Treatment == 0 || doc.Visit == 0 {
		return nil
	}
	s := sop.Subject{Visit: doc.Visit, Treatment: doc.Treatment}
	return d.house.Flow.Prove(tx, by, s, ProveGuide, ref("document", int64(doc.ID)))
}

// Tell is what the nurse said before the client left.
type Tell struct {
	Treatment term.TreatmentID
	Signs     bool // the red flags were read out and understood
	Phone     bool // the emergency phone was told and saved
}

// TellRedFlags notes that red flags and the emergency phone were told (S6-02).
func (d *Desk) TellRedFlags(ctx context.Context, by access.Actor, in Tell) error {
	return d.WriteOn(ctx, by, access.RedFlagTell, ref("treatment", int64(in.Treatment)), func(tx *store.Tx) error {
		t, err := treatment(tx.Read, in.Treatment)
		if err != nil {
			return err
		}
		tx.Result("treatment", int64(t.ID))
		var f fault.Fields
		if !in.Signs {
			f.Add("signs", "aftercare.tell.signs_missing")
		}
		if !in.Phone {
			f.Add("phone", "aftercare.tell.phone_missing")
		}
		if err := f.Err(); err != nil {
			return err
		}
		if !over(t) {
			return fault.Refuse("S6-02", "aftercare.guide.early", t.Number).Ask("physician")
		}
		return d.house.Flow.Prove(tx, by, on(t), ProveTold, ref("treatment", int64(t.ID)))
	})
}

// LinkGuide makes a new page of the guide for the client's phone and gives its secret, told
// once. Older links of the same treatment stop working.
func (d *Desk) LinkGuide(ctx context.Context, by access.Actor, id term.TreatmentID) (token string, err error) {
	err = d.WriteOn(ctx, by, access.GuideHand, ref("treatment", int64(id)), func(tx *store.Tx) error {
		t, err := treatment(tx.Read, id)
		if err != nil {
			return err
		}
		stands, err := document.Stands(tx.Read, guideOf(t))
		if err != nil {
			return err
		}
		if stands.Document.ID == 0 {
			return fault.Refuse("S6-01", "aftercare.guide.first", t.Number).At(GuidePath(id))
		}
		item, err := tx.Item(t.Item)
		if err != nil {
			return err
		}
		old, err := tx.GuestLinksOf(t.Visit)
		if err != nil {
			return err
		}
		for _, l := range old {
			if l.Kind != "guide" || l.Document != stands.Document.ID {
				continue
			}
			l.RevokedAt = tx.Now()
			if err := tx.SaveGuestLink(&l); err != nil {
				return err
			}
		}
		var hash []byte
		token, hash = feedback.Token()
		tx.Result("guide", int64(id))
		return tx.AddGuestLink(&store.GuestLink{
			TokenHash: hash, Kind: "guide", Client: t.Client, Visit: t.Visit, Document: stands.Document.ID,
			CareTemplate: item.CareTemplate, ExpiresAt: tx.Now().Add(guideLife),
		})
	})
	return token, err
}

// Phone is the guide on a client's phone: what to do on which day, without a name.
type Phone struct {
	Care   defaults.Care
	Days   []Stage
	Facts  document.Facts
	Urgent string
}

// PhoneGuide reads the page behind a guide's link.
func (d *Desk) PhoneGuide(ctx context.Context, lang words.Lang, token string) (p Phone, err error) {
	hash := sha256.Sum256([]byte(token))
	err = d.DB.Read(ctx, func(r *store.Read) error {
		l, err := r.GuestLinkBy(hash[:])
		if errors.Is(err, store.ErrNotFound) || err == nil && (l.Kind != "guide" || !l.RevokedAt.IsZero() || !r.Now().Before(l.ExpiresAt)) {
			return fault.NotFound("page")
		}
		if err != nil {
			return err
		}
		doc, err := r.Document(l.Document)
		if err != nil {
			return err
		}
		t, err := r.Treatment(doc.Treatment)
		if err != nil {
			return err
		}
		item, err := r.Item(t.Item)
		if err != nil {
			return err
		}
		item.CareTemplate = l.CareTemplate // the one that was handed over
		p.Care, _ = careOf(item, t, lang)
		p.Facts = careFacts(p.Care, doc.CreatedAt.Day(r.Zone()), lang)
		p.Days = stagesOf(p.Care, doc.CreatedAt.Day(r.Zone()), lang)
		p.Urgent, err = urgent(r)
		return err
	})
	return p, fault.FromStore(err, "showing a care guide")
}
