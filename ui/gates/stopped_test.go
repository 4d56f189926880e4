package gates_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest/day"
)

// TestAStoppedTreatmentNeedsNoFullRecord walks a treatment that was stopped midway to its end:
// the record of the stop stands for the procedure record (S5-03) and the sign-out (S5-08), both
// are marked as not done any more, the record of the stop is signed, and the visit closes.
func TestAStoppedTreatmentNeedsNoFullRecord(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Started)
	form := append(d.Counts("10", "90", "0"), second("nurse")...)
	d.Post("doctor", "/procedure/{treatment}/stop", append(form, "reason", "晕针", "session", "used")...).Want(200)

	marks := func() map[string]store.SOPStamp {
		m := map[string]store.SOPStamp{}
		d.Read(func(r *store.Read) error {
			all, err := r.SOPStamps(d.Visit)
			for _, s := range all {
				m[s.Step] = s
			}
			return err
		})
		return m
	}
	for _, step := range []string{"S5-03", "S5-08"} {
		require.Equal(t, store.StampNotApplicable, marks()[step].State, step)
		require.Contains(t, marks()[step].Reason, "晕针", step)
	}
	require.False(t, marks()["S6-03"].DueAt.IsZero(), "the 48 hours run all the same")
	d.As("manager").Get(d.Fill("/visit/{visit}")).Want(200, "不适用", "因操作中止，本步不再进行：晕针")

	d.As("nurse").Get(d.Fill("/visit/{visit}")).Not(d.Fill(`action="/aftercare/close/{visit}"`)) // not let go yet
	d.Without(day.Recorded, day.Counted, day.SignedOut).To(day.Released)
	d.As("doctor").Get(d.Fill("/procedure/{treatment}")).Want(200, "以停止记录为准", d.Fill(`action="/procedure/{treatment}/sign"`))
	d.Post("doctor", "/procedure/{treatment}/sign").Want(200)
	require.Equal(t, store.StampDone, marks()["S5-09"].State)
	d.As("nurse").Get(d.Fill("/visit/{visit}")).Want(200, d.Fill(`action="/aftercare/close/{visit}"`))
	d.Post("nurse", "/aftercare/close/{visit}", "reason", "全程未见异常反应").Want(200, "就诊已结案")
	d.Read(func(r *store.Read) error {
		v, err := r.Visit(d.Visit)
		require.Equal(t, term.VisitCompleted, v.State)
		return err
	})
}
