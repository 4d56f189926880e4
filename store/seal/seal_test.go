package seal_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/seal"
)

func key(t *testing.T, id uint32) *seal.Key {
	t.Helper()
	k, err := seal.NewKey(id, seal.Random(seal.KeySize))
	require.NoError(t, err)
	return k
}

func TestEnvelope(t *testing.T) {
	t.Parallel()
	k, place := key(t, 7), seal.Place("clients", 1, "name_sealed")
	e := k.Seal(place, []byte("王小美"))
	require.Len(t, e, len("王小美")+seal.Overhead)
	require.NotContains(t, string(e), "王小美")
	require.NotEqual(t, e, k.Seal(place, []byte("王小美")), "a fresh nonce each time")
	text, err := k.Open(place, e)
	require.NoError(t, err)
	require.Equal(t, "王小美", string(text))
	id, err := seal.KeyID(e)
	require.NoError(t, err)
	require.Equal(t, uint32(7), id)

	for _, other := range []string{seal.Place("clients", 2, "name_sealed"), seal.Place("clients", 1, "phone_sealed"), seal.Place("leads", 1, "name_sealed")} {
		_, err = k.Open(other, e)
		require.ErrorIs(t, err, seal.ErrOpen, other)
	}
	_, err = key(t, 7).Open(place, e)
	require.ErrorIs(t, err, seal.ErrOpen, "another key with the same number")
	for i := range e {
		bad := bytes.Clone(e)
		bad[i] ^= 1
		_, err = k.Open(place, bad)
		require.Error(t, err, "byte %d", i)
	}
	_, err = k.Open(place, e[:seal.Overhead-1])
	require.ErrorIs(t, err, seal.ErrEnvelope)
}

func TestBlindAndMAC(t *testing.T) {
	t.Parallel()
	k := key(t, 1)
	first, again := k.Blind("phone", "13800000000"), k.Blind("phone", "13800000000")
	require.Equal(t, first, again)
	require.NotEqual(t, k.Blind("phone", "13800000000"), k.Blind("id_number", "13800000000"))
	require.NotEqual(t, k.Blind("phone", "13800000000"), key(t, 1).Blind("phone", "13800000000"))
	require.NotEqual(t, k.MAC([]byte("ab"), []byte("c")), k.MAC([]byte("a"), []byte("bc")))
}

func TestKeyringFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := seal.Load(dir)
	require.ErrorIs(t, err, seal.ErrNoKeys)
	ring, code, err := seal.Create(dir)
	require.NoError(t, err)
	require.Regexp(t, `^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$`, code)
	_, _, err = seal.Create(dir)
	require.ErrorIs(t, err, seal.ErrKeysExist)
	coats, err := seal.CoatsOf(dir)
	require.NoError(t, err)
	require.False(t, coats.Passphrase)
	require.Equal(t, coats.Bindable, coats.Account, "bound where the system can")

	wrapped := ring.WrapNew(seal.Clinical)
	_, err = ring.Unwrap(seal.Identity, 1, wrapped)
	require.ErrorIs(t, err, seal.ErrOpen, "a key serves its own class only")
	k, err := ring.Unwrap(seal.Clinical, 1, wrapped)
	require.NoError(t, err)
	e := k.Seal("x", []byte("text"))

	require.NoError(t, os.Remove(filepath.Join(dir, seal.Folder, seal.KEKFile)))
	sheet, err := seal.ReadRecovery(dir)
	require.NoError(t, err)
	wrong := strings.Replace(code, code[:1], string("01"[(code[0]-'0'+1)%2]), 1)
	_, err = sheet.Install(dir, wrong)
	require.ErrorIs(t, err, seal.ErrTyped, "the check characters show it")
	for _, last := range "0123456789ABCDEFGHJKMNPQRSTVWXYZ" {
		if typo := code[:len(code)-1] + string(last); typo != code {
			_, err = sheet.Install(dir, typo)
			require.ErrorIs(t, err, seal.ErrTyped, typo)
		}
	}
	_, other, err := seal.Create(t.TempDir())
	require.NoError(t, err)
	_, err = sheet.Install(dir, other)
	require.ErrorIs(t, err, seal.ErrCode)
	fresh := t.TempDir()
	back, err := sheet.Install(fresh, strings.ToLower(strings.ReplaceAll(code, "-", " ")))
	require.NoError(t, err)
	again, err := seal.Load(fresh)
	require.NoError(t, err)
	require.Equal(t, back.Derive("x"), again.Derive("x"))
	require.NotEqual(t, back.Derive("x"), back.Derive("y"))
	_, err = sheet.Install(filepath.Join(fresh), code)
	require.NoError(t, err, "the same key may be installed again")
	_, _, err = seal.Create(dir + "-other")
	require.NoError(t, err)
	_, err = sheet.Install(dir+"-other", code)
	require.ErrorIs(t, err, seal.ErrKeysExist, "a foreign key is never overwritten")
	k, err = back.Unwrap(seal.Clinical, 1, wrapped)
	require.NoError(t, err)
	text, err := k.Open("x", e)
	require.NoError(t, err)
	require.Equal(t, "text", string(text))

	drill, err := back.Drill(fresh)
	require.NoError(t, err)
	same, err := again.Drill(fresh)
	require.NoError(t, err)
	require.Equal(t, drill.String(), same.String())

	renewed, err := back.Renew(dir)
	require.NoError(t, err)
	require.ErrorIs(t, seal.CheckCode(dir, code), seal.ErrCode)
	require.NoError(t, seal.CheckCode(dir, renewed))
}

func TestStream(t *testing.T) {
	t.Parallel()
	const chunk = 64 << 10
	k := key(t, 3)
	for _, size := range []int{0, 1, chunk - 1, chunk, chunk + 1, 3 * chunk, 3*chunk + 5} {
		plain := seal.Random(size)
		var sealed, opened bytes.Buffer
		n, err := k.SealStream("photo-1", &sealed, bytes.NewReader(plain))
		require.NoError(t, err)
		require.Equal(t, int64(size), n)
		n, err = k.OpenStream("photo-1", &opened, bytes.NewReader(sealed.Bytes()))
		require.NoError(t, err, size)
		require.Equal(t, int64(size), n)
		require.True(t, bytes.Equal(plain, opened.Bytes()))

		whole := sealed.Bytes()
		bad := map[string][]byte{"cut": whole[:len(whole)-1], "longer": append(bytes.Clone(whole), 0), "header": whole[:5]}
		if size > chunk {
			bad["cut at a chunk"] = whole[:15+chunk+16]
			swapped := bytes.Clone(whole)
			swapped[15+chunk] ^= 1
			bad["flipped"] = swapped
		}
		for what, data := range bad {
			_, err = k.OpenStream("photo-1", &bytes.Buffer{}, bytes.NewReader(data))
			require.ErrorIs(t, err, seal.ErrStream, "%s %d", what, size)
		}
		_, err = k.OpenStream("photo-2", &bytes.Buffer{}, bytes.NewReader(whole))
		require.ErrorIs(t, err, seal.ErrStream)
	}
}
