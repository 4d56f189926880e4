package backup

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"
	"github.com/stretchr/testify/require"

	"meixu/backup/target"
	"meixu/store/seal"
)

// vaultIn is a place of a clinic's own in a folder.
func vaultIn(t testing.TB, to string) *vault {
	t.Helper()
	dir := t.TempDir()
	keys, _, err := seal.Create(dir)
	require.NoError(t, err)
	identity, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	at, err := target.Open(t.Context(), to, target.Secrets{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, at.Close()) })
	v, err := vaultOf(at, keys, []age.Identity{identity}, identity.Recipient())
	require.NoError(t, err)
	return v
}

// FuzzTR25Blob puts any bytes in the place of an encrypted blob: its header, its recipients and
// its pieces. What comes out is what was put in, or a refusal.
func FuzzTR25Blob(f *testing.F) {
	to := f.TempDir()
	v := vaultIn(f, to)
	plain := bytes.Repeat([]byte("what a clinic knows "), 400)
	id := v.nameOf(plain)
	require.NoError(f, v.put(f.Context(), id, plain))
	path := filepath.Join(to, filepath.FromSlash(blobPath(id)))
	good, err := os.ReadFile(path)
	require.NoError(f, err)
	foreign, err := vaultIn(f, f.TempDir()).encrypt(plain)
	require.NoError(f, err)
	other, err := v.encrypt([]byte("another blob of the same clinic"))
	require.NoError(f, err)
	body := bytes.Index(good, []byte("\n--- ")) // the header ends with its MAC
	require.Positive(f, body)
	for _, seed := range [][]byte{
		good, good[:len(good)-1], good[:body], append(bytes.Clone(good), 0), append(bytes.Clone(good), good...), foreign, other, append(bytes.Clone(other[:bytes.Index(other, []byte("\n--- "))]), good[body:]...),
		bytes.Replace(good, []byte("/v1"), []byte("/v2"), 1), bytes.Replace(good, []byte("X25519"), []byte("scrypt"), 1), bytes.ReplaceAll(good[:body], []byte("\n"), []byte("\r\n")),
		[]byte("age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 64\nAAAA\n--- AAAA\n"), []byte("age-encryption.org/v1\n"), []byte("-----BEGIN AGE ENCRYPTED FILE-----\n"), plain,
		{},
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		require.NoError(t, os.WriteFile(path, data, 0o600))
		got, err := v.get(t.Context(), id)
		if err != nil {
			require.ErrorIs(t, err, ErrDamaged)
			require.Nil(t, got, "a beginning is not given out")
			return
		}
		require.Equal(t, plain, got)
	})
}

// FuzzTR25Head spells manifests as they are spelled, with any head, contents and signature: only
// what this clinic signed is believed.
func FuzzTR25Head(f *testing.F) {
	to := f.TempDir()
	v := vaultIn(f, to)
	const name = "meixu-20260302-010000"
	if _, ok := stampOf(name); !ok {
		f.Fatalf("%s is no name of a backup", name)
	}
	m := Manifest{Head: Head{Format: format, Clinic: v.clinic(), Name: name, Seq: 1, Recovery: json.RawMessage(`{}`)}}
	head, err := json.Marshal(m.Head)
	require.NoError(f, err)
	contents, err := json.Marshal(m.Contents)
	require.NoError(f, err)
	dir := f.TempDir()
	require.NoError(f, v.seal(f.Context(), Source{Dir: dir}, m))
	path := filepath.Join(to, filepath.FromSlash(manifestPath(name)))
	written, err := os.ReadFile(path)
	require.NoError(f, err)
	var good sealed
	require.NoError(f, json.Unmarshal(written, &good))
	theirs := m.Head
	theirs.Clinic = vaultIn(f, f.TempDir()).clinic()
	stranger, err := json.Marshal(theirs)
	require.NoError(f, err)
	f.Add([]byte(good.Head), good.Contents, good.Signature)
	f.Add([]byte(good.Head), good.Contents, good.Signature[:63])
	f.Add([]byte(good.Head), contents, good.Signature)
	f.Add(stranger, good.Contents, good.Signature)
	f.Add(bytes.Replace(head, []byte(`"seq":1`), []byte(`"seq":9223372036854775807`), 1), good.Contents, good.Signature)
	f.Add(bytes.Replace(head, []byte(`"format":2`), []byte(`"format":1`), 1), good.Contents, good.Signature)
	f.Add(bytes.Replace(head, []byte(`"name":"`), []byte(`"name":"../../`), 1), good.Contents, good.Signature)
	f.Add([]byte(`{"format":2,"FORMAT":2}`), []byte{}, []byte{})
	f.Add([]byte(`null`), []byte(nil), []byte(nil))
	f.Add([]byte(`[`), []byte("x"), []byte("y"))
	f.Fuzz(func(t *testing.T, head, contents, signature []byte) {
		if !json.Valid(head) {
			head, _ = json.Marshal(string(head))
		}
		text, err := json.Marshal(sealed{head, contents, signature})
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(path, text, 0o600))
		if _, err := v.read(t.Context(), name); err == nil {
			require.Equal(t, string(written), string(text), "another manifest was taken")
		} else {
			require.True(t, errors.Is(err, ErrDamaged) || errors.Is(err, ErrOther), err)
		}
		_, err = List(t.Context(), Place{Address: to})
		require.NoError(t, err, "one that cannot be read hides no other")
	})
}
