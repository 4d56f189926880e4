package seal

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/file"
)

// cheap is a cost at which a test may try many passphrases.
var cheap = passphraseCost{KDF: "argon2id", Memory: 8, Time: 1, Threads: 1}

// clerk is an account of a system; what it binds another one cannot use.
type clerk struct{ key *Key }

func newClerk(t *testing.T) *clerk {
	t.Helper()
	k, err := NewKey(1, Random(KeySize))
	require.NoError(t, err)
	return &clerk{k}
}

func (*clerk) Name() string                          { return "clerk" }
func (c *clerk) Bind(plain []byte) ([]byte, error)   { return c.key.Seal("account", plain), nil }
func (c *clerk) Unbind(bound []byte) ([]byte, error) { return c.key.Open("account", bound) }

// broken binds what it cannot give back.
type broken struct{ *clerk }

func (broken) Unbind([]byte) ([]byte, error) { return nil, errors.New("no profile") }

func says(passphrase string) Passphrase { return func() (string, error) { return passphrase, nil } }

// newFolder makes a keys folder with a plain key file.
func newFolder(t *testing.T, as account) (keyFolder, *Keyring) {
	t.Helper()
	k, ring := keyFolder{t.TempDir(), as, cheap}, Ephemeral()
	require.NoError(t, k.create(keyFile{Key: ring.kek.raw[:]}))
	return k, ring
}

// requireRing demands that the folder opens and gives the same keys.
func requireRing(t *testing.T, k keyFolder, ask Passphrase, want *Keyring) {
	t.Helper()
	got, err := k.open(ask)
	require.NoError(t, err)
	require.Equal(t, want.kek.raw, got.kek.raw)
}

func dressed(t *testing.T, k keyFolder, ring *Keyring, passphrase string) {
	t.Helper()
	write, err := k.dress(ring, passphrase)
	require.NoError(t, err)
	require.NoError(t, write())
	require.NoError(t, write(), "writing may be repeated")
	names, err := os.ReadDir(k.dir)
	require.NoError(t, err)
	require.Len(t, names, 1, "neither the former file nor a half one is left")
}

func TestAPassphraseAroundTheKeyFile(t *testing.T) {
	t.Parallel()
	k, ring := newFolder(t, nil)
	dressed(t, k, ring, "Ａ清禾 门诊的钥匙")
	text, err := os.ReadFile(k.path())
	require.NoError(t, err)
	require.False(t, bytes.Contains(text, ring.kek.raw[:]))
	again, err := k.locked(ring, "Ａ清禾 门诊的钥匙")
	require.NoError(t, err)
	other, err := again.text()
	require.NoError(t, err)
	require.NotEqual(t, text, other, "a fresh salt and nonce each time")

	for _, c := range []struct {
		ask  Passphrase
		want error
	}{
		{nil, ErrLocked},
		{says(""), ErrLocked},
		{says("A清禾 门诊的钥"), ErrPassphrase},
		{func() (string, error) { return "", os.ErrDeadlineExceeded }, os.ErrDeadlineExceeded},
	} {
		_, err := k.open(c.ask)
		require.ErrorIs(t, err, c.want)
	}
	requireRing(t, k, says("Ａ清禾 门诊的钥匙"), ring)
	requireRing(t, k, says("A清禾 门诊的钥匙"), ring)
	after, err := os.ReadFile(k.path())
	require.NoError(t, err)
	require.Equal(t, text, after, "opening writes nothing")

	dressed(t, k, ring, "another passphrase")
	_, err = k.open(says("A清禾 门诊的钥匙"))
	require.ErrorIs(t, err, ErrPassphrase)
	requireRing(t, k, says("another passphrase"), ring)
	_, err = k.dress(Ephemeral(), "a third passphrase")
	require.ErrorIs(t, err, ErrKeysExist, "other keys never take the place of these")
	dressed(t, k, ring, "")
	requireRing(t, k, nil, ring)
	info, err := os.Stat(k.path())
	require.NoError(t, err)
	require.Equal(t, int64(KeySize), info.Size())
	if thisAccount == nil {
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	}
}

