package consultation_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
)

var seenInPage = regexp.MustCompile(`name="_seen" value="([0-9a-f]+)"`)

// seen gives what the plan's page carries of what it shows to the person.
func (c *clinic) seen(login string, p store.Plan) string {
	c.T.Helper()
	found := seenInPage.FindStringSubmatch(c.As(login).Get(planPath(p, "")).Want(200).Body)
	require.NotNil(c.T, found)
	return found[1]
}

func (c *clinic) stateOf(p store.Plan) (state term.PlanState) {
	c.T.Helper()
	c.read(func(r *store.Read) error {
		now, err := r.Plan(p.ID)
		state = now.State
		return err
	})
	return state
}

// TestNobodyDecidesOnAPlanNotSeen: a line that was changed, added or taken out while the page was
// open makes every decision from the old page stale.
func TestNobodyDecidesOnAPlanNotSeen(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.examined()
	p, l := c.planned(toxin)
	old := c.seen("doctor", p)
	line := func(dose string) []string {
		return []string{"item", fmt.Sprint(l.Item), "area", "眉间", "sessions", "1", "price", l.PriceFen.Plain(), "dose", dose, "purpose", "改善眉间动态纹"}
	}
	c.As("consultant").Post(linePath(l, ""), append(line("注射用 A 型肉毒毒素 9999 U"), "version", c.versionOf(l))...).Want(200)
	for _, unseen := range []string{old, "", "00"} {
		c.As("doctor").Post(planPath(p, "/approve"), "_seen", unseen).Want(409, "刚刚被别人改过")
	}
	require.Equal(t, term.PlanDraft, c.stateOf(p))
	c.As("consultant").Post(linePath(l, ""), append(line(dose), "version", c.versionOf(l))...).Want(200)
	fresh := c.seen("doctor", p)
	c.As("consultant").Post(planPath(p, "/line"), line(dose)...).Want(200)
	c.As("doctor").Post(planPath(p, "/approve"), "_seen", fresh).Want(409, "刚刚被别人改过")
	c.read(func(r *store.Read) error {
		lines, err := r.PlanItems(p.ID)
		require.Len(t, lines, 2)
		l = lines[1]
		return err
	})
	c.As("consultant").Post(linePath(l, "/remove")).Want(200)
	c.As("doctor").Post(planPath(p, "/approve"), "_seen", c.seen("doctor", p)).Want(200)
	require.Equal(t, term.PlanApproved, c.stateOf(p))
	for _, below := range []string{"/papers", "/order", "/decline"} {
		a := c.As("consultant").Post(planPath(p, below), "_seen", fresh, "outcome", "lost", "reason", "客户再想想")
		require.Equal(t, 409, a.Status, below)
	}
	require.Equal(t, term.PlanApproved, c.stateOf(p))
}

// TestNobodyExaminesOnAnswersNotSeen: what the client or the nurse answered while the physician
// wrote is not signed away by the old page.
func TestNobodyExaminesOnAnswersNotSeen(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.health(nil)
	review, exam := c.page("/review"), c.page("/exam")
	old := c.As("nurse").Seen(review, review)
	require.NotEmpty(t, old)
	again := func(tx *store.Tx) error { // the client's own answers, saved once more
		row, err := tx.VisitAnswer(c.visit.ID, "F2")
		if err != nil {
			return err
		}
		return tx.SaveAnswer(&row)
	}
	c.write(again)
	c.fill("nurse", "review", "F2-NURSE", map[string]string{"_seen": old}).Want(409, "刚刚被别人改过")
	c.fill("nurse", "review", "F2-NURSE", nil).Want(200).At(c.page(""))
	old = c.As("doctor").Seen(exam, exam)
	c.write(again)
	for _, unseen := range []string{old, "", "00"} {
		c.fill("doctor", "exam", "F15", map[string]string{"_seen": unseen}).Want(409, "刚刚被别人改过")
	}
	c.read(func(r *store.Read) error {
		_, err := r.ExamOf(c.visit.ID)
		require.ErrorIs(t, err, store.ErrNotFound)
		return nil
	})
	c.fill("doctor", "exam", "F15", nil).Want(200).At(c.page(""))
}

// Two who write into one form or line of the consultation: the second finds both (row:U3).
func TestTwoEditorsOfOneConsultation(t *testing.T) {
	t.Parallel()
	c := open(t)
	page := c.page("/need")
	b := c.As("consultant")
	b.Post(page, "_step", "save", "q.goal", "先到的", "q.when", "week").Want(200)
	row := func() (row store.Answer) {
		c.read(func(r *store.Read) (err error) {
			row, err = r.VisitAnswer(c.visit.ID, "F17")
			return err
		})
		return row
	}
	first := row()
	b.Post(page, "_step", "save", "_version", "", "q.goal", "后到的").Want(409, "刚刚被别人改过", "后到的", "_take_q.goal", `name="_theirs_q.goal" value="先到的"`,
		fmt.Sprintf(`name="_version" value="%d.%d"`, first.ID, first.Version)).Not("_take_q.when")
	require.Equal(t, first.Version, row().Version)
	b.Post(page, "_step", "save", "_version", fmt.Sprintf("%d.%d", first.ID, first.Version), "q.goal", "后到的", "_take_q.goal", "theirs", "_theirs_q.goal", "先到的").
		Want(200, "先到的").Not("后到的")

	c.examined()
	_, l := c.planned(toxin)
	line := func(with ...string) []string {
		return append([]string{"item", fmt.Sprint(l.Item), "area", "眉间", "sessions", "1", "price", l.PriceFen.Plain(), "purpose", "改善眉间动态纹"}, with...)
	}
	old := c.versionOf(l)
	b.Post(linePath(l, ""), line("version", old, "dose", "20 U")...).Want(200)
	b.Post(linePath(l, ""), line("version", old, "dose", "30 U")...).
		Want(409, "刚刚被别人改过", `value="30 U"`, `name="_theirs_dose" value="20 U"`, `name="version" value="`+c.versionOf(l)).Not("_take_area")
	b.Post(linePath(l, ""), line("version", c.versionOf(l), "dose", "30 U", "_take_dose", "theirs", "_theirs_dose", "20 U")...).Want(200, "20 U").Not("30 U")
}
