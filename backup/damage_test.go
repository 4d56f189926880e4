package backup_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/backup"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
)

// damages is how many flips TR-08 tries; `make nightly` sets more.
func damages(t *testing.T) int {
	t.Helper()
	return storetest.Asked(t, "MEIXU_FLIPS", 500)
}

// TestTR08NothingDamagedIsAccepted: bits flipped, ends cut off, blobs and manifests swapped
// between backups, and older backups passed off as the newest are refused, and the present
// data stay as they are.
func TestTR08NothingDamagedIsAccepted(t *testing.T) {
	t.Parallel()
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	number(t, db)
	c.make(t, db, to)
	old := tree(t, to)
	c.clock.Forward(time.Hour)
	c.photo(t, "cd/second.bin", strings.Repeat("p", 5000))
	number(t, db)
	c.make(t, db, to)
	require.NoError(t, db.Close())
	present, good := tree(t, c.dir), tree(t, to)
	fresh := t.TempDir() // has the keys but no media: every blob is needed
	require.NoError(t, os.CopyFS(filepath.Join(fresh, seal.Folder), os.DirFS(filepath.Join(c.dir, seal.Folder))))
	empty := tree(t, fresh)
	refused := func(what string) {
		t.Helper()
		_, err := backup.Stage(bg, fresh, wish(to))
		require.Error(t, err, what)
		require.NoFileExists(t, filepath.Join(fresh, "restore.pending", "ready.json"), what)
		require.NoError(t, os.RemoveAll(filepath.Join(fresh, "media")))
	}
	names := needed(good, old)
	random := rand.New(rand.NewPCG(8, 8))
	for n := range damages(t) {
		name := names[random.IntN(len(names))]
		data := []byte(good[name])
		at := random.IntN(len(data))
		what := name + " flipped at " + strconv.Itoa(at)
		if n%4 == 3 {
			data, what = data[:at], name+" cut off at "+strconv.Itoa(at)
		} else {
			data[at] ^= 1 << random.IntN(8)
		}
		write(t, to, name, string(data))
		refused(what)
		write(t, to, name, good[name])
	}
	for n := range damages(t) / 10 {
		a, b := names[random.IntN(len(names))], names[random.IntN(len(names))]
		if good[a] == good[b] {
			continue
		}
		write(t, to, a, good[b])
		refused("swap " + strconv.Itoa(n))
		write(t, to, a, good[a])
	}
	require.NoError(t, os.RemoveAll(filepath.Join(fresh, "restore.pending")))
	require.Equal(t, empty, tree(t, fresh))
	require.Equal(t, present, tree(t, c.dir))
	_, err := backup.Stage(bg, fresh, wish(to))
	require.NoError(t, err, "undamaged it is accepted: the refusals above mean something")
	t.Logf("TR-08: %d flips and cuts, %d swaps, 0 accepted, the data folder unchanged", damages(t), damages(t)/10)
}

// TestTR08AManifestHasOneSpelling: a manifest that means the same in another spelling was touched
// by somebody: names in another case, blanks, bits that base64 leaves over, a tail.
func TestTR08AManifestHasOneSpelling(t *testing.T) {
	t.Parallel()
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	report := c.make(t, db, to)
	require.NoError(t, db.Close())
	name := "manifests/" + report.Name + ".json"
	good := tree(t, to)[name]
	at := strings.LastIndex(good, "==")
	require.Positive(t, at, "a signature of 64 bytes ends with two signs that fill it up")
	for what, bad := range map[string]string{
		"case":  strings.Replace(good, `"signature"`, `"Signature"`, 1),
		"blank": strings.Replace(good, ",", ", ", 1),
		"break": good[:at-4] + `\n` + good[at-4:],
		"bits":  good[:at-1] + string(good[at-1]+1) + good[at:],
		"tail":  good + "{}",
	} {
		require.NotEqual(t, good, bad, what)
		write(t, to, name, bad)
		_, err := backup.Look(bg, c.dir, wish(to))
		require.ErrorIs(t, err, backup.ErrDamaged, what)
	}
	write(t, to, name, good)
	_, err := backup.Look(bg, c.dir, wish(to))
	require.NoError(t, err)
}

// needed are the files without which the newest backup cannot be restored: its manifest and
// the blobs. Blobs of the older backup alone may be damaged without harm.
func needed(good, old map[string]string) (names []string) {
	for _, name := range slices.Sorted(maps.Keys(good)) {
		_, had := old[name]
		if strings.HasPrefix(name, "manifests/") && had {
			continue
		}
		if strings.HasPrefix(name, "blobs/") && had {
			continue
		}
		names = append(names, name)
	}
	return names
}

func write(t *testing.T, dir, name, data string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(data), 0o600))
}

