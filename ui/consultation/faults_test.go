package consultation_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/form"
	"meixu/store"
)

// TestBannedWordingComesWithAllOtherFaults: what is missing and what must go are told at once,
// every banned word of a question is named, and overlapping ones are named once.
func TestBannedWordingComesWithAllOtherFaults(t *testing.T) {
	t.Parallel()
	c := open(t)
	answer := c.fill("consultant", "record", "F4", map[string]string{
		"discussion": "零风险，打一次永久有效", "decision": "", "concern": "客户问独家技术",
	}).Want(422, "零风险 / 永久有效", "请选择")
	require.Contains(t, answer.Body, `href="#f-q.decision"`)
	require.Contains(t, answer.Body, `href="#f-q.discussion"`)
}

// TestAnotherRowOfEqualVersionIsNotOverwritten: a form that is found by its code may be another row
// by now, saved as often as the one that was read; what is typed on the old page stays there.
func TestAnotherRowOfEqualVersionIsNotOverwritten(t *testing.T) {
	t.Parallel()
	c := open(t)
	b, page := c.As("consultant"), c.page("/need")
	row := func() (a store.Answer) {
		c.read(func(r *store.Read) (err error) {
			a, err = r.VisitAnswer(c.visit.ID, "F17")
			return err
		})
		return a
	}
	b.Post(page, "_step", "save", "q.goal", "第一张").Want(200)
	old := row()
	c.write(func(tx *store.Tx) error {
		return form.Void(tx, access.Actor{Staff: c.StaffID("consultant")}, old.ID, "填错客户")
	})
	b.Post(page, "_step", "save", "_version", "", "q.goal", "第二张").Want(200)
	now := row()
	require.NotEqual(t, old.ID, now.ID)
	require.Equal(t, old.Version, now.Version)
	for _, read := range []string{form.ShownOf(old).String(), fmt.Sprint(now.Version)} {
		b.Post(page, "_step", "save", "_version", read, "q.goal", "旧页面").Want(409, "刚刚被别人改过")
	}
	require.Equal(t, now.Version, row().Version)
	b.Get(page).Want(200, "第二张")
}

// TestAllFaultsOfADeedComeAtOnce: what cannot be read, what is missing and a wrong PIN are
// told together, and nothing is done.
func TestAllFaultsOfADeedComeAtOnce(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.examined()
	p, l := c.planned(toxin)
	c.As("consultant").Post(planPath(p, "/line"), "item", fmt.Sprint(l.Item), "area", "", "sessions", "0", "price", "便宜").
		Want(422, "请写明部位", "金额")
	c.As("consultant").Post(linePath(l, "/price"), "reason", "", "second", "").Want(422, "请写明原因", "第二人")
	manager := fmt.Sprint(c.StaffID("manager"))
	c.As("consultant").Post(linePath(l, "/price"), "reason", "", "second", manager, "pin", "0000").Want(422, "请写明原因", "PIN 码不对")
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
	c.As("consultant").Post(planPath(p, "/papers")).Want(200)
	consent, _, _ := byKind(c.openPapers(p))
	c.As("consultant").Post(fmt.Sprintf("/doc/%d/sign", consent.ID), "role", "physician", "name", "", "strokes", "",
		"staff", fmt.Sprint(c.StaffID("doctor")), "pin", "0000", "_seen", consent.SHA256).
		Want(422, "PIN 码不对", "请在签名框内手写完整姓名")
	require.Len(t, c.openPapers(p), 3)
}
