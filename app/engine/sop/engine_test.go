package sop_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

var (
	front   = access.Actor{Staff: 1, Roles: []access.Role{access.Reception}}
	nurse   = access.Actor{Staff: 1, Roles: []access.Role{access.Nurse}}
	doctor  = access.Actor{Staff: 1, Roles: []access.Role{access.Physician}}
	lead    = access.Actor{Staff: 1, Roles: []access.Role{access.Physician}, Lead: true}
	manager = access.Actor{Staff: 1, Roles: []access.Role{access.Manager}}
	paper   = store.Subject{Noun: "document", ID: 11}
)

// house is a clinic with one open visit whose run has begun.
type house struct {
	*testing.T
	db    *store.DB
	clock *storetest.Clock
	sop   *sop.Engine
	visit sop.Subject
}

// shipped is the template that app/defaults embeds.
func shipped(t *testing.T) *sop.Template {
	t.Helper()
	raw, err := os.ReadFile("../../defaults/sop/clinic.json")
	require.NoError(t, err)
	parsed, err := sop.Parse(raw)
	require.NoError(t, err)
	return parsed
}

func open(t *testing.T, prepare func(*sop.Engine)) house {
	t.Helper()
	db, clock := storetest.New(t)
	h := house{T: t, db: db, clock: clock, sop: sop.New()}
	if prepare != nil {
		prepare(h.sop)
	}
	h.write(func(tx *store.Tx) error {
		require.NoError(t, sop.Publish(tx, shipped(t)))
		require.NoError(t, tx.AddStaff(&store.Staff{Login: "lin", Name: "林"}))
		h.visit = h.arrive(tx)
		return nil
	})
	return h
}

func (h house) arrive(tx *store.Tx) sop.Subject {
	h.Helper()
	c := store.Client{Name: "周女士", Phone: "13800008817", Gender: "female", Birth: "1990-01-02"}
	require.NoError(h, tx.AddClient(&c))
	v := store.Visit{
		Client: c.ID, State: term.VisitOpen, Stage: term.StageReception, Station: term.AtWaiting,
		StationAt: tx.Now(), ArrivedAt: tx.Now(),
	}
	require.NoError(h, tx.AddVisit(&v))
	require.NoError(h, h.sop.Start(tx, v.ID))
	return sop.Subject{Visit: v.ID}
}

// treatment sells and opens one botulinum treatment.
func (h house) treatment() (id term.TreatmentID) {
	h.Helper()
	h.write(func(tx *store.Tx) error {
		v, err := tx.Visit(h.visit.Visit)
		require.NoError(h, err)
		item := store.Item{
			Code: "INJ-BTX-GL", Name: "眉间纹", Category: "注射", Level: "1", Kind: "botulinum", Operator: "lead_physician",
			CareTemplate: "AC-BTX", FormCode: "F7-BTX", Depth: "L3", RiskTier: 3, ObserveMinutes: 30, Enabled: true,
		}
		require.NoError(h, tx.AddItem(&item))
		order := store.Order{Client: v.Client, Visit: v.ID, State: term.OrderPaid}
		require.NoError(h, tx.AddOrder(&order))
		line := store.OrderLine{Order: order.ID, Item: item.ID, Sessions: 1}
		require.NoError(h, tx.AddOrderLine(&line))
		x := store.Treatment{
			Visit: v.ID, Client: v.Client, Line: line.ID, Item: item.ID, SessionNo: 1, State: term.TreatmentScheduled,
		}
		require.NoError(h, tx.AddTreatment(&x))
		id = x.ID
		return nil
	})
	return id
}

func (h house) try(fn func(*store.Tx) error) error {
	return h.db.Write(context.Background(), storetest.Act("visit.work"), fn)
}

func (h house) write(fn func(*store.Tx) error) {
	h.Helper()
	require.NoError(h, h.try(fn))
}

func (h house) prove(by access.Actor, kind string) {
	h.Helper()
	h.write(func(tx *store.Tx) error { return h.sop.Prove(tx, by, h.visit, kind, paper) })
}

