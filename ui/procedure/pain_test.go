package procedure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
)

// TestPainThatNobodyAskedIsNotZero: a reaction without a number records none and says so; a
// zero that was chosen is a zero.
func TestPainThatNobodyAskedIsNotZero(t *testing.T) {
	t.Parallel()
	h := begun(t)
	h.post("nurse", "/react", "sign", "calm")
	h.As("nurse").Get(h.path("")).Want(200, `平稳</td><td class="num">未评</td>`).Not(`平稳</td><td class="num">0</td>`)
	h.Clock.Forward(5 * time.Minute)
	h.post("nurse", "/react", "sign", "calm", "pain", "0")
	h.As("nurse").Get(h.path("")).Want(200, `平稳</td><td class="num">未评</td>`, `平稳</td><td class="num">0</td>`)
	h.read(func(r *store.Read) error {
		notes, err := r.TreatmentNotes(h.now().ID)
		require.NoError(t, err)
		var told []*int
		for _, n := range notes {
			if n.Kind == "reaction" {
				told = append(told, n.Body.Pain)
			}
		}
		require.Len(t, told, 2)
		require.Nil(t, told[0])
		require.NotNil(t, told[1])
		require.Zero(t, *told[1])
		return nil
	})
}
