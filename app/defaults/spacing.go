package defaults

import (
	"maps"
	"slices"
	"strings"
)

// What a treatment counts as for the limits that an earlier one left on the same area
// (aftercare.md section 3, the columns of light and injection).
const (
	CountsInjection = "injection"
	CountsLight     = "light"
)

// spacing is the file of which treatments keep a distance to which, and where.
type spacing struct {
	CountsAs map[string][]string `json:"counts_as"`      // kinds of items by what they count as
	Nothing  []string            `json:"leaves_nothing"` // kinds that leave the skin as it was: no limit follows from them
	Wide     []string            `json:"wide"`           // what is near anywhere in the same region, as heat in a face
	Regions  map[string][]string `json:"regions"`        // parts of the body by region
	Areas    []area              `json:"areas"`
}

// area are the parts that the words of a treated area mean.
type area struct {
	Words []string `json:"words"`
	Parts []string `json:"parts"`
}

// areaWord is one word of an area, lower case.
type areaWord struct {
	word  string
	parts []string
}

var (
	spacingSheet = func() (s spacing) { readJSON(careFiles, "aftercare/spacing.json", &s); return s }()
	areaWords    = longestFirst(spacingSheet.Areas)
)

func longestFirst(areas []area) (list []areaWord) {
	for _, a := range areas {
		for _, w := range a.Words {
			list = append(list, areaWord{strings.ToLower(w), a.Parts})
		}
	}
	slices.SortStableFunc(list, func(a, b areaWord) int { return len(b.word) - len(a.word) })
	return list
}

// CountsAs says what an item of a kind counts as: light, injection, or "" when no earlier
// treatment limits it.
func CountsAs(kind string) string {
	for what, kinds := range spacingSheet.CountsAs {
		if slices.Contains(kinds, kind) {
			return what
		}
	}
	return ""
}

// LeavesNothing says that an item of a kind leaves the skin as it was.
func LeavesNothing(kind string) bool { return slices.Contains(spacingSheet.Nothing, kind) }

// Earlier is a treatment that was done: its kind, its guide, and the days between two sessions.
type Earlier struct {
	Kind, Care string
	Interval   int // days; 0 when it is done once
}

// DaysUntil is for how many days after an earlier treatment what counts as light or injection
// is not done on the same area; 0 when nothing stands against it.
func (e Earlier) DaysUntil(what string) int {
	care, ok := CareOf(e.Care)
	if !ok || LeavesNothing(e.Kind) {
		return 0
	}
	limits := care.limitsAfter(e.Interval)
	switch what {
	case CountsLight:
		return limits.LightDays
	case CountsInjection:
		return limits.InjectionDays
	}
	return 0
}

// Spot is where a treatment is done: the area in the words of the plan, and the item's name,
// which tells it where the area does not.
type Spot struct{ Area, Item string }

// parts are the parts of the body that a text names; longer words go first, so that the fold
// beside a nose is no nose.
func parts(text string) []string {
	text = strings.ToLower(text)
	found := map[string]bool{}
	for _, w := range areaWords {
		if !strings.Contains(text, w.word) {
			continue
		}
		text = strings.ReplaceAll(text, w.word, " ")
		for _, part := range w.parts {
			found[part] = true
		}
	}
	return slices.Collect(maps.Keys(found))
}

func (s Spot) parts() []string {
	if named := parts(s.Area); len(named) > 0 {
		return named
	}
	return parts(s.Item)
}

// Meets says that what is done here (light, injection) is done where the other treatment was.
// Light reaches the whole region, a face; a spot that nobody can tell meets every other.
func (s Spot) Meets(what string, other Spot) bool {
	here, there := s.parts(), other.parts()
	if slices.Contains(spacingSheet.Wide, what) {
		here = widened(here)
	}
	if len(here) == 0 || len(there) == 0 {
		return true
	}
	return slices.ContainsFunc(here, func(part string) bool { return slices.Contains(there, part) })
}

// widened are the parts with all others of their regions.
func widened(named []string) []string {
	all := slices.Clone(named)
	for _, region := range spacingSheet.Regions {
		if slices.ContainsFunc(region, func(part string) bool { return slices.Contains(named, part) }) {
			all = append(all, region...)
		}
	}
	return all
}
