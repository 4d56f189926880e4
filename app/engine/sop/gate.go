package sop

import (
	"errors"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Proof is what a prover says about its evidence now.
type Proof struct {
	Done bool
	At   term.Instant  // when it was proved; may be zero
	Ref  store.Subject // the evidence, such as the document or answer
	Key  string        // words key of why it is not done; "" for the general sentence
	Args []any
	// Where is the path where it can be done; "" for the place registered for the kind.
	Where string
	// Short says that it was done without a part that must be there: its stage is red at once, not only
	// when the visit has gone past it.
	Short bool
}

// Gap is one missing step: what, which rule asks for it, who must do it and where.
type Gap struct {
	Step      string
	Title     words.Text
	Treatment term.TreatmentID
	Rule      string // REG-… or the step id
	Key       string // words key of the sentence
	Args      []any
	Role      string
	Lead      bool // wants a lead physician
	Where     string
	// Hard gaps want evidence; the others may be skipped with a reason.
	Hard bool
}

// Say prints the gap in the language.
func (g Gap) Say(lang words.Lang) string { return g.Fault().Say(lang) }

// Fault is the refusal that the gap causes.
func (g Gap) Fault() *fault.Error {
	return fault.Refuse(g.Rule, g.Key, g.Args...).Ask(g.whom()).At(g.Where)
}

// whom is whose help is wanted.
func (g Gap) whom() string {
	if g.Lead {
		return access.LeadPhysician
	}
	return g.Role
}

// name is the title of the step; a gap that a room found itself, outside the template, is
// named by what it says.
func (g Gap) name() words.Text {
	if g.Title.ZH != "" {
		return g.Title
	}
	said := fault.Refuse(g.Rule, g.Key, g.Args...)
	return words.Text{
		ZH: strings.TrimRight(said.Sentence(words.ZH), "。"), EN: strings.TrimRight(said.Sentence(words.EN), "."),
	}
}

// Gaps are the missing steps before a deed, in the order of the template.
type Gaps []Gap

// Err is nil when nothing is missing; else the refusal, which names every rule.
func (g Gaps) Err() error {
	switch len(g) {
	case 0:
		return nil
	case 1:
		return g[0].Fault()
	}
	var rules, zh, en []string
	for _, gap := range g {
		if !slices.Contains(rules, gap.Rule) {
			rules = append(rules, gap.Rule)
		}
		if name := gap.name(); !slices.Contains(zh, name.ZH) {
			zh, en = append(zh, name.ZH), append(en, name.In(words.EN))
		}
	}
	list := words.Text{ZH: strings.Join(zh, " / "), EN: strings.Join(en, " / ")}
	return fault.Refuse(strings.Join(rules, ", "), "sop.gap.several", len(zh), list).Ask(g[0].whom()).At(g[0].Where)
}

// Unfinished is a refusal with everything that is missing, for a page that lists it: each step
// with its role and the place where it can be done.
type Unfinished struct {
	Refusal *fault.Error
	Gaps    Gaps
}

// Error is the text for logs.
func (u *Unfinished) Error() string { return u.Refusal.Error() }

// Unwrap gives the fault, so that the web knows the status.
func (u *Unfinished) Unwrap() error { return u.Refusal }

// Unfinished is nil when nothing is missing; else the refusal of Err with its gaps.
func (g Gaps) Unfinished() error {
	var refusal *fault.Error
	if !errors.As(g.Err(), &refusal) {
		return nil
	}
	return &Unfinished{Refusal: refusal, Gaps: g}
}

// mark is the newest stamp of a cell.
type mark = store.SOPStamp

// sheet is all that gates, scores and views look at; it needs no database.
type sheet struct {
	t      *Template
	facts  Facts
	on     Subject
	now    term.Instant
	ended  bool
	marks  map[cell]mark
	proofs map[cell]Proof // only of cells whose kind has a prover
	// halt says that nothing more comes.
	halt halt
	// ask fetches the proof of one cell; nil when all proofs are there.
	ask func(*Step, cell) error
	// every are the cells of each step of the template over all treatments, once asked for.
	every [][]cell
}

// cells lists the cells of a step over the whole visit. What applies depends on the facts alone,
// which a sheet does not change: it is worked out once for all steps.
func (sh *sheet) cells(s *Step) []cell {
	if sh.every == nil {
		sh.every = sh.t.allCells(sh.facts)
	}
	return sh.every[s.index]
}

// satisfied says that nothing more is wanted of the cell. A live prover overrules an old
// stamp: a withdrawn consent turns its step red again. A skip counts for soft steps only.
func (sh *sheet) satisfied(s *Step, c cell) bool {
	m := sh.marks[c]
	if s.Gate != Hard && (m.State == store.StampSkipped || m.State == store.StampNotApplicable) {
		return true
	}
	if p, live := sh.proofs[c]; live && !sh.served(s, c) {
		return p.Done
	}
	return m.State == store.StampDone || m.State == store.StampManual
}

// served says that the evidence of a stamped cell has done its service, because the step that
// it was for (Until) is done: what the prover says now no longer matters.
func (sh *sheet) served(s *Step, c cell) bool {
	done := func(at cell) bool {
		m := sh.marks[at]
		return m.State == store.StampDone || m.State == store.StampManual
	}
	return s.Until != "" && done(c) && done(cell{s.Until, c.treatment})
}

// search is one answer to the question what must be done before a step or a door.
type search struct {
	*sheet
	seen  map[cell]bool
	found map[*Step][]cell
}

// missing answers the one question: what must be done before upto, a step or a door?
// It looks behind unsatisfied steps only: what a proved step needed was checked then.
func (sh *sheet) missing(upto string) (Gaps, error) {
	look := search{sh, map[cell]bool{}, map[*Step][]cell{}}
	if err := look.behind(upto, sh.on); err != nil {
		return nil, err
	}
	var gaps Gaps
	for _, s := range sh.t.steps {
		for _, c := range look.found[s] {
			gaps = append(gaps, sh.gap(s, c))
		}
	}
	return gaps, nil
}

// behind collects what id wants and, behind each missing cell, what that wants in turn for
// the same treatment.
func (l *search) behind(id string, on Subject) error {
	needs, err := l.t.needs(id)
	if err != nil {
		return err
	}
	for _, s := range needs {
		if s.Gate == None {
			continue
		}
		for _, c := range l.t.cells(s, on, l.facts) {
			if err := l.cell(s, c, on); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *search) cell(s *Step, c cell, on Subject) error {
	if l.seen[c] {
		return nil
	}
	l.seen[c] = true
	if l.ask != nil {
		if err := l.ask(s, c); err != nil {
			return err
		}
	}
	if l.satisfied(s, c) {
		return nil
	}
	l.found[s] = append(l.found[s], c)
	if c.treatment != 0 {
		on.Treatment = c.treatment
	}
	return l.behind(s.ID, on)
}

func (sh *sheet) gap(s *Step, c cell) Gap {
	g := Gap{
		Step: s.ID, Title: s.Title, Treatment: c.treatment, Rule: s.RuleID(),
		Key: "sop.gap.missing", Args: []any{s.Title}, Role: s.Role, Lead: s.Lead, Hard: s.Gate == Hard,
	}
	if p := sh.proofs[c]; p.Key != "" {
		g.Key, g.Args = p.Key, p.Args
	}
	g.Where = sh.proofs[c].Where
	return g
}
