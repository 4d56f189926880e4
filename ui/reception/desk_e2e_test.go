//go:build e2e

package reception_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

// TestTheDeskInABrowser walks from a number nobody knows to an assigned visit, with the
// texts signed by a finger.
func TestE2ETheDeskInABrowser(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	addConsultant(t, s)
	arrived(t, s, filed(t, s, "周清和", "13800008818"))
	c := s.Screen("front", [2]int64{1440, 900})
	for _, path := range []string{"/reception", "/reception/queue", "/reception/leads", "/reception/visit/1", "/clients"} {
		c.Open(path).Axe()
	}
	c.Open("/reception").WaitThat(`document.querySelector(".queue-deeds").offsetHeight < 40`) // its buttons stand in one line
	c.Type("#finder", "13800008817").WaitText("新建客户“13800008817”").Click("#finding-new").WaitText("健康信息单独同意书").Gone(".finding").Axe()
	require.Regexp(t, `^/reception/clients/new\?found=\w+$`, c.Path(), "nothing personal stands in the address")
	c.Fill("[name=name]", "林晚秋").Fill("[name=birth]", "1994-05-06").Click("label.chip")
	c.Sign(".sign:has(#f-sign_privacy) canvas").Sign(".sign:has(#f-sign_health) canvas")
	c.Press("main [data-submit]").WaitText("登记到店").Axe()
	c.Press("main [data-submit]").WaitText("分派顾问").Axe()
	require.Equal(t, "/reception/visit/2", c.Path())
	c.Shot("desk-visit")
	c.Press("button[value=consultant]").WaitText("已分派")

	// The next one has no phone at hand: she tells of herself on the tablet, and from the door to her
	// number nobody types what she told (row:B2).
	tablet, steps, took := s.Screen("front", uitest.Tablet), 0, uitest.Stopwatch()
	press := func(selector string) *uitest.Chromium {
		steps++
		return tablet.Press(selector)
	}
	tablet.Open("/reception/intakes").Axe()
	press("form[action$=handover] button").WaitText("基本信息表").Axe().Shot("hello-tablet")
	tablet.Fill("[name=name]", "苏晓").Fill("[name=phone]", "13900002222").Fill("[name=birth]", "1995-05-06").Click("label.chip").Click("label.check")
	press("main [data-submit]").WaitText("请把平板交还前台").Axe()
	press("a[href*=reclaim]").Fill("[name=pin]", uitest.PIN)
	press(`form[action="/reclaim"] .primary`).WaitText("新建档案并签告知书").Axe().Shot("intake-new")
	press("a[href*='clients/new']").WaitText("健康信息单独同意书")
	tablet.Sign(".sign:has(#f-sign_privacy) canvas").Sign(".sign:has(#f-sign_health) canvas")
	press("main [data-submit]").WaitText("登记到店")
	press("main [data-submit]").WaitText("C03")
	require.LessOrEqual(t, steps, 8, "taps from the door to the queue number")
	t.Logf("from the door to a number: %d taps, 3 fields, 2 signatures; the house and the browser took %s of it", steps, took().Round(100*time.Millisecond))

	// The page of bookings from platforms, tried with a table.
	c.Open("/reception/requests/import").Axe().Fill("[name=pasted]", "姓名\t手机\t预约时间\n李静\t13800008819\t2026-03-03 10:00")
	c.Press("main form [data-submit], main form.platform .primary").WaitText("可预约 1").Axe().Shot("platform")
}
