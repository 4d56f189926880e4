package kit

import (
	"maps"
	"mime/multipart"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/store/term"
)

// Form reads a posted form (or a query string) into typed values. What has the wrong shape
// is collected in Fields, so that the room can add its own and the person sees all at once.
type Form struct {
	// Fields are the shape faults met so far.
	Fields fault.Fields

	values url.Values
	files  map[string][]*multipart.FileHeader
	zone   *time.Location
}

// Read takes the form of a post from its body alone, and what is asked of a page from its address.
func Read(c echo.Context) *Form {
	f := &Form{values: url.Values{}, zone: setupOf(c).Zone}
	if isForm(c.Request()) {
		if multi, err := c.MultipartForm(); err == nil {
			f.files = multi.File
		}
		if _, err := c.FormParams(); err == nil {
			f.values = settled(legible(c.Request().PostForm)) // the address says where to, never what
			return f
		}
		f.Fields.Add("", "kit.bad.form")
		return f
	}
	f.values = legible(c.QueryParams())
	return f
}

// legible keeps of every field what a reader can see (term.Written): no bytes that are no text, no
// control characters beside line ends and tabs, no marks that turn the direction of writing or
// hide between letters, and nothing of what shows nothing at all. With them one name could look
// like another, and a reason or a signer could be nobody. Names and codes, which are one line,
// lose also what joins emoji; notes and answers keep it.
func legible(values url.Values) url.Values {
	out := make(url.Values, len(values))
	for name, list := range values {
		seen := term.Spelled
		if strings.HasPrefix(strings.TrimPrefix(name, theirs), "q.") || mostOf(name) >= fault.LongNote {
			seen = term.Written
		}
		for _, text := range list {
			out.Add(name, seen(text))
		}
	}
	return out
}

// ReadQuery takes the query string alone, also of a post.
func ReadQuery(c echo.Context) *Form {
	return &Form{values: legible(c.QueryParams()), zone: setupOf(c).Zone}
}

// Values is what was typed, as it was typed.
func (f *Form) Values() url.Values { return f.values }

// Carried are the fields of a post that goes on after a question in between, without any secret
// and without its one-time key.
func (f *Form) Carried() url.Values {
	carried := maps.Clone(f.values)
	maps.DeleteFunc(carried, func(name string, _ []string) bool { return secretField(name) })
	return carried
}

// Has says that the field was sent at all.
func (f *Form) Has(name string) bool { return f.values.Has(name) }

// Err is the shape faults as an error, nil when there are none.
func (f *Form) Err() error { return f.Fields.Err() }

// Text is the text without blanks around it.
func (f *Form) Text(name string) string { return strings.TrimSpace(f.values.Get(name)) }

// List is every value sent under the name, without empty ones.
func (f *Form) List(name string) []string {
	return slices.DeleteFunc(slices.Clone(f.values[name]), func(s string) bool {
		return strings.TrimSpace(s) == ""
	})
}

// Bool says that the box is ticked (on, true, yes or 1).
func (f *Form) Bool(name string) bool {
	return slices.Contains([]string{"on", "true", "yes", "1"}, f.Text(name))
}

// Int is a whole number; 0 when empty.
func (f *Form) Int(name string) int {
	return int(f.number(name, "kit.bad.number"))
}

// ID is a row id; 0 when empty.
func (f *Form) ID(name string) int64 { return f.number(name, "kit.bad.choice") }

// IDs is every row id sent under the name.
func (f *Form) IDs(name string) []int64 {
	var ids []int64
	for _, text := range f.List(name) {
		n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil {
			f.Fields.Add(name, "kit.bad.choice")
			return nil
		}
		ids = append(ids, n)
	}
	return ids
}

// Fen is an amount of money; 0 when empty.
func (f *Form) Fen(name string) term.Fen {
	text := f.Text(name)
	if text == "" {
		return 0
	}
	fen, err := term.ParseFen(text)
	if err != nil {
		f.Fields.Add(name, "kit.bad.money")
	}
	return fen
}

// Decimal is a number with a point, such as a dose; 0 when empty.
func (f *Form) Decimal(name string) float64 {
	text := f.Text(name)
	if text == "" {
		return 0
	}
	n, err := strconv.ParseFloat(term.Plain(text), 64)
	if err != nil || n > 1e12 || n < -1e12 || n != n {
		f.Fields.Add(name, "kit.bad.number")
		return 0
	}
	return n
}

// Day is a calendar day; "" when empty. What was read stands in the values as the browser's own
// field shows it; what could not be is named, because that field would show nothing.
func (f *Form) Day(name string) term.Day {
	typed := f.Text(name)
	day, err := term.ReadDay(typed)
	switch {
	case err != nil:
		f.Fields.Add(name, "kit.bad.day", typed)
	case day != "":
		f.values[name] = []string{string(day)}
	}
	return day
}

// Instant is a local day and minute (2026-03-02T15:04) in the clinic's zone; zero when empty.
func (f *Form) Instant(name string) term.Instant {
	typed := f.Text(name)
	text := term.Plain(typed)
	if text == "" {
		return term.Instant{}
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, text, f.zone); err == nil {
			f.values[name] = []string{text}
			return term.At(t)
		}
	}
	f.Fields.Add(name, "kit.bad.instant", typed)
	return term.Instant{}
}

// FileNames are the names of the fields with uploaded files, sorted.
func (f *Form) FileNames() []string { return slices.Sorted(maps.Keys(f.files)) }

// Files are the uploaded files of the field.
func (f *Form) Files(name string) []*multipart.FileHeader { return f.files[name] }

func (f *Form) number(name, bad string) int64 {
	text := f.Text(name)
	if text == "" {
		return 0
	}
	n, err := term.ParseWhole(text)
	if err != nil {
		f.Fields.Add(name, bad)
		return 0
	}
	return n
}

// ParamID is the row id in the path (":id"); 0, which no row has, when it is none.
func ParamID(c echo.Context, name string) int64 {
	n, err := strconv.ParseInt(c.Param(name), 10, 64)
	if err != nil || n < 1 {
		return 0
	}
	return n
}
