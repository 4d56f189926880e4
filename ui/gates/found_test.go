package gates_test

import (
	"database/sql"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/media"
	"meixu/store"
	"meixu/store/term"
)

// listed is how many payments of an order are read at most.
const listed = 200

// found demands that everything that the server had said was done is there, whole.
func (h *house) found() {
	h.t.Helper()
	db, err := store.Open(h.t.Context(), store.Options{Dir: h.dir, Keys: h.keys, Now: h.d.Clock.Now})
	require.NoError(h.t, err, "the lock of a dead process is free")
	require.NoError(h.t, db.VerifyChain(h.t.Context()))
	require.NoError(h.t, db.Read(h.t.Context(), func(r *store.Read) error {
		for id, start := range h.bookings {
			a, err := r.Appointment(term.AppointmentID(id))
			require.NoError(h.t, err, "booking %d", id)
			require.Equal(h.t, start, a.StartsAt.Time().In(r.Zone()).Format("2006-01-02T15:04"))
		}
		people, err := r.NewestClients(0, 100_000)
		require.NoError(h.t, err)
		have := map[string]bool{}
		for _, c := range people {
			have[c.Phone] = true
		}
		for phone := range h.phones {
			require.True(h.t, have[phone], "the file of %s with its consents", phone)
		}
		payments, err := r.PaymentsOf(h.d.Order)
		require.NoError(h.t, err)
		balance, err := r.Balance("money", int64(h.d.Order))
		require.NoError(h.t, err)
		require.GreaterOrEqual(h.t, balance, int64(h.payments))
		require.EqualValues(h.t, len(payments), min(balance, listed), "each payment of one fen stands on the ledger")
		faults, err := r.CheckLedger()
		require.NoError(h.t, err)
		require.Empty(h.t, faults)
		pictures, err := r.MediaFiles()
		require.NoError(h.t, err)
		require.GreaterOrEqual(h.t, len(pictures), h.photos)
		for name := range pictures {
			for _, size := range []media.Size{media.Full, media.Thumb} {
				require.FileExists(h.t, filepath.Join(h.dir, media.Folder, name[:2], name+string(size)), "no row without its file")
			}
		}
		return nil
	}))
	require.NoError(h.t, db.Close())
	h.whole()
}

// whole demands that every page, index and reference of the closed file is in order.
func (h *house) whole() {
	h.t.Helper()
	file, err := sql.Open("sqlite", filepath.Join(h.dir, store.File))
	require.NoError(h.t, err)
	defer file.Close()
	verdict, broken := "", 0
	require.NoError(h.t, file.QueryRowContext(h.t.Context(), `PRAGMA integrity_check(1)`).Scan(&verdict))
	require.Equal(h.t, "ok", verdict)
	require.NoError(h.t, file.QueryRowContext(h.t.Context(), `SELECT count(*) FROM pragma_foreign_key_check`).Scan(&broken))
	require.Zero(h.t, broken)
}

// swept demands that a day later no file is without its row, and gives how many the sweeper took.
func (h *house) swept() (taken int) {
	h.t.Helper()
	db, err := store.Open(h.t.Context(), store.Options{Dir: h.dir, Keys: h.keys, Now: h.d.Clock.Now})
	require.NoError(h.t, err)
	defer db.Close()
	yesterday := h.d.Clock.Now().Add(-25 * time.Hour)
	files := func(visit func(path, name string)) {
		require.NoError(h.t, filepath.WalkDir(filepath.Join(h.dir, media.Folder), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() {
				visit(path, entry.Name())
			}
			return err
		}))
	}
	files(func(path, _ string) { require.NoError(h.t, os.Chtimes(path, yesterday, yesterday)) })
	shelf := media.New(db)
	taken, err = shelf.Sweep(h.t.Context())
	require.NoError(h.t, err)
	var known map[string]bool
	require.NoError(h.t, db.Read(h.t.Context(), func(r *store.Read) (err error) {
		known, err = r.MediaFiles()
		return err
	}))
	files(func(path, name string) {
		row, _, _ := strings.Cut(name, ".")
		require.True(h.t, known[row], "%s has no row", path)
	})
	return taken
}
