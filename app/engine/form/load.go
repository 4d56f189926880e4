package form

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// linkPattern keeps linkIds usable as HTML names and JSON keys.
var linkPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// codePattern keeps template codes usable in addresses: F2, F7-HA, F8-AC-BTX.
var codePattern = regexp.MustCompile(`^F[0-9]{1,2}(-[A-Z0-9]+)*$`)

// sourceTemplate is a template file: its groups may be taken from forms/parts.
type sourceTemplate struct {
	Template
	Groups []sourceGroup `json:"groups"`
}

type sourceGroup struct {
	Group
	Include string `json:"include,omitempty"`
}

// Parse reads one self-contained template strictly: unknown fields, doubled linkIds and
// conditions on questions that do not come earlier are refused.
func Parse(raw []byte) (Template, error) {
	var t Template
	if err := strict(raw, &t); err != nil {
		return Template{}, err
	}
	return t, t.Check()
}

// Library reads all templates of a folder "forms"; groups {"include":"x"} are replaced by
// the groups of forms/parts/x.json. Sorted by file name.
func Library(files fs.FS) ([]Template, error) {
	names, err := fs.Glob(files, "forms/*.json")
	if err != nil {
		return nil, err
	}
	all := make([]Template, 0, len(names))
	codes := map[string]string{}
	for _, name := range names {
		t, err := readTemplate(files, name)
		if err != nil {
			return nil, fmt.Errorf("form: %s: %w", name, err)
		}
		if other, twice := codes[t.Code]; twice {
			return nil, fmt.Errorf("form: %s and %s both hold %s", other, name, t.Code)
		}
		codes[t.Code] = name
		all = append(all, t)
	}
	return all, nil
}

func readTemplate(files fs.FS, name string) (Template, error) {
	raw, err := fs.ReadFile(files, name)
	if err != nil {
		return Template{}, err
	}
	var src sourceTemplate
	if err := strict(raw, &src); err != nil {
		return Template{}, err
	}
	t := src.Template
	t.Groups = nil
	for _, g := range src.Groups {
		if g.Include == "" {
			t.Groups = append(t.Groups, g.Group)
			continue
		}
		part, err := fs.ReadFile(files, path.Join("forms/parts", g.Include+".json"))
		if err != nil {
			return Template{}, err
		}
		var groups []Group
		if err := strict(part, &groups); err != nil {
			return Template{}, fmt.Errorf("part %s: %w", g.Include, err)
		}
		t.Groups = append(t.Groups, groups...)
	}
	return t, t.Check()
}

func strict(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the template")
	}
	return nil
}

// Check refuses a template that could not be filled, validated or drawn.
func (t Template) Check() error {
	if !codePattern.MatchString(t.Code) {
		return fmt.Errorf("code %q", t.Code)
	}
	if t.Title.ZH == "" || t.Title.EN == "" {
		return errors.New("title needs both languages")
	}
	if t.Audience != "client" && t.Audience != "staff" {
		return fmt.Errorf("audience %q", t.Audience)
	}
	seen := map[string]Item{}
	groups := map[string]bool{}
	for _, g := range t.Groups {
		if !linkPattern.MatchString(g.LinkID) || groups[g.LinkID] {
			return fmt.Errorf("group %q: bad or doubled linkId", g.LinkID)
		}
		groups[g.LinkID] = true
		if err := conditions(g.EnableWhen, seen); err != nil {
			return fmt.Errorf("group %s: %w", g.LinkID, err)
		}
		for _, it := range g.Items {
			if _, twice := seen[it.LinkID]; twice {
				return fmt.Errorf("item %s stands twice", it.LinkID)
			}
			if err := it.check(seen); err != nil {
				return fmt.Errorf("item %s: %w", it.LinkID, err)
			}
			seen[it.LinkID] = it
		}
	}
	if len(seen) == 0 {
		return errors.New("no items")
	}
	return checkScores(t.Scores, seen)
}

func checkScores(rules []ScoreRule, seen map[string]Item) error {
	for _, s := range rules {
		if !slices.Contains([]string{"sum", "mean", "count", "share"}, s.Method) {
			return fmt.Errorf("score %s: method %q", s.Code, s.Method)
		}
		for _, link := range s.Items {
			if _, ok := seen[link]; !ok {
				return fmt.Errorf("score %s: no item %s", s.Code, link)
			}
		}
	}
	return nil
}

func conditions(all []When, seen map[string]Item) error {
	for _, w := range all {
		if !slices.Contains([]string{"", "=", "!=", ">", ">=", "<", "<=", "exists", "in"}, w.Operator) {
			return fmt.Errorf("operator %q", w.Operator)
		}
		if strings.HasPrefix(w.Question, "$") {
			if !slices.Contains(Facts, w.Question) {
				return fmt.Errorf("unknown fact %s", w.Question)
			}
			continue
		}
		it, ok := seen[w.Question]
		if !ok {
			return fmt.Errorf("condition on %q, which does not come earlier", w.Question)
		}
		if w.Operator == "exists" {
			continue
		}
		for _, code := range strings.Split(w.Answer, "|") {
			if !it.takes(code) {
				return fmt.Errorf("condition on %s: no such answer %q", w.Question, code)
			}
		}
	}
	return nil
}

// takes says that the code can be an answer of the item at all.
func (it Item) takes(code string) bool {
	switch it.Type {
	case YesNo:
		return code == Yes || code == No || code == Unasked
	case Boolean:
		return code == True
	case Choice, Multi:
		_, ok := option(it.Options, code)
		return ok
	case Integer, Decimal, Scale:
		_, err := number(code)
		return err == nil
	default:
		return true
	}
}
