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

// TestKindsArePrintedInTheLanguage: kinds of the house are translated, one made up here stays.
func TestKindsArePrintedInTheLanguage(t *testing.T) {
	t.Parallel()
	require.Equal(t, "Injection room", words.EN.Kind("注射室"))
	require.Equal(t, "Class III device", words.EN.Kind("III类器械"))
	require.Equal(t, "注射室", words.ZH.Kind("注射室"))
	require.Equal(t, "雪茄房", words.EN.Kind("雪茄房"))
}
