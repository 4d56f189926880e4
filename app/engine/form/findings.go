package form

import (
	"encoding/json"
	"slices"

	"meixu/store"
)

// Hits lists the contraindications that the answers touch, in the order of the questions,
// each with the dictionary code and the level of the rule. The level that counts for one
// item of the price list comes from Dictionary.Judge.
func Hits(t Template, a Answers) []Hit {
	var out []Hit
	t.eachAsked(a, func(it Item, ans Answer) {
		for _, h := range it.Hits {
			if v, ok := hit(ans.Values, h.Operator, h.WhenAnswer); ok {
				h.LinkID, h.Answer, h.Detail = it.LinkID, v, ans.Detail
				out = append(out, h)
			}
		}
	})
	return out
}

// RedFlags lists the answers that start an escalation plan ESC-* (S6-07), most urgent first.
func RedFlags(t Template, a Answers) []Flag {
	var out []Flag
	t.eachAsked(a, func(it Item, ans Answer) {
		for _, f := range it.RedFlag {
			if v, ok := hit(ans.Values, f.Operator, f.WhenAnswer); ok {
				f.LinkID, f.Answer, f.Detail, f.Text = it.LinkID, v, ans.Detail, it.Text
				out = append(out, f)
			}
		}
	})
	slices.SortStableFunc(out, func(x, y Flag) int { return urgency(x) - urgency(y) })
	return out
}

func urgency(f Flag) int {
	return slices.Index([]string{UrgencyNow, UrgencyToday, UrgencyDay}, f.Urgency)
}

func hit(values []string, operator, answer string) (string, bool) {
	for _, v := range values {
		if matches(v, operator, answer) {
			return v, true
		}
	}
	return "", false
}

// eachAsked visits the asked items that have an answer.
func (t Template) eachAsked(a Answers, visit func(Item, Answer)) {
	on := t.Enabled(a)
	for _, g := range t.Groups {
		for _, it := range g.Items {
			if ans := a[it.LinkID]; on[it.LinkID] && !ans.Empty() {
				visit(it, ans)
			}
		}
	}
}

// NotAsked lists the questions that nobody has asked yet: a yesno that is unasked or
// blank. The doctor sees them, because "unasked" is not "no".
func NotAsked(t Template, a Answers) []Item {
	on := t.Enabled(a)
	var out []Item
	for _, g := range t.Groups {
		for _, it := range g.Items {
			v := a.Value(it.LinkID)
			if it.Type == YesNo && on[it.LinkID] && (v == "" || v == Unasked) {
				out = append(out, it)
			}
		}
	}
	return out
}

// Result is one computed figure.
type Result struct {
	Rule  ScoreRule
	Value float64
	N     int // answered items that went in
	Band  Band
}

// Scores computes all figures of the template. A rule whose items are all unanswered gives
// no result.
func Scores(t Template, a Answers) []Result {
	on := t.Enabled(a)
	var out []Result
	for _, rule := range t.Scores {
		n := t.count(rule, a, on)
		if n.answered == 0 {
			continue
		}
		r := Result{Rule: rule, Value: n.value(rule), N: n.answered}
		for _, b := range rule.Bands {
			if r.Value >= b.From {
				r.Band = b
			}
		}
		out = append(out, r)
	}
	return out
}

// tally is what a score rule found in the answers.
type tally struct {
	asked, answered, counted int
	sum                      float64
}

// count goes through the items of a rule; on are the questions that were asked.
func (t Template) count(rule ScoreRule, a Answers, on map[string]bool) (n tally) {
	for _, link := range rule.Items {
		it, _ := t.Item(link)
		values := a[link].Values
		if on[link] {
			n.asked++
		}
		if !on[link] || len(values) == 0 {
			continue
		}
		n.answered++
		n.sum += it.points(values)
		if _, ok := hitAny(values, rule.Answer); ok {
			n.counted++
		}
	}
	return n
}

// value is the figure of the rule's method.
func (n tally) value(rule ScoreRule) (v float64) {
	switch rule.Method {
	case "sum":
		v = n.sum
	case "mean":
		v = n.sum / float64(n.answered)
	case "count":
		v = float64(n.counted)
	case "share":
		v = float64(n.counted) / float64(n.asked)
	}
	if rule.Factor != 0 {
		v *= rule.Factor
	}
	return v
}

// Score is the first figure of the template, the one kept in the record's score column.
func Score(t Template, a Answers) (value float64, ok bool) {
	all := Scores(t, a)
	if len(all) == 0 {
		return 0, false
	}
	return all[0].Value, true
}

func hitAny(values, answers []string) (string, bool) {
	for _, answer := range answers {
		if v, ok := hit(values, "=", answer); ok {
			return v, true
		}
	}
	return "", false
}

// points is what an answer counts: the option's score, or the number itself.
func (it Item) points(values []string) float64 {
	var sum float64
	for _, v := range values {
		if o, ok := option(it.Options, v); ok {
			sum += o.Score
		} else if n, err := number(v); err == nil {
			sum += n
		}
	}
	return sum
}

// Change is one item whose answer differs between two fillings.
type Change struct {
	LinkID   string
	Old, New Answer
}

// Diff lists what changed from old to new: items of the template in their order, then
// anything else by name. Facts are left out.
func Diff(t Template, old, now Answers) []Change {
	var out []Change
	for _, g := range t.Groups {
		for _, it := range g.Items {
			if o, n := old[it.LinkID], now[it.LinkID]; !same(o, n) {
				out = append(out, Change{it.LinkID, o, n})
			}
		}
	}
	return out
}

func same(x, y Answer) bool {
	if x.Detail != y.Detail || !slices.Equal(x.Values, y.Values) || len(x.Rows) != len(y.Rows) {
		return false
	}
	for i := range x.Rows {
		if len(x.Rows[i]) != len(y.Rows[i]) {
			return false
		}
		for k, v := range x.Rows[i] {
			if y.Rows[i][k] != v {
				return false
			}
		}
	}
	return true
}

// FindingsOf reads the findings kept with a row, without its template.
func FindingsOf(row store.Answer) (Findings, error) {
	var out Findings
	if row.Flags == "" {
		return out, nil
	}
	err := json.Unmarshal([]byte(row.Flags), &out)
	return out, err
}

// SignedFindings gathers what the newest signed fillings of some forms have found, in the
// order of the codes: the visit's own filling where there is one, else the client's newest.
// The banner, the plan and its gates all ask here, so that they cannot differ.
func SignedFindings(r *store.Read, who Subject, codes ...string) ([]StoredHit, error) {
	rows, err := r.SignedAnswers(who.Client, who.Visit, codes)
	if err != nil {
		return nil, err
	}
	var all []StoredHit
	for _, code := range codes {
		found, err := FindingsOf(rows[code])
		if err != nil {
			return nil, err
		}
		all = append(all, found.Hits...)
	}
	return all, nil
}
