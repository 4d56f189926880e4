package backup_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/backup"
	"meixu/store/seal"
)

// TestARestoreUnderAPassphrase: the key file wants its passphrase, the printed code is enough too,
// and a wrong one at the start that would bring the restore in leaves the former data in place.
func TestARestoreUnderAPassphrase(t *testing.T) {
	t.Parallel()
	const passphrase = "a passphrase of this clinic"
	says := func(words string) seal.Passphrase { return func() (string, error) { return words, nil } }
	c, to := newClinic(t), t.TempDir()
	db := c.open(t)
	require.Equal(t, "V20260302-001", number(t, db))
	c.make(t, db, to)
	require.Equal(t, "V20260302-002", number(t, db))
	require.NoError(t, db.Close())
	write, err := c.keys.Dress(c.dir, passphrase)
	require.NoError(t, err)
	require.NoError(t, write())

	w := wish(to)
	_, err = backup.Look(bg, c.dir, w)
	require.ErrorIs(t, err, seal.ErrLocked)
	w.Passphrase = says(passphrase)
	found, err := backup.Look(bg, c.dir, w)
	require.NoError(t, err)
	require.Equal(t, int64(1), found.Loss.Acts)
	w.Passphrase, w.Code = nil, c.code
	_, err = backup.Stage(bg, c.dir, w)
	require.NoError(t, err)

	live := filepath.Join(c.dir, "meixu.db")
	before, err := os.ReadFile(live)
	require.NoError(t, err)
	for ask, want := range map[string]error{"": seal.ErrLocked, "another passphrase": seal.ErrPassphrase} {
		_, err = backup.Apply(c.dir, now, says(ask))
		require.ErrorIs(t, err, want)
		after, err := os.ReadFile(live)
		require.NoError(t, err)
		require.Equal(t, before, after)
	}
	done, err := backup.Apply(c.dir, now, says(passphrase))
	require.NoError(t, err)
	require.NotNil(t, done)
	_, err = seal.Load(c.dir)
	require.ErrorIs(t, err, seal.ErrLocked, "the restore keeps the passphrase")
	require.Equal(t, "V20260302-002", number(t, c.open(t)), "as in the backup")
}
