package form

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"meixu/app/fault"
	"meixu/app/words"
)

// Mode is how a form is drawn.
type Mode string

// The modes: filling on a desk or tablet, filling one group per screen on a handed-over
// tablet, reading, and paper.
const (
	ModeEdit     Mode = "edit"
	ModeHandover Mode = "handover"
	ModeRead     Mode = "read"
	ModePrint    Mode = "print"
)

// Options say how a view is made; the zero value is an empty form to fill.
type Options struct {
	Mode      Mode
	Action    string       // address of the post
	Faults    fault.Fields // what was refused
	Before    *Answers     // an older filling: what differs is marked
	Stands    *Answers     // what somebody else saved meanwhile: where it differs both are offered
	Step      int          // handover: the group shown
	From      Shown        // the filling that the page is drawn from, posted back as _version
	Seen      string       // fingerprint of what the page shows, posted back as _seen by who signs
	DraftKey  string       // server draft, "" for none
	SubmitKey string       // words key of the last button
	CancelURL string
	Reason    bool                    // ask for a reason (amendments), before all else
	Why       string                  // the reason as typed
	NoSign    bool                    // the person may fill but not sign
	Sees      func(level string) bool // P0..P3; nil sees all
	Phrases   bool                    // wording is checked while typing (S2-09)
}

// View is a form ready to be drawn: {{template "form" $.With .V.Form}}.
type View struct {
	Options
	Code     string
	Edition  int
	Title    words.Text
	Help     words.Text
	Sections []Section
	Problems []Problem
	Scores   []Result
	Steps    int // sections that are asked
	Shown    int // index among Sections of the group shown in handover
}

// Section is one group.
type Section struct {
	LinkID string
	Title  words.Text
	Help   words.Text
	Fields []Field
	Off    bool // not asked, given the answers
	Hidden bool // handover: another step
	When   string
	RestNo string // names of the questions that one tap answers "no" while they are open
}

// Problem is a wrong field for the summary at the top, with the words of its question.
type Problem struct {
	fault.Field
	Label words.Text
	Link  string // #f-q.name
	Step  int    // index of the section it stands in
}

// Writable says that the form can be filled.
func (v View) Writable() bool { return v.Mode == ModeEdit || v.Mode == ModeHandover }

// Stepped says that one group is shown at a time.
func (v View) Stepped() bool { return v.Mode == ModeHandover }

// WhyFault is what is wrong with the reason, nil when nothing is.
func (v View) WhyFault() *fault.Field {
	if bad, wrong := v.Faults.Of("_reason"); wrong {
		return &bad
	}
	return nil
}

// Prev is the step before, -1 when there is none.
func (v View) Prev() int { return v.near(-1) }

// Next is the step after, -1 when this is the last.
func (v View) Next() int { return v.near(+1) }

// HasPrev says that there is a step before.
func (v View) HasPrev() bool { return v.Prev() >= 0 }

// HasNext says that there is a step after.
func (v View) HasNext() bool { return v.Next() >= 0 }

func (v View) near(by int) int {
	for i := v.Shown + by; i >= 0 && i < len(v.Sections); i += by {
		if !v.Sections[i].Off {
			return i
		}
	}
	return -1
}

// At is the number of the step shown, from 1.
func (v View) At() int {
	n := 0
	for i, s := range v.Sections {
		if !s.Off && i <= v.Shown {
			n++
		}
	}
	return n
}

// NewView makes the view of a filling.
func NewView(t Template, a Answers, o Options) View {
	if o.Mode == "" {
		o.Mode = ModeEdit
	}
	v := View{Options: o, Code: t.Code, Edition: t.Version, Title: t.Title, Help: t.Help}
	on := t.Enabled(a)
	if o.Mode != ModeHandover {
		v.Scores = Scores(t, a)
	}
	changed := changes(t, a, o.Before)
	for i, g := range t.Groups {
		s := Section{LinkID: g.LinkID, Title: g.Title, Help: g.Help, When: conditionJSON(g.EnableWhen, false, a), Off: true}
		if o.Mode == ModeEdit { // a client answers each question
			s.RestNo = restNo(g)
		}
		for _, it := range g.Items {
			f := newField(it, a[it.LinkID], o)
			f.Theirs = f.theirs(it, a[it.LinkID], o)
			f.Calm = f.Calm && (len(g.RestNo) == 0 || slices.Contains(g.RestNo, it.LinkID))
			f.Off = !on[it.LinkID]
			f.When = conditionJSON(it.EnableWhen, it.EnableAny, a)
			if len(it.RequiredWhen) > 0 && !f.Required {
				f.Required, f.MustWhen = all(it.RequiredWhen, a, on), conditionJSON(it.RequiredWhen, false, a)
			}
			f.sum(it, a)
			if c, ok := changed[it.LinkID]; ok && !f.Masked {
				f.Changed, f.Was = true, saidOf(it, it.covered(c.Old, o.Mode))
			}
			s.Off = s.Off && f.Off
			f.Off = f.Off && f.When != "" // else it comes and goes with its section, as the answers change
			s.Fields = append(s.Fields, f)
			v.problems(it, f, i)
		}
		v.Sections = append(v.Sections, s)
	}
	v.others()
	v.choose()
	return v
}

