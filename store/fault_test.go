package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/storetest/disk"
)

// TestTR04TornDiskNeverSaysDone is TR-04: the Nth write or sync fails, once or from then on, in
// every way a disk fails. No act is reported as saved that is not there afterwards; after an
// error of the disk nothing is written until the file was opened anew; then it goes on. MEIXU_FAULTS
// says with how many sizes of acts; with more than one every single operation fails in its turn.
func TestTR04TornDiskNeverSaysDone(t *testing.T) {
	t.Parallel()
	sizes := storetest.Asked(t, "MEIXU_FAULTS", 1)
	for _, how := range []struct {
		name string
		op   disk.Op
		code disk.Code
	}{{"no room", disk.Write, disk.Full}, {"a write fails", disk.Write, disk.BadWrite}, {"a sync fails", disk.Sync, disk.BadSync}} {
		for _, lasting := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, lasting %v", how.name, lasting), func(t *testing.T) {
				t.Parallel()
				d, err := disk.New()
				require.NoError(t, err)
				refused, stopped, runs := 0, false, 0
				for size := range sizes {
					t.Run(fmt.Sprint("size ", size), func(t *testing.T) { //nolint:paralleltest // its folders go before the next
						for nth := 1; ; nth += step(nth, sizes) {
							met, failed, stops := faulty(t, d, size, how.op, how.code, nth, lasting)
							stopped = stopped || stops
							refused += failed
							runs++
							if !met {
								break
							}
						}
					})
				}
				require.Positive(t, refused, "the disk never failed: this proves nothing")
				require.Equal(t, how.code != disk.Full && lasting, stopped, "a full disk is no broken one")
				t.Logf("TR-04: %s, lasting %v: %d runs, %d writes refused, 0 said done and lost", how.name, lasting, runs, refused)
			})
		}
	}
}

// step is how far the next failure lies: further and further where time is short.
func step(nth, sizes int) int {
	if sizes > 1 {
		return 1
	}
	return 1 + nth/4
}

// faulty writes six acts, larger with size, on a disk whose nth operation fails, mends the disk,
// writes one more, and looks what is there. It says whether the failure was met and how many acts
// were refused.
func faulty(t *testing.T, d *disk.Disk, size int, op disk.Op, code disk.Code, nth int, lasting bool) (met bool, refused int, stopped bool) { //nolint:revive // a table of faults
	t.Helper()
	defer d.Forget()
	clock, dir := storetest.NewClock(), t.TempDir()
	storetest.Fill(t, dir)
	db, err := store.Open(bg, store.OnDisk(store.Options{Dir: dir, Keys: storetest.Keys(), Now: clock.Now}, d.VFS))
	require.NoError(t, err)
	seen := 0
	d.Fail(func(what disk.Op, _ string) disk.Code {
		if what != op {
			return 0
		}
		seen++
		if seen == nth || lasting && seen > nth {
			met = true
			return code
		}
		return 0
	})
	var saved []string
	for i := range 6 {
		name := fmt.Sprint("s", i)
		if err := db.Write(bg, storetest.Act("a.b"), set(name, strings.Repeat("1", 1+size*700))); err == nil {
			saved = append(saved, name)
		} else {
			refused++
			stopped = stopped || errors.Is(err, store.ErrStopped)
			require.True(t, errors.Is(err, store.ErrFull) || errors.Is(err, store.ErrDisk) || errors.Is(err, store.ErrStopped), "%v", err)
		}
	}
	if db.Stopped() != nil {
		require.NotEmpty(t, read[string](t, db, `SELECT sqlite_version()`), "reading goes on")
	}
	d.Fail(nil)
	clock.Forward(time.Minute)
	require.NoError(t, db.Write(bg, storetest.Act("a.b"), set("again", "1")), "operation %d", nth)
	require.NoError(t, db.Stopped())
	require.NoError(t, db.Close())
	n, err := store.LookInto(filepath.Join(dir, store.File), `SELECT count(*) FROM settings`)
	require.NoError(t, err)
	require.GreaterOrEqual(t, n, int64(len(saved)+1), "operation %d", nth)
	after := storetest.Open(t, store.Options{Dir: dir})
	require.Subset(t, settings(t, after), append(saved, "again"))
	require.NoError(t, after.VerifyChain(bg))
	return met, refused, stopped
}
