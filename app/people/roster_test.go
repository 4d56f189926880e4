package people_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/people"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// seeded is a house with the kinds of shift of the start; it gives the early and the late one.
func seeded(t *testing.T) (h *house, early, late int64) {
	t.Helper()
	h = open(t)
	require.NoError(t, h.db.Write(t.Context(), storetest.Act("test.seed"), people.SeedRoster))
	require.NoError(t, h.db.Read(t.Context(), func(r *store.Read) error {
		kinds, err := r.ShiftKinds()
		require.Len(t, kinds, 4)
		early, late = kinds[0].ID, kinds[3].ID
		return err
	}))
	return h, early, late
}

// duty is what booking would hear about the person; "" when nothing stands in the way.
func (h *house) duty(staff term.StaffID, day term.Day, hour int) (said string) {
	require.NoError(h.t, h.db.Read(h.t.Context(), func(r *store.Read) error {
		at := day.Start(r.Zone()).Add(hours(hour))
		if err := people.CheckDuty(r, staff, at, at.Add(hours(1))); err != nil {
			require.Equal(h.t, "S1-02", ruleOf(err))
			var e *fault.Error
			require.ErrorAs(h.t, err, &e)
			said = e.Say(words.ZH)
		}
		return nil
	}))
	return said
}

func TestAMonthIsDrawnFromWeeks(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h, early, late := seeded(t)
	week := []int64{early, early, early, early, early, 0, 0}
	in := people.WeekIn{Staff: h.doctor.Staff, Week: week, From: "2026-03-02", To: "2026-03-08", Usual: true}
	n, err := h.office.DrawWeek(ctx, h.manager, in)
	require.NoError(t, err)
	require.Equal(t, 7, n)
	require.Contains(t, *h.topics, people.TopicRoster)
	require.Empty(t, h.duty(h.doctor.Staff, "2026-03-03", 10))
	require.Contains(t, h.duty(h.doctor.Staff, "2026-03-03", 18), "09:00")
	require.Contains(t, h.duty(h.doctor.Staff, "2026-03-07", 10), "休息", "no later shift is drawn")
	require.Contains(t, h.duty(h.front.Staff, "2026-03-03", 10), "休息", "whoever is not on the day's roster is off")
	require.Empty(t, h.duty(h.front.Staff, "2026-03-09", 10), "no roster, opening hours count")

	in.Staff, in.Week = h.front.Staff, []int64{0, late, late, late, late, late, late}
	_, err = h.office.DrawWeek(ctx, h.manager, in)
	require.NoError(t, err)
	n, err = h.office.DrawWeek(ctx, h.manager, people.WeekIn{From: "2026-03-02", To: "2026-03-31"})
	require.NoError(t, err)
	require.Equal(t, 2*23, n, "everybody with a usual week, and what is so already is not written")
	require.NoError(t, h.office.DrawDay(ctx, h.manager, people.DayIn{Staff: h.doctor.Staff, Day: "2026-03-14", From: 10 * 60, To: 12 * 60}))
	require.Empty(t, h.duty(h.doctor.Staff, "2026-03-14", 10))
	require.Contains(t, h.duty(h.doctor.Staff, "2026-03-15", 10), "2026-03-16", "it says when she works next")
	n, err = h.office.CopyWeek(ctx, h.manager, people.CopyIn{From: "2026-03-09", To: "2026-04-06", Weeks: 2})
	require.NoError(t, err)
	require.Equal(t, 28, n)
	require.Empty(t, h.duty(h.doctor.Staff, "2026-04-18", 11))

	v, err := h.office.Roster(ctx, h.front, "2026-03-01", "2026-03-31")
	require.NoError(t, err)
	require.Len(t, v.Days, 31)
	require.Equal(t, 6, v.Days[0].Weekday)
	require.Len(t, v.On, 1, "the front desk rests on Mondays")
	require.True(t, v.On[0].Now)
	require.NoError(t, h.db.Read(ctx, func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{Action: "roster.draw"})
		require.Len(t, acts, 5)
		return err
	}))
}

