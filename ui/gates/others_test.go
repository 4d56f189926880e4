package gates_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/store"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// The second client of the clinic, and what of the first must not be seen by whom it does not
// concern.
const (
	otherName  = "周晓岚"
	otherPhone = "13900001234"
)

// two is a clinic with two clients: one with a whole day's rows, the other come as far as told.
func two(t *testing.T, last day.Step) (one, other *day.Day) {
	t.Helper()
	one = day.New(t).To(day.Locked)
	other = one.Beside(otherName, otherPhone).To(last)
	return one, other
}

// TestTR19RowsOfOthers asks every route that names a row, with rows that are there, as every
// role that does not hold its permission: refused, and not a word of the client is told.
func TestTR19RowsOfOthers(t *testing.T) {
	t.Parallel()
	d, _ := two(t, day.Paid)
	before, cases := digests(t, d), 0
	for _, role := range access.Roles {
		login := uitest.LoginOf(role)
		by, b := d.Actor(login), d.As(login).Direct()
		for _, r := range d.Server.Routes() {
			if r.Guest || !strings.Contains(r.Path, ":") || by.May(r.Permission) {
				continue
			}
			paths := rowsOf(r.Path)
			path := paths[cases%len(paths)]
			ask := b.Get
			if r.Method == http.MethodPost {
				ask = func(path string) *uitest.Answer { return b.Post(path, "reason", "看看") }
			}
			answer := ask(path)
			answer.Want(http.StatusForbidden).Not("林清禾", otherName, otherPhone, "13800138000")
			cases++
		}
	}
	require.Equal(t, before, digests(t, d))
	require.GreaterOrEqual(t, cases, 300)
	t.Logf("TR-19: %d cases of a role without the right, 0 let in, 0 rows changed", cases)
}

// TestTR19ATabletKnowsOneClient: in the hands of one client, the tablet shows and takes nothing
// of the other, whatever row is named: neither beside its own pages nor below them.
func TestTR19ATabletKnowsOneClient(t *testing.T) {
	t.Parallel()
	d, other := two(t, day.Papered) // whose papers wait to be signed
	theirs, papers := rowsOfOther(other)
	tablet := d.OnTablet("nurse").Direct()
	before, cases := digests(t, d), 0
	ask := func(method, path string) *uitest.Answer {
		cases++
		if method == http.MethodPost {
			return tablet.Post(path, "name", otherName, "reason", "x")
		}
		return tablet.Get(path)
	}
	for _, own := range []string{d.Fill("/form/handover/{visit}"), d.Fill("/papers/{plan}")} {
		tablet.HandOver(own)
		for _, id := range append(theirs, papers...) {
			for _, tail := range []string{"", "/sign", "/refuse"} {
				for _, method := range []string{http.MethodGet, http.MethodPost} {
					a := ask(method, own+"/"+id+tail)
					require.Contains(t, []int{http.StatusNotFound, http.StatusForbidden, http.StatusMethodNotAllowed, http.StatusSeeOther}, a.Status, "%s %s", method, own+"/"+id+tail)
					a.Not(otherName, otherPhone)
				}
			}
		}
		for _, r := range d.Server.Routes() {
			if r.Guest || !strings.Contains(r.Path, ":") || r.Permission == access.Anyone {
				continue
			}
			for _, path := range rowsOf(r.Path)[1:2] {
				if path == own || strings.HasPrefix(path, own+"/") {
					continue
				}
				a := ask(r.Method, path)
				require.Contains(t, []int{http.StatusForbidden, http.StatusSeeOther}, a.Status, path)
				a.Not(otherName, otherPhone, "林清禾")
			}
		}
		tablet.Post("/reclaim", "pin", uitest.PIN).Want(http.StatusSeeOther)
	}
	after := digests(t, d)
	for _, table := range []string{"login_attempts", "counters"} { // the PIN that takes the tablet back
		delete(before, table)
		delete(after, table)
	}
	require.Equal(t, before, after)
	require.GreaterOrEqual(t, cases, 300)
	t.Logf("TR-19: %d cases of a tablet in another client's hands, 0 shown, 0 rows changed", cases)
}

// rowsOfOther are the other client's forms and papers.
func rowsOfOther(d *day.Day) (forms, papers []string) {
	d.T.Helper()
	d.Read(func(r *store.Read) error {
		answers, err := r.AnswersOfVisit(d.Visit)
		if err != nil {
			return err
		}
		for _, a := range answers {
			forms = append(forms, strconv.FormatInt(int64(a.ID), 10))
		}
		docs, err := r.Documents(store.DocumentFilter{Client: d.Client})
		for _, x := range docs {
			papers = append(papers, strconv.FormatInt(int64(x.ID), 10))
		}
		return err
	})
	require.NotEmpty(d.T, forms)
	require.NotEmpty(d.T, papers)
	return forms, papers
}

