package reception_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/fault"
	"meixu/app/reception"
	"meixu/ui/uitest"
)

// TestALongTableAsksFewQueries: a trial of 300 rows asks a bounded number of queries a row, and
// taking them in writes them in steps of which each leaves the lane to others.
func TestALongTableAsksFewQueries(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	front := s.As("front")
	rows := func(n int) string {
		var list []string
		for i := range n {
			list = append(list, fmt.Sprintf("MT%03d\t客人%d\t1380001%04d\t\t\t2026-03-%02d %02d:%02d\t", i, i, i, 3+i/30, 9+i%30/4, i%4*15))
		}
		return table(list...)
	}
	asked := func(n int) int64 {
		before := s.App.DB.Queries()
		front.Post(platformImport+"/try", "pasted", rows(n)).Want(http.StatusOK, "可预约")
		return s.App.DB.Queries() - before
	}
	asked(3)
	few, many := asked(10), asked(300)
	perRow := float64(many-few) / 290
	t.Logf("a trial of 10 rows asks %d queries, of 300 %d: %.1f a row", few, many, perRow)
	require.LessOrEqual(t, perRow, 5.0)
	front.Post(platformImport+"/try", "pasted", rows(301)).Want(http.StatusUnprocessableEntity, "300")
	front.Post(platformImport, "pasted", rows(300)).Want(http.StatusOK)
	booked, requests := countBookings(t, s)
	require.Equal(t, 300, booked+requests)
}

// TestATableIsTakenBackWhileItComesIn: somebody takes the table back after its first rows; no row comes in
// after that, because nothing could take it back any more.
func TestATableIsTakenBackWhileItComesIn(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	rows := make([]string, 120)
	for i := range rows {
		rows[i] = fmt.Sprintf("MT%d\t王敏\t138%08d\t没有的项目\t\t2026-03-04 15:30\t", i, i)
	}
	events, cancel := s.App.Hub.Listen()
	defer cancel()
	by, undone := s.Actor("manager"), make(chan error, 1)
	by.Reason = "导错了文件"
	go func() {
		<-events
		undone <- s.App.Rooms.Desk.UndoPlatform(t.Context(), by, 1)
	}()
	_, err := s.App.Rooms.Desk.TakePlatform(t.Context(), s.Actor("front"), reception.PlatformIn{Text: table(rows...)})
	require.NoError(t, <-undone)
	if err != nil {
		require.Equal(t, fault.KindConflict, fault.KindOf(err))
	}
	bookings, requests := countBookings(t, s)
	require.Zero(t, bookings+requests)
}
