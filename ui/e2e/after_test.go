//go:build e2e

package e2e_test

import (
	"fmt"
	"regexp"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/task"
	"meixu/store"
	"meixu/store/term"
)

// followup is the visit's follow-up of a day after the treatment.
func (w *walk) followup(day int) (found store.Task) {
	w.t.Helper()
	w.Read(func(r *store.Read) error {
		list, err := r.TasksOfVisit(w.Visit)
		for _, x := range list {
			if x.Kind == task.Followup && x.Day == day {
				found = x
			}
		}
		return err
	})
	require.NotZero(w.t, found.ID, "the follow-up D%d was planned by itself", day)
	return found
}

var guestPath = regexp.MustCompile(`/(rate|care)/[A-Za-z0-9_-]+`)

// aftercare: the visit is closed and rated, the 48-hour call finds a red flag, which is on
// the doctor's screen at once.
func (w *walk) aftercare() {
	w.pad("nurse").Open(w.at("/aftercare/guide/{treatment}")).Press("a[href$='#close']").Press("form[action^='/aftercare/close/'] button").WaitText("就诊已结案")
	w.rate()
	w.later(47 * time.Hour)
	first := w.followup(2)
	d := w.pc("doctor").Open("/home")
	c := w.pc("aftercare").Open("/aftercare").WaitText("林清禾").Axe().Shot("10-list")
	path := fmt.Sprintf("/aftercare/%d", first.ID)
	w.With("F8-AC-BTX", "double", "yes", "lid", "yes", "reached", "yes", "assessment", "redflag", "action", "请立即到院复查")
	c.Open(path).WaitText("0008817").Axe().Answer("q.reached", "yes").WaitText("比昨天加重")
	w.fill(c, "F8-AC-BTX").Shot("10-call").Press(send)
	d.Within(soon, "肉毒扩散/中毒样").Shot("10-alert")
	d.Press(".alertbar a").WaitText("肉毒扩散/中毒样").Axe().Press("form[action$='/take'] button").WaitText("T-doctor").Shot("10-taken")
	c.Open(path).WaitText("红旗")
}

// rate opens the link that the house wrote to the client and gives five stars.
func (w *walk) rate() {
	link := ""
	w.Read(func(r *store.Read) error {
		list, err := r.ReadyMessages("rating", 100)
		for _, m := range list {
			if m.Visit == w.Visit && m.Kind == "rating" {
				link = guestPath.FindString(m.Text)
			}
		}
		return err
	})
	require.NotEmpty(w.t, link, "a finished visit asks for a rating")
	p := w.Phone(w.GuestURL + link).Without("林清禾").Axe()
	p.Answer("q.s_overall", "5", "q.nps", "9").Shot("10-rate").Press("button[value=done]").WaitText("已收到您的评价")
}

// figures: the manager reads the run of the visit, the owner the figures and the trail.
func (w *walk) figures() {
	m := w.pc("manager")
	m.Open("/board").Axe().Shot("11-board")
	m.Open(w.at("/visit/{visit}")).WaitText("S5-01").WaitText("T-doctor").Axe().Shot("11-run")
	o := w.pc("owner")
	o.Open("/owner").Axe().Shot("11-owner")
	o.Open("/keeping").Press("form[action='/keeping/backup'] button").WaitText("正常").Axe().Shot("11-backup")
	o.Open(w.at("/client/{client}/trail")).WaitText("T-nurse").Axe().Shot("11-trail")
	w.pc("front").Open(w.at("/client/{client}")).WaitText("林清禾").Axe().Shot("11-file")
	w.Read(func(r *store.Read) error {
		v, err := r.Visit(w.Visit)
		require.Equal(w.t, term.VisitCompleted, v.State)
		return err
	})
	require.Zero(w.t, w.Left(), "the session was used")
	require.EqualValues(w.t, 100_000, w.Lots["L-FIRST"].ReceivedQty-w.Stock("L-FIRST"))
}
