package backup_test

import (
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/backup"
	"meixu/backup/target"
	"meixu/backup/target/targettest"
	"meixu/store/seal"
	"meixu/store/term"
)

// instant is the tests' clock as photos that are owed ask it.
func (c clinic) instant() term.Instant { return term.At(c.clock.Now()) }

// owes is what a data folder is still owed.
func (c clinic) owes(t *testing.T) *backup.Owed {
	t.Helper()
	o, err := backup.OwedPhotos(c.dir, c.keys, c.instant)
	require.NoError(t, err)
	t.Cleanup(func() { _ = o.Close() }) // also where the test ended in the middle
	return o
}

// pulled fetches what a data folder is owed, as the copy of the test program that is killed.
func pulled(dir string) error {
	keys, err := seal.Load(dir)
	if err != nil {
		return err
	}
	o, err := backup.OwedPhotos(dir, keys, func() term.Instant { return now })
	if err != nil {
		return err
	}
	_, err = o.Pull(bg, backup.Pull{})
	return err
}

// shots are the photos of dead.
const shots = 6

// dead is a clinic whose machine died; its backup lies in held.
func dead(t *testing.T) (c clinic, held string, photos map[string]string) {
	t.Helper()
	c, held = newClinic(t), t.TempDir()
	for n := range shots - 1 {
		c.photo(t, fmt.Sprintf("%02x/photo%d.bin", n, n), strings.Repeat(fmt.Sprint("photo ", n), 300))
	}
	db := c.open(t)
	number(t, db)
	require.Equal(t, shots, c.make(t, db, held).Files)
	photos = tree(t, filepath.Join(c.dir, "media"))
	require.NoError(t, db.Close())
	require.NoError(t, os.RemoveAll(c.dir))
	return c, held, photos
}

// risen brings a clinic up on a new machine from a medium and the printed code; the photos are owed.
func (c clinic) risen(t *testing.T, from backup.Place) clinic {
	t.Helper()
	fresh := t.TempDir()
	staged, err := backup.Stage(bg, fresh, backup.Wish{Place: from, Code: c.code})
	require.NoError(t, err)
	require.NoDirExists(t, filepath.Join(fresh, "media"), "no photo is waited for")
	keys, err := seal.Load(fresh)
	require.NoError(t, err)
	r := clinic{dir: fresh, code: c.code, keys: keys, clock: c.clock}
	require.Nil(t, r.owes(t), "nothing is owed before the restore is applied")
	_, err = backup.Apply(fresh, now, nil)
	require.NoError(t, err)
	require.Equal(t, staged.Owed, r.owes(t).State().Left())
	return r
}

// shown are the photos of a folder; half a file is none.
func shown(t *testing.T, c clinic) map[string]string {
	t.Helper()
	all := map[string]string{}
	for name, data := range tree(t, c.dir) {
		if in, ok := strings.CutPrefix(name, "media/"); ok && !strings.HasSuffix(in, ".partial") {
			all[in] = data
		}
	}
	return all
}

// TestTR11PhotosFollow: the database is there and written to while the photos come, one of them
// out of turn because somebody looks at it; then nothing is owed any more.
func TestTR11PhotosFollow(t *testing.T) {
	t.Parallel()
	c, held, photos := dead(t)
	fresh := c.risen(t, place(held))
	db := fresh.open(t)
	number(t, db)
	require.Equal(t, 2, acts(t, db), "people work")
	o := fresh.owes(t)
	state := o.State()
	require.Equal(t, shots, state.Left())
	require.Equal(t, held, state.Address)
	require.Equal(t, now, state.Since)
	require.NoError(t, o.Fetch(bg, "03/photo3.bin"), "somebody wants to see it now")
	require.Equal(t, photos["03/photo3.bin"], shown(t, fresh)["03/photo3.bin"])
	require.ErrorIs(t, o.Fetch(bg, "03/photo3.bin"), fs.ErrNotExist, "it is owed no more")
	told := 0
	n, err := o.Pull(bg, backup.Pull{Told: func() { told++ }, Skip: func(name string) bool { return strings.HasPrefix(name, "ab/") }})
	require.NoError(t, err)
	require.Equal(t, []int{shots - 2, shots - 2}, []int{n, told}, "one was here, one is not wanted")
	delete(photos, "ab/abcdef.bin")
	require.Equal(t, photos, shown(t, fresh))
	require.Equal(t, []int{shots - 1, shots - 1}, []int{o.State().All, o.State().Here}, "what nobody wants has not come")
	require.Nil(t, fresh.owes(t), "the list is gone when nothing is left")
	require.NotContains(t, fmt.Sprint(tree(t, fresh.dir)), ".partial")
}

