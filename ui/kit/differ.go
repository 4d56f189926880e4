package kit

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"meixu/app/words"
	"meixu/store/term"
)

// Two people edit one record (row:U3). The second gets the form back with what was typed, and at
// each field that somebody else changed meanwhile what stands there now: mine or theirs is chosen
// field by field, in the browser without any script. What was chosen is settled by Read.
const (
	takes  = "_take_"   // of a field: "theirs" puts the other value in its place
	theirs = "_theirs_" // the value that stands now
	was    = "_was_"    // the value that stood when the form was drawn
)

// Against is a form that comes back because the record was changed meanwhile: now holds it as it
// stands, typed what somebody wanted to save over an older state. Hidden fields, as the version,
// are those of now, so that the next save decides on what is shown. Where the form said what stood
// when it was drawn (Standing), three are compared: a field that only the other person changed takes
// the other value by itself, so that saving again never takes back what somebody else did.
func Against(now []Field, typed url.Values) []Field {
	fields := Fill(now, typed, nil)
	for i := range fields {
		f, stands := &fields[i], now[i]
		if f.Kind == Hidden || f.Kind == Static {
			fields[i] = stands
			continue
		}
		stood, known := typed[was+f.Name]
		f.stood = stands.held()
		switch {
		case f.Asks:
		case known && f.alike(stood, stands.held()): // nobody else changed it
		case known && f.alike(stood, f.held()): // nobody changed it here
			f.Value, f.Values, f.Moved = stands.Value, stands.Values, true
		case f.Many && !sameChoice(f.Values, stands.Values):
			f.Differs, f.TheirsList = true, stands.Values
		case f.Many, !typed.Has(f.Name) && f.Kind != Check, same(f.Value, stands.Value), f.Kind == Money && sameSum(f.Value, stands.Value):
		default:
			f.Differs, f.Theirs, f.TheirsList = true, stands.Value, []string{stands.Value}
		}
	}
	return fields
}

// held are the values of a field, of one choice as of several; nothing is one empty value, so that a
// form can carry it.
func (f Field) held() []string {
	switch {
	case f.Many && len(f.Values) > 0:
		return f.Values
	case f.Many:
		return []string{""}
	case f.Kind == Check:
		return []string{map[bool]string{true: "on", false: ""}[f.Ticked()]}
	}
	return []string{f.Value}
}

// alike says that two values of the field are one, however they are written.
func (f Field) alike(a, b []string) bool {
	if f.Many {
		return sameChoice(a, b)
	}
	return len(a) == 1 && len(b) == 1 && (same(a[0], b[0]) || f.Kind == Money && sameSum(a[0], b[0]))
}

// unheld are the kinds of field that show no value of the record.
var unheld = []Kind{Hidden, Static, Password, PIN, Code, Sign, Photo, Scan}

// Standing are the fields of a form over a record with a version or a fingerprint, each with what
// stood there when the form was drawn; it goes along with the post.
func (e Edit) Standing() []Field {
	versioned := func(f Field) bool { return f.Kind == Hidden && strings.HasSuffix(f.Name, "version") }
	if e.Seen == "" && !slices.ContainsFunc(e.Fields, versioned) {
		return nil
	}
	var standing []Field
	for _, f := range e.Fields {
		if f.Asks || slices.Contains(unheld, f.Kind) {
			continue
		}
		if f.stood == nil {
			f.stood = f.held()
		}
		standing = append(standing, Field{Name: was + f.Name, Values: f.stood})
	}
	return standing
}

func same(a, b string) bool {
	plain := func(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
	return plain(a) == plain(b)
}

// sameSum says that two amounts are one, however many zeros they are written with.
func sameSum(a, b string) bool {
	x, bad := term.ParseFen(a)
	y, worse := term.ParseFen(b)
	return bad == nil && worse == nil && x == y
}

// sameChoice says that the same of several were chosen, in whatever order.
func sameChoice(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// TheirsText is the other value as it is read: the label of a choice, the text of a field.
func (f Field) TheirsText(lang words.Lang) string {
	if f.Kind == Check {
		return lang.T(map[bool]string{true: "kit.differ.on", false: "kit.differ.off"}[f.Theirs != ""])
	}
	var chosen []string
	for _, o := range f.Options {
		switch {
		case !slices.Contains(f.TheirsList, o.Value):
		case o.Label != "":
			chosen = append(chosen, o.Label)
		case o.LabelKey != "":
			chosen = append(chosen, lang.T(o.LabelKey))
		}
	}
	if len(chosen) > 0 {
		return strings.Join(chosen, lang.T("kit.differ.and"))
	}
	if day, clock, found := strings.Cut(f.Theirs, "T"); found && len(day) == 10 && len(clock) == 5 {
		return day + " " + clock
	}
	if f.Theirs == "" {
		return lang.T("kit.differ.empty")
	}
	return term.Written(f.Theirs)
}

// settled puts the values that somebody took from the other save in the place of the own. A
// question of a form brings its free text and its rows along (q.link, q.link.detail, q.link.0.dose).
func settled(values url.Values) url.Values {
	for name := range values {
		field, found := strings.CutPrefix(name, takes)
		if !found || values.Get(name) != "theirs" {
			continue
		}
		belongs := func(name string) bool { return name == field || strings.HasPrefix(name, field+".") }
		maps.DeleteFunc(values, func(name string, _ []string) bool { return belongs(name) })
		taken := url.Values{}
		for other, list := range values {
			if own, found := strings.CutPrefix(other, theirs); found && belongs(own) {
				taken[own] = slices.Clone(list)
			}
		}
		maps.Copy(values, taken)
	}
	for name := range values {
		if strings.HasPrefix(name, takes) || strings.HasPrefix(name, theirs) {
			delete(values, name)
		}
	}
	return values
}
