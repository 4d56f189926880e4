package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/turnstile"
	"meixu/app/words"
	"meixu/store/term"
)

// Guests may ask, and strangers at the staff's door post, 60 times a minute from one address:
// enough for a phone, too little to try tokens.
const (
	guestRate = 60
	guestSpan = time.Minute
)

// limiter counts what each peer asks.
type limiter struct {
	now  func() term.Instant
	gate turnstile.Turnstile
}

func newLimiter(now func() term.Instant) *limiter { return &limiter{now: now} }

func (l *limiter) limit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !l.allow(c.RealIP()) {
			return tooOften(c)
		}
		return next(c)
	}
}

func tooOften(c echo.Context) error {
	c.Response().Header().Set("Retry-After", "60")
	return c.String(http.StatusTooManyRequests, words.ZH.T("web.slow")+"\n")
}

func (l *limiter) allow(peer string) bool {
	return l.gate.Pass(turnstile.Peer(peer), guestRate, guestSpan, l.now())
}