// TestTR11WrongPhotosAreRefused: what was cut off, changed, exchanged or lost on the medium is
// refused by name; the other photos come, and what is there stays. A good copy mends it.
func TestTR11WrongPhotosAreRefused(t *testing.T) {
	t.Parallel()
	c, held, photos := dead(t)
	good := t.TempDir()
	require.NoError(t, os.CopyFS(good, os.DirFS(held)))
	blobs := photoBlobs(t, c, photos)
	spoilt := map[string]func(path string, data []byte){
		"00/photo0.bin": func(p string, d []byte) { d[len(d)/2] ^= 1; write(t, held, p, string(d)) },
		"01/photo1.bin": func(p string, d []byte) { write(t, held, p, string(d[:len(d)-7])) },
		"02/photo2.bin": func(p string, _ []byte) {
			write(t, held, p, string(mustRead(t, filepath.Join(held, blobs["03/photo3.bin"]))))
		},
		"ab/abcdef.bin": func(p string, _ []byte) { require.NoError(t, os.Remove(filepath.Join(held, p))) },
		"04/photo4.bin": func(p string, _ []byte) { // a link out of the medium ends nothing but this one
			require.NoError(t, os.Remove(filepath.Join(held, p)))
			require.NoError(t, os.Symlink(filepath.Join(good, p), filepath.Join(held, p)))
		},
	}
	for name, spoil := range spoilt {
		spoil(blobs[name], mustRead(t, filepath.Join(held, blobs[name])))
	}
	fresh := c.risen(t, place(held))
	fresh.photo(t, "ff/taken since.bin", "a photo of today")
	o := fresh.owes(t)
	_, err := o.Pull(bg, backup.Pull{})
	require.NoError(t, err)
	require.Equal(t, []backup.BadPhoto{{"00/photo0.bin", false}, {"01/photo1.bin", false}, {"02/photo2.bin", false}, {"04/photo4.bin", true}, {"ab/abcdef.bin", true}}, o.State().Bad)
	have := shown(t, fresh)
	require.Len(t, have, shots-len(spoilt)+1, "no half and no wrong photo has a name")
	require.Equal(t, "a photo of today", have["ff/taken since.bin"])
	require.ErrorIs(t, o.Fetch(bg, "00/photo0.bin"), backup.ErrDamaged)
	require.NotNil(t, fresh.owes(t), "and it is not forgotten")

	other := newClinic(t)
	db, foreign := other.open(t), t.TempDir()
	number(t, db)
	other.make(t, db, foreign)
	require.ErrorIs(t, o.MoveTo(bg, place(foreign)), backup.ErrOther)
	require.ErrorIs(t, o.MoveTo(bg, place(t.TempDir())), backup.ErrNone)
	require.NoError(t, o.MoveTo(bg, place(good)))
	require.Equal(t, good, fresh.owes(t).State().Address, "kept for the next start")
	_, err = o.Pull(bg, backup.Pull{})
	require.NoError(t, err)
	photos["ff/taken since.bin"] = "a photo of today"
	require.Equal(t, photos, shown(t, fresh))
	require.Nil(t, fresh.owes(t))
}

// photoBlobs says where on the medium each photo lies.
func photoBlobs(t *testing.T, c clinic, photos map[string]string) map[string]string {
	t.Helper()
	key, err := seal.NewKey(1, c.keys.Derive("backup names"))
	require.NoError(t, err)
	found := map[string]string{}
	for name, data := range photos {
		id := hex.EncodeToString(key.MAC([]byte("blob"), []byte(data)))[:40]
		found[name] = "blobs/" + id[:2] + "/" + id
	}
	return found
}

