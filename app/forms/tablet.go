package forms

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Handed are the forms that a client fills on a tablet when a visit begins, in this order.
var Handed = []string{"F1", "F2"}

// TabletPath is the page to which a tablet handed over for a visit is locked.
func TabletPath(visit term.VisitID) string { return fmt.Sprintf("/form/handover/%d", visit) }

// FormPath is the page of one filling.
func FormPath(id term.AnswerID) string { return fmt.Sprintf("/form/%d", id) }

// inScope says that the filling is one that the device may touch: a tablet in a client's
// hands shows the forms of its visit, or the one form it was locked to, and nothing else.
func inScope(by access.Actor, row store.Answer) bool {
	if by.Guest.None() {
		return true
	}
	if by.Guest.Path == FormPath(row.ID) {
		return true
	}
	return row.Visit != 0 && by.Guest.Path == TabletPath(row.Visit) && slices.Contains(Handed, row.FormCode)
}

// DraftKey names what is typed into a filling as it stands now and not sent yet.
func DraftKey(row store.Answer) string { return fmt.Sprintf("form-%d-v%d", row.ID, row.Version) }

// DraftInHand refuses that a device in a client's hands keeps what is typed under a key: only
// its own forms have one, as they stand, and none that is signed.
func DraftInHand(r *store.Read, by access.Actor, key string) error {
	refused := fault.Forbidden(string(access.DraftSave))
	id, _, _ := strings.Cut(strings.TrimPrefix(key, "form-"), "-")
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return refused.Because(err)
	}
	row, err := r.Answer(term.AnswerID(n))
	if errors.Is(err, store.ErrNotFound) {
		return refused.Because(err)
	}
	if err != nil {
		return err
	}
	if row.State != store.AnswerDraft || key != DraftKey(row) || !by.FillsForm(row.FormCode) || !inScope(by, row) {
		return refused
	}
	return nil
}

// HandOver begins the forms of a visit that the client has not signed yet, so that the
// tablet can be given away. F1 is filled once; F2 at every visit.
func (d *Desk) HandOver(ctx context.Context, by access.Actor, visit term.VisitID) error {
	on := store.Subject{Noun: "visit", ID: int64(visit)}
	return d.WriteOn(ctx, by, access.FormHandover, on, func(tx *store.Tx) error {
		v, err := tx.Visit(visit)
		if err != nil {
			return gone(err, "visit")
		}
		if !v.Open() {
			return fault.Refuse("S2-02", "forms.handover.closed", v.Number)
		}
		tx.Result("visit", int64(visit))
		left, err := d.left(tx.Read, v)
		if err != nil {
			return err
		}
		if len(left) == 0 {
			return fault.Refuse("S2-02", "forms.handover.nothing").At(fmt.Sprintf("/form/visit/%d", visit))
		}
		for _, code := range left {
			if err := d.beginOnce(tx, by, Start{Code: code, Subject: form.Subject{Visit: visit}}); err != nil {
				return err
			}
		}
		return nil
	})
}

// beginOnce begins a form that is not begun yet.
func (d *Desk) beginOnce(tx *store.Tx, by access.Actor, start Start) error {
	if _, standing, err := d.standing(tx.Read, start); err != nil || standing {
		return err
	}
	_, err := d.Begin(tx, by, start)
	return err
}

// left are the forms that the client still has to sign.
func (d *Desk) left(r *store.Read, v store.Visit) (codes []string, err error) {
	for _, code := range Handed {
		row, err := r.VisitAnswer(v.ID, code)
		if code == "F1" && errors.Is(err, store.ErrNotFound) {
			row, err = r.SignedAnswer(v.Client, code)
		}
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		if row.State != store.AnswerSigned {
			codes = append(codes, code)
		}
	}
	return codes, nil
}

// Slate is what a tablet handed over shows: the forms of the visit and the next one to fill.
type Slate struct {
	Name  string // how the client is greeted
	Forms []SlateForm
	Next  term.AnswerID // 0: all done
}

// SlateForm is one form of the slate.
type SlateForm struct {
	form.Filled
	Done bool
}

// Minutes is about how long the form takes: six questions a minute.
func (f SlateForm) Minutes() int {
	n := 0
	for _, g := range f.Template.Groups {
		n += len(g.Items)
	}
	return max(1, (n+11)/12)
}

// Slate reads the forms of the visit that the tablet is locked to.
func (d *Desk) Slate(ctx context.Context, by access.Actor, visit term.VisitID) (s Slate, err error) {
	if by.Guest.Path != TabletPath(visit) {
		return s, fault.Forbidden(string(access.Handover))
	}
	err = d.Read(ctx, by, access.FormView, func(r *store.Read) error {
		v, err := r.Visit(visit)
		if err != nil {
			return gone(err, "visit")
		}
		c, err := r.Client(v.Client)
		if err != nil {
			return err
		}
		s.Name = c.Name
		for _, code := range Handed {
			row, err := r.VisitAnswer(visit, code)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			f, err := form.Fill(r, row)
			if err != nil {
				return err
			}
			s.Forms = append(s.Forms, SlateForm{Filled: f, Done: row.Locked()})
			if s.Next == 0 && !row.Locked() {
				s.Next = row.ID
			}
		}
		return nil
	})
	return s, err
}

// Step keeps one screen of a form on a tablet. Going on, what is asked on the screen must be
// answered; going back, nothing must.
func (d *Desk) Step(ctx context.Context, by access.Actor, in Typed, group int, on bool) error {
	return d.WriteOn(ctx, by, access.FormSave, subjectOf(in.ID), func(tx *store.Tx) error {
		f, err := d.Save(tx, by, in)
		if err != nil || !on {
			return err
		}
		return wrongOn(f, group).Err()
	})
}

// wrongOn are the complaints about the questions of one group.
func wrongOn(f form.Filled, group int) (bad fault.Fields) {
	if group < 0 || group >= len(f.Template.Groups) {
		return nil
	}
	for _, wrong := range form.Validate(f.Template, f.Answers, true) {
		for _, it := range f.Template.Groups[group].Items {
			name := form.Name(it.LinkID)
			if wrong.Name == name || len(wrong.Name) > len(name) && wrong.Name[:len(name)+1] == name+"." {
				bad = append(bad, wrong)
			}
		}
	}
	return bad
}
