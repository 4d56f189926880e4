package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

func TestADumpIsAWholeDatabase(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	number := func() {
		require.NoError(t, db.Write(t.Context(), storetest.Act("visit.arrive"), func(tx *store.Tx) error {
			_, err := tx.Number("V")
			return err
		}))
	}
	number()
	var first, second bytes.Buffer
	facts, err := store.Dump(t.Context(), db.Dir(), &first)
	require.NoError(t, err)
	require.Equal(t, int64(1), facts.Rows["acts"])

	file := filepath.Join(t.TempDir(), store.File)
	require.NoError(t, os.WriteFile(file, first.Bytes(), 0o600))
	seen, err := store.Inspect(t.Context(), file)
	require.NoError(t, err)
	require.Equal(t, facts, seen)

	number()
	_, err = store.Dump(t.Context(), db.Dir(), &second)
	require.NoError(t, err)
	require.Greater(t, shared(first.Bytes(), second.Bytes()), 0.7, "most pages are the same bytes at the same place")
}

// shared is the part of a's pages that stands in b at the same place.
func shared(a, b []byte) float64 {
	const page = 4096
	same := 0
	for at := 0; at+page <= min(len(a), len(b)); at += page {
		if bytes.Equal(a[at:at+page], b[at:at+page]) {
			same++
		}
	}
	return float64(same) / float64(len(a)/page)
}

func TestADumpNobodyReadsEnds(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	_, err := store.Dump(t.Context(), db.Dir(), failingWriter{})
	require.ErrorIs(t, err, os.ErrClosed)
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, os.ErrClosed }
