//go:build bench

package bench_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// lives lets every fourth of the site's clients come once and every tenth of them pay, over two years,
// and counts all as the night does.
func lives(t testing.TB, site *uitest.Site, n int) (night time.Duration) {
	t.Helper()
	for from := 1; from <= n; from += 4000 {
		write(t, site, func(tx *store.Tx) error {
			for i := from; i < from+4000; i += 4 {
				at := tx.Now().Add(-time.Duration(i%730) * 24 * time.Hour)
				v := store.Visit{Client: term.ClientID(i), State: term.VisitCompleted, Stage: "S6", Station: term.AtLeaving, StationAt: at, ArrivedAt: at, ClosedAt: at}
				if err := tx.AddVisit(&v); err != nil {
					return err
				}
				if i%10 != 1 {
					continue
				}
				o := store.Order{Client: v.Client, Visit: v.ID, TotalFen: term.Fen(i*7919%4_000_000 + 100), State: term.OrderPaid}
				if err := tx.AddOrder(&o); err != nil {
					return err
				}
				p := store.Payment{Order: o.ID, Kind: "payment", AmountFen: o.TotalFen, Cashier: site.StaffID("cashier"), At: at, Day: at.Day(tx.Zone())}
				if err := tx.AddPayment(&p); err != nil {
					return err
				}
			}
			return nil
		})
	}
	book, err := crm.New(t.Context(), site.App.Doer, site.App.Engines.Find, sop.New())
	require.NoError(t, err)
	return uitest.Once(func() {
		_, err := book.Nightly(t.Context(), access.System("bench"))
		require.NoError(t, err)
	})
}

// segments counts and lists groups of clients among 200,000 (row:C5), each as the builder asks: the page
// with count and first lines. The goal is that of another filter over as many rows.
func segments(t *testing.T, b *table, site *uitest.Site) {
	t.Helper()
	night := lives(t, site, 200_000)
	b.add(line{what: "counting 200,000 clients anew, the night's job", laps: uitest.Laps{P50: night, P99: night, N: 1}, goal: 30 * time.Second, asked: -1})
	for _, kind := range []struct{ what, query string }{
		{"nobody asked for anything", ""},
		{"tier, ten thousand spent, 90 days away", "?tiers=gold&tiers=diamond&spent=10000&away=90"},
		{"ten thousand spent, 90 days away", "?spent=10000&away=90"},
		{"new ones", "?stages=new"},
		{"came within a year, may be written to", "?within=365&marketing=on"},
		{"high scores, long away", "?r=2&m=4"},
	} {
		b.measure(site, line{what: "200,000 clients, segment: " + kind.what, ceiling: b.hello, goal: b.reading(peerName)},
			opening(t, site.URL+"/clients/segments/found"+kind.query, site.Cookie("manager")))
	}
}

// TestSegments measures them alone.
func TestSegments(t *testing.T) {
	b := &table{hello: uitest.Run(time.Second, hello(t)).P50, rows: uitest.Run(time.Second, rawBoard(t)).P50}
	defer b.print(t)
	site := uitest.New(t)
	crowd(t, site, 200_000)
	segments(t, b, site)
}
