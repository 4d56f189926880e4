package admin

import (
	"net"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	office "meixu/app/admin"
	"meixu/app/fault"
	"meixu/ui/kit"
)

// doorView is any page at the door: a sentence, a form, and in demo mode the cards.
type doorView struct {
	LeadKey string
	Name    string
	Edit    kit.Edit
	Cards   []office.Card
	Next    string
	People  []office.Person
	Logout  bool
	Foreign bool // the house does not know the browser; it may be enrolled
	Refused *kit.Refusal
	LeftKey string // words key of why the session of before is over, "" when there was none
}

var doorPage = kit.New[doorView](pages, "door.html").As(kit.Login)

// safeNext keeps the way back inside this house: a page of its own, never another host. The
// decoded path and what goes out are looked at too: "/%2fevil" is "//evil" by then.
func safeNext(c echo.Context, next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || !plainPath(next) || !plainPath(u.Path) ||
		path.Clean(u.Path) != u.Path || !kit.HasPage(c, u.Path) {
		return "/"
	}
	if to := kit.AddressOf(u); plainPath(to) {
		return to
	}
	return "/"
}

// plainPath says that a text begins with exactly one slash, and has nothing in it that browsers
// take for another one or leave out.
func plainPath(text string) bool {
	return strings.HasPrefix(text, "/") && !strings.HasPrefix(text, "//") &&
		!strings.Contains(text, "\\") && !strings.ContainsFunc(text, unicode.IsControl)
}

func loginEdit() kit.Edit {
	return kit.Edit{Action: "/login", SubmitKey: "admin.login.button", Fields: []kit.Field{
		{Name: "login", Kind: kit.Text, LabelKey: "admin.login.name", Required: true, Focus: true, Wide: true},
		{Name: "password", Kind: kit.Password, LabelKey: "admin.login.password", Required: true, Wide: true},
		{Name: "next", Kind: kit.Hidden},
	}}
}

func (h desk) loginForm(c echo.Context) error {
	needs, err := h.Office.NeedsSetup(c.Request().Context())
	if err != nil {
		return err
	}
	if needs {
		return c.Redirect(http.StatusSeeOther, "/setup")
	}
	left, err := h.farewell(c)
	if err != nil {
		return err
	}
	typed := url.Values{"next": {safeNext(c, c.QueryParam("next"))}}
	return h.drawDoor(c, http.StatusOK, doorView{Edit: loginEdit().Filled(typed, nil), Next: typed.Get("next"), LeftKey: left})
}

// farewell says why the session of the browser is over, once, and takes its token away.
func (h desk) farewell(c echo.Context) (key string, err error) {
	token := kit.SessionToken(c)
	if token == "" || kit.Who(c).Staff != 0 {
		return "", nil
	}
	SetToken(c, "")
	return h.Office.Farewell(c.Request().Context(), token)
}

func (h desk) drawLogin(c echo.Context, status int, typed url.Values, bad fault.Fields, refused *kit.Refusal) error {
	return h.drawDoor(c, status, doorView{Edit: loginEdit().Filled(typed, bad), Next: safeNext(c, typed.Get("next")), Refused: refused})
}

// drawDoor draws the page of the login.
func (h desk) drawDoor(c echo.Context, status int, v doorView) (err error) {
	v.LeadKey = "admin.login.lead"
	if v.Cards, err = h.Office.Cards(c.Request().Context()); err != nil {
		return err
	}
	if v.Foreign, err = h.Office.Foreign(c.Request().Context(), meta(c)); err != nil {
		return err
	}
	return doorPage.Draw(c, status, "admin.login.title", v)
}

func (h desk) login(c echo.Context) error {
	if !h.PlainLogin && !c.IsTLS() && !loopback(c.RealIP()) {
		return fault.Refuse("TR-door", "admin.login.plain").Ask("sysadmin")
	}
	f := kit.Read(c)
	in, err := h.Office.Login(c.Request().Context(), office.Login{
		Login: f.Text("login"), Password: f.Values().Get("password"), Meta: meta(c),
	})
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawLogin(c, http.StatusUnprocessableEntity, f.Values(), bad, nil)
	}
	if fault.KindOf(err) == fault.KindRefused && err != nil {
		return h.drawLogin(c, http.StatusTooManyRequests, f.Values(), nil, refusal(c, err))
	}
	if err != nil {
		return err
	}
	if in.Ask != "" {
		return h.drawAsk(c, http.StatusOK, url.Values{"ask": {in.Ask}, "next": {f.Text("next")}}, nil, nil)
	}
	SetToken(c, in.Token)
	return kit.Done(c, "", nil, "%s", safeNext(c, f.Text("next")))
}

func loopback(address string) bool {
	ip := net.ParseIP(address)
	return ip != nil && ip.IsLoopback()
}

// refusal is a fault as a panel of the page.
func refusal(c echo.Context, err error) *kit.Refusal {
	if e, ok := asFault(err); ok {
		return kit.RefusalOf(c, e)
	}
	return nil
}

func (h desk) logout(c echo.Context) error {
	if err := h.Office.Leave(c.Request().Context(), kit.Who(c), kit.SessionToken(c)); err != nil {
		return err
	}
	SetToken(c, "")
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return kit.Done(c, "", nil, "/login")
}

func (h desk) lock(c echo.Context) error {
	by := kit.Who(c)
	if by.Guest.None() && !by.Locked {
		if err := h.Office.Lock(c.Request().Context(), by, kit.SessionToken(c)); err != nil {
			return err
		}
	}
	next := safeNext(c, kit.Read(c).Text("next"))
	return kit.Done(c, "", nil, "/unlock?next=%s", url.QueryEscape(next))
}

