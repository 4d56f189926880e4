package target_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/pkg/sftp"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"

	"meixu/backup/target"
	"meixu/backup/target/targettest"
)

// sshServer speaks SFTP over a real connection and keeps files of this machine; it gives its
// address and the fingerprint of its host key.
func sshServer(t *testing.T) (address, fingerprint string) {
	t.Helper()
	return targettest.SSH(t, func(channel ssh.Channel) {
		server, err := sftp.NewServer(channel)
		if err == nil {
			_ = server.Serve()
		}
	})
}

// store3 is an S3-compatible server with one bucket.
func store3(t *testing.T) string {
	t.Helper()
	memory := s3mem.New()
	require.NoError(t, memory.CreateBucket("clinic"))
	server := httptest.NewServer(gofakes3.New(memory).Server())
	t.Cleanup(server.Close)
	return server.URL
}

// everyKind opens one target of each kind.
func everyKind(t *testing.T) map[string]target.Target {
	t.Helper()
	address, fingerprint := sshServer(t)
	kinds := map[string]target.Target{}
	for name, at := range map[string]string{
		"folder": filepath.Join(t.TempDir(), "备份 盘"),
		"sftp":   "sftp://owner@" + address + t.TempDir() + "?host=" + fingerprint,
		"s3":     "s3://clinic/backups?endpoint=" + store3(t),
	} {
		opened, err := target.Open(t.Context(), at, target.Secrets{Password: pick(name, "geheim"), Key: pick3(name), Secret: "s"})
		require.NoError(t, err, name)
		t.Cleanup(func() { _ = opened.Close() })
		kinds[name] = opened
	}
	return kinds
}

func pick(kind, password string) string {
	if kind == "sftp" {
		return password
	}
	return ""
}

func pick3(kind string) string {
	if kind == "s3" {
		return "access"
	}
	return ""
}

func TestEveryKindKeepsFiles(t *testing.T) {
	t.Parallel()
	for kind, at := range everyKind(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			ctx := t.Context()
			require.NotContains(t, at.String(), "geheim")
			list, err := at.List(ctx, "blobs")
			require.NoError(t, err)
			require.Empty(t, list, "a new target is empty")
			big := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
			for name, data := range map[string][]byte{"blobs/ab/one": []byte("first"), "blobs/cd/two": big, "manifests/m": []byte("m")} {
				require.NoError(t, at.Put(ctx, name, int64(len(data)), bytes.NewReader(data)), name)
			}
			list, err = at.List(ctx, "blobs")
			require.NoError(t, err)
			slices.SortFunc(list, func(a, b target.File) int { return strings.Compare(a.Name, b.Name) })
			require.Equal(t, []target.File{{Name: "blobs/ab/one", Size: 5}, {Name: "blobs/cd/two", Size: int64(len(big))}}, list)
			require.Equal(t, big, read(t, at, "blobs/cd/two"))
			require.NoError(t, at.Put(ctx, "blobs/ab/one", 3, strings.NewReader("new")))
			require.Equal(t, []byte("new"), read(t, at, "blobs/ab/one"))
			require.NoError(t, at.Remove(ctx, "blobs/ab/one"))
			require.NoError(t, at.Remove(ctx, "blobs/ab/one"), "removing twice is no error")
			_, err = at.Get(ctx, "blobs/ab/one")
			require.ErrorIs(t, err, target.ErrMissing)
		})
	}
}

// TestAPlaceWhereNothingIsRemoved: an account of an object store that may not delete is told from
// a store that fails, and is a good place.
func TestAPlaceWhereNothingIsRemoved(t *testing.T) {
	t.Parallel()
	memory := s3mem.New()
	require.NoError(t, memory.CreateBucket("clinic"))
	bucket := gofakes3.New(memory).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodDelete {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `<Error><Code>AccessDenied</Code><Message>no</Message></Error>`)
			return
		}
		bucket.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	at, err := target.Open(t.Context(), "s3://clinic/x?endpoint="+server.URL, target.Secrets{Key: "access", Secret: "s"})
	require.NoError(t, err)
	require.NoError(t, target.Try(t.Context(), at))
	refused := at.Remove(t.Context(), "meixu-try")
	require.ErrorIs(t, refused, fs.ErrPermission)
	require.NoError(t, target.Allowed(refused))
	require.Error(t, target.Allowed(target.ErrAway), "one that is gone is no such place")
}

