package store_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// TestAKindIsLeftOut: what is left out takes no place on the list, with and without the memory of
// a page. A contract under five hundred receipts was not found any more.
func TestAKindIsLeftOut(t *testing.T) {
	t.Parallel()
	db := visitsOf(t, 1)
	plan := store.Plan{Visit: 1, Client: 1, State: term.PlanDraft}
	require.NoError(t, db.Write(bg, storetest.Act("test.papers"), func(tx *store.Tx) error {
		require.NoError(t, tx.AddPlan(&plan))
		text := store.DocumentTemplate{Code: "paper", Edition: 1, Body: "{}", SHA256: "0", PublishedAt: tx.Now()}
		require.NoError(t, tx.AddDocumentTemplate(&text))
		for n, kind := range []string{"contract", "receipt", "receipt", "quote", "receipt"} {
			d := store.Document{Kind: kind, Client: 1, Plan: plan.ID, Template: text.ID, Lang: "zh", Number: fmt.Sprint(n), Body: "{}", SHA256: fmt.Sprint(n), State: store.DocumentOpen}
			require.NoError(t, tx.AddDocument(&d))
		}
		return nil
	}))
	for _, ctx := range []context.Context{bg, store.Remembering(bg)} {
		require.NoError(t, db.Read(ctx, func(r *store.Read) error {
			list, err := r.Documents(store.DocumentFilter{Client: 1, Plan: plan.ID, NotVoid: true, Without: "receipt", Limit: 2})
			require.NoError(t, err)
			var kinds []string
			for _, d := range list {
				kinds = append(kinds, d.Kind)
			}
			require.Equal(t, []string{"quote", "contract"}, kinds)
			return nil
		}))
	}
}
