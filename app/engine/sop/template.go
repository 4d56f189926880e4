// Package sop holds the line of a visit: a versioned template of stages and steps, each
// with role, evidence, gate, clock and escalation (domain/sop.md is the first edition). A
// visit pins the edition it began with; every step is stamped with who and when; one
// question is answered for every screen and deed: what is missing, who must do it, where,
// and may this step start? The engine knows no rooms: rooms register the kinds of evidence
// that they can prove and what shall happen when a step is done (rulings 26).
package sop

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"meixu/app/words"
)

// Gate says how hard a step stops those that need it.
type Gate string

// The gates of sop.md: Hard stops until proved, Warn until proved or skipped with a
// reason, None never.
const (
	Hard Gate = "H"
	Warn Gate = "W"
	None Gate = "N"
)

// Scope says what a step is done for.
type Scope string

// The scopes. Steps of the clinic (stage S7) are no part of a visit's run.
const (
	OfVisit     Scope = "visit"
	OfTreatment Scope = "treatment"
	OfClinic    Scope = "clinic"
)

// Condition is met when all its parts are; tags are met by any one of them.
type Condition struct {
	Tags  []string `json:"tags,omitempty"`
	Depth int      `json:"depth,omitempty"` // at least this check depth, 1 … 3
	Tier  int      `json:"tier,omitempty"`  // at least this risk tier, 1 … 5
}

// Step is one step of the template.
type Step struct {
	ID         string     `json:"id"` // S4-08
	Title      words.Text `json:"title"`
	Role       string     `json:"role"`             // who must do it
	With       []string   `json:"with,omitempty"`   // further roles that take part
	Lead       bool       `json:"lead,omitempty"`   // wants a lead physician
	Client     bool       `json:"client,omitempty"` // the client fills in or signs
	Evidence   []string   `json:"evidence"`
	Gate       Gate       `json:"gate"`
	Limit      int        `json:"limit,omitempty"`    // minutes from the start of its clock
	Remind     int        `json:"remind,omitempty"`   // minutes after which to remind
	AtLeast    int        `json:"at_least,omitempty"` // minutes that must pass before it is done
	From       string     `json:"from,omitempty"`     // "start", a step, or a signal that starts the clock
	EscalateTo string     `json:"escalate_to,omitempty"`
	Scope      Scope      `json:"scope"`
	// Until names the step at which the evidence has served: once that is done for the same
	// treatment, the stamp counts and the evidence may age (yesterday's check of the room).
	Until   string      `json:"until,omitempty"`
	Applies []Condition `json:"applies,omitempty"` // none: always; else any of them
	Needs   []string    `json:"needs"`             // null: "*", all hard steps before it
	Rule    string      `json:"rule,omitempty"`    // REG-…; the step id when empty
	Prove   string      `json:"prove"`             // kind of evidence that stamps it
	Source  string      `json:"source,omitempty"`
	stage   int
	index   int
}

// RuleID is the law, or else the step itself, that a refusal names.
func (s *Step) RuleID() string {
	if s.Rule != "" {
		return s.Rule
	}
	return s.ID
}

// required says that the step counts for conformance.
func (s *Step) required() bool { return s.Gate != None }

// Stage is a part of the day, S1 … S7.
type Stage struct {
	ID    string     `json:"id"`
	Title words.Text `json:"title"`
	Steps []Step     `json:"steps"`
}

// Door is a named moment that wants steps done: order, pay, start, finish, leave.
type Door struct {
	ID     string     `json:"id"`
	Title  words.Text `json:"title"`
	Needs  []string   `json:"needs"`
	Before string     `json:"before,omitempty"` // where "*" ends; the end of the template when empty
}

// Kind is what the kind of an item (procedures.csv "kind") brings with it.
type Kind struct {
	Tags  []string `json:"tags"`
	Depth int      `json:"depth"` // L1 … L3 (sop.md section 2)
	Tier  int      `json:"tier"`  // R1 … R5 (sop.md section 12)
}

// TouchPoint is one of the 23 moments in which a client meets the clinic (sop.md section
// 3), linked to the steps whose stamps measure it.
type TouchPoint struct {
	No         int        `json:"no"`
	Title      words.Text `json:"title"`
	Channel    string     `json:"channel"` // online, phone or clinic
	Role       string     `json:"role"`
	SLAMinutes int        `json:"sla_minutes"`
	Steps      []string   `json:"steps"`
}

