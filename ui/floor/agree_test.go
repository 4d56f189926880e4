package floor_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/sop"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest/day"
)

// TestOneTruthOfConformance reads the score of the same visits where it stands: the visit's page,
// the board, and the owner's drill. The visit has what once made them differ: an inquiry that came
// before it, a treatment with observation and a tracked lot, and one that was stopped midway.
func TestOneTruthOfConformance(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Recorded)
	d.Write(func(tx *store.Tx) error {
		l := store.Lead{
			Name: "林清禾", Phone: "13800008817", Channel: "phone", State: term.LeadArrived, FirstReplyAt: tx.Now(), Client: d.Client, Visit: d.Visit,
		}
		if err := tx.AddLead(&l); err != nil {
			return err
		}
		first, err := tx.Treatment(d.Treatment)
		if err != nil {
			return err
		}
		second := store.Treatment{
			Visit: d.Visit, Client: d.Client, Line: first.Line, Item: first.Item, SessionNo: first.SessionNo + 1,
			State: term.TreatmentStopped, Area: first.Area,
		}
		return tx.AddTreatment(&second)
	})
	var one sop.Score
	var run sop.Run
	d.Read(func(r *store.Read) (err error) {
		if one, err = d.App.Engines.SOP.Score(r, d.Visit); err != nil {
			return err
		}
		run, err = d.App.Engines.SOP.View(r, d.Visit)
		return err
	})
	require.Positive(t, one.Applicable())
	require.Equal(t, one, run.Score)

	d.As("manager").Get(fmt.Sprintf("/visit/%d", d.Visit)).Want(http.StatusOK,
		words.ZH.T("floor.score.how", one.Satisfied, one.Applicable(), one.Missed, one.Late, one.Manual))
	d.As("owner").Get("/owner/sop").Want(http.StatusOK,
		fmt.Sprintf("%d/%d", one.Satisfied, one.Applicable()), fmt.Sprintf("%d %%", one.Percent()))
	board, err := d.App.Rooms.Reports.Board(t.Context(), d.Actor("manager"))
	require.NoError(t, err)
	for _, lane := range board.Lanes {
		for _, card := range lane.Cards {
			require.Equal(t, d.Visit, card.Visit)
			require.Equal(t, one.Percent(), card.Score)
		}
	}
}
