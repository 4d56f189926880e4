package backup_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/backup"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
)

var bg = context.Background()

// clinic is a data folder with its own keys and one photo.
type clinic struct {
	dir, code string
	keys      *seal.Keyring
	clock     *storetest.Clock
}

func newClinic(t *testing.T) clinic {
	t.Helper()
	c := clinic{dir: t.TempDir(), clock: storetest.NewClock()}
	var err error
	c.keys, c.code, err = seal.Create(c.dir)
	require.NoError(t, err)
	photo := filepath.Join(c.dir, "media", "ab", "abcdef.bin")
	require.NoError(t, os.MkdirAll(filepath.Dir(photo), 0o700))
	require.NoError(t, os.WriteFile(photo, []byte("sealed photo"), 0o600))
	return c
}

func (c clinic) open(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(bg, store.Options{Dir: c.dir, Keys: c.keys, Now: c.clock.Now})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() }) // most tests close it themselves
	return db
}

func number(t *testing.T, db *store.DB) (n string) {
	t.Helper()
	require.NoError(t, db.Write(bg, storetest.Act("visit.arrive"), func(tx *store.Tx) (err error) {
		n, err = tx.Number("V")
		return err
	}))
	return n
}

func acts(t *testing.T, db *store.DB) int {
	t.Helper()
	var list []store.ActRow
	require.NoError(t, db.Read(bg, func(r *store.Read) (err error) {
		list, err = r.Acts(store.ActFilter{})
		return err
	}))
	return len(list)
}

func TestRoundTripOnTheSameMachine(t *testing.T) {
	t.Parallel()
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	require.Equal(t, "V20260302-001", number(t, db))
	report, err := backup.Make(bg, db, to)
	require.NoError(t, err)
	require.Equal(t, "meixu-20260302-090000", report.Name)
	require.Equal(t, 3, report.Files)
	require.NoFileExists(t, filepath.Join(report.Dir, "keys", seal.KEKFile))
	require.FileExists(t, filepath.Join(report.Dir, "media", "ab", "abcdef.bin"))
	require.Equal(t, "V20260302-002", number(t, db))
	last, err := db.Anchor(bg)
	require.NoError(t, err)

	_, err = backup.Stage(bg, c.dir, report.Dir, "")
	require.NoError(t, err)
	require.Equal(t, "V20260302-003", number(t, db), "staging changes nothing")
	_, err = backup.Apply(c.dir)
	require.ErrorIs(t, err, store.ErrLocked, "never under an open database")
	require.NoError(t, db.Close())

	done, err := backup.Apply(c.dir)
	require.NoError(t, err)
	require.Equal(t, report.Dir, done.From)
	require.FileExists(t, filepath.Join(done.Before, store.File))
	again, err := backup.Apply(c.dir)
	require.NoError(t, err)
	require.Nil(t, again)

	restored := c.open(t)
	require.Equal(t, 1, acts(t, restored))
	require.NoError(t, restored.VerifyChain(bg, report.Manifest.Anchor))
	var broken *store.BrokenChain
	require.ErrorAs(t, restored.VerifyChain(bg, last), &broken, "an anchor from later shows that acts are missing")
	require.Equal(t, "V20260302-002", number(t, restored))
}

func TestRestoreOnANewMachineNeedsTheCode(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	db := c.open(t)
	number(t, db)
	report, err := backup.Make(bg, db, t.TempDir())
	require.NoError(t, err)

	fresh := t.TempDir()
	_, err = backup.Stage(bg, fresh, report.Dir, "")
	require.ErrorIs(t, err, backup.ErrNeedsCode)
	_, err = backup.Stage(bg, fresh, report.Dir, "0000-0000-0000-0000-0000-0000-0000-0000")
	require.ErrorIs(t, err, seal.ErrCode)
	_, err = backup.Stage(bg, fresh, report.Dir, c.code)
	require.NoError(t, err)
	_, err = backup.Apply(fresh)
	require.NoError(t, err)
	keys, err := seal.Load(fresh)
	require.NoError(t, err)
	moved := clinic{dir: fresh, keys: keys, clock: c.clock}
	restored := moved.open(t)
	require.NoError(t, restored.VerifyChain(bg))
	require.Equal(t, 1, acts(t, restored))
	photo, err := os.ReadFile(filepath.Join(fresh, "media", "ab", "abcdef.bin"))
	require.NoError(t, err)
	require.Equal(t, "sealed photo", string(photo))

	other := newClinic(t)
	_, err = backup.Stage(bg, other.dir, report.Dir, c.code)
	require.ErrorIs(t, err, backup.ErrOtherKey)
}

