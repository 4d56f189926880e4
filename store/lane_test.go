package store_test

import (
	"context"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

func TestReadersOpenNoMoreLanesThanTheyNeed(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t, store.Options{})
	look := func(fn func()) {
		require.NoError(t, db.Read(t.Context(), func(*store.Read) error { fn(); return nil }))
	}
	for range 10 {
		look(func() {})
	}
	require.Equal(t, 1, db.OpenLanes(), "one after another")

	var all sync.WaitGroup
	inside, leave := make(chan struct{}), make(chan struct{})
	for range 3 {
		all.Go(func() { look(func() { inside <- struct{}{}; <-leave }) })
	}
	for range 3 {
		<-inside
	}
	close(leave)
	all.Wait()
	require.Equal(t, 3, db.OpenLanes(), "three at once")

	gone, stop := context.WithCancel(t.Context())
	stop()
	require.ErrorIs(t, db.Read(gone, func(*store.Read) error { return nil }), context.Canceled)
	require.Equal(t, 3, db.OpenLanes(), "who leaves before reading takes none away")
}
