package consultation_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

func TestSoftRulingAndPriceApproval(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.health(map[string]string{"bleeding": "yes"})
	c.fill("nurse", "review", "F2-NURSE", nil).Want(200)
	c.fill("doctor", "exam", "F15", nil).Want(200)
	p, l := c.planned(toxin)
	i := c.item(toxin)
	c.As("consultant").Post(linePath(l, ""), "version", c.versionOf(l), "item", fmt.Sprint(i.ID), "area", "眉间", "sessions", "1",
		"dose", dose, "price", (i.PriceFen / 2).Plain(), "reason", "老客户").Want(200)
	c.As("doctor").Post(linePath(l, "/rule"), "code", "anticoagulation", "reason", "").Want(422, "请写明原因")
	why := fmt.Sprintf("plan/%d/line/%d/rule/anticoagulation", p.ID, l.ID)
	page := c.As("doctor").Get(planPath(p, "")).Want(200, fmt.Sprintf(`data-draft="%s" data-draft-house="1"`, why), fmt.Sprintf(`data-draft="plan/%d/decline"`, p.ID))
	require.NotContains(t, page.Body, "开药医师")
	c.As("doctor").PostJSON("/draft", fmt.Sprintf(`{"form":%q,"values":{"reason":["已与原开药医师确认"]}}`, why)).Want(204)
	c.As("doctor").Get(planPath(p, "")).Want(200, "已与原开药医师确认")
	c.As("doctor").Post(linePath(l, "/rule"), "code", "anticoagulation", "reason", "").Want(422, "已与原开药医师确认")
	c.As("doctor").Post(linePath(l, "/rule"), "_draft", why, "code", "anticoagulation", "reason", "小针点按压，已与原开药医师确认").Want(200)
	c.As("doctor").Post(planPath(p, "/approve")).Want(409, "S2-12")
	manager := fmt.Sprint(c.StaffID("manager"))
	c.As("consultant").Post(linePath(l, "/price"), "reason", "老客户", "second", manager, "pin", "9999").Want(422)
	// The price waits on the screens of who may approve it, and nowhere else (row:E2).
	c.As("manager").Get("/board").Want(200, "待批价格", fmt.Sprintf(`href="%s#line-%d"`, planPath(p, ""), l.ID), (i.PriceFen / 2).String())
	c.As("owner").Get("/board").Want(200, "待批价格", (i.PriceFen / 2).String()).Not(fmt.Sprintf(`href="%s`, planPath(p, "")))
	c.As("consultant").Get("/board").Not("待批价格")
	c.As("consultant").Post(linePath(l, "/price"), "reason", "老客户", "second", fmt.Sprint(c.StaffID("nurse")), "pin", uitest.PIN).Want(422)
	c.As("consultant").Post(linePath(l, "/price"), "reason", "老客户", "second", manager, "pin", uitest.PIN).Want(200, "T-manager")
	c.As("manager").Get("/board").Want(200, "没有等待批准的价格")
	// More sessions at the agreed price are another gift: they want a word of their own.
	line := func(sessions string) {
		c.As("consultant").Post(linePath(l, ""), "version", c.versionOf(l), "item", fmt.Sprint(i.ID), "area", "眉间", "sessions", sessions,
			"dose", dose, "price", (i.PriceFen / 2).Plain(), "reason", "老客户", "interval", "90").Want(200)
	}
	line("20")
	c.As("manager").Get("/board").Want(200, "待批价格")
	c.As("doctor").Post(planPath(p, "/approve")).Want(409, "S2-12")
	c.As("consultant").Post(linePath(l, "/price"), "reason", "老客户办卡", "second", manager, "pin", uitest.PIN).Want(200, "T-manager")
	line("24")
	// The owner gives her word where she sees the price, to what she saw; nobody else does.
	agree := linePath(l, "/agree")
	c.As("owner").Get("/board").Want(200, "待批价格", fmt.Sprintf(`action="%s"`, agree), "× 24")
	c.As("consultant").Post(agree, "version", c.versionOf(l)).Want(403)
	c.As("owner").Post(agree, "version", "1").Want(409)
	c.As("owner").Post(agree, "version", c.versionOf(l)).Want(200, "没有等待批准的价格")
	c.As("consultant").Get(planPath(p, "")).Want(200, "T-owner")
	line("2")
	c.As("manager").Get("/board").Want(200, "没有等待批准的价格")
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
}
