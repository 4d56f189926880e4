package web

import (
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/words"
	"meixu/store/term"
)

// Guests may ask, and strangers at the staff's door post, 60 times a minute from one address:
// enough for a phone, too little to try tokens.
const (
	guestRate  = 60
	guestSpan  = time.Minute
	guestPeers = 10_000
)

// limiter counts requests of each peer in a window.
type limiter struct {
	now   func() term.Instant
	mu    sync.Mutex
	start term.Instant
	count map[string]int
}

func newLimiter(now func() term.Instant) *limiter {
	return &limiter{now: now, count: map[string]int{}}
}

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
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if now.Sub(l.start) >= guestSpan || len(l.count) > guestPeers {
		l.start, l.count = now, map[string]int{}
	}
	l.count[peer]++
	return l.count[peer] <= guestRate
}
