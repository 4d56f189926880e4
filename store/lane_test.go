package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

func countStaff(r *store.Read) error {
	_, err := r.StaffCount()
	return err
}

// together reads with n readers that are all inside at once.
func together(t *testing.T, db *store.DB, n int) {
	t.Helper()
	var all, inside sync.WaitGroup
	inside.Add(n)
	errs := make([]error, n)
	for i := range n {
		all.Go(func() {
			errs[i] = db.Read(t.Context(), func(r *store.Read) error {
				inside.Done()
				inside.Wait()
				return countStaff(r)
			})
		})
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
}

// TestAReaderThatLeavesHarmsNobody: browsers give up requests at any moment, also in the
// moment in which the snapshot begins. The connection must serve the next one.
func TestAReaderThatLeavesHarmsNobody(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 500 {
				ctx, leave := context.WithCancel(t.Context())
				go leave()
				_ = db.Read(ctx, countStaff) // may be cut off or not
			}
		})
	}
	all.Wait()
	for range 16 {
		together(t, db, 4) // on every connection
	}
}

func TestReadersOpenNoMoreLanesThanTheyNeed(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, store.Options{})
	for range 10 {
		require.NoError(t, db.Read(t.Context(), countStaff))
	}
	require.Equal(t, 1, db.OpenLanes(), "one after another")
	together(t, db, 3)
	require.Equal(t, 3, db.OpenLanes(), "three at once")

	gone, stop := context.WithCancel(t.Context())
	stop()
	require.ErrorIs(t, db.Read(gone, countStaff), context.Canceled)
	require.Equal(t, 3, db.OpenLanes(), "who leaves before reading takes none away")
}

// TestReadersThatNobodyNeedsAreClosed: a burst opens four, each of which holds the schema; one by
// one they go when the house has been quiet.
func TestReadersThatNobodyNeedsAreClosed(t *testing.T) {
	t.Parallel()
	db, clock := storetest.New(t)
	together(t, db, 4)
	read := func(later time.Duration) {
		clock.Forward(later)
		require.NoError(t, db.Read(t.Context(), countStaff))
	}
	read(4 * time.Minute)
	require.Equal(t, 4, db.OpenLanes(), "the next burst finds them open")
	for want := 3; want >= 1; want-- {
		read(2 * time.Minute)
		require.Equal(t, want, db.OpenLanes())
	}
	require.Equal(t, 1, db.OpenConnections(), "the pool keeps none of them")
	read(time.Hour)
	require.Equal(t, 1, db.OpenLanes(), "the last one stays")
	together(t, db, 4)
	require.Equal(t, 4, db.OpenLanes(), "and others come back when they are needed")
}
