package kit

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"meixu/app/fault"
)

// bounds are the most characters of posted fields, by the end of their names; a field that is not
// named here is one line. The answers of the form engine (q.…) have limits of their own.
var bounds = []struct {
	most int
	ends []string
}{
	{fault.LongName, []string{"name", "title", "clinic"}},
	{fault.LongReason, []string{"reason"}},
	{fault.LongNote, []string{
		"note", "story", "need", "offlabel", "handled", "outcome", "answer", "result", "action", "alerts", "allergies", "other",
	}},
	{2_000, []string{"rule"}},      // of a segment
	{10_000, []string{"text"}},     // what is marked while it is typed
	{20_000, []string{"traces"}},   // one trace code a line, for a whole delivery
	{60_000, []string{"pasted"}},   // a table of bookings
	{200_000, []string{"strokes"}}, // a signature
}

// signatures are the names of the pads on the page of a new client.
const signatures = "sign"

func mostOf(name string) int {
	name = strings.TrimPrefix(strings.TrimPrefix(name, theirs), was)
	if strings.HasPrefix(name, signatures) {
		return mostOf("strokes")
	}
	for _, b := range bounds {
		if slices.ContainsFunc(b.ends, func(end string) bool { return strings.HasSuffix(name, end) }) {
			return b.most
		}
	}
	return fault.LongLine
}

// bounded refuses a post in which a field is longer than anybody would write there, once for the
// whole house and before any room sees it.
func (f *Form) bounded() error {
	for _, name := range slices.Sorted(maps.Keys(f.values)) {
		if strings.HasPrefix(strings.TrimPrefix(name, theirs), "q.") {
			continue
		}
		most := mostOf(name)
		for _, text := range f.values[name] {
			if len(text) > most && utf8.RuneCountInString(text) > most {
				return fault.TooLong(name, most)
			}
		}
	}
	return nil
}
