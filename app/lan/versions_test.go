package lan_test

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestTR27OnlyNewTLS shakes hands with the door as browsers of several ages do: TLS 1.0 and 1.1
// are refused, 1.2 with a forward-secret suite and 1.3 are taken, suites without it are not.
func TestTR27OnlyNewTLS(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	root, err := x509.ParseCertificate(h.Root())
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(root)
	shake := func(version uint16, suites ...uint16) (tls.ConnectionState, error) {
		ours, theirs := net.Pipe()
		defer ours.Close()
		defer theirs.Close()
		require.NoError(t, ours.SetDeadline(time.Now().Add(time.Minute))) //nolint:forbidigo // so that a handshake that hangs fails
		door := tls.Server(ours, h.TLS())
		go func() { _ = door.HandshakeContext(t.Context()); _ = ours.Close() }()
		guest := tls.Client(theirs, &tls.Config{
			RootCAs: pool, ServerName: "meixu.local", MinVersion: version, MaxVersion: version, CipherSuites: suites,
			Time: func() time.Time { return h.now },
		})
		err := guest.HandshakeContext(t.Context())
		return guest.ConnectionState(), err
	}
	for _, old := range []uint16{tls.VersionTLS10, tls.VersionTLS11} {
		_, err := shake(old)
		require.Error(t, err, tls.VersionName(old))
	}
	for _, weak := range tls.InsecureCipherSuites() {
		_, err := shake(tls.VersionTLS12, weak.ID)
		require.Error(t, err, weak.Name)
	}
	for _, good := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		state, err := shake(good)
		require.NoError(t, err, tls.VersionName(good))
		require.Equal(t, good, state.Version)
	}
	h.ips = []net.IP{net.ParseIP("192.168.1.77")}
	moved, err := h.Leaf(h.ips[0])
	require.NoError(t, err)
	require.NoError(t, h.verify(t, moved.Leaf, "192.168.1.77"), "issued anew for the new address")
	t.Logf("TR-27: TLS 1.0, 1.1 and %d weak suites refused, 1.2 and 1.3 taken, the certificate follows the address", len(tls.InsecureCipherSuites()))
}
