package web

import (
	"net/http"
	"net/url"
	"path"

	"github.com/labstack/echo/v4"

	"meixu/ui/kit"
)

// The page's script posts by fetch and must learn where a good deed leads: postHeader asks for
// it, goHeader tells it.
const (
	postHeader = "X-Meixu-Post"
	goHeader   = "X-Meixu-Go"
)

// told turns the redirect that ends a good post into a header: the page follows it itself, so
// that the sentence of success is shown by the page that a person sees.
func told(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method == http.MethodPost && c.Request().Header.Get(postHeader) != "" {
			w := c.Response()
			w.Before(func() {
				to := w.Header().Get(echo.HeaderLocation)
				if to == "" || w.Status < 300 || w.Status > 399 {
					return
				}
				w.Header().Del(echo.HeaderLocation)
				w.Header().Set(goHeader, to)
				w.Status = http.StatusOK
			})
		}
		return next(c)
	}
}

// above sends somebody who opens the address of a deed (Back, reload, a kept address) to the
// nearest page above it; found is false when there is none, as at the guests' door, which knows
// no page of the house.
func (s *Server) above(c echo.Context) (to string, found bool) {
	r := c.Request()
	if c.Echo() == s.guest || r.Method != http.MethodGet || !s.routes.Answers(http.MethodPost, r.URL.Path) {
		return "", false
	}
	for to = path.Dir(r.URL.Path); to != "/" && to != "."; to = path.Dir(to) {
		if s.routes.Answers(http.MethodGet, to) {
			return to, true
		}
	}
	return "", false
}

// pageOf is the page on which somebody was when the request was made, with its filter: that
// of the browser's address for what a script asked, never a piece or a deed.
func pageOf(c echo.Context) string {
	r := c.Request()
	page := r.URL
	if current := r.Header.Get("HX-Current-URL"); current != "" {
		if u, err := url.Parse(current); err == nil {
			page = u
		}
	}
	return kit.AddressOf(page)
}