// TestATornKeyFileIsNoKey: cut or changed at any byte, a key file is damaged, never another key
// and never a wrong passphrase.
func TestATornKeyFileIsNoKey(t *testing.T) {
	t.Parallel()
	k, ring := newFolder(t, newClerk(t))
	plain, err := os.ReadFile(k.path())
	require.NoError(t, err)
	dressed(t, k, ring, "a long passphrase")
	under, err := os.ReadFile(k.path())
	require.NoError(t, err)
	require.NoError(t, k.bind())
	both, err := os.ReadFile(k.path())
	require.NoError(t, err)
	tries := 0
	for _, whole := range [][]byte{plain, under, both} {
		for cut := range whole {
			tries++
			require.NoError(t, os.WriteFile(k.path(), whole[:cut], 0o600))
			_, err := k.open(says("a long passphrase"))
			require.ErrorIs(t, err, ErrKeyFile, "%d of %d bytes", cut, len(whole))
			if len(whole) == KeySize {
				continue
			}
			bad := bytes.Clone(whole)
			bad[cut] ^= 1
			require.NoError(t, os.WriteFile(k.path(), bad, 0o600))
			_, err = k.open(says("a long passphrase"))
			require.ErrorIs(t, err, ErrKeyFile, "byte %d changed", cut)
		}
	}
	require.Greater(t, tries, 500)
}

// TestAKeyFileOfAnotherFormat is whole and still no key: of a newer program, or a trap for the
// memory of the machine.
func TestAKeyFileOfAnotherFormat(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		`{"version":2,"kdf":"argon2id","memory_kib":8,"time":1,"threads":1,"key":""}`,
		`{"version":1,"key":"AAAA"}`,
		`{"version":1,"kdf":"argon2id","memory_kib":4294967295,"time":1,"threads":1,"key":""}`,
		`{"version":1,"kdf":"argon2id","memory_kib":8,"threads":1,"key":""}`,
		`{"version":1,"kdf":"argon2id","memory_kib":8,"time":1,"key":""}`,
		`{"version":1,"kdf":"scrypt","memory_kib":8,"time":1,"threads":1,"key":""}`,
		`{"version":1`,
	} {
		sum := sha256.Sum256([]byte(line))
		_, err := parseKeyFile(fmt.Appendf([]byte(line), "\n%x\n", sum))
		require.ErrorIs(t, err, ErrKeyFile, line)
	}
}

// TestAnExchangeBrokenOffLeavesOldOrNew stops after each step, and in the midst of writing.
func TestAnExchangeBrokenOffLeavesOldOrNew(t *testing.T) {
	t.Parallel()
	const former, next = "the former passphrase", "the next passphrase"
	olds, news := 0, 0
	for stop := range 6 {
		k, ring := newFolder(t, nil)
		dressed(t, k, ring, former)
		f, err := k.locked(ring, next)
		require.NoError(t, err)
		for n, step := range k.steps(f)[:min(stop, 4)] {
			require.NoError(t, step())
			if text, err := os.ReadFile(k.path() + file.Partial); stop == 5 && n == 1 {
				require.NoError(t, err)
				require.NoError(t, os.WriteFile(k.path()+file.Partial, text[:len(text)/2], 0o600))
				break // the power went off while the new file was written
			}
		}
		if _, err := k.open(says(former)); err == nil {
			olds++
			requireRing(t, k, says(former), ring)
		} else {
			require.ErrorIs(t, err, ErrPassphrase)
			news++
			requireRing(t, k, says(next), ring)
		}
		require.NoError(t, k.bind(), "the next start ends it")
		require.NoFileExists(t, k.path()+formerSuffix)
		dressed(t, k, ring, "")
		requireRing(t, k, nil, ring)
	}
	require.Equal(t, []int{4, 2}, []int{olds, news})
}

// TestTheFormerKeyFileIsWiped looks at its bytes through a name of their own.
func TestTheFormerKeyFileIsWiped(t *testing.T) {
	t.Parallel()
	k, ring := newFolder(t, nil)
	seen := filepath.Join(t.TempDir(), "seen")
	require.NoError(t, os.Link(k.path(), seen))
	dressed(t, k, ring, "a long passphrase")
	left, err := os.ReadFile(seen)
	require.NoError(t, err)
	require.NotEqual(t, ring.kek.raw[:], left)

	// A new file that cannot be read must not cost the former one.
	require.NoError(t, os.Link(k.path(), k.path()+formerSuffix))
	require.NoError(t, file.WritePartial(k.path(), []byte("torn")))
	require.NoError(t, os.Rename(k.path()+file.Partial, k.path()))
	require.ErrorIs(t, k.tidy(), ErrKeyFile)
	require.NoError(t, os.Rename(k.path()+formerSuffix, k.path()))
	requireRing(t, k, says("a long passphrase"), ring)
}

