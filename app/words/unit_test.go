package words_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/words"
)

// TestUnitsArePrintedInTheLanguage: units that are words are translated, signs stay.
func TestUnitsArePrintedInTheLanguage(t *testing.T) {
	t.Parallel()
	require.Equal(t, "/min", words.EN.Unit("次/分"))
	require.Equal(t, "s", words.EN.Unit("秒"))
	require.Equal(t, "CNY", words.EN.Unit("元"))
	require.Equal(t, "ml", words.EN.Unit("ml"))
	require.Equal(t, "次/分", words.ZH.Unit("次/分"))
}
