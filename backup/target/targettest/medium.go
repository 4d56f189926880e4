package targettest

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// Medium is an SFTP server over a folder.
type Medium struct {
	// Dir is where its files lie.
	Dir string
	// Address opens it as a target, with Password; Server is its host and port.
	Address, Server string

	grows bool // files are added, and none that is there is changed or removed

	mu     sync.Mutex
	held   string
	met    int
	before func(n int, writes bool) error
}

// New makes a medium over a folder.
func New(t testing.TB, dir string) *Medium { return serve(t, &Medium{Dir: dir}) }

// Growing makes a medium whose account may add files but neither change nor remove any, as a
// server with an append-only account gives it. What is still being written has another name.
func Growing(t testing.TB, dir string) *Medium { return serve(t, &Medium{Dir: dir, grows: true}) }

func serve(t testing.TB, m *Medium) *Medium {
	t.Helper()
	address, fingerprint := SSH(t, func(channel ssh.Channel) {
		line := &line{Channel: channel}
		all := sftp.Handlers{FileGet: account{m, line}, FilePut: account{m, line}, FileCmd: account{m, line}, FileList: account{m, line}}
		_ = sftp.NewRequestServer(line, all).Serve() // ends when the other side leaves
	})
	m.Server = address
	m.Address = "sftp://owner@" + address + "/?host=" + fingerprint
	return m
}

// Before is asked before each operation, counted from 1, and whether it writes. An error of it
// is the answer; Unplug ends the connection.
func (m *Medium) Before(ask func(n int, writes bool) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.met, m.before = 0, ask
}

// Hold keeps a name from being removed and renamed, as a Windows server does with a
// file that another connection of it still has open.
func (m *Medium) Hold(name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.held = path.Clean("/" + name)
}

// holds is the server's answer for a name that is held.
func (m *Medium) holds(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held != "" && m.held == path.Clean("/"+name) {
		return errHeld
	}
	return nil
}

// Met is how many operations there were since Before was set.
func (m *Medium) Met() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.met
}

var errHeld = errors.New("the process cannot access the file because another process has it open")

// Unplug is the answer of a medium that is gone.
var Unplug = unplugged{}

type unplugged struct{}

func (unplugged) Error() string { return "the cable was pulled" }

// line is one connection.
type line struct{ ssh.Channel }

// account is what one connection may do.
type account struct {
	m    *Medium
	line *line
}

func (a account) ask(writes bool) error {
	a.m.mu.Lock()
	a.m.met++
	n, before := a.m.met, a.m.before
	a.m.mu.Unlock()
	if before == nil {
		return nil
	}
	err := before(n, writes)
	if err == Unplug { //nolint:errorlint // a mark of our own
		_ = a.line.Close()
	}
	return err
}

func (a account) at(name string) string {
	return filepath.Join(a.m.Dir, filepath.FromSlash(path.Clean("/"+name)))
}

// kept says that a file is there and not to be touched.
func (a account) kept(name string) bool {
	_, err := os.Lstat(a.at(name))
	return a.m.grows && err == nil
}

// Fileread opens a file.
func (a account) Fileread(r *sftp.Request) (io.ReaderAt, error) {
	if err := a.ask(false); err != nil {
		return nil, err
	}
	return os.Open(a.at(r.Filepath))
}

// Filewrite makes a file.
func (a account) Filewrite(r *sftp.Request) (io.WriterAt, error) {
	if err := a.ask(true); err != nil {
		return nil, err
	}
	if a.kept(r.Filepath) {
		return nil, sftp.ErrSSHFxPermissionDenied
	}
	how := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if r.Pflags().Excl {
		how = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	}
	f, err := os.OpenFile(a.at(r.Filepath), how, 0o600)
	return &written{f, a}, err
}

// written asks before each part.
type written struct {
	*os.File
	by account
}

func (w *written) WriteAt(p []byte, at int64) (int, error) {
	if err := w.by.ask(true); err != nil {
		return 0, err
	}
	return w.File.WriteAt(p, at)
}

// Filecmd does everything that changes names.
func (a account) Filecmd(r *sftp.Request) error {
	if err := a.ask(true); err != nil {
		return err
	}
	switch r.Method {
	case "Mkdir":
		return os.Mkdir(a.at(r.Filepath), 0o700)
	case "Rename":
		if a.kept(r.Target) || a.m.grows && !strings.HasSuffix(r.Filepath, ".partial") {
			return sftp.ErrSSHFxPermissionDenied
		}
		if err := a.m.holds(r.Filepath); err != nil {
			return err
		}
		return os.Rename(a.at(r.Filepath), a.at(r.Target))
	case "Remove", "Rmdir":
		if a.kept(r.Filepath) {
			return sftp.ErrSSHFxPermissionDenied
		}
		if err := a.m.holds(r.Filepath); err != nil {
			return err
		}
		return os.Remove(a.at(r.Filepath))
	case "Setstat":
		if a.kept(r.Filepath) {
			return sftp.ErrSSHFxPermissionDenied
		}
		return os.Truncate(a.at(r.Filepath), int64(r.Attributes().Size))
	}
	return sftp.ErrSSHFxOpUnsupported
}

// Filelist lists a folder or describes a file.
func (a account) Filelist(r *sftp.Request) (sftp.ListerAt, error) {
	if err := a.ask(false); err != nil {
		return nil, err
	}
	if r.Method != "List" {
		info, err := os.Lstat(a.at(r.Filepath))
		return listed{info}, err
	}
	entries, err := os.ReadDir(a.at(r.Filepath))
	list := make(listed, 0, len(entries))
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			list = append(list, info)
		}
	}
	return list, err
}

// listed is a list of files.
type listed []fs.FileInfo

// ListAt copies from a place on.
func (l listed) ListAt(into []fs.FileInfo, at int64) (int, error) {
	if at >= int64(len(l)) {
		return 0, io.EOF
	}
	n := copy(into, l[at:])
	if n < len(into) {
		return n, io.EOF
	}
	return n, nil
}
