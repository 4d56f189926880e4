package forms

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/media"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Noun names a filled form in the trail and in results.
const Noun = "answer"

// Start says which form is to be begun, and about what. Client and visit follow from the
// treatment or visit.
type Start struct {
	Code string
	form.Subject
	// Again begins another filling although one stands already.
	Again bool
}

// Typed is what somebody typed into a filling.
type Typed struct {
	ID      term.AnswerID
	Version int // as read; a tablet in the client's hands, the only holder of the form, has none
	Answers form.Answers
	// Photos are pictures taken for photo questions, whose files stand already.
	Photos map[string][]media.Prepared
	// Faults is what the room found wrong beside the form: told together with the form's own.
	Faults fault.Fields
}

// Begin adds a draft with what is known already. A draft that stands is not begun twice.
func (c *Cabinet) Begin(tx *store.Tx, by access.Actor, s Start) (form.Filled, error) {
	p, err := c.prepare(tx.Read, by, s)
	if err != nil {
		return form.Filled{}, err
	}
	if have, ok, err := c.standing(tx.Read, p.start); err != nil || ok {
		if err != nil {
			return form.Filled{}, err
		}
		e := fault.Clash("forms.standing", p.template.Title)
		return form.Filled{}, e.At(fmt.Sprintf("/form/%d", have.ID))
	}
	f, err := form.Begin(tx, by, s.Code, p.start.Subject, p.facts)
	if err != nil || len(p.known) == 0 {
		return f, err
	}
	for link, ans := range p.known {
		f.Answers[link] = ans
	}
	return form.Save(tx, by, f.Row.ID, f.Row.Version, f.Answers)
}

// Save keeps typed answers in a draft. Questions that the actor may not see keep their
// answers.
func (c *Cabinet) Save(tx *store.Tx, by access.Actor, in Typed) (form.Filled, error) {
	f, err := form.Open(tx.Read, in.ID)
	if err != nil {
		return f, err
	}
	if err := mayType(by, f.Row); err != nil {
		return f, err
	}
	if in.Answers, err = c.typed(tx, by, f, in); err != nil {
		return f, err
	}
	return save(tx, by, f, in)
}

// stale says that the filling was changed since it was read, or was not read at all.
// Of what is locked more can be said than that.
func (in Typed) stale(by access.Actor, f form.Filled) bool {
	return by.Guest.None() && f.Row.State == AnswerDraft && in.Version != f.Row.Version
}

func save(tx *store.Tx, by access.Actor, old form.Filled, in Typed) (form.Filled, error) {
	if in.stale(by, old) {
		return old, store.ErrStale
	}
	f, err := form.Save(tx, by, in.ID, old.Row.Version, in.Answers)
	if err != nil {
		return f, err
	}
	news(tx, f.Row)
	return f, nil
}

// Sign keeps typed answers (nil: those of the draft) and locks the filling; then it gives
// the evidence to the SOP and runs the hooks of the code.
func (c *Cabinet) Sign(tx *store.Tx, by access.Actor, in Typed) (form.Filled, error) {
	f, err := form.Open(tx.Read, in.ID)
	if err != nil {
		return f, err
	}
	if !by.SignsForm(f.Row.FormCode) {
		return f, fault.Forbidden(string(access.FormSign))
	}
	if err := mayType(by, f.Row); err != nil {
		return f, err
	}
	if in, err = c.complete(tx, by, f, in); err != nil {
		return f, err
	}
	if in.Answers != nil {
		if f, err = save(tx, by, f, in); err != nil {
			return f, err
		}
	} else if in.stale(by, f) {
		return f, store.ErrStale
	}
	if f, err = form.Sign(tx, by, in.ID); err != nil {
		return f, err
	}
	return f, c.after(tx, by, f)
}

// complete joins what was typed with the draft and refuses it with all its faults at once. A
// draft that is locked or stale passes: saving and signing say what is the matter.
func (c *Cabinet) complete(tx *store.Tx, by access.Actor, f form.Filled, in Typed) (Typed, error) {
	if in.Answers != nil {
		joined, err := c.typed(tx, by, f, in)
		if err != nil {
			return in, err
		}
		in.Answers, f.Answers = joined, joined.Keep(f.Answers)
	}
	if f.Row.Locked() || in.stale(by, f) {
		return in, nil
	}
	return in, c.faults(tx.Read, f, in.Faults)
}

// faults lists everything that is wrong with a filling to be signed: what the form asks for,
// what the code's checks find, and what the room found already.
func (c *Cabinet) faults(r *store.Read, f form.Filled, more fault.Fields) error {
	all := form.Validate(f.Template, f.Answers, true)
	join := func(some fault.Fields) {
		for _, x := range some {
			all.Add(x.Name, x.Key, x.Args...)
		}
	}
	for _, check := range c.rule(f.Row.FormCode).Checks {
		found, err := check(r, f)
		if err != nil {
			return err
		}
		join(found)
	}
	join(more)
	return all.Err()
}

