package floor_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// TestBoardsAndVisitsAgree holds the facts that reports read for many visits at once against
// those that the SOP engine asks for one at a time.
func TestBoardsAndVisitsAgree(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	visits := []store.Visit{open(t, site, "林晚秋", term.AtWaiting), open(t, site, "周若兰", term.AtPreOp)}
	err := site.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "test.fill"}, func(tx *store.Tx) error {
		items, err := tx.Items(true)
		if err != nil {
			return err
		}
		for i, v := range visits {
			c, err := tx.Client(v.Client)
			if err != nil {
				return err
			}
			c.Birth = term.Day(fmt.Sprintf("20%02d-01-01", 5+i*6)) // the second is a minor
			if err := tx.SaveClient(&c); err != nil {
				return err
			}
			p := store.Plan{Visit: v.ID, Client: v.Client, State: term.PlanApproved}
			if err := tx.AddPlan(&p); err != nil {
				return err
			}
			for n, item := range items[i*7 : i*7+4] {
				line := store.PlanItem{Plan: p.ID, Item: item.ID, Sessions: 1, ListFen: 100000, PriceFen: term.Fen(100000 - 5000*n), State: "proposed"}
				if err := tx.AddPlanItem(&line); err != nil {
					return err
				}
			}
		}
		return tx.AddConsent(&store.Consent{Client: visits[0].Client, Purpose: term.ForRecording, GivenAt: tx.Now()})
	})
	require.NoError(t, err)
	board, err := site.App.Rooms.Reports.Board(t.Context(), site.Actor("manager"))
	require.NoError(t, err)
	seen := 0
	for _, lane := range board.Lanes {
		for _, card := range lane.Cards {
			seen++
			require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
				score, err := site.App.Engines.SOP.Score(r, card.Visit)
				require.NoError(t, err)
				require.Equal(t, score.Percent(), card.Score)
				line, err := site.App.Engines.SOP.Stepper(r, card.Visit, "zh")
				require.Equal(t, line, card.Line)
				return err
			}))
		}
	}
	require.Equal(t, 2, seen)
}

func TestClocksThatRanOutBecomeTasksOnce(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	open(t, site, "林晚秋", term.AtWaiting)
	site.Clock.Forward(3 * time.Hour)
	raise := func() int {
		n, err := site.App.Rooms.Reports.RaiseClocks(t.Context(), access.System("test"))
		require.NoError(t, err)
		return n
	}
	require.Positive(t, raise())
	require.Zero(t, raise())
	site.As("manager").Get("/board").Want(http.StatusOK, `class="late"`) // the top bar counts them
	site.As("manager").Get("/tasks").Want(http.StatusOK, "林晚秋", "S1-03 到店问候").Not("⟦")
	english := site.As("manager")
	english.Post("/lang", "lang", "en")
	english.Get("/tasks").Want(http.StatusOK, "Step overdue: S1-03 Greeting, identity and guidance").Not("到店问候")
}

// BenchmarkBoard150 opens the board of a full house, drawn anew each time.
func BenchmarkBoard150(b *testing.B) {
	site := uitest.New(b)
	stations := []term.Station{term.AtWaiting, term.AtConsultation, term.AtExamination, term.AtPlan, term.AtTill}
	for i := range 150 {
		open(b, site, fmt.Sprintf("客户%03d", i), stations[i%len(stations)])
	}
	by := site.Actor("manager")
	for b.Loop() {
		board, err := site.App.Rooms.Reports.Board(b.Context(), by)
		require.NoError(b, err)
		require.Equal(b, 150, board.Open)
	}
}
