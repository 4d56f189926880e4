package seal

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDPAPI binds and opens with Windows itself, on a real folder.
func TestDPAPI(t *testing.T) {
	t.Parallel()
	bound, err := dpapi{}.Bind([]byte("the key"))
	require.NoError(t, err)
	require.False(t, bytes.Contains(bound, []byte("the key")))
	plain, err := dpapi{}.Unbind(bound)
	require.NoError(t, err)
	require.Equal(t, "the key", string(plain))
	_, err = dpapi{}.Unbind([]byte("bound by nobody"))
	require.Error(t, err)

	dir := t.TempDir()
	ring, code, err := Create(dir)
	require.NoError(t, err)
	coats, err := CoatsOf(dir)
	require.NoError(t, err)
	require.Equal(t, Coats{Account: true, Bindable: true}, coats, "bound from the first day")
	sheet, err := ReadRecovery(dir)
	require.NoError(t, err)
	require.NoError(t, os.Remove(folderOf(dir).path()))
	_, err = sheet.Install(dir, code)
	require.NoError(t, err)
	coats, err = CoatsOf(dir)
	require.NoError(t, err)
	require.False(t, coats.Account, "who restores may be another account")
	require.NoError(t, Bind(dir))
	coats, err = CoatsOf(dir)
	require.NoError(t, err)
	require.True(t, coats.Account)
	requireRing(t, folderOf(dir), nil, ring)
	require.NoFileExists(t, folderOf(dir).path()+formerSuffix)

	write, err := ring.Dress(dir, "a long passphrase")
	require.NoError(t, err)
	require.NoError(t, write())
	_, err = Load(dir)
	require.ErrorIs(t, err, ErrLocked)
	requireRing(t, folderOf(dir), says("a long passphrase"), ring)
}
