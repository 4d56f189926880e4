package task_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

var (
	caller  = access.Actor{Staff: 1, Roles: []access.Role{access.Aftercare}}
	mate    = access.Actor{Staff: 2, Roles: []access.Role{access.Aftercare}}
	doctor  = access.Actor{Staff: 3, Roles: []access.Role{access.Physician}}
	manager = access.Actor{Staff: 4, Roles: []access.Role{access.Manager}}
	owner   = access.Actor{Staff: 5, Roles: []access.Role{access.Owner}}
)

type house struct {
	*testing.T
	db     *store.DB
	clock  *storetest.Clock
	topics *[]string
}

func open(t *testing.T) house {
	t.Helper()
	clock, topics := storetest.NewClock(), &[]string{}
	db := storetest.Open(t, store.Options{Now: clock.Now, Topics: func(list []string) { *topics = append(*topics, list...) }})
	h := house{t, db, clock, topics}
	h.write(func(tx *store.Tx) error {
		for i := 1; i <= 5; i++ {
			if err := tx.AddStaff(&store.Staff{Login: "staff" + strconv.Itoa(i), Name: "员工"}); err != nil {
				return err
			}
		}
		return nil
	})
	*topics = nil
	return h
}

func (h house) write(fn func(*store.Tx) error) {
	h.Helper()
	require.NoError(h, h.try(fn))
}

func (h house) try(fn func(*store.Tx) error) error {
	return h.db.Write(context.Background(), storetest.Act("task.work"), fn)
}

func (h house) followup(day int, change func(*task.New)) (id term.TaskID) {
	h.Helper()
	h.write(func(tx *store.Tx) (err error) {
		n := task.New{
			Kind: task.Followup, Subject: store.Subject{Noun: "treatment", ID: 7}, Key: "D" + strconv.Itoa(day),
			Role: access.Aftercare, Due: tx.Now().Add(time.Duration(day) * 24 * time.Hour), TitleKey: "task.title.followup",
			Args: []string{strconv.Itoa(day)}, Day: day,
			Escalate: []task.Rung{{0, access.Manager}, {4 * time.Hour, access.Owner}},
		}
		if change != nil {
			change(&n)
		}
		id, err = task.Open(tx, n)
		return err
	})
	return id
}

func (h house) list(by access.Actor, f task.Filter) (rows []task.Row) {
	h.Helper()
	require.NoError(h, h.db.Read(context.Background(), func(r *store.Read) (err error) {
		rows, err = task.Worklist(r, by, f)
		return err
	}))
	return rows
}

func (h house) badge(by access.Actor) (c store.TaskCounts) {
	h.Helper()
	require.NoError(h, h.db.Read(context.Background(), func(r *store.Read) (err error) {
		c, err = task.Badge(r, by)
		return err
	}))
	return c
}

func (h house) escalate() (n int) {
	h.Helper()
	h.write(func(tx *store.Tx) (err error) { n, err = task.Escalate(tx); return err })
	return n
}

func TestOpen(t *testing.T) {
	t.Parallel()
	t.Run("the same task is opened once, also after it was done", func(t *testing.T) {
		t.Parallel()
		h := open(t)
		first := h.followup(2, nil)
		require.Equal(t, first, h.followup(2, nil))
		require.NotEqual(t, first, h.followup(7, nil))
		h.write(func(tx *store.Tx) error { return task.Done(tx, caller, first, "normal", 0) })
		require.Equal(t, first, h.followup(2, nil))
		require.Len(t, h.list(caller, task.Filter{}), 1)
		require.Contains(t, *h.topics, "tasks")
	})
	for name, n := range map[string]task.New{
		"without anybody's duty": {Kind: "x", TitleKey: "task.title.rating", Due: term.At(storetest.Start)},
		"without a due time":     {Kind: "x", TitleKey: "task.title.rating", Role: access.Nurse},
		"for an unknown role":    {Kind: "x", TitleKey: "task.title.rating", Role: "king", Due: term.At(storetest.Start)},
		"with a falling ladder": {
			Kind: "x", TitleKey: "task.title.rating", Role: access.Nurse, Due: term.At(storetest.Start),
			Escalate: []task.Rung{{time.Hour, access.Manager}, {0, access.Owner}},
		},
	} {
		t.Run("a task "+name+" is refused", func(t *testing.T) {
			t.Parallel()
			h := open(t)
			require.Error(t, h.try(func(tx *store.Tx) error { _, err := task.Open(tx, n); return err }))
		})
	}
}

