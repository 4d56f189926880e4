package lan_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/lan"
)

// house is an authority on a machine whose clock and addresses the test moves.
type house struct {
	*lan.Authority
	key []byte
	now time.Time
	ips []net.IP
}

func newHouse(t *testing.T, names ...string) *house {
	t.Helper()
	h := &house{now: time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC), ips: []net.IP{net.ParseIP("192.168.1.20")}}
	key, cert, err := lan.NewRoot("美序诊所", h.now)
	require.NoError(t, err)
	h.key = key
	h.Authority, err = lan.NewAuthority(key, cert, lan.Surroundings{
		Now: func() time.Time { return h.now }, Addresses: func() []net.IP { return h.ips }, Names: names,
	})
	require.NoError(t, err)
	return h
}

// verify checks a certificate as a browser that trusts the root does.
func (h *house) verify(t *testing.T, leaf *x509.Certificate, name string) error {
	t.Helper()
	root, err := x509.ParseCertificate(h.Root())
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(root)
	_, err = leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: name, CurrentTime: h.now})
	return err
}

func TestBrowsersThatTrustTheHouseTrustItsDoor(t *testing.T) {
	t.Parallel()
	h := newHouse(t, "front.meixu.lan")
	leaf, err := h.Leaf(net.ParseIP("192.168.1.20"))
	require.NoError(t, err)
	for _, name := range []string{"meixu.local", "localhost", "front.meixu.lan", "192.168.1.20", "127.0.0.1"} {
		require.NoError(t, h.verify(t, leaf.Leaf, name), name)
	}
	require.Error(t, h.verify(t, leaf.Leaf, "192.168.1.21"))
	require.LessOrEqual(t, leaf.Leaf.NotAfter.Sub(h.now), 90*24*time.Hour)
}

// The key in a thief's hands must not vouch for a bank, nor for a public address.
func TestTheAuthorityVouchesForThisHouseOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	root, err := x509.ParseCertificate(h.Root())
	require.NoError(t, err)
	key, err := x509.ParsePKCS8PrivateKey(h.key)
	require.NoError(t, err)
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	forge := func(names []string, ips []net.IP) *x509.Certificate {
		der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
			SerialNumber: big.NewInt(7), DNSNames: names, IPAddresses: ips, NotBefore: h.now, NotAfter: h.now.Add(time.Hour),
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		}, root, own.Public(), key)
		require.NoError(t, err)
		leaf, err := x509.ParseCertificate(der)
		require.NoError(t, err)
		return leaf
	}
	require.NoError(t, h.verify(t, forge([]string{"other.local"}, nil), "other.local"), "the check itself works")
	require.Error(t, h.verify(t, forge([]string{"bank.example.com"}, nil), "bank.example.com"))
	require.Error(t, h.verify(t, forge(nil, []net.IP{net.ParseIP("8.8.8.8")}), "8.8.8.8"))
}

func TestACertificateFollowsTheAddresses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	first, err := h.Leaf(net.ParseIP("192.168.1.20"))
	require.NoError(t, err)
	again, err := h.Leaf(nil)
	require.NoError(t, err)
	require.Same(t, first, again, "nothing changed")

	h.ips = []net.IP{net.ParseIP("10.0.0.5")}
	moved, err := h.Leaf(net.ParseIP("10.0.0.5"))
	require.NoError(t, err)
	require.NoError(t, h.verify(t, moved.Leaf, "10.0.0.5"))
	require.NoError(t, h.verify(t, moved.Leaf, "meixu.local"))

	h.now = h.now.Add(61 * 24 * time.Hour)
	renewed, err := h.Leaf(net.ParseIP("10.0.0.5"))
	require.NoError(t, err)
	require.NotSame(t, moved, renewed, "near its end it is made anew")
	require.NoError(t, h.verify(t, renewed.Leaf, "10.0.0.5"))

	h.now = h.now.Add(-400 * 24 * time.Hour)
	_, err = h.Leaf(nil)
	require.NoError(t, err, "a clock that went back gives a certificate of that day")
}

func TestTheInternetIsNotServed(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.Leaf(net.ParseIP("203.0.113.9"))
	require.ErrorIs(t, err, lan.ErrPublic)
	key, cert, err := lan.NewRoot("", h.now)
	require.NoError(t, err)
	_, err = lan.NewAuthority(key, cert, lan.Surroundings{Names: []string{"clinic.example.com"}})
	require.ErrorIs(t, err, lan.ErrName)
}

func TestTheProfileOfAnIPadReplacesItself(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one, err := h.Profile()
	require.NoError(t, err)
	two, err := h.Profile()
	require.NoError(t, err)
	require.Equal(t, one, two)
	require.Contains(t, string(one), "com.apple.security.root")
	require.Contains(t, string(one), "Meixu 美序诊所")

	// a name is text, whatever the clinic is called
	key, cert, err := lan.NewRoot("<b>&美序", h.now)
	require.NoError(t, err)
	odd, err := lan.NewAuthority(key, cert, lan.Surroundings{Now: func() time.Time { return h.now }})
	require.NoError(t, err)
	two, err = odd.Profile()
	require.NoError(t, err)
	require.Contains(t, string(two), "Meixu &lt;b&gt;&amp;美序")
}
