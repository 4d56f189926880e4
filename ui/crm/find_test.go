package crm_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/ui/uitest"
)

// TestTheFinderKnowsWhoIsMeant (row:C2): among more people of one kind than fit the list, who is in the
// house or expected today stands first, however old the file is.
func TestTheFinderKnowsWhoIsMeant(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	ids := crowd(t, s, make([]guest, 15)...)
	require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.here"), func(tx *store.Tx) error {
		for _, id := range ids {
			c, err := tx.Client(id)
			require.NoError(t, err)
			s.App.Rooms.Book.Keep(tx, c)
		}
		v := store.Visit{Client: ids[0], State: "open", Stage: "S1", Station: "waiting", StationAt: tx.Now(), ArrivedAt: tx.Now()}
		require.NoError(t, tx.AddVisit(&v))
		start := tx.Today().Start(tx.Zone())
		return tx.AddAppointment(&store.Appointment{Client: ids[2], Staff: s.StaffID("consultant"), StartsAt: start.Add(20 * 60 * 60e9), EndsAt: start.Add(21 * 60 * 60e9), State: "confirmed"})
	}))
	body := s.As("front").With("HX-Request", "true").Post("/find", "q", "sk").Want(http.StatusOK, "沈客0", "沈客2", "在院").Body
	require.Less(t, strings.Index(body, "沈客2"), strings.Index(body, "沈客14"))
	require.Less(t, strings.Index(body, "沈客0"), strings.Index(body, "沈客14"))
}
