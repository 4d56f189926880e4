package procedure

import (
	"fmt"
	"slices"
	"strconv"

	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/inventory"
	"meixu/store"
	"meixu/store/term"
)

func field(name string, use int64) string { return name + "." + strconv.FormatInt(use, 10) }

// proofOf says what the evidence of one kind looks like for a treatment.
type proofOf func(r *store.Read, t store.Treatment, item store.Item) (sop.Proof, error)

// prove registers the live evidence of this room with the SOP engine: for each kind what
// proves it and at which page of the treatment it is given.
func (s *Suite) prove() {
	for _, k := range []struct {
		kind, page string
		proof      proofOf
	}{
		{ProveIdentity, "/identity", noteProof("identity")},
		{ProveMark, "/form/mark", formProof(codeMark)},
		{ProveToday, "/form/today", todayProof},
		{ProveSkinTest, "/form/skintest", formProof(codeSkinTest)},
		{ProveClear, "/clear", clearProof},
		{ProvePhoto, "/photos", photoProof},
		{ProveLot, "/lots", lotProof},
		{ProveToxin, "/lots", toxinProof},
		{ProveCompanion, "/companion", noteProof("companion")},
		{ProveTimeOut, "/form/timeout", instantProof("procedure.gap.timeout", func(t store.Treatment) term.Instant { return t.TimedOutAt })},
		{ProveStarted, "", instantProof("", func(t store.Treatment) term.Instant { return t.StartedAt })},
		{ProveRecord, "/form/record", recordProof},
		{ProveReaction, "#reactions", noteProof("reaction")},
		{ProveStopped, "", stoppedProof},
		{ProveWaste, "/counts", wasteProof},
		{ProveCounts, "/counts", countsProof},
		{ProveSignOut, "/form/signout", signOutProof},
		{ProveSigned, "", instantProof("procedure.gap.unsigned", func(t store.Treatment) term.Instant { return t.RecordSignedAt })},
		{ProveObserved, "/form/observe", observedProof},
	} {
		s.flow.Prover(k.kind, func(r *store.Read, on sop.Subject) (sop.Proof, error) {
			if on.Treatment == 0 {
				return sop.Proof{}, nil
			}
			t, err := r.Treatment(on.Treatment)
			if isNone(err) {
				return sop.Proof{}, nil
			}
			if err != nil {
				return sop.Proof{}, err
			}
			item, err := r.Item(t.Item)
			if err != nil {
				return sop.Proof{}, err
			}
			return k.proof(r, t, item)
		})
		s.flow.Place(k.kind, func(on sop.Subject) string {
			if on.Treatment == 0 {
				return fmt.Sprintf("/visit/%d", on.Visit)
			}
			return Path(on.Treatment) + k.page
		})
	}
}

func done(at term.Instant, ref store.Subject) sop.Proof {
	return sop.Proof{Done: true, At: at, Ref: ref}
}

func missing(key string, args ...any) sop.Proof { return sop.Proof{Key: key, Args: args} }

func noteProof(kind string) proofOf {
	return func(r *store.Read, t store.Treatment, _ store.Item) (sop.Proof, error) {
		notes, err := r.TreatmentNotes(t.ID)
		if err != nil {
			return sop.Proof{}, err
		}
		if n, ok := lastNote(notes, kind); ok {
			return done(n.At, store.Subject{Noun: "treatment_note", ID: n.ID}), nil
		}
		return missing("procedure.gap." + kind), nil
	}
}

func formProof(code string) proofOf {
	return func(r *store.Read, t store.Treatment, _ store.Item) (sop.Proof, error) {
		return signedProof(r, t, code)
	}
}

func signedProof(r *store.Read, t store.Treatment, code string) (sop.Proof, error) {
	row, err := r.TreatmentAnswer(t.ID, code)
	if isNone(err) {
		return missing("procedure.gap.form." + code), nil
	}
	if err != nil || row.State != store.AnswerSigned {
		return missing("procedure.gap.form." + code), err
	}
	return done(row.SignedAt, store.Subject{Noun: "answer", ID: int64(row.ID)}), nil
}

