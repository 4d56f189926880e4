package uitest

import (
	"bytes"
	"crypto/rand"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/lan"
	"meixu/store"
)

// Browser is one browser without a screen: it keeps cookies and follows redirects.
type Browser struct {
	T      testing.TB
	Site   *Site
	base   string
	client *http.Client
	header http.Header
}

// sessionCookie is the name of the cookie over plain HTTP.
const sessionCookie = "meixu"

// Answer is what a browser ended up with.
type Answer struct {
	T      testing.TB
	Status int
	Path   string // path of the last request, after redirects
	Body   string
	Header http.Header
}

// As is a browser signed in at a desk as login.
func (s *Site) As(login string) *Browser { return s.signed(login, "desk") }

// OnTablet is a tablet signed in as login.
func (s *Site) OnTablet(login string) *Browser { return s.signed(login, "tablet") }

// Stranger is a browser that nobody signed in with.
func (s *Site) Stranger() *Browser { return s.browser(s.URL) }

// Known is a browser that nobody is signed in at, but which the house knows: PINs open there.
func (s *Site) Known() *Browser {
	s.T.Helper()
	b := s.Stranger()
	i, err := s.App.LAN.Invite(s.T.Context(), s.Actor("owner"), lan.Enrolment{Name: "known " + rand.Text()[:4], Kind: store.SessionDesk})
	require.NoError(s.T, err)
	b.Post("/enrol", "code", i.Code).Want(http.StatusOK)
	return b
}

// AsGuest is a client's phone at the guests' door.
func (s *Site) AsGuest() *Browser { return s.browser(s.GuestURL) }

func (s *Site) signed(login, kind string) *Browser {
	return s.Steal(s.token(login, kind)).at(secretOf(login))
}

// secretOf is the secret of the browser at which a person of the test clinic sits, as long as
// those that browsers get.
func secretOf(login string) string { return (login + strings.Repeat("-", 26))[:26] }

// Station is the mark of the browser at which a person of the test clinic sits.
func (s *Site) Station(login string) string { return stationOf(login) }

// at gives the browser the cookie of a workstation.
func (b *Browser) at(secret string) *Browser {
	u, err := url.Parse(b.base)
	require.NoError(b.T, err)
	b.client.Jar.SetCookies(u, []*http.Cookie{{Name: "meixu_station", Value: secret, Path: "/"}})
	return b
}

func (s *Site) browser(base string) *Browser {
	jar, err := cookiejar.New(nil)
	require.NoError(s.T, err)
	return &Browser{T: s.T, Site: s, base: base, client: &http.Client{Jar: jar, Transport: Wire}, header: http.Header{}}
}

// Wire carries the requests of tests. Nobody closes its idle connections: a test server that closes
// takes those of http.DefaultTransport away from posts of other tests that were about to use them.
var Wire = http.DefaultTransport.(*http.Transport).Clone()

// Session is the cookie that the browser would send, "" when it has none.
func (b *Browser) Session() string {
	u, err := url.Parse(b.base)
	require.NoError(b.T, err)
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == sessionCookie {
			return c.Value
		}
	}
	return ""
}

// Steal is another browser that sends the session, as somebody would who copied the cookie.
func (s *Site) Steal(session string) *Browser {
	b := s.browser(s.URL)
	u, err := url.Parse(s.URL)
	require.NoError(s.T, err)
	b.client.Jar.SetCookies(u, []*http.Cookie{{Name: sessionCookie, Value: session, Path: "/"}})
	return b
}

// Adopt gives a browser a copied session in place of its own.
func (s *Site) Adopt(b *Browser, session string) *Browser {
	u, err := url.Parse(s.URL)
	require.NoError(s.T, err)
	b.client.Jar.SetCookies(u, []*http.Cookie{{Name: sessionCookie, Value: session, Path: "/"}})
	return b
}

// HandOver puts the tablet into a client's hands with one page, as the rooms do after they
// have asked whether the page may be handed over.
func (b *Browser) HandOver(path string) {
	b.T.Helper()
	seat, err := b.Site.App.Admin.Session(b.T.Context(), b.Session(), true)
	require.NoError(b.T, err)
	require.NoError(b.T, b.Site.App.Admin.Handover(b.T.Context(), seat.Actor, b.Session(), path))
}

// With sets a header for all further requests, as HX-Request.
func (b *Browser) With(name, value string) *Browser {
	b.header.Set(name, value)
	return b
}

// Get opens a page.
func (b *Browser) Get(path string) *Answer {
	b.T.Helper()
	return b.send(http.MethodGet, path, "", nil)
}

