package gates_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/store"
	"meixu/ui/kit"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// foreignHosts are names under which the house must not answer: a page of somebody else's
// whose name was made to point here could read what it is told (DNS rebinding).
var foreignHosts = []string{
	"evil.example", "EVIL.EXAMPLE", "evil.example:8420", "localhost.evil.example", "meixu.local.evil.example", "evilmeixu.local",
	"meixu.localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.5.nip.io", "8.8.8.8", "1.1.1.1:8420", "[2001:db8::1]", "[2001:4860:4860::8888]:80",
	"0x7f000001", "2130706433", "127.1", "localhost@evil.example", "xn--80ak6aa92e.com", "metadata.google.internal", "169.254.169.254.evil.example",
}

// foreignOrigins are pages that must not be able to post here.
var foreignOrigins = []string{
	"https://evil.example", "http://evil.example:8420", "null", "http://localhost.evil.example", "https://127.0.0.1", "http://127.0.0.1:1",
	"file://", "chrome-extension://abcdef", "http://192.168.1.99", "http://[::1]:9",
}

// TestTR26ForeignNamesAndPages: neither door answers another name, and neither takes a post
// that a page of another place began.
func TestTR26ForeignNamesAndPages(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	require.Len(t, foreignHosts, 20)
	for _, host := range foreignHosts {
		for _, path := range []string{"/login", "/", "/healthz", "/assets/nothing", "/draft"} {
			s.As("owner").Direct().With("Host", host).Get(path).Want(http.StatusMisdirectedRequest)
		}
		s.As("owner").Direct().With("Host", host).Post("/lang", "lang", "en").Want(http.StatusMisdirectedRequest)
		s.AsGuest().With("Host", host).Get("/connect").Want(http.StatusMisdirectedRequest)
	}
	for _, own := range []string{"localhost", "127.0.0.1", "[::1]", "meixu.local", "192.168.1.5", "LOCALHOST:8420"} {
		s.Stranger().With("Host", own).Get("/login").Want(http.StatusOK)
	}
	require.Len(t, foreignOrigins, 10)
	posts := 0
	for _, origin := range foreignOrigins {
		for _, r := range s.Server.Routes() {
			if r.Method != http.MethodPost || r.Guest || posts%7 != 0 && r.Permission != access.Anyone {
				posts++
				continue
			}
			posts++
			s.As("owner").Direct().With("Origin", origin).Post(nobodys(r.Path)).Want(http.StatusForbidden, "别的网站")
		}
	}
	s.As("owner").Direct().With("Sec-Fetch-Site", "cross-site").Post("/lang", "lang", "en").Want(http.StatusForbidden)
	s.As("owner").Direct().With("Sec-Fetch-Site", "same-site").Post("/lang", "lang", "en").Want(http.StatusForbidden)
	s.As("owner").Direct().With("Origin", s.URL).Post("/lang", "lang", "en").Want(http.StatusSeeOther)
	t.Logf("TR-26: %d foreign names and %d foreign origins, 0 answered", len(foreignHosts), len(foreignOrigins))
}

// trails are the tables that looking may change: who looked, and when a session was last busy.
var trails = []string{"acts", "act_now", "act_seals", "act_changes", "sessions"}

// trailNumbers are the numbers given to rows of the trails.
const trailNumbers = `name NOT IN ('acts', 'act_now', 'act_seals', 'act_changes', 'sessions', 'id:acts', 'id:sessions')`

// digests are the contents of the database, one sum a table.
func digests(t *testing.T, d *day.Day) map[string]string {
	t.Helper()
	require.NoError(t, d.App.DB.Flush(t.Context()))
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.App.DB.Dir(), store.File)+"?mode=ro")
	require.NoError(t, err)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	require.NoError(t, err)
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		tables = append(tables, name)
	}
	require.NoError(t, rows.Err())
	sums := map[string]string{}
	for _, table := range tables {
		sums[table] = digest(t, db, table)
	}
	for _, table := range trails {
		delete(sums, table)
	}
	return sums
}

