package task_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// A task that is joined is about both, at the earlier time, by the harder rule; a treatment that
// leaves it is not asked about, and the last one gives the task up.
func TestJoinAndLeave(t *testing.T) {
	t.Parallel()
	h := open(t)
	var id term.TaskID
	var first, second store.Treatment
	due := h.clock.Now()
	follow := func(tr store.Treatment, n task.New) task.New {
		n.Kind, n.Subject, n.Key, n.Role = task.Followup, store.Subject{Noun: "treatment", ID: int64(tr.ID)}, "D1", access.Aftercare
		n.Client, n.Visit, n.Treatment, n.TitleKey, n.Day = tr.Client, first.Visit, tr.ID, "task.title.followup", 1
		return n
	}
	h.write(func(tx *store.Tx) (err error) {
		item := store.Item{
			Code: "INJ-BTX-GL", Name: "眉间纹", Category: "注射", Level: "1", Kind: "botulinum", Operator: "lead_physician",
			CareTemplate: "AC-BTX", FormCode: "F7-BTX", Depth: "L3", RiskTier: 3, ObserveMinutes: 30, Enabled: true,
		}
		require.NoError(t, tx.AddItem(&item))
		if first, err = storetest.Treat(tx, item.ID); err != nil {
			return err
		}
		second = store.Treatment{
			Visit: first.Visit, Client: first.Client, Line: first.Line, Item: first.Item, SessionNo: 2, State: term.TreatmentScheduled,
		}
		if err := tx.AddTreatment(&second); err != nil {
			return err
		}
		id, err = task.Open(tx, follow(first, task.New{FormCode: "F8-AC-BTX", Due: term.At(due.Add(30 * time.Hour))}))
		if err != nil {
			return err
		}
		return task.Join(tx, id, follow(second, task.New{
			FormCode: "F8-AC-HA", Due: term.At(due.Add(24 * time.Hour)), Priority: task.HardDue,
			Escalate: []task.Rung{{After: -12 * time.Hour, Role: access.Nurse}},
		}))
	})
	read := func() (x store.Task) {
		require.NoError(t, h.db.Read(t.Context(), func(r *store.Read) (err error) {
			x, err = r.Task(id)
			return err
		}))
		return x
	}
	got := read()
	require.Equal(t, []store.TaskPart{{Treatment: first.ID, Form: "F8-AC-BTX"}, {Treatment: second.ID, Form: "F8-AC-HA"}}, got.Parts())
	require.Equal(t, term.At(due.Add(24*time.Hour)), got.DueAt)
	require.Equal(t, term.At(due.Add(12*time.Hour)), got.EscalateAt)
	require.Equal(t, task.HardDue, got.Priority)

	h.write(func(tx *store.Tx) error { return task.Leave(tx, caller, id, first.ID, "stopped") })
	got = read()
	require.Equal(t, []store.TaskPart{{Treatment: second.ID, Form: "F8-AC-HA"}}, got.Parts())
	require.True(t, task.Left(got, first.ID))
	require.False(t, got.About(first.ID))
	h.write(func(tx *store.Tx) error { return task.Leave(tx, caller, id, second.ID, "stopped") })
	require.Equal(t, store.TaskCancelled, read().State)
	require.Error(t, h.try(func(tx *store.Tx) error { return task.Join(tx, id, follow(first, task.New{FormCode: "F8-AC-BTX"})) }))
}
