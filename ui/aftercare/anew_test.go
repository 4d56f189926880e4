package aftercare_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// allFlags are the red flags of a client, closed ones too, in the order of their opening.
func allFlags(t *testing.T, site *uitest.Site, client term.ClientID) (list []store.Event) {
	t.Helper()
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		all, err := r.EventsOf(client, 50)
		for _, e := range all {
			list = append([]store.Event{e}, list...)
		}
		return err
	}))
	return list
}

// A red flag that is heard after the first was closed is an alarm of its own; what was handled
// is none again, unless the client had denied it in between.
func TestARedFlagAfterAClosedOneAlarmsAnew(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	path := fmt.Sprintf("/aftercare/%d", dayTask(t, site, tr, 2).ID)
	caller, doctor := site.As("aftercare"), site.OnTablet("doctor")
	caller.Post(path, "q.reached", "yes", "q.fever", "yes", "_step", "save").Want(200, "本次回访发现红旗")
	doctor.Post("/alerts/1/take").Want(200)
	doctor.Post("/alerts/1/close", "outcome", "普通感冒", "severity", "A").Want(200)
	caller.Post(path, "q.reached", "yes", "q.fever", "yes", "q.pain", "2", "_step", "save").Want(200)
	require.Len(t, allFlags(t, site, tr.Client), 1, "what was handled alarms once")
	caller.Post(path, "q.reached", "yes", "q.vision", "yes", "q.stroke", "yes", "_step", "save").Want(200, "已通知医师，还没有人接手")
	doctor.Get("/alerts/bar").Want(200, "视力症状/中风样")
	caller.Post(path, calm("q.fever", "yes", "q.vision", "yes", "q.stroke", "yes", "q.assessment", "redflag", "q.action", "马上到院")...).Want(200, "已立即通知医师")
	all := allFlags(t, site, tr.Client)
	require.Len(t, all, 2)
	require.Equal(t, []string{"closed", "open"}, []string{all[0].State, all[1].State})
	require.Equal(t, "ESC-VISION", all[1].Code)
	require.NotZero(t, all[1].Task, "and the physicians' task")
	require.NotContains(t, all[1].Note, "马上到院")
}

func TestASignThatComesBackAlarmsAnew(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	path := fmt.Sprintf("/aftercare/%d", dayTask(t, site, tr, 2).ID)
	caller, doctor := site.As("aftercare"), site.OnTablet("doctor")
	caller.Post(path, "q.reached", "yes", "q.vision", "yes", "_step", "save").Want(200)
	doctor.Post("/alerts/1/take").Want(200)
	doctor.Post("/alerts/1/close", "outcome", "眼镜度数", "severity", "A").Want(200)
	caller.Post(path, "q.reached", "yes", "q.vision", "no", "_step", "save").Want(200)
	require.Empty(t, flags(t, site))
	caller.Post(path, "q.reached", "yes", "q.vision", "yes", "_step", "save").Want(200)
	require.Len(t, flags(t, site), 1)
	caller.Post(path, "q.reached", "yes", "q.vision", "yes", "_step", "save").Want(200)
	require.Len(t, flags(t, site), 1)
}

// Steps belong to the card on which they were stamped: a graver card is a red flag of its own,
// and a milder one takes nothing away.
func TestStepsBelongToTheirCard(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	path := fmt.Sprintf("/aftercare/%d", dayTask(t, site, tr, 2).ID)
	caller, doctor := site.As("aftercare"), site.OnTablet("doctor")
	caller.Post(path, "q.reached", "yes", "q.fever", "yes", "_step", "save").Want(200)
	doctor.Post("/alerts/1/take").Want(200, `name="card" value="ESC-INFECT"`)
	for _, no := range []string{"1", "2", "3", "4"} {
		doctor.Post("/alerts/1/step", "no", no, "card", "ESC-INFECT").Want(200)
	}
	doctor.Post("/alerts/1/step", "no", "1").Want(409, "刚刚被别人改过")
	doctor.Post("/alerts/1/step", "no", "1", "card", "ESC-VISION").Want(409)
	caller.Post(path, "q.reached", "yes", "q.fever", "no", "q.vision", "yes", "q.stroke", "yes", "_step", "save").Want(200)
	all := allFlags(t, site, tr.Client)
	require.Len(t, all, 2)
	require.Equal(t, []string{"ESC-INFECT", "ESC-VISION"}, []string{all[0].Code, all[1].Code})
	require.Contains(t, all[0].Note, "发热", "what was said stays")
	require.Len(t, all[0].Steps, 4)
	require.Equal(t, "ESC-INFECT", all[0].Steps[0].Card)
	require.Empty(t, all[1].Steps)
	second := fmt.Sprintf("/alerts/%d", all[1].ID)
	doctor.Get(second).Want(200, "接手").Not(`class="good"`)
	caller.Get(path).Want(200, "T-doctor 已接手", "还没有人接手", `href="/alerts/1"`, `href="`+second+`"`)
	doctor.Post(second + "/take").Want(200)
	caller.Post(path, "q.reached", "yes", "q.vision", "no", "q.stroke", "no", "q.fever", "yes", "_step", "save").Want(200)
	after := allFlags(t, site, tr.Client)
	require.Equal(t, all[1].Note, after[1].Note)
	require.Equal(t, []string{"ESC-INFECT", "ESC-VISION"}, []string{after[0].Code, after[1].Code})
	require.Equal(t, []string{"taken", "taken"}, []string{after[0].State, after[1].State})
}