func TestWhatIsNotDrawn(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h, early, _ := seeded(t)
	for name, c := range map[string]struct {
		in    people.WeekIn
		field string
	}{
		"half a week":       {people.WeekIn{Staff: h.doctor.Staff, Week: []int64{early}, From: "2026-03-02", To: "2026-03-08"}, "week"},
		"unknown shift":     {people.WeekIn{Staff: h.doctor.Staff, Week: []int64{99, 0, 0, 0, 0, 0, 0}, From: "2026-03-02", To: "2026-03-08"}, "week"},
		"nobody":            {people.WeekIn{Staff: 99, Week: make([]int64, 7), From: "2026-03-02", To: "2026-03-08"}, "staff"},
		"no usual week":     {people.WeekIn{Staff: h.doctor.Staff, From: "2026-03-02", To: "2026-03-08"}, "staff"},
		"none has one":      {people.WeekIn{From: "2026-03-02", To: "2026-03-08"}, "staff"},
		"no days":           {people.WeekIn{Staff: h.doctor.Staff, Week: make([]int64, 7)}, "from"},
		"the wrong way":     {people.WeekIn{Staff: h.doctor.Staff, Week: make([]int64, 7), From: "2026-03-08", To: "2026-03-02"}, "to"},
		"more than a whole": {people.WeekIn{Staff: h.doctor.Staff, Week: make([]int64, 7), From: "2026-03-02", To: "2026-08-02"}, "to"},
	} {
		_, err := h.office.DrawWeek(ctx, h.manager, c.in)
		bad, _ := fault.FieldsOf(err)
		_, found := bad.Of(c.field)
		require.True(t, found, name)
	}
	_, err := h.office.CopyWeek(ctx, h.manager, people.CopyIn{From: "2026-03-02", To: "2026-03-10"})
	require.Equal(t, fault.KindInvalid, fault.KindOf(err), "another weekday")
	_, err = h.office.CopyWeek(ctx, h.manager, people.CopyIn{From: "2026-03-02", To: "2026-03-09"})
	require.Equal(t, fault.KindInvalid, fault.KindOf(err), "nothing to copy")
	_, err = h.office.DrawWeek(ctx, h.front, people.WeekIn{})
	require.Equal(t, fault.KindForbidden, fault.KindOf(err))
	require.Equal(t, fault.KindInvalid, fault.KindOf(h.office.DrawDay(ctx, h.manager, people.DayIn{Staff: h.doctor.Staff, Day: "2026-03-02", From: 600, To: 500})))

	require.NoError(t, h.office.SaveShiftKind(ctx, h.manager, people.ShiftKindIn{Name: "夜诊", Letter: "夜", From: 18 * 60, To: 21 * 60}))
	require.Error(t, h.office.SaveShiftKind(ctx, h.manager, people.ShiftKindIn{Name: "夜诊", Letter: "夜", From: 18 * 60, To: 21 * 60}), "the name is taken")
	require.Equal(t, fault.KindInvalid, fault.KindOf(h.office.SaveShiftKind(ctx, h.manager, people.ShiftKindIn{Name: "夜", Letter: "夜夜夜", From: 60, To: 30})))
	require.Equal(t, fault.KindStale, fault.KindOf(h.office.SaveShiftKind(ctx, h.manager, people.ShiftKindIn{ID: early, Version: 9, Name: "早", Letter: "早", From: 1, To: 2})))
}

func TestLeaveIsAnsweredBySomebodyElse(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h, _, _ := seeded(t)
	id, err := h.office.AskLeave(ctx, h.doctor, people.LeaveIn{Kind: "annual", From: "2026-03-04", To: "2026-03-05", Reason: "回老家探亲"})
	require.NoError(t, err)
	require.Empty(t, h.duty(h.doctor.Staff, "2026-03-04", 10), "asked is not approved")
	own, err := h.office.AskLeave(ctx, h.manager, people.LeaveIn{Kind: "sick", From: "2026-03-04", To: "2026-03-04", Reason: "复查"})
	require.NoError(t, err)
	require.Equal(t, fault.KindRefused, fault.KindOf(h.office.AnswerLeave(ctx, h.manager, own, true, "")))
	require.Equal(t, fault.KindForbidden, fault.KindOf(h.office.AnswerLeave(ctx, h.front, id, true, "")))
	require.Equal(t, fault.KindInvalid, fault.KindOf(h.office.AnswerLeave(ctx, h.manager, id, false, " ")))
	require.NoError(t, h.office.AnswerLeave(ctx, h.manager, id, true, ""))
	require.Contains(t, h.duty(h.doctor.Staff, "2026-03-05", 10), "请假")
	require.Equal(t, fault.KindConflict, fault.KindOf(h.office.AnswerLeave(ctx, h.manager, id, true, "")))

	lines, err := h.office.Leaves(ctx, h.doctor)
	require.NoError(t, err)
	require.Len(t, lines, 1, "one's own only")
	lines, err = h.office.Leaves(ctx, h.owner)
	require.NoError(t, err)
	require.Len(t, lines, 2)
	require.True(t, lines[0].Open(), "what waits comes first")

	require.Equal(t, fault.KindNotFound, fault.KindOf(h.office.WithdrawLeave(ctx, h.front, id)))
	require.NoError(t, h.office.WithdrawLeave(ctx, h.doctor, id))
	require.Empty(t, h.duty(h.doctor.Staff, "2026-03-05", 10))
	require.NoError(t, h.db.Read(ctx, func(r *store.Read) error {
		acts, err := r.History("leaves", id)
		require.Equal(t, []string{"leave.ask", "leave.answer", "leave.withdraw"}, []string{acts[0].Act.Action, acts[1].Act.Action, acts[2].Act.Action})
		return err
	}))
	_, err = h.office.AskLeave(ctx, access.Actor{Staff: h.doctor.Staff}, people.LeaveIn{})
	require.Equal(t, fault.KindForbidden, fault.KindOf(err))
}

