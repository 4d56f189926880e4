package gateway

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

type control = syscall.RawConn

// longest is the most that is read of an answer, in bytes.
const longest = 64 << 10

// call is one request to a gateway.
type call struct {
	url    string
	header http.Header
	body   []byte
	inside bool
}

// post sends a request once and gives status and answer. An error before the first byte of the
// request left says Refused, a later one ErrLost: the other side may have read everything.
func (o Outside) post(ctx context.Context, c call) (status int, answer []byte, err error) {
	at, err := url.Parse(c.url)
	if err != nil || at.Scheme != "https" || at.Host == "" || at.User != nil {
		return 0, nil, setup("address")
	}
	ctx, cancel := context.WithTimeout(ctx, o.wait())
	defer cancel()
	var began atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaderField: func(string, []string) { began.Store(true) }})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, io.NopCloser(bytes.NewReader(c.body)))
	if err != nil {
		return 0, nil, setup("address")
	}
	req.ContentLength, req.Header = int64(len(c.body)), c.header
	resp, err := o.client(c.inside).Do(req)
	if err != nil {
		return 0, nil, lost(err, began.Load())
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err = io.ReadAll(io.LimitReader(resp.Body, longest))
	if err != nil {
		return 0, nil, lost(err, true)
	}
	return resp.StatusCode, answer, nil
}

// client follows no redirect, keeps no connection (one that had gone stale would have to be tried
// again) and knows no proxy: it would dial for us where we must not.
func (o Outside) client(inside bool) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialContext: dialer(inside || o.Inside).DialContext, DisableKeepAlives: true, ForceAttemptHTTP2: true,
			TLSClientConfig:     &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
			TLSHandshakeTimeout: o.wait(), ResponseHeaderTimeout: o.wait(),
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// lost tells a request that never left from one whose answer is missing. The error of the standard
// library is not passed on: it holds the address with everything in it.
func lost(err error, began bool) error {
	if errors.Is(err, ErrInside) {
		return setup("inside")
	}
	if began {
		return ErrLost
	}
	return &Refused{Code: "reach", Again: true}
}

// verdict is what a status says that comes without a word of the gateway.
func verdict(status int) error {
	code := "http:" + strconv.Itoa(status)
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusTooManyRequests:
		return &Refused{Code: code, Again: true}
	case status >= 300 && status < 400, status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNotFound:
		return &Refused{Code: code, Setup: true}
	case status >= 400 && status < 500:
		return &Refused{Code: code}
	}
	return fmt.Errorf("%w (%s)", ErrLost, code)
}

// clean is a code of an answer as it may be kept: letters, digits and points.
func clean(code string) string {
	code = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-:", r) {
			return r
		}
		return -1
	}, code)
	return code[:min(len(code), 60)]
}
