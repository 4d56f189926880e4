// Package targettest gives tests of backups a real SFTP server in process, over a real
// connection, that does on demand what media do: it goes away, is full, or lets nothing that it
// holds be changed.
package targettest

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// Password opens every server of this package.
const Password = "geheim"

// SSH listens and hands each channel that is opened to serve, which closes it. It gives the
// address and the fingerprint of the host key.
func SSH(t testing.TB, serve func(ssh.Channel)) (address, fingerprint string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	host, err := ssh.NewSignerFromKey(private)
	require.NoError(t, err)
	config := &ssh.ServerConfig{PasswordCallback: func(_ ssh.ConnMetadata, given []byte) (*ssh.Permissions, error) {
		if string(given) != Password {
			return nil, errors.New("wrong password")
		}
		return &ssh.Permissions{}, nil
	}}
	config.AddHostKey(host)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	open := &lines{listener: listener, conns: map[net.Conn]bool{}}
	t.Cleanup(open.end)
	open.serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if open.add(conn) {
				open.serving.Go(func() { answer(conn, config, serve) })
			}
		}
	})
	return listener.Addr().String(), ssh.FingerprintSHA256(host.PublicKey())
}

// lines are the connections of a server. At its end the server lets go of every file, also of those
// that a client who was killed had open.
type lines struct {
	listener net.Listener
	serving  sync.WaitGroup

	mu    sync.Mutex
	ended bool
	conns map[net.Conn]bool
}

// add keeps a connection until the end; a server that has ended closes it.
func (l *lines) add(conn net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		_ = conn.Close()
		return false
	}
	l.conns[conn] = true
	return true
}

func (l *lines) end() {
	l.mu.Lock()
	l.ended = true
	_ = l.listener.Close()
	for conn := range l.conns {
		_ = conn.Close()
	}
	l.mu.Unlock()
	l.serving.Wait()
}

func answer(conn net.Conn, config *ssh.ServerConfig, serve func(ssh.Channel)) {
	var serving sync.WaitGroup
	defer serving.Wait()
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	serving.Go(func() { ssh.DiscardRequests(requests) })
	for asked := range channels {
		channel, requests, err := asked.Accept()
		if err != nil {
			return
		}
		serving.Go(func() {
			for r := range requests {
				_ = r.Reply(r.Type == "subsystem", nil)
			}
		})
		serving.Go(func() {
			serve(channel)
			_ = channel.Close()
			_ = conn.Close()
		})
	}
}
