package kit

import (
	"errors"
	"fmt"
	"html/template"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"meixu/store/term"
	"meixu/ui/assets"
)

// functions are all functions of the templates; none depends on the request. Everything
// that does is a method of Frame.
var functions = template.FuncMap{
	"asset":   assets.Path,
	"dict":    dict,
	"list":    func(x ...any) []any { return x },
	"fen":     func(f term.Fen) string { return f.String() },
	"icon":    icon,
	"badge":   badgeOf,
	"key":     keyOf,
	"initial": initial,
	"join":    func(sep string, parts []string) string { return strings.Join(parts, sep) },
	"add":     func(a, b int) int { return a + b },
	"since":   func(at term.Instant, limit int) Clock { return Clock{Since: at, Limit: limit} },
	"due":     func(at term.Instant) Clock { return Clock{Since: at, Due: at} },
}

// icon is a picture of the sprite. No widget is drawn more often: put together here it costs a
// tenth of what the escapers of a template take for its two values.
func icon(name string) HTML {
	return HTML(`<svg class="icon" aria-hidden="true"><use href="` + assets.Path("sprite.svg") + "#" + template.HTMLEscapeString(name) + `"></use></svg>`)
}

var errPairs = errors.New("kit: dict needs pairs of name and value")

// dict makes a map for a widget from pairs.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errPairs
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, errPairs
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// keyOf is the words key of a state: term.VisitState("waiting") is term.visit.waiting. A type
// may name its own with a method Key.
func keyOf(state any) string {
	if s, ok := state.(interface{ Key() string }); ok {
		return s.Key()
	}
	noun := reflect.TypeOf(state).Name()
	noun = strings.TrimSuffix(noun, "State")
	return "term." + snake(noun) + "." + stateWord(state)
}

// snake turns PlanItem into plan_item.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// initial is the first character of a name, for the face when there is no portrait.
func initial(name string) string {
	r, _ := utf8.DecodeRuneInString(strings.TrimSpace(name))
	if r == utf8.RuneError {
		return "·"
	}
	return string(unicode.ToUpper(r))
}

// stateWord is the stored word of a state.
func stateWord(state any) string {
	v := reflect.ValueOf(state)
	if v.Kind() == reflect.String {
		return v.String()
	}
	return fmt.Sprint(state)
}
