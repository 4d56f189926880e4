package target

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// fresh makes a file that is not there yet.
const fresh = os.O_WRONLY | os.O_CREATE | os.O_EXCL

const dialPatience = 15 * time.Second

// server is a target on an SFTP server.
type server struct {
	shown  string
	root   string
	line   *ssh.Client
	client *sftp.Client
}

// openSFTP calls the server. Its host key must be the one in the address: the first time
// the error names the key that was shown, for the owner to compare.
func openSFTP(ctx context.Context, at *url.URL, s Secrets) (Target, error) {
	if at.Host == "" || at.User.Username() == "" {
		return nil, fmt.Errorf("%w: sftp://user@host/folder", ErrAddress)
	}
	login, err := logins(s)
	if err != nil {
		return nil, err
	}
	agreed := agreedHost(at)
	config := &ssh.ClientConfig{
		User: at.User.Username(), Auth: login, Timeout: dialPatience,
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			if shown := ssh.FingerprintSHA256(key); shown != agreed {
				return fmt.Errorf("%w: host=%s", ErrHost, shown)
			}
			return nil
		},
	}
	address := at.Host
	if at.Port() == "" {
		address = net.JoinHostPort(at.Hostname(), "22")
	}
	line, err := call(ctx, address, config)
	if err != nil {
		return nil, err
	}
	client, err := sftp.NewClient(line)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", ErrAway, err), line.Close())
	}
	root := strings.TrimSuffix(at.Path, "/")
	return &server{"sftp://" + at.User.Username() + "@" + at.Host + root, root, line, client}, nil
}

// logins are the ways we prove who we are: the key, when there is one, else the password.
func logins(s Secrets) ([]ssh.AuthMethod, error) {
	if s.Key == "" {
		return []ssh.AuthMethod{ssh.Password(s.Password)}, nil
	}
	var signer ssh.Signer
	var err error
	if s.Password == "" {
		signer, err = ssh.ParsePrivateKey([]byte(s.Key))
	} else {
		signer, err = ssh.ParsePrivateKeyWithPassphrase([]byte(s.Key), []byte(s.Password))
	}
	if err != nil {
		return nil, fmt.Errorf("backup: the private key for SFTP cannot be read: %w", err)
	}
	return []ssh.AuthMethod{ssh.PublicKeys(signer)}, nil
}

func call(ctx context.Context, address string, config *ssh.ClientConfig) (*ssh.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, dialPatience)
	defer cancel()
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAway, err)
	}
	conn, channels, requests, err := ssh.NewClientConn(raw, address, config)
	if err != nil {
		if !errors.Is(err, ErrHost) {
			err = fmt.Errorf("%w: %w", ErrAway, err)
		}
		_ = raw.Close() // the handshake may have closed it
		return nil, err
	}
	return ssh.NewClient(conn, channels, requests), nil
}

func (s *server) String() string { return s.shown }

func (s *server) Close() error { return errors.Join(hungUp(s.client.Close()), hungUp(s.line.Close())) }

// hungUp forgives a server that ends the connection by itself when the work is done: every file
// was confirmed before.
func hungUp(err error) error {
	if errors.Is(err, net.ErrClosed) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

func (s *server) at(name string) string { return path.Join(s.root, name) }

// Put writes beside the name and renames; a server with an append-only account keeps the
// first file of a name, which holds the same.
func (s *server) Put(ctx context.Context, name string, size int64, data io.Reader) error {
	if err := errors.Join(named(name), ctx.Err()); err != nil {
		return err
	}
	full := s.at(name)
	if err := s.client.MkdirAll(path.Dir(full)); err != nil {
		return fmt.Errorf("%w: %w", ErrAway, err)
	}
	half, err := s.write(full, size, data)
	if err != nil {
		return err
	}
	if err := s.client.PosixRename(half, full); err != nil {
		if remove := s.Remove(ctx, name); remove != nil {
			return s.kept(full, size, errors.Join(err, remove))
		}
		return s.client.Rename(half, full)
	}
	return nil
}

// kept is nil when a name that may not be given again holds a file of this size already.
func (s *server) kept(full string, size int64, refused error) error {
	if info, err := s.client.Stat(full); errors.Is(refused, fs.ErrPermission) && err == nil && info.Size() == size {
		return nil
	}
	return refused
}

// create makes a file for what is still being written. The half file of a run that was cut off may
// hold its name: for ever where nothing may be changed, and on a Windows server until it notices
// that its client is gone. Then another name is taken; readers pass over both.
func (s *server) create(full string) (*sftp.File, string, error) {
	half := full + partial
	out, err := s.client.OpenFile(half, fresh)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return out, half, err
	}
	if s.client.Remove(half) != nil {
		half = full + "." + rand.Text() + partial
	}
	out, err = s.client.OpenFile(half, fresh)
	return out, half, err
}

// write stores the bytes beside the name and gives the name that they have there.
func (s *server) write(full string, size int64, data io.Reader) (half string, err error) {
	out, half, err := s.create(full)
	if err != nil {
		return half, err
	}
	defer func() {
		if closed := out.Close(); err == nil {
			err = closed
		}
	}()
	n, err := out.ReadFrom(data)
	if err != nil {
		return half, err
	}
	if n != size {
		return half, fmt.Errorf("%s: %d of %d bytes written", full, n, size)
	}
	if err := out.Sync(); err != nil && !unsupported(err) {
		return half, err
	}
	return half, nil
}

// unsupported says that a server does not know the extension fsync@openssh.com.
func unsupported(err error) bool {
	var status *sftp.StatusError
	return errors.As(err, &status) && status.FxCode() == sftp.ErrSSHFxOpUnsupported
}

func (s *server) Get(_ context.Context, name string) (io.ReadCloser, error) {
	if err := named(name); err != nil {
		return nil, err
	}
	in, err := s.client.Open(s.at(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrMissing, name)
	}
	return in, err
}

func (s *server) List(ctx context.Context, under string) (list []File, err error) {
	walk := s.client.Walk(s.at(under))
	for walk.Step() {
		switch err := walk.Err(); {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return nil, err
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case walk.Stat().IsDir() || strings.HasSuffix(walk.Path(), partial):
			continue
		}
		name := strings.TrimPrefix(strings.TrimPrefix(walk.Path(), s.root), "/")
		list = append(list, File{name, walk.Stat().Size()})
	}
	return list, nil
}

func (s *server) Remove(_ context.Context, name string) error {
	err := s.client.Remove(s.at(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
