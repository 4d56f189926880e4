package kit

import (
	"crypto/rand"
	"encoding/json"

	"github.com/labstack/echo/v4"
)

// carryKey is the draft that holds what one page carries to the next.
const carryKey = "kit.carried"

// maxCarried bounds the carried text in bytes.
const maxCarried = 300

// carriedNameSize is the length of the name that stands in the address.
const carriedNameSize = 12

// Carried is a text that one page brought to another. Nothing personal stands in the address:
// the name does, and the text is kept like a draft, so that a reload finds it again.
type Carried struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// Carry keeps the text for the page that comes next. The same text keeps its name, so that what
// was typed beside it is found again; another text never meets it.
func Carry(c echo.Context, text string) Carried {
	last := LastCarried(c)
	if s := setupOf(c); text != "" && len(text) <= maxCarried && text != last.Text && s.Keep != nil {
		last = Carried{rand.Text()[:carriedNameSize], text}
		body, _ := json.Marshal(last) //nolint:errchkjson // two texts
		s.Keep(c, carryKey, string(body))
	}
	if last.Text != text {
		return Carried{}
	}
	return last
}

// LastCarried is what the person carried last; empty for nothing.
func LastCarried(c echo.Context) (last Carried) {
	kept := draftsOf(c, setupOf(c), Who(c)).kept
	if kept == nil || json.Unmarshal([]byte(kept(carryKey)), &last) != nil {
		return Carried{}
	}
	return last
}

// HasDraft says that the person typed something into the form and did not send it.
func HasDraft(c echo.Context, key string) bool {
	kept := draftsOf(c, setupOf(c), Who(c)).kept
	return kept != nil && kept(key) != ""
}

// DropCarried forgets what was carried, when it was used.
func DropCarried(c echo.Context) {
	if s := setupOf(c); s.Forget != nil {
		s.Forget(c, carryKey)
	}
}
