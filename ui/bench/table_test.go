//go:build bench

// Package bench_test measures the program beside what the machine can do. `make bench` prints
// the table. It checks that answers are right, never how long they took: figures are read by
// people, a busy machine fails no test.
package bench_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/crm"
	"meixu/app/demo"
	"meixu/app/engine/sop"
	"meixu/ui/uitest"
)

// What speed.md measured on its machine: these scale its figures to the machine at hand.
const (
	refCommit = 244 * time.Microsecond   // one booking with its conflict check, in process
	peerBoard = 29900 * time.Microsecond // PocketBase, 150 visits: 23.9 ms for 120
	peerName  = 69700 * time.Microsecond // PocketBase, a fragment of a name among 200,000
	peerFind  = 2300 * time.Microsecond  // PocketBase, initials and phone tail
	peerBook  = 1300 * time.Microsecond  // PocketBase, not durable
)

// line is one row of the table.
type line struct {
	what    string
	laps    uitest.Laps
	ceiling time.Duration // 0: none
	goal    time.Duration // of the median; 0: none
	asked   int64         // queries, -1: not counted
}

// table gathers lines with the ceilings of the same run.
type table struct {
	hello, rows, commit time.Duration
	greetings           many
	lines               []line
	crowds              []many
}

func (b *table) add(l line) { b.lines = append(b.lines, l) }

// reading scales a goal for reading to this machine by what both machines were seen to do of the
// same kind, pages over HTTP; writing one for commits.
func (b *table) reading(d time.Duration) time.Duration {
	return time.Duration(float64(d) * refHello / b.greetings.rate)
}

func (b *table) writing(d time.Duration) time.Duration { return scale(d, b.commit, refCommit) }

func scale(d, here, there time.Duration) time.Duration {
	return time.Duration(float64(d) * float64(here) / float64(there))
}

func TestTable(t *testing.T) {
	b := &table{}
	b.hello = uitest.Run(time.Second, hello(t)).P50
	b.rows = uitest.Run(time.Second, rawBoard(t)).P50
	b.commit = uitest.Run(time.Second, rawCommit(t)).P50
	b.greetings = greetings(t)
	defer b.print(t) // also when a page fails
	board(t, b)
	finder(t, b)
	booking(t, b)
	file(t, b)
	practice(t, b)
	crowds(t, b)
}

// file opens the file of a client who came 500 times (row:C1).
func file(t *testing.T, b *table) {
	t.Helper()
	site := uitest.New(t)
	path := fmt.Sprintf("%s/client/%d", site.URL, history(t, site, 500))
	for what, tail := range map[string]string{"first screen": "", "one kind": "?show=visit", "page 30": "?show=&page=30"} {
		b.measure(site, line{what: "client's file, 500 visits, " + what, ceiling: b.hello, goal: 20 * time.Millisecond}, opening(t, path+tail, site.Cookie("doctor")))
	}
}

func board(t *testing.T, b *table) {
	t.Helper()
	site := uitest.New(t)
	fullHouse(t, site, 150)
	least, cookie := b.hello+b.rows, site.Cookie("manager")
	stale := func(path string) func() {
		get := opening(t, site.URL+path, cookie)
		return func() { site.Clock.Forward(21 * time.Second); get() } // what was drawn no longer holds
	}
	b.measure(site, line{what: "today board, 150 visits, drawn anew", ceiling: least, goal: b.reading(peerBoard / 10)}, stale("/board"))
	b.measure(site, line{what: "today board, 150 visits, kept", ceiling: least, goal: b.reading(peerBoard / 10)}, opening(t, site.URL+"/board", cookie))
	b.measure(site, line{what: "its live fragment", ceiling: b.hello, goal: b.reading(peerBoard / 100)}, opening(t, site.URL+"/board/rows", cookie))
}