// Post sends a form given as name, value, name, value, …
func (b *Browser) Post(path string, pairs ...string) *Answer {
	b.T.Helper()
	require.Zero(b.T, len(pairs)%2, "names and values come in pairs")
	form := url.Values{}
	for pair := range slices.Chunk(pairs, 2) {
		form.Add(pair[0], pair[1])
	}
	return b.PostForm(path, form)
}

// Pairs are the fields of a form as Post takes them, with changes: names and values in turn.
func Pairs(fields map[string]string, with ...string) (pairs []string) {
	for i := 0; i+1 < len(with); i += 2 {
		fields[with[i]] = with[i+1]
	}
	for name, value := range fields {
		pairs = append(pairs, name, value)
	}
	return pairs
}

// PostForm sends a form, with a fresh one-time key as every page of the house carries one, and
// with the version of what the page shows; what is given of these, also empty, stays.
func (b *Browser) PostForm(path string, form url.Values) *Answer {
	b.T.Helper()
	if !form.Has("_once") {
		form = maps.Clone(form)
		form.Set("_once", rand.Text())
	}
	for name, version := range b.versionOf(path, form) {
		form.Set(name, version)
	}
	return b.send(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// PostJSON sends a JSON body.
func (b *Browser) PostJSON(path, body string) *Answer {
	b.T.Helper()
	return b.PostAs(path, "application/json", body)
}

// PostAs sends a body of a type.
func (b *Browser) PostAs(path, kind, body string) *Answer {
	b.T.Helper()
	return b.send(http.MethodPost, path, kind, strings.NewReader(body))
}

// PostFile sends a form with one picture in the field, as the browser does.
func (b *Browser) PostFile(path, field string, file []byte, pairs ...string) *Answer {
	b.T.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(b.T, form.WriteField("_once", rand.Text()))
	for i := 0; i < len(pairs); i += 2 {
		require.NoError(b.T, form.WriteField(pairs[i], pairs[i+1]))
	}
	for name, version := range b.versionOf(path, url.Values{"q.": nil}) {
		require.NoError(b.T, form.WriteField(name, version))
	}
	part, err := form.CreateFormFile(field, "photo.jpg")
	require.NoError(b.T, err)
	_, err = part.Write(file)
	require.NoError(b.T, err)
	require.NoError(b.T, form.Close())
	return b.send(http.MethodPost, path, form.FormDataContentType(), &body)
}

func (b *Browser) send(method, path, kind string, body io.Reader) *Answer {
	b.T.Helper()
	req, err := http.NewRequestWithContext(b.T.Context(), method, b.base+path, body)
	require.NoError(b.T, err)
	req.Header = b.header.Clone()
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	if host := b.header.Get("Host"); host != "" {
		req.Host = host
	}
	resp, err := b.client.Do(req)
	require.NoError(b.T, err)
	defer resp.Body.Close() //nolint:errcheck // read to the end
	text, err := io.ReadAll(resp.Body)
	require.NoError(b.T, err)
	return &Answer{b.T, resp.StatusCode, resp.Request.URL.RequestURI(), string(text), resp.Header}
}

// Direct makes the browser stop at redirects, to look at them.
func (b *Browser) Direct() *Browser {
	b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b
}

// Want demands the status and that the body has all texts.
func (a *Answer) Want(status int, texts ...string) *Answer {
	a.T.Helper()
	require.Equal(a.T, status, a.Status, "at %s:\n%s", a.Path, short(a.Body))
	for _, text := range texts {
		require.Contains(a.T, a.Body, text, "at %s", a.Path)
	}
	return a
}

// Not demands that the body has none of the texts.
func (a *Answer) Not(texts ...string) *Answer {
	a.T.Helper()
	for _, text := range texts {
		require.NotContains(a.T, a.Body, text, "at %s", a.Path)
	}
	return a
}

// At demands that redirects ended at the path.
func (a *Answer) At(path string) *Answer {
	a.T.Helper()
	require.Equal(a.T, path, a.Path)
	return a
}

func short(body string) string {
	if len(body) > 2000 {
		return body[:2000] + " …"
	}
	return body
}

// Seat is the cookies of a person at her own workstation, for requests made by hand.
func (s *Site) Seat(login string) []*http.Cookie {
	return []*http.Cookie{s.Cookie(login), {Name: "meixu_station", Value: secretOf(login), Path: "/"}}
}

// Cookie is the cookie of a fresh session, for requests made by hand.
func (s *Site) Cookie(login string) *http.Cookie {
	return &http.Cookie{Name: sessionCookie, Value: s.token(login, "desk"), Path: "/"}
}