func TestDone(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.followup(2, nil)
	err := h.try(func(tx *store.Tx) error { return task.Done(tx, doctor, id, "normal", 0) })
	require.Equal(t, fault.KindForbidden, fault.KindOf(err), "another role")
	h.write(func(tx *store.Tx) error { return task.Done(tx, caller, id, "guidance", 0) })
	err = h.try(func(tx *store.Tx) error { return task.Done(tx, mate, id, "normal", 0) })
	require.Equal(t, fault.KindConflict, fault.KindOf(err), "the second of two is told")
	require.NoError(t, h.db.Read(context.Background(), func(r *store.Read) error {
		got, err := r.Task(id)
		require.NoError(t, err)
		require.Equal(t, "guidance", got.Outcome)
		require.Equal(t, term.StaffID(1), got.DoneBy)
		require.Equal(t, r.Now(), got.DoneAt)
		return nil
	}))
	err = h.try(func(tx *store.Tx) error { return task.Done(tx, caller, 99, "normal", 0) })
	require.Equal(t, fault.KindNotFound, fault.KindOf(err))
}

func TestEscalate(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.followup(2, nil)
	require.Zero(t, h.escalate(), "not late yet")
	require.Empty(t, h.list(manager, task.Filter{}))
	h.clock.Forward(48 * time.Hour)
	*h.topics = nil
	require.Equal(t, 1, h.escalate())
	require.Subset(t, *h.topics, []string{"tasks", "alerts"})
	require.Zero(t, h.escalate(), "each rung is climbed once")
	require.Len(t, h.list(manager, task.Filter{}), 1)
	require.Empty(t, h.list(owner, task.Filter{}))
	h.clock.Forward(4 * time.Hour)
	require.Equal(t, 1, h.escalate())
	require.Len(t, h.list(owner, task.Filter{}), 1)
	require.Len(t, h.list(caller, task.Filter{}), 1, "it stays with those whose duty it is")
	h.clock.Forward(100 * time.Hour)
	require.Zero(t, h.escalate(), "the ladder has an end")
	h.write(func(tx *store.Tx) error { return task.Done(tx, owner, id, "normal", 0) })
	require.Zero(t, h.badge(owner).Open)
}

func TestEscalateAfterThePCWasOff(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.followup(1, nil)
	h.clock.Forward(72 * time.Hour)
	require.Equal(t, 1, h.escalate())
	require.Len(t, h.list(owner, task.Filter{}), 1, "the last rung is told")
	require.Zero(t, h.escalate())
}

func TestMove(t *testing.T) {
	t.Parallel()
	h := open(t)
	soft, hard := h.followup(7, nil), h.followup(2, func(n *task.New) { n.Priority = task.HardDue })
	later := term.At(storetest.Start.Add(10 * 24 * time.Hour))
	move := func(by access.Actor, id term.TaskID, due term.Instant, reason string) error {
		return h.try(func(tx *store.Tx) error { return task.Move(tx, by, id, due, reason) })
	}
	require.NoError(t, move(caller, soft, later, "客户出差"))
	require.Equal(t, fault.KindInvalid, fault.KindOf(move(caller, soft, later, " ")))
	require.Equal(t, fault.KindInvalid, fault.KindOf(move(caller, soft, term.At(storetest.Start.Add(-time.Hour)), "x")))
	require.Equal(t, fault.KindForbidden, fault.KindOf(move(caller, hard, later, "忙")))
	require.NoError(t, move(manager, hard, later, "客户住院"))
	h.clock.Forward(9 * 24 * time.Hour)
	require.Zero(t, h.escalate(), "the ladder moved with it")
}

func TestHandOver(t *testing.T) {
	t.Parallel()
	h := open(t)
	mine := func(n *task.New) { n.Staff = caller.Staff }
	h.followup(1, mine)
	h.followup(2, mine)
	h.followup(3, func(n *task.New) { n.Staff, n.Role = caller.Staff, "" })
	require.Empty(t, h.list(mate, task.Filter{}), "held in person")
	require.Len(t, h.list(mate, task.Filter{All: true}), 2)
	h.write(func(tx *store.Tx) error {
		n, err := task.HandOver(tx, caller.Staff, 0)
		require.Equal(t, 3, n)
		return err
	})
	require.Len(t, h.list(mate, task.Filter{}), 2, "back to the role")
	require.Len(t, h.list(manager, task.Filter{}), 1, "what had no role")
}

func TestAttempts(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.followup(2, nil)
	for want := 1; want <= 3; want++ {
		require.Empty(t, h.list(manager, task.Filter{}))
		h.write(func(tx *store.Tx) error {
			n, err := task.Attempt(tx, caller, id)
			require.Equal(t, want, n)
			return err
		})
		h.clock.Forward(29 * time.Minute)
		require.Error(t, h.try(func(tx *store.Tx) error {
			_, err := task.Attempt(tx, caller, id)
			return err
		}), "a click right after a call is no call")
		h.clock.Forward(time.Minute)
	}
	require.Len(t, h.list(manager, task.Filter{}), 1)
}

