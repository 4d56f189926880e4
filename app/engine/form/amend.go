package form

import (
	"maps"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Amend puts a corrected filling in the place of a signed one. The signed row stays as it
// was and readable; the new one names it, carries the reason and is signed at once
// (REG-EMR-01, REG-EMR-09).
func Amend(tx *store.Tx, by access.Actor, id term.AnswerID, typed Answers, reason string) (Filled, error) {
	old, err := Open(tx.Read, id)
	if err != nil {
		return Filled{}, err
	}
	if old.Row.State != store.AnswerSigned {
		return Filled{}, fault.Refuse("REG-EMR-09", "form.refuse.amend."+old.Row.State)
	}
	if strings.TrimSpace(reason) == "" {
		return Filled{}, fault.Refuse("REG-EMR-01", "form.refuse.reason")
	}
	typed = Amended(old, typed)
	if err := Validate(old.Template, typed, true).Err(); err != nil {
		return Filled{}, err
	}
	now := Filled{Template: old.Template, Answers: old.Template.Settle(typed), Row: old.Row}
	now.Row.Supersedes, now.Row.Reason = old.Row.ID, strings.TrimSpace(reason)
	now.Row.State, now.Row.Staff, now.Row.FilledBy = store.AnswerDraft, by.Staff, filler(by)
	now.Row.SignedAt, now.Row.SignedBy, now.Row.SHA256 = term.Instant{}, 0, ""
	if err := now.keep(); err != nil {
		return Filled{}, err
	}
	if len(Diff(old.Template, old.Template.Unsigned(old.Answers), old.Template.Unsigned(now.Answers))) == 0 {
		return Filled{}, fault.Refuse("REG-EMR-01", "form.refuse.same")
	}
	old.Row.State = store.AnswerAmended
	if err := tx.SaveAnswer(&old.Row); err != nil {
		return Filled{}, err
	}
	if err := tx.AddAnswer(&now.Row); err != nil {
		return Filled{}, err
	}
	return now.sign(tx, by)
}

// Amended are the answers with which a signed filling is amended: what was typed, with the
// facts of the old one. A signature stands for the words above it and for no others, so the
// old one is not carried over; whoever amends signs anew.
func Amended(old Filled, typed Answers) Answers {
	now := typed.Keep(old.Answers)
	for _, it := range old.Template.signatures() {
		if same(now[it.LinkID], old.Answers[it.LinkID]) {
			delete(now, it.LinkID)
		}
	}
	return now
}

// Unsigned are the answers of a filling without the signatures, with which the page of an
// amendment begins.
func (t Template) Unsigned(a Answers) Answers {
	bare := maps.Clone(a)
	for _, it := range t.signatures() {
		delete(bare, it.LinkID)
	}
	return bare
}

func (t Template) signatures() (list []Item) {
	for _, g := range t.Groups {
		for _, it := range g.Items {
			if it.Type == Signature {
				list = append(list, it)
			}
		}
	}
	return list
}
