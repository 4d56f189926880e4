// Package phrase marks the words that a clinic must not say or publish: absolute claims,
// promises of effect, hidden risk, advertising of medicines and so on. The lexicon is data
// (app/defaults/phrases); this package folds the disguises of a text away, finds the hits,
// and lets honest denials and quotations pass. It knows no database and no screen.
//
// Medical records are never checked: a diagnosis must be able to name what it treats.
package phrase

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// Scope says where a rule counts.
type Scope string

// The scopes. Both, asked of a check, means every rule.
const (
	Talk Scope = "talk"
	Ad   Scope = "ad"
	Both Scope = "both"
)

// Severity says what a hit means.
type Severity string

// Block must not be sent, Warn asks for a reason, Note only informs (a denied or quoted hit).
const (
	Block Severity = "block"
	Warn  Severity = "warn"
	Note  Severity = "note"
)

// Rule is one line of the lexicon. A pattern that begins with "re:" is an RE2 expression,
// any other is looked for as it stands.
type Rule struct {
	Pattern, Category, Why, Suggestion string
	Severity                           Severity
	Scope                              Scope
	// Negative lists a text that must not hit any rule, Positive one that must hit this one.
	Negative, Positive string
}

// Grammar holds the words around a hit that turn its meaning.
type Grammar struct {
	Version int `json:"version"`
	// Negators deny what follows; Fillers may stand between them and the hit.
	Negators []string `json:"negators"`
	Fillers  []string `json:"fillers"`
	// Rhetorical turns a denial round once more ("who says we cannot …").
	Rhetorical []string `json:"rhetorical"`
	// Affirming words look like negation and are none ("not only").
	Affirming []string `json:"affirming"`
	// Quoting words after a closing quote say that a wording is only being named.
	Quoting []string `json:"quoting"`
	// LookAlikes and Traditional (pairs of runes) are folded before the search.
	LookAlikes  map[string]string `json:"look_alikes"`
	Traditional string            `json:"traditional"`
}

// Lexicon is a version of the rules with their grammar.
type Lexicon struct {
	Version int
	Rules   []Rule
	Grammar Grammar
}

// Hit is one marked place. Start and End count runes of the text as typed.
type Hit struct {
	Start      int      `json:"start"`
	End        int      `json:"end"`
	Text       string   `json:"text"`
	Category   string   `json:"category"`
	Severity   Severity `json:"severity"`
	Why        string   `json:"why"`
	Suggestion string   `json:"suggestion,omitempty"`
	// Denied says that the text denies or quotes the wording, so that it passes.
	Denied bool `json:"denied,omitempty"`
}

// Key is the words key of what the hit means: must go, needs a reason, or passes.
func (h Hit) Key() string { return "phrase." + string(h.Severity) }

// Result lists the hits in the order of the text.
type Result struct {
	Hits []Hit `json:"hits"`
}

// Blocked says that the text must not be sent or published.
func (r Result) Blocked() bool { return r.worst(Block) }

// NeedsReason says that the text may go out only with a written reason.
func (r Result) NeedsReason() bool { return r.worst(Warn) }

func (r Result) worst(s Severity) bool {
	return slices.ContainsFunc(r.Hits, func(h Hit) bool { return h.Severity == s })
}

// Checker is a lexicon made ready. It is safe for concurrent use.
type Checker struct {
	rules  []compiled
	fold   folder
	around around
}

type compiled struct {
	Rule
	plain string         // folded text to look for, or
	expr  *regexp.Regexp // the expression, and
	hints []string       // literals of which one stands in every match (nil: unknown)
}

var errEmptyPattern = errors.New("empty pattern")

// New compiles a lexicon. A pattern that is empty or no RE2 expression is an error.
func New(l Lexicon) (*Checker, error) {
	c := &Checker{fold: newFolder(l.Grammar), around: newAround(l.Grammar)}
	for _, rule := range l.Rules {
		made, err := c.compile(rule)
		if err != nil {
			return nil, fmt.Errorf("phrase: pattern %q: %w", rule.Pattern, err)
		}
		c.rules = append(c.rules, made)
	}
	return c, nil
}

func (c *Checker) compile(rule Rule) (compiled, error) {
	body, isExpr := strings.CutPrefix(rule.Pattern, "re:")
	if strings.TrimSpace(body) == "" {
		return compiled{}, errEmptyPattern
	}
	if !isExpr {
		return compiled{Rule: rule, plain: string(c.fold.text(body).runes)}, nil
	}
	tree, err := syntax.Parse(lower(body), syntax.Perl)
	if err != nil {
		return compiled{}, err
	}
	expr, err := regexp.Compile(tree.String())
	return compiled{Rule: rule, expr: expr, hints: literals(tree)}, err
}

