package web_test

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	office "meixu/app/admin"
	"meixu/store"
	"meixu/ui/uitest"
)

var carried = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)

// answered is the post that the page of the question sends, with the proof.
func answered(page *uitest.Answer, pairs ...string) url.Values {
	form := url.Values{}
	for _, m := range carried.FindAllStringSubmatch(page.Body, -1) {
		form.Add(html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// cameIn is a browser at which the person logged in through the door, six minutes ago.
func cameIn(site *uitest.Site, b *uitest.Browser, login string) *uitest.Browser {
	site.T.Helper()
	b.Post("/login", "login", login, "password", uitest.Password, "next", "/profile").Want(http.StatusOK).At("/profile")
	site.Clock.Forward(5*time.Minute + time.Second)
	return b
}

// TestDeedsAskAgain posts straight to every route whose deed wants PIN or password again: after
// five minutes none of them gets as far as its room.
func TestDeedsAskAgain(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	holder := map[access.Role]*uitest.Browser{}
	for _, role := range []access.Role{access.Physician, access.Nurse, access.Manager, access.Owner} {
		holder[role] = site.Known()
		holder[role].Post("/login", "login", uitest.LoginOf(role), "password", uitest.Password).Want(http.StatusOK)
	}
	site.Clock.Forward(5*time.Minute + time.Second)
	asked := map[access.Permission]bool{}
	for _, route := range site.Server.Routes() {
		if route.Method != http.MethodPost || route.Permission.Proof() == access.NoProof || route.Guest {
			continue
		}
		b := (*uitest.Browser)(nil)
		for _, role := range access.Holders(route.Permission) {
			if holder[role] != nil {
				b = holder[role]
			}
		}
		if route.Path == "/papers/:plan/:id/sign" { // in a client's hands, who has no PIN
			continue
		}
		require.NotNil(t, b, route.Path)
		path := regexp.MustCompile(`:\w+`).ReplaceAllString(route.Path, "1")
		page := b.Post(path, "typed", `a "long" <text>`, "pin", "975310", "many", "1", "many", "2", "_once", "key-1").
			Want(http.StatusForbidden, "data-prove", `action="`+path+`"`).Not("975310")
		form := answered(page)
		require.Equal(t, `a "long" <text>`, form.Get("typed"), path)
		require.Equal(t, []string{"1", "2"}, form["many"], path)
		require.Equal(t, "key-1", form.Get("_once"), path)
		require.Equal(t, route.Permission.Proof() == access.ByPIN, strings.Contains(page.Body, `name="_proof_pin"`), path)
		if route.Permission.Proof() == access.ByPassword { // a PIN is not enough for what rules over the house
			b.Post(path, "_proof_pin", uitest.PIN).Want(http.StatusUnprocessableEntity, "data-prove")
		}
		asked[route.Permission] = true
	}
	for _, p := range []access.Permission{
		access.ExamSign, access.RecordSign, access.FormAmend, access.DocumentSign, access.PaymentRefund, access.ClientReveal,
		access.BackupMake, access.BackupPlace, access.StationEnrol, access.StaffReset, access.StaffGrant, access.SecondClear, access.SettingsSave,
	} {
		require.True(t, asked[p], p)
	}
}

// TestWhatWasPostedComesBackAfterTheProof is the whole way of one deed at each kind of device.
func TestWhatWasPostedComesBackAfterTheProof(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	client := store.Client{Name: "林晚秋", Phone: "13800008817", Gender: "female", Birth: "1990-05-01", Source: "walk_in"}
	require.NoError(t, site.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, func(tx *store.Tx) error {
		return tx.AddClient(&client)
	}))
	path := fmt.Sprintf("/client/%d/phone", client.ID)

	t.Run("a PIN at a device that the house knows", func(t *testing.T) {
		b := cameIn(site, site.Known(), "nurse")
		page := b.Post(path, "phone_reason", "约复诊").Want(http.StatusForbidden, "data-prove", "PIN").Not("13800008817")
		b.PostForm(path, answered(page, "_proof_pin", "")).Want(http.StatusForbidden, "此项必填")
		b.PostForm(path, answered(page, "_proof_pin", "971346")).Want(http.StatusUnprocessableEntity, "PIN 码不对").Not("13800008817")
		require.Zero(t, acted(t, site, "client.reveal"))
		b.PostForm(path, answered(page, "_proof_pin", uitest.PIN)).Want(http.StatusOK, "13800008817")
		require.Equal(t, 1, acted(t, site, "client.reveal"))
		site.Clock.Forward(5 * time.Minute)
		b.Post(path, "phone_reason", "再看一次").Want(http.StatusOK, "13800008817")
		site.Clock.Forward(time.Second)
		b.Post(path, "phone_reason", "又看一次").Want(http.StatusForbidden)
	})

	t.Run("the password anywhere else", func(*testing.T) {
		b := cameIn(site, site.Stranger(), "nurse")
		page := b.Post(path, "phone_reason", "约复诊").Want(http.StatusForbidden, "data-prove").Not(`name="_proof_pin"`)
		b.PostForm(path, answered(page, "_proof_pin", uitest.PIN)).Want(http.StatusUnprocessableEntity, "data-prove").Not("13800008817")
		b.PostForm(path, answered(page, "_proof_password", uitest.Password)).Want(http.StatusOK, "13800008817")
	})

	t.Run("unlocking with the PIN proves no password", func(t *testing.T) {
		b := cameIn(site, site.Known(), "owner")
		b.Post("/lock")
		b.Post("/unlock", "pin", uitest.PIN).Want(http.StatusOK)
		b.Post(path, "phone_reason", "约复诊").Want(http.StatusOK, "13800008817")
		page := b.Post("/admin/staff/reset", "login", "front").Want(http.StatusForbidden, "data-prove")
		require.Zero(t, acted(t, site, "staff.reset"))
		b.PostForm("/admin/staff/reset", answered(page, "_proof_password", uitest.Password)).Want(http.StatusOK, "只能用一次")
		require.Equal(t, 1, acted(t, site, "staff.reset"))
		b.Post("/admin/staff/reset", "login", "nurse").Want(http.StatusOK)
	})

	t.Run("five wrong proofs cost a minute", func(*testing.T) {
		b := cameIn(site, site.Known(), "doctor")
		for range 5 {
			b.Post(path, "phone_reason", "x", "_proof_pin", "971346").Want(http.StatusUnprocessableEntity)
		}
		b.Post(path, "phone_reason", "x", "_proof_pin", uitest.PIN).Want(http.StatusTooManyRequests, "请等").Not("13800008817")
	})
}

// TestTheTokenTurnsWithTheProof: whoever proves himself has another token afterwards. A copy of the
// one before opens nothing, and what other tabs of the browser had under way goes on.
func TestTheTokenTurnsWithTheProof(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	b := cameIn(site, site.Stranger(), "owner")
	old := b.Session()
	copied := site.Steal(old)
	prove := func(b *uitest.Browser) {
		page := b.Post("/admin/staff/reset", "login", "front").Want(http.StatusForbidden, "data-prove")
		b.PostForm("/admin/staff/reset", answered(page, "_proof_password", uitest.Password)).Want(http.StatusOK, "只能用一次")
	}
	prove(b)
	fresh := b.Session()
	require.NotEqual(t, old, fresh)
	b.Get("/profile").Want(http.StatusOK).At("/profile")
	site.Clock.Forward(9 * time.Second)
	copied.Get("/profile").Want(http.StatusOK).At("/profile") // as another tab, whose request was on its way
	copied.Post("/admin/staff/reset", "login", "nurse").Want(http.StatusForbidden, "data-prove")
	require.Equal(t, 1, acted(t, site, "staff.reset"), "the proof is the new token's")
	site.Clock.Forward(time.Second)
	copied.Get("/profile").At("/login?next=%2Fprofile")
	b.Get("/profile").Want(http.StatusOK).At("/profile")

	t.Run("the answer with the new token was lost", func(t *testing.T) {
		site.Clock.Forward(5 * time.Minute)
		lost := site.Adopt(site.Steal(fresh), fresh)
		seat, err := site.App.Admin.Session(t.Context(), fresh, true)
		require.NoError(t, err)
		in := office.Proof{Token: fresh, Password: uitest.Password}
		turned, err := site.App.Admin.Prove(t.Context(), seat.Actor, access.ByPassword, in)
		require.NoError(t, err)
		require.NotEmpty(t, turned)
		site.Clock.Forward(4 * time.Minute)
		lost.Get("/profile").Want(http.StatusOK).At("/profile") // nobody came with it: the old one opens
		prove(lost)                                             // and is asked again, once
		require.NotContains(t, []string{fresh, turned}, lost.Session())
		lost.Post("/admin/staff/reset", "login", "nurse").Want(http.StatusOK, "只能用一次")
		again, err := site.App.Admin.Prove(t.Context(), seat.Actor, access.ByPassword, in)
		require.NoError(t, err)
		require.Empty(t, again, "the second of two tabs at once turns nothing")
		site.Clock.Forward(11 * time.Second)
		for _, dead := range []string{fresh, turned} {
			site.Steal(dead).Get("/profile").At("/login?next=%2Fprofile")
		}
	})

	t.Run("a PIN under the token before makes no use of the password under the new one", func(t *testing.T) {
		b := cameIn(site, site.Known(), "manager")
		seat, err := site.App.Admin.Session(t.Context(), b.Session(), true)
		require.NoError(t, err)
		_, err = site.App.Admin.Prove(t.Context(), seat.Actor, access.ByPassword, office.Proof{Token: b.Session(), Password: uitest.Password})
		require.NoError(t, err)
		b.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(http.StatusOK).At("/profile")
		seat, err = site.App.Admin.Session(t.Context(), b.Session(), true)
		require.NoError(t, err)
		require.Equal(t, access.ByPIN, seat.Actor.Proof)
	})
}

// TestTheTokenTurnsAtTheDoor: unlocking, taking a tablet back and a new password each give another
// token; a copy of the one before opens nothing afterwards.
func TestTheTokenTurnsAtTheDoor(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	for name, deed := range map[string]func(*uitest.Browser){
		"unlock": func(b *uitest.Browser) {
			b.Post("/lock")
			b.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(http.StatusOK).At("/profile")
		},
		"reclaim": func(b *uitest.Browser) {
			b.HandOver("/form/7")
			b.Post("/reclaim", "pin", uitest.PIN, "next", "/profile").Want(http.StatusOK).At("/profile")
		},
	} {
		b := site.OnTablet("nurse")
		old := b.Session()
		deed(b)
		require.NotEqual(t, old, b.Session(), name)
		site.Steal(old).Get("/profile").Want(http.StatusOK).At("/profile") // as another tab
		site.Clock.Forward(10 * time.Second)
		out(site, old)
		b.Get("/profile").Want(http.StatusOK).At("/profile")
	}
	b := site.OnTablet("nurse")
	first := b.Session()
	b.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(http.StatusOK).At("/profile")
	second := b.Session()
	b.Direct().Post("/profile", "old", uitest.Password, "password", "a quite different one").Want(http.StatusSeeOther)
	out(site, first)
	out(site, second)
	b.Get("/profile").Want(http.StatusOK)
}
