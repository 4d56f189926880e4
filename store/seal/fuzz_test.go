package seal_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/seal"
)

// FuzzTR25Stream gives a sealed stream with changes to the reader: what opens without an
// error is what was sealed. (Each process of the fuzzer seals with nonces of its own.)
func FuzzTR25Stream(f *testing.F) {
	k, err := seal.NewKey(7, bytes.Repeat([]byte{9}, 32))
	require.NoError(f, err)
	face := bytes.Repeat([]byte("face"), 40_000)
	var good bytes.Buffer
	_, err = k.SealStream("photo-1", &good, bytes.NewReader(face))
	require.NoError(f, err)
	envelope := k.Seal("clients|1|name", []byte("林清禾"))
	f.Add(good.Bytes())
	f.Add(good.Bytes()[:100])
	f.Add([]byte{})
	f.Add(envelope)
	f.Add(envelope[:len(envelope)-1])
	f.Fuzz(func(t *testing.T, data []byte) {
		var plain bytes.Buffer
		if _, err := k.OpenStream("photo-1", &plain, bytes.NewReader(data)); err == nil {
			require.Equal(t, face, plain.Bytes(), "something else was opened")
		}
		if name, err := k.Open("clients|1|name", data); err == nil {
			require.Equal(t, "林清禾", string(name))
		}
		_, err := k.Open("clients|2|name", data)
		require.Error(t, err, "another place")
		_, _ = seal.KeyID(data) // any number, no panic
	})
}

// FuzzTR25Recovery reads recovery files as they lie on a backup's medium, where anybody may have
// changed them.
func FuzzTR25Recovery(f *testing.F) {
	dir := f.TempDir()
	_, code, err := seal.Create(dir)
	require.NoError(f, err)
	good, err := seal.ReadRecovery(dir)
	require.NoError(f, err)
	f.Add(good.Text(), code)
	f.Add([]byte(`{"version":2,"kdf":"argon2id","memory_kib":4294967295,"time":4294967295,"threads":255,"salt":"AAAA"}`), code)
	f.Add([]byte(`{"version":2,"kdf":"argon2id","memory_kib":0,"time":0,"threads":0}`), code)
	f.Add([]byte(`{}`), "")
	f.Fuzz(func(t *testing.T, text []byte, code string) {
		r, err := seal.ParseRecovery(text)
		if err != nil {
			return
		}
		if ring, _, err := r.Open(code); err == nil {
			require.NotNil(t, ring)
		}
	})
}
