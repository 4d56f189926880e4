package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// marked is a text that would be found in the clear; a name, a number and a finding.
const marked = "回访韩梅梅 13987654321 眼周血肿"

// notInClear looks through every file of a data folder, the write-ahead log too.
func notInClear(t *testing.T, dir, text string) {
	t.Helper()
	files := 0
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := os.ReadFile(path)
		require.NoError(t, err)
		require.False(t, bytes.Contains(body, []byte(text)), "%s holds the text in the clear", entry.Name())
		files++
		return nil
	}))
	require.Positive(t, files)
}

// What is typed as the reason of a deed stays in the trail for ever, so it is sealed there.
func TestReasonsAreNotInClear(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	storetest.Fill(t, dir)
	db, err := store.Open(bg, store.Options{Dir: dir, Keys: storetest.Keys(), Now: storetest.NewClock().Now})
	require.NoError(t, err)
	act := storetest.Act("client.phone")
	act.Reason, act.Subject = marked, store.Subject{Noun: "client", ID: 11}
	require.NoError(t, db.Write(bg, act, set("a", "1")))
	db.Saw(act, 11)
	require.NoError(t, db.Flush(bg))
	notInClear(t, dir, marked)
	require.NoError(t, db.Close())
	notInClear(t, dir, marked)

	again := storetest.Open(t, store.Options{Dir: dir})
	require.NoError(t, again.VerifyChain(bg))
	require.NoError(t, again.Read(bg, func(r *store.Read) error {
		one, err := r.Act(1)
		require.NoError(t, err)
		require.Equal(t, marked, one.Act.Reason)
		all, err := r.Acts(store.ActFilter{Subject: act.Subject})
		require.NoError(t, err)
		require.Len(t, all, 2, "the deed and the view")
		trail, err := r.TrailOf(store.TrailFilter{Client: term.ClientID(11), Limit: 10})
		require.NoError(t, err)
		history, err := r.History("settings", read[int64](t, again, `SELECT id FROM settings WHERE name = 'a'`))
		require.NoError(t, err)
		require.NotEmpty(t, history)
		for _, a := range append(append(all, trail...), history...) {
			require.Equal(t, marked, a.Act.Reason)
		}
		return nil
	}))
}