func digest(t *testing.T, db *sql.DB, table string) string {
	t.Helper()
	where := "1"
	if table == "counters" {
		where = trailNumbers
	}
	rows, err := db.QueryContext(t.Context(), `SELECT * FROM `+table+` WHERE `+where+` ORDER BY 1, 2`)
	require.NoError(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	require.NoError(t, err)
	sum := sha256.New()
	for rows.Next() {
		row := make([]any, len(columns))
		into := make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		require.NoError(t, rows.Scan(into...))
		fmt.Fprintf(sum, "%#v\n", row)
	}
	require.NoError(t, rows.Err())
	return hex.EncodeToString(sum.Sum(nil))
}

// TestTR26LookingChangesNothing opens every page of both doors with rows that are there, as
// everybody who may, and compares the whole database: only the trail of views may have grown. What
// the pages show of a sly name is text (ASVS 1.2.1), and each has its way out (7.4.4).
func TestTR26LookingChangesNothing(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Locked)
	d.Beside("周晓岚", "13900001234").To(day.Paid)
	fill(d, 1, 3)
	rename(d)
	tokens := []string{
		tokenOf(d.Post("nurse", "/aftercare/guide/{treatment}/link"), "care"), tokenOf(d.As("front").Get(fmt.Sprintf("/reception/visit/%d/ticket", d.Visit)), "way"),
		guestAsked(d),
	}
	d.Post("front", "/reception/requests/import", "pasted", fmt.Sprintf("姓名,手机,预约时间\n何雨,13900008833,%s", d.App.DB.Now().Day(d.App.DB.Zone()).Add(3))).Want(http.StatusOK)
	d.App.Jobs.Stop() // what jobs do by the clock is not done by looking
	before := digests(t, d)
	asked, opens, missing, pages := 0, 0, []string{}, shown{}
	for _, r := range d.Server.Routes() {
		if r.Method != http.MethodGet || r.Path == "/live" {
			continue
		}
		opened := false
		for _, path := range rowsOf(r.Path, tokens...) {
			for _, b := range viewers(d, r) {
				d.Clock.Forward(time.Second) // guests may ask once a second
				asked++
				answer := b.Get(path)
				if answer.Status == http.StatusOK {
					opens, opened = opens+1, true
				} else {
					require.Less(t, answer.Status, http.StatusInternalServerError, path)
				}
				pages.look(answer, r.Guest)
				require.False(t, b.Session() != "" && strings.Contains(answer.Body, b.Session()), "%s tells the token", path)
			}
		}
		if !opened {
			missing = append(missing, r.Path)
		}
	}
	require.Equal(t, before, digests(t, d))
	require.Greater(t, opens, 300)
	require.Empty(t, pages.locked, "every page leads out")
	require.Greater(t, pages.whole, 300)
	require.Greater(t, pages.names, 100)
	require.Less(t, len(missing), 33, "pages that no row opened: %v", missing)
	d.Post("front", "/reception/visit/{visit}/undo") // the control: a deed is seen
	d.Post("consultant", "/lang", "lang", "en")
	d.Post("manager", "/tasks/1/move", "to", "nurse")
	d.Post("front", "/reception/leads", "name", "甲", "phone", "13890000001", "channel", "phone", "need", "咨询", "owner", "{staff:consultant}").Want(http.StatusOK)
	require.NotEqual(t, before, digests(t, d), "a deed changes the sums")
	t.Logf("TR-26: %d GET requests, %d pages shown, 0 tables changed, a sly name shown %d times as text; never shown: %s", asked, opens, pages.names, strings.Join(missing, " "))
}

var token = regexp.MustCompile(`/(care|way)/([A-Za-z0-9_-]{20,})`)

// tokenOf is the guest's link that an answer shows.
func tokenOf(a *uitest.Answer, kind string) string {
	a.T.Helper()
	found := token.FindStringSubmatch(a.Body)
	require.NotNil(a.T, found, "no link to %s at %s", kind, a.Path)
	require.Equal(a.T, kind, found[1])
	return found[2]
}

// guestAsked lets somebody with a sly name ask at the guests' door, and gives the secret of the page.
func guestAsked(d *day.Day) string {
	d.T.Helper()
	secret := strings.Repeat("B", 26)
	hash := sha256.Sum256([]byte(secret))
	d.Write(func(tx *store.Tx) error {
		q := store.BookingRequest{
			TokenHash: hash[:], Name: sly, Phone: "13700008899", Day: tx.Today().Add(1), To: 12 * 60, Minutes: 30, State: store.RequestWaiting,
		}
		n := store.Intake{TokenHash: hash[:], Told: store.Told{Name: sly, Phone: q.Phone, Address: sly}, State: store.IntakeWaiting}
		return errors.Join(tx.AddBookingRequest(&q), tx.AddIntake(&n))
	})
	return secret
}

// viewers are two browsers that may open the route, or the guests'.
func viewers(d *day.Day, r kit.Route) (list []*uitest.Browser) {
	d.T.Helper()
	if r.Guest {
		return []*uitest.Browser{d.AsGuest().Direct()}
	}
	for _, role := range access.Roles {
		if login := uitest.LoginOf(role); d.Actor(login).May(r.Permission) && len(list) < 2 {
			list = append(list, d.As(login).Direct())
		}
	}
	return list
}

// rowsOf are the addresses of a route with the first rows of each kind.
func rowsOf(route string, tokens ...string) []string {
	if !strings.Contains(route, ":") {
		return []string{route}
	}
	words := map[string][]string{
		":tile": {"visits", "money", "nothing"}, ":which": {"today", "signin", "timeout", "record", "signout"}, ":step": {"S1-03", "S4-01", "S6-02"}, ":deed": {"skip"},
		":token": append([]string{"AAAAAAAAAAAAAAAAAAAAAAAAAA"}, tokens...),
	}
	list := []string{""}
	for _, part := range strings.Split(strings.TrimPrefix(route, "/"), "/") {
		fillings := []string{part}
		if strings.HasPrefix(part, ":") {
			fillings = []string{"1", "2", "5"}
		}
		if known := words[part]; known != nil {
			fillings = known
		}
		var longer []string
		for _, begun := range list {
			for _, f := range fillings {
				longer = append(longer, begun+"/"+f)
			}
		}
		list = longer
	}
	return list
}