// TestTR11AMediumThatWasPulledOut is away, not damaged: nothing is refused, and with the medium
// back it goes on.
func TestTR11AMediumThatWasPulledOut(t *testing.T) {
	t.Parallel()
	c, held, photos := dead(t)
	m := targettest.New(t, held)
	fresh := c.risen(t, distant(m.Address))
	o := fresh.owes(t)
	m.Before(func(n int, _ bool) error {
		if n > 6 {
			return targettest.Unplug
		}
		return nil
	})
	const last = "04/photo4.bin"
	_, err := o.Pull(bg, backup.Pull{Order: func(names []string) {
		slices.SortFunc(names, func(a, b string) int {
			return strings.Compare(strings.TrimPrefix(a, last), strings.TrimPrefix(b, last))
		})
		slices.Reverse(names)
	}})
	require.ErrorIs(t, err, target.ErrAway)
	state := o.State()
	require.Empty(t, state.Bad)
	require.False(t, state.Away.IsZero())
	require.Positive(t, state.Left())
	require.ErrorIs(t, o.Fetch(bg, last), target.ErrAway)
	m.Before(nil)
	met := m.Met()
	require.ErrorIs(t, o.Fetch(bg, last), target.ErrAway, "not asked again at once")
	require.Equal(t, met, m.Met())
	c.clock.Forward(time.Minute)
	_, err = o.Pull(bg, backup.Pull{})
	require.NoError(t, err)
	require.Equal(t, photos, shown(t, fresh))

	usb := c.risen(t, place(held))
	require.NoError(t, os.Rename(held, held+" elsewhere"))
	require.NoError(t, os.Mkdir(held, 0o700), "the folder that the disk was mounted on")
	o = usb.owes(t)
	_, err = o.Pull(bg, backup.Pull{})
	require.ErrorIs(t, err, target.ErrAway, "an empty folder is no medium")
	require.Empty(t, o.State().Bad)
}

// TestTR11AFullDiskStopsThePhotos and not the clinic.
func TestTR11AFullDiskStopsThePhotos(t *testing.T) {
	t.Parallel()
	c, held, _ := dead(t)
	fresh := c.risen(t, place(held))
	o := fresh.owes(t)
	_, err := o.Pull(bg, backup.Pull{Room: func() bool { return false }})
	require.ErrorIs(t, err, backup.ErrNoRoom)
	require.Equal(t, shots, o.State().Left())
}

// TestTR11KilledWhilePhotosCome: the process is killed at every stage. Under its name a photo is
// whole or not there, and the next start goes on where it was.
func TestTR11KilledWhilePhotosCome(t *testing.T) {
	t.Parallel()
	c, held, photos := dead(t)
	m := targettest.New(t, held)
	fresh := c.risen(t, distant(m.Address))
	before := t.TempDir()
	require.NoError(t, os.CopyFS(before, os.DirFS(fresh.dir)))
	m.Before(func(int, bool) error { return nil })
	require.NoError(t, pulled(fresh.dir))
	all, killed := m.Met(), 0
	stages := places(tries(t, 5), all)
	for _, at := range stages {
		require.NoError(t, os.RemoveAll(fresh.dir))
		require.NoError(t, os.CopyFS(fresh.dir, os.DirFS(before)))
		process := exec.Command(os.Args[0])
		process.Env = append(os.Environ(), victimFolder+"="+fresh.dir, victimPulls+"=1")
		ready := make(chan *os.Process, 1)
		m.Before(func(n int, _ bool) error {
			if n != at {
				return nil
			}
			if err := (<-ready).Kill(); err != nil {
				return err
			}
			return targettest.Unplug
		})
		require.NoError(t, process.Start())
		ready <- process.Process
		if process.Wait() != nil {
			killed++
		}
		m.Before(nil)
		for name, data := range shown(t, fresh) {
			require.Equal(t, photos[name], data, "stage %d: %s", at, name)
		}
		if o := fresh.owes(t); o != nil {
			_, err := o.Pull(bg, backup.Pull{})
			require.NoError(t, err, "stage %d", at)
		}
		require.Equal(t, photos, shown(t, fresh), "stage %d", at)
		require.Nil(t, fresh.owes(t))
	}
	require.Greater(t, killed, len(stages)/2)
	t.Logf("TR-11: killed at %d of %d stages while photos came: no half photo, all of them there after the next start", killed, all)
}

