//go:build bench

package bench_test

import (
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/reception"
	"meixu/ui/uitest"
)

// What speed.md measured with many at once, a second: these scale its figures to this machine.
const (
	refHello  = 42_090.0 // hello world of the ceiling, 16 at once
	refShared = 70_500.0 // rows a second where sixteen share one commit
	peerBooks = 894.0    // PocketBase, booking, 16 at once, not durable
	crowdTaps = 2_332.0  // the ceiling's 200 tablets without a pause
)

// many is one row of the second table: what many do at once.
type many struct {
	what       string
	rate       float64 // a second
	p50, p99   time.Duration
	done       int
	ceiling    float64 // a second; 0: none
	goal       float64 // a second; 0: none
	slowest    time.Duration
	megabytes  float64 // the process, clients of this harness included; 0: not looked at
	growthOfIt float64 // since the first fifth
}

// load lets so many do something over and over, for so long; each is told its number. pause is
// what each waits from the beginning of one lap to the next. Nothing may fail.
func load(t *testing.T, workers int, forHow, pause time.Duration, lap func(worker int)) many {
	t.Helper()
	early := uint64(0)
	laps, lasted := uitest.Load{Workers: workers, For: forHow, Pause: pause, Settled: func() { early = resident(t) }}.Run(lap)
	now := resident(t)
	return many{
		rate: float64(len(laps)) / lasted.Seconds(), done: len(laps), p50: laps[len(laps)/2],
		p99: laps[len(laps)*99/100], slowest: laps[len(laps)-1], megabytes: float64(now) / 1e6,
		growthOfIt: float64(now)/float64(max(early, 1)) - 1,
	}
}

// resident is the memory of this process in bytes, 0 where the system does not tell.
func resident(t *testing.T) uint64 {
	t.Helper()
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.ParseUint(strings.Fields(string(raw))[1], 10, 64)
	require.NoError(t, err)
	return pages * uint64(os.Getpagesize())
}

// shared is what raw SQLite does where those who wait share a durable commit: one booking with
// its conflict check each, and nothing else.
func shared(t *testing.T, workers int) many {
	t.Helper()
	db := rawDB(t)
	waiting := make(chan chan error, workers)
	go func() {
		n := 0
		for first := range waiting {
			tx, err := db.Begin()
			batch := []chan error{first}
			for more := true; more && err == nil; {
				n++
				err = rawBook(tx, n)
				select {
				case next := <-waiting:
					batch = append(batch, next)
				default:
					more = false
				}
			}
			if err == nil {
				err = tx.Commit()
			}
			for _, b := range batch {
				b <- err
			}
		}
	}()
	t.Cleanup(func() { close(waiting) })
	return load(t, workers, 2*time.Second, 0, func(int) {
		told := make(chan error, 1)
		waiting <- told
		require.NoError(t, <-told)
	})
}

// greetings is how many hellos a second this machine says to sixteen.
func greetings(t *testing.T) many {
	t.Helper()
	greets := make([]func(), 16)
	server := greeter(t)
	for i := range greets {
		greets[i] = opening(t, server, nil)
	}
	return load(t, 16, 2*time.Second, 0, func(w int) { greets[w]() })
}

// crowds measures what many do at once: bookings, and two hundred tablets at the board.
func crowds(t *testing.T, b *table) {
	t.Helper()
	b.crowd("ceiling: hello-world Echo, 16 at once", b.greetings, 0, 0)
	raw := shared(t, 64)
	b.crowd("ceiling: raw bookings of 64 that share commits", raw, 0, 0)
	db, n := rawDB(t), atomic.Int64{}
	alone := load(t, 64, 2*time.Second, 0, func(int) { require.NoError(t, rawAudited(db, int(n.Add(1)))) })
	b.crowd("ceiling: raw bookings with their act, 64 at once, one by one", alone, 0, 0)
	books := leastProgram(t, 16)
	least := load(t, 16, 2*time.Second, 0, func(w int) { books[w]() })
	b.crowd("ceiling: the least program that books over HTTP, 16 at once", least, 0, 0)

	site := uitest.New(t)
	next, front := turns(slots(t, site)), site.Actor("front")
	deeds := load(t, 64, 3*time.Second, 0, func(int) {
		_, err := site.App.Rooms.Desk.Book(t.Context(), front, next())
		require.NoError(t, err)
	})
	b.crowd("booking with conflict check, 64 at once, the deed", deeds, alone.rate, alone.rate/2)
	posts := make([]func(), 16)
	for i := range posts {
		posts[i] = posting(t, site, next)
	}
	b.crowd("the same over HTTP, 16 at once", load(t, 16, 3*time.Second, 0, func(w int) { posts[w]() }),
		least.rate, max(2*peerBooks*raw.rate/refShared, least.rate/2))
	tablets(t, b, b.greetings.rate)
}

