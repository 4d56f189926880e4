package backup_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/backup"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
	"meixu/store/term"
)

var bg = context.Background()

// now is when restores of these tests are applied.
var now = term.At(storetest.Start.Add(time.Hour))

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
	c.photo(t, "ab/abcdef.bin", "sealed photo")
	return c
}

func (c clinic) photo(t *testing.T, name, data string) {
	t.Helper()
	photo := filepath.Join(c.dir, "media", filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(photo), 0o700))
	require.NoError(t, os.WriteFile(photo, []byte(data), 0o600))
}

func (c clinic) open(t *testing.T) *store.DB {
	t.Helper()
	db, err := store.Open(bg, store.Options{Dir: c.dir, Keys: c.keys, Now: c.clock.Now})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() }) // most tests close it themselves
	return db
}

// make makes a backup of the open database into a folder.
func (c clinic) make(t *testing.T, db *store.DB, to string) backup.Report {
	t.Helper()
	r, err := backup.Make(bg, backup.SourceOf(db), place(to), backup.How{})
	require.NoError(t, err)
	return r
}

func place(dir string) backup.Place { return backup.Place{Address: dir} }

// wish waits for the photos, too, so that whatever is wrong with a backup shows at once.
func wish(dir string) backup.Wish { return backup.Wish{Place: place(dir), PhotosNow: true} }

func number(t *testing.T, db *store.DB) (n string) {
	t.Helper()
	require.NoError(t, db.Write(bg, storetest.Act("visit.arrive"), func(tx *store.Tx) (err error) {
		n, err = tx.Number("V")
		return err
	}))
	return n
}

// acts is how many acts there are: they are numbered without gaps.
func acts(t *testing.T, db *store.DB) int {
	t.Helper()
	var newest []store.ActRow
	require.NoError(t, db.Read(bg, func(r *store.Read) (err error) {
		newest, err = r.Acts(store.ActFilter{Limit: 1})
		return err
	}))
	if len(newest) == 0 {
		return 0
	}
	return int(newest[0].ID)
}

func TestRoundTripOnTheSameMachine(t *testing.T) {
	t.Parallel()
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	require.Equal(t, "V20260302-001", number(t, db))
	report := c.make(t, db, to)
	require.Equal(t, "meixu-20260302-090000", report.Name)
	require.Equal(t, 1, report.Files)
	require.Equal(t, "V20260302-002", number(t, db))
	last, err := db.Anchor(bg)
	require.NoError(t, err)

	found, err := backup.Look(bg, c.dir, wish(to))
	require.NoError(t, err)
	require.Equal(t, backup.Loss{Acts: 1}, found.Loss, "what would be lost is said before")
	_, err = backup.Stage(bg, c.dir, wish(to))
	require.NoError(t, err)
	require.Equal(t, "V20260302-003", number(t, db), "staging changes nothing")
	_, err = backup.Apply(c.dir, now, nil)
	require.ErrorIs(t, err, store.ErrLocked, "never under an open database")
	require.NoError(t, db.Close())

	done, err := backup.Apply(c.dir, now, nil)
	require.NoError(t, err)
	require.Equal(t, report.Name, done.From)
	require.FileExists(t, filepath.Join(done.Before, store.File))
	again, err := backup.Apply(c.dir, now, nil)
	require.NoError(t, err)
	require.Nil(t, again)

	restored := c.open(t)
	require.Equal(t, 1, acts(t, restored))
	require.NoError(t, restored.VerifyChain(bg, found.Anchor))
	var broken *store.BrokenChain
	require.ErrorAs(t, restored.VerifyChain(bg, last), &broken, "an anchor from later shows that acts are missing")
	require.Equal(t, "V20260302-002", number(t, restored))
}

func TestANewMachineNeedsOnlyTheMediumAndTheSheet(t *testing.T) {
	t.Parallel()
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	number(t, db)
	c.make(t, db, to)
	require.NoError(t, db.Close())
	require.NoError(t, os.RemoveAll(c.dir), "the old machine is gone")

	fresh := t.TempDir()
	heads, err := backup.List(bg, place(to))
	require.NoError(t, err)
	require.Len(t, heads, 1)
	_, err = backup.Stage(bg, fresh, wish(to))
	require.ErrorIs(t, err, backup.ErrNeedsCode)
	_, other, err := seal.Create(t.TempDir())
	require.NoError(t, err)
	with := wish(to)
	with.Code = other
	_, err = backup.Stage(bg, fresh, with)
	require.ErrorIs(t, err, seal.ErrCode)
	with.Code = string("01"[('1'-c.code[0]+2)%2]) + c.code[1:] // another first character
	require.NotEqual(t, c.code, with.Code)
	_, err = backup.Stage(bg, fresh, with)
	require.ErrorIs(t, err, seal.ErrTyped)
	left, err := os.ReadDir(fresh)
	require.NoError(t, err)
	require.Empty(t, left, "a refused code leaves nothing behind")

	with.Code = c.code
	_, err = backup.Stage(bg, fresh, with)
	require.NoError(t, err)
	_, err = backup.Apply(fresh, now, nil)
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

	number(t, restored)
	report := moved.make(t, restored, to)
	require.False(t, report.Rolled)
	require.Less(t, report.Sent, report.Bytes/2, "the new machine goes on with the backups of the old one")
}