// TestTR11BackupsDoNotForgetWhatIsOwed: where the place holds the photos they stay in its
// backups; elsewhere the backup is made and names them as awaited, until they are here.
func TestTR11BackupsDoNotForgetWhatIsOwed(t *testing.T) {
	t.Parallel()
	c, held, photos := dead(t)
	fresh := c.risen(t, place(held))
	db := fresh.open(t)
	number(t, db)
	make := func(to string, quick bool) backup.Report {
		c.clock.Forward(time.Hour)
		s := backup.SourceOf(db)
		s.Owed = fresh.owes(t)
		r, err := backup.Make(bg, s, place(to), backup.How{Quick: quick})
		require.NoError(t, err)
		return r
	}
	own := t.TempDir()
	for _, quick := range []bool{true, false} {
		same := make(held, quick)
		require.Equal(t, []int{shots, 0}, []int{same.Files, same.Awaited}, "the medium has them: they are in the backup by name")
		require.Less(t, same.Sent, same.Bytes)
		other := make(own, quick)
		require.Equal(t, []int{0, shots}, []int{other.Files, other.Awaited}, "the backup is made, and says what it waits for")
	}
	drilled, err := backup.Drill(bg, backup.SourceOf(db), place(own))
	require.NoError(t, err)
	require.Equal(t, shots, drilled.Awaited)

	// The second machine dies, too, and has only the other place: nothing is forgotten there.
	third := t.TempDir()
	staged, err := backup.Stage(bg, third, backup.Wish{Place: place(own), Code: c.code, PhotosNow: true})
	require.NoError(t, err)
	require.Equal(t, shots, staged.Owed)
	require.Equal(t, held, staged.AwaitedFrom)
	_, err = backup.Apply(third, now, nil)
	require.NoError(t, err)
	last := clinic{dir: third, keys: fresh.keys, clock: c.clock}
	o := last.owes(t)
	_, err = o.Pull(bg, backup.Pull{})
	require.NoError(t, err)
	require.Len(t, o.State().Bad, shots, "that place never had them, and they are named")
	require.NoError(t, o.MoveTo(bg, place(held)))
	_, err = o.Pull(bg, backup.Pull{})
	require.NoError(t, err)
	require.Equal(t, photos, shown(t, last))

	// Here they arrive: the next backup has them all.
	_, err = fresh.owes(t).Pull(bg, backup.Pull{})
	require.NoError(t, err)
	whole := make(own, false)
	require.Equal(t, []int{shots, 0}, []int{whole.Files, whole.Awaited})
}

// TestTR11ARestoreOverARestore: a backup that still waits is restored on the machine that waits.
func TestTR11ARestoreOverARestore(t *testing.T) {
	t.Parallel()
	c, held, photos := dead(t)
	fresh := c.risen(t, place(held))
	db, own := fresh.open(t), t.TempDir()
	number(t, db)
	s := backup.SourceOf(db)
	s.Owed = fresh.owes(t)
	_, err := backup.Make(bg, s, place(own), backup.How{})
	require.NoError(t, err)
	require.NoError(t, db.Close())
	_, err = backup.Stage(bg, fresh.dir, backup.Wish{Place: place(own)})
	require.NoError(t, err)
	_, err = backup.Apply(fresh.dir, now, nil)
	require.NoError(t, err)
	_, err = fresh.owes(t).Pull(bg, backup.Pull{})
	require.NoError(t, err, "the places of before are known still")
	require.Equal(t, photos, shown(t, fresh))
}
