package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/lan"
)

// reportPath is where browsers tell what the policy of a page stopped. The policy names it by
// report-uri, which browsers heed at all our doors; report-to wants TLS, which loopback and the
// guests' door do not have.
const reportPath = "/csp-report"

// reportLimit bounds a report, in bytes; a browser's own is below two thousand and its addresses.
const reportLimit = 8 << 10

// directives are those that a browser may name; anything else counts as other.
var directives = []string{
	"default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem", "style-src-attr",
	"img-src", "media-src", "connect-src", "font-src", "manifest-src", "worker-src", "child-src", "frame-src", "object-src",
	"form-action", "frame-ancestors", "base-uri",
}

// kinds are what browsers say in place of an address.
var kinds = []string{"inline", "eval", "wasm-eval", "data", "blob", "about", "file"}

// other is what is none of the known ones.
const other = "other"

// report is a violation as browsers tell it (CSP level 2). Its full addresses, its sample of the
// script and the rest are not read.
type report struct {
	Body struct {
		Effective string `json:"effective-directive"`
		Violated  string `json:"violated-directive"`
		Blocked   string `json:"blocked-uri"`
		Document  string `json:"document-uri"`
	} `json:"csp-report"`
}

// policyReport counts what a browser reports. Anybody may send anything here: nothing of it is kept
// but a kind out of fixed lists.
func (s *Server) policyReport(c echo.Context) error {
	r := c.Request()
	if !s.reports.allow(c.RealIP()) {
		return c.NoContent(http.StatusTooManyRequests)
	}
	if kind, _, _ := strings.Cut(r.Header.Get(echo.HeaderContentType), ";"); kind != "application/csp-report" {
		return c.NoContent(http.StatusUnsupportedMediaType)
	}
	var told report
	if err := json.NewDecoder(http.MaxBytesReader(c.Response(), r.Body, reportLimit)).Decode(&told); err != nil {
		return c.NoContent(http.StatusBadRequest)
	}
	s.app.LAN.Violations.Note(lan.Violation{
		Directive: directiveOf(told), Blocked: blockedKind(told.Body.Blocked, r.Host), Page: s.pageKind(c, told.Body.Document),
	})
	return c.NoContent(http.StatusNoContent)
}

func directiveOf(told report) string {
	name := told.Body.Effective
	if name == "" {
		name, _, _ = strings.Cut(told.Body.Violated, " ")
	}
	if !slices.Contains(directives, name) {
		return other
	}
	return name
}

// blockedKind is what was stopped: a way of its own, something of this house, or from elsewhere.
func blockedKind(address, host string) string {
	scheme, _, _ := strings.Cut(address, ":")
	if slices.Contains(kinds, scheme) {
		return scheme
	}
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "":
		return other
	case u.Host == host:
		return "own"
	}
	return "elsewhere"
}

// pageKind is the route of the page, never its address.
func (s *Server) pageKind(c echo.Context, address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Path == "" {
		return other
	}
	e := c.Echo()
	probe := e.AcquireContext()
	defer e.ReleaseContext(probe)
	probe.Reset(c.Request(), c.Response())
	e.Router().Find(http.MethodGet, u.Path, probe)
	if route := probe.Path(); s.isPage(route) {
		return route
	}
	return other
}

func (s *Server) isPage(route string) bool {
	for _, r := range s.routes.List() {
		if r.Method == http.MethodGet && r.Path == route {
			return true
		}
	}
	return false
}
