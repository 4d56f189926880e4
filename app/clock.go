package app

import (
	"sync/atomic"
	"time"
)

// clock is the house's clock: the machine's, and in demo mode moved by the owner, so that a
// 30-minute observation or a 48-hour follow-up can be walked (rulings 29).
type clock struct {
	base   func() time.Time
	offset atomic.Int64 // nanoseconds
}

func (c *clock) now() time.Time { return c.base().Add(time.Duration(c.offset.Load())) }
