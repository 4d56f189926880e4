package consultation

import (
	"errors"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Verdicts of an examination.
const (
	VerdictFit    = "fit"
	VerdictDefer  = "defer"
	VerdictRefuse = "refuse"
)

// stepExam is the SOP's step of the examination.
const stepExam = "S2-05"

// examined is the hook of F15: the signed form becomes the examination without which there
// is no order (REG-STF-09). It needs the health questionnaire, reviewed, to find somebody
// fit. Only a lead physician's counts (S2-05). A verdict against treatment ends the visit
// cleanly (rulings 31); why stands in the form.
func (d *Desk) examined(tx *store.Tx, by access.Actor, f form.Filled) error {
	if err := mayExamine(by); err != nil {
		return err
	}
	v, err := openVisit(tx.Read, f.Row.Visit)
	if err != nil {
		return err
	}
	exam := store.Exam{
		Visit: v.ID, Client: v.Client, Physician: by.Staff, Answer: f.Row.ID, Verdict: f.Answers.Value("verdict"), SignedAt: tx.Now(),
	}
	if err := d.mayBeFit(tx.Read, exam); err != nil {
		return err
	}
	if err := tx.AddExam(&exam); err != nil {
		return err
	}
	v.Physician = by.Staff
	if err := tx.SaveVisit(&v); err != nil {
		return err
	}
	news(tx, v.ID)
	if err := d.prove(tx, by, v.ID, store.Subject{Noun: "exam", ID: exam.ID}, ProveExam, ProveBDD); err != nil {
		return err
	}
	if exam.Verdict == VerdictRefuse {
		return d.end(tx, by, v.ID, term.VisitDoctorRefused)
	}
	return d.unapprove(tx, by, v.ID)
}

func mayExamine(by access.Actor) error {
	if !by.Is(access.Physician) {
		return fault.Forbidden(string(access.ExamSign))
	}
	if !by.Lead {
		return fault.Refuse("REG-STF-01", "consultation.exam.lead").Ask(access.LeadPhysician)
	}
	return nil
}

// mayBeFit refuses to find somebody fit whose questionnaire nobody has seen.
func (d *Desk) mayBeFit(r *store.Read, exam store.Exam) error {
	if exam.Verdict != VerdictFit {
		return nil
	}
	gaps, err := d.house.Flow.Gate(r, sop.Subject{Visit: exam.Visit}, stepExam)
	if err != nil {
		return err
	}
	return gaps.Err()
}

// consistent is the check of F15: a verdict does not speak against the findings beside it.
func consistent(_ *store.Read, f form.Filled) (wrong fault.Fields, err error) {
	if f.Answers.Value("verdict") != VerdictFit {
		return nil, nil
	}
	if f.Answers.Value("contra_final") == "absolute" {
		wrong.Add(form.Name("verdict"), "consultation.exam.absolute")
	}
	if f.Answers.Value("bdd_final") == "refuse" {
		wrong.Add(form.Name("bdd_final"), "consultation.exam.bdd")
	}
	return wrong, nil
}

// fitExam reads the examination that allows a plan; anything else is refused.
func fitExam(r *store.Read, visit term.VisitID) (store.Exam, error) {
	e, err := r.ExamOf(visit)
	if errors.Is(err, store.ErrNotFound) {
		return e, fault.Refuse("REG-STF-09", "consultation.exam.missing").Ask(string(access.Physician)).At(VisitPath(visit))
	}
	if err == nil && e.Verdict != VerdictFit {
		err = fault.Refuse("REG-STF-09", "consultation.exam.not_fit", fault.Word("consultation.verdict."+e.Verdict)).
			Ask(string(access.Physician)).At(VisitPath(visit))
	}
	return e, err
}
