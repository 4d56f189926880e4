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

// Station is the mark of this browser. Its secret is given the first time and never leaves
// the cookie.
func Station(c echo.Context) string {
	name := "meixu_station"
	if c.IsTLS() {
		name = "__Host-meixu_station"
	}
	cookie, err := c.Cookie(name)
	if err == nil && len(cookie.Value) == secretSize {
		return lan.Mark(cookie.Value)
	}
	secret := rand.Text()
	c.SetCookie(&http.Cookie{
		Name: name, Value: secret, Path: "/", MaxAge: int(stationLife / time.Second),
		HttpOnly: true, Secure: c.IsTLS(), SameSite: http.SameSiteStrictMode,
	})
	return lan.Mark(secret)
}
