// Package lan is the clinic on its local network: an authority that vouches for this house
// only, certificates that follow the machine's addresses, and the name meixu.local.
package lan

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// Name is the clinic's name on its network, told by multicast.
const Name = "meixu.local"

const (
	day      = 24 * time.Hour
	rootLife = 10 * 365 * day
	leafLife = 90 * day // rulings 4
	renew    = 30 * day // before its end a leaf is made anew
	slow     = day      // a tablet's clock may be behind
)

// private are the ends of names that no stranger on the internet can own: the authority may
// vouch for nothing else, so that a thief of its key cannot play a bank.
var private = []string{"local", "lan", "internal", "home.arpa", "localhost"}

// ranges are the addresses of local networks (RFC 1918, 3927, 4193, loopback).
var ranges = []string{
	"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128",
}

// Errors of an authority.
var (
	// ErrPublic: the clinic was reached at an address that the internet can reach too.
	ErrPublic = errors.New("lan: not an address of a local network")
	// ErrName: a name that is not of private use.
	ErrName = errors.New("lan: not a name of private use")
)

// Surroundings are what an authority asks the machine for.
type Surroundings struct {
	Now       func() time.Time // the machine's clock, not the movable one of a practice clinic
	Addresses func() []net.IP  // of this machine
	Names     []string         // beside Name and localhost
}

// Authority makes the certificates of one clinic.
type Authority struct {
	around Surroundings
	root   *x509.Certificate
	key    crypto.Signer

	mu   sync.Mutex
	leaf *tls.Certificate
}

// NewRoot makes the key of an authority and its certificate, both as DER. The clinic's name
// is what people see in the list of certificates they trust.
func NewRoot(clinic string, now time.Time) (key, cert []byte, err error) {
	pair, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	serial, err := serialNumber()
	if err != nil {
		return nil, nil, err
	}
	root := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: strings.TrimSpace("Meixu " + clinic)},
		NotBefore: now.Add(-slow), NotAfter: now.Add(rootLife),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage:    x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},

		PermittedDNSDomainsCritical: true, PermittedDNSDomains: private, PermittedIPRanges: networks(),
	}
	if cert, err = x509.CreateCertificate(rand.Reader, root, root, pair.Public(), pair); err != nil {
		return nil, nil, err
	}
	key, err = x509.MarshalPKCS8PrivateKey(pair)
	return key, cert, err
}

// NewAuthority reads an authority made by NewRoot.
func NewAuthority(key, cert []byte, around Surroundings) (*Authority, error) {
	for _, name := range around.Names {
		if !ownName(name) {
			return nil, fmt.Errorf("%w: %s", ErrName, name)
		}
	}
	root, err := x509.ParseCertificate(cert)
	if err != nil {
		return nil, fmt.Errorf("the certificate of the authority: %w", err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("the key of the authority: %w", err)
	}
	signer, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, errors.New("lan: the key of the authority cannot sign")
	}
	return &Authority{around: around, root: root, key: signer}, nil
}

// Root is the certificate that devices are asked to trust, as DER.
func (a *Authority) Root() []byte { return a.root.Raw }

// Until is the end of the root's life.
func (a *Authority) Until() time.Time { return a.root.NotAfter }

func (a *Authority) ages() Ages {
	a.mu.Lock()
	defer a.mu.Unlock()
	ages := Ages{Root: a.root.NotAfter}
	if a.leaf != nil {
		ages.Leaf = a.leaf.Leaf.NotAfter
	}
	return ages
}

// Fingerprint is the SHA-256 of the root, in groups of four hex digits: what people compare.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.root.Raw)
	text := strings.ToUpper(hex.EncodeToString(sum[:]))
	groups := make([]string, 0, len(text)/4)
	for part := range slices.Chunk([]byte(text), 4) {
		groups = append(groups, string(part))
	}
	return strings.Join(groups, " ")
}

// TLS is the configuration of the staff's door on the network.
func (a *Authority) TLS() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) { return a.Leaf(addressOf(hello.Conn)) },
	}
}

// Inside takes connections to this machine's own network only. Where it has an address of the
// internet, too, nobody is answered there: the authority vouches for none.
func Inside(l net.Listener) net.Listener { return inside{l} }

type inside struct{ net.Listener }

// Accept gives the next connection that may stay; nothing is read from the others.
func (l inside) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if at := addressOf(conn); at == nil || local(at) {
			return conn, nil
		}
		_ = conn.Close() // somebody on the internet
	}
}

func addressOf(conn net.Conn) net.IP {
	if conn == nil {
		return nil
	}
	if at, ok := conn.LocalAddr().(*net.TCPAddr); ok {
		return at.IP
	}
	return nil
}

// Leaf is the certificate for somebody who reached this machine at an address: the one that
// was made last, or a new one when that does not name the address or is near its end.
func (a *Authority) Leaf(at net.IP) (*tls.Certificate, error) {
	if at != nil && !local(at) {
		return nil, fmt.Errorf("%w: %s", ErrPublic, at)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.around.Now()
	if a.leaf != nil && a.fits(at, now) {
		return a.leaf, nil
	}
	leaf, err := a.issue(at, now)
	if err != nil {
		return nil, err
	}
	a.leaf = leaf
	return leaf, nil
}

func (a *Authority) fits(at net.IP, now time.Time) bool {
	have := a.leaf.Leaf
	return now.After(have.NotBefore) && now.Add(renew).Before(have.NotAfter) &&
		(at == nil || slices.ContainsFunc(have.IPAddresses, at.Equal))
}

func (a *Authority) issue(at net.IP, now time.Time) (*tls.Certificate, error) {
	pair, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := serialNumber()
	if err != nil {
		return nil, err
	}
	leaf := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: Name},
		NotBefore: now.Add(-slow), NotAfter: earlier(now.Add(leafLife), a.root.NotAfter),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              append([]string{Name, "localhost"}, a.around.Names...),
		IPAddresses:           a.addresses(at),
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, a.root, pair.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("making a certificate: %w", err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der, a.root.Raw}, PrivateKey: pair, Leaf: parsed}, nil
}

// addresses are where this machine is reached now, and the one at which somebody just did.
func (a *Authority) addresses(at net.IP) []net.IP {
	list := []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	for _, ip := range append(a.around.Addresses(), at) {
		if ip != nil && local(ip) && !slices.ContainsFunc(list, ip.Equal) {
			list = append(list, ip)
		}
	}
	return list
}

// Addresses are those of this machine now.
func Addresses() (list []net.IP) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok {
			list = append(list, n.IP)
		}
	}
	return list
}

func local(ip net.IP) bool { return ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() }

func ownName(name string) bool {
	return slices.ContainsFunc(private, func(end string) bool {
		return name == end || strings.HasSuffix(name, "."+end)
	})
}

func networks() (list []*net.IPNet) {
	for _, r := range ranges {
		_, n, err := net.ParseCIDR(r)
		if err != nil {
			panic(err) // the list above is wrong
		}
		list = append(list, n)
	}
	return list
}

func serialNumber() (*big.Int, error) {
	return rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
