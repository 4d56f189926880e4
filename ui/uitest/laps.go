package uitest

import (
	"slices"
	"time"
)

// Laps are how long one thing took, over and over.
type Laps struct {
	P50, P99 time.Duration
	N        int
}

// Run measures fn: three laps to warm up, then laps until the budget is used up, at least ten
// and at most ten thousand.
func Run(budget time.Duration, fn func()) Laps {
	for range 3 {
		fn()
	}
	var laps []time.Duration
	for began := time.Now(); len(laps) < 10 || time.Since(began) < budget && len(laps) < 10_000; {
		at := time.Now()
		fn()
		laps = append(laps, time.Since(at))
	}
	slices.Sort(laps)
	return Laps{P50: laps[len(laps)/2], P99: laps[len(laps)*99/100], N: len(laps)}
}

// Once measures one thing that cannot be repeated.
func Once(fn func()) time.Duration {
	began := time.Now()
	fn()
	return time.Since(began)
}
