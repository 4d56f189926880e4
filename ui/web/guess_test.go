package web_test

import (
	"crypto/rand"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
)

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
func guess(site *uitest.Site, n int, login string) int {
	form := url.Values{"login": {login}, "password": {fmt.Sprintf("guess number %d", n)}}
	req := httptest.NewRequest(http.MethodPost, "https://meixu.local/login", strings.NewReader(form.Encode()))
	req.TLS = &tls.ConnectionState{}
	req.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:4321", n%200, n/200%200, n/40_000)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.AddCookie(&http.Cookie{Name: "__Host-meixu_station", Value: rand.Text()})
	w := httptest.NewRecorder()
	site.Server.Handler().ServeHTTP(w, req)
	return w.Code
}

// TR-22, small: ten thousand guesses of strangers within an hour cost almost nothing, and make
// nobody wait at a device of the clinic's own.
func TestStrangersCannotLockTheClinicsTablets(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tablet := site.Known()
	const guesses = 10_000
	for n := range guesses {
		if n%(guesses/60) == 0 {
			site.Clock.Forward(time.Minute)
		}
		require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusTooManyRequests}, guess(site, n, "nurse"))
	}
	hashed := triedAs(t, site, "nurse")
	require.GreaterOrEqual(t, hashed, 10, "the guesses came through to the door")
	require.LessOrEqual(t, hashed, 20, "nearly all were refused before anything was computed")
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
