package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
)

// Limits of a signature: more is no signature, less is a dot.
const (
	maxStrokeBytes  = 256 << 10
	maxPoints       = 20000
	minPoints       = 8
	minLengthPixels = 40.0 // of a pad some hundred pixels wide
	minLengthUnit   = 0.08 // of a pad one unit wide
)

// ErrStrokes says that what came from the pad is no signature.
var ErrStrokes = errors.New("document: the strokes are no signature")

// point is one sample of the pen: x, y, milliseconds, pressure.
type point struct{ x, y float64 }

// onPad says that a point can be one of a pad, however large.
func (p point) onPad() bool { return math.Abs(p.x) <= 1e5 && math.Abs(p.y) <= 1e5 }

// UnmarshalJSON reads [x,y,t,p] or {"x":…,"y":…}.
func (p *point) UnmarshalJSON(raw []byte) error {
	var list []float64
	if json.Unmarshal(raw, &list) == nil && len(list) >= 2 {
		p.x, p.y = list[0], list[1]
		return nil
	}
	var named struct{ X, Y *float64 }
	if json.Unmarshal(raw, &named) == nil && named.X != nil && named.Y != nil {
		p.x, p.y = *named.X, *named.Y
		return nil
	}
	return ErrStrokes
}

// parseStrokes reads a list of strokes, each a list of points; the pad may wrap it in
// {"strokes": …, "w": …, "h": …}.
func parseStrokes(raw string) ([][]point, error) {
	if len(raw) > maxStrokeBytes {
		return nil, ErrStrokes
	}
	var strokes [][]point
	if json.Unmarshal([]byte(raw), &strokes) == nil {
		return strokes, nil
	}
	var wrapped struct {
		Strokes [][]point `json:"strokes"`
	}
	if json.Unmarshal([]byte(raw), &wrapped) != nil || len(wrapped.Strokes) == 0 {
		return nil, ErrStrokes
	}
	return wrapped.Strokes, nil
}

// drawnAs is the capacity that was chosen while the pen moved; "" where the pad noted none, as in
// a bare list of strokes.
func drawnAs(raw string) Capacity {
	var noted struct {
		Whose Capacity `json:"whose"`
	}
	if json.Unmarshal([]byte(raw), &noted) != nil {
		return ""
	}
	return noted.Whose
}

// CheckStrokes refuses an empty pad, a dot and a flood.
func CheckStrokes(raw string) error {
	strokes, err := parseStrokes(raw)
	if err != nil {
		return err
	}
	points, length, reach := 0, 0.0, 0.0
	for _, stroke := range strokes {
		points += len(stroke)
		for i, p := range stroke {
			if !p.onPad() {
				return ErrStrokes
			}
			reach = max(reach, math.Abs(p.x), math.Abs(p.y))
			if i > 0 {
				length += math.Hypot(p.x-stroke[i-1].x, p.y-stroke[i-1].y)
			}
		}
	}
	least := minLengthPixels
	if reach <= 1.5 {
		least = minLengthUnit
	}
	if points < minPoints || points > maxPoints || length < least {
		return ErrStrokes
	}
	return nil
}

// Ink is a signature as an SVG path.
type Ink struct {
	Path string  // M … L …
	Box  string  // viewBox
	Pen  float64 // width of the line in units of the box
}

// InkOf draws strokes as a path; broken strokes, and such that no pad sends, draw nothing.
func InkOf(raw string) Ink {
	strokes, err := parseStrokes(raw)
	if err != nil {
		return Ink{}
	}
	var path strings.Builder
	low, high := point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, stroke := range strokes {
		for i, p := range stroke {
			if !p.onPad() {
				return Ink{}
			}
			verb := "L"
			if i == 0 {
				verb = "M"
			}
			fmt.Fprintf(&path, "%s%.4g %.4g", verb, p.x, p.y)
			low = point{min(low.x, p.x), min(low.y, p.y)}
			high = point{max(high.x, p.x), max(high.y, p.y)}
		}
	}
	if path.Len() == 0 {
		return Ink{}
	}
	wide, tall := high.x-low.x, high.y-low.y
	edge := max(wide, tall) * 0.06
	return Ink{
		Path: path.String(), Pen: max(wide, tall) * 0.012,
		Box: fmt.Sprintf("%.4g %.4g %.4g %.4g", low.x-edge, low.y-edge, wide+2*edge, tall+2*edge),
	}
}
