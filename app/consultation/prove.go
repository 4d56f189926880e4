package consultation

import (
	"errors"
	"fmt"
	"slices"

	"meixu/app/engine/document"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/term"
)

// provers tells the SOP engine what the evidence of this room looks like now.
func (d *Desk) provers() {
	e := d.house.Flow
	for kind, p := range map[string]sop.Prover{
		ProveNeed: proveNeed, ProveHealth: proveHealth, ProveSkin: proveSkin, ProveVitals: proveVitals,
		ProveExam: proveExam, ProveBDD: proveBDD, ProveCases: proveCases, ProveTalk: proveTalk,
		ProveQuote: proveQuote, ProvePrice: provePrice, ProvePlan: provePlan, ProveContract: proveContract,
		ProveConsent: d.proveConsent, ProveOffLabel: d.proveOffLabel, ProveGuardian: d.proveGuardian,
	} {
		e.Prover(kind, p)
	}
	below := map[string]string{
		ProveNeed: "/need", ProveSkin: "/skin", ProveTalk: "/record", ProveHealth: "/review", ProveVitals: "/review",
		ProveExam: "/exam", ProveBDD: "/exam",
	}
	for kind, page := range below {
		e.Place(kind, func(s sop.Subject) string { return VisitPath(s.Visit) + page })
	}
	for _, kind := range []string{ProveCases, ProveQuote, ProvePrice, ProvePlan, ProveConsent, ProveOffLabel, ProveGuardian, ProveContract} {
		e.Place(kind, func(s sop.Subject) string { return VisitPath(s.Visit) })
	}
}

// freshDays is how long a questionnaire, review, examination or skin analysis made in an
// earlier visit counts when paid sessions are continued.
const freshDays = 180

// signedAnswer reads the visit's own signed form or, on a visit that continues paid
// sessions, the newest one that is fresh.
func signedAnswer(r *store.Read, visit term.VisitID, code string) (store.Answer, bool, error) {
	row, err := r.VisitAnswer(visit, code)
	if err == nil && row.State == store.AnswerSigned {
		return row, true, nil
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return row, false, err
	}
	going, err := continued(r, visit)
	if err != nil || !going {
		return row, false, err
	}
	v, err := r.Visit(visit)
	if err != nil {
		return row, false, err
	}
	row, err = r.SignedAnswer(v.Client, code)
	if errors.Is(err, store.ErrNotFound) {
		return row, false, nil
	}
	ok := err == nil && !row.SignedAt.Day(r.Zone()).Add(freshDays).Before(r.Today())
	return row, ok, err
}

// continued says that a visit makes no plan of its own and carries out sessions paid before.
func continued(r *store.Read, visit term.VisitID) (bool, error) {
	_, own, err := planOf(r, visit)
	if err != nil || own {
		return false, err
	}
	list, err := r.TreatmentsOf(visit)
	return slices.ContainsFunc(list, func(t store.Treatment) bool { return t.State != term.TreatmentCancelled }), err
}

func doneBy(row store.Answer) sop.Proof {
	return sop.Proof{Done: true, At: row.SignedAt, Ref: store.Subject{Noun: "answer", ID: int64(row.ID)}}
}

// proveNeed: the need card, or the consultation record that asks for more (S2-01).
func proveNeed(r *store.Read, s sop.Subject) (sop.Proof, error) {
	for _, code := range []string{FormNeed, FormTalk} {
		row, ok, err := signedAnswer(r, s.Visit, code)
		if err != nil || ok {
			return doneBy(row), err
		}
	}
	return sop.Proof{Key: "consultation.gap.need"}, nil
}

// proveTalk: a signed record, whose wording was checked when it was signed (S2-09).
func proveTalk(r *store.Read, s sop.Subject) (sop.Proof, error) {
	row, ok, err := signedAnswer(r, s.Visit, FormTalk)
	if err != nil || ok {
		return doneBy(row), err
	}
	return sop.Proof{Key: "consultation.gap.talk"}, nil
}

// proveHealth: the client has signed the questionnaire, a nurse has gone through it since,
// and did not say stop (S2-02).
func proveHealth(r *store.Read, s sop.Subject) (sop.Proof, error) {
	asked, ok, err := signedAnswer(r, s.Visit, FormHealth)
	if err != nil || !ok {
		return sop.Proof{Key: "consultation.gap.health", Where: fmt.Sprintf("/form/new?code=%s&visit=%d", FormHealth, s.Visit)}, err
	}
	checked, ok, err := signedAnswer(r, s.Visit, FormNurse)
	if err != nil {
		return sop.Proof{}, err
	}
	if !ok || checked.SignedAt.Before(asked.SignedAt) {
		return sop.Proof{Key: "consultation.gap.review"}, nil
	}
	f, err := form.Fill(r, checked)
	if err != nil {
		return sop.Proof{}, err
	}
	if f.Answers.Value("verdict") == "stop" {
		return sop.Proof{Key: "consultation.gap.stopped"}, nil
	}
	return doneBy(checked), nil
}

// proveVitals: the nurse has taken blood pressure and pulse (S2-04).
func proveVitals(r *store.Read, s sop.Subject) (sop.Proof, error) {
	row, ok, err := signedAnswer(r, s.Visit, FormNurse)
	if err != nil || !ok {
		return sop.Proof{Key: "consultation.gap.vitals"}, err
	}
	f, err := form.Fill(r, row)
	if err != nil {
		return sop.Proof{}, err
	}
	if f.Answers.Value("systolic") == "" || f.Answers.Value("diastolic") == "" || f.Answers.Value("pulse") == "" {
		return sop.Proof{Key: "consultation.gap.vitals"}, nil
	}
	return doneBy(row), nil
}

