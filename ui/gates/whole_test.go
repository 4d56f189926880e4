package gates_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest/day"
)

// TestAWholeDay keeps the table honest: with nothing left out, no gate refuses.
func TestAWholeDay(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Locked)
	d.Read(func(r *store.Read) error {
		x, err := r.Treatment(d.Treatment)
		require.Equal(t, term.TreatmentReleased, x.State)
		require.True(t, x.Locked())
		return err
	})
}
