package reports

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
)

var noon = term.At(time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC))

func TestAnInquiryIsAnsweredInFiveMinutes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		after     time.Duration // first answer after intake; 0: none
		age       time.Duration
		due, kept bool
	}{
		{"answered at the fifth minute", 5 * time.Minute, time.Hour, true, true},
		{"answered a moment later", 5*time.Minute + time.Second, time.Hour, true, false},
		{"not answered, time left", 0, 5 * time.Minute, false, false},
		{"not answered, time over", 0, 6 * time.Minute, true, false},
	} {
		l := store.Lead{CreatedAt: noon.Add(-c.age)}
		if c.after > 0 {
			l.FirstReplyAt = l.CreatedAt.Add(c.after)
		}
		due, kept := answered(l, noon)
		require.Equal(t, [2]bool{c.due, c.kept}, [2]bool{due, kept}, c.name)
	}
}

func TestAStepKeepsItsLimit(t *testing.T) {
	t.Parallel()
	for state, want := range map[store.StampState]bool{
		store.StampDone: true, store.StampManual: true, store.StampOpen: false, store.StampSkipped: false, store.StampUndone: false,
	} {
		require.Equal(t, want, keptLimit(store.SOPStamp{State: state, DueAt: noon, DoneAt: noon}), state)
		require.False(t, keptLimit(store.SOPStamp{State: state, DueAt: noon, DoneAt: noon.Add(time.Minute)}), state)
	}
}

func TestMedianAndPercent(t *testing.T) {
	t.Parallel()
	_, ok := median(nil)
	require.False(t, ok)
	for _, c := range []struct {
		minutes []int
		want    int
	}{{[]int{7}, 7}, {[]int{9, 1}, 1}, {[]int{30, 2, 8}, 8}} {
		n, ok := median(c.minutes)
		require.True(t, ok)
		require.Equal(t, c.want, n)
	}
	_, ok = percent(0, 0)
	require.False(t, ok)
	n, _ := percent(2, 3)
	require.Equal(t, 66, n)
}

func TestEveryStationHasALimit(t *testing.T) {
	t.Parallel()
	for _, s := range Lanes {
		require.Positive(t, Limit(s), s)
	}
	require.NotContains(t, Lanes, term.Gone)
}

func TestSealedColumnsAreSecret(t *testing.T) {
	t.Parallel()
	for _, c := range []string{"name_sealed", "phone_index", "token_hash", "wrapped_key", "body", "sha256"} {
		require.True(t, secret(c), c)
	}
	for _, c := range []string{"state", "staff_id", "reason", "given_at"} {
		require.False(t, secret(c), c)
	}
}

// Who did not say counts nowhere, and one rating may name several roles (row:C8).
func TestAgainIn(t *testing.T) {
	t.Parallel()
	line, some := againIn("2026-03-01", []store.Rating{{Again: "front,nurse"}, {Again: store.AgainNo}, {Again: ""}, {Again: "front"}})
	require.True(t, some)
	var said []string
	for _, c := range line.Cells {
		said = append(said, c.Text)
	}
	require.Equal(t, []string{"2026-03", "3", "2", "66%", "2", "0", "0", "1", "0", "0"}, said)
	_, some = againIn("2026-03-01", []store.Rating{{}})
	require.False(t, some)
	require.Equal(t, term.Day("2027-01-01"), nextMonth("2026-12-01"))
}
