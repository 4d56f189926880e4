package web

import (
	"net"
	"sync"
)

// connectionsOfPeer is how many connections one address may hold at a time: far more than the
// browsers of a device open, and too few to eat the server with (TR-23).
const connectionsOfPeer = 256

// crowd is a listener that bounds the connections of each address.
type crowd struct {
	net.Listener

	mu   sync.Mutex
	held map[string]int
}

func bounded(l net.Listener) *crowd { return &crowd{Listener: l, held: map[string]int{}} }

// Accept gives the next connection of an address that does not hold too many; others are closed.
func (c *crowd) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		peer, _, err := net.SplitHostPort(conn.RemoteAddr().String())
		if err != nil {
			peer = conn.RemoteAddr().String()
		}
		if c.enter(peer) {
			return &counted{Conn: conn, leave: sync.OnceFunc(func() { c.leave(peer) })}, nil
		}
		_ = conn.Close() // nothing was read from it
	}
}

func (c *crowd) enter(peer string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held[peer] >= connectionsOfPeer {
		return false
	}
	c.held[peer]++
	return true
}

func (c *crowd) leave(peer string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held[peer]--; c.held[peer] == 0 {
		delete(c.held, peer)
	}
}

// counted is a connection that gives its place back when it is closed.
type counted struct {
	net.Conn
	leave func()
}

// Close closes the connection.
func (c *counted) Close() error {
	c.leave()
	return c.Conn.Close()
}
