package consultation_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
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
