package web

import (
	"fmt"
	"net/http"
	"regexp"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/store/term"
	"meixu/ui/kit"
)

// aboutClient are the addresses that name a client by the id of the file.
var aboutClient = regexp.MustCompile(`^(/clients?/|/reception/clients/)(\d+)((?:/.*)?)$`)

// merged leads whoever opens a page of a file that was merged to the one that stayed, so that old
// links and open tabs go on working.
func (s *Server) merged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Method != http.MethodGet || !kit.Who(c).SignedIn() {
			return next(c)
		}
		if m := aboutClient.FindStringSubmatch(r.URL.Path); m != nil {
			if id, moved := s.survivor(m[2]); moved {
				return c.Redirect(http.StatusSeeOther, m[1]+id+m[3])
			}
		}
		query := r.URL.Query()
		if id, moved := s.survivor(query.Get("client")); moved {
			query.Set("client", id)
			return c.Redirect(http.StatusSeeOther, r.URL.Path+"?"+query.Encode())
		}
		return next(c)
	}
}

// survivor is the file that the one of the number was merged into.
func (s *Server) survivor(number string) (string, bool) {
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return "", false
	}
	to, moved := s.app.Engines.Find.Survivor(term.ClientID(id))
	return fmt.Sprint(to), moved
}
