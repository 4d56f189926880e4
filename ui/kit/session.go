package kit

import "github.com/labstack/echo/v4"

// SessionCookie is the name of the session cookie. It follows the scheme: over TLS the browser itself enforces host, path and Secure.
func SessionCookie(c echo.Context) string {
	if c.IsTLS() {
		return "__Host-meixu"
	}
	return "meixu"
}

// SessionToken is the session token of the request, "" without.
func SessionToken(c echo.Context) string {
	cookie, err := c.Cookie(SessionCookie(c))
	if err != nil {
		return ""
	}
	return cookie.Value
}
