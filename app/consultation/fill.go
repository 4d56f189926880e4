package consultation

import (
	"context"
	"errors"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/media"
	"meixu/app/fault"
	"meixu/app/forms"
	"meixu/store"
	"meixu/store/term"
)

// duty says who fills a form of this room, and where the client is meanwhile.
type duty struct {
	permission access.Permission
	station    term.Station
}

var duties = map[string]duty{
	FormNeed:  {access.NeedRecord, term.AtConsultation},
	FormTalk:  {access.ConsultRecord, term.AtConsultation},
	FormNurse: {access.HealthReview, term.AtConsultation},
	FormSkin:  {access.SkinRecord, term.AtConsultation},
	FormExam:  {access.ExamSign, term.AtExamination},
}

// Fill is what somebody typed into a form of a visit.
type Fill struct {
	Visit   term.VisitID
	Code    string
	Version int
	Answers form.Answers
	Photos  map[string][]media.Prepared
	// Sign locks the form; otherwise it is kept as a draft.
	Sign bool
	// Keep is why wording that was warned about is kept (S2-09).
	Keep string
}

// Rules tells the cabinet of forms what a signature on the forms of this room means, so
// that it means the same on every page on which they can be signed.
func (d *Desk) Rules(alerts forms.Hook) {
	c := d.house.Forms
	c.Set(FormNeed, forms.Rule{Proves: []string{ProveNeed}, Signed: []forms.Hook{d.needed}})
	c.Set(FormTalk, forms.Rule{Proves: []string{ProveTalk, ProveNeed}, Signed: []forms.Hook{d.talked}})
	c.Set(FormHealth, forms.Rule{Proves: []string{ProveHealth, ProveBDD}, Topics: []string{"queue", "board"}, Signed: []forms.Hook{alerts}})
	c.Set(FormNurse, forms.Rule{Proves: []string{ProveHealth, ProveVitals, ProveBDD}, Topics: []string{"queue", "board"}, Signed: []forms.Hook{alerts}})
	c.Set(FormSkin, forms.Rule{Proves: []string{ProveSkin}})
	c.Set(FormExam, forms.Rule{Signed: []forms.Hook{alerts, d.examined}})
}

// Fill keeps or signs a form of a visit. A form that was signed already is amended, with the
// actor's reason (REG-EMR-01).
func (d *Desk) Fill(ctx context.Context, by access.Actor, in Fill) (id term.AnswerID, err error) {
	who, known := duties[in.Code]
	if !known {
		return 0, fault.NotFound("form")
	}
	err = d.WriteOn(ctx, by, who.permission, visitRef(in.Visit), func(tx *store.Tx) error {
		v, err := openVisit(tx.Read, in.Visit)
		if err != nil {
			return err
		}
		tx.Result("consultation", int64(in.Visit))
		if err := photosAllowed(tx.Read, v, in.Photos); err != nil {
			return err
		}
		if in.Code == FormTalk {
			if err := d.checkTalk(tx, by, in); err != nil {
				return err
			}
		}
		f, err := d.keep(tx, by, in)
		if err != nil {
			return err
		}
		id = f.Row.ID
		news(tx, in.Visit)
		if v, err = tx.Visit(in.Visit); err != nil || !v.Open() || v.Stage >= term.StagePlan {
			return err
		}
		return tx.MoveTo(in.Visit, term.StageConsultation, who.station)
	})
	return id, err
}

