package sop

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Code is the code of the clinic's SOP among the templates.
const Code = "clinic"

type (
	// Prover says what the evidence of a kind looks like now.
	Prover func(r *store.Read, s Subject) (Proof, error)
	// Hook is what a room does when a step is done, in the same transaction. It runs again
	// when the step is undone and done anew, so it must be idempotent.
	Hook func(tx *store.Tx, by access.Actor, s Subject) error
	// FactsOf says which steps apply to each of the visits; one visit or a whole month of them
	// get the same answer, because it is the same function.
	FactsOf func(r *store.Read, visits []term.VisitID) (map[term.VisitID]Facts, error)
	// Place is the path where a kind of evidence can be given.
	Place func(s Subject) string
)

// Engine runs the SOP. Rooms register provers, hooks and places before the house opens;
// afterwards the engine is safe for many goroutines.
type Engine struct {
	provers map[string]Prover
	hooks   map[string][]Hook
	places  map[string]Place
	facts   FactsOf

	mu        sync.Mutex
	templates map[int64]*Template // editions never change
}

// New makes an engine in which nothing is registered yet.
func New() *Engine {
	return &Engine{
		provers: map[string]Prover{}, hooks: map[string][]Hook{}, places: map[string]Place{},
		facts:     func(*store.Read, []term.VisitID) (map[term.VisitID]Facts, error) { return nil, nil },
		templates: map[int64]*Template{},
	}
}

// Prover registers who proves a kind of evidence; a kind has one prover.
func (e *Engine) Prover(kind string, p Prover) {
	if _, twice := e.provers[kind]; twice {
		panic("sop: two provers of " + kind)
	}
	e.provers[kind] = p
}

// On registers what shall happen, in the same transaction, when a step (S5-09) or kind of
// evidence (procedure.started) is done. A kind that no step wants is a mere signal.
func (e *Engine) On(stepOrKind string, h Hook) { e.hooks[stepOrKind] = append(e.hooks[stepOrKind], h) }

// Place registers where a kind of evidence can be given, for "one tap to get there".
func (e *Engine) Place(kind string, p Place) { e.places[kind] = p }

// Facts registers who knows what visits are about.
func (e *Engine) Facts(f FactsOf) { e.facts = f }

// Publish stores an edition of the template; an edition that is there already must be the
// same, because visits are pinned to it.
func Publish(tx *store.Tx, t *Template) error {
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	if _, err := Parse(body); err != nil {
		return err
	}
	sum := sha256.Sum256(body)
	row := store.SOPTemplate{Code: t.Code, Edition: t.Edition, Body: string(body), SHA256: hex.EncodeToString(sum[:])}
	have, err := tx.SOPTemplateLatest(t.Code)
	switch {
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return err
	case err == nil && have.Edition == t.Edition && have.SHA256 == row.SHA256:
		return nil
	case err == nil && have.Edition >= t.Edition:
		return fmt.Errorf("sop: edition %d of %s is published with other content; give it number %d",
			t.Edition, t.Code, have.Edition+1)
	}
	return tx.AddSOPTemplate(&row)
}

// Template gives the edition that a run is pinned to.
func (e *Engine) Template(r *store.Read, id int64) (*Template, error) {
	e.mu.Lock()
	t := e.templates[id]
	e.mu.Unlock()
	if t != nil {
		return t, nil
	}
	row, err := r.SOPTemplate(id)
	if err != nil {
		return nil, fmt.Errorf("sop: template %d: %w", id, err)
	}
	if t, err = Parse([]byte(row.Body)); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.templates[id] = t
	return t, nil
}

// open reads the run of a visit without asking the provers.
func (e *Engine) open(r *store.Read, on Subject) (*sheet, store.SOPRun, error) {
	run, err := r.SOPRun(on.Visit)
	if errors.Is(err, store.ErrNotFound) {
		return nil, run, fault.NotFound("visit").Because(err)
	}
	if err != nil {
		return nil, run, err
	}
	t, err := e.Template(r, run.Template)
	if err != nil {
		return nil, run, err
	}
	facts, err := e.factsOf(r, on.Visit)
	if err != nil {
		return nil, run, fmt.Errorf("sop: facts of visit %d: %w", on.Visit, err)
	}
	stamps, err := r.SOPStamps(on.Visit)
	if err != nil {
		return nil, run, err
	}
	sh := &sheet{
		t: t, facts: facts, on: on, now: r.Now(), ended: !run.EndedAt.IsZero(),
		marks: map[cell]mark{}, proofs: map[cell]Proof{},
	}
	sh.mark(stamps)
	return sh, run, nil
}

// factsKey is the question that a snapshot remembers.
type factsKey struct{ e *Engine }

// factsOf says what a visit is about; a snapshot asks the rooms once for it and for all visits
// of the same list.
func (e *Engine) factsOf(r *store.Read, visit term.VisitID) (Facts, error) {
	return store.Together(r, factsKey{e}, visit, func(visits []term.VisitID) (map[term.VisitID]Facts, error) {
		return e.facts(r, visits)
	})
}

// mark keeps the newest stamp of each cell.
func (sh *sheet) mark(stamps []store.SOPStamp) {
	for _, s := range stamps {
		sh.marks[cell{s.Step, s.Treatment}] = s
	}
}

// prove asks the prover of the step about one cell and keeps the answer. Provers of visit
// steps are told the treatment that is asked for, if any.
func (e *Engine) prove(r *store.Read, sh *sheet, s *Step, c cell) error {
	prover := e.provers[s.Prove]
	on := Subject{Visit: sh.on.Visit, Treatment: c.treatment}
	if s.Scope == OfVisit {
		on.Treatment = sh.on.Treatment
	}
	if prover == nil {
		return nil
	}
	p, err := prover(r, on)
	if err != nil {
		return fmt.Errorf("sop: proving %s: %w", s.ID, err)
	}
	if p.Where == "" {
		p.Where = e.where(s, on)
	}
	sh.proofs[c] = p
	return nil
}

// where is the path at which the step can be done.
func (e *Engine) where(s *Step, on Subject) string {
	if place := e.places[s.Prove]; place != nil {
		return place(on)
	}
	return fmt.Sprintf("/visit/%d", on.Visit)
}

// proveAll asks the provers of all steps that could matter.
func (e *Engine) proveAll(r *store.Read, sh *sheet) error {
	for _, s := range sh.t.steps {
		for _, c := range sh.t.cells(s, sh.on, sh.facts) {
			if err := e.prove(r, sh, s, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// Gate answers what is missing before upto, a step (S5-02) or a door (order, pay, start,
// finish, leave, close). Live provers are asked again: yesterday's stamp does not open
// today's gate; steps that upto does not want are not asked about. A deed refuses with Gaps.Err; soft gaps vanish by Skip with a reason.
func (e *Engine) Gate(r *store.Read, on Subject, upto string) (Gaps, error) {
	sh, _, err := e.open(r, on)
	if err != nil {
		return nil, err
	}
	sh.ask = func(s *Step, c cell) error { return e.prove(r, sh, s, c) }
	gaps, err := sh.missing(upto)
	for i := range gaps {
		if gaps[i].Where == "" {
			gaps[i].Where = e.where(sh.t.byID[gaps[i].Step], Subject{on.Visit, gaps[i].Treatment})
		}
	}
	return gaps, err
}
