package lan

import (
	"io"
	"net"
	"testing"

	"github.com/stretchr/testify/require"
)

// reached is a connection to an address of this machine.
type reached struct {
	net.Conn
	at     net.IP
	closed *int
}

func (c reached) LocalAddr() net.Addr { return &net.TCPAddr{IP: c.at, Port: 8443} }
func (c reached) Close() error        { *c.closed++; return nil }

// queued is a listener with the connections of these addresses.
type queued struct {
	net.Listener
	conns []net.Conn
}

func (q *queued) Accept() (net.Conn, error) {
	if len(q.conns) == 0 {
		return nil, io.EOF
	}
	c := q.conns[0]
	q.conns = q.conns[1:]
	return c, nil
}

func TestTheDoorIsNotOpenToTheInternet(t *testing.T) {
	t.Parallel()
	closed := 0
	var conns []net.Conn
	for _, at := range []string{"203.0.113.9", "192.168.1.20", "2001:db8::1", "127.0.0.1"} {
		conns = append(conns, reached{at: net.ParseIP(at), closed: &closed})
	}
	l := Inside(&queued{conns: conns})
	for _, at := range []string{"192.168.1.20", "127.0.0.1"} {
		c, err := l.Accept()
		require.NoError(t, err)
		require.Equal(t, at, addressOf(c).String())
	}
	_, err := l.Accept()
	require.ErrorIs(t, err, io.EOF)
	require.Equal(t, 2, closed, "no handshake begins there")
}