// proveSkin: the skin was analysed, and photos were taken with the client's consent, or the
// client has signed that there shall be none (S2-03, REG-PII-01).
func proveSkin(r *store.Read, s sop.Subject) (sop.Proof, error) {
	row, ok, err := signedAnswer(r, s.Visit, FormSkin)
	if err != nil || !ok {
		return sop.Proof{Key: "consultation.gap.skin"}, err
	}
	have, err := r.Consents(row.Client)
	if err != nil {
		return sop.Proof{}, err
	}
	if _, allowed := have[term.ForPhotoRecord]; allowed {
		photos, err := r.MediaList(store.MediaFilter{Client: row.Client, Visit: row.Visit, NotVoid: true})
		if err != nil {
			return sop.Proof{}, err
		}
		if len(photos) == 0 {
			return sop.Proof{Short: true, Key: "consultation.gap.photo", Where: fmt.Sprintf("/media/new?visit=%d", s.Visit)}, nil
		}
		return doneBy(row), nil
	}
	asked, err := document.Stands(r, document.For{Code: codePhoto, Client: row.Client})
	if err != nil {
		return sop.Proof{}, err
	}
	if !asked.OK {
		return sop.Proof{Short: true, Key: "consultation.gap.photo_consent", Where: VisitPath(s.Visit)}, nil
	}
	return doneBy(row), nil
}

// proveExam: a lead physician has examined the client (S2-05, REG-STF-09). For sessions paid
// before, the examination that allowed them counts while it is fresh.
func proveExam(r *store.Read, s sop.Subject) (sop.Proof, error) {
	e, err := r.ExamOf(s.Visit)
	if errors.Is(err, store.ErrNotFound) {
		return earlierExam(r, s)
	}
	if err != nil {
		return sop.Proof{}, err
	}
	if e.Verdict != VerdictFit {
		return sop.Proof{Key: "consultation.gap.not_fit"}, nil
	}
	return sop.Proof{Done: true, At: e.SignedAt, Ref: store.Subject{Noun: "exam", ID: e.ID}}, nil
}

func earlierExam(r *store.Read, s sop.Subject) (sop.Proof, error) {
	missing := sop.Proof{Key: "consultation.gap.exam"}
	going, err := continued(r, s.Visit)
	if err != nil || !going {
		return missing, err
	}
	scopes, err := scopesFor(r, s)
	if err != nil {
		return missing, err
	}
	var done sop.Proof
	for _, sc := range scopes {
		e, err := r.ExamOf(sc.plan.Visit)
		if errors.Is(err, store.ErrNotFound) {
			return missing, nil
		}
		if err != nil {
			return missing, err
		}
		if e.Verdict != VerdictFit || e.SignedAt.Day(r.Zone()).Add(freshDays).Before(r.Today()) {
			return missing, nil
		}
		done = sop.Proof{Done: true, At: e.SignedAt, Ref: store.Subject{Noun: "exam", ID: e.ID}}
	}
	if !done.Done {
		return missing, nil
	}
	return done, nil
}

// proveBDD: fewer than two positive answers, or the physician has looked again (S2-06).
func proveBDD(r *store.Read, s sop.Subject) (sop.Proof, error) {
	exam, ok, err := signedAnswer(r, s.Visit, FormExam)
	if err != nil || ok {
		return doneBy(exam), err
	}
	row, ok, err := signedAnswer(r, s.Visit, FormHealth)
	if err != nil || !ok {
		return sop.Proof{Key: "consultation.gap.health"}, err
	}
	f, err := form.Fill(r, row)
	if err != nil {
		return sop.Proof{}, err
	}
	if n := BDDScore(f.Answers); n >= bddLimit {
		return sop.Proof{Key: "consultation.gap.bdd", Args: []any{n}}, nil
	}
	return doneBy(row), nil
}

// scope is a plan with the lines that a subject is about.
type scope struct {
	plan  store.Plan
	lines []store.PlanItem
}

// scopesFor finds what a subject was planned by: the line of one treatment, the plan of the
// visit, or on a visit that continues paid sessions the lines of its treatments.
func scopesFor(r *store.Read, s sop.Subject) ([]scope, error) {
	if s.Treatment != 0 {
		t, err := r.Treatment(s.Treatment)
		if errors.Is(err, store.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return scopeOf(r, t)
	}
	p, ok, err := planOf(r, s.Visit)
	if err != nil {
		return nil, err
	}
	if ok {
		lines, err := r.PlanItems(p.ID)
		return []scope{{p, lines}}, err
	}
	list, err := r.TreatmentsOf(s.Visit)
	if err != nil {
		return nil, err
	}
	var all []scope
	for _, t := range list {
		if t.State == term.TreatmentCancelled {
			continue
		}
		some, err := scopeOf(r, t)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	return all, nil
}

func scopeOf(r *store.Read, t store.Treatment) ([]scope, error) {
	id := t.PlanItem
	if id == 0 && t.Line != 0 {
		line, err := r.OrderLine(t.Line)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return nil, err
		}
		id = line.PlanItem
	}
	l, err := r.PlanItem(id)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	p, err := r.Plan(l.Plan)
	return []scope{{p, []store.PlanItem{l}}}, err
}