func finder(t *testing.T, b *table) {
	t.Helper()
	site := uitest.New(t)
	crowd(t, site, 200_000)
	started := uitest.Once(func() {
		_, err := crm.New(t.Context(), site.App.Doer, site.App.Engines.Find, sop.New())
		require.NoError(t, err)
	})
	cookie, n := site.Cookie("front"), 0
	for _, kind := range []struct {
		what string
		goal time.Duration
		of   func(i int) string
	}{
		{"fragment of a name", peerName / 100, func(i int) string { return string([]rune(name(i))[:2]) }},
		{"phone tail", peerFind / 15, func(i int) string { return phone(i)[7:] }},
		{"pinyin initials", peerFind / 15, func(i int) string { return []string{"wwq", "lrl", "zqh", "chj", "yxy"}[i%5] }},
	} {
		b.add(line{
			what: "200,000 clients, index alone, " + kind.what, asked: -1,
			laps: uitest.Run(300*time.Millisecond, func() { n++; site.App.Engines.Find.Search(kind.of(n), 20) }),
		})
		b.measure(site, line{what: "200,000 clients, /find by " + kind.what, ceiling: b.hello, goal: b.reading(kind.goal)}, func() {
			n++
			finding(t, site.URL+"/find", kind.of(n), cookie)()
		})
	}
	b.add(line{what: "reading the index of 200,000 clients", laps: uitest.Laps{P50: started, P99: started, N: 1}, goal: time.Second, asked: -1})
	segments(t, b, site)
}

func booking(t *testing.T, b *table) {
	t.Helper()
	site := uitest.New(t)
	next, front := slots(t, site), site.Actor("front")
	b.measure(site, line{what: "booking, durable, the deed", ceiling: b.commit, goal: b.writing(peerBook)}, func() {
		_, err := site.App.Rooms.Desk.Book(t.Context(), front, next())
		require.NoError(t, err)
	})
	b.measure(site, line{what: "booking, durable, over HTTP", ceiling: b.commit + b.hello, goal: b.writing(peerBook) + b.hello}, posting(t, site, next))
}

// practice measures start and pages of the practice clinic.
func practice(t *testing.T, b *table) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "clinic")
	now := time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
	var err error
	built := uitest.Once(func() { _, err = demo.Build(t.Context(), dir, now) })
	require.NoError(t, err)
	b.add(line{what: "building the practice clinic", laps: uitest.Laps{P50: built, P99: built, N: 1}, asked: -1})
	var starts []time.Duration
	for range 5 {
		t.Run("start", func(t *testing.T) {
			starts = append(starts, uitest.Once(func() {
				site := uitest.Folder(t, dir, now)
				opening(t, site.URL+"/login", nil)()
			}))
		})
	}
	b.add(line{what: "start to first answer, practice clinic", laps: uitest.Laps{P50: starts[2], P99: starts[4], N: 5}, goal: 150 * time.Millisecond, asked: -1})
	site := uitest.Folder(t, dir, now)
	for _, p := range pages(t, site) {
		b.measure(site, line{what: p.login + " " + p.name, ceiling: b.hello, goal: b.reading(20 * time.Millisecond)}, opening(t, site.URL+p.path, site.Cookie(p.login)))
	}
}

// measure runs fn and counts the queries of one lap.
func (b *table) measure(site *uitest.Site, l line, fn func()) {
	l.laps = uitest.Run(300*time.Millisecond, fn)
	before := site.App.DB.Queries()
	fn()
	l.asked = site.App.DB.Queries() - before
	b.add(l)
}

func (b *table) print(t *testing.T) {
	t.Helper()
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	say := func(format string, args ...any) {
		_, err := fmt.Fprintf(w, format+"\n", args...)
		require.NoError(t, err)
	}
	say("ceilings of this machine: hello-world Echo over loopback %s · 150 joined rows of raw SQLite %s · durable raw booking %s\n", short(b.hello), short(b.rows), short(b.commit))
	say("what\tp50\tp99\tlaps\tqueries\tceiling\tratio\tgoal p50\tmet")
	for _, l := range b.lines {
		asked, ceiling, ratio, goal, met := "", "", "", "", ""
		if l.asked >= 0 {
			asked = fmt.Sprint(l.asked)
		}
		if l.ceiling > 0 {
			ceiling, ratio = short(l.ceiling), fmt.Sprintf("%.1f", float64(l.laps.P50)/float64(l.ceiling))
		}
		if l.goal > 0 {
			goal, met = short(l.goal), "no"
			if l.laps.P50 <= l.goal {
				met = "yes"
			}
		}
		say("%s\t%s\t%s\t%d\t%s\t%s\t%s\t%s\t%s", l.what, short(l.laps.P50), short(l.laps.P99), l.laps.N, asked, ceiling, ratio, goal, met)
	}
	require.NoError(t, w.Flush())
	b.printCrowds(t, os.Stdout)
}

func short(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }
