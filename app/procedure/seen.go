package procedure

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/app/inventory"
	"meixu/store"
	"meixu/store/term"
)

// sign is do for whoever puts a name to what the page showed: what was exchanged while he read is
// not signed (REG-SIG-02). What else refuses the deed is said first. A stop is no such deed: it
// waits for no page.
func (s *Suite) sign(
	ctx context.Context, by access.Actor, p access.Permission, id term.TreatmentID, fn func(*work) error,
) error {
	return s.do(ctx, by, p, id, func(w *work) error {
		now, err := seen(w.tx.Read, by, signed{w.t, w.item, p})
		if err != nil {
			return err
		}
		if err := fn(w); err != nil {
			return err
		}
		if by.Seen != now {
			return store.ErrStale
		}
		return nil
	})
}

// Seen is what access.Actor.Seen carries to a deed that signs something of a treatment.
func (s *Suite) Seen(ctx context.Context, by access.Actor, id term.TreatmentID, p access.Permission) (now string, err error) {
	err = s.Read(ctx, by, access.ProcedureView, func(r *store.Read) error {
		on := signed{deed: p}
		if on.t, err = read(r, id); err != nil {
			return err
		}
		if on.item, err = r.Item(on.t.Item); err != nil {
			return err
		}
		now, err = seen(r, by, on)
		return err
	})
	return now, err
}

// signed is a deed that signs something of a treatment.
type signed struct {
	t    store.Treatment
	item store.Item
	deed access.Permission
}

// seen is the fingerprint of what the page of a deed shows.
func seen(r *store.Read, by access.Actor, on signed) (string, error) {
	switch on.deed {
	case access.RecordSign, access.RecordAmend, access.CountsClose:
		return recordSeen(r, on.t)
	case access.TreatmentRelease:
		return leavingSeen(r, on.t)
	case access.ContraClear:
		list, err := judged(r, on.t)
		if err != nil {
			return "", err
		}
		found, err := Contraindications(r, on.t, on.item)
		return judgedSeen(list, found), err
	default: // one of the forms
	}
	for which, sh := range sheets {
		if sh.need == on.deed {
			return sheetSeen(r, by, on, which)
		}
	}
	return "", fault.Forbidden(string(on.deed))
}

// mark tells two contents of a form apart: which row it is and how often it was saved.
func mark(row store.Answer) string { return fmt.Sprintf("%d.%d", row.ID, row.Version) }

// recordSeen tells two contents of a treatment's record apart: the row, and what became of the
// lots. Of a stop without a record the treatment itself.
func recordSeen(r *store.Read, t store.Treatment) (string, error) {
	said := fmt.Sprintf("t%d.%s", t.ID, t.State)
	if t.Record != 0 {
		row, err := r.Answer(t.Record)
		if err != nil {
			return "", err
		}
		said += "-r" + mark(row)
	}
	uses, err := r.LotUses(t.ID)
	for _, u := range uses {
		said += fmt.Sprintf("-u%d.%d.%d.%d", u.ID, u.UsedQty, u.WastedQty, u.ReturnedQty)
	}
	return said, err
}

// leavingSeen tells two states of a client who is about to leave apart: the observation, what was
// noted meanwhile and the red flags.
func leavingSeen(r *store.Read, t store.Treatment) (string, error) {
	row, err := r.TreatmentAnswer(t.ID, codeObserve)
	if err != nil && !isNone(err) {
		return "", err
	}
	notes, err := r.TreatmentNotes(t.ID)
	if err != nil {
		return "", err
	}
	flags, err := feedback.Seen(r, t.Client, t.ID)
	return fmt.Sprintf("t%d.%s-o%s-n%d", t.ID, t.State, mark(row), len(notes)) + flagsSeen(flags), err
}

func flagsSeen(flags []feedback.Sighting) (said string) {
	for _, f := range flags {
		said += fmt.Sprintf("-f%d.%s", f.ID, f.State)
	}
	return said
}

// judgedSeen tells two grounds of a clearance apart: the answers that are judged, and what speaks
// against the treatment.
func judgedSeen(list []form.Filled, found []form.Finding) (said string) {
	for _, f := range list {
		said += "a" + mark(f.Row) + "-"
	}
	for _, x := range found {
		said += fmt.Sprintf("c%s.%s-", x.Contraindication, x.Level)
	}
	return said
}

// sheetSeen tells two pages of a form apart: its row, what a time-out reads aloud, and the red
// flags for which a sign-out answers.
func sheetSeen(r *store.Read, by access.Actor, on signed, which Which) (string, error) {
	row, err := r.TreatmentAnswer(on.t.ID, which.code(on.item))
	if err != nil && !isNone(err) {
		return "", err
	}
	if row.State == store.AnswerSigned && repeats(which, row) {
		row = store.Answer{} // the next one begins
	}
	said := "a" + mark(row)
	switch which {
	case FormTimeOut:
		aloud, err := recitalSeen(r, by, on)
		return said + "-" + aloud, err
	case FormSignOut:
		flags, err := feedback.Seen(r, on.t.Client, on.t.ID)
		return said + flagsSeen(slices.DeleteFunc(flags, feedback.Sighting.Closed)), err
	default: // nothing beside the questions
		return said, nil
	}
}

func recitalSeen(r *store.Read, by access.Actor, on signed) (string, error) {
	p := Page{Treatment: on.t, Item: on.item}
	var err error
	if p.Uses, err = inventory.Uses(r, on.t.ID); err != nil {
		return "", err
	}
	if p.Banner, err = banner.Of(r, by, on.t.Client); err != nil {
		return "", err
	}
	aloud, err := p.recite(r)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%+v", *aloud))
	return hex.EncodeToString(sum[:8]), nil
}