// todayProof wants the answers of this very day; after the start those of the start stand.
func todayProof(r *store.Read, t store.Treatment, _ store.Item) (sop.Proof, error) {
	p, err := signedProof(r, t, codeToday)
	if err != nil || !p.Done {
		return p, err
	}
	day := r.Today()
	if !t.StartedAt.IsZero() {
		day = t.StartedAt.Day(r.Zone())
	}
	if p.At.Day(r.Zone()) != day {
		return missing("procedure.gap.today_old"), nil
	}
	return p, nil
}

// clearProof wants a clearance that knew today's answers and no hard finding since.
func clearProof(r *store.Read, t store.Treatment, item store.Item) (sop.Proof, error) {
	notes, err := r.TreatmentNotes(t.ID)
	if err != nil {
		return sop.Proof{}, err
	}
	n, ok := lastNote(notes, "clearance")
	if !ok {
		return missing("procedure.gap.clearance"), nil
	}
	if n.Body.Held {
		return missing("procedure.gap.held", n.Body.Text), nil
	}
	if !t.StartedAt.IsZero() {
		return done(n.At, store.Subject{Noun: "treatment_note", ID: n.ID}), nil
	}
	today, err := todayProof(r, t, item)
	if err != nil {
		return today, err
	}
	if !today.Done || n.At.Before(today.At) {
		return missing("procedure.gap.clearance_old"), nil
	}
	found, err := Contraindications(r, t, item)
	if err != nil {
		return sop.Proof{}, err
	}
	for _, f := range found {
		if f.Level == form.Hard || !slices.Contains(n.Body.Found, f.Contraindication) {
			return missing("procedure.gap.found", f.Text), nil
		}
	}
	return done(n.At, store.Subject{Noun: "treatment_note", ID: n.ID}), nil
}

// kept lists the uses that were not put back whole.
func kept(r *store.Read, t store.Treatment) ([]inventory.UseRow, error) {
	uses, err := inventory.Uses(r, t.ID)
	return slices.DeleteFunc(uses, func(u inventory.UseRow) bool {
		return !u.Open() && u.Use.ReturnedQty == u.Use.TakenQty
	}), err
}

// lotProof wants a lot on the tray that is in date and not held now.
func lotProof(r *store.Read, t store.Treatment, _ store.Item) (sop.Proof, error) {
	uses, err := kept(r, t)
	if err != nil {
		return sop.Proof{}, err
	}
	if len(uses) == 0 {
		return missing("procedure.gap.lot"), nil
	}
	for _, u := range uses {
		if t.StartedAt.IsZero() && (u.Lot.State != inventory.StateOK || u.Lot.ExpiresOn != "" && u.Lot.ExpiresOn.Before(r.Today())) {
			return missing("procedure.gap.lot_bad", u.Lot.Lot), nil
		}
	}
	last := uses[len(uses)-1].Use
	return done(last.TakenAt, store.Subject{Noun: "lot_use", ID: last.ID}), nil
}

func toxinProof(r *store.Read, t store.Treatment, _ store.Item) (sop.Proof, error) {
	uses, err := kept(r, t)
	if err != nil {
		return sop.Proof{}, err
	}
	p := missing("procedure.gap.toxin")
	for _, u := range uses {
		if !u.Product.Toxic {
			continue
		}
		if u.Use.Second == 0 {
			return missing("procedure.gap.toxin"), nil
		}
		p = done(u.Use.TakenAt, store.Subject{Noun: "lot_use", ID: u.Use.ID})
	}
	return p, nil
}

func instantProof(key string, at func(store.Treatment) term.Instant) proofOf {
	return func(_ *store.Read, t store.Treatment, _ store.Item) (sop.Proof, error) {
		if when := at(t); !when.IsZero() {
			return done(when, ref(t.ID)), nil
		}
		return missing(key), nil
	}
}

