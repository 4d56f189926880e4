// Package targettest gives tests of backups a real SFTP server in process, over a real
// connection, that does on demand what media do: it goes away, is full, or lets nothing that it
// holds be changed.
package targettest

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net"
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
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(conn, config, serve)
		}
	}()
	return listener.Addr().String(), ssh.FingerprintSHA256(host.PublicKey())
}

func answer(conn net.Conn, config *ssh.ServerConfig, serve func(ssh.Channel)) {
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	for asked := range channels {
		channel, requests, err := asked.Accept()
		if err != nil {
			return
		}
		go func() {
			for r := range requests {
				_ = r.Reply(r.Type == "subsystem", nil)
			}
		}()
		go func() {
			serve(channel)
			_ = channel.Close()
			_ = conn.Close()
		}()
	}
}
