package kit

import (
	"fmt"
	"strings"

	"meixu/app/fault"
	"meixu/store/term"
)

// Refusal is a fault as a panel: what and why, who can help, where, and which rule.
type Refusal struct {
	Sentence string
	Who      string
	Own      bool // the reader has the duty of who can help
	Where    string
	Rule     string
	Request  string
	Field    string // the input that it is about, where no form comes back
}

// Clock is a running clock: time since an instant against a limit in minutes, or the time
// left until Due. It turns amber at half the limit and red over it.
type Clock struct {
	Since term.Instant
	Limit int
	Due   term.Instant
}

// Tile is one figure of a dashboard; it drills to names when it has a Link.
type Tile struct {
	Key   string
	Icon  string
	Value string
	Unit  string
	Note  string
	Link  string
	Tone  string // good, warn, danger or ""
	Trend []float64
}

// Points is the trend as an SVG polyline in a box of 100 by 24.
func (t Tile) Points() string {
	if len(t.Trend) < 2 {
		return ""
	}
	low, high := t.Trend[0], t.Trend[0]
	for _, v := range t.Trend {
		low, high = min(low, v), max(high, v)
	}
	span := high - low
	if span == 0 {
		span = 1
	}
	var b strings.Builder
	for i, v := range t.Trend {
		x := float64(i) * 100 / float64(len(t.Trend)-1)
		fmt.Fprintf(&b, "%.1f,%.1f ", x, 22-20*(v-low)/span)
	}
	return strings.TrimSpace(b.String())
}

// Tab is one view of a page; the choice stands in the address.
type Tab struct {
	Key   string
	Label string
	Link  string
	Count int
	Here  bool
}

// Event is one entry of a timeline.
type Event struct {
	At    term.Instant
	Key   string
	Title string
	Text  string
	Who   string
	Icon  string
	Tone  string
}

// Finding is one answer of the finder.
type Finding struct {
	Title string
	Sub   string
	Link  string
	Icon  string
	State any
}

// Fault prints a fault of a field; arguments that are words keys are printed as words.
func (f *Frame) Fault(key string, args []any) string {
	return fault.Field{Key: key, Args: args}.Say(f.Lang)
}

// Framed says that the layout has rail and top bar.
func (f *Frame) Framed() bool { return f.framed() }
