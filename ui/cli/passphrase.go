package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/term"
)

// Where the passphrase of the key file comes from when nobody sits at the terminal.
const (
	// passphraseFile names a file, which may be a pipe such as /dev/fd/3.
	passphraseFile = "MEIXU_PASSPHRASE_FILE"
	// credentialsFolder is where systemd puts what LoadCredential names.
	credentialsFolder = "CREDENTIALS_DIRECTORY"
	credential        = "meixu-passphrase"
	// passphraseMost is the longest passphrase that is read, in bytes.
	passphraseMost = 4096
)

// passphrase asks for the passphrase of the key file, once for a whole command: in the file of
// the environment, in the credentials of systemd, else the person at the terminal. A passphrase
// on the command line everybody on the machine could read.
func (t terminal) passphrase(ctx context.Context) func() (string, error) {
	if t.words != nil {
		return t.words
	}
	return sync.OnceValues(func() (string, error) {
		if path := t.getenv(passphraseFile); path != "" {
			return t.fromFile(path, "cli.key.file")
		}
		if dir := t.getenv(credentialsFolder); dir != "" {
			if path := filepath.Join(dir, credential); exists(path) {
				return t.fromFile(path, "cli.key.file")
			}
		}
		return t.secret(ctx, "cli.key.ask")
	})
}

func (t terminal) getenv(name string) string {
	if t.env != nil {
		return t.env(name)
	}
	return os.Getenv(name)
}

// fromFile reads a secret that lies in a file; key is the sentence for one that cannot be read.
func (t terminal) fromFile(path, key string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", &toldError{t.lang.T(key, path)}
	}
	defer f.Close() //nolint:errcheck // only read
	text, err := io.ReadAll(io.LimitReader(f, passphraseMost))
	if err != nil {
		return "", &toldError{t.lang.T(key, path)}
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // as editors on Windows write it
	return strings.TrimRight(string(text), "\r\n"), nil
}

func isTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }

// secret asks for a line that is not shown; "" when there is nobody to ask.
func (t terminal) secret(ctx context.Context, key string) (string, error) {
	file, ok := t.in.(*os.File)
	switch {
	case t.in == nil, ok && !isTerminal(file):
		return "", nil
	case !ok:
		return line(t.in)
	}
	_, _ = fmt.Fprint(t.err, t.lang.T(key))
	defer func() { _, _ = fmt.Fprintln(t.err) }()
	text, err := hidden(ctx, file)
	if ctx.Err() != nil {
		return "", errors.Join(&toldError{t.lang.T("cli.key.stopped")}, err)
	}
	return text, err
}

// hidden reads a line without echo; Ctrl-C gives the terminal back as it was.
func hidden(ctx context.Context, file *os.File) (string, error) {
	fd := int(file.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	type typed struct {
		text []byte
		err  error
	}
	done := make(chan typed, 1)
	go func() {
		text, err := term.ReadPassword(fd)
		done <- typed{text, err}
	}()
	select {
	case got := <-done:
		return string(got.text), got.err
	case <-ctx.Done():
		return "", errors.Join(ctx.Err(), term.Restore(fd, before))
	}
}

// line reads up to the end of the line and nothing behind it.
func line(from io.Reader) (string, error) {
	var text []byte
	for one := make([]byte, 1); len(text) < passphraseMost; {
		n, err := from.Read(one)
		if n == 1 && one[0] == '\n' || errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
		text = append(text, one[:n]...)
	}
	return strings.TrimSuffix(string(text), "\r"), nil
}