// tablets are two hundred at the board of 150 visits: of a hundred taps five write, in turn a
// booking and a visit given to a consultant, which changes the board of all; the others look at
// it, most at what is drawn anew, some at the whole page.
func tablets(t *testing.T, b *table, hello float64) {
	t.Helper()
	const count = 200
	site := uitest.New(t)
	fullHouse(t, site, 150)
	next, consultant := turns(slots(t, site)), fmt.Sprint(site.StaffID("consultant"))
	logins := []string{"front", "consultant", "nurse", "doctor", "manager"}
	var fragment, page, book [count]func()
	var post [count]func(string, url.Values)
	for n := range count {
		cookie := site.Cookie(logins[n%len(logins)])
		fragment[n], page[n] = opening(t, site.URL+"/board/rows", cookie), opening(t, site.URL+"/board", cookie)
		book[n], post[n] = posting(t, site, next), poster(t, site)
	}
	var taps atomic.Int64
	tap := func(w int) {
		switch n := taps.Add(1); {
		case n%40 == 0:
			book[w]()
		case n%20 == 0:
			post[w](fmt.Sprintf("/reception/visit/%d/assign", 1+n/40%150), url.Values{"to": {"consultant"}, "consultant": {consultant}, "reason": {"轮换"}})
		case n%4 == 0:
			page[w]()
		default:
			fragment[w]()
		}
	}
	b.crowd("200 tablets, 5 % write, 2 s between taps, 30 s", load(t, count, 30*time.Second, 2*time.Second, tap), 0, 99)
	b.crowd("200 tablets, 5 % write, no pause, 30 s", load(t, count, 30*time.Second, 0, tap), hello, crowdTaps/2*hello/refHello)
}

// turns lets many take turns at something that is for one.
func turns(next func() reception.Booking) func() reception.Booking {
	var mu sync.Mutex
	return func() reception.Booking {
		mu.Lock()
		defer mu.Unlock()
		return next()
	}
}

func (b *table) crowd(what string, m many, ceiling, goal float64) {
	m.what, m.ceiling, m.goal = what, ceiling, goal
	b.crowds = append(b.crowds, m)
}

// printCrowds prints the second table.
func (b *table) printCrowds(t *testing.T, out io.Writer) {
	t.Helper()
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	say := func(format string, args ...any) {
		_, err := fmt.Fprintf(w, format+"\n", args...)
		require.NoError(t, err)
	}
	say("\nmany at once\ta second\tp50\tp99\tslowest\tdone\tmemory (grown)\tof the ceiling\tgoal\tmet")
	for _, m := range b.crowds {
		of, goal, met := "", "", ""
		if m.ceiling > 0 {
			of = fmt.Sprintf("%.2f", m.rate/m.ceiling)
		}
		if m.goal > 0 {
			goal, met = fmt.Sprintf("%.0f", m.goal), "no"
			if m.rate >= m.goal {
				met = "yes"
			}
		}
		say("%s\t%.0f\t%s\t%s\t%s\t%d\t%.0f MB (%.0f %%)\t%s\t%s\t%s", m.what, m.rate, short(m.p50), short(m.p99), short(m.slowest), m.done, m.megabytes, 100*m.growthOfIt, of, goal, met)
	}
	require.NoError(t, w.Flush())
}
