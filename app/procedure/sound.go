package procedure

import (
	"strings"

	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/store"
)

// contradicted are the faults of a complete record against itself and against what happened:
// points and products (S5-03), and a complication that was seen and is denied (S6-07).
func (w *work) contradicted(t form.Template, a form.Answers) (fault.Fields, error) {
	bad := doses(t, a)
	tallies, _, err := tally(w.tx.Read, w.t, w.item)
	if err != nil {
		return bad, err
	}
	bad = append(bad, balance(tallies, recorded(form.Filled{Template: t, Answers: a}))...)
	seen, err := feedback.Seen(w.tx.Read, w.t.Client, w.t.ID)
	if err != nil || !a.Has("complication", "none") {
		return bad, err
	}
	for _, s := range seen {
		if !s.Harmless() {
			bad.Add(form.Name("complication"), "procedure.record.complication", s.Number, s.Note)
			break
		}
	}
	return bad, nil
}

// sound is nil when the record contradicts neither itself, nor what was seen, nor the stock:
// sign-out, signature and amendment ask it alike.
func (w *work) sound() error {
	f, _, err := recordOf(w.tx.Read, w.t, w.item)
	if err != nil {
		return err
	}
	bad, err := w.contradicted(f.Template, f.Answers)
	if err != nil {
		return err
	}
	if len(bad) > 0 {
		return w.refuse("S5-03", bad[0].Key, bad[0].Args...).
			Ask("physician").At(Path(w.t.ID) + "/form/record")
	}
	return w.counted()
}

// answered wants a word on every red flag of the treatment that is not closed: how it was
// handled. The word stands among the reactions.
func (w *work) answered(handled string, bad *fault.Fields) error {
	seen, err := feedback.Seen(w.tx.Read, w.t.Client, w.t.ID)
	if err != nil {
		return err
	}
	for _, s := range seen {
		if !s.Closed() {
			w.flags = append(w.flags, s)
		}
	}
	if len(w.flags) == 0 {
		return nil
	}
	handled = strings.TrimSpace(handled)
	if handled == "" {
		bad.Add("handled", "procedure.signout.handled", w.flags[0].Number)
		return nil
	}
	_, err = w.note("reaction", 0, store.NoteBody{Sign: signHandled, Text: handled})
	return err
}

// signHandled marks the note that says how a red flag was handled; it is no button.
const signHandled = "handled"
