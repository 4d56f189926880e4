package storetest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

func TestNewGivesFreshDatabasesAndAStandingClock(t *testing.T) {
	t.Parallel()
	for range 2 {
		db, clock := storetest.New(t)
		require.NoError(t, db.Write(context.Background(), storetest.Act("visit.arrive"), func(tx *store.Tx) error {
			n, err := tx.Number("V")
			require.Equal(t, "V20260302-001", n, "another test's numbers are not seen")
			return err
		}))
		require.NoError(t, db.Read(context.Background(), func(r *store.Read) error {
			require.Equal(t, "2026-03-02 09:00", r.Now().Stamp(r.Zone()))
			return nil
		}))
		clock.Forward(90 * time.Minute)
		require.NoError(t, db.Read(context.Background(), func(r *store.Read) error {
			require.Equal(t, "2026-03-02 10:30", r.Now().Stamp(r.Zone()))
			return nil
		}))
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		dir := b.TempDir()
		storetest.Fill(b, dir)
		db, err := store.Open(context.Background(), store.Options{Dir: dir, Keys: storetest.Keys()})
		require.NoError(b, err)
		require.NoError(b, db.Close())
	}
}
