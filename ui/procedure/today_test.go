package procedure_test

import (
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	suite "meixu/app/procedure"
	"meixu/store"
	"meixu/store/term"
)

// next opens a further treatment of the visit.
func (h *house) next() (id term.TreatmentID) {
	h.t.Helper()
	first := h.now()
	h.write(func(tx *store.Tx) error {
		t := store.Treatment{
			Visit: first.Visit, Client: first.Client, Line: first.Line, Item: first.Item, SessionNo: 2, State: term.TreatmentScheduled,
		}
		err := tx.AddTreatment(&t)
		id = t.ID
		return err
	})
	return id
}

// What holds for the person today is asked once in a visit and day; wish, area, what was done to
// the skin lately and the signature are asked for each treatment, and so is who lies there.
func TestTodaysStateIsTakenOver(t *testing.T) {
	t.Parallel()
	h := open(t, "INJ-BTX-GL")
	nurse := h.As("nurse")
	answers := map[string]string{}
	for link, value := range todayAnswers {
		answers[link] = value
	}
	answers["menstruating"] = "yes"
	h.fill("nurse", "today", answers)
	second := suite.Path(h.next())
	page := nurse.Get(second+"/form/today").Want(200, "已核对", "T-nurse").Body
	chosen := func(link, value string) bool {
		return regexp.MustCompile(`name="q\.` + link + `" value="` + value + `"[^>]* checked`).MatchString(page)
	}
	require.True(t, chosen("menstruating", "yes") && chosen("fever", "no") && chosen("ate", "yes"))
	for _, own := range []string{"still", "same", "realistic", "infection", "broken", "light"} {
		require.False(t, chosen(own, "yes") || chosen(own, "no"), own)
	}
	nurse.Get(second).Want(200, second+"/identity")
	nurse.Post(second+"/form/today", "_step", "done", "q.fever", "no").Want(422, "f-q.client_sign", "f-q.still")
	h.Clock.Forward(24 * time.Hour)
	h.As("nurse").Get(second + "/form/today").Want(200).Not("已核对：")
}