func TestVerifyRefusesDamage(t *testing.T) {
	t.Parallel()
	c := newClinic(t)
	db := c.open(t)
	number(t, db)
	report, err := backup.Make(bg, db, t.TempDir())
	require.NoError(t, err)
	_, err = backup.Verify(bg, report.Dir)
	require.NoError(t, err)

	for _, f := range report.Manifest.Files {
		path := filepath.Join(report.Dir, filepath.FromSlash(f.Name))
		good, err := os.ReadFile(path)
		require.NoError(t, err)
		damage := map[string][]byte{"shorter": good[:len(good)-1], "longer": append(append([]byte{}, good...), 0)}
		for n := range 8 {
			flipped := append([]byte{}, good...)
			flipped[n*(len(good)-1)/7] ^= 1 << n
			damage[fmt.Sprintf("bit %d", n)] = flipped
		}
		for what, bad := range damage {
			require.NoError(t, os.WriteFile(path, bad, 0o600))
			_, err = backup.Verify(bg, report.Dir)
			require.ErrorIs(t, err, backup.ErrDamaged, "%s %s", f.Name, what)
			_, err = backup.Stage(bg, c.dir, report.Dir, "")
			require.ErrorIs(t, err, backup.ErrDamaged, "%s %s", f.Name, what)
		}
		require.NoError(t, os.WriteFile(path, good, 0o600))
	}
	stray := filepath.Join(report.Dir, store.File+"-wal")
	require.NoError(t, os.WriteFile(stray, nil, 0o600))
	_, err = backup.Verify(bg, report.Dir)
	require.ErrorIs(t, err, backup.ErrDamaged, "a stray log would undo the restore")
	require.NoError(t, os.Remove(stray))
	_, err = backup.Verify(bg, report.Dir)
	require.NoError(t, err)
}

func TestApplyFinishesAfterACrash(t *testing.T) {
	t.Parallel()
	for _, moved := range []int{0, 1, 2} {
		t.Run(fmt.Sprintf("after %d renames", moved), func(t *testing.T) {
			t.Parallel()
			c := newClinic(t)
			db := c.open(t)
			number(t, db)
			report, err := backup.Make(bg, db, t.TempDir())
			require.NoError(t, err)
			number(t, db)
			_, err = backup.Stage(bg, c.dir, report.Dir, "")
			require.NoError(t, err)
			require.NoError(t, db.Close())
			stale := filepath.Join(c.dir, store.File+"-wal")
			require.NoError(t, os.WriteFile(stale, []byte("left by a crash"), 0o600))

			before := filepath.Join(c.dir, "before-restore-20260302-010000")
			file := filepath.Join(c.dir, store.File)
			if moved > 0 {
				require.NoError(t, os.MkdirAll(before, 0o700))
				require.NoError(t, os.Rename(stale, filepath.Join(before, store.File+"-wal")))
				require.NoError(t, os.Rename(file, filepath.Join(before, store.File)))
			}
			if moved > 1 {
				require.NoError(t, os.Rename(filepath.Join(c.dir, "restore.pending", "incoming.db"), file))
			}
			done, err := backup.Apply(c.dir)
			require.NoError(t, err)
			require.Equal(t, before, done.Before)
			require.NoFileExists(t, stale)
			require.FileExists(t, filepath.Join(before, store.File))
			require.Equal(t, 1, acts(t, c.open(t)))
		})
	}
}

func TestKeep(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := time.Date(2026, 3, 2, 21, 0, 0, 0, time.UTC)
	var newest string
	for n := range 800 { // two a day for 400 days
		name := "meixu-" + now.Add(-time.Duration(n)*12*time.Hour).Format("20060102-150405")
		if n == 0 {
			newest = name
		}
		require.NoError(t, os.MkdirAll(filepath.Join(dir, name), 0o700))
	}
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "holiday photos"), 0o700))
	half := filepath.Join(dir, "meixu-20260301-010203.partial")
	require.NoError(t, os.MkdirAll(half, 0o700))
	dropped, err := backup.Keep(dir, "meixu-20200101-000000")
	require.NoError(t, err)
	require.Empty(t, dropped, "a clock that stands wrong drops nothing")
	_, err = backup.Keep(dir, newest)
	require.NoError(t, err)
	list, err := backup.List(dir)
	require.NoError(t, err)
	days, weeks, months := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for _, e := range list {
		days[e.At.Format(time.DateOnly)], months[e.At.Format("2006-01")] = true, true
		y, w := e.At.ISOWeek()
		weeks[fmt.Sprint(y, w)] = true
	}
	require.Len(t, months, 12)
	require.GreaterOrEqual(t, len(weeks), 8)
	for n := range 14 {
		require.True(t, days[now.AddDate(0, 0, -n).Format(time.DateOnly)], "day %d", n)
	}
	require.LessOrEqual(t, len(list), 3+14+8+12)
	require.Equal(t, newest, list[0].Name)
	require.Equal(t, now.Add(-24*time.Hour).Format("20060102"), list[2].At.Format("20060102"))
	require.DirExists(t, filepath.Join(dir, "holiday photos"))
	require.NoDirExists(t, half, "left by a crash")
}

func TestMakeWhileWriting(t *testing.T) {
	t.Parallel()
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	stop, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				ended <- nil
				return
			default:
			}
			if err := db.Write(bg, storetest.Act("a.b"), func(tx *store.Tx) error {
				_, err := tx.Move(store.Account{Kind: "stock", ID: 1}, 1, store.Subject{})
				return err
			}); err != nil {
				ended <- err
				return
			}
		}
	}()
	for range 3 {
		report, err := backup.Make(bg, db, to)
		require.NoError(t, err)
		require.Equal(t, report.Manifest.Rows["acts"], report.Manifest.Rows["ledger"], "one moment, not two")
	}
	close(stop)
	require.NoError(t, <-ended)
	list, err := backup.List(to)
	require.NoError(t, err)
	require.Len(t, list, 3)
}
