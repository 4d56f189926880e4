package kit

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/words"
)

// TestEveryRoomHasAHelpText: the longest beginning of a path counts, and each room of the rail
// has a text of its own in both languages.
func TestEveryRoomHasAHelpText(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/reception": "reception", "/reception/queue": "queue", "/reception/appointments/7": "appointments", "/visit/3": "visit",
		"/client/9": "client", "/clients": "clients", "/consultation/plans": "plan", "/nowhere": "other",
	} {
		require.Equal(t, "kit.help.page."+want, (&Frame{Here: path}).HelpKey(), path)
	}
	for _, lang := range []words.Lang{words.ZH, words.EN} {
		require.True(t, lang.Has("kit.help.page.other"))
		for _, page := range helpPages {
			require.True(t, lang.Has("kit.help.page."+page), page)
		}
	}
	for _, r := range rooms {
		if !slices.Contains([]string{"quality"}, r.key) { // no page is registered for it yet
			require.NotEqual(t, "kit.help.page.other", (&Frame{Here: r.path}).HelpKey(), r.path)
		}
	}
}
