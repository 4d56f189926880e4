package store_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

func TestWriteNumbersAndActs(t *testing.T) {
	t.Parallel()
	db, _ := storetest.New(t)
	var number string
	err := db.Write(context.Background(), storetest.Act("visit.arrive"), func(tx *store.Tx) (err error) {
		tx.Result("visit", 7)
		number, err = tx.Number("V")
		return err
	})
	require.NoError(t, err)
	require.Equal(t, "V20260302-001", number)
	require.NoError(t, db.VerifyChain(context.Background()))
}
