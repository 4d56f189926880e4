package store_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

func keysOf(t *testing.T, db *store.DB, staff term.StaffID) (keys []string) {
	t.Helper()
	require.NoError(t, db.Read(bg, func(r *store.Read) (err error) {
		keys, err = r.DraftKeys(staff)
		return err
	}))
	return keys
}

// What one person leaves lying about has an end: in number, in bytes, and of one form.
func TestDraftsAreBounded(t *testing.T) {
	t.Parallel()
	keep := func(t *testing.T, db *store.DB, form, body string) {
		t.Helper()
		require.NoError(t, db.WriteQuiet(bg, func(tx *store.Tx) error {
			return tx.SaveDraft(store.Draft{Staff: 1, Form: form, Body: body})
		}))
	}
	open := func(t *testing.T) (*store.DB, *storetest.Clock) {
		t.Helper()
		db, clock := storetest.New(t)
		require.NoError(t, db.Raw(`PRAGMA foreign_keys = OFF`), "the rows stand for themselves")
		require.NoError(t, db.WriteQuiet(bg, func(tx *store.Tx) error {
			return tx.SaveDraft(store.Draft{Staff: 2, Form: "other", Body: "{}"})
		}))
		return db, clock
	}

	t.Run("the oldest goes when there are too many", func(t *testing.T) {
		t.Parallel()
		db, clock := open(t)
		for n := range store.DraftsMost {
			keep(t, db, fmt.Sprint("f", n), "{}")
			clock.Forward(time.Second)
		}
		keep(t, db, "f0", `{"again":["1"]}`)
		clock.Forward(time.Second)
		require.Len(t, keysOf(t, db, 1), store.DraftsMost, "the same form is the same draft")
		keep(t, db, "new", "{}")
		keys := keysOf(t, db, 1)
		require.Len(t, keys, store.DraftsMost)
		require.Contains(t, keys, "new")
		require.Contains(t, keys, "f0", "it was typed into again")
		require.NotContains(t, keys, "f1")
		require.Equal(t, []string{"other"}, keysOf(t, db, 2), "another person's stay")
	})

	t.Run("the oldest go when they are too large together", func(t *testing.T) {
		t.Parallel()
		db, clock := open(t)
		body := strings.Repeat("x", store.DraftLargest)
		for n := range 9 {
			keep(t, db, fmt.Sprint("f", n), body)
			clock.Forward(time.Second)
		}
		keys := keysOf(t, db, 1)
		require.NotContains(t, keys, "f0")
		require.Contains(t, keys, "f8", "never the one that was just saved")
		size := read[int](t, db, `SELECT sum(length(body_sealed)) FROM drafts WHERE staff_id = 1`)
		require.LessOrEqual(t, size, store.DraftsBytes)
		require.Len(t, keys, 7, "as many as fit")
	})

	t.Run("the one just saved stays when the clock went back", func(t *testing.T) {
		t.Parallel()
		db, clock := open(t)
		for n := range store.DraftsMost {
			keep(t, db, fmt.Sprint("f", n), "{}")
		}
		clock.Forward(-time.Hour)
		keep(t, db, "new", "{}")
		require.Contains(t, keysOf(t, db, 1), "new")
		require.Len(t, keysOf(t, db, 1), store.DraftsMost)
	})

	t.Run("one form keeps no more than a form can hold", func(t *testing.T) {
		t.Parallel()
		db, _ := open(t)
		keep(t, db, "f", "{}")
		require.ErrorIs(t, db.WriteQuiet(bg, func(tx *store.Tx) error {
			return tx.SaveDraft(store.Draft{Staff: 1, Form: "f", Body: strings.Repeat("x", store.DraftLargest+1)})
		}), store.ErrLarge)
		require.NoError(t, db.Read(bg, func(r *store.Read) error {
			d, err := r.Draft(1, "f")
			require.Equal(t, "{}", d.Body, "what was kept before stays")
			return err
		}))
	})
}
