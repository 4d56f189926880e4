package kit

import (
	"regexp"
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

var guestLink = regexp.MustCompile(`https?://[^/\s]+(/(?:rate|care)/)`)

// AtGuestDoor puts today's address of the guests' door into the links of a kept text: the door
// may have moved since the text was written.
func AtGuestDoor(c echo.Context, text string) string {
	return guestLink.ReplaceAllStringFunc(text, func(link string) string {
		return GuestBase(c) + guestLink.FindStringSubmatch(link)[1]
	})
}