// Amend puts a corrected filling in the place of a signed one (REG-EMR-01, REG-EMR-09).
func (c *Cabinet) Amend(tx *store.Tx, by access.Actor, in Typed, reason string) (form.Filled, error) {
	old, err := form.Open(tx.Read, in.ID)
	if err != nil {
		return old, err
	}
	if !by.SignsForm(old.Row.FormCode) {
		return old, fault.Forbidden(string(access.FormAmend))
	}
	if old.Row.State == AnswerSigned && in.Version != old.Row.Version {
		return old, store.ErrStale
	}
	if in.Answers, err = c.typed(tx, by, old, in); err != nil {
		return old, err
	}
	if strings.TrimSpace(reason) == "" {
		in.Faults.Add("_reason", "form.refuse.reason")
	}
	if old.Row.State == AnswerSigned {
		then := old
		then.Answers = form.Amended(old, in.Answers)
		if err := c.faults(tx.Read, then, in.Faults); err != nil {
			return old, err
		}
	}
	f, err := form.Amend(tx, by, in.ID, in.Answers, reason)
	if err != nil {
		return f, err
	}
	return f, c.after(tx, by, f)
}

// after tells the SOP, the screens and the rooms that a form was signed.
func (c *Cabinet) after(tx *store.Tx, by access.Actor, f form.Filled) error {
	rule := c.rule(f.Row.FormCode)
	news(tx, f.Row)
	for _, topic := range rule.Topics {
		tx.Publish(topic)
	}
	for _, h := range rule.Signed {
		if err := h(tx, by, f); err != nil {
			return err
		}
	}
	if f.Row.Visit == 0 {
		return nil
	}
	on := sop.Subject{Visit: f.Row.Visit, Treatment: f.Row.Treatment}
	for _, kind := range rule.Proves {
		if err := c.flow.Prove(tx, by, on, kind, store.Subject{Noun: Noun, ID: int64(f.Row.ID)}); err != nil {
			return err
		}
	}
	return nil
}

// typed joins what was typed with what the actor may not touch and with new photos.
func (c *Cabinet) typed(tx *store.Tx, by access.Actor, f form.Filled, in Typed) (form.Answers, error) {
	out := form.Answers{}
	for link, ans := range in.Answers {
		out[link] = ans
	}
	for _, g := range f.Template.Groups {
		for _, it := range g.Items {
			old := f.Answers[it.LinkID]
			if !by.SeesLevel(f.Row.FormCode, it.Level) {
				out[it.LinkID] = old
				continue
			}
			if it.Type != form.Photo {
				continue
			}
			fresh, err := pictured(tx, by, f, in.Photos[it.LinkID])
			if err != nil {
				return nil, err
			}
			ans := out[it.LinkID]
			ans.Values = slices.DeleteFunc(slices.Clone(ans.Values), func(id string) bool { return !slices.Contains(old.Values, id) })
			ans.Values = append(ans.Values, fresh...)
			out[it.LinkID] = ans
		}
	}
	for link, ans := range out {
		if ans.Empty() {
			delete(out, link)
		}
	}
	return out, nil
}

// pictured adds the new pictures of a photo question and names them.
func pictured(tx *store.Tx, by access.Actor, f form.Filled, photos []media.Prepared) (ids []string, err error) {
	if err := agreed(tx.Read, f.Row, photos); err != nil {
		return nil, err
	}
	for _, p := range photos {
		m, err := media.Add(tx, by, p, media.Meta{Visit: f.Row.Visit, Treatment: f.Row.Treatment, Kind: "attachment", View: "other"})
		if err != nil {
			return nil, err
		}
		ids = append(ids, fmt.Sprint(m.ID))
	}
	return ids, nil
}

// agreed refuses pictures of another client, and those without the client's own consent to them
// (REG-PII-01).
func agreed(r *store.Read, row store.Answer, photos []media.Prepared) error {
	for _, p := range photos { // each is sealed for the client of whom it is
		if p.Client != row.Client {
			return fault.NotFound("client")
		}
	}
	if len(photos) == 0 || row.Client == 0 {
		return nil
	}
	have, err := r.Consents(row.Client)
	if err != nil {
		return err
	}
	if _, ok := have[term.ForPhotoRecord]; ok {
		return nil
	}
	return fault.Refuse("REG-PII-01", "consultation.photo.consent").Ask(string(access.Consultant)).At(fmt.Sprintf("/consultation/%d", row.Visit))
}

// standing finds the filling that counts for the subject of a start.
func (c *Cabinet) standing(r *store.Read, s Start) (have store.Answer, ok bool, err error) {
	if s.Again || c.rule(s.Code).Many {
		return have, false, nil
	}
	switch {
	case s.Treatment != 0:
		have, err = r.TreatmentAnswer(s.Treatment, s.Code)
	case s.Visit != 0:
		have, err = r.VisitAnswer(s.Visit, s.Code)
	default:
		return have, false, nil
	}
	if errors.Is(err, store.ErrNotFound) {
		return have, false, nil
	}
	return have, err == nil, err
}

// mayType says that the actor may type into this very filling.
func mayType(by access.Actor, row store.Answer) error {
	if !by.FillsForm(row.FormCode) || !inScope(by, row) {
		return fault.Forbidden(string(access.FormSave))
	}
	return nil
}

func news(tx *store.Tx, row store.Answer) {
	if row.Visit != 0 {
		tx.Publish(fmt.Sprintf("visit:%d", row.Visit))
	}
}
