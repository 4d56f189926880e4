package forms

import (
	"context"
	"errors"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Sheet is one filling ready for a page: with the person, the visit and who did what.
type Sheet struct {
	form.Filled
	Start   Start
	Client  *store.Client // nil: about a room or device
	Visit   *store.Visit
	Banner  *banner.View
	Stepper *sop.Stepper
	Before  *form.Filled // the filling that this one amended, or the one before it
	After   term.AnswerID
	// Elsewhere says that the form is filled and signed on the page of another room; Corrected that
	// it is amended here all the same.
	Elsewhere, Corrected bool
	FilledBy             string // names
	SignedBy             string
	VoidedBy             string
}

// New is an empty form before it is begun; a filling that stands is named instead.
func (d *Desk) New(ctx context.Context, by access.Actor, s Start) (sheet Sheet, standing term.AnswerID, err error) {
	err = d.Read(ctx, by, access.FormBegin, func(r *store.Read) error {
		p, err := d.prepare(r, by, s)
		if err != nil {
			return err
		}
		if err := d.elsewhereFor(by, p.start); err != nil {
			return err
		}
		if have, ok, err := d.standing(r, p.start); err != nil || ok {
			standing = have.ID
			return err
		}
		sheet.Template, sheet.Answers, sheet.Start = p.template, p.blank(), p.start
		sheet.Row = store.Answer{
			Client: p.start.Client, Visit: p.start.Visit, Treatment: p.start.Treatment, Task: p.start.Task,
			FormCode: s.Code, State: store.AnswerDraft,
		}
		return d.dress(r, by, &sheet)
	})
	return sheet, standing, err
}

// Open reads a filling; that a person's answers were seen is noted in the trail.
func (d *Desk) Open(ctx context.Context, by access.Actor, id term.AnswerID) (sheet Sheet, err error) {
	var row store.Answer
	err = d.Read(ctx, by, access.FormView, func(r *store.Read) error {
		row, err = r.Answer(id)
		return gone(err, "answer")
	})
	if err != nil {
		return sheet, err
	}
	read := func(r *store.Read) error {
		if sheet.Filled, err = form.Open(r, id); err != nil {
			return err
		}
		sheet.Start = Start{Code: row.FormCode, Subject: form.Subject{
			Client: row.Client, Visit: row.Visit, Treatment: row.Treatment, Task: row.Task,
		}}
		sheet.Elsewhere, sheet.Corrected = d.elsewhere(row) != nil, d.rule(row.FormCode).Corrected
		return d.dress(r, by, &sheet)
	}
	switch {
	case !by.Guest.None():
		if !by.FillsForm(row.FormCode) || !inScope(by, row) {
			return sheet, fault.Forbidden(string(access.FormView))
		}
		err = d.Read(ctx, by, access.FormView, read)
	case !by.ReadsForm(row.FormCode):
		return sheet, fault.Forbidden(string(access.FormView))
	case row.Client == 0:
		err = d.Read(ctx, by, access.FormView, read)
	default:
		err = d.View(ctx, by, access.FormView, row.Client, read)
	}
	return sheet, err
}

// dress adds person, visit, names and the older filling.
func (d *Desk) dress(r *store.Read, by access.Actor, s *Sheet) error {
	if err := d.person(r, by, s); err != nil {
		return err
	}
	if s.Row.ID == 0 {
		return nil
	}
	for _, who := range []struct {
		id   term.StaffID
		name *string
	}{{s.Row.Staff, &s.FilledBy}, {s.Row.SignedBy, &s.SignedBy}, {s.Row.VoidedBy, &s.VoidedBy}} {
		if who.id == 0 {
			continue
		}
		staff, err := r.Staff(who.id)
		if err != nil {
			return err
		}
		*who.name = staff.Name
	}
	after, err := r.AnswerAfter(s.Row.ID)
	if err == nil {
		s.After = after.ID
	} else if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return d.older(r, s)
}

func (d *Desk) person(r *store.Read, by access.Actor, s *Sheet) error {
	if s.Row.Client == 0 {
		return nil
	}
	c, err := r.Client(s.Row.Client)
	if err != nil {
		return err
	}
	s.Client = &c
	if !by.Guest.None() {
		return nil
	}
	if s.Banner, err = banner.Of(r, by, c.ID); err != nil || s.Row.Visit == 0 {
		return err
	}
	v, err := r.Visit(s.Row.Visit)
	if err != nil {
		return err
	}
	s.Visit = &v
	s.Stepper, err = d.flow.Stepper(r, v.ID, by.Lang)
	if fault.KindOf(err) == fault.KindNotFound {
		s.Stepper, err = nil, nil
	}
	return err
}

// older finds what the filling is compared with: what it amended, else the client's signed
// filling of the same form before it.
func (d *Desk) older(r *store.Read, s *Sheet) error {
	old, ok, err := form.Before(r, s.Filled)
	if err != nil {
		return err
	}
	if !ok && s.Row.Client != 0 {
		row, err := r.AnswerBefore(s.Row)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if old, err = form.Fill(r, row); err != nil {
			return err
		}
		ok = true
	}
	if ok {
		s.Before = &old
	}
	return nil
}

// Folder is the list of a visit's forms.
type Folder struct {
	Visit   store.Visit
	Client  store.Client
	Banner  *banner.View
	Stepper *sop.Stepper
	Forms   []FolderForm
	Left    []form.Template // what the client has still to sign on a tablet
	New     []form.Template
}

// FolderForm is one filling in the list.
type FolderForm struct {
	Row   store.Answer
	Title form.Template
	Who   string
	Open  bool // the reader may open it
	Red   bool // hits or red flags, for readers who see allergies
}

// Folder lists the forms of a visit: who filled which, what is still to be signed, and what
// the actor may begin.
func (d *Desk) Folder(ctx context.Context, by access.Actor, visit term.VisitID) (out Folder, err error) {
	var v store.Visit
	err = d.Read(ctx, by, access.FormBegin, func(r *store.Read) error {
		v, err = r.Visit(visit)
		return gone(err, "visit")
	})
	if err != nil {
		return out, err
	}
	err = d.View(ctx, by, access.FormBegin, v.Client, func(r *store.Read) error {
		out.Visit = v
		if out.Client, err = r.Client(v.Client); err != nil {
			return err
		}
		s := Sheet{Filled: form.Filled{Row: store.Answer{Client: v.Client, Visit: visit}}}
		if err := d.person(r, by, &s); err != nil {
			return err
		}
		out.Banner, out.Stepper = s.Banner, s.Stepper
		if out.Left, err = d.leftForms(r, v); err != nil {
			return err
		}
		if out.Forms, err = folderForms(r, by, visit); err != nil {
			return err
		}
		out.New, err = d.offered(r, by, out)
		return err
	})
	return out, err
}

func (d *Desk) leftForms(r *store.Read, v store.Visit) (list []form.Template, err error) {
	codes, err := d.left(r, v)
	for _, code := range codes {
		t, err := form.Latest(r, code)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, err
}

func folderForms(r *store.Read, by access.Actor, visit term.VisitID) ([]FolderForm, error) {
	rows, err := r.AnswersOfVisit(visit)
	if err != nil {
		return nil, err
	}
	out := make([]FolderForm, 0, len(rows))
	for _, row := range rows {
		t, err := form.Latest(r, row.FormCode)
		if err != nil {
			return nil, err
		}
		f := FolderForm{Row: row, Title: t, Open: by.ReadsForm(row.FormCode), Red: row.Red && by.Sees(access.FieldAllergies)}
		if row.Staff != 0 && row.FilledBy == "staff" {
			who, err := r.Staff(row.Staff)
			if err != nil {
				return nil, err
			}
			f.Who = who.Name
		}
		out = append(out, f)
	}
	return out, nil
}

// offered are the forms of a visit as a whole that the actor may begin and that do not
// stand yet. Forms of a treatment or a call are begun where those are.
func (d *Desk) offered(r *store.Read, by access.Actor, in Folder) (list []form.Template, err error) {
	if !in.Visit.Open() || !by.May(access.FormBegin) {
		return nil, nil
	}
	for _, code := range []string{"F21", "F1", "F17", "F2", "F2-NURSE", "F3", "F4", "F15", "F11"} {
		if !by.BeginsForm(code) || !by.FillsForm(code) || d.elsewhere(store.Answer{FormCode: code, Visit: in.Visit.ID}) != nil {
			continue
		}
		_, have, err := d.standing(r, Start{Code: code, Subject: form.Subject{Visit: in.Visit.ID}})
		if err != nil {
			return nil, err
		}
		if have {
			continue
		}
		t, err := form.Latest(r, code)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}
