package store_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

func TestAnchorsOutliveATornLineAndARestore(t *testing.T) {
	t.Parallel()
	db, clock := storetest.New(t)
	note := func() store.Anchor {
		clock.Forward(time.Hour)
		a, err := db.NoteAnchor(bg)
		require.NoError(t, err)
		return a
	}
	lines := func() store.AnchorLog {
		log, err := store.ReadAnchors(db.Dir(), db.Keys())
		require.NoError(t, err)
		return log
	}
	require.Zero(t, note().Act, "an empty trail has no end")
	require.Empty(t, lines().Lines)
	write(t, db, set("a", "1"))
	first := note()
	note()
	require.Len(t, lines().Lines, 1, "nothing was done since")

	file := filepath.Join(db.Dir(), store.AnchorFile)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, append(text, `{"act":7,"ma`...), 0o600))
	require.Len(t, lines().Lines, 1, "a power cut tore the last line")
	require.Zero(t, lines().Changed)
	write(t, db, set("b", "1"))
	second := note()
	require.Len(t, lines().Lines, 2)
	require.Zero(t, lines().Changed, "what was torn is cut off, not gone over")
	require.NoError(t, db.CompareAnchors(bg))

	lost := store.Anchor{Act: 9, MAC: []byte(strings.Repeat("x", 32)), At: second.At}
	require.True(t, lines().Holds(lost))
	var broken *store.BrokenChain
	require.ErrorAs(t, db.CompareAnchors(bg, lost), &broken)
	require.Equal(t, store.BrokenChain{Act: 3, To: 9, Kind: store.TrailCut, What: broken.What}, *broken)
	first.At = term.At(clock.Now().Add(time.Minute))
	for range 2 { // said again after a power cut
		require.NoError(t, store.NoteRestore(db.Dir(), db.Keys(), first, "meixu-20260302"))
	}
	log := lines()
	require.Len(t, log.Lines, 3)
	require.Equal(t, []store.Anchor{first}, log.Holding(), "what was known of the time before no longer holds")
	require.False(t, log.Holds(lost))
	require.True(t, log.Resumed(2))
	require.Regexp(t, `^[0-9A-Z]{5}-[0-9A-Z]{5}$`, first.Code())

	text, err = os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(text), `"act":2`, `"act":1`, 1)), 0o600))
	require.Equal(t, 2, lines().Changed)
}
