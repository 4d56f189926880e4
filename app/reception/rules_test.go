package reception

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

var nine = term.At(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))

func candidate(id term.StaffID, open int, last time.Duration) Candidate {
	c := Candidate{Staff: store.Staff{ID: id, Active: true, OnShift: true}, Open: open}
	if last > 0 {
		c.Last = nine.Add(last)
	}
	return c
}

func TestTheRotationIsFair(t *testing.T) {
	t.Parallel()
	own := candidate(3, 5, time.Hour)
	own.Own = true
	off := candidate(4, 0, 0)
	off.Staff.OnShift = false
	gone := candidate(5, 0, 0)
	gone.Staff.Active = false
	cases := map[string]struct {
		all  []Candidate
		want term.StaffID
	}{
		"the client's own consultant stands above all":   {[]Candidate{candidate(1, 0, 0), own}, 3},
		"the fewest open visits come first":              {[]Candidate{candidate(1, 2, 0), candidate(2, 1, time.Hour)}, 2},
		"of equal load, whoever had none for longest":    {[]Candidate{candidate(1, 1, 2*time.Hour), candidate(2, 1, time.Hour)}, 2},
		"who had none today comes before who had one":    {[]Candidate{candidate(1, 0, time.Minute), candidate(2, 0, 0)}, 2},
		"of equal everything, the lowest number":         {[]Candidate{candidate(2, 0, 0), candidate(1, 0, 0)}, 1},
		"who is not on shift or has left is not offered": {[]Candidate{off, gone, candidate(1, 9, time.Hour)}, 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list := propose(c.all)
			require.NotEmpty(t, list)
			require.True(t, list[0].Proposed)
			require.Equal(t, c.want, list[0].Staff.ID)
			for _, other := range list[1:] {
				require.False(t, other.Proposed)
			}
		})
	}
	require.Empty(t, propose([]Candidate{off}))
}

func TestMovesOfAQueueNumber(t *testing.T) {
	t.Parallel()
	cases := []struct {
		from term.TicketState
		deed string
		to   term.TicketState // "" when refused
	}{
		{term.TicketWaiting, Call, term.TicketCalled},
		{term.TicketCalled, Call, term.TicketCalled},
		{term.TicketSkipped, Call, term.TicketCalled},
		{term.TicketServing, Call, ""},
		{term.TicketDone, Call, ""},
		{term.TicketWaiting, Serve, term.TicketServing},
		{term.TicketSkipped, Serve, ""},
		{term.TicketCalled, Skip, term.TicketSkipped},
		{term.TicketServing, Skip, ""},
		{term.TicketWaiting, Back, ""},
		{term.TicketCalled, Back, term.TicketWaiting},
		{term.TicketServing, Back, term.TicketWaiting},
		{term.TicketWaiting, "dance", ""},
	}
	for _, c := range cases {
		to, err := moveTicket(c.from, c.deed)
		require.Equal(t, c.to, to, "%s %s", c.from, c.deed)
		require.Equal(t, c.to == "", err != nil)
		require.Equal(t, c.to != "", MayMove(c.from, c.deed))
	}
}

func TestWhoMayArrive(t *testing.T) {
	t.Parallel()
	open := &store.Visit{ID: 7, Number: "V20260302-001"}
	require.NoError(t, mayArrive(store.Client{State: "active"}, nil, false))
	require.Equal(t, fault.KindConflict, fault.KindOf(mayArrive(store.Client{State: "active"}, open, true)))
	require.Equal(t, fault.KindNotFound, fault.KindOf(mayArrive(store.Client{State: "merged"}, nil, true)))
	require.ErrorContains(t, mayArrive(store.Client{State: "blocked"}, nil, false), "S1-03")
	require.NoError(t, mayArrive(store.Client{State: "blocked"}, nil, true))
}

func TestWhenAVisitMayEndEarly(t *testing.T) {
	t.Parallel()
	visit := store.Visit{State: term.VisitOpen}
	want := map[term.TreatmentState]string{
		term.TreatmentScheduled: "", term.TreatmentSignedIn: "", term.TreatmentTimedOut: "", term.TreatmentCancelled: "",
		term.TreatmentInProgress: "S5-10", term.TreatmentSignedOut: "S5-10", term.TreatmentObserving: "S5-10",
		term.TreatmentReleased: "S6-01", term.TreatmentStopped: "S6-01",
	}
	for state, rule := range want {
		err := mayEnd(visit, []store.Treatment{{State: state}})
		if rule == "" {
			require.NoError(t, err, state)
			continue
		}
		require.ErrorContains(t, err, rule, state)
	}
	require.Equal(t, fault.KindConflict, fault.KindOf(mayEnd(store.Visit{State: term.VisitLeft}, nil)))
}

func TestWhenAnArrivalMayBeUndone(t *testing.T) {
	t.Parallel()
	open := store.Visit{State: term.VisitOpen}
	require.NoError(t, mayUndo(open, "2026-03-02", "2026-03-02", false))
	require.ErrorContains(t, mayUndo(open, "2026-03-03", "2026-03-02", false), "S1-03")
	require.ErrorContains(t, mayUndo(open, "2026-03-02", "2026-03-02", true), "S1-03")
	require.Equal(t, fault.KindConflict, fault.KindOf(mayUndo(store.Visit{State: term.VisitLeft}, "2026-03-02", "2026-03-02", false)))
}

func TestTheScreenShowsTheLatestCallOnTop(t *testing.T) {
	t.Parallel()
	row := func(number string, state term.TicketState, called time.Duration) Waiting {
		return Waiting{
			Ticket: store.Ticket{ID: int64(len(number)) + int64(called), Number: number, State: state, CalledAt: nine.Add(called)},
			Client: store.Client{Name: "林晚秋"},
		}
	}
	list := shown(Queue{Waiting: []Waiting{
		row("C01", term.TicketCalled, time.Minute), row("C02", term.TicketWaiting, 0),
		row("C03", term.TicketCalled, 3*time.Minute), row("C04", term.TicketCalled, 2*time.Minute),
	}})
	var numbers []string
	for _, s := range list {
		numbers = append(numbers, s.Number)
		require.NotContains(t, s.Name, "晚秋")
	}
	require.Equal(t, []string{"C03", "C04", "C01", "C02"}, numbers)
	many := make([]Waiting, 20)
	for i := range many {
		many[i] = row("C09", term.TicketWaiting, 0)
	}
	require.Len(t, shown(Queue{Waiting: many}), screenShows)
}
