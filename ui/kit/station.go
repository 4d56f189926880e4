package kit

import (
	"crypto/rand"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/lan"
)

// stationLife is how long a browser keeps its secret.
const stationLife = 365 * 24 * time.Hour

// secretSize is the length of rand.Text.
const secretSize = 26

// stationCookie is the name of the cookie with the browser's secret.
func stationCookie(c echo.Context) string { return CookieName(c, "meixu_station") }

// KnownStation is the mark of a browser that was here before.
func KnownStation(c echo.Context) (mark string, ok bool) {
	cookie, err := c.Cookie(stationCookie(c))
	if err != nil || len(cookie.Value) != secretSize {
		return "", false
	}
	return lan.Mark(cookie.Value), true
}

// Station is the mark of this browser. Its secret is given the first time and never leaves
// the cookie.
func Station(c echo.Context) string {
	if mark, ok := KnownStation(c); ok {
		return mark
	}
	secret := rand.Text()
	c.SetCookie(&http.Cookie{
		Name: stationCookie(c), Value: secret, Path: "/", MaxAge: int(stationLife / time.Second),
		HttpOnly: true, Secure: c.IsTLS(), SameSite: http.SameSiteStrictMode,
	})
	return lan.Mark(secret)
}
