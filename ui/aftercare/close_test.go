package aftercare_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// The door "close" names the hard steps that are missing, and leaves out what lies in the future.
func TestCloseWantsTheStepsOfTheHouse(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("treatment.release"), func(tx *store.Tx) error {
		row, err := tx.Treatment(tr.ID)
		if err != nil {
			return err
		}
		row.State, row.ReleasedAt = term.TreatmentReleased, tx.Now()
		return tx.SaveTreatment(&row)
	}))
	path := fmt.Sprintf("/aftercare/close/%d", tr.Visit)
	site.As("cashier").Post(path).Want(403)
	site.As("nurse").Post(path).Want(409, "S6-01", "S6-02").Not("S6-03", "S5-09")
}
