package admin

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	office "meixu/app/admin"
	"meixu/ui/kit"
)

// SetToken gives the browser a new session token; "" takes it away.
func SetToken(c echo.Context, token string) {
	age := int(office.SessionLife / time.Second)
	if token == "" {
		age = -1
	}
	c.SetCookie(&http.Cookie{
		Name: kit.SessionCookie(c), Value: token, Path: "/", MaxAge: age,
		HttpOnly: true, Secure: c.IsTLS(), SameSite: http.SameSiteStrictMode,
	})
}

// turnTo gives the browser the token in the place of the one it came with; with "" it keeps its own.
func turnTo(c echo.Context, token string) {
	if token != "" {
		SetToken(c, token)
	}
}

// meta is what the office wants to know of a request at the door.
func meta(c echo.Context) office.Meta {
	by := kit.Who(c)
	return office.Meta{
		Address: c.RealIP(), Station: kit.Station(c), Request: by.Request, Lang: by.Lang,
		Tablet: byFinger(c), Browser: browserOf(c.Request().UserAgent()), Replaces: kit.SessionToken(c),
	}
}

// byFinger says that the browser is worked by finger: the page at the door has told it (frame.js).
// A browser without scripts is judged by its name.
func byFinger(c echo.Context) bool {
	if pointer := kit.Cookie(c, kit.PointerCookie); pointer != "" {
		return pointer == "coarse"
	}
	agent := c.Request().UserAgent()
	return strings.Contains(agent, "iPad") || strings.Contains(agent, "Android")
}