// TestTheRosterWarnsWhenCoverIsShort books an item for which somebody with papers must be at
// work: without a shift of hers the day warns, with one it does not.
func TestTheRosterWarnsWhenCoverIsShort(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h, early, _ := seeded(t)
	paper, err := h.office.AddLicence(ctx, h.manager, people.PaperIn{Staff: h.doctor.Staff, Kind: people.PaperPhysician, Number: "110", PlaceHere: true, From: "2020-01-01"})
	require.NoError(t, err)
	require.NoError(t, h.office.CheckLicence(ctx, h.owner, paper))
	require.NoError(t, h.office.GrantRight(ctx, h.manager, people.Grant{Staff: h.doctor.Staff, ItemKind: "botulinum", Level: people.RightIndependent}))
	at := term.Day("2026-03-04").Start(h.db.Zone()).Add(hours(10))
	require.NoError(t, h.db.Write(ctx, storetest.Act("test.book"), func(tx *store.Tx) error {
		lead := store.Lead{Name: "王女士", Phone: "13800000000", Channel: "phone", Owner: h.front.Staff, State: term.LeadOpen}
		if err := tx.AddLead(&lead); err != nil {
			return err
		}
		for n, staff := range []term.StaffID{0, h.doctor.Staff} {
			starts := at.Add(hours(n))
			a := store.Appointment{Lead: lead.ID, Item: h.item.ID, Staff: staff, StartsAt: starts, EndsAt: starts.Add(hours(1)), State: term.AppointmentConfirmed}
			if err := tx.AddAppointment(&a); err != nil {
				return err
			}
		}
		return nil
	}))
	var could []people.Stand
	gaps := func() (why []string) {
		v, err := h.office.Roster(ctx, h.manager, "2026-03-01", "2026-03-31")
		require.NoError(t, err)
		could = nil
		for _, g := range v.Gaps {
			why, could = append(why, g.Why), append(could, g.Could...)
		}
		return why
	}
	require.Empty(t, gaps(), "no roster is drawn")
	require.NoError(t, h.office.DrawDay(ctx, h.manager, people.DayIn{Staff: h.front.Staff, Day: "2026-03-04", Kind: early}))
	require.Equal(t, []string{"roster.gap.cover", "roster.gap.person"}, gaps())
	require.Len(t, could, 1, "who is booked oneself is no help")
	require.False(t, could[0].On, "the doctor, who is off")
	require.NoError(t, h.office.DrawDay(ctx, h.manager, people.DayIn{Staff: h.doctor.Staff, Day: "2026-03-04", Kind: early}))
	require.Empty(t, gaps())

	rest := people.DayIn{Staff: h.doctor.Staff, Day: "2026-03-04"}
	var lost *people.Uncovers
	err = h.office.DrawDay(ctx, h.manager, rest)
	require.ErrorAs(t, err, &lost)
	require.Len(t, lost.Gaps, 2)
	require.Equal(t, "row:O10", ruleOf(err))
	_, err = h.office.DrawWeek(ctx, h.manager, people.WeekIn{Staff: h.doctor.Staff, Week: make([]int64, 7), From: "2026-03-02", To: "2026-03-08"})
	require.ErrorAs(t, err, &lost)
	require.Empty(t, gaps(), "nothing was saved")
	require.NoError(t, h.office.DrawDay(ctx, h.manager, people.DayIn{Staff: h.front.Staff, Day: "2026-03-04"}), "who covers nothing may rest")
	sure := h.manager
	sure.Reason = "医生发烧，客户已电话改约"
	require.NoError(t, h.office.DrawDay(ctx, sure, rest))
	require.Len(t, gaps(), 2)
	require.NoError(t, h.office.DrawDay(ctx, h.manager, people.DayIn{Staff: h.front.Staff, Day: "2026-03-04", Kind: early}), "what lacked cover before is not asked again")
}

func hours(n int) time.Duration { return time.Duration(n) * time.Hour }
