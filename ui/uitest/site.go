// Package uitest gives tests a whole clinic in process: a real database with a clock that
// moves when told, the real server, and browsers that are signed in as somebody.
package uitest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app"
	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/lan"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/web"
)

// Password and PIN of everybody in a test clinic.
const (
	Password = admin.DemoPassword
	PIN      = "258013"
)

// Site is one clinic with its server.
type Site struct {
	T      testing.TB
	App    *app.App
	Clock  *storetest.Clock
	Server *web.Server
	// URL is the staff's door, GuestURL the clients'.
	URL, GuestURL string

	staff map[string]term.StaffID
}

// people are the ten logins of rulings 3 and one holder of each right.
var people = []struct {
	login string
	lead  bool
	roles []access.Role
}{
	{"front", false, []access.Role{access.Reception}},
	{"consultant", false, []access.Role{access.Consultant}},
	{"doctor", true, []access.Role{access.Physician}},
	{"nurse", false, []access.Role{access.Nurse}},
	{"cashier", false, []access.Role{access.Cashier}},
	{"stock", false, []access.Role{access.Storekeeper}},
	{"aftercare", false, []access.Role{access.Aftercare}},
	{"quality", false, []access.Role{access.Quality}},
	{"manager", false, []access.Role{access.Manager}},
	{"owner", false, []access.Role{access.Owner}},
	{"sysadmin", false, []access.Role{access.SysAdmin}},
	{"secadmin", false, []access.Role{access.SecAdmin}},
	{"auditadmin", false, []access.Role{access.AuditAdmin}},
}

// LoginOf is the login of a role in test clinics.
func LoginOf(role access.Role) string {
	for _, p := range people {
		if p.roles[0] == role {
			return p.login
		}
	}
	return ""
}

// hashes are computed once a test binary, as practice clinics have them: argon2id is slow on purpose.
var hashes = sync.OnceValues(func() (password, pin string) {
	ctx := context.Background()
	password, err := admin.PracticeHash(ctx, Password)
	if err != nil {
		panic(err)
	}
	if pin, err = admin.PracticeHash(ctx, PIN); err != nil {
		panic(err)
	}
	return password, pin
})

// New makes a clinic where the ten logins work, at 2026-03-02 09:00.
func New(t testing.TB) *Site { return build(t, app.Options{}, true) }

// Empty makes a clinic where nobody works yet.
func Empty(t testing.TB) *Site { return build(t, app.Options{}, false) }

// Demo makes a clinic in demo mode, with the ten logins.
func Demo(t testing.TB) *Site { return build(t, app.Options{Demo: true}, true) }

func build(t testing.TB, o app.Options, staffed bool) *Site {
	t.Helper()
	s := &Site{T: t, Clock: storetest.NewClock(), staff: map[string]term.StaffID{}}
	hub := live.New()
	o.Dir, o.Now = t.TempDir(), s.Clock.Now
	furnish(t, o.Dir, staffed)
	storetest.Sheet(t, o.Dir)
	db := storetest.Open(t, store.Options{Dir: o.Dir, Now: s.Clock.Now, Topics: hub.Send})
	var err error
	s.App, err = app.New(t.Context(), db, hub, o)
	require.NoError(t, err)
	require.NoError(t, db.Read(t.Context(), func(r *store.Read) error {
		all, err := r.AllStaff()
		for _, who := range all {
			s.staff[who.Login] = who.ID
		}
		return err
	}))
	s.Server = web.New(s.App, web.Options{})
	staff, guest := httptest.NewServer(s.Server.Handler()), httptest.NewServer(s.Server.Guest())
	s.URL, s.GuestURL = staff.URL, guest.URL
	t.Cleanup(func() {
		hub.Close() // ends live streams, which would hold the servers open
		staff.Close()
		guest.Close()
		s.App.Jobs.Stop()
	})
	return s
}

// StaffID is the row of a login.
func (s *Site) StaffID(login string) term.StaffID { return s.staff[login] }

// Actor is the login as the rooms see it, for deeds that prepare a test.
func (s *Site) Actor(login string) access.Actor {
	s.T.Helper()
	by, err := s.App.Admin.ActorOf(s.T.Context(), login)
	require.NoError(s.T, err)
	by.Station = stationOf(login)
	return by
}

// stationOf is the mark of the enrolled browser at which a login works in tests.
func stationOf(login string) string { return lan.Mark(secretOf(login)) }

// token opens a session without the slow password.
func (s *Site) token(login, kind string) string {
	s.T.Helper()
	token := rand.Text()
	hash := sha256.Sum256([]byte(token))
	err := s.App.DB.WriteQuiet(s.T.Context(), func(tx *store.Tx) error {
		return tx.AddSession(&store.Session{
			TokenHash: hash[:], Staff: s.staff[login], Station: stationOf(login), Kind: kind, Lang: "zh",
			ExpiresAt: tx.Now().Add(admin.SessionLife),
			// it is asked for nothing before a deed; the tests of that come in through the door
			ProvedAt: tx.Now().Add(admin.SessionLife), PasswordAt: tx.Now().Add(admin.SessionLife),
		})
	})
	require.NoError(s.T, err)
	return token
}
