package kit

import (
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
)

// Against is a form that comes back because the record was changed meanwhile: now holds it as it
// stands, typed what somebody wanted to save over an older state. Hidden fields, as the version,
// are those of now, so that the next save decides on what is shown.
func Against(now []Field, typed url.Values) []Field {
	fields := Fill(now, typed, nil)
	for i := range fields {
		f, stands := &fields[i], now[i]
		if f.Kind == Hidden || f.Kind == Static {
			fields[i] = stands
			continue
		}
		if !typed.Has(f.Name) && f.Kind != Check || f.Many || same(f.Value, stands.Value) {
			continue
		}
		f.Differs, f.Theirs = true, stands.Value
	}
	return fields
}

func same(a, b string) bool {
	plain := func(s string) string { return strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")) }
	return plain(a) == plain(b)
}

// TheirsText is the other value as it is read: the label of a choice, the text of a field.
func (f Field) TheirsText(lang words.Lang) string {
	if f.Kind == Check {
		return lang.T(map[bool]string{true: "kit.differ.on", false: "kit.differ.off"}[f.Theirs != ""])
	}
	for _, o := range f.Options {
		if o.Value == f.Theirs && o.Label != "" {
			return o.Label
		}
		if o.Value == f.Theirs && o.LabelKey != "" {
			return lang.T(o.LabelKey)
		}
	}
	if day, clock, found := strings.Cut(f.Theirs, "T"); found && len(day) == 10 && len(clock) == 5 {
		return day + " " + clock
	}
	if f.Theirs == "" {
		return lang.T("kit.differ.empty")
	}
	return term.Written(f.Theirs)
}

// settled puts the values that somebody took from the other save in the place of the own.
func settled(values url.Values) url.Values {
	for name := range values {
		field, found := strings.CutPrefix(name, takes)
		if !found || values.Get(name) != "theirs" {
			continue
		}
		values[field] = slices.Clone(values[theirs+field])
	}
	for name := range values {
		if strings.HasPrefix(name, takes) || strings.HasPrefix(name, theirs) {
			delete(values, name)
		}
	}
	return values
}
