package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/storetest/disk"
)

// images is how many moments of a power cut are tried; MEIXU_IMAGES asks for more.
func images(t *testing.T, usual int) int {
	t.Helper()
	return storetest.Asked(t, "MEIXU_IMAGES", usual)
}

// wholeActs gives the number of acts when everything belongs together: each act with its seal
// and the movement it made, none missing in between; -1 when not.
const wholeActs = `SELECT CASE WHEN n = top AND n = (SELECT count(*) FROM act_seals) AND n = (SELECT count(*) FROM ledger)
	THEN n ELSE -1 END FROM (SELECT count(*) AS n, coalesce(max(id), 0) AS top FROM acts)`

// lost puts the found files into a folder and gives how many of the promised rows are not
// there.
func lost(t *testing.T, dir, query string, f disk.Found) int64 {
	t.Helper()
	require.NoError(t, os.RemoveAll(dir))
	require.NoError(t, os.Mkdir(dir, 0o700))
	for name, body := range f.Files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), body, 0o300))
	}
	have, err := store.LookInto(filepath.Join(dir, store.File), query)
	if err != nil && strings.Contains(err.Error(), "no such table") {
		have, err = 0, nil // not even the schema is there
	}
	require.NoError(t, err)
	require.GreaterOrEqual(t, have, int64(0), "acts, seals and movements belong together")
	promised := int64(0)
	for _, n := range f.Marks {
		promised = max(promised, n)
	}
	return max(0, promised-have)
}

// TestTR03TornPowerCutLosesNoAct is TR-03: whatever of the unsynced writes reached the disk, every
// act that was reported as saved is there with its seal, and the file is whole. Writers share
// commits meanwhile.
func TestTR03TornPowerCutLosesNoAct(t *testing.T) {
	t.Parallel()
	d, err := disk.New()
	require.NoError(t, err)
	db := storetest.Open(t, store.OnDisk(store.Options{Dir: t.TempDir()}, d.VFS))
	started := d.Events()
	var writers sync.WaitGroup
	for range 4 {
		writers.Go(func() {
			for range 50 {
				var act int64
				err := db.Write(bg, storetest.Act("stock.move"), func(tx *store.Tx) error {
					act = int64(tx.ActID())
					_, err := tx.Move(store.Account{Kind: "stock", ID: 1}, 1, store.Subject{Noun: "count", ID: act})
					return err
				})
				if err != nil {
					t.Errorf("writing: %v", err)
					return
				}
				d.Note(act)
			}
		})
	}
	writers.Wait()

	random, dir, checked := rand.New(rand.NewPCG(1, 3)), filepath.Join(t.TempDir(), "found"), 0
	for _, keep := range []float64{0, 0.5, 1} {
		d.Cut(images(t, 300)/3, keep, random, func(f disk.Found) {
			if len(f.Marks) == 0 {
				return // still being made
			}
			require.Zero(t, lost(t, dir, wholeActs, f), "keep %v, %d promised", keep, len(f.Marks))
			checked++
		})
	}
	require.Greater(t, checked, images(t, 300)/3)
	t.Logf("TR-03: %d images of %d operations (%d of them while opening), 200 acts in %d commits, 0 lost, 0 corrupt", checked, d.Events(), started, db.Commits())
}

// TestTR03TornPowerCutHarnessFindsLoss is the negative control of TR-03: with synchronous=NORMAL
// the same cuts do lose what was promised. If they did not, the test above would prove nothing.
func TestTR03TornPowerCutHarnessFindsLoss(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		synchronous string
		loses       bool
	}{{"EXTRA", false}, {"NORMAL", true}} {
		t.Run(c.synchronous, func(t *testing.T) {
			t.Parallel()
			d, err := disk.New()
			require.NoError(t, err)
			run, closed, err := store.OpenRaw(filepath.Join(t.TempDir(), store.File), d.VFS, c.synchronous)
			require.NoError(t, err)
			require.NoError(t, run(`CREATE TABLE t (id INTEGER PRIMARY KEY)`))
			for i := range int64(100) {
				require.NoError(t, run(fmt.Sprintf(`INSERT INTO t VALUES (%d)`, i+1)))
				d.Note(i + 1)
			}
			most := int64(0)
			random, dir := rand.New(rand.NewPCG(1, 4)), filepath.Join(t.TempDir(), "found")
			d.Cut(100, 0.3, random, func(f disk.Found) {
				if len(f.Marks) > 0 {
					most = max(most, lost(t, dir, `SELECT count(*) FROM t`, f))
				}
			})
			require.Equal(t, c.loses, most > 0, "at most %d promised rows were lost", most)
			t.Logf("TR-03: control with synchronous=%s loses up to %d", c.synchronous, most)
			require.NoError(t, closed())
		})
	}
}
