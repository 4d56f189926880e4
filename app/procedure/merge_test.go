package procedure

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/form"
)

func TestOnlyWhatTheFormAsksIsPrefilled(t *testing.T) {
	t.Parallel()
	sheet := form.Template{Groups: []form.Group{{Items: []form.Item{{LinkID: "room", Type: form.Text}}}}}
	known := form.Answers{}
	known.Set("room", "R1").Set("device", "SB-001").Set("second_person", "N")
	got := merge(sheet, form.Answers{}, known)
	require.Equal(t, "R1", got.Value("room"))
	require.Len(t, got, 1)
}
