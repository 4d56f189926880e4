// Package floor is the eyes of the house on one visit: its page with everything that was
// done, the run of its SOP, what comes next for the reader, and the stamps that people set
// by hand. Rooms prove their own steps; the floor is for what no room proves.
package floor

import (
	"context"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Floor is the service of the room.
type Floor struct {
	deed.Doer
	SOP *sop.Engine
}

// New makes the room.
func New(d deed.Doer, engine *sop.Engine) *Floor { return &Floor{Doer: d, SOP: engine} }

// StepCmd names a step of a visit and says why it is stamped, skipped or undone by hand.
type StepCmd struct {
	Visit     term.VisitID
	Treatment term.TreatmentID // 0: all treatments, or a step of the visit
	Step      string           // S4-08
	Reason    string
}

// byHand is what the three deeds on a step have in common with the engine.
type byHand func(tx *store.Tx, by access.Actor, on sop.Subject, step, reason string) error

// Stamp stamps a step by hand (step.stamp). A hard step that a room proves is refused.
func (f *Floor) Stamp(ctx context.Context, by access.Actor, in StepCmd) error {
	return f.touch(ctx, by, access.StepStamp, in, f.SOP.Stamp)
}

// Skip leaves a soft step out (step.skip). Hard steps are refused to everybody.
func (f *Floor) Skip(ctx context.Context, by access.Actor, in StepCmd) error {
	return f.touch(ctx, by, access.StepSkip, in, f.SOP.Skip)
}

// Undo makes the newest stamp of a step no longer count (step.undo).
func (f *Floor) Undo(ctx context.Context, by access.Actor, in StepCmd) error {
	return f.touch(ctx, by, access.StepUndo, in, f.SOP.Undo)
}

func (f *Floor) touch(ctx context.Context, by access.Actor, p access.Permission, in StepCmd, do byHand) error {
	by.Reason = in.Reason
	subject := store.Subject{Noun: "visit", ID: int64(in.Visit)}
	return f.WriteOn(ctx, by, p, subject, func(tx *store.Tx) error {
		if err := f.mine(tx, in); err != nil {
			return err
		}
		if err := do(tx, by, sop.Subject{Visit: in.Visit, Treatment: in.Treatment}, in.Step, in.Reason); err != nil {
			return err
		}
		tx.Publish(live.Board)
		tx.Result(subject.Noun, subject.ID)
		return nil
	})
}

// mine refuses a treatment of another visit.
func (f *Floor) mine(tx *store.Tx, in StepCmd) error {
	if in.Treatment == 0 {
		return nil
	}
	t, err := tx.Treatment(in.Treatment)
	if err == nil && t.Visit != in.Visit {
		return fault.NotFound("treatment")
	}
	return err
}
