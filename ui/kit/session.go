package kit

import "github.com/labstack/echo/v4"

// CookieName is the name of a cookie of the house. It follows the scheme: over TLS the browser itself
// enforces host, path and Secure, so that nobody on the network, and not the guests' door without TLS on
// the same host, can slip one in.
func CookieName(c echo.Context, name string) string {
	if c.IsTLS() {
		return "__Host-" + name
	}
	return name
}

// Cookies that are no secret: language and density chosen at this browser, finger or mouse. The
// last two are set by frame.js.
const (
	LangCookie    = "meixu_lang"
	viewCookie    = "meixu_view"
	PointerCookie = "meixu_pointer"
)

// Cookie is the text of a cookie of the house, "" without one.
func Cookie(c echo.Context, name string) string {
	cookie, err := c.Cookie(CookieName(c, name))
	if err != nil {
		return ""
	}
	return cookie.Value
}

// SessionCookie is the name of the session cookie.
func SessionCookie(c echo.Context) string { return CookieName(c, "meixu") }

// SessionToken is the session token of the request, "" without.
func SessionToken(c echo.Context) string { return Cookie(c, "meixu") }
