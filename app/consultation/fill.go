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
	Shown   form.Shown // the filling that the page was drawn from
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
	c.Set(FormTalk, forms.Rule{Proves: []string{ProveTalk, ProveNeed}, Checks: []forms.Check{d.talked}})
	c.Set(FormHealth, forms.Rule{Proves: []string{ProveHealth, ProveBDD}, Topics: []string{"queue", "board"}, Signed: []forms.Hook{alerts}})
	c.Set(FormNurse, forms.Rule{Proves: []string{ProveHealth, ProveVitals, ProveBDD}, Topics: []string{"queue", "board"}, Signed: []forms.Hook{alerts}})
	c.Set(FormSkin, forms.Rule{Proves: []string{ProveSkin}})
	c.Set(FormExam, forms.Rule{Checks: []forms.Check{consistent}, Signed: []forms.Hook{alerts, d.examined}})
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
		talk, err := d.heard(tx.Read, in)
		if err != nil {
			return err
		}
		shown, err := d.formPage(tx.Read, by, in.Visit, in.Code)
		if err != nil {
			return err
		}
		f, err := d.keep(tx, by, in, talk.faults(in))
		if err != nil {
			return err
		}
		if f.Row.Locked() && by.Seen != shown.Seen { // what stood beside the form was exchanged
			return store.ErrStale
		}
		if err := talk.note(tx, by, in); err != nil {
			return err
		}
		id = f.Row.ID
		news(tx, in.Visit)
		return follow(tx, in.Visit, who.station)
	})
	return id, err
}

// follow moves the client to where the form is filled, unless a plan is being made already.
func follow(tx *store.Tx, visit term.VisitID, station term.Station) error {
	v, err := tx.Visit(visit)
	if err != nil || !v.Open() || v.Stage >= term.StagePlan {
		return err
	}
	return tx.MoveTo(visit, term.StageConsultation, station)
}

// keep begins, saves, signs or amends the visit's filling of the form. What is wrong with it
// beside the form's own rules is told together with them.
func (d *Desk) keep(tx *store.Tx, by access.Actor, in Fill, wrong fault.Fields) (form.Filled, error) {
	typed := forms.Typed{Version: in.Shown.Version, Answers: in.Answers, Photos: in.Photos, Faults: wrong}
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
	case row.State == store.AnswerSigned && in.Shown.Row == row.ID:
		typed.ID = row.ID
		return d.house.Forms.Amend(tx, by, typed, by.Reason)
	case in.Shown != form.ShownOf(row): // before anything else is said about what was typed
		return form.Filled{}, store.ErrStale
	default:
		typed.ID = row.ID
	}
	if in.Sign {
		return d.house.Forms.Sign(tx, by, typed)
	}
	if err := wrong.Err(); err != nil {
		return form.Filled{}, err
	}
	return d.house.Forms.Save(tx, by, typed)
}

// wording is what a talk says that it must not (S2-09). What must go goes, what is warned
// about is kept only with a reason, and the reason stays with the visit. The client's own
// words pass.
type wording struct{ blocked, warned []said }

// heard checks the wording of the record; the other forms of the room are not checked.
func (d *Desk) heard(r *store.Read, in Fill) (w wording, err error) {
	if in.Code != FormTalk {
		return w, nil
	}
	t, err := form.Latest(r, FormTalk)
	if err != nil {
		return w, err
	}
	return d.wordingOf(t, in.Answers), nil
}

func (d *Desk) wordingOf(t form.Template, a form.Answers) (w wording) {
	own := func(s said) bool { return slices.Contains(clientsWords, s.link) }
	blocked, warned := spoken(d.house.Phrases, t, a)
	return wording{slices.DeleteFunc(blocked, own), slices.DeleteFunc(warned, own)}
}

// banned are the faults of what must go, one a question with all of its wordings.
func (w wording) banned() (wrong fault.Fields) {
	texts, instead := map[string][]string{}, map[string][]string{}
	for _, s := range w.blocked {
		texts[s.link] = append(texts[s.link], s.Text)
		if s.Suggestion != "" {
			instead[s.link] = append(instead[s.link], s.Suggestion)
		}
	}
	for _, s := range w.blocked {
		wrong.Add(form.Name(s.link), "consultation.talk.blocked", strings.Join(texts[s.link], " / "), strings.Join(instead[s.link], " / "))
	}
	return wrong
}

// faults are those that the check of a signature does not find: a draft holds no banned
// wording either, and what is warned about needs its reason.
func (w wording) faults(in Fill) fault.Fields {
	if !in.Sign {
		return w.banned()
	}
	var wrong fault.Fields
	if len(w.warned) > 0 && len([]rune(strings.TrimSpace(in.Keep))) < 2 {
		wrong.Add("_reason", "consultation.talk.keep", w.warned[0].Text)
	}
	return wrong
}

// note keeps what was said in spite of a warning, with the reason.
func (w wording) note(tx *store.Tx, by access.Actor, in Fill) error {
	if !in.Sign {
		return nil
	}
	for _, s := range w.warned {
		err := tx.AddPhraseHit(&store.PhraseHit{
			Visit: in.Visit, Staff: by.Staff, Place: FormTalk + "." + s.link, Phrase: s.Text, Category: s.Category,
			Severity: string(s.Severity), Reason: strings.TrimSpace(in.Keep), At: tx.Now(),
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

// talked is the check of the record: wording and the number of cases are checked whichever
// page signs it.
func (d *Desk) talked(r *store.Read, f form.Filled) (fault.Fields, error) {
	wrong, err := overstated(r, f)
	return append(d.wordingOf(f.Template, f.Answers).banned(), wrong...), err
}