// A milder sign joins the graver red flag that stands.
func TestAMilderSignJoins(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	path := fmt.Sprintf("/aftercare/%d", dayTask(t, site, tr, 2).ID)
	caller := site.As("aftercare")
	caller.Post(path, "q.reached", "yes", "q.vision", "yes", "_step", "save").Want(200)
	caller.Post(path, "q.reached", "yes", "q.fever", "yes", "_step", "save").Want(200)
	got := flags(t, site)
	require.Len(t, got, 1)
	require.Equal(t, "ESC-VISION", got[0].Code)
	require.Contains(t, got[0].Note, "发热")
	require.Contains(t, got[0].Note, "看东西")
}

// A call about two treatments raises a red flag of each whose question says so, also when the
// answers change in between; the report takes over what was given in that treatment.
func TestEachTreatmentHasItsOwnRedFlag(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	filler := treated(t, site)
	toxin := beside(t, site, filler, "AC-BTX")
	path := fmt.Sprintf("/aftercare/%d", dayTask(t, site, filler, 2).ID)
	caller, doctor := site.As("aftercare"), site.OnTablet("doctor")
	caller.Post(path, "q.reached", "yes", "q.swallow", "yes", "_step", "save").Want(200)
	caller.Post(path, "q.reached", "yes", "q.swallow", "no", "q.vision", "yes", "_step", "save").Want(200)
	all := allFlags(t, site, filler.Client)
	require.Len(t, all, 2)
	require.Equal(t, []term.TreatmentID{toxin.ID, filler.ID}, []term.TreatmentID{all[0].Treatment, all[1].Treatment})
	require.Equal(t, []string{"ESC-TOXIN", "ESC-VISION"}, []string{all[0].Code, all[1].Code})
	page := fmt.Sprintf("/alerts/%d", all[1].ID)
	doctor.Get(page).Want(200, "透明质酸填充").Not("肉毒毒素")
	doctor.Post(page + "/take").Want(200)
	report := doctor.Post(page+"/report").Want(200, filler.Number).Not(toxin.Number)
	require.Regexp(t, `/form/\d+`, report.Path)
	// both at once, and both again: nothing new
	caller.Post(path, "q.reached", "yes", "q.swallow", "yes", "q.vision", "yes", "_step", "save").Want(200)
	require.Len(t, allFlags(t, site, filler.Client), 2)
}

// TestAFollowUpIsAnsweredOnItsPage: the general form pages raise no alarm, so they take no answers
// of a call; a correction brings no sign that the call did not have.
func TestAFollowUpIsAnsweredOnItsPage(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	call := dayTask(t, site, tr, 2)
	caller := site.As("aftercare")
	general := fmt.Sprintf("/form/new?code=%s&treatment=%d&task=%d", call.FormCode, tr.ID, call.ID)
	red := calm("q.vision", "yes", "q.assessment", "normal")
	caller.Post(general, red...).Want(409, "S6-03", fmt.Sprintf("/aftercare/%d", call.ID))

	caller.Post(fmt.Sprintf("/aftercare/%d", call.ID), calm()...).Want(200)
	signed := dayTask(t, site, tr, 2).Answer
	amend := fmt.Sprintf("/form/%d/amend", signed)
	caller.Post(amend, append(red, "_reason", "听错了")...).Want(409, "S6-07")
	caller.Post(amend, append(calm("q.pain", "2"), "_reason", "听错了")...).Want(200, "听错了")
}
