package web_test

import (
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
)

// held is how many bytes the process holds after what nobody needs was taken away.
func held() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// triedAs counts the passwords that were computed for a login at strangers' browsers: every
// computed one is noted, and no other.
func triedAs(t *testing.T, site *uitest.Site, login string) (n int) {
	t.Helper()
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		f, err := r.FailuresOf(login)
		n = f.Count
		return err
	}))
	return n
}

// guess posts a password from a browser of its own at an address of its own.
func guess(site *uitest.Site, n int, login string) int { return guessFrom(site, n, 1<<20, login) }

// guessFrom is guess at one of so many addresses.
func guessFrom(site *uitest.Site, n, addresses int, login string) int {
	form := url.Values{"login": {login}, "password": {fmt.Sprintf("guess number %d", n)}}
	req := httptest.NewRequest(http.MethodPost, "https://meixu.local/login", strings.NewReader(form.Encode()))
	req.TLS = &tls.ConnectionState{}
	from := n % addresses
	req.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:4321", from%200, from/200%200, from/40_000)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.AddCookie(&http.Cookie{Name: "__Host-meixu_station", Value: rand.Text()})
	w := httptest.NewRecorder()
	site.Server.Handler().ServeHTTP(w, req)
	return w.Code
}

// TestTR22StrangersCannotLockTheClinicsTablets is TR-22: ten thousand guesses of strangers within
// an hour, from one address and from fifty, cost almost nothing, and make nobody wait at a device
// of the clinic's own.
func TestTR22StrangersCannotLockTheClinicsTablets(t *testing.T) { //nolint:paralleltest // weighs the heap of the process
	site := uitest.New(t)
	tablet := site.Known()
	for _, from := range []struct {
		addresses, guesses int
		login              string
	}{{1, 2_000, "quality"}, {50, 10_000, "nurse"}} {
		guesses, addresses, login := from.guesses, from.addresses, from.login
		before, most := held(), uint64(0)
		for n := range guesses {
			if n%(guesses/60) == 0 {
				site.Clock.Forward(time.Minute)
			}
			if n%(guesses/6) == 0 {
				most = max(most, held())
			}
			require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests}, guessFrom(site, n, addresses, login))
		}
		hashed := triedAs(t, site, login)
		require.GreaterOrEqual(t, hashed, 10, "the guesses came through to the door")
		require.LessOrEqual(t, hashed, 20, "nearly all were refused before anything was computed")
		grown := max(most, before) - before
		require.Less(t, grown, uint64(80<<20))
		t.Logf("TR-22: %d guesses from %d addresses: %d hashed, heap at most +%d MB", guesses, addresses, hashed, grown>>20)
	}
	site.Stranger().Post("/login", "login", "nurse", "password", uitest.Password).Want(http.StatusTooManyRequests)
	tablet.Post("/login", "login", "nurse", "password", uitest.Password, "next", "/profile").Want(http.StatusOK, "T-nurse").At("/profile")
	tablet.Post("/lock")
	tablet.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(http.StatusOK, "T-nurse").At("/profile")
	tablet.Post("/lock")
	tablet.Post("/unlock", "password", uitest.Password, "next", "/profile").Want(http.StatusOK, "T-nurse").At("/profile")

	t.Run("and whoever guesses at the tablet itself waits there alone", func(t *testing.T) {
		other := site.Known()
		for range 5 {
			tablet.Post("/login", "login", "doctor", "password", "wrong password").Want(http.StatusUnprocessableEntity)
		}
		tablet.Post("/login", "login", "doctor", "password", uitest.Password).Want(http.StatusTooManyRequests)
		other.Post("/login", "login", "doctor", "password", uitest.Password, "next", "/profile").Want(http.StatusOK, "T-doctor")
		code, err := site.App.Admin.ResetPassword(t.Context(), site.Actor("owner"), "doctor")
		require.NoError(t, err)
		tablet.Post("/login", "login", "doctor", "password", code).Want(http.StatusOK).At("/profile")
	})
}
