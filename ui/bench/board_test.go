//go:build bench

package bench_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/live"
	"meixu/store"
	"meixu/ui/uitest"
)

// BenchmarkBoardAnew draws the board of 150 visits after a change of one of them.
func BenchmarkBoardAnew(b *testing.B) {
	site := uitest.New(b)
	fullHouse(b, site, 150)
	open := opening(b, site.URL+"/board/rows", site.Cookie("manager"))
	open()
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		write(b, site, func(tx *store.Tx) error {
			v, err := tx.Visit(8)
			require.NoError(b, err)
			v.StationAt = tx.Now()
			tx.Publish(live.Board)
			return tx.SaveVisit(&v)
		})
		b.StartTimer()
		open()
	}
}