func TestRaise(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.followup(1, func(n *task.New) { n.Role = access.Physician })
	*h.topics = nil
	var id term.TaskID
	h.write(func(tx *store.Tx) (err error) {
		id, err = task.Raise(tx, task.Alarm{
			Subject: store.Subject{Noun: "answer", ID: 5}, Card: "ESC-VO", Name: words.Text{ZH: "血管栓塞", EN: "Vascular occlusion"}, Minutes: 5, Signs: "皮肤发白",
		})
		return err
	})
	require.Subset(t, *h.topics, []string{"tasks", "alerts"})
	rows := h.list(doctor, task.Filter{})
	require.Equal(t, id, rows[0].ID, "above everything")
	require.Equal(t, "red", rows[0].Tone)
	require.Equal(t, "红旗 血管栓塞：请立即处理", rows[0].Title(words.ZH))
	require.Equal(t, "Red flag Vascular occlusion: act at once", rows[0].Title(words.EN), "in the page's language")
	require.Equal(t, "皮肤发白", rows[0].Note)
	require.Equal(t, 1, h.badge(doctor).Red)
	err := h.try(func(tx *store.Tx) error { return task.Cancel(tx, doctor, id, "误报") })
	require.Equal(t, fault.KindRefused, fault.KindOf(err))
	h.clock.Forward(10 * time.Minute)
	require.Equal(t, 1, h.escalate())
	require.Equal(t, id, h.list(manager, task.Filter{})[0].ID)
}

func TestWorklist(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.followup(7, nil)
	warned := func(n *task.New) { n.Warn = n.Due.Add(-24 * time.Hour) }
	h.followup(2, warned)
	h.followup(1, nil)
	h.clock.Forward(36 * time.Hour)
	rows := h.list(caller, task.Filter{})
	require.Equal(t, []int{1, 2, 7}, []int{rows[0].Day, rows[1].Day, rows[2].Day})
	require.Equal(t, []string{"late", "warn", ""}, []string{rows[0].Tone, rows[1].Tone, rows[2].Tone})
	require.Equal(t, -12*60, rows[0].Minutes)
	require.Equal(t, store.TaskCounts{Open: 3, Due: 1, Overdue: 1}, h.badge(caller))
	require.Equal(t, 2, h.list(caller, task.Filter{Limit: 1, Offset: 1})[0].Day)
	require.Len(t, h.list(caller, task.Filter{Until: term.At(storetest.Start.Add(72 * time.Hour))}), 2)
	require.Empty(t, h.list(caller, task.Filter{Kind: task.CallBack}))
	require.Equal(t, "术后第 7 天回访", rows[2].Title(words.ZH))
	require.Equal(t, "Follow-up D7", rows[2].Title(words.EN))
}

func TestNearing(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.followup(2, func(n *task.New) {
		n.Warn = n.Due.Add(-24 * time.Hour)
		n.Escalate = []task.Rung{{-12 * time.Hour, access.Nurse}, {0, access.Manager}}
	})
	tone := func() string { return h.list(caller, task.Filter{})[0].Tone }
	require.Empty(t, tone())
	h.clock.Forward(35 * time.Hour)
	require.Equal(t, "warn", tone())
	h.clock.Forward(time.Hour)
	require.Equal(t, "amber", tone(), "from the 36th hour")
	h.clock.Forward(13 * time.Hour)
	require.Equal(t, "late", tone())
}

func TestReopen(t *testing.T) {
	t.Parallel()
	h := open(t)
	id := h.followup(7, nil)
	due := term.At(storetest.Start.Add(9 * 24 * time.Hour))
	again := func(by access.Actor, reason string) error {
		return h.try(func(tx *store.Tx) error { return task.Reopen(tx, by, id, due, reason) })
	}
	require.Equal(t, fault.KindConflict, fault.KindOf(again(caller, "客户要求")), "an open task is not taken up again")
	h.write(func(tx *store.Tx) error { return task.Cancel(tx, caller, id, "治疗中止") })
	require.Equal(t, fault.KindInvalid, fault.KindOf(again(caller, " ")))
	require.Equal(t, fault.KindForbidden, fault.KindOf(again(doctor, "客户要求")))
	require.NoError(t, again(caller, "客户要求"))
	rows := h.list(caller, task.Filter{})
	require.Len(t, rows, 1)
	require.Equal(t, due, rows[0].DueAt)
	require.Empty(t, rows[0].CancelReason)
	h.clock.Forward(9*24*time.Hour + time.Minute)
	require.Equal(t, 1, h.escalate(), "its ladder begins anew")
}
