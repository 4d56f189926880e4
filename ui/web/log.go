package web

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/ui/kit"
)

// Clock is the machine's clock, for the app's options.
func Clock() time.Time { return time.Now() }

type requestKey struct{}

// RequestID is the id of the request that a context belongs to.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// identify gives every request an id; what the browser sends is not believed.
func identify(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		id := rand.Text()[:12]
		r := c.Request()
		c.SetRequest(r.WithContext(context.WithValue(r.Context(), requestKey{}, id)))
		c.Response().Header().Set("X-Request-Id", id)
		return next(c)
	}
}

// refusedKey keeps in the request why it was refused, for the log.
const refusedKey = "meixu.refused"

// logged writes one line a request: ids, route patterns and the word of a refusal only, never names,
// numbers of clients, query strings or form content. Where a request comes from is told at the
// staff's door; the phones of guests are theirs.
func (s *Server) logged(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		started := time.Now()
		err := next(c)
		if err != nil {
			c.Error(err) // answer now, so that the line has the status
		}
		if c.Path() == reportPath {
			return nil // counted by kind (lan.Violations)
		}
		line := []any{
			"id", RequestID(c.Request().Context()), "method", c.Request().Method, "route", c.Path(),
			"status", c.Response().Status, "ms", time.Since(started).Milliseconds(),
			"staff", int64(kit.Who(c).Staff), "session", kit.Who(c).Session,
		}
		if c.Echo() != s.guest {
			line = append(line, "from", c.RealIP())
		}
		if why, refused := c.Get(refusedKey).(string); refused {
			line = append(line, "refused", why)
		}
		slog.Info("request", line...)
		return nil
	}
}
