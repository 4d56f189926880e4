package web_test

import (
	"bufio"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
)

func TestThePageLearnsWhereAPostLeads(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	front := site.As("front").With("X-Meixu-Post", "1")
	good := front.Post("/unlock", "lang", "zh", "pin", uitest.PIN, "next", "/profile").Want(http.StatusOK)
	require.Equal(t, "/profile", good.Header.Get("X-Meixu-Go"))
	require.Empty(t, good.Header.Get("Location"))
	bad := front.Post("/unlock", "lang", "zh", "pin", "0000", "next", "/profile").Want(http.StatusUnprocessableEntity)
	require.Empty(t, bad.Header.Get("X-Meixu-Go"))
}

func TestTheAddressOfADeedLeadsToThePageAboveIt(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	owner := site.As("owner").Direct()
	for deed, page := range map[string]string{
		"/till/7/pay": "/till/7", "/till/payment/39/void": "/till/payment/39", "/doc/3/sign": "/doc/3",
	} {
		answer := owner.Get(deed).Want(http.StatusSeeOther)
		require.Equal(t, page, answer.Header.Get("Location"), deed)
	}
	owner.Get("/nothing/like/this").Want(http.StatusNotFound)
	owner.Get("/till/9999").Want(http.StatusNotFound)
}

func TestTheLockLeadsBackToThePage(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	b := site.As("front")
	b.Get("/profile").Want(http.StatusOK, `name="next" value="/profile"`)
	b.Post("/lock", "next", "/profile").At("/unlock?next=%2Fprofile").Not("T-front</a>")
	b.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(http.StatusOK).At("/profile")
	b.Get("/unlock?next=%2Fprofile").Want(http.StatusOK).At("/profile").Not("已锁屏") // Back
	b.Get("/unlock?next=%2F%2Fevil").Want(http.StatusOK).Not("已锁屏")
	b.Post("/lock", "next", "/clients?q=13800008817&s=ABCDEFGHJK23").At("/unlock?next=%2Fclients%3Fs%3DABCDEFGHJK23")
	b.Get("/reception?day=2026-03-02").At("/unlock?next=%2Freception%3Fday%3D2026-03-02")
	piece := b.With("HX-Request", "true").With("HX-Current-URL", site.URL+"/reception?day=2026-03-02&q=13800008817&room=13800008817").Get("/till/rows").Want(http.StatusOK)
	require.Equal(t, "/unlock?next=%2Freception%3Fday%3D2026-03-02", piece.Header.Get("HX-Redirect"))
}

// TestAStreamEndsWithItsSession: whoever was logged out, locked or disabled hears nothing more.
func TestAStreamEndsWithItsSession(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	cookie := site.Cookie("front")
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site.URL+"/live", nil)
	require.NoError(t, err)
	req.AddCookie(cookie)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.NoError(t, site.App.Admin.Logout(t.Context(), site.Actor("front"), cookie.Value))
	lines, said := bufio.NewScanner(resp.Body), ""
	took := uitest.Once(func() {
		for lines.Scan() {
			said += lines.Text() + "\n"
		}
	})
	require.Contains(t, said, "event: bye")
	require.Less(t, took, 5*time.Second, "500 ms on a quiet machine, far from the heartbeat of 20 s")
}
