package kit_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

var nine = term.At(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))

// house is a small server with the storybook and what the test adds.
func house(t *testing.T, by access.Actor, routes func(r *kit.Routes)) (*echo.Echo, *kit.Routes) {
	t.Helper()
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		t.Log(err)
		e.DefaultHTTPErrorHandler(err, c)
	}
	e.Use(kit.Use(kit.Setup{Now: func() term.Instant { return nine }}))
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			kit.SetWho(c, by)
			return next(c)
		}
	})
	r := kit.NewRoutes(e.Group(""))
	kit.Storybook(r)
	if routes != nil {
		routes(r)
	}
	return e, r
}

func ask(e *echo.Echo, method, path, body string, header ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequestWithContext(context.Background(), method, path, strings.NewReader(body))
	if body != "" {
		req.Header.Set("Content-Type", echo.MIMEApplicationForm)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	return rec
}

func TestStorybookDrawsEveryWidget(t *testing.T) {
	t.Parallel()
	for _, lang := range []words.Lang{words.ZH, words.EN} {
		e, _ := house(t, access.Actor{Staff: 1, Name: "Chen", Lang: lang, Roles: []access.Role{access.Reception}}, nil)
		rec := ask(e, http.MethodGet, "/kit", "")
		require.Equal(t, http.StatusOK, rec.Code, rec.Body.String())
		page := rec.Body.String()
		require.NotContains(t, page, "⟦", "a words key is missing")
		require.Contains(t, page, lang.T("kit.sample.refusal"))
		require.Contains(t, page, `class="banner alarmed"`)
		require.Contains(t, page, `aria-invalid="true"`)
		require.NotContains(t, page, "ZgotmplZ")
		require.NotContains(t, page, " style=", "the policy forbids inline styles")
	}
}

func TestHtmxGetsTheMainBlockAlone(t *testing.T) {
	t.Parallel()
	e, _ := house(t, access.Actor{Lang: words.ZH}, nil)
	part := ask(e, http.MethodGet, "/kit", "", "HX-Request", "true", "HX-Request-Type", "partial").Body.String()
	require.NotContains(t, part, "<!doctype")
	require.Contains(t, part, words.ZH.T("kit.sample.title"))
	whole := ask(e, http.MethodGet, "/kit", "", "HX-Request", "true", "HX-Request-Type", "full").Body.String()
	require.Contains(t, whole, "<!doctype")
}

func TestRoutesGuard(t *testing.T) {
	t.Parallel()
	add := func(r *kit.Routes) {
		r.POST("/staff/add", access.StaffAdd, func(c echo.Context) error {
			by := kit.Who(c)
			return c.String(http.StatusOK, by.Once+"/"+by.Reason)
		})
		r.Guest.GET("/g/:token", func(c echo.Context) error { return c.NoContent(http.StatusOK) })
	}
	t.Run("a visitor without a session is sent to the login page", func(t *testing.T) {
		t.Parallel()
		e, _ := house(t, access.Actor{Lang: words.ZH}, add)
		rec := ask(e, http.MethodPost, "/staff/add", "a=1&_once=K1")
		require.Equal(t, http.StatusSeeOther, rec.Code)
		require.Equal(t, "/login", rec.Header().Get("Location"))
	})
	t.Run("a role without the permission is refused", func(t *testing.T) {
		t.Parallel()
		e, _ := house(t, access.Actor{Staff: 2, Roles: []access.Role{access.Nurse}}, add)
		var got error
		e.HTTPErrorHandler = func(err error, _ echo.Context) { got = err }
		ask(e, http.MethodPost, "/staff/add", "a=1&_once=K1")
		require.Equal(t, fault.KindOf(fault.Forbidden("x")), fault.KindOf(got))
	})
	t.Run("a deed that wants the password again is not done where nobody can ask for it", func(t *testing.T) {
		t.Parallel()
		e, _ := house(t, access.Actor{Staff: 2, Roles: []access.Role{access.Owner}, Proof: access.ByPIN}, add)
		var got error
		e.HTTPErrorHandler = func(err error, _ echo.Context) { got = err }
		ask(e, http.MethodPost, "/staff/add", "a=1&_once=K1")
		require.Equal(t, fault.KindOf(fault.Forbidden("x")), fault.KindOf(got))
	})
	t.Run("the one-time key and the reason reach the actor", func(t *testing.T) {
		t.Parallel()
		e, r := house(t, access.Actor{Staff: 2, Roles: []access.Role{access.Owner}, Proof: access.ByPassword}, add)
		rec := ask(e, http.MethodPost, "/staff/add", "_once=K1&_reason=why")
		require.Equal(t, "K1/why", rec.Body.String())
		require.Len(t, r.List(), 3)
		require.Contains(t, r.List()[1].String(), "staff POST   /staff/add")
		require.True(t, r.List()[2].Guest)
	})
}

// What a person typed into a name does not grow into a header that browsers and proxies drop.
func TestASentenceFitsItsCookie(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("名", 5000)
	for n, wanted := range map[int]int{1: 1, 2: 1, 9: 0} { // nine of them are no sentence: none rather than half
		args := slices.Repeat([]any{long}, n)
		add := func(r *kit.Routes) {
			r.POST("/go", access.Anyone, func(c echo.Context) error { return kit.Done(c, "kit.rule", args, "/kit") })
		}
		e, _ := house(t, access.Actor{Lang: words.ZH}, add)
		cookies := ask(e, http.MethodPost, "/go", "a=1&_once=K1").Result().Cookies()
		require.Len(t, cookies, wanted)
		for _, c := range cookies {
			require.LessOrEqual(t, len(c.Value), 1<<10)
		}
	}
}

func TestDoneLeavesASentenceForOnePage(t *testing.T) {
	t.Parallel()
	add := func(r *kit.Routes) {
		r.POST("/go", access.Anyone, func(c echo.Context) error {
			return kit.Done(c, "kit.rule", []any{"S4-08"}, "/kit?v=%d", 7)
		})
	}
	e, _ := house(t, access.Actor{Lang: words.ZH}, add)
	rec := ask(e, http.MethodPost, "/go", "a=1&_once=K1")
	require.Equal(t, http.StatusSeeOther, rec.Code)
	require.Equal(t, "/kit?v=7", rec.Header().Get("Location"))
	cookie := rec.Result().Cookies()[0]
	next := ask(e, http.MethodGet, "/kit", "", "Cookie", cookie.Name+"="+cookie.Value)
	require.Contains(t, next.Body.String(), words.ZH.T("kit.rule", "S4-08")+"</span></div>")
	require.Negative(t, next.Result().Cookies()[0].MaxAge)
	htmx := ask(e, http.MethodPost, "/go", "a=1&_once=K1", "HX-Request", "true")
	require.Equal(t, "/kit?v=7", htmx.Header().Get("HX-Redirect"))
}

// TestAPostIsReadFromItsBody: what stands in the address of a post is no field of it, and of a
// field that stands twice the first counts where one is asked for (ASVS 15.3.7).
func TestAPostIsReadFromItsBody(t *testing.T) {
	t.Parallel()
	var form *kit.Form
	e, _ := house(t, access.Actor{}, func(r *kit.Routes) {
		r.POST("/read", access.Anyone, func(c echo.Context) error {
			form = kit.Read(c)
			return nil
		})
		r.GET("/read", access.Anyone, func(c echo.Context) error {
			form = kit.Read(c)
			return nil
		})
	})
	ask(e, http.MethodPost, "/read?role=owner&n=9&many=7", "n=1&n=2&many=3&many=4&_once=K1", "Cookie", "n=8; role=owner")
	require.Equal(t, 1, form.Int("n"))
	require.False(t, form.Has("role"))
	require.Equal(t, []int64{3, 4}, form.IDs("many"))
	part := "--x\r\nContent-Disposition: form-data; name="
	body := part + "\"n\"\r\n\r\n5\r\n" + part + "\"_once\"\r\n\r\nK2\r\n--x--\r\n"
	ask(e, http.MethodPost, "/read?role=owner&n=9", body, echo.HeaderContentType, "multipart/form-data; boundary=x")
	require.Equal(t, 5, form.Int("n"))
	require.False(t, form.Has("role"))
	ask(e, http.MethodGet, "/read?n=6", "")
	require.Equal(t, 6, form.Int("n"), "a page is asked for by its address")
}

func TestReadCollectsEveryShapeFault(t *testing.T) {
	t.Parallel()
	var form *kit.Form
	add := func(r *kit.Routes) {
		r.POST("/read", access.Anyone, func(c echo.Context) error {
			form = kit.Read(c)
			return nil
		})
	}
	e, _ := house(t, access.Actor{}, add)
	typed := url.Values{
		"n": {"12x"}, "ok": {" 1,200 "}, "fen": {"12.345"}, "paid": {"¥12.5"}, "day": {"2026-02-30"},
		"at": {"2026-03-02T09:30"}, "tick": {"on"}, "many": {"1", "", "2"}, "dose": {"0.25"}, "_once": {"K1"},
	}
	ask(e, http.MethodPost, "/read", typed.Encode())
	require.Equal(t, 1200, form.Int("ok"))
	require.Equal(t, term.Fen(1250), form.Fen("paid"))
	require.Equal(t, nine.Add(30*time.Minute), form.Instant("at"))
	require.Equal(t, []int64{1, 2}, form.IDs("many"))
	require.InDelta(t, 0.25, form.Decimal("dose"), 0)
	require.True(t, form.Bool("tick"))
	require.NoError(t, form.Err())
	form.Int("n")
	form.Fen("fen")
	form.Day("day")
	require.Len(t, form.Fields, 3)
	filled := kit.Fill([]kit.Field{{Name: "fen", Kind: kit.Money}}, form.Values(), form.Fields)
	require.Equal(t, "12.345", filled[0].Value)
	require.Equal(t, "kit.bad.money", filled[0].ErrorKey)
}

func TestLayoutFollowsThePerson(t *testing.T) {
	t.Parallel()
	layout := func(by access.Actor, header ...string) string {
		e, _ := house(t, by, nil)
		body := ask(e, http.MethodGet, "/kit", "", header...).Body.String()
		_, rest, _ := strings.Cut(body, `data-layout="`)
		name, _, _ := strings.Cut(rest, `"`)
		return name
	}
	front := access.Actor{Staff: 1, Roles: []access.Role{access.Reception}}
	nurse := access.Actor{Staff: 2, Roles: []access.Role{access.Nurse}}
	require.Equal(t, kit.Desk, layout(front))
	require.Equal(t, kit.Tablet, layout(nurse))
	require.Equal(t, kit.Desk, layout(nurse, "Cookie", "meixu_view=desk"), "the person's own choice wins")
	nurse.Guest = access.GuestScope{Kind: "form", Subject: 1, Path: "/kit"}
	require.Equal(t, kit.Handover, layout(nurse, "Cookie", "meixu_view=desk"), "a client holds the tablet")
}