func TestAnotherClinicIsRefused(t *testing.T) {
	t.Parallel()
	c, other, to := newClinic(t), newClinic(t), t.TempDir()
	db, theirs := c.open(t), other.open(t)
	number(t, db)
	c.make(t, db, to)
	_, err := backup.Stage(bg, other.dir, wish(to))
	require.ErrorIs(t, err, backup.ErrOtherKey)
	_, err = backup.Make(bg, backup.SourceOf(theirs), place(to), backup.How{})
	require.ErrorIs(t, err, backup.ErrOther, "two clinics never share a place by mistake")
	with := wish(to)
	with.Code = c.code
	_, err = backup.Stage(bg, other.dir, with)
	require.ErrorIs(t, err, backup.ErrOtherKey, "not over the data of another clinic, even with the sheet")
}

func TestIncrementsSendWhatIsNew(t *testing.T) {
	t.Parallel()
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	number(t, db)
	first := c.make(t, db, to)
	quick := func() backup.Report {
		r, err := backup.Make(bg, backup.SourceOf(db), place(to), backup.How{Quick: true})
		require.NoError(t, err)
		return r
	}
	require.Less(t, quick().Sent, first.Sent/10, "nothing changed")
	c.photo(t, "cd/second.bin", strings.Repeat("p", 1000))
	number(t, db)
	second := quick()
	require.Equal(t, 2, second.Files)
	require.Less(t, second.Sent, second.Bytes)
	require.Equal(t, "meixu-20260302-090000-0003", second.Name)
	require.NoError(t, db.Close())
	fresh := t.TempDir()
	with := wish(to)
	with.Code = c.code
	_, err := backup.Stage(bg, fresh, with)
	require.NoError(t, err, "an increment is a whole backup to who restores it")
	require.FileExists(t, filepath.Join(fresh, "media", "cd", "second.bin"))
}

// TestNothingCanBeReadOnTheMedium greps the raw bytes for what is in the database and media.
func TestNothingCanBeReadOnTheMedium(t *testing.T) {
	t.Parallel()
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	number(t, db)
	c.make(t, db, to)
	for name, data := range tree(t, to) {
		for _, secret := range []string{"sealed photo", "abcdef.bin", "V20260302", "SQLite format", "class_keys", "visit.arrive"} {
			require.NotContains(t, data, secret, name)
		}
	}
	require.Contains(t, string(mustRead(t, filepath.Join(c.dir, "media", "ab", "abcdef.bin"))), "sealed photo", "the search would find it")
}

// tree reads all files of a folder by their slashed names.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		files[filepath.ToSlash(rel)] = string(mustRead(t, path))
		return err
	}))
	return files
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
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
		c.make(t, db, to)
		found, err := backup.Look(bg, c.dir, wish(to))
		require.NoError(t, err)
		require.Equal(t, found.Rows["acts"], found.Rows["ledger"], "one moment, not two")
	}
	close(stop)
	require.NoError(t, <-ended)
	heads, err := backup.List(bg, place(to))
	require.NoError(t, err)
	require.Len(t, heads, 3)
	require.Equal(t, []int64{3, 2, 1}, []int64{heads[0].Seq, heads[1].Seq, heads[2].Seq})
}

// TestTR10Drill restores for trial what was backed up: acts, chain, and a seventh of the photos a
// day; what the medium lost is noticed.
func TestTR10Drill(t *testing.T) {
	t.Parallel()
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	_, err := backup.Drill(bg, backup.SourceOf(db), place(to))
	require.ErrorIs(t, err, backup.ErrNone)
	number(t, db)
	report := c.make(t, db, to)
	photos := 0
	for range 7 {
		s := backup.SourceOf(db)
		d, err := backup.Drill(bg, s, place(to))
		require.NoError(t, err)
		require.Equal(t, report.Name, d.Name)
		require.Equal(t, int64(1), d.Acts)
		photos += d.Photos
		c.clock.Forward(24 * time.Hour)
	}
	require.Equal(t, 1, photos, "in seven days each photo is read once")
	require.NoError(t, os.RemoveAll(filepath.Join(to, "blobs")))
	_, err = backup.Drill(bg, backup.SourceOf(db), place(to))
	require.ErrorIs(t, err, backup.ErrDamaged)

	again := c.make(t, db, to)
	require.GreaterOrEqual(t, again.Sent, again.Bytes)
	_, err = backup.Drill(bg, backup.SourceOf(db), place(to))
	require.NoError(t, err, "a whole backup sends again what the medium lost")
	t.Logf("TR-10: 7 drills, every photo read once in seven days, lost blobs noticed")
}