func TestAnOlderMediumIsNotTakenForTheNewest(t *testing.T) {
	t.Parallel()
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	number(t, db)
	first := c.make(t, db, to)
	older := t.TempDir()
	require.NoError(t, os.CopyFS(older, os.DirFS(to)))
	c.clock.Forward(time.Hour)
	number(t, db)
	c.make(t, db, to)
	require.NoError(t, os.RemoveAll(to))
	require.NoError(t, os.CopyFS(to, os.DirFS(older)))

	_, err := backup.Stage(bg, c.dir, wish(to))
	require.ErrorIs(t, err, backup.ErrOlder, "the medium was put back")
	_, err = backup.Drill(bg, backup.SourceOf(db), place(to))
	require.ErrorIs(t, err, backup.ErrOlder)
	named := wish(to)
	named.Name = first.Name
	_, err = backup.Stage(bg, c.dir, named)
	require.NoError(t, err, "who names it means it")

	c.clock.Forward(time.Hour)
	third := c.make(t, db, to)
	require.True(t, third.Rolled, "the owner is told")
	_, err = backup.Drill(bg, backup.SourceOf(db), place(to))
	require.NoError(t, err)
}

func TestAForgedManifestIsRefused(t *testing.T) {
	t.Parallel()
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	number(t, db)
	r := c.make(t, db, to)
	name := "manifests/" + r.Name + ".json"
	good := string(mustRead(t, filepath.Join(to, name)))
	for _, change := range [][2]string{{`"seq":1`, `"seq":9`}, {`"at":"2026-03-02`, `"at":"2027-03-02`}, {`"format":2`, `"format":3`}} {
		require.Contains(t, good, change[0])
		write(t, to, name, strings.Replace(good, change[0], change[1], 1))
		_, err := backup.Stage(bg, c.dir, wish(to))
		require.ErrorIs(t, err, backup.ErrDamaged, change[1])
	}
	write(t, to, name, good)
	later := "meixu-20260303-090000"
	write(t, to, "manifests/"+later+".json", good)
	_, err := backup.Stage(bg, c.dir, wish(to))
	require.ErrorIs(t, err, backup.ErrDamaged, "a manifest under another name")
	require.NoError(t, db.Close())
}

// TestTR07ApplyFinishesAfterACrash: a restore that was broken off between its renames is finished
// at the next start, and the former data are kept.
func TestTR07ApplyFinishesAfterACrash(t *testing.T) {
	t.Parallel()
	for moved := range 3 {
		t.Run(strconv.Itoa(moved)+" renames", func(t *testing.T) {
			t.Parallel()
			c, to := newClinic(t), t.TempDir()
			db := c.open(t)
			number(t, db)
			c.make(t, db, to)
			number(t, db)
			_, err := backup.Stage(bg, c.dir, wish(to))
			require.NoError(t, err)
			require.NoError(t, db.Close())
			stale := filepath.Join(c.dir, store.File+"-wal")
			require.NoError(t, os.WriteFile(stale, []byte("left by a crash"), 0o600))

			before := filepath.Join(c.dir, "before-restore-20260302-090000")
			file := filepath.Join(c.dir, store.File)
			if moved > 0 {
				require.NoError(t, os.MkdirAll(before, 0o700))
				require.NoError(t, os.Rename(stale, filepath.Join(before, store.File+"-wal")))
				require.NoError(t, os.Rename(file, filepath.Join(before, store.File)))
			}
			if moved > 1 {
				require.NoError(t, os.Rename(filepath.Join(c.dir, "restore.pending", "incoming.db"), file))
			}
			done, err := backup.Apply(c.dir, now, nil)
			require.NoError(t, err)
			require.Equal(t, before, done.Before)
			require.NoFileExists(t, stale)
			require.FileExists(t, filepath.Join(before, store.File))
			require.Equal(t, 1, acts(t, c.open(t)))
			t.Logf("TR-07: broken off after %d renames: finished, the former data kept", moved)
		})
	}
}

func TestKeep(t *testing.T) {
	t.Parallel()
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	number(t, db)
	for range 60 { // one every eight hours for twenty days
		c.clock.Forward(8 * time.Hour)
		_, err := backup.Make(bg, backup.SourceOf(db), place(to), backup.How{Quick: true})
		require.NoError(t, err)
	}
	write(t, to, "blobs/stray", "of a run that was cut off, but with no name of ours")
	require.NoError(t, os.MkdirAll(filepath.Join(to, "blobs", "ff"), 0o700))
	orphan := "blobs/ff/ff" + strings.Repeat("0", 38)
	write(t, to, orphan, "x")
	c.clock.Forward(8 * time.Hour)
	last := c.make(t, db, to)
	heads, err := backup.List(bg, place(to))
	require.NoError(t, err)
	require.Len(t, heads, 61-len(last.Dropped))
	require.Greater(t, len(last.Dropped), 20)
	require.Equal(t, last.Name, heads[0].Name)
	require.NoFileExists(t, filepath.Join(to, orphan))
	require.FileExists(t, filepath.Join(to, "blobs", "stray"), "what is not ours is not touched")
	days := map[string]bool{}
	for _, h := range heads {
		days[h.At.Time().Format(time.DateOnly)] = true
		named := wish(to)
		named.Name = h.Name
		_, err := backup.Stage(bg, c.dir, named)
		require.NoError(t, err, "what is kept can be restored: %s", h.Name)
	}
	require.GreaterOrEqual(t, len(days), 14)
	c.clock.Forward(-100 * time.Hour)
	back := c.make(t, db, to)
	require.Empty(t, back.Dropped)
	require.Greater(t, back.Name, last.Name, "a clock that went back still makes the newest backup")
	_, err = seal.Load(c.dir)
	require.NoError(t, err)
}