// TestTR19ARowBelowAnothersIsNone: a row that is named below a row of the other client is not
// there, although each of the two is.
func TestTR19ARowBelowAnothersIsNone(t *testing.T) {
	t.Parallel()
	d, other := two(t, day.Paid)
	use, consent := usesOf(d), consentsOf(d)
	require.NotEmpty(t, use)
	require.NotEmpty(t, consent)
	before, cases := digests(t, d), 0
	_, papers := rowsOfOther(d)
	refused := func(login, path string, form ...string) {
		cases++
		answer := d.As(login).Direct().Post(path, form...)
		if answer.Header.Get("Location") != "" {
			return // to the desk's own page of it: that nothing was done is seen below
		}
		require.Contains(t, []int{http.StatusNotFound, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusForbidden}, answer.Status, "%s", path)
	}
	for _, paper := range papers {
		refused("consultant", other.Fill("/papers/{plan}/")+paper+"/sign", "name", otherName)
		refused("consultant", other.Fill("/papers/{plan}/")+paper+"/refuse", "reason", "不同意")
	}
	line := d.Fill("/line/{line}")
	for _, tail := range []string{"", "/remove", "/rule", "/price", "/refused"} {
		for _, login := range []string{"consultant", "doctor", "manager"} {
			refused(login, other.Fill("/plan/{plan}")+line+tail, "reason", "换到别人名下", "version", "1")
		}
	}
	refused("nurse", other.Fill("/procedure/{treatment}/lots/")+use+"/back", "reason", "退回")
	for _, login := range []string{"front", "consultant", "manager"} {
		refused(login, other.Fill("/client/{client}/consent/")+consent+"/withdraw", "reason", "撤回")
	}
	for _, login := range []string{"nurse", "doctor"} {
		refused(login, "/media/new", "visit", d.Fill("{visit}"), "treatment", other.Fill("{treatment}"), "kind", "baseline", "view", "front")
	}
	require.Equal(t, before, digests(t, d))
	t.Logf("TR-19: %d cases of a row below another client's, 0 found, 0 rows changed", cases)
}

func usesOf(d *day.Day) (id string) {
	d.T.Helper()
	d.Read(func(r *store.Read) error {
		list, err := r.LotUses(d.Treatment)
		for _, u := range list {
			id = strconv.FormatInt(u.ID, 10)
		}
		return err
	})
	return id
}

func consentsOf(d *day.Day) (id string) {
	d.T.Helper()
	d.Read(func(r *store.Read) error {
		list, err := r.ConsentHistory(d.Client)
		for _, c := range list {
			id = strconv.FormatInt(c.ID, 10)
		}
		return err
	})
	return id
}

// TestTR19PhonesAreMasked opens every page as every role that may: a whole phone number is got by
// asking for it with a reason, and stands on none.
func TestTR19PhonesAreMasked(t *testing.T) {
	t.Parallel()
	d, _ := two(t, day.Paid)
	pages := 0
	shown := map[string]bool{}
	for _, role := range access.Roles {
		login := uitest.LoginOf(role)
		by, b := d.Actor(login), d.As(login).Direct()
		for _, r := range d.Server.Routes() {
			if r.Guest || r.Method != http.MethodGet || r.Path == "/live" || !by.May(r.Permission) {
				continue
			}
			for _, path := range rowsOf(r.Path) {
				a := b.Get(path)
				if a.Status != http.StatusOK {
					continue
				}
				pages++
				if strings.Contains(a.Body, otherPhone) || strings.Contains(a.Body, "13800138000") {
					shown[r.Path] = true
				}
			}
		}
	}
	require.Empty(t, shown, "a whole phone number stands there")
	require.Greater(t, pages, 300)
	t.Logf("TR-19: %d pages of all roles, whole phone numbers on none", pages)
}

// TestTR19GuestTokensOpenOneThing: a client's link opens what it was made for; no other word
// opens anything.
func TestTR19GuestTokensOpenOneThing(t *testing.T) {
	t.Parallel()
	d, _ := two(t, day.Paid)
	tried := 0
	for _, route := range []string{"/care/", "/rate/", "/way/"} {
		for _, token := range []string{
			"1", "2", "0", "-1", "..", "%2e%2e", "%25", "AAAAAAAAAAAAAAAAAAAAAAAAAA", strings.Repeat("A", 5000), "%00", "null", "undefined", "'", "' OR 1=1--", "*",
			"_", "visit:1", "林清禾", otherPhone, "admin", "\u202e", "a/b", "a%2fb", "?x=1", "#", ";", "<script>", "%3Cscript%3E", "true", "1e1", "0x1",
		} {
			d.Clock.Forward(1e9 * 2)
			a := d.AsGuest().Direct().Get(route + strings.NewReplacer(" ", "%20", "'", "%27", "<", "%3C", ">", "%3E", "\u202e", "%E2%80%AE").Replace(token))
			require.GreaterOrEqual(t, a.Status, 400, "%s%s", route, token)
			require.Less(t, a.Status, 500, "%s%s", route, token)
			a.Not("林清禾", otherName)
			tried++
		}
	}
	t.Logf("TR-19: %d made-up guest tokens, 0 opened", tried)
}
