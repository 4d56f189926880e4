package consultation

import (
	"context"
	"errors"
	"slices"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Frame is what every page about a visit shows.
type Frame struct {
	Visit   store.Visit
	Client  store.Client
	Banner  *banner.View
	Stepper *sop.Stepper
	Plan    store.Plan // zero when there is none
}

// ClientBanner hangs the client into the page's frame.
func (f Frame) ClientBanner() *banner.View { return f.Banner }

// SOPStepper hangs the line of stages into the page's frame.
func (f Frame) SOPStepper() *sop.Stepper { return f.Stepper }

func (d *Desk) frame(r *store.Read, by access.Actor, visit term.VisitID) (f Frame, err error) {
	if f.Visit, err = r.Visit(visit); err != nil {
		return f, gone(err, "visit")
	}
	if f.Client, err = r.Client(f.Visit.Client); err != nil {
		return f, err
	}
	if f.Banner, err = banner.Of(r, by, f.Visit.Client); err != nil {
		return f, err
	}
	f.Stepper, err = d.house.Flow.Stepper(r, visit, by.Lang)
	if errors.Is(err, store.ErrNotFound) {
		f.Stepper, err = nil, nil
	}
	if err != nil {
		return f, err
	}
	f.Plan, _, err = planOf(r, visit)
	return f, err
}

// Red is one answer that must be seen first.
type Red struct {
	Text   words.Text
	Detail string
	Hard   bool
}

// Paper is one form of the visit: what it says and how it stands.
type Paper struct {
	Code     string
	Row      store.Answer // zero ID: not begun
	Filled   form.Filled
	Signed   bool
	By       string
	ByClient bool // filled and signed by the client, on a tablet that By handed over
}

// Begun says that somebody has typed into it.
func (p Paper) Begun() bool { return p.Row.ID != 0 }

// Case is an authorised case with the mark that it was opened in this visit.
type Case struct {
	store.Case
	Seen bool
}

// Sheet is the consultation page of a visit.
type Sheet struct {
	Frame
	Reds     []Red
	Unasked  []words.Text
	BDD      int
	Forms    map[string]Paper
	Exam     store.Exam
	Examiner string
	Photos   []store.Media
	Consents map[term.Purpose]store.Consent
	PhotoDoc store.Document // newest authorisation, zero when none
	Cases    []Case
	Shown    int
	Wanted   int
	Hits     []store.PhraseHit
	Lines    int
	Next     string // words key of the actor's next step (Next…)
	Receive  bool   // the actor has yet to take the client in
}

// PhotoOK says that the client agreed to photos for the record.
func (s Sheet) PhotoOK() bool { _, ok := s.Consents[term.ForPhotoRecord]; return ok }

// Sheet reads the consultation page; that the client's answers were seen is noted.
func (d *Desk) Sheet(ctx context.Context, by access.Actor, visit term.VisitID) (s Sheet, err error) {
	client, err := d.clientOf(ctx, by, visit)
	if err != nil {
		return s, err
	}
	err = d.View(ctx, by, access.ConsultView, client, func(r *store.Read) error {
		s = Sheet{Wanted: casesWanted, Forms: map[string]Paper{}}
		if s.Frame, err = d.frame(r, by, visit); err != nil {
			return err
		}
		for _, code := range []string{FormNeed, FormTalk, FormHealth, FormNurse, FormSkin, FormExam} {
			if s.Forms[code], err = paper(r, visit, code); err != nil {
				return err
			}
		}
		if err := d.findings(r, by, &s); err != nil {
			return err
		}
		if err := d.looks(r, by, &s); err != nil {
			return err
		}
		s.Receive = Receivable(by, s.Visit)
		if s.Next, err = turn(r, by, s.Visit); err != nil {
			return err
		}
		return d.around(r, &s)
	})
	return s, err
}

// clientOf reads whose visit it is, so that the look can be noted.
func (d *Desk) clientOf(ctx context.Context, by access.Actor, visit term.VisitID) (id term.ClientID, err error) {
	err = d.Read(ctx, by, access.ConsultView, func(r *store.Read) error {
		v, err := r.Visit(visit)
		id = v.Client
		return gone(err, "visit")
	})
	return id, err
}

func paper(r *store.Read, visit term.VisitID, code string) (p Paper, err error) {
	p.Code = code
	if p.Row, err = r.VisitAnswer(visit, code); errors.Is(err, store.ErrNotFound) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.Signed, p.ByClient = p.Row.State == store.AnswerSigned, p.Row.FilledBy == "client"
	if p.Filled, err = form.Fill(r, p.Row); err != nil {
		return p, err
	}
	p.By, err = staffName(r, p.Row.SignedBy)
	return p, err
}

// findings gathers the red answers, hard ones first, and what nobody has asked yet.
func (d *Desk) findings(r *store.Read, by access.Actor, s *Sheet) error {
	if !by.Sees(access.FieldAnswers) {
		return nil
	}
	hits, err := d.hits(r, s.Visit, s.Client)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, hard := range []bool{true, false} {
		for _, h := range hits {
			w, ok := d.house.Words.Code(h.Contraindication)
			level := h.Level
			if level == "" {
				level = w.Level
			}
			if !ok || seen[w.Code] || (level == form.Hard) != hard {
				continue
			}
			seen[w.Code] = true
			s.Reds = append(s.Reds, Red{Text: w.Text, Detail: h.Detail, Hard: hard})
		}
	}
	if p := s.Forms[FormHealth]; p.Begun() {
		s.BDD = BDDScore(p.Filled.Answers)
		for _, it := range form.NotAsked(p.Filled.Template, p.Filled.Answers) {
			s.Unasked = append(s.Unasked, it.Text)
		}
	}
	return nil
}

// looks gathers photos and cases.
func (d *Desk) looks(r *store.Read, by access.Actor, s *Sheet) (err error) {
	if s.Consents, err = r.Consents(s.Visit.Client); err != nil {
		return err
	}
	if by.Sees(access.FieldPhotos) {
		s.Photos, err = r.MediaList(store.MediaFilter{Client: s.Visit.Client, Visit: s.Visit.ID, NotVoid: true})
		if err != nil {
			return err
		}
	}
	docs, err := r.Documents(store.DocumentFilter{Kind: "photo", Client: s.Visit.Client, NotVoid: true, Limit: 1})
	if err != nil {
		return err
	}
	if len(docs) > 0 {
		s.PhotoDoc = docs[0]
	}
	return d.cases(r, s)
}

// cases gathers the authorised cases of the kinds that are planned, marking those that were
// opened in this visit.
func (d *Desk) cases(r *store.Read, s *Sheet) error {
	views, err := r.CaseViews(s.Visit.ID)
	if err != nil {
		return err
	}
	seen := map[term.CaseID]bool{}
	for _, v := range views {
		seen[v.Case] = true
	}
	s.Shown = len(seen)
	kinds, err := plannedKinds(r, s)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		some, err := r.CasesFor(kind, 24)
		if err != nil {
			return err
		}
		for _, c := range some {
			s.Cases = append(s.Cases, Case{c, seen[c.ID]})
		}
	}
	return nil
}