// keep begins, saves, signs or amends the visit's filling of the form.
func (d *Desk) keep(tx *store.Tx, by access.Actor, in Fill) (form.Filled, error) {
	typed := forms.Typed{Version: in.Version, Answers: in.Answers, Photos: in.Photos}
	row, err := tx.VisitAnswer(in.Visit, in.Code)
	switch {
	case errors.Is(err, store.ErrNotFound):
		f, err := d.house.Forms.Begin(tx, by, forms.Start{Code: in.Code, Subject: form.Subject{Visit: in.Visit}})
		if err != nil {
			return f, err
		}
		typed.ID, typed.Version = f.Row.ID, f.Row.Version
	case err != nil:
		return form.Filled{}, err
	case row.State == store.AnswerSigned:
		typed.ID = row.ID
		return d.house.Forms.Amend(tx, by, typed, by.Reason)
	default:
		typed.ID = row.ID
	}
	if in.Sign {
		return d.house.Forms.Sign(tx, by, typed)
	}
	return d.house.Forms.Save(tx, by, typed)
}

// checkTalk refuses banned wording (S2-09): what must go goes, what is warned about is kept
// only with a reason, and the reason stays with the visit. The client's own words pass.
func (d *Desk) checkTalk(tx *store.Tx, by access.Actor, in Fill) error {
	t, err := form.Latest(tx.Read, FormTalk)
	if err != nil {
		return err
	}
	own := func(s said) bool { return slices.Contains(clientsWords, s.link) }
	blocked, warned := spoken(d.house.Phrases, t, in.Answers)
	blocked, warned = slices.DeleteFunc(blocked, own), slices.DeleteFunc(warned, own)
	var wrong fault.Fields
	for _, s := range blocked {
		wrong.Add(form.Name(s.link), "consultation.talk.blocked", s.Text, s.Suggestion)
	}
	keep := strings.TrimSpace(in.Keep)
	if in.Sign && len(warned) > 0 && len([]rune(keep)) < 2 {
		wrong.Add("_reason", "consultation.talk.keep", warned[0].Text)
	}
	if err := wrong.Err(); err != nil || !in.Sign {
		return err
	}
	for _, s := range warned {
		err := tx.AddPhraseHit(&store.PhraseHit{
			Visit: in.Visit, Staff: by.Staff, Place: FormTalk + "." + s.link, Phrase: s.Text, Category: s.Category,
			Severity: string(s.Severity), Reason: keep, At: tx.Now(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// photosAllowed refuses pictures without the client's own consent to them (REG-PII-01).
func photosAllowed(r *store.Read, v store.Visit, photos map[string][]media.Prepared) error {
	if len(photos) == 0 {
		return nil
	}
	return PhotoConsent(r, v.Client, VisitPath(v.ID))
}

// PhotoConsent refuses while the client has not agreed to photos for the record
// (REG-PII-01, REG-PII-05); where is the page on which it is asked for.
func PhotoConsent(r *store.Read, client term.ClientID, where string) error {
	have, err := r.Consents(client)
	if err != nil {
		return err
	}
	if _, ok := have[term.ForPhotoRecord]; !ok {
		return NoPhotos(where)
	}
	return nil
}

// NoPhotos is the refusal of a photo to which the client has not agreed.
func NoPhotos(where string) error {
	return fault.Refuse("REG-PII-01", "consultation.photo.consent").Ask(string(access.Consultant)).At(where)
}

// needed is the hook of the need card: its goal stands in the client's file (row:C8).
func (d *Desk) needed(tx *store.Tx, _ access.Actor, f form.Filled) error {
	goal := strings.TrimSpace(f.Answers.Value("goal"))
	if goal == "" || f.Row.Client == 0 {
		return nil
	}
	c, err := tx.Client(f.Row.Client)
	if err != nil || c.Need == goal {
		return err
	}
	c.Need = goal
	return tx.SaveClient(&c)
}

// talked is the hook of the record: wording is checked whichever page signed it.
func (d *Desk) talked(_ *store.Tx, _ access.Actor, f form.Filled) error {
	blocked, _ := spoken(d.house.Phrases, f.Template, f.Answers)
	var wrong fault.Fields
	for _, s := range blocked {
		if !slices.Contains(clientsWords, s.link) {
			wrong.Add(form.Name(s.link), "consultation.talk.blocked", s.Text, s.Suggestion)
		}
	}
	return wrong.Err()
}
