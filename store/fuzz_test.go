package store_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

// FuzzTR25Anchors reads lines of anchors as they lie at a second place, where anybody may have
// changed them: what is believed of a text is what the machine had written.
func FuzzTR25Anchors(f *testing.F) {
	db := storetest.Open(f, store.Options{Now: storetest.NewClock().Now})
	for _, name := range []string{"a", "b", "c"} {
		write(f, db, set(name, "1"))
		_, err := db.NoteAnchor(bg)
		require.NoError(f, err)
	}
	kept, err := store.ReadAnchors(db.Dir(), db.Keys())
	require.NoError(f, err)
	require.Len(f, kept.Lines, 3)
	text, err := kept.Text()
	require.NoError(f, err)
	f.Add(text)
	f.Add(text[:len(text)/2])
	f.Add(append(bytes.Clone(text), text...))
	f.Add(bytes.Replace(text, []byte(`"act":`), []byte(`"act":1`), 1))
	f.Add([]byte("\n\n{}\n"))
	f.Add([]byte(`{"act":9223372036854775807,"mac":"AA==","sum":""}` + "\n"))
	f.Add([]byte("[[[[\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		log, err := store.ParseAnchors(text, db.Keys())
		require.NoError(t, err)
		for _, line := range log.Lines {
			require.Contains(t, kept.Lines, line, "a line that nobody wrote")
		}
		again, err := log.Text()
		require.NoError(t, err)
		same, err := store.ParseAnchors(again, db.Keys())
		require.NoError(t, err)
		require.Equal(t, log.Lines, same.Lines)
		require.Zero(t, same.Changed)
	})
}

// FuzzTR25Subject reads names of rows as they come back from a page.
func FuzzTR25Subject(f *testing.F) {
	for _, seed := range []string{"visit:42", "visit:", ":1", "visit:-1", "visit:9223372036854775808", "visit:1:2", "", "访:1", "visit: 1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, ok := store.ParseSubject(text)
		if !ok {
			return
		}
		require.NotEmpty(t, s.Noun)
		again, ok := store.ParseSubject(s.String())
		require.True(t, ok)
		require.Equal(t, s, again)
	})
}
