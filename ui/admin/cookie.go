package admin

import (
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	office "meixu/app/admin"
	"meixu/ui/kit"
)

// stationLife is how long a browser keeps its random name.
const stationLife = 365 * 24 * time.Hour

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

// station is the random name of this browser, given at the first login.
func station(c echo.Context) string {
	cookie, err := c.Cookie("meixu_station")
	if err == nil && len(cookie.Value) == 26 {
		return cookie.Value
	}
	name := rand.Text()
	c.SetCookie(&http.Cookie{
		Name: "meixu_station", Value: name, Path: "/", MaxAge: int(stationLife / time.Second),
		HttpOnly: true, Secure: c.IsTLS(), SameSite: http.SameSiteStrictMode,
	})
	return name
}

// meta is what the office wants to know of a request at the door.
func meta(c echo.Context) office.Meta {
	by := kit.Who(c)
	agent := c.Request().UserAgent()
	return office.Meta{
		Address: c.RealIP(), Station: station(c), Request: by.Request, Lang: by.Lang,
		Tablet:   strings.Contains(agent, "iPad") || strings.Contains(agent, "Android"),
		Replaces: kit.SessionToken(c),
	}
}
