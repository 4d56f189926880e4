package spacing_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/spacing"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// One day is twenty-four hours, several are days of the calendar; sessions of one line keep
// the interval that the physician approved with it.
func TestHowLongATreatmentStandsAgainstTheNext(t *testing.T) {
	t.Parallel()
	db, clock := storetest.New(t)
	item := func(code, kind, care string) store.Item {
		return store.Item{
			Code: code, Name: code, NameEN: code, Category: "x", Level: "1", Kind: kind, Operator: "lead_physician", Minutes: 20,
			RoomKind: "x", Depth: "L2", RiskTier: 1, FormCode: "F7-BTX", CareTemplate: care, Enabled: true,
		}
	}
	toxin, ipl := item("BTX", "botulinum", "AC-BTX"), item("IPL", "ipl", "AC-IPL")
	var had store.Treatment
	lines := map[int]term.PlanItemID{} // of one plan, by the interval that was agreed
	require.NoError(t, db.Write(context.Background(), storetest.Act("test.fill"), func(tx *store.Tx) error {
		require.NoError(t, tx.AddItem(&toxin))
		require.NoError(t, tx.AddItem(&ipl))
		var err error
		had, err = storetest.Treat(tx, toxin.ID)
		require.NoError(t, err)
		had.Area, had.State, had.StartedAt = "眉间", term.TreatmentInProgress, tx.Now()
		plan := store.Plan{Client: had.Client, Visit: had.Visit, State: "approved"}
		require.NoError(t, tx.AddPlan(&plan))
		for _, days := range []int{0, 5} {
			line := store.PlanItem{
				Plan: plan.ID, Item: toxin.ID, Area: "眉间", Sessions: 3, IntervalDays: days, ListFen: 1, PriceFen: 1, State: "proposed",
			}
			require.NoError(t, tx.AddPlanItem(&line))
			lines[days] = line.ID
		}
		return tx.SaveTreatment(&had)
	}))
	against := func(n spacing.Next) (texts []string) {
		require.NoError(t, db.Read(context.Background(), func(r *store.Read) error {
			past, err := spacing.Of(r, had.Client)
			require.NoError(t, err)
			found, err := past.Against(n)
			for _, f := range found {
				require.True(t, spacing.Is(f))
				texts = append(texts, f.Text.In(words.EN))
			}
			return err
		}))
		return texts
	}
	light, more := spacing.Next{Item: ipl, Area: "全面部"}, spacing.Next{Item: toxin, Area: "眉间"}
	require.Len(t, against(light), 1, "also while it is still going on")
	require.Contains(t, against(light)[0], "should wait 24 hours")
	require.Empty(t, against(spacing.Next{Item: ipl, Area: "双小腿"}))
	require.Empty(t, against(spacing.Next{Item: toxin, Area: "眉间", Treatment: had.ID}), "a treatment does not stand against itself")
	clock.Forward(23 * time.Hour)
	require.Len(t, against(light), 1, "the next day, but not yet a day")
	clock.Forward(time.Hour)
	require.Empty(t, against(light))
	require.Contains(t, against(more)[0], "should wait 90 days")
	session := func(days int) spacing.Next {
		require.NoError(t, db.Write(context.Background(), storetest.Act("test.line"), func(tx *store.Tx) error {
			had.PlanItem = lines[days]
			return tx.SaveTreatment(&had)
		}))
		next := more
		next.Line = lines[days]
		return next
	}
	require.Contains(t, against(session(5))[0], "should wait 5 days")
	require.Contains(t, against(session(0))[0], "should wait 90 days", "a line without an interval switches nothing off")
	clock.Forward(5 * 24 * time.Hour)
	require.Empty(t, against(session(5)))
	require.Len(t, against(session(0)), 1)
	clock.Forward(84 * 24 * time.Hour)
	require.Empty(t, against(session(0)))
}
