package procedure

import (
	"context"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/form"
	"meixu/app/engine/media"
	"meixu/app/engine/spacing"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Identity compares who lies here with the file: the client says the birth date, or a second
// person compares too (S4-01).
type Identity struct {
	Treatment term.TreatmentID
	Way       string   // "birth" or "second"
	Birth     term.Day // as the client said it
	Second    Second
}

// CheckIdentity notes that two agree on who this is.
func (s *Suite) CheckIdentity(ctx context.Context, by access.Actor, in Identity) error {
	var f fault.Fields
	switch in.Way {
	case "birth":
		if in.Birth == "" {
			f.Add("birth", "procedure.identity.birth.missing")
		}
	case "second":
		if err := s.second(ctx, by, access.IdentityCheck, in.Second, &f); err != nil {
			return err
		}
	default:
		f.Add("way", "procedure.identity.way")
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.do(ctx, by, access.IdentityCheck, in.Treatment, func(w *work) error {
		second := term.StaffID(0)
		if in.Way == "birth" {
			c, err := w.tx.Client(w.t.Client)
			if err != nil {
				return err
			}
			if c.Birth != in.Birth {
				return w.refuse("S4-01", "procedure.identity.differs").Ask("reception")
			}
		} else {
			if err := w.witness(in.Second.Staff, "S4-01"); err != nil {
				return err
			}
			second = in.Second.Staff
		}
		evidence, err := w.note("identity", second, store.NoteBody{By: in.Way})
		if err != nil {
			return err
		}
		return w.prove(ProveIdentity, evidence)
	})
}

// StartSkinTest notes that a skin test was set; it is read after twenty minutes (S4-04).
func (s *Suite) StartSkinTest(ctx context.Context, by access.Actor, id term.TreatmentID, drug string) error {
	if strings.TrimSpace(drug) == "" {
		var f fault.Fields
		f.Add("drug", "procedure.skintest.drug")
		return f.Err()
	}
	return s.do(ctx, by, access.SkinTest, id, func(w *work) error {
		_, err := w.note("skintest", 0, store.NoteBody{Drug: strings.TrimSpace(drug)})
		return err
	})
}

// Clearance is the lead physician's word that nothing speaks against the treatment today.
type Clearance struct {
	Treatment term.TreatmentID
	Note      string // wanted when something soft was found or the treatment is held
	Verdict   string // Passed or Held; nothing is taken for granted
}

// Verdicts of the final check.
const (
	Passed = "pass"
	Held   = "hold" // not today: the reason stands in the note
)

// Clear says that the contraindications are cleared (S4-05). It reads the newest answers
// again: a hard one cannot be cleared by anybody, a soft one wants the reason in writing. The
// verdict is the physician's own: none is assumed.
func (s *Suite) Clear(ctx context.Context, by access.Actor, in Clearance) error {
	return s.sign(ctx, by, access.ContraClear, in.Treatment, func(w *work) error {
		if !by.Lead {
			return w.refuse("S4-05", "procedure.refuse.lead").Ask(access.LeadPhysician)
		}
		if ok, err := formSigned(w.tx.Read, w.t, codeToday); err != nil || !ok {
			if err != nil {
				return err
			}
			return w.refuse("S4-03", "procedure.refuse.today_first").Ask("nurse")
		}
		body := store.NoteBody{Text: strings.TrimSpace(in.Note), Held: in.Verdict == Held}
		switch in.Verdict {
		case Held:
			return w.hold(body)
		case Passed:
		default:
			var f fault.Fields
			f.Add("verdict", "procedure.clear.verdict")
			return f.Err()
		}
		if err := w.accept(&body); err != nil {
			return err
		}
		evidence, err := w.note("clearance", 0, body)
		if err != nil {
			return err
		}
		return w.prove(ProveClear, evidence)
	})
}

// accept puts what was found soft into the clearance: it wants words; a hard one is refused.
func (w *work) accept(body *store.NoteBody) error {
	found, err := Contraindications(w.tx.Read, w.t, w.item)
	if err != nil {
		return err
	}
	for _, x := range found {
		if x.Level == form.Hard {
			return w.refuse("S4-05", "procedure.refuse.hard", x.Text).Ask("physician")
		}
		body.Found = append(body.Found, x.Contraindication)
	}
	if len(found) > 0 && body.Text == "" {
		var f fault.Fields
		f.Add("note", "procedure.clear.note")
		return f.Err()
	}
	return nil
}

// hold notes that the treatment is not cleared, and why; the step stays red until a later
// clearance, and an earlier one no longer counts.
func (w *work) hold(body store.NoteBody) error {
	if body.Text == "" {
		var f fault.Fields
		f.Add("note", "procedure.clear.hold.note")
		return f.Err()
	}
	_, err := w.note("clearance", 0, body)
	return err
}

// Contraindications judges the newest health questionnaire and today's answers for the item,
// and what the client has had before on the same area, earlier in the same visit included.
func Contraindications(r *store.Read, t store.Treatment, item store.Item) ([]form.Finding, error) {
	list, err := judged(r, t)
	if err != nil {
		return nil, err
	}
	var hits []form.Hit
	for _, f := range list {
		hits = append(hits, form.Hits(f.Template, f.Answers)...)
	}
	found := defaults.Contraindications().Judge(hits, item.Contraindications, item.Kind)
	past, err := spacing.Of(r, t.Client)
	if err != nil {
		return nil, err
	}
	near, err := past.Against(spacing.Next{Item: item, Area: t.Area, Line: t.PlanItem, Treatment: t.ID})
	return append(found, near...), err
}

// judged are the fillings by which contraindications are judged: today's answers, and the
// newest health questionnaire.
func judged(r *store.Read, t store.Treatment) (list []form.Filled, err error) {
	add := func(row store.Answer, err error) error {
		if isNone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		f, err := form.Fill(r, row)
		list = append(list, f)
		return err
	}
	if err := add(r.TreatmentAnswer(t.ID, codeToday)); err != nil {
		return nil, err
	}
	return list, add(r.SignedAnswer(t.Client, "F2"))
}

// Companion is who takes the client home (S4-12).
type Companion struct {
	Treatment       term.TreatmentID
	Name, Kin, Call string
}

// ConfirmCompanion notes the companion, with a phone number that works.
func (s *Suite) ConfirmCompanion(ctx context.Context, by access.Actor, in Companion) error {
	var f fault.Fields
	if strings.TrimSpace(in.Name) == "" {
		f.Add("name", "procedure.companion.name")
	}
	if len(strings.TrimSpace(in.Call)) < 7 {
		f.Add("call", "procedure.companion.call")
	}
	if err := f.Err(); err != nil {
		return err
	}
	return s.do(ctx, by, access.CompanionConfirm, in.Treatment, func(w *work) error {
		text := strings.Join([]string{strings.TrimSpace(in.Name), strings.TrimSpace(in.Kin), strings.TrimSpace(in.Call)}, " · ")
		evidence, err := w.note("companion", 0, store.NoteBody{Text: text})
		if err != nil {
			return err
		}
		return w.prove(ProveCompanion, evidence)
	})
}

// Kinds of photo that this room takes.
var photoKinds = []string{baseline, immediate}

// AddPhoto keeps a photo of one view. The picture was prepared before (media.Shelf.Take).
func (s *Suite) AddPhoto(ctx context.Context, by access.Actor, id term.TreatmentID, p media.Prepared, kind, view string) error { //nolint:revive // kind and view name the picture that was prepared
	if !slices.Contains(photoKinds, kind) {
		return fault.NotFound("media")
	}
	return s.do(ctx, by, access.TreatmentPhoto, id, func(w *work) error {
		if err := w.mayShow(kind, view); err != nil {
			return err
		}
		m, err := media.Add(w.tx, w.by, p, media.Meta{Visit: w.t.Visit, Treatment: w.t.ID, Kind: kind, View: view})
		if err != nil || kind != baseline {
			return err
		}
		return w.prove(ProvePhoto, store.Subject{Noun: "media", ID: int64(m.ID)})
	})
}

// Prepare cleans and seals an upload for a treatment's client; it runs before the write. The
// consent is asked for before a byte is kept (REG-PII-01).
func (s *Suite) Prepare(ctx context.Context, by access.Actor, id term.TreatmentID, up Upload) (media.Prepared, error) {
	var client term.ClientID
	err := s.Read(ctx, by, access.TreatmentPhoto, func(r *store.Read) error {
		t, err := read(r, id)
		if err != nil {
			return err
		}
		client = t.Client
		return agreed(r, t)
	})
	if err != nil {
		return media.Prepared{}, err
	}
	return s.shelf.Take(ctx, by, client, up)
}

// NoPhoto writes down why there is no baseline photo; the soft step is skipped (S4-06).
func (s *Suite) NoPhoto(ctx context.Context, by access.Actor, id term.TreatmentID, reason string) error {
	by.Reason = strings.TrimSpace(reason)
	if by.Reason == "" {
		var f fault.Fields
		f.Add("reason", "procedure.photo.reason")
		return f.Err()
	}
	return s.do(ctx, by, access.TreatmentPhoto, id, func(w *work) error {
		if !slices.Contains(before, w.t.State) {
			return w.refuse("S4-06", "procedure.refuse.baseline_late")
		}
		w.t.PhotoReason = by.Reason
		if err := w.save(); err != nil {
			return err
		}
		return w.s.flow.Skip(w.tx, by, w.on(), "S4-06", by.Reason)
	})
}