func (h house) view() (run sop.Run) {
	h.Helper()
	require.NoError(h, h.db.Read(context.Background(), func(r *store.Read) (err error) {
		run, err = h.sop.View(r, h.visit.Visit)
		return err
	}))
	return run
}

func (h house) step(id string) sop.RunStep {
	h.Helper()
	for _, stage := range h.view().Stages {
		for _, s := range stage.Steps {
			if s.ID == id {
				return s
			}
		}
	}
	require.Fail(h, "no step "+id)
	return sop.RunStep{}
}

func (h house) gate(upto string) (gaps sop.Gaps) {
	h.Helper()
	require.NoError(h, h.db.Read(context.Background(), func(r *store.Read) (err error) {
		gaps, err = h.sop.Gate(r, h.visit, upto)
		return err
	}))
	return gaps
}

func TestProveStampsWhoWhenAndHowLong(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.prove(front, "visit.arrived")
	require.Equal(t, "running", h.step("S1-04").State)
	h.clock.Forward(12 * time.Minute)
	h.prove(front, "visit.called")
	s := h.step("S1-04")
	require.Equal(t, "done", s.State)
	require.Equal(t, term.StaffID(1), s.Staff)
	require.Equal(t, "reception", s.By)
	require.Equal(t, "林", s.Name)
	require.Equal(t, 12, s.Minutes)
	require.False(t, s.Late)
	require.Equal(t, paper, s.Ref)
	h.clock.Forward(time.Minute)
	h.prove(nurse, "visit.called")
	require.Equal(t, "reception", h.step("S1-04").By, "the first stamp stays")
}

func TestPinnedEdition(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	next := shipped(t)
	pinned := next.Edition
	next.Edition, next.Title = pinned+1, words.Text{ZH: "第二版", EN: "second edition"}
	h.write(func(tx *store.Tx) error { return sop.Publish(tx, next) })
	require.Equal(t, pinned, h.view().Edition, "a running visit keeps its edition")
	h.write(func(tx *store.Tx) error { h.visit = h.arrive(tx); return nil })
	require.Equal(t, pinned+1, h.view().Edition)
	h.write(func(tx *store.Tx) error { return sop.Publish(tx, next) })
	next.Title.EN = "changed behind our back"
	require.Error(t, h.try(func(tx *store.Tx) error { return sop.Publish(tx, next) }))
}

func TestLiveProver(t *testing.T) {
	t.Parallel()
	stands := false
	h := open(t, func(e *sop.Engine) {
		e.Prover("consent.privacy", func(*store.Read, sop.Subject) (sop.Proof, error) {
			return sop.Proof{Done: stands, Ref: paper}, nil
		})
		e.Place("consent.privacy", func(_ sop.Subject) string { return "/reception/consent/1" })
	})
	h.prove(front, "consent.privacy")
	require.Equal(t, "todo", h.step("S1-05").State, "a word without evidence stamps nothing")
	require.Equal(t, "/reception/consent/1", h.gate("file")[0].Where)
	stands = true
	h.prove(front, "consent.privacy")
	require.Equal(t, "done", h.step("S1-05").State)
	require.Empty(t, h.gate("file"))
	stands = false
	require.Equal(t, "red", h.step("S1-05").State)
	refused := h.gate("file").Err()
	require.Equal(t, fault.KindRefused, fault.KindOf(refused))
	require.Contains(t, refused.Error(), "REG-PII-01")
	err := h.try(func(tx *store.Tx) error { return h.sop.Stamp(tx, front, h.visit, "S1-05", "纸上签了") })
	require.Equal(t, fault.KindRefused, fault.KindOf(err), "a hard step that can be proved is not stamped by hand")
}

