package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
	"meixu/store/term"
)

// days makes a trail of three days with ten acts each; every call of the function it gives opens
// a copy of it.
func days(t *testing.T) (again func() *store.DB, first *seal.DayKey) {
	t.Helper()
	dir, clock := t.TempDir(), storetest.NewClock()
	keys, code, err := seal.Create(dir)
	require.NoError(t, err)
	db, err := store.Open(bg, store.Options{Dir: dir, Keys: keys, Now: clock.Now})
	require.NoError(t, err)
	for range 3 {
		grow(t, db, 10)
		clock.Forward(24 * time.Hour)
	}
	clock.Forward(-24 * time.Hour)
	first = firstKey(t, db, code)
	require.NoError(t, db.Close())
	return func() *store.DB {
		other := filepath.Join(t.TempDir(), "copy")
		require.NoError(t, os.CopyFS(other, os.DirFS(dir)))
		db := storetest.Open(t, store.Options{Dir: other, Keys: keys, Now: clock.Now})
		opened(t, db)
		return db
	}, first
}

// TestTR20DayKeysStandAgainstTheMachineItself: who has all keys of the machine today can write
// today anew, but no earlier day, nor cut one off; the printed code shows it.
func TestTR20DayKeysStandAgainstTheMachineItself(t *testing.T) {
	t.Parallel()
	again, first := days(t)
	db := again()
	seen, err := db.VerifyDays(bg, first)
	require.NoError(t, err)
	require.Equal(t, store.Verified{Acts: 30, Days: 30}, seen)
	seen, err = db.VerifyDays(bg, nil)
	require.NoError(t, err)
	require.Equal(t, store.Verified{Acts: 30, Days: 10}, seen, "without the code those of today")
	require.Equal(t, 3, read[int](t, db, `SELECT count(DISTINCT epoch) FROM act_seals`))

	raw(t, db, `UPDATE acts SET staff_id = 9 WHERE id = 25`)
	require.NoError(t, db.Reseal(25))
	_, err = db.VerifyDays(bg, first)
	require.NoError(t, err, "today: the key of today is there")

	const cut = `DELETE FROM acts WHERE id > %[1]d; DELETE FROM act_changes WHERE act > %[1]d; DELETE FROM act_seals WHERE id > %[1]d`
	for name, attack := range map[string]struct {
		sql  string
		from int64
		gap  bool
	}{
		"an edit of the first day":         {sql: `UPDATE acts SET staff_id = 9 WHERE id = 7`, from: 7},
		"an edit of the last act of a day": {sql: `UPDATE acts SET staff_id = 9 WHERE id = 20`, from: 20},
		"a day moved to today":             {sql: `UPDATE acts SET at = '2026-03-04T01:00:00.000Z' WHERE id >= 15`, from: 15},
		"the end of a day cut off":         {sql: fmt.Sprintf(cut, 18), from: 18},
		"a whole day cut off":              {sql: fmt.Sprintf(cut, 10), from: 11, gap: true},
	} {
		db := again()
		raw(t, db, attack.sql)
		if strings.HasPrefix(name, "the end") {
			attack.from++ // what is left stays as it was sealed; new acts go on from there
		}
		require.NoError(t, db.Reseal(attack.from), name)
		grow(t, db, 3)
		require.NoError(t, db.VerifyChain(bg), "%s: the machine alone cannot know", name)
		seen, err := db.VerifyDays(bg, first)
		if attack.gap {
			require.NoError(t, err, name)
			require.Equal(t, term.ActID(11), seen.Gap, name)
			continue
		}
		var broken *store.BrokenChain
		require.ErrorAs(t, err, &broken, name)
		t.Log(name, "-", err)
	}
	t.Log("TR-20: 5 rewrites of past days with all keys of the machine: all seen by the printed code")
}

// TestTheDayKeyFollowsTheChain: the old key is wiped; a key file that was put back to an
// earlier day goes on from where the chain stands; without one work goes on, and it is told.
func TestTheDayKeyFollowsTheChain(t *testing.T) {
	t.Parallel()
	dir, clock := t.TempDir(), storetest.NewClock()
	keys, code, err := seal.Create(dir)
	require.NoError(t, err)
	number := 0
	session := func(then func(*store.DB)) {
		db, err := store.Open(bg, store.Options{Dir: dir, Keys: keys, Now: clock.Now})
		require.NoError(t, err)
		number++
		write(t, db, set(fmt.Sprint("s", number), "1"))
		then(db)
		require.NoError(t, db.Close())
	}
	sees := func(want store.Verified) func(*store.DB) {
		return func(db *store.DB) {
			seen, err := db.VerifyDays(bg, firstKey(t, db, code))
			require.NoError(t, err)
			require.Equal(t, want, seen)
		}
	}
	file := filepath.Join(dir, seal.Folder, seal.DayFile)
	session(sees(store.Verified{Acts: 1, Days: 1}))
	old, err := os.ReadFile(file)
	require.NoError(t, err)
	clock.Forward(24 * time.Hour)
	session(sees(store.Verified{Acts: 2, Days: 2}))
	key, err := keys.DayKey(dir)
	require.NoError(t, err)
	require.Equal(t, int64(1), key.Epoch)
	require.NoError(t, os.WriteFile(file, old, 0o600))
	session(sees(store.Verified{Acts: 3, Days: 3}))
	require.NoError(t, os.Remove(file))
	session(sees(store.Verified{Acts: 4, Days: 3, Bare: 4, BareTo: 4}))
	session(func(db *store.DB) {
		require.False(t, db.DaySealed())
		require.NoError(t, db.BeginDays(bg, firstKey(t, db, code)))
		require.True(t, db.DaySealed())
	})
	session(sees(store.Verified{Acts: 6, Days: 4, Bare: 4, BareTo: 5}))
}
