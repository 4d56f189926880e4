package kit

import (
	"strings"

	"github.com/labstack/echo/v4"
)

// GuestURL is the address of the guests' door as clients' phones reach it; the server sets it
// when it opens that door. "" means that guest pages are reached at the staff's host.
var GuestURL string

// GuestBase is the beginning of a link for a client's phone, without a slash at the end.
func GuestBase(c echo.Context) string {
	if GuestURL != "" {
		return strings.TrimSuffix(GuestURL, "/")
	}
	return c.Scheme() + "://" + c.Request().Host
}