// recordProof wants a record that is complete, signed or not. Of a treatment that was stopped
// midway the record of the stop suffices: the rest cannot be done any more.
func recordProof(r *store.Read, t store.Treatment, item store.Item) (sop.Proof, error) {
	if p, err := stopProof(r, t); err != nil || p.Done {
		return p, err
	}
	f, open, err := recordOf(r, t, item)
	switch {
	case err != nil:
		return sop.Proof{}, err
	case f.Row.ID == 0:
		return missing("procedure.gap.record"), nil
	case open > 0:
		return missing("procedure.gap.record_open", open), nil
	}
	return done(f.Row.UpdatedAt, answerRef(f)), nil
}

// recordOf reads the record of a treatment and counts what it lacks or contradicts; with no
// record at all the row has no id and one thing is lacking.
func recordOf(r *store.Read, t store.Treatment, item store.Item) (f form.Filled, open int, err error) {
	row, err := r.TreatmentAnswer(t.ID, FormRecord.code(item))
	if isNone(err) {
		return f, 1, nil
	}
	if err != nil {
		return f, 1, err
	}
	if f, err = form.Fill(r, row); err != nil {
		return f, 1, err
	}
	return f, len(form.Validate(f.Template, f.Answers, true)) + len(doses(f.Template, f.Answers)), nil
}

func stoppedProof(_ *store.Read, t store.Treatment, _ store.Item) (sop.Proof, error) {
	if t.State != term.TreatmentStopped {
		return sop.Proof{}, nil
	}
	return done(t.FinishedAt, ref(t.ID)), nil
}

// wasteProof wants every toxic use told, and witnessed where something was destroyed.
func wasteProof(r *store.Read, t store.Treatment, _ store.Item) (sop.Proof, error) {
	uses, err := kept(r, t)
	if err != nil {
		return sop.Proof{}, err
	}
	p := missing("procedure.gap.waste")
	for _, u := range uses {
		if !u.Product.Toxic {
			continue
		}
		if u.Open() || u.Use.WastedQty > 0 && u.Use.WasteSecond == 0 {
			return missing("procedure.gap.waste"), nil
		}
		p = done(u.Use.ClosedAt, store.Subject{Noun: "lot_use", ID: u.Use.ID})
	}
	return p, nil
}

// countsProof wants the counts told and equal to the record (S5-07).
func countsProof(r *store.Read, t store.Treatment, item store.Item) (sop.Proof, error) {
	if t.State == term.TreatmentStopped {
		return stopCounts(r, t, item)
	}
	p, err := noteProof("counts")(r, t, item)
	if err != nil || !p.Done {
		return p, err
	}
	tallies, record, err := tally(r, t, item)
	if err != nil {
		return sop.Proof{}, err
	}
	if matches(tallies, record) != nil {
		p = missing("procedure.gap.counts")
	}
	return p, nil
}

// stopCounts wants the product of a stopped treatment told, and equal to the record where one
// was completed.
func stopCounts(r *store.Read, t store.Treatment, item store.Item) (sop.Proof, error) {
	p, err := stopProof(r, t)
	if err != nil || !p.Done {
		return p, err
	}
	tallies, record, err := tally(r, t, item)
	if err != nil {
		return sop.Proof{}, err
	}
	if t.Record != 0 && matches(tallies, record) != nil {
		p = missing("procedure.gap.counts")
	}
	return p, nil
}

// signOutProof is the sign-out itself; of a treatment that was stopped there is none, and the
// record of the stop says so.
func signOutProof(r *store.Read, t store.Treatment, item store.Item) (sop.Proof, error) {
	if t.State == term.TreatmentStopped {
		return stopProof(r, t)
	}
	return instantProof("procedure.gap.signout", func(t store.Treatment) term.Instant { return t.FinishedAt })(r, t, item)
}
