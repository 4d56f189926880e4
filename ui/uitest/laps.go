package uitest

import (
	"slices"
	"sync"
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

// Load is what many do at once: so many Workers, for so long, each with a Pause from the
// beginning of one lap to that of the next. Settled is called once after a fifth of the time.
type Load struct {
	Workers    int
	For, Pause time.Duration
	Settled    func()
}

// Run lets the workers do it over and over, each told its number, and gives the laps of all in
// order of their length, and how long it went on.
func (l Load) Run(lap func(worker int)) (laps []time.Duration, all time.Duration) {
	took := make([][]time.Duration, l.Workers)
	var group sync.WaitGroup
	var settled sync.Once
	began := time.Now()
	for w := range l.Workers {
		group.Go(func() {
			next := began.Add(l.Pause * time.Duration(w) / time.Duration(l.Workers)) // not all in one moment
			for ; time.Since(began) < l.For; next = next.Add(l.Pause) {
				time.Sleep(time.Until(next))
				took[w] = append(took[w], Once(func() { lap(w) }))
				if time.Since(began) > l.For/5 {
					settled.Do(l.Settled)
				}
			}
		})
	}
	group.Wait()
	laps = slices.Concat(took...)
	slices.Sort(laps)
	return laps, time.Since(began)
}
