package procedure

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Codes of the forms of this room; the record's code goes with the kind of the item.
const (
	codeMark     = "F16-MARK"
	codeToday    = "F16-TODAY"
	codeSkinTest = "F16-SKINTEST"
	codeSignIn   = "F18"
	codeTimeOut  = "F19"
	codeSignOut  = "F20"
	codeObserve  = "F7-OBS"
)

// Which names a form of a treatment, as it stands in the address of its page.
type Which string

// The forms of a treatment.
const (
	FormMark     Which = "mark"
	FormToday    Which = "today"
	FormSkinTest Which = "skintest"
	FormSignIn   Which = "signin"
	FormTimeOut  Which = "timeout"
	FormRecord   Which = "record"
	FormSignOut  Which = "signout"
	FormObserve  Which = "observe"
)

// sheet is what this room knows of one of its forms.
type sheet struct {
	code string // "" goes with the item
	need access.Permission
	// second says that two persons complete it: rule names why.
	second string
}

var sheets = map[Which]sheet{
	FormMark:     {codeMark, access.SiteMark, ""},
	FormToday:    {codeToday, access.TodayCheck, ""},
	FormSkinTest: {codeSkinTest, access.SkinTest, ""},
	FormSignIn:   {codeSignIn, access.TreatmentSignIn, "S4-01"},
	FormTimeOut:  {codeTimeOut, access.TreatmentTimeOut, "S5-01"},
	FormRecord:   {"", access.RecordWrite, ""},
	FormSignOut:  {codeSignOut, access.TreatmentSignOut, "S5-08"},
	FormObserve:  {codeObserve, access.ObservationNote, ""},
}

// Permission is what filling the form needs; "" when there is no such form.
func (w Which) Permission() access.Permission { return sheets[w].need }

// TwoPersons says that a second person confirms the form by PIN.
func (w Which) TwoPersons() bool { return sheets[w].second != "" }

func (w Which) code(item store.Item) string {
	if w != FormRecord {
		return sheets[w].code
	}
	code, ok := defaults.ProcedureForm(item.Kind)
	if !ok {
		code = "F7-CARE"
	}
	return code
}

// Upload is a picture as it came in.
type Upload = io.Reader

// Fill is one post of a form.
type Fill struct {
	Treatment term.TreatmentID
	Which     Which
	Shown     form.Shown // the filling that the page was drawn from
	Answers   form.Answers
	Done      bool // complete and sign; else it is kept as a draft
	Second    Second
	Handled   string // sign-out after a red flag: how it was handled
}

// Fill keeps the typed answers of a form of the treatment, beginning it when there is none;
// with Done it is completed, checked against the gates of its step and signed.
func (s *Suite) Fill(ctx context.Context, by access.Actor, in Fill) (id term.AnswerID, err error) {
	sh, ok := sheets[in.Which]
	if !ok {
		return 0, fault.NotFound("form")
	}
	var f fault.Fields
	if in.Done && sh.second != "" {
		if err := s.second(ctx, by, sh.need, in.Second, &f); err != nil {
			return 0, err
		}
	}
	if in.Which == FormObserve {
		if err := s.alarm(ctx, by, in); err != nil {
			return 0, err
		}
	}
	do := s.do
	if in.Done {
		do = s.sign
	}
	var early error // an alarm that was kept although the form could not be signed yet
	err = do(ctx, by, sh.need, in.Treatment, func(w *work) error {
		filled, err := w.keep(in, f)
		if id = filled.Row.ID; err != nil {
			return err
		}
		if in.Which == FormObserve {
			if early, err = w.watch(in, filled); err != nil {
				return err
			}
		}
		if in.Done && early == nil {
			err = w.complete(in, sh, filled)
		}
		return err
	})
	return id, cmp.Or(err, early)
}

// keep begins or opens the draft and saves the typed answers. Faults of the second person are
// told together with those of the answers, so that all are seen at once.
func (w *work) keep(in Fill, f fault.Fields) (form.Filled, error) {
	filled, err := w.read(in)
	if err != nil {
		return filled, err
	}
	if sheets[in.Which].second != "" {
		if err := w.checkers(in, in.Answers); err != nil {
			return filled, err
		}
	}
	if in.Which == FormRecord {
		if err := w.immediate(in.Answers); err != nil {
			return filled, err
		}
	}
	bad, err := w.wrong(in, filled)
	if err != nil {
		return filled, err
	}
	for _, x := range f {
		bad.Add(x.Name, x.Key, x.Args...)
	}
	if err := bad.Err(); err != nil {
		return filled, err
	}
	return form.Save(w.tx, w.by, filled.Row.ID, filled.Row.Version, in.Answers)
}

// read begins or opens the draft, and refuses who has not read what stands.
func (w *work) read(in Fill) (form.Filled, error) {
	filled, begun, err := w.draft(in.Which)
	if err != nil {
		return filled, err
	}
	if filled.Row.Locked() {
		return filled, w.refuse("REG-EMR-01", "form.refuse.locked."+filled.Row.State)
	}
	shown := form.ShownOf(filled.Row)
	if begun {
		shown = form.Shown{}
	}
	if in.Shown != shown {
		return filled, store.ErrStale
	}
	return filled, nil
}

