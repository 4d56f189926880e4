package store_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

// TestAReaderThatLeavesHarmsNobody: browsers give up requests at any moment, also in the
// moment in which the snapshot begins. The connection must serve the next one.
func TestAReaderThatLeavesHarmsNobody(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	count := func(r *store.Read) error {
		_, err := r.StaffCount()
		return err
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 500 {
				ctx, leave := context.WithCancel(t.Context())
				go leave()
				_ = db.Read(ctx, count) // may be cut off or not
			}
		})
	}
	all.Wait()
	for range 64 { // every connection had its turn
		require.NoError(t, db.Read(t.Context(), count))
	}
}
