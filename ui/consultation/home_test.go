package consultation_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
)

// TestHomeAndListNameTheSameClients: who waits for the doctor in the list of the consultation
// waits on the doctor's first page too, wherever the client sits and whatever the nurse still
// has to do; a colleague's client waits for the colleague in both.
func TestHomeAndListNameTheSameClients(t *testing.T) {
	t.Parallel()
	c := open(t)
	exams := func() string {
		_, list, found := strings.Cut(c.As("doctor").Get("/home").Want(200).Body, "等面诊、复核或签字")
		require.True(t, found)
		list, _, _ = strings.Cut(list, "</section>")
		return list
	}
	mine := `<tr data-href="` + c.page("") + `" class="mine">`
	require.NotContains(t, exams(), "林清禾", "the questionnaire comes first")
	c.health(nil)
	c.fill("nurse", "review", "F2-NURSE", nil).Want(200)
	c.As("doctor").Get("/consultation").Want(200, mine)
	require.Contains(t, exams(), "林清禾")
	require.Contains(t, exams(), `href="`+c.page("")+`"`)
	c.write(func(tx *store.Tx) error {
		v, err := tx.Visit(c.visit.ID)
		if err != nil {
			return err
		}
		v.Physician = c.StaffID("manager")
		return tx.SaveVisit(&v)
	})
	c.As("doctor").Get("/consultation").Want(200, "林清禾").Not(mine)
	require.NotContains(t, exams(), "林清禾")
}