// Check marks the text for talk or for advertising; Both asks every rule.
func (c *Checker) Check(text string, scope Scope) Result {
	f := c.fold.text(text)
	folded := string(f.runes)
	var hits []Hit
	for i := range c.rules {
		rule := &c.rules[i]
		if scope != Both && rule.Scope != Both && rule.Scope != scope {
			continue
		}
		for _, at := range rule.find(folded) {
			hits = append(hits, c.judge(f, rule, at))
		}
	}
	return Result{Hits: apart(hits)}
}

// apart leaves one mark where hits overlap: the longest. It is as strict as the strictest
// under it, so that a longer wording never excuses a shorter one that must go.
func apart(hits []Hit) (marks []Hit) {
	slices.SortStableFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.End-b.Start, a.End-a.Start), cmp.Compare(a.Severity.rank(), b.Severity.rank()))
	})
	for _, h := range hits {
		i := slices.IndexFunc(marks, func(m Hit) bool { return h.Start < m.End && m.Start < h.End })
		switch {
		case i < 0:
			marks = append(marks, h)
		case h.Severity.rank() < marks[i].Severity.rank():
			marks[i].Severity, marks[i].Denied = h.Severity, h.Denied
			marks[i].Category, marks[i].Why, marks[i].Suggestion = h.Category, h.Why, h.Suggestion
		}
	}
	slices.SortFunc(marks, func(a, b Hit) int { return a.Start - b.Start })
	return marks
}

// rank puts the strictest first.
func (s Severity) rank() int { return slices.Index([]Severity{Block, Warn, Note}, s) }

// find lists the byte ranges of the matches in the folded text.
func (r *compiled) find(folded string) [][]int {
	if r.expr == nil {
		var all [][]int
		for from := 0; ; {
			i := strings.Index(folded[from:], r.plain)
			if i < 0 {
				return all
			}
			all = append(all, []int{from + i, from + i + len(r.plain)})
			from += i + len(r.plain)
		}
	}
	possible := r.hints == nil || slices.ContainsFunc(r.hints, func(h string) bool { return strings.Contains(folded, h) })
	if !possible {
		return nil
	}
	return r.expr.FindAllStringIndex(folded, -1)
}

func (c *Checker) judge(f folded, rule *compiled, at []int) Hit {
	text := string(f.runes)
	start := utf8.RuneCountInString(text[:at[0]])
	end := start + utf8.RuneCountInString(text[at[0]:at[1]])
	hit := Hit{
		Start: f.place[start], End: f.place[end-1] + 1, Category: rule.Category,
		Severity: rule.Severity, Why: rule.Why, Suggestion: rule.Suggestion,
	}
	hit.Text = string(f.typed[hit.Start:hit.End])
	if c.around.denied(f, start) || c.around.quoted(f, start, end) {
		hit.Denied, hit.Severity = true, Note
	}
	return hit
}

// literals gives texts of which at least one stands in every match, or nil when that
// cannot be said. They let most expressions be skipped without running them.
func literals(e *syntax.Regexp) []string {
	switch e.Op {
	case syntax.OpLiteral:
		return []string{string(e.Rune)}
	case syntax.OpCharClass:
		return classLiterals(e)
	case syntax.OpCapture, syntax.OpPlus:
		return literals(e.Sub[0])
	case syntax.OpRepeat:
		if e.Min > 0 {
			return literals(e.Sub[0])
		}
	case syntax.OpConcat:
		return rarest(e.Sub)
	case syntax.OpAlternate:
		var all []string
		for _, sub := range e.Sub {
			part := literals(sub)
			if part == nil {
				return nil
			}
			all = append(all, part...)
		}
		return all
	default: // anchors, stars and wildcards promise no text
	}
	return nil
}

func classLiterals(e *syntax.Regexp) []string {
	var all []string
	for i := 0; i+1 < len(e.Rune); i += 2 {
		for r := e.Rune[i]; r <= e.Rune[i+1]; r++ {
			if len(all) > 24 {
				return nil
			}
			all = append(all, string(r))
		}
	}
	return all
}

// rarest picks the part of a concatenation whose shortest literal is longest.
func rarest(subs []*syntax.Regexp) (best []string) {
	length := 0
	for _, sub := range subs {
		part := literals(sub)
		if part == nil {
			continue
		}
		shortest := slices.MinFunc(part, func(a, b string) int { return len(a) - len(b) })
		if len(shortest) > length {
			best, length = part, len(shortest)
		}
	}
	return best
}