// plannedKinds are the kinds of a plan's items; all kinds while it has none.
func plannedKinds(r *store.Read, s *Sheet) (kinds []string, err error) {
	if s.Plan.ID == 0 {
		return []string{""}, nil
	}
	lines, err := r.PlanItems(s.Plan.ID)
	if err != nil {
		return nil, err
	}
	items, err := itemsOf(r, lines)
	if err != nil {
		return nil, err
	}
	s.Lines = len(lines)
	for _, l := range lines {
		if kind := items[l.Item].Kind; !slices.Contains(kinds, kind) {
			kinds = append(kinds, kind)
		}
	}
	if len(kinds) == 0 {
		kinds = []string{""}
	}
	return kinds, nil
}

func (d *Desk) around(r *store.Read, s *Sheet) (err error) {
	if s.Exam, err = r.ExamOf(s.Visit.ID); err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if s.Examiner, err = staffName(r, s.Exam.Physician); err != nil {
		return err
	}
	s.Hits, err = r.PhraseHits(s.Visit.ID)
	return err
}

// Form is one form of a visit to be filled, with what must be known while filling it.
type Form struct {
	Frame
	Paper
	Template form.Template
	Answers  form.Answers
	Reds     []Red
	BDD      int
	Health   Paper // the client's questionnaire, for nurse and physician
	PhotoOK  bool
	Opened   []store.Case // cases that were opened in this visit (S2-07)
	Wanted   int          // how many should be
	Seen     string       // fingerprint of what stands here; who signs the form carries it
}

// Form reads a form page of a visit.
func (d *Desk) Form(ctx context.Context, by access.Actor, visit term.VisitID, code string) (f Form, err error) {
	client, err := d.clientOf(ctx, by, visit)
	if err != nil {
		return f, err
	}
	err = d.View(ctx, by, duties[code].permission, client, func(r *store.Read) error {
		if f, err = d.formPage(r, by, visit, code); err != nil {
			return err
		}
		if err := f.open(r); err != nil {
			return err
		}
		return f.showed(r)
	})
	return f, err
}

// formPage reads what stands around a form, and the form as far as it was begun.
func (d *Desk) formPage(r *store.Read, by access.Actor, visit term.VisitID, code string) (f Form, err error) {
	s := Sheet{Forms: map[string]Paper{}}
	if s.Frame, err = d.frame(r, by, visit); err != nil {
		return f, err
	}
	if f.Paper, err = paper(r, visit, code); err != nil {
		return f, err
	}
	if s.Forms[FormHealth], err = paper(r, visit, FormHealth); err != nil {
		return f, err
	}
	if err := d.findings(r, by, &s); err != nil {
		return f, err
	}
	have, err := r.Consents(s.Client.ID)
	_, f.PhotoOK = have[term.ForPhotoRecord]
	f.Frame, f.Reds, f.BDD, f.Health = s.Frame, s.Reds, s.BDD, s.Forms[FormHealth]
	f.Seen = f.seen()
	return f, err
}

// open puts the answers into the form: those of the draft, those of the signed filling
// without its signature, because an amendment is signed anew, or an empty form that knows
// what is known.
func (f *Form) open(r *store.Read) (err error) {
	f.Template, f.Answers = f.Filled.Template, f.Filled.Answers
	if f.Signed {
		f.Answers = f.Template.Unsigned(f.Answers)
	}
	if f.Begun() {
		return nil
	}
	if f.Template, err = form.Latest(r, f.Code); err != nil {
		return err
	}
	f.Answers = f.Template.Blank()
	f.Answers.Know("$gender", f.Client.Gender)
	return carry(r, f)
}

// carried names the question of a form that begins with the wish on the client's need card:
// said once is enough.
var carried = map[string]string{FormTalk: "client_goal", FormExam: "complaint"}

// carry puts the signed need card's wish into a form that nobody has begun.
func carry(r *store.Read, f *Form) error {
	question, ok := carried[f.Template.Code]
	if !ok {
		return nil
	}
	need, err := paper(r, f.Visit.ID, FormNeed)
	if err == nil && need.Signed {
		f.Answers.Set(question, need.Filled.Answers.Value("goal"))
	}
	return err
}
