package backup_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/backup"
	"meixu/backup/target"
	"meixu/backup/target/targettest"
	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
)

// What a copy of the test program is told when it is to make a backup and be killed meanwhile.
const (
	victimFolder = "MEIXU_TEST_VICTIM"
	victimTarget = "MEIXU_TEST_TARGET"
	victimPulls  = "MEIXU_TEST_PULLS" // it is to fetch photos that are owed instead
)

// TestMain turns a copy of the test program into the victim when it is asked to.
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimFolder); dir != "" {
		deed := func() error { return victim(dir, os.Getenv(victimTarget)) }
		if os.Getenv(victimPulls) != "" {
			deed = func() error { return pulled(dir) }
		}
		if err := deed(); err != nil {
			panic(err)
		}
		return
	}
	os.Exit(m.Run())
}

// victim makes one backup, an hour after the tests' clock.
func victim(dir, address string) error {
	keys, err := seal.Load(dir)
	if err != nil {
		return err
	}
	clock := storetest.NewClock()
	clock.Forward(time.Hour)
	db, err := store.Open(bg, store.Options{Dir: dir, Keys: keys, Now: clock.Now})
	if err != nil {
		return err
	}
	_, err = backup.Make(bg, backup.SourceOf(db), distant(address), backup.How{})
	return errors.Join(err, db.Close())
}

func distant(address string) backup.Place {
	return backup.Place{Address: address, Secrets: target.Secrets{Password: targettest.Password}}
}

// cut is a clinic with a medium that holds two backups; what is tried begins there each time.
type cut struct {
	clinic
	held string      // the medium as it is before
	turn *sync.Mutex // one process or test at a time has the data folder open
}

func newCut(t *testing.T) cut {
	t.Helper()
	c := cut{newClinic(t), t.TempDir(), new(sync.Mutex)}
	db := c.open(t)
	for range 2 {
		c.clock.Forward(time.Minute)
		number(t, db)
		c.make(t, db, c.held)
	}
	c.photo(t, "cd/second.bin", "another sealed photo")
	number(t, db)
	require.NoError(t, db.Close())
	return c
}

// medium is a fresh copy of the medium behind a server.
func (c cut) medium(t *testing.T) *targettest.Medium {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(c.held)))
	return targettest.New(t, dir)
}

// good demands that every backup of the medium can be restored, and that the two from before are
// among them. It gives how many there are.
func (c cut) good(t *testing.T, dir string) int {
	t.Helper()
	heads, err := backup.List(bg, place(dir))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(heads), 2)
	for _, h := range heads {
		fresh := t.TempDir()
		require.NoError(t, os.CopyFS(filepath.Join(fresh, seal.Folder), os.DirFS(filepath.Join(c.dir, seal.Folder))))
		w := wish(dir)
		w.Name = h.Name
		_, err := backup.Stage(bg, fresh, w)
		require.NoError(t, err, h.Name)
	}
	return len(heads)
}

// operations is how many operations of the medium a whole backup takes.
func (c cut) operations(t *testing.T) int {
	t.Helper()
	m := c.medium(t)
	m.Before(func(int, bool) error { return nil })
	require.NoError(t, victim(c.dir, m.Address))
	require.Equal(t, 3, c.good(t, m.Dir))
	return m.Met()
}

// tries is how many places of a run are tried; MEIXU_KILLS asks for more.
func tries(t *testing.T, usual int) int {
	t.Helper()
	return storetest.Asked(t, "MEIXU_KILLS", usual)
}

// places are n places among all, the first and the last too.
func places(n, all int) (list []int) {
	if n >= all {
		n = all
	}
	for i := range n {
		list = append(list, 1+i*(all-1)/max(1, n-1))
	}
	return list
}

// TestTR09CrashedBackupLeavesTheOthersGood is TR-09: the medium is unplugged, or is full, at every stage of
// a backup. It is said that the backup failed, every backup that is listed can be restored, and
// the next one succeeds.
func TestTR09CrashedBackupLeavesTheOthersGood(t *testing.T) {
	t.Parallel()
	c := newCut(t)
	all := c.operations(t)
	for name, how := range map[string]struct {
		answer error
		all    bool // also what only reads
	}{"unplugged": {targettest.Unplug, true}, "full": {syscall.ENOSPC, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tried, failed := 0, 0
			for _, at := range places(tries(t, 6), all) {
				m := c.medium(t)
				m.Before(func(n int, writes bool) error {
					if n >= at && (writes || how.all) {
						return how.answer
					}
					return nil
				})
				if c.alone(func() error { return victim(c.dir, m.Address) }) != nil {
					failed++
				}
				tried++
				listed := c.good(t, m.Dir)
				if listed == 2 || tried%5 == 0 {
					m.Before(nil)
					require.NoError(t, c.alone(func() error { return victim(c.dir, m.Address) }), "operation %d: the next one", at)
				}
			}
			require.Greater(t, failed, tried/2, "the medium never failed: this proves nothing")
			t.Logf("TR-09: %s at %d of %d stages: %d backups failed and said so, every listed one restored", name, tried, all, failed)
		})
	}
}

// alone runs fn while nobody else has the data folder open.
func (c cut) alone(fn func() error) error {
	c.turn.Lock()
	defer c.turn.Unlock()
	return fn()
}

// TestTR09KilledBackupLeavesTheOthersGood: the process itself is killed at every stage.
func TestTR09KilledBackupLeavesTheOthersGood(t *testing.T) {
	t.Parallel()
	c := newCut(t)
	all := c.operations(t)
	stages, killed := places(tries(t, 4), all), 0
	for _, at := range stages {
		m := c.medium(t)
		process := exec.Command(os.Args[0])
		process.Env = append(os.Environ(), victimFolder+"="+c.dir, victimTarget+"="+m.Address)
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
		listed := c.good(t, m.Dir)
		m.Before(nil)
		if listed == 2 {
			require.NoError(t, victim(c.dir, m.Address), "operation %d: the next backup", at)
			require.Equal(t, 3, c.good(t, m.Dir))
		}
	}
	require.Greater(t, killed, len(stages)/2)
	t.Logf("TR-09: killed at %d of %d stages, every listed backup restored, the next one made", killed, all)
}
