package target

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
)

// ErrPlain says that an object store would be asked over plain HTTP.
var ErrPlain = errors.New("backup: the object store would be asked without TLS")

// secure says whether an object store is asked over TLS. Plain HTTP is for this machine itself, and
// where the address says plain=yes: for a network of its own, by somebody who means it.
func secure(endpoint *url.URL, plain string) (bool, error) {
	ip := net.ParseIP(endpoint.Hostname())
	own := endpoint.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	switch {
	case endpoint.Scheme == "https":
		return true, nil
	case endpoint.Scheme != "http":
		return false, fmt.Errorf("%w: s3://bucket/folder?endpoint=https://host", ErrAddress)
	case own || plain == "yes":
		return false, nil
	}
	return false, fmt.Errorf("%w: %s", ErrPlain, endpoint.Host)
}

// transport asks an object store. Over TLS the certificate must be one that this machine trusts, or
// the one agreed upon in the address, as the clinic's own disk station makes one for itself.
type transport struct{ *http.Transport }

func newTransport(overTLS bool, agreed string) (http.RoundTripper, error) {
	t, err := minio.DefaultTransport(overTLS)
	if err != nil || !overTLS || agreed == "" {
		return transport{t}, err
	}
	t.TLSClientConfig.InsecureSkipVerify = true // in its place stands what follows
	t.TLSClientConfig.VerifyConnection = func(state tls.ConnectionState) error {
		if shown := state.PeerCertificates[0]; fingerprint(shown) != agreed {
			return x509.UnknownAuthorityError{Cert: shown}
		}
		return nil
	}
	return transport{t}, nil
}

// RoundTrip tells of a certificate that is not trusted in the one way that is not tried again.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := t.Transport.RoundTrip(r)
	var bad *tls.CertificateVerificationError
	if errors.As(err, &bad) && len(bad.UnverifiedCertificates) > 0 {
		return nil, x509.UnknownAuthorityError{Cert: bad.UnverifiedCertificates[0]}
	}
	return resp, err
}

// fingerprint is written as those of SFTP hosts are.
func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}

// agreedHost is the fingerprint in an address; a plus of base64 may be typed as it is.
func agreedHost(at *url.URL) string { return strings.ReplaceAll(at.Query().Get("host"), " ", "+") }