// wrong lists what is wrong with the answers, by the form and by what the room knows.
func (w *work) wrong(in Fill, filled form.Filled) (fault.Fields, error) {
	whole := clone(in.Answers).Keep(filled.Answers)
	bad := form.Validate(filled.Template, whole, in.Done)
	if in.Which == FormRecord && in.Done {
		contradicted, err := w.contradicted(filled.Template, whole)
		if err != nil {
			return nil, err
		}
		bad = append(bad, contradicted...)
	}
	if in.Which == FormSignOut && in.Done {
		if err := w.answered(in.Handled, &bad); err != nil {
			return nil, err
		}
	}
	if sheets[in.Which].second != "" { // nobody types the name: the second person is asked for
		bad = slices.DeleteFunc(bad, func(x fault.Field) bool { return x.Name == form.Name(SecondPerson) })
	}
	return bad, nil
}

// SecondPerson is the question of a two-person form that is never typed: signing answers it
// with the person whose PIN was given.
const SecondPerson = "second_person"

// checkers writes into a two-person form who confirmed it; a draft names nobody.
func (w *work) checkers(in Fill, answers form.Answers) error {
	answers.Set(SecondPerson, "")
	if !in.Done || in.Second.Staff == 0 {
		return nil
	}
	who, err := w.tx.Staff(in.Second.Staff)
	if err != nil && !isNone(err) {
		return err
	}
	answers.Set(SecondPerson, who.Name) // an unknown one is refused with the PIN
	return nil
}

func clone(a form.Answers) form.Answers {
	out := form.Answers{}
	for k, v := range a {
		out[k] = v
	}
	return out
}

// complete signs the form, unless it is the record, which is locked by record.sign.
func (w *work) complete(in Fill, sh sheet, filled form.Filled) error {
	if sh.second != "" {
		if err := w.witness(in.Second.Staff, sh.second); err != nil {
			return err
		}
	}
	if in.Which != FormRecord {
		signed, err := form.Sign(w.tx, w.by, filled.Row.ID)
		if err != nil {
			return err
		}
		filled = signed
	}
	return w.proven(in.Which, filled)
}

// proven does what a complete form leads to.
func (w *work) proven(which Which, f form.Filled) error {
	switch which {
	case FormMark:
		return w.marked(f)
	case FormToday:
		return w.prove(ProveToday, answerRef(f)) // an earlier clearance no longer counts
	case FormSkinTest:
		return w.skinTest(f)
	case FormSignIn:
		return w.signIn()
	case FormTimeOut:
		return w.timeOut(f)
	case FormRecord:
		return w.recorded(f)
	case FormSignOut:
		return w.signOut(f)
	default: // nothing to say for the others
	}
	return w.observed(f)
}

// draft gives the newest filling of the form for this treatment; one that is begun holds what is
// known.
func (w *work) draft(which Which) (f form.Filled, begun bool, err error) {
	code := which.code(w.item)
	row, err := w.tx.TreatmentAnswer(w.t.ID, code)
	if err == nil && (row.State != store.AnswerSigned || !repeats(which, row)) {
		f, err = form.Fill(w.tx.Read, row)
		return f, false, err
	}
	if err != nil && !isNone(err) {
		return f, false, err
	}
	facts, known, err := prefill(w.tx.Read, w.t, w.item, which)
	if err != nil {
		return f, false, err
	}
	subject := form.Subject{Client: w.t.Client, Visit: w.t.Visit, Treatment: w.t.ID}
	if f, err = form.Begin(w.tx, w.by, code, subject, facts); err != nil {
		return f, true, err
	}
	f, err = form.Save(w.tx, w.by, f.Row.ID, f.Row.Version, merge(f.Template, f.Answers, known))
	return f, true, err
}

// repeats says that a signed form may be filled once more: today's condition of another day,
// a second reading, a mark drawn anew, further observation after red answers.
func repeats(which Which, signed store.Answer) bool {
	switch which {
	case FormToday, FormSkinTest, FormMark:
		return true
	case FormObserve:
		return signed.Red
	default: // nothing to say for the others
	}
	return false
}

// merge puts what is known into the answers, as far as the form asks for it: not every
// record has a device or a second person.
func merge(t form.Template, into, known form.Answers) form.Answers {
	for k, v := range known {
		if _, asked := t.Item(k); asked {
			into[k] = v
		}
	}
	return into
}

// immediate puts the photos taken right after the treatment into the record.
func (w *work) immediate(answers form.Answers) error {
	list, err := w.tx.MediaList(store.MediaFilter{Treatment: w.t.ID, Kind: immediate, NotVoid: true})
	if err != nil || len(list) == 0 {
		return err
	}
	var ids []string
	for _, m := range list {
		ids = append(ids, strconv.FormatInt(int64(m.ID), 10))
	}
	answers.Set("photo_after", ids...)
	return nil
}

// lastNote finds the newest note of a kind.
func lastNote(notes []store.TreatmentNote, kind string) (last store.TreatmentNote, ok bool) {
	for _, n := range notes {
		if n.Kind == kind {
			last, ok = n, true
		}
	}
	return last, ok
}

func isNone(err error) bool { return errors.Is(err, store.ErrNotFound) }

// formSigned says that the treatment's newest filling of the form is signed.
func formSigned(r *store.Read, t store.Treatment, code string) (bool, error) {
	row, err := r.TreatmentAnswer(t.ID, code)
	if isNone(err) {
		return false, nil
	}
	return err == nil && row.State == store.AnswerSigned, err
}
