package keeping

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store/term"
)

func TestABackupIsLateAfter26Hours(t *testing.T) {
	t.Parallel()
	noon := term.At(time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC))
	require.True(t, Late(term.Instant{}, noon))
	require.False(t, Late(noon.Add(-26*time.Hour), noon))
	require.True(t, Late(noon.Add(-26*time.Hour-time.Second), noon))
}
