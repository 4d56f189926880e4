package cli

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var printedFingerprint = regexp.MustCompile(`fingerprint: ([0-9A-F ]+)`)

// A clinic on its network: a device learns at the guests' door to trust the house, comes in
// over TLS, and after a restart the house is still the same to it.
func TestAClinicOnItsNetwork(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	lan, guest := freeAddress(t), freeAddress(t)
	_, stop := served(t, dir, "--lan", lan, "--guest", guest)
	get := func(c *http.Client, url, agent string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		require.NoError(t, err)
		req.Header.Set("User-Agent", agent)
		resp, err := c.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		return resp, string(body)
	}

	resp, page := get(http.DefaultClient, "http://"+guest+"/connect", "Mozilla/5.0 (iPad)")
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Contains(t, page, "证书信任设置")
	resp, root := get(http.DefaultClient, "http://"+guest+"/connect/meixu.crt", "")
	require.Equal(t, "application/x-x509-ca-cert", resp.Header.Get("Content-Type"))
	resp, profile := get(http.DefaultClient, "http://"+guest+"/connect/meixu.mobileconfig", "")
	require.Equal(t, "application/x-apple-aspen-config", resp.Header.Get("Content-Type"))
	require.Contains(t, profile, "com.apple.security.root")

	cert, err := x509.ParseCertificate([]byte(root))
	require.NoError(t, err)
	trusting := x509.NewCertPool()
	trusting.AddCert(cert)
	device := func(most uint16) *http.Client {
		return &http.Client{Transport: &http.Transport{
			ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: trusting, MaxVersion: most},
		}}
	}
	resp, _ = get(device(0), "https://"+lan+"/healthz", "")
	require.Equal(t, "HTTP/2.0", resp.Proto, "nine tabs of one browser need it")
	require.NotNil(t, resp.TLS)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+lan+"/healthz", nil)
	require.NoError(t, err)
	_, err = device(tls.VersionTLS11).Do(req)
	require.Error(t, err)
	_, err = (&http.Client{Transport: &http.Transport{}}).Do(req)
	require.Error(t, err, "a device that was not told trusts nobody")
	resp, _ = get(http.DefaultClient, "http://"+lan+"/login", "")
	require.Equal(t, http.StatusBadRequest, resp.StatusCode, "nothing is said without TLS")
	resp, _ = get(device(0), "https://"+lan+"/login", "")
	require.Equal(t, http.StatusOK, resp.StatusCode)

	code, text := stop()
	require.Equal(t, 0, code, text)
	first := printedFingerprint.FindStringSubmatch(text)
	require.Len(t, first, 2, text)
	require.Contains(t, text, "https://meixu.local")
	require.Contains(t, text, "No network address was found that another device could open")
	require.NotContains(t, text, "█", "a QR code of this machine's own address leads nowhere")
	_, stop = served(t, dir, "--lan", lan, "--guest", guest)
	_, text = stop()
	require.Equal(t, strings.TrimSpace(first[1]), strings.TrimSpace(printedFingerprint.FindStringSubmatch(text)[1]))
}

func TestANameOfTheInternetIsRefused(t *testing.T) {
	t.Parallel()
	code, text := meixu(t.Context(), "serve", "--data", t.TempDir(), "--listen", freeAddress(t), "--lan", freeAddress(t), "--guest", freeAddress(t), "--host", "clinic.example.com")
	require.Equal(t, 1, code)
	require.Contains(t, text, "clinic.example.com")
}
