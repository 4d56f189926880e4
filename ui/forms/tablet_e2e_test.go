//go:build e2e

package forms_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// tablet is an iPad held across.
var tablet = [2]int64{1180, 820}

func TestE2ETabletInTheClientsHands(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	client, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	c := s.Screen("front", tablet)
	c.Open(fmt.Sprintf("/form/visit/%d", visit)).Axe().Shot("1-folder")
	c.Click(".tablet-give button").WaitText("您好").Axe().Shot("2-hello")
	c.Click("main .button.primary").WaitText("第 1 页").Axe().Shot("3-basics")
	c.Click("[data-submit]").WaitText("联系方式").Shot("4-contact")
	c.Fill("[name='q.emergency_name']", "王强").Fill("[name='q.emergency_relation']", "丈夫").Fill("[name='q.emergency_phone']", "13900001111")
	c.Click("[data-submit]").WaitText("身高").Shot("5-body")
	c.Click("[data-submit]").WaitText("怎么知道").Shot("6-source")
	c.Click("[data-submit]").WaitText("还差一点").Shot("7-next")
	c.Click("main .button.primary").WaitText("今天与近期").Axe().Shot("8-today")
	c.Click("[data-submit]").WaitText("需要处理").WaitFor(".faults li a").Shot("9-missing")
	require.NotEmpty(t, c.Text(".faults li a"), "the client reads what is missing")
	c.Click(".faults li:last-child a").WaitFor(":target").Axe().Shot("9-jumped")
	require.Equal(t, "王强", clientOf(t, s, client).Emergency.Name)
	require.Equal(t, store.AnswerDraft, answerOf(t, s, visit, "F2").Row.State)
	c.Click(".tablet-leave a").WaitText("PIN").Shot("10-reclaim")
	c.Open("/reception").WaitText("健康问卷")
}

func TestE2EWhatWasTypedComesBack(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy)
	c := s.Screen("consultant", [2]int64{1440, 900})
	path := fmt.Sprintf("/form/new?code=F17&visit=%d", visit)
	c.Open(path).Axe().Fill("[name='q.goal']", "想淡化法令纹").WaitText("草稿已保存")
	c.Open("/reception/appointments").WaitText("预约")
	c.Open(path).WaitText("已恢复").Shot("need")
	c.Click("[data-submit]").WaitText("已签署并锁定").Axe().Shot("signed")
	c.Click("a[href$='/amend']").WaitText("修改理由").Shot("amend")
}
