package store_test

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/seal"
	"meixu/store/storetest"
)

const victimFolder = "MEIXU_TEST_VICTIM"

// TestMain turns a copy of the test program into the victim when it is asked to.
func TestMain(m *testing.M) {
	if dir := os.Getenv(victimFolder); dir != "" {
		panic(victim(dir)) // it is killed before it ends by itself
	}
	os.Exit(m.Run())
}

// victim writes until it is killed and says each act only after it was saved.
func victim(dir string) error {
	keys, err := seal.Load(dir)
	if err != nil {
		return err
	}
	db, err := store.Open(bg, store.Options{Dir: dir, Keys: keys})
	if err != nil {
		return err
	}
	for {
		var act int64
		err := db.Write(bg, storetest.Act("stock.move"), func(tx *store.Tx) error {
			act = int64(tx.ActID())
			_, err := tx.Move(store.Account{Kind: "stock", ID: 1}, 1, store.Subject{Noun: "count", ID: act})
			return err
		})
		if err != nil {
			return err
		}
		if _, err := os.Stdout.WriteString("saved " + strconv.FormatInt(act, 10) + "\n"); err != nil {
			return err
		}
	}
}

// TestTR01KilledProcessLosesNothing: a process that writes is killed, again and again; every act
// that it had said was saved is there with its change, and the chain is whole. MEIXU_KILLS says
// how often.
func TestTR01KilledProcessLosesNothing(t *testing.T) {
	t.Parallel()
	kills := storetest.Asked(t, "MEIXU_KILLS", 20)
	dir := t.TempDir()
	keys, _, err := seal.Create(dir)
	require.NoError(t, err)
	said := 0
	for round := range kills {
		victim := exec.Command(os.Args[0])
		victim.Env = append(os.Environ(), victimFolder+"="+dir)
		out, err := victim.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, victim.Start())
		lines := bufio.NewScanner(out)
		for n := 0; n < 3+7*round%50 && lines.Scan(); {
			if text, ok := strings.CutPrefix(lines.Text(), "saved "); ok {
				said, err = strconv.Atoi(text)
				require.NoError(t, err)
				n++
			}
		}
		require.NoError(t, victim.Process.Kill())
		for lines.Scan() { // what it had said before it died counts too
			if text, ok := strings.CutPrefix(lines.Text(), "saved "); ok {
				if n, err := strconv.Atoi(text); err == nil {
					said = n
				}
			}
		}
		require.Error(t, victim.Wait())

		db, err := store.Open(bg, store.Options{Dir: dir, Keys: keys})
		require.NoError(t, err, "the lock of a dead process is free")
		saved := read[int](t, db, `SELECT count(*) FROM acts`)
		require.GreaterOrEqual(t, saved, said)
		require.Equal(t, saved, read[int](t, db, `SELECT sum(amount) FROM ledger`), "act and change are saved together")
		require.NoError(t, db.VerifyChain(bg))
		require.NoError(t, db.Close())
	}
	require.Positive(t, said)
	t.Logf("TR-01: %d kills, %d acts acknowledged, 0 lost, 0 faults of the chain", kills, said)
}
