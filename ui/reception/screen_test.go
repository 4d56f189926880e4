package reception_test

import (
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

// enrolled is a television whose code was typed at the desk.
func enrolled(t *testing.T, site *uitest.Site) *uitest.Browser {
	t.Helper()
	tv := site.AsGuest()
	page := tv.Get("/screen").Want(http.StatusOK, `data-state="code"`)
	code := regexp.MustCompile(`<strong>(\d{6})</strong>`).FindStringSubmatch(page.Body)
	require.Len(t, code, 2)
	tv.Get("/screen").Want(http.StatusOK, code[1]) // the same as long as it waits
	site.As("front").Post("/reception/screens", "code", code[1]).Want(http.StatusOK, "已登记")
	return tv
}

func TestScreen(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	arrived(t, site, filed(t, site, "林晚秋", "13800008817"))
	arrived(t, site, filed(t, site, "周清和", "13800008818"))
	front, tv := site.As("front"), enrolled(t, site)
	private := []string{"晚秋", "8817", "清和", "8818", "顾问", "/reception/"}
	tv.Get("/screen").Want(http.StatusOK, "C01", "林*", "请稍候", "/assets/screen.").Not(append(private, "app.js")...)
	front.Post("/reception/queue/2", "deed", "call")
	rows := tv.Get("/screen/news?since=0").Want(http.StatusOK, `data-call="2-1"`, "周*", `class="called last"`).Not(private...)
	require.Less(t, strings.Index(rows.Body, "C02"), strings.Index(rows.Body, "C01"), "who is called stands on top")
	require.NotContains(t, strings.Join(rows.Header["Set-Cookie"], ""), "8817")

	other := enrolled(t, site)
	other.Get("/screen/news").Want(http.StatusOK, "C02")
	front.Get("/reception/screens").Want(http.StatusOK, "第 3 号屏", "第 4 号屏", "/screen", "电视现在打不开叫号屏").Not(`<svg class="qr"`)
	front.Post("/reception/screens/3/end").Want(http.StatusOK, "已停用")
	tv.Get("/screen/news").Want(http.StatusOK, `data-state="spent"`).Not("C01", "林*")
	other.Get("/screen/news").Want(http.StatusOK, "C02")
	tv.Get("/screen").Want(http.StatusOK, `data-state="code"`).Not("C01") // enrolled anew by another code
	front.Post("/reception/screens/3/end").Want(http.StatusNotFound)

	site.AsGuest().Get("/screen/news").Want(http.StatusOK, `data-state="spent"`).Not("C01")
	site.AsGuest().Get("/screen").Want(http.StatusOK).Not("C01", "林*")
	front.Post("/reception/screens", "code", "000000x").Want(http.StatusUnprocessableEntity, "没有屏幕显示这个数字")
	nurse := site.As("nurse")
	nurse.Get("/reception/screens").Want(http.StatusForbidden)
	nurse.Post("/reception/screens", "code", "1").Want(http.StatusForbidden)
	nurse.Post("/reception/screens/4/end").Want(http.StatusForbidden)
}

// TestNobodyCrowdsOutATelevision: who opens the page of a screen again and again, as often as the guests'
// door lets one address, replaces codes of the own address alone.
func TestNobodyCrowdsOutATelevision(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	secret := strings.Repeat("T", 26)
	tv, err := site.App.Rooms.Desk.Screen(t.Context(), secret, "192.168.1.40")
	require.NoError(t, err)
	require.Len(t, tv.Code, 6)
	for range 55 {
		site.AsGuest().Get("/screen").Want(http.StatusOK, `data-state="code"`)
	}
	still, err := site.App.Rooms.Desk.Screen(t.Context(), secret, "192.168.1.40")
	require.NoError(t, err)
	require.Equal(t, tv.Code, still.Code, "the code on the wall is the one that the desk types")
	site.As("front").Post("/reception/screens", "code", tv.Code).Want(http.StatusOK, "已登记")
}

// TestAScreenHearsOfACallAtOnce: the question for news that is held is answered with the call,
// and a server that was started anew answers at once.
func TestAScreenHearsOfACallAtOnce(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	visit := arrived(t, site, filed(t, site, "林晚秋", "13800008817"))
	tv := enrolled(t, site)
	news := regexp.MustCompile(`data-news="(\d+)"`).FindStringSubmatch(tv.Get("/screen/news").Body)
	require.Len(t, news, 2)
	heard := make(chan *uitest.Answer)
	go func() { heard <- tv.Get("/screen/news?since=" + news[1]) }()
	for site.App.Hub.Listeners() == 0 {
		runtime.Gosched()
	}
	site.As("front").Post("/reception/queue/1", "deed", "call")
	(<-heard).Want(http.StatusOK, `data-call="1-1"`)
	tv.Get("/screen/news?since=99999").Want(http.StatusOK, "C01")
	site.As("front").Post(fmt.Sprintf("/reception/visit/%d/leave", visit), "_reason", "临时有事", "reason", "临时有事").Want(http.StatusOK)
	tv.Get("/screen/news").Want(http.StatusOK, "现在没有等候的客户").Not("C01")
}
