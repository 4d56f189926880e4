package kit

import (
	"crypto/rand"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"
)

// askedMost is how many searches are remembered in the house, askedLong the longest in characters.
const (
	askedMost = 5000
	askedLong = 60
)

// Asked remembers what people searched for, so that names and phone numbers stand in no address:
// the search is posted, the list that follows carries a random word for it. Paging, Back and
// reload find it again; it dies with the program, and nobody else's session can read it.
type Asked struct {
	mu   sync.Mutex
	kept map[string]asked
	line []string // words, oldest first
}

type asked struct {
	session int64
	text    string
}

// NewAsked remembers nothing yet.
func NewAsked() *Asked { return &Asked{kept: map[string]asked{}} }

// Go ends the post of a search (field q): it leads to the list at the path that shows what is
// found. An empty search leads to the whole list.
func (a *Asked) Go(c echo.Context, path string) error {
	text := Typed(c)
	if text == "" {
		return Done(c, "", nil, "%s", path)
	}
	sep := "?"
	if strings.Contains(path, sep) {
		sep = "&"
	}
	return Done(c, "", nil, "%s%ss=%s", path, sep, a.keep(Who(c).Session, text))
}

// Of is what this session searched for on the list that is asked for; "" for the whole list.
func (a *Asked) Of(c echo.Context) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if have := a.kept[c.QueryParam("s")]; have.session == Who(c).Session {
		return have.text
	}
	return ""
}

// Typed is the posted search, as far as anybody would type one.
func Typed(c echo.Context) string {
	text := []rune(Read(c).Text("q"))
	return string(text[:min(len(text), askedLong)])
}

func (a *Asked) keep(session int64, text string) string {
	word := rand.Text()[:12]
	a.mu.Lock()
	defer a.mu.Unlock()
	a.kept[word] = asked{session, text}
	if a.line = append(a.line, word); len(a.line) > askedMost {
		delete(a.kept, a.line[0])
		a.line = a.line[1:]
	}
	return word
}
