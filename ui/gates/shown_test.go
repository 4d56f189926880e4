package gates_test

import (
	"errors"
	"regexp"
	"strings"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// sly is a name that would be markup, a script, a template, a format, a formula, if anybody took
// it for more than text.
const sly = `=周<i id=sly>"'{{.Name}}%s%d`

var (
	escaped = regexp.MustCompile(`=周&lt;i id=sly&gt;&#34;&#39;\{\{\.Name}}%s%d`)
	door    = regexp.MustCompile(`^/(login|switch|enrol)$`)
	paper   = regexp.MustCompile(`/(print|paper|ticket|statement|sheet|poster|label)$`) // leads back to the page that it is printed from
	back    = regexp.MustCompile(`<a [^>]*href="/`)
	inline  = regexp.MustCompile(`(?i)<script>|<script[^>]*[^/]>[^<]|<style|\s(?:style|on[a-z]+)="|(?:href|src|action)="(?:javascript|data|vbscript):`)
)

// rename gives the client of the day the sly name, whatever a form says to it, and an inquiry.
func rename(d *day.Day) {
	d.T.Helper()
	d.Write(func(tx *store.Tx) error {
		c, err := tx.Client(d.Client)
		if err != nil {
			return err
		}
		c.Name = sly
		lead := store.Lead{Name: sly, Need: sly, Phone: "13700008899", Channel: "phone", State: "open"}
		return errors.Join(tx.SaveClient(&c), tx.AddLead(&lead))
	})
}

// shown looks at what pages show: text of people as text, a door that leads out.
type shown struct {
	names, whole int
	locked       []string // pages of the staff without a way out
}

func (s *shown) look(a *uitest.Answer, guest bool) {
	a.T.Helper()
	if !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return
	}
	require.NotContains(a.T, a.Body, "<i id=sly", a.Path)
	require.NotContains(a.T, a.Body, "%!", a.Path)
	require.NotRegexp(a.T, inline, a.Body, a.Path)
	s.names += len(escaped.FindAllString(a.Body, -1))
	if guest || !strings.Contains(a.Body, "<html") {
		return
	}
	s.whole++
	out := strings.Contains(a.Body, `<form method="post" action="/logout"><button`)
	if paper.MatchString(a.Path) {
		out = back.MatchString(a.Body)
	}
	if !out && !door.MatchString(a.Path) {
		s.locked = append(s.locked, a.Path)
	}
}
