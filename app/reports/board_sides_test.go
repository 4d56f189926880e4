package reports

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
)

// What came before the opening is counted and comes after what is due before it, what was answered waits no more, and the most urgent comes
// first however late it stands in the list (row:A2).
func TestWaitingLeads(t *testing.T) {
	t.Parallel()
	at := func(minute int) term.Instant { return term.At(time.Date(2026, 3, 2, 9, minute, 0, 0, time.UTC)) }
	leads := []store.Lead{
		{ID: 1, CreatedAt: at(0), ClockFrom: at(8)},
		{ID: 2, CreatedAt: at(1), ClockFrom: at(30)},
		{ID: 3, CreatedAt: at(2), FirstReplyAt: at(3)},
		{ID: 4, CreatedAt: at(4)},
	}
	var order []term.LeadID
	for _, l := range waitingLeads(leads) {
		order = append(order, l.ID)
	}
	require.Equal(t, []term.LeadID{4, 1, 2}, order)
}
