package lan

import (
	"errors"
	"fmt"
	"net"

	"github.com/pion/mdns/v2"
	"golang.org/x/net/ipv4"
	"golang.org/x/net/ipv6"
)

// Announce answers who asks the network for Name, until closed. A network without multicast,
// or another program on its port, is no reason not to serve: the address does as well.
func Announce() (stop func() error, err error) {
	four, errFour := listen("udp4", mdns.DefaultAddressIPv4)
	six, errSix := listen("udp6", mdns.DefaultAddressIPv6)
	if errFour != nil && errSix != nil {
		return nil, fmt.Errorf("multicast: %w", errors.Join(errFour, errSix))
	}
	var p4 *ipv4.PacketConn
	var p6 *ipv6.PacketConn
	if errFour == nil {
		p4 = ipv4.NewPacketConn(four)
	}
	if errSix == nil {
		p6 = ipv6.NewPacketConn(six)
	}
	server, err := mdns.NewServer(p4, p6, mdns.WithLocalNames(Name))
	if err != nil {
		return nil, fmt.Errorf("multicast: %w", err)
	}
	return server.Close, nil
}

func listen(network, address string) (*net.UDPConn, error) {
	at, err := net.ResolveUDPAddr(network, address)
	if err != nil {
		return nil, err
	}
	return net.ListenUDP(network, at)
}
