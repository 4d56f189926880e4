package procedure

import (
	"strings"

	"meixu/app/access"
	suite "meixu/app/procedure"
	"meixu/app/words"
	"meixu/store/term"
)

// action is one step that may come next.
type action struct {
	Key  string     // words key of the button …
	Text words.Text // … or the title of a step of the gate
	Link string     // a page …
	Post string     // … or a post
	Need access.Permission
	Role access.Role // whose step it is
	Off  bool        // shown, but the gate is still red
	Seen string      // fingerprint of what a post signs
}

// none says that there is no such step.
func (a action) none() bool { return a.Link == "" && a.Post == "" }

// next is what a person sees at the foot of a treatment: the own next step as the big button,
// and the step that waits for somebody else.
type next struct {
	Big, Wait action
	// Stand says that the person may do the waiting step in the other's stead.
	Stand bool
}

// Has says that there is a big button.
func (n next) Has() bool { return !n.Big.none() }

// Waits says that somebody else's step comes first.
func (n next) Waits() bool { return !n.Wait.none() }

// nextFor chooses from the steps that come next the one that is the person's own.
func nextFor(p suite.Page, by access.Actor) (n next) {
	steps := nextSteps(p)
	if len(steps) == 0 {
		return n
	}
	for _, a := range steps {
		if by.May(a.Need) && own(p, by, a.Role) {
			n.Big = a
			break
		}
	}
	if n.Big != steps[0] {
		n.Wait, n.Stand = steps[0], by.May(steps[0].Need)
	}
	return n
}

// own says that a step of the role is the person's: by the role, or as who operates or assists.
func own(p suite.Page, by access.Actor, role access.Role) bool {
	if role == access.Nurse {
		return by.Is(role) || by.Staff == p.Treatment.Nurse && by.Staff != 0
	}
	return by.Is(role) || by.Staff == p.Treatment.Operator && by.Staff != 0
}

// operates is the role of who does the item.
func operates(p suite.Page) access.Role {
	if strings.Contains(p.Item.Operator, string(access.Physician)) {
		return access.Physician
	}
	return access.Nurse
}

// nextSteps are the steps that may be taken now, what the state machine wants first.
func nextSteps(p suite.Page) []action {
	base := suite.Path(p.ID)
	start := action{Key: "procedure.do.start", Post: base + "/start", Need: access.ProcedureStart, Role: access.Nurse, Off: p.Missing > 0}
	sign := action{
		Key: "procedure.do.sign", Post: base + "/sign", Need: access.RecordSign, Role: operates(p), Seen: p.Seen,
		Off: p.Treatment.Record == 0 && p.State != term.TreatmentStopped,
	}
	switch p.State {
	case term.TreatmentScheduled:
		first := action{Key: "procedure.do.signin", Link: base + "/form/signin", Need: access.TreatmentSignIn, Role: access.Nurse}
		if p.Treatment.Operator == 0 || p.Treatment.Room == 0 {
			first = action{Key: "procedure.do.assign", Link: base + "/assign", Need: access.TreatmentAssign, Role: access.Nurse}
		}
		return append([]action{first}, physicians(p)...)
	case term.TreatmentSignedIn:
		if p.TimeOut {
			return []action{{Key: "procedure.do.timeout", Link: base + "/form/timeout", Need: access.TreatmentTimeOut, Role: operates(p)}}
		}
		return append([]action{start}, physicians(p)...)
	case term.TreatmentTimedOut:
		return append([]action{start}, physicians(p)...)
	case term.TreatmentInProgress:
		return []action{runningStep(p, base)}
	default: // the procedure is over
	}
	var steps []action
	if p.Over() && p.ReleasedAt.IsZero() {
		steps = append(steps, leaving(p, base))
	}
	if p.Over() && !p.Locked() {
		steps = append(steps, sign)
	}
	return steps
}

// physicians are the open steps of the gate that are the physician's.
func physicians(p suite.Page) (steps []action) {
	for _, r := range p.Gate {
		if !r.Done && r.Role == string(access.Physician) && r.Where != "" && r.Need != "" && r.Need != access.TreatmentTimeOut {
			steps = append(steps, action{Text: r.Title, Link: r.Where, Need: r.Need, Role: access.Physician})
		}
	}
	return steps
}

// leaving is the step on the way to the door.
func leaving(p suite.Page, base string) action {
	release := action{
		Key: "procedure.do.release", Post: base + "/release", Need: access.TreatmentRelease, Role: access.Nurse, Off: p.Left > 0, Seen: p.Leave,
	}
	if p.Left > 0 && p.State != term.TreatmentStopped {
		return action{Key: "procedure.do.observe", Link: base + "/form/observe", Need: access.ObservationNote, Role: access.Nurse}
	}
	if p.Left > 0 {
		return release
	}
	if a, ok := guideFirst(p); ok {
		return a
	}
	if a, ok := observeFirst(p); ok {
		return a
	}
	return release
}

// guideFirst leads to the guide and the red-flag card while the client was not given them
// (S6-01, S6-02): the door "leave" asks for both.
func guideFirst(p suite.Page) (action, bool) {
	for _, r := range p.Run {
		if (r.Step == "S6-01" || r.Step == "S6-02") && !r.Done && r.Where != "" {
			return action{Key: "procedure.do.guide", Link: r.Where, Need: access.GuideView, Role: access.Nurse}, true
		}
	}
	return action{}, false
}

// observeFirst leads to the observation form while it is not signed, or to the red flag that
// its answers raised (S5-10).
func observeFirst(p suite.Page) (action, bool) {
	for _, r := range p.Run {
		if r.Step == "S5-10" && !r.Done && r.Where != "" {
			return action{Key: "procedure.do.observe", Link: r.Where, Need: access.ObservationNote, Role: access.Nurse}, true
		}
	}
	return action{}, false
}

func runningStep(p suite.Page, base string) action {
	if p.Treatment.Record == 0 {
		return action{Key: "procedure.do.record", Link: base + "/form/record", Need: access.RecordWrite, Role: operates(p)}
	}
	if len(p.Tallies) > 0 && !p.Matched {
		return action{Key: "procedure.do.counts", Link: base + "/counts", Need: access.CountsClose, Role: access.Nurse}
	}
	return action{Key: "procedure.do.signout", Link: base + "/form/signout", Need: access.TreatmentSignOut, Role: operates(p)}
}