func TestAKeyFileBoundToAnAccount(t *testing.T) {
	t.Parallel()
	serves := newClerk(t)
	k, ring := newFolder(t, serves)
	require.NoError(t, k.bind())
	text, err := os.ReadFile(k.path())
	require.NoError(t, err)
	require.False(t, bytes.Contains(text, ring.kek.raw[:]))
	requireRing(t, k, nil, ring)
	require.NoError(t, k.bind())
	same, err := os.ReadFile(k.path())
	require.NoError(t, err)
	require.Equal(t, text, same, "bound once")
	for _, stranger := range []account{nil, newClerk(t)} {
		_, err = keyFolder{k.dir, stranger, cheap}.open(nil)
		require.ErrorIs(t, err, ErrAccount)
	}
	dressed(t, k, ring, "a long passphrase")
	_, err = k.open(says("a wrong passphrase"))
	require.ErrorIs(t, err, ErrPassphrase)
	_, err = keyFolder{k.dir, newClerk(t), cheap}.open(says("a long passphrase"))
	require.ErrorIs(t, err, ErrAccount, "both are needed")
	requireRing(t, k, says("a long passphrase"), ring)
	dressed(t, k, ring, "")
	f, err := k.read()
	require.NoError(t, err)
	require.Equal(t, "clerk", f.Account, "without a passphrase it is still bound")

	k, ring = newFolder(t, broken{serves})
	require.Error(t, k.bind())
	k.account = nil
	requireRing(t, k, nil, ring)
}

// TestTheCodeAndACoatedKeyFile: the printed code needs neither passphrase nor account.
func TestTheCodeAndACoatedKeyFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ring, code, err := Create(dir)
	require.NoError(t, err)
	sheet, err := ReadRecovery(dir)
	require.NoError(t, err)
	k := folderOf(dir)
	k.cost = cheap
	write, err := k.dress(ring, "a long passphrase")
	require.NoError(t, err)
	require.NoError(t, write())
	coats, err := CoatsOf(dir)
	require.NoError(t, err)
	require.True(t, coats.Passphrase)
	_, err = Load(dir)
	require.ErrorIs(t, err, ErrLocked)

	_, err = sheet.Install(dir, code)
	require.NoError(t, err)
	_, err = Load(dir)
	require.ErrorIs(t, err, ErrLocked, "a key file that is there keeps its passphrase")
	renewed, err := ring.Renew(dir)
	require.NoError(t, err)
	_, err = sheet.Install(dir, code)
	require.NoError(t, err)
	require.NoError(t, CheckCode(dir, renewed), "the sheet of an older backup takes the place of none")
	require.NoError(t, Ephemeral().Keep(dir+"/other"))
	_, err = sheet.Install(dir+"/other", code)
	require.ErrorIs(t, err, ErrKeysExist)
	require.NoError(t, os.WriteFile(k.path(), []byte("torn"), 0o600))
	_, err = sheet.Install(dir, code)
	require.ErrorIs(t, err, ErrKeyFile, "nobody can say whose it was")

	back, _, err := sheet.Open(code)
	require.NoError(t, err)
	require.NoError(t, back.Keep(dir))
	requireRing(t, folderOf(dir), nil, ring)
}

// victimFolder tells a process of this test in which folder to exchange key files until it is
// killed.
const victimFolder = "MEIXU_SEAL_VICTIM"

func TestMain(m *testing.M) {
	if dir := os.Getenv(victimFolder); dir != "" {
		exchange(keyFolder{dir, nil, cheap})
	}
	os.Exit(m.Run())
}

// exchange puts a passphrase on and takes it off, for ever.
func exchange(k keyFolder) {
	for n := 0; ; n++ {
		ring, err := k.open(says("passphrase"))
		if err != nil {
			panic(err)
		}
		write, err := k.dress(ring, []string{"passphrase", ""}[n%2])
		if err != nil {
			panic(err)
		}
		if err := write(); err != nil {
			panic(err)
		}
		if _, err := os.Stdout.WriteString("exchanged\n"); err != nil {
			panic(err)
		}
	}
}

func TestKilledWhileExchangingKeyFiles(t *testing.T) {
	t.Parallel()
	k, ring := newFolder(t, nil)
	left := map[bool]int{}
	for n := range 25 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), victimFolder+"="+k.dir)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		for lines := bufio.NewScanner(out); lines.Scan() && n > 0; n-- {
			require.Equal(t, "exchanged", lines.Text())
		}
		require.NoError(t, cmd.Process.Kill())
		require.Error(t, cmd.Wait(), "killed")
		requireRing(t, k, says("passphrase"), ring)
		f, err := k.read()
		require.NoError(t, err)
		left[f.bare()]++
	}
	require.NoError(t, k.bind())
	require.NoFileExists(t, k.path()+formerSuffix)
	t.Logf("killed %d times: %d left it plain, %d under the passphrase", 25, left[true], left[false])
}