// unlockEdit asks for PIN or password; for the password only where PINs do not open.
func (h desk) unlockEdit(c echo.Context, action string) (kit.Edit, error) {
	known, err := h.Office.KnowsStation(c.Request().Context(), kit.Who(c).Station)
	e := kit.Edit{Action: action, SubmitKey: "admin.unlock.button", Fields: []kit.Field{
		{Name: "pin", Kind: kit.PIN, LabelKey: "admin.pin", HelpKey: "admin.pin.help", Focus: true, Wide: true},
		{Name: "password", Kind: kit.Password, LabelKey: "admin.unlock.password", Wide: true},
		{Name: "next", Kind: kit.Hidden},
	}}
	elsewhere := kit.Who(c).Station != kit.Station(c)
	if !known || elsewhere {
		e.Fields = e.Fields[1:]
		e.Fields[0].LabelKey, e.Fields[0].HelpKey, e.Fields[0].Focus = "admin.login.password", "admin.pin.station", true
	}
	if elsewhere {
		e.Fields[0].HelpKey = "admin.pin.elsewhere"
	}
	return e, err
}

// others are the colleagues who may take over this browser, without who sits here.
func (h desk) others(c echo.Context) ([]office.Person, error) {
	by := kit.Who(c)
	people, err := h.Office.People(c.Request().Context(), by.Station)
	return slices.DeleteFunc(people, func(p office.Person) bool { return p.ID == by.Staff }), err
}

// unlockForm asks only where something is locked: Back after unlocking leads on to the page.
func (h desk) unlockForm(c echo.Context) error {
	next := safeNext(c, c.QueryParam("next"))
	if !kit.Who(c).Locked {
		return kit.Done(c, "", nil, "%s", next)
	}
	return h.drawUnlock(c, http.StatusOK, url.Values{"next": {next}}, nil, nil)
}

func (h desk) drawUnlock(c echo.Context, status int, typed url.Values, bad fault.Fields, refused *kit.Refusal) error {
	by := kit.Who(c)
	people, err := h.others(c)
	if err != nil {
		return err
	}
	e, err := h.unlockEdit(c, "/unlock")
	if err != nil {
		return err
	}
	return doorPage.Draw(c, status, "admin.unlock.title", doorView{
		LeadKey: "admin.unlock.lead", Name: by.Name, Edit: e.Filled(typed, bad),
		People: people, Logout: true, Refused: refused,
	})
}

// proofOf is what a browser shows to go on with its session.
func proofOf(c echo.Context, f *kit.Form) office.Proof {
	return office.Proof{Token: kit.SessionToken(c), Station: kit.Station(c), PIN: f.Text("pin"), Password: f.Values().Get("password")}
}

func (h desk) unlock(c echo.Context) error {
	f := kit.Read(c)
	token, err := h.Office.Unlock(c.Request().Context(), kit.Who(c), proofOf(c, f))
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawUnlock(c, http.StatusUnprocessableEntity, f.Values(), bad, nil)
	}
	if err != nil && fault.KindOf(err) == fault.KindRefused {
		return h.drawUnlock(c, http.StatusTooManyRequests, f.Values(), nil, refusal(c, err))
	}
	if err != nil {
		return err
	}
	turnTo(c, token)
	return kit.Done(c, "", nil, "%s", safeNext(c, f.Text("next")))
}

func switchEdit() kit.Edit {
	return kit.Edit{Action: "/switch", SubmitKey: "admin.switch.button", CancelURL: "/", Fields: []kit.Field{
		{Name: "login", Kind: kit.Text, LabelKey: "admin.login.name", Required: true, Focus: true, Wide: true},
		{Name: "pin", Kind: kit.PIN, LabelKey: "admin.pin", HelpKey: "admin.switch.help", Required: true, Wide: true},
	}}
}

func (h desk) switchForm(c echo.Context) error {
	var typed url.Values
	if login := c.QueryParam("login"); login != "" {
		typed = url.Values{"login": {login}}
	}
	return h.drawSwitch(c, http.StatusOK, typed, nil, nil)
}

func (h desk) drawSwitch(c echo.Context, status int, typed url.Values, bad fault.Fields, refused *kit.Refusal) error {
	people, err := h.others(c)
	if err != nil {
		return err
	}
	return doorPage.Draw(c, status, "admin.switch.title", doorView{
		LeadKey: "admin.switch.lead", Edit: switchEdit().Filled(typed, bad), People: people, Logout: true, Refused: refused,
	})
}

func (h desk) switchTo(c echo.Context) error {
	f, by := kit.Read(c), kit.Who(c)
	if !by.Guest.None() {
		return fault.Forbidden(string(access.SignedIn))
	}
	token, err := h.Office.Switch(c.Request().Context(), by, office.Login{Login: f.Text("login"), PIN: f.Text("pin"), Meta: meta(c)})
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawSwitch(c, http.StatusUnprocessableEntity, f.Values(), bad, nil)
	}
	if err != nil && fault.KindOf(err) == fault.KindRefused {
		return h.drawSwitch(c, http.StatusTooManyRequests, f.Values(), nil, refusal(c, err))
	}
	if err != nil {
		return err
	}
	if err := h.Office.Logout(c.Request().Context(), by, kit.SessionToken(c)); err != nil {
		return err
	}
	SetToken(c, token)
	c.Response().Header().Set("Clear-Site-Data", `"cache"`) // a draft that never reached the server stays for its author
	return kit.Done(c, "", nil, "/")
}
