package uitest

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/web"
)

// Folder opens a data folder that the program made, as practice clinic, with the clock at now.
func Folder(t testing.TB, dir string, now time.Time) *Site {
	t.Helper()
	s := &Site{T: t, Clock: storetest.NewClock(), staff: map[string]term.StaffID{}}
	s.Clock.Forward(now.Sub(storetest.Start))
	a, err := app.Open(t.Context(), app.Options{Dir: dir, Now: s.Clock.Now, Demo: true})
	require.NoError(t, err)
	s.App, s.Server = a, web.New(a, web.Options{})
	require.NoError(t, a.DB.Read(t.Context(), func(r *store.Read) error {
		all, err := r.AllStaff()
		for _, who := range all {
			s.staff[who.Login] = who.ID
		}
		return err
	}))
	staff, guest := httptest.NewServer(s.Server.Handler()), httptest.NewServer(s.Server.Guest())
	s.URL, s.GuestURL = staff.URL, guest.URL
	t.Cleanup(func() {
		a.Hub.Close()
		staff.Close()
		guest.Close()
		require.NoError(t, a.Close())
	})
	return s
}
