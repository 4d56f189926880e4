package reports

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/words"
)

// TestAnAlertIsCalledByItsName: the first page shows no code of a card to people.
func TestAnAlertIsCalledByItsName(t *testing.T) {
	t.Parallel()
	require.Equal(t, "肉毒扩散/中毒样", named("ESC-TOXIN", words.ZH))
	require.Equal(t, "Spread of toxin", named("ESC-TOXIN", words.EN))
	require.Equal(t, "X-1", named("X-1", words.ZH), "an unknown code is not hidden")
}