// Template is one edition of the clinic's SOP.
type Template struct {
	Code        string          `json:"code"`
	Edition     int             `json:"edition"`
	Title       words.Text      `json:"title"`
	Stages      []Stage         `json:"stages"`
	Doors       []Door          `json:"doors"`
	Kinds       map[string]Kind `json:"kinds"`
	TouchPoints []TouchPoint    `json:"touch_points"`

	steps []*Step
	byID  map[string]*Step
}

// Parse reads and checks a template.
func Parse(raw []byte) (*Template, error) {
	t := &Template{}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(t); err != nil {
		return nil, fmt.Errorf("sop: template: %w", err)
	}
	if err := t.fill(); err != nil {
		return nil, err
	}
	return t, nil
}

// Step gives a step by its id.
func (t *Template) Step(id string) (*Step, bool) { s, ok := t.byID[id]; return s, ok }

// ProvedBy lists the steps that a kind of evidence stamps.
func (t *Template) ProvedBy(kind string) []*Step {
	var list []*Step
	for _, s := range t.steps {
		if s.Prove == kind {
			list = append(list, s)
		}
	}
	return list
}

func (t *Template) fill() error {
	t.byID = map[string]*Step{}
	t.steps = nil
	for i := range t.Stages {
		for j := range t.Stages[i].Steps {
			s := &t.Stages[i].Steps[j]
			s.stage, s.index = i, len(t.steps)
			if t.byID[s.ID] != nil {
				return fmt.Errorf("sop: step %s twice", s.ID)
			}
			t.byID[s.ID] = s
			t.steps = append(t.steps, s)
		}
	}
	if t.Code == "" || t.Edition < 1 || len(t.steps) == 0 {
		return errors.New("sop: template without code, edition or steps")
	}
	var errs []error
	for _, s := range t.steps {
		errs = append(errs, t.checkStep(s))
	}
	for _, d := range t.Doors {
		errs = append(errs, t.checkNeeds("door "+d.ID, d.Needs))
		if _, ok := t.byID[d.Before]; d.Before != "" && !ok {
			errs = append(errs, fmt.Errorf("sop: door %s ends before unknown %s", d.ID, d.Before))
		}
	}
	for _, p := range t.TouchPoints {
		errs = append(errs, t.checkNeeds(fmt.Sprintf("touch point %d", p.No), p.Steps))
	}
	return errors.Join(errs...)
}

func (t *Template) checkStep(s *Step) error {
	switch {
	case s.Title.ZH == "" || s.Title.EN == "" || s.Role == "" || s.Prove == "" || len(s.Evidence) == 0:
		return fmt.Errorf("sop: step %s lacks title, role, evidence or prove", s.ID)
	case !slices.Contains([]Gate{Hard, Warn, None}, s.Gate):
		return fmt.Errorf("sop: step %s: gate %q", s.ID, s.Gate)
	case !slices.Contains([]Scope{OfVisit, OfTreatment, OfClinic}, s.Scope):
		return fmt.Errorf("sop: step %s: scope %q", s.ID, s.Scope)
	case (s.Limit > 0 || s.AtLeast > 0) && s.From == "":
		return fmt.Errorf("sop: step %s: a clock that nothing starts", s.ID)
	case s.Limit > 0 && s.EscalateTo == "":
		return fmt.Errorf("sop: step %s: nobody hears of the limit", s.ID)
	}
	return t.checkNeeds("step "+s.ID, s.Needs)
}

func (t *Template) checkNeeds(what string, needs []string) error {
	for _, id := range needs {
		if id != "*" && t.byID[id] == nil {
			return fmt.Errorf("sop: %s needs unknown %s", what, id)
		}
	}
	return nil
}

// needs lists what a step or door wants; before bounds the "*" in it.
func (t *Template) needs(upto string) (list []*Step, err error) {
	ids, before := []string{"*"}, len(t.steps)
	if s := t.byID[upto]; s != nil {
		before = s.index
		if s.Needs != nil {
			ids = s.Needs
		}
	} else {
		at := slices.IndexFunc(t.Doors, func(d Door) bool { return d.ID == upto })
		if at < 0 {
			return nil, fmt.Errorf("sop: no step or door %q", upto)
		}
		ids = t.Doors[at].Needs
		if s := t.byID[t.Doors[at].Before]; s != nil {
			before = s.index
		}
	}
	for _, id := range ids {
		if id != "*" {
			list = append(list, t.byID[id])
			continue
		}
		for _, s := range t.steps[:before] {
			if s.Gate == Hard && s.Scope != OfClinic {
				list = append(list, s)
			}
		}
	}
	return list, nil
}
