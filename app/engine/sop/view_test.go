package sop_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

func TestOverdue(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.prove(front, "visit.arrived")
	late := func() (list []sop.Late) {
		require.NoError(t, h.db.Read(context.Background(), func(r *store.Read) (err error) {
			list, err = h.sop.Overdue(r, 100)
			return err
		}))
		return list
	}
	require.Empty(t, late())
	h.clock.Forward(16 * time.Minute)
	list := late()
	require.Equal(t, "S1-08", list[0].Step, "ten minutes to assign")
	require.Equal(t, 6, list[0].Minutes)
	require.Equal(t, "S1-04", list[1].Step)
	require.Equal(t, "manager", list[1].EscalateTo)
	require.Equal(t, "late", h.step("S1-04").State)
	h.prove(front, "visit.called")
	h.prove(front, "visit.assigned")
	require.Empty(t, late())
	require.True(t, h.step("S1-04").Late)
	require.Equal(t, 1, h.view().Score.Late)
}

func TestStepper(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	line := func() (list []sop.StepperStage) {
		require.NoError(t, h.db.Read(context.Background(), func(r *store.Read) error {
			s, err := h.sop.Stepper(r, h.visit.Visit, words.ZH)
			if err == nil {
				list = s.Stages
			}
			return err
		}))
		return list
	}
	first := line()
	require.Equal(t, "S1", first[0].ID)
	require.Equal(t, "接待", first[0].Title)
	require.Equal(t, "now", first[0].State)
	require.Equal(t, 2, first[0].Missing)
	require.Equal(t, words.ZH.T("access.role.reception"), first[0].Who)
	h.prove(front, "visit.arrived")
	h.clock.Forward(8 * time.Minute)
	h.prove(front, "consent.privacy")
	h.prove(front, "client.identity")
	second := line()
	require.Equal(t, []string{"done", "now"}, []string{second[0].State, second[1].State})
	require.Equal(t, 8, second[0].Minutes)
	h.clock.Forward(10 * time.Minute)
	require.Equal(t, 10, line()[1].Minutes)
}

func TestEnd(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.prove(front, "visit.arrived")
	h.clock.Forward(time.Hour)
	h.write(func(tx *store.Tx) error { return h.sop.End(tx, front, h.visit.Visit) })
	require.NoError(t, h.db.Read(context.Background(), func(r *store.Read) error {
		list, err := h.sop.Overdue(r, 10)
		require.Empty(t, list, "nobody is chased for a client who left")
		return err
	}))
	run := h.view()
	require.Equal(t, run.StartedAt.Add(time.Hour), run.EndedAt)
	require.Equal(t, 4, run.Score.Missed, "S1-04 … S1-07 were never done")
	require.Zero(t, run.Score.Percent())
	require.NoError(t, h.db.Read(context.Background(), func(r *store.Read) error {
		sum, err := h.sop.Conformance(r, run.StartedAt, run.EndedAt)
		require.Equal(t, run.Score, sum)
		none, _ := h.sop.Conformance(r, run.EndedAt, run.EndedAt.Add(time.Hour))
		require.Zero(t, none)
		return err
	}))
}

func TestEarlySignature(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	treatment := h.treatment()
	on := sop.Subject{Visit: h.visit.Visit, Treatment: treatment}
	h.sop.Facts(func(*store.Read, []term.VisitID) (map[term.VisitID]sop.Facts, error) {
		return map[term.VisitID]sop.Facts{h.visit.Visit: {Kinds: []string{"botulinum"}, Treatments: []sop.Treated{
			{ID: treatment, Kind: "botulinum", Tags: []string{"observation"}},
		}}}, nil
	})
	prove := func(kind string) error {
		return h.try(func(tx *store.Tx) error { return h.sop.Prove(tx, lead, on, kind, paper) })
	}
	require.NoError(t, prove("form.procedure"))
	h.clock.Forward(20 * time.Minute)
	err := prove("observation.over")
	require.Equal(t, fault.KindRefused, fault.KindOf(err))
	require.Contains(t, err.Error(), "S5-10")
	require.Contains(t, func() *fault.Error {
		target := &fault.Error{}
		_ = errors.As(err, &target)
		return target
	}().Say(words.ZH), "10 分钟")
	h.clock.Forward(10 * time.Minute)
	require.NoError(t, prove("observation.over"))
	require.Equal(t, 30, h.step("S5-10").Minutes)
	first := h.step("S6-03")
	require.Equal(t, treatment, first.Treatment)
	require.Equal(t, first.StartedAt.Add(48*time.Hour), first.DueAt)
	h.write(func(tx *store.Tx) error { return h.sop.End(tx, lead, h.visit.Visit) })
	require.Equal(t, "running", h.step("S6-03").State, "aftercare goes on")
}

func TestNoRun(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.visit.Visit = 99
	err := h.try(func(tx *store.Tx) error { return h.sop.Prove(tx, front, h.visit, "visit.called", paper) })
	require.Equal(t, fault.KindNotFound, fault.KindOf(err))
}

// Evidence renewed out of order never counts backwards: the step before is the last one that
// was done before this one.
func TestMinutesNeverRunBackwards(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	treatment := h.treatment()
	on := sop.Subject{Visit: h.visit.Visit, Treatment: treatment}
	h.sop.Facts(func(*store.Read, []term.VisitID) (map[term.VisitID]sop.Facts, error) {
		return map[term.VisitID]sop.Facts{h.visit.Visit: {Kinds: []string{"botulinum"}, Treatments: []sop.Treated{{ID: treatment, Kind: "botulinum"}}}}, nil
	})
	h.prove(front, "visit.arrived")
	h.clock.Forward(10 * time.Minute)
	h.write(func(tx *store.Tx) error { return h.sop.Prove(tx, lead, on, "form.procedure", paper) })
	h.write(func(tx *store.Tx) error {
		all, err := tx.SOPStamps(h.visit.Visit)
		for _, stamp := range all {
			if stamp.Step == "S1-03" {
				stamp.DoneAt = tx.Now().Add(30 * time.Minute)
				err = errors.Join(err, tx.SaveSOPStamp(&stamp))
			}
		}
		return err
	})
	require.Zero(t, h.step("S5-03").Minutes)
}
