package aftercare

import (
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/media"
	"meixu/app/forms"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Script is what a call asks: F8 of every care template that was given, as one form. Each is
// kept as a record of its own.
type Script struct {
	form.Joint
	Answers  form.Answers
	Fillings []form.Filled // one per form; a row without id was not begun yet
	begins   []forms.Start
	begun    bool // the first record was begun by this deed
}

// Draft is the first record of the call; zero ID when nothing was typed yet.
func (s Script) Draft() store.Answer {
	if len(s.Fillings) == 0 {
		return store.Answer{}
	}
	return s.Fillings[0].Row
}

// scriptOf reads the forms of a follow-up: what was typed so far, or empty ones.
func scriptOf(r *store.Read, t store.Task, treated []Treated) (s Script, err error) {
	labels := map[string][]store.Item{}
	for i, p := range t.Parts() {
		labels[p.Form] = append(labels[p.Form], treated[i].Item)
		if len(labels[p.Form]) > 1 {
			continue // asked once about both
		}
		f, err := filling(r, t, p)
		if err != nil {
			return s, err
		}
		if f.Row.ID == 0 {
			f.Answers.Know("$day", number(t.Day)).Know("$care", treated[i].Item.CareTemplate)
		}
		s.Fillings = append(s.Fillings, f)
		s.begins = append(s.begins, forms.Start{Code: p.Form, Again: true, Subject: form.Subject{
			Client: t.Client, Visit: t.Visit, Treatment: p.Treatment, Task: t.ID,
		}})
	}
	s.join(labels)
	return s, nil
}

func (s *Script) join(labels map[string][]store.Item) {
	list := make([]form.Labelled, len(s.Fillings))
	for i, f := range s.Fillings {
		list[i] = form.Labelled{Template: f.Template, Label: labelOf(labels[s.begins[i].Code])}
	}
	s.Joint = form.Together(list...)
	s.Answers = s.Joint.Answers(s.answers()...)
}

func (s *Script) answers() []form.Answers {
	all := make([]form.Answers, len(s.Fillings))
	for i, f := range s.Fillings {
		all[i] = f.Answers
	}
	return all
}

// labelOf names the items that a form asks about.
func labelOf(items []store.Item) words.Text {
	zh, en := make([]string, len(items)), make([]string, len(items))
	for i, it := range items {
		name := words.Text{ZH: it.Name, EN: it.NameEN}
		zh[i], en[i] = name.In(words.ZH), name.In(words.EN)
	}
	return words.Text{ZH: strings.Join(zh, " / "), EN: strings.Join(en, " / ")}
}

// filling is the record of one form of a follow-up, its draft, or the empty form.
func filling(r *store.Read, t store.Task, p store.TaskPart) (f form.Filled, err error) {
	row, err := answerOf(r, t, p.Form)
	if err != nil {
		return f, err
	}
	if row.ID != 0 {
		return form.Fill(r, row)
	}
	f.Template, err = form.Latest(r, p.Form)
	f.Answers = f.Template.Blank()
	return f, err
}

// answerOf finds the task's record of a form, or the draft of it.
func answerOf(r *store.Read, t store.Task, code string) (store.Answer, error) {
	if t.Answer != 0 && code == t.FormCode {
		return r.Answer(t.Answer)
	}
	all, err := r.AnswersOf(t.Client, 200)
	for _, a := range all {
		if a.Task == t.ID && a.FormCode == code && (a.State == store.AnswerDraft || a.State == store.AnswerSigned) {
			return a, nil
		}
	}
	return store.Answer{}, err
}

// papers are the drafts of a follow-up, begun where there is none.
func (d *Desk) papers(tx *store.Tx, by access.Actor, t store.Task) (s Script, err error) {
	treated, err := treatedOf(tx.Read, t)
	if err != nil {
		return s, err
	}
	if s, err = scriptOf(tx.Read, t, treated); err != nil {
		return s, err
	}
	s.begun = s.Draft().ID == 0
	for i, f := range s.Fillings {
		if f.Row.ID != 0 {
			continue
		}
		if s.Fillings[i], err = d.house.Forms.Begin(tx, by, s.begins[i]); err != nil {
			return s, err
		}
	}
	return s, nil
}

// unread says that the call was written on since it was read, or was not read at all. The version
// of the first draft counts: all of them are saved together.
func (s Script) unread(in forms.Typed) bool {
	read := form.Shown{Row: in.ID, Version: in.Version}
	if s.begun {
		return !read.None()
	}
	return read != form.ShownOf(s.Draft())
}

// keep puts what was typed into the draft of each form.
func (d *Desk) keep(tx *store.Tx, by access.Actor, s *Script, in forms.Typed) (err error) {
	for i, f := range s.Fillings {
		part := forms.Typed{ID: f.Row.ID, Version: f.Row.Version, Answers: s.Part(i, in.Answers), Photos: map[string][]media.Prepared{}}
		for link, name := range s.Own(i) {
			part.Photos[link] = in.Photos[name]
		}
		if s.Fillings[i], err = d.house.Forms.Save(tx, by, part); err != nil {
			return err
		}
	}
	s.Answers = s.Joint.Answers(s.answers()...)
	return nil
}

// physicianOf is the operator of a treatment who is a physician of the house; 0 for none.
func physicianOf(r *store.Read, t store.Treatment) (term.StaffID, error) {
	if t.Operator == 0 {
		return 0, nil
	}
	who, err := r.Staff(t.Operator)
	if err == nil && who.Active && slices.Contains(who.Roles, string(access.Physician)) {
		return who.ID, nil
	}
	return 0, err
}