// restNo lists the names of the questions that one tap answers "no".
func restNo(g Group) string {
	names := make([]string, len(g.RestNo))
	for i, link := range g.RestNo {
		names[i] = Name(link)
	}
	return strings.Join(names, " ")
}

// Parted gives what a reader must see and, as a second view, the plain "no" answers of which
// there are n; what is not asked is in neither.
func (v View) Parted() (told, calm View, n int) {
	told, calm = v, v
	told.Sections, calm.Sections, calm.Scores = nil, nil, nil
	for _, s := range v.Sections {
		loud, quiet := s, s
		loud.Fields, quiet.Fields = nil, nil
		for _, f := range s.Fields {
			switch {
			case s.Off || f.Off || len(f.Said) == 0 && f.Type != YesNo:
			case f.Calm:
				quiet.Fields = append(quiet.Fields, f)
			default:
				loud.Fields = append(loud.Fields, f)
			}
		}
		n += len(quiet.Fields)
		if len(loud.Fields) > 0 {
			told.Sections = append(told.Sections, loud)
		}
		if len(quiet.Fields) > 0 {
			calm.Sections = append(calm.Sections, quiet)
		}
	}
	return told, calm, n
}

// choose settles which section a handed-over tablet shows: the first wrong one, else the
// one asked for, else the next that is asked.
func (v *View) choose() {
	v.Shown = min(max(v.Step, 0), max(len(v.Sections)-1, 0))
	if len(v.Problems) > 0 {
		v.Shown = v.Problems[0].Step
	}
	if len(v.Sections) > 0 && v.Sections[v.Shown].Off {
		if n := v.Next(); n >= 0 {
			v.Shown = n
		} else if n := v.Prev(); n >= 0 {
			v.Shown = n
		}
	}
	for i := range v.Sections {
		s := &v.Sections[i]
		if !s.Off {
			v.Steps++
		}
		s.Hidden = v.Stepped() && i != v.Shown
	}
	for i := range v.Problems { // what stands on another screen is one tap away too
		if p := &v.Problems[i]; v.Stepped() && p.Step != v.Shown {
			p.Link = "?step=" + strconv.Itoa(p.Step) + p.Link
		}
	}
}

func (v *View) problems(it Item, f Field, step int) {
	for _, bad := range v.Faults {
		if bad.Name == f.Name || strings.HasPrefix(bad.Name, f.Name+".") {
			v.Problems = append(v.Problems, Problem{Field: bad, Label: it.labelOf(bad.Name), Link: "#f-" + bad.Name, Step: step})
		}
	}
}

// labelOf names what a fault is about: the question, and for a cell of a table its row and column.
func (it Item) labelOf(name string) words.Text {
	row, column, cell := strings.Cut(strings.TrimPrefix(name, Name(it.LinkID)+"."), ".")
	at, err := strconv.Atoi(row)
	if !cell || err != nil {
		return it.Text
	}
	col := words.Text{ZH: column, EN: column}
	for _, c := range it.Columns {
		if c.LinkID == column {
			col = c.Text
		}
	}
	in := func(l words.Lang) string { return l.T("form.cell.at", it.Text.In(l), at+1, col.In(l)) }
	return words.Text{ZH: in(words.ZH), EN: in(words.EN)}
}

// others adds the faults that belong to no question, as a missing reason.
func (v *View) others() {
	for _, bad := range v.Faults {
		known := false
		for _, p := range v.Problems {
			known = known || p.Name == bad.Name
		}
		if !known {
			v.Problems = append(v.Problems, Problem{Field: bad, Link: "#f-" + bad.Name, Step: max(v.Step, 0)})
		}
	}
}

func changes(t Template, a Answers, before *Answers) map[string]Change {
	out := map[string]Change{}
	if before != nil {
		for _, c := range Diff(t, *before, a) {
			out[c.LinkID] = c
		}
	}
	return out
}

// conditionJSON hands conditions to the browser, so that questions appear while typing. A
// condition on a fact is settled here: it does not change while the form is open.
func conditionJSON(conditions []When, orElse bool, a Answers) string {
	type rule struct {
		Name string `json:"name,omitempty"`
		Op   string `json:"op"`
		Is   string `json:"is"`
		Met  *bool  `json:"met,omitempty"`
	}
	if len(conditions) == 0 {
		return ""
	}
	out := struct {
		Any   bool   `json:"any"`
		Rules []rule `json:"rules"`
	}{Any: orElse}
	for _, w := range conditions {
		r := rule{Op: w.Operator, Is: w.Answer}
		if strings.HasPrefix(w.Question, "$") {
			met := w.holds(a, nil)
			r.Met = &met
		} else {
			r.Name = Name(w.Question)
		}
		if r.Op == "" {
			r.Op = "="
		}
		out.Rules = append(out.Rules, r)
	}
	text, err := json.Marshal(out)
	if err != nil {
		return ""
	}
	return string(text)
}

// scaleSteps lists the numbers of a scale.
func scaleSteps(it Item) []string {
	if it.Type != Scale {
		return nil
	}
	var out []string
	for n := int(*it.Min); n <= int(*it.Max); n++ {
		out = append(out, strconv.Itoa(n))
	}
	return out
}