func TestStampByHand(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	stamp := func(by access.Actor, step, reason string) error {
		return h.try(func(tx *store.Tx) error { return h.sop.Stamp(tx, by, h.visit, step, reason) })
	}
	require.Equal(t, fault.KindInvalid, fault.KindOf(stamp(nurse, "S2-02", "  ")), "never without a reason")
	require.Equal(t, fault.KindRefused, fault.KindOf(stamp(front, "S2-02", "纸质")), "never by another role")
	require.NoError(t, stamp(nurse, "S2-02", "系统维护,纸质问卷已归档"))
	require.Equal(t, fault.KindRefused, fault.KindOf(stamp(doctor, "S2-05", "纸质")), "a lead physician's step")
	require.Equal(t, fault.KindRefused, fault.KindOf(stamp(manager, "S2-05", "纸质")), "nobody stands in for a physician")
	require.NoError(t, stamp(lead, "S2-05", "纸质病历"))
	require.Equal(t, fault.KindNotFound, fault.KindOf(stamp(lead, "S9-99", "x")))
	s := h.step("S2-02")
	require.Equal(t, "manual", s.State)
	require.Equal(t, "系统维护,纸质问卷已归档", s.Reason)
	require.Equal(t, 2, h.view().Score.Manual)
}

func TestSkip(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	skip := func(step, reason string) error {
		return h.try(func(tx *store.Tx) error { return h.sop.Skip(tx, front, h.visit, step, reason) })
	}
	require.Equal(t, fault.KindRefused, fault.KindOf(skip("S1-05", "客户着急")), "hard steps are skipped by nobody")
	require.Equal(t, fault.KindInvalid, fault.KindOf(skip("S1-07", "")))
	require.NoError(t, skip("S1-07", "老客户"))
	require.Equal(t, fault.KindConflict, fault.KindOf(skip("S1-07", "老客户")), "the second of two is told")
	h.prove(front, "visit.called")
	require.Equal(t, fault.KindConflict, fault.KindOf(skip("S1-04", "x")), "what was done is not skipped afterwards")
	require.Equal(t, "skipped", h.step("S1-07").State)
}

func TestUndoKeepsHistory(t *testing.T) {
	t.Parallel()
	h := open(t, nil)
	h.prove(front, "visit.arrived")
	h.clock.Forward(time.Minute)
	h.prove(front, "visit.called")
	h.write(func(tx *store.Tx) error { return h.sop.Undo(tx, front, h.visit, "S1-04", "叫错号") })
	s := h.step("S1-04")
	require.Equal(t, "running", s.State)
	require.Len(t, s.History, 2)
	require.Equal(t, store.StampDone, s.History[0].State)
	require.Equal(t, "叫错号", s.History[1].Reason)
	h.clock.Forward(time.Minute)
	h.prove(front, "visit.called")
	require.Equal(t, 2, h.step("S1-04").Minutes, "the clock ran on")
	err := h.try(func(tx *store.Tx) error { return h.sop.Undo(tx, front, h.visit, "S1-05", "x") })
	require.Equal(t, fault.KindRefused, fault.KindOf(err))
}

func TestHooksShareTheTransaction(t *testing.T) {
	t.Parallel()
	broken, ran := true, []string{}
	h := open(t, func(e *sop.Engine) {
		e.On("S1-05", func(_ *store.Tx, _ access.Actor, _ sop.Subject) error {
			ran = append(ran, "step")
			return nil
		})
		e.On("consent.privacy", func(tx *store.Tx, _ access.Actor, s sop.Subject) error {
			ran = append(ran, "kind")
			if broken {
				return errors.New("aftercare is broken")
			}
			return tx.MoveTo(s.Visit, term.StageConsultation, term.AtConsultation)
		})
		e.On("client.waved", func(*store.Tx, access.Actor, sop.Subject) error { ran = append(ran, "signal"); return nil })
	})
	require.Error(t, h.try(func(tx *store.Tx) error {
		return h.sop.Prove(tx, front, h.visit, "consent.privacy", paper)
	}))
	require.Equal(t, "todo", h.step("S1-05").State, "stamp and hook are saved together or not at all")
	broken, ran = false, nil
	h.prove(front, "consent.privacy")
	h.prove(front, "consent.privacy")
	h.prove(front, "client.waved")
	require.Equal(t, []string{"step", "kind", "signal"}, ran, "once, not at every repetition")
	require.NoError(t, h.db.Read(context.Background(), func(r *store.Read) error {
		v, err := r.Visit(h.visit.Visit)
		require.Equal(t, term.AtConsultation, v.Station)
		return err
	}))
}
