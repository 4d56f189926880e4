package reception

import (
	"crypto/rand"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/lan"
	"meixu/app/live"
	"meixu/app/reception"
	"meixu/store/term"
	"meixu/ui/kit"
)

// screensView is the page on which screens of the waiting room are enrolled.
type screensView struct {
	List    []reception.Enrolled
	Address string
	Here    bool // the address leads nobody but this computer here
	Code    kit.QR
	Typed   string
	Fault   string // words key
}

var screensPage = kit.New[screensView](pages, "screens.html")

func (h desk) screens(c echo.Context) error { return h.drawScreens(c, http.StatusOK, screensView{}) }

func (h desk) drawScreens(c echo.Context, status int, v screensView) (err error) {
	if v.List, err = h.Screens(c.Request().Context(), kit.Who(c)); err != nil {
		return err
	}
	v.Address = kit.GuestBase(c) + "/screen"
	v.Here = !lan.Reached(v.Address)
	if v.Code, err = kit.NewQR(v.Address); err != nil {
		return err
	}
	return screensPage.Draw(c, status, "reception.screen.title", v)
}

func (h desk) enrolScreen(c echo.Context) error {
	code := kit.Read(c).Text("code")
	err := h.EnrolScreen(c.Request().Context(), kit.Who(c), code)
	if said, ok := kit.Refused(c, err); ok && len(said.Faults) > 0 {
		return h.drawScreens(c, said.Status, screensView{Typed: code, Fault: "reception.screen.unknown"})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "reception.screen.enrolled", nil, "/reception/screens")
}

func (h desk) endScreen(c echo.Context) error {
	if err := h.EndScreen(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id")); err != nil {
		return err
	}
	return kit.Done(c, "reception.screen.ended", nil, "/reception/screens")
}

// screenView is what the waiting room sees. Second is the second of the clinic's day: the clock of
// a television is often wrong.
type screenView struct {
	reception.OnScreen
	Second int
}

// State is what the page compares: when it changes the page loads itself anew.
func (v screenView) State() string {
	switch {
	case v.Spent:
		return "spent"
	case v.Code != "":
		return "code"
	}
	return "queue"
}

var screenPage = kit.New[screenView](pages, "screen.html").As(kit.Screen)

// screenSecret is the cookie that opens the queue to a screen; screenCookie is how long it lasts.
const (
	screenSecret = "meixu_screen"
	screenCookie = 400 * 24 * time.Hour
	secretSize   = 26 // of rand.Text
)

// screen is the page of a television: the queue when it is enrolled, else the code that enrols it.
func (h desk) screen(c echo.Context) error {
	secret := kit.Cookie(c, screenSecret)
	s, err := reception.OnScreen{Spent: true}, error(nil)
	if len(secret) == secretSize {
		s, err = h.Screen(c.Request().Context(), secret, c.RealIP())
	}
	if err == nil && s.Spent {
		secret = rand.Text()
		c.SetCookie(&http.Cookie{
			Name: kit.CookieName(c, screenSecret), Value: secret, Path: "/", MaxAge: int(screenCookie / time.Second),
			HttpOnly: true, Secure: c.IsTLS(), SameSite: http.SameSiteStrictMode,
		})
		s, err = h.Screen(c.Request().Context(), secret, c.RealIP())
	}
	if err != nil {
		return err
	}
	return screenPage.Draw(c, http.StatusOK, "reception.screen.title", h.screenView(s))
}

// screenNews answers with what the screen shows as soon as it is another thing than after the news
// that the page names.
func (h desk) screenNews(c echo.Context) error {
	secret := kit.Cookie(c, screenSecret)
	if len(secret) != secretSize {
		return screenPage.Part(c, http.StatusOK, "screen-rows", h.screenView(reception.OnScreen{Spent: true, At: h.DB.Now()}))
	}
	kit.AwaitNews(c, h.Hub, live.Queue)
	s, err := h.Screen(c.Request().Context(), secret, c.RealIP())
	if err != nil {
		return err
	}
	return screenPage.Part(c, http.StatusOK, "screen-rows", h.screenView(s))
}

func (h desk) screenView(s reception.OnScreen) screenView {
	zone := h.DB.Zone()
	at := s.At
	if at.IsZero() {
		at = h.DB.Now()
	}
	return screenView{s, secondOfDay(at, zone)}
}

func secondOfDay(at term.Instant, zone *time.Location) int {
	return int(at.Sub(at.Day(zone).Start(zone)) / time.Second)
}