func read(t *testing.T, at target.Target, name string) []byte {
	t.Helper()
	in, err := at.Get(t.Context(), name)
	require.NoError(t, err)
	data, err := io.ReadAll(in)
	require.NoError(t, errors.Join(err, in.Close()))
	return data
}

func TestHalfAFileIsNoFile(t *testing.T) {
	t.Parallel()
	for kind, at := range everyKind(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			broken := io.MultiReader(strings.NewReader("half"), failing{})
			require.Error(t, at.Put(t.Context(), "blobs/x", 10, broken))
			_, err := at.Get(t.Context(), "blobs/x")
			require.ErrorIs(t, err, target.ErrMissing)
			require.Error(t, at.Put(t.Context(), "blobs/y", 10, strings.NewReader("short")))
			list, err := at.List(t.Context(), "blobs")
			require.NoError(t, err)
			require.Empty(t, list)
		})
	}
}

// TestAHalfFileThatIsHeld: a Windows server that has not noticed the death of a client keeps its
// half file open, and refuses to rename or remove it. The next run does not need it.
func TestAHalfFileThatIsHeld(t *testing.T) {
	t.Parallel()
	medium := targettest.New(t, t.TempDir())
	half := filepath.Join(medium.Dir, "x.partial")
	require.NoError(t, os.WriteFile(half, []byte("ha"), 0o600))
	medium.Hold("x.partial")
	at, err := target.Open(t.Context(), medium.Address, target.Secrets{Password: targettest.Password})
	require.NoError(t, err)
	t.Cleanup(func() { _ = at.Close() })
	require.NoError(t, at.Put(t.Context(), "x", 5, strings.NewReader("whole")))
	require.Equal(t, []byte("whole"), read(t, at, "x"))
	require.FileExists(t, half, "the server still has it")
	list, err := at.List(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, []target.File{{Name: "x", Size: 5}}, list)
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the cable was pulled") }

func TestNamesStayInside(t *testing.T) {
	t.Parallel()
	for kind, at := range everyKind(t) {
		for _, name := range []string{"", "../x", "/etc/x", "a/../../x", `a\x`, "c:x", "a//b"} {
			require.Error(t, at.Put(t.Context(), name, 1, strings.NewReader("x")), "%s %q", kind, name)
			_, err := at.Get(t.Context(), name)
			require.Error(t, err, "%s %q", kind, name)
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	address, fingerprint := sshServer(t)
	root := t.TempDir()
	for at, want := range map[string]error{
		"":                                  target.ErrAddress,
		"ftp://host/x":                      target.ErrAddress,
		"s3://bucket/x":                     target.ErrAddress,
		"s3://bucket/x?endpoint=ftp://host": target.ErrAddress,
		"s3://bucket/x?endpoint=http://192.168.1.9:9000":          target.ErrPlain,
		"s3://bucket/x?endpoint=http://localhost.evil.example":    target.ErrPlain,
		"s3://bucket/x?endpoint=http://oss.example&plain=no":      target.ErrPlain,
		"s3://bucket/x?endpoint=http://192.168.1.9:900&plain=yes": nil, // somebody means it
		"s3://bucket/x?endpoint=http://[::1]:9000":                nil,
		"s3://bucket/x?endpoint=http://localhost:9000":            nil,
		"sftp://host/x":                                         target.ErrAddress,
		"sftp://owner@127.0.0.1:1/x?host=a":                     target.ErrAway,
		"sftp://owner@" + address + root:                        target.ErrHost,
		"sftp://owner@" + address + root + "?host=SHA256:other": target.ErrHost,
	} {
		_, err := target.Open(t.Context(), at, target.Secrets{Password: "geheim"})
		require.ErrorIs(t, err, want, at)
	}
	_, err := target.Open(t.Context(), "sftp://owner@"+address+root, target.Secrets{Password: "geheim"})
	require.ErrorContains(t, err, fingerprint, "the owner can compare the key that was shown")
	_, err = target.Open(t.Context(), "sftp://owner@"+address+root+"?host="+fingerprint, target.Secrets{Password: "wrong"})
	require.ErrorIs(t, err, target.ErrAway)
	require.True(t, target.Remote("s3://b") && target.Remote("sftp://h/x") && !target.Remote(`C:\x`) && !target.Remote("/x"))
}

func TestAFolderThatIsAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := target.Open(t.Context(), file, target.Secrets{})
	require.ErrorIs(t, err, target.ErrAway)
}

func TestReadingMakesNoFolder(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing")
	_, err := target.Read(t.Context(), missing, target.Secrets{})
	require.ErrorIs(t, err, target.ErrAway)
	require.NoDirExists(t, missing)
}

// TestAnObjectStoreShowsACertificateThatIsTrusted: over TLS nothing goes to a server whose certificate
// this machine does not trust. It is shown, and the one that the address then names is taken, and no
// other.
func TestAnObjectStoreShowsACertificateThatIsTrusted(t *testing.T) {
	t.Parallel()
	memory := s3mem.New()
	require.NoError(t, memory.CreateBucket("clinic"))
	bucket := gofakes3.New(memory).Server()
	var asked atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		bucket.ServeHTTP(w, r)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	sum := sha256.Sum256(server.Certificate().Raw)
	shown := "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
	try := func(agreed string) error {
		at, err := target.Open(t.Context(), "s3://clinic/x?endpoint="+server.URL+agreed, target.Secrets{Key: "access", Secret: "s"})
		require.NoError(t, err)
		_, missing := at.Get(t.Context(), "nothing")
		_, listed := at.List(t.Context(), "blobs")
		for _, err := range []error{missing, listed, at.Remove(t.Context(), "nothing")} {
			require.Equal(t, agreed == "&host="+shown, !errors.Is(err, target.ErrHost), err)
		}
		return target.Try(t.Context(), at)
	}
	for _, agreed := range []string{"", "&host=SHA256:other", "&plain=yes"} {
		err := try(agreed)
		require.ErrorIs(t, err, target.ErrHost, agreed)
		require.ErrorContains(t, err, "host="+shown, "the owner can compare it")
		require.Zero(t, asked.Load(), "nothing was sent")
	}
	require.NoError(t, try("&host="+shown))
}

// TestAPlaceLeadsNowhereElse: what an object store answers sends neither blobs nor credentials to
// another host. The control, a client as the standard library makes it, goes there.
func TestAPlaceLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	t.Cleanup(other.Close)
	for _, status := range []int{http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Amz-Bucket-Region", "elsewhere")
			http.Redirect(w, r, other.URL+r.URL.Path, status)
		}))
		t.Cleanup(server.Close)
		at, err := target.Open(t.Context(), "s3://clinic/x?region=here&endpoint="+server.URL, target.Secrets{Key: "access", Secret: "s"})
		require.NoError(t, err)
		require.Error(t, at.Put(t.Context(), "blobs/a", 1, strings.NewReader("a")), status)
		_, err = at.Get(t.Context(), "blobs/a")
		require.Error(t, err, status)
		_, err = at.List(t.Context(), "blobs")
		require.Error(t, err, status)
		require.Error(t, at.Remove(t.Context(), "blobs/a"), status)
		require.Zero(t, elsewhere.Load(), status)

		control, err := server.Client().Get(server.URL)
		require.NoError(t, err)
		require.NoError(t, control.Body.Close())
		require.Positive(t, elsewhere.Swap(0), "the control follows")
	}
}
