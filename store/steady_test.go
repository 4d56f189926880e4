package store_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

func setting(t *testing.T, db *store.DB) (text string) {
	t.Helper()
	require.NoError(t, db.Write(bg, storetest.Act("a.read"), func(tx *store.Tx) (err error) {
		text, err = tx.Setting("a")
		return err
	}))
	return text
}

// What the write connection keeps from one write to the next is always what the database says.
func TestWritesKnowTheSettingsAsTheyStand(t *testing.T) {
	t.Parallel()
	save := func(text string, then error) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			if err := tx.SaveSetting("a", text); err != nil {
				return err
			}
			have, err := tx.Setting("a")
			require.Equal(t, text, have, "a write sees what it wrote")
			return errors.Join(err, then)
		}
	}

	t.Run("asked once, and again when one was changed", func(t *testing.T) {
		t.Parallel()
		db := storetest.Open(t, store.Options{})
		require.Empty(t, setting(t, db), "none is kept as well")
		require.NoError(t, db.Write(bg, storetest.Act("a.save"), save("1", nil)))
		require.Equal(t, "1", setting(t, db))
		before := db.Queries()
		require.Equal(t, "1", setting(t, db))
		known := db.Queries() - before
		require.NoError(t, db.Write(bg, storetest.Act("a.save"), save("2", nil)))
		before = db.Queries()
		require.Equal(t, "2", setting(t, db))
		require.Equal(t, known+1, db.Queries()-before, "only the first write after a change asks")
		require.NoError(t, db.Write(bg, storetest.Act("a.raw"), func(tx *store.Tx) error {
			_, err := tx.Exec(`UPDATE settings SET value = '3' WHERE name = 'a'`)
			return err
		}))
		require.Equal(t, "3", setting(t, db), "whatever statement changed it")
	})

	t.Run("a refused write leaves nothing of it, alone or among others", func(t *testing.T) {
		t.Parallel()
		db, no := storetest.Open(t, store.Options{}), errors.New("no")
		require.NoError(t, db.Write(bg, storetest.Act("a.save"), save("1", nil)))
		require.ErrorIs(t, db.Write(bg, storetest.Act("a.save"), save("2", no)), no)
		require.Equal(t, "1", setting(t, db))
		var seen string
		told := crowded(t, db, func(*store.Tx) error { return nil },
			save("3", no),
			func(tx *store.Tx) (err error) { seen, err = tx.Setting("a"); return err },
			save("4", no))
		require.NoError(t, told[2])
		require.Equal(t, "1", seen, "the next in the same commit does not see it either")
		require.Equal(t, "1", setting(t, db))
	})

	t.Run("people, and nobody can change what is kept", func(t *testing.T) {
		t.Parallel()
		db := storetest.Open(t, store.Options{})
		s := store.Staff{Login: "a", Name: "甲", Roles: []string{"front", "manager"}}
		require.NoError(t, db.Write(bg, storetest.Act("a.hire"), func(tx *store.Tx) error { return tx.AddStaff(&s) }))
		for range 2 {
			require.NoError(t, db.Write(bg, storetest.Act("a.read"), func(tx *store.Tx) error {
				have, err := tx.Staff(s.ID)
				require.Equal(t, []string{"front", "manager"}, have.Roles)
				have.Roles[0], have.Name = "owner", "乙"
				return err
			}))
		}
		require.NoError(t, db.Write(bg, storetest.Act("a.change"), func(tx *store.Tx) error {
			have, err := tx.Staff(s.ID)
			require.Equal(t, "甲", have.Name)
			have.Active = false
			return errors.Join(err, tx.SaveStaff(&have))
		}))
		require.NoError(t, db.Write(bg, storetest.Act("a.read"), func(tx *store.Tx) error {
			have, err := tx.Staff(s.ID)
			require.False(t, have.Active)
			return err
		}))
	})
}
