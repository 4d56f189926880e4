package floor

import (
	"slices"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/term"
)

// Do is one thing that comes next: a step of the SOP, whose duty it is and where it is done.
type Do struct {
	sop.RunStep
	Mine bool
}

// most bounds the list of what comes next.
const most = 8

// next lists what can be done now for a visit: the open steps up to and including the first
// stage that still misses a hard step, one's own first. A step without a duty of the actor is
// kept for those who watch (manager, quality, owner) and, when it is hard, for everybody, so
// that one sees whom the client waits for.
func next(run sop.Run, by access.Actor, state term.VisitState) []Do {
	if state != term.VisitOpen && !run.EndedAt.IsZero() {
		return nil
	}
	var mine, others []Do
	seen := map[string]bool{}
	for _, stage := range run.Stages {
		missing := false
		for _, s := range stage.Steps {
			if s.Settled() {
				continue
			}
			missing = missing || s.Gate == sop.Hard
			own := holds(by, s.Step)
			switch {
			case seen[s.ID]:
			case own:
				mine = append(mine, Do{s, true})
			case s.Gate == sop.Hard || s.State == "late":
				others = append(others, Do{s, false})
			}
			seen[s.ID] = true
		}
		if missing {
			break
		}
	}
	list := append(mine, others...)
	return list[:min(len(list), most)]
}

// holds says that the step is a duty of the actor.
func holds(by access.Actor, s sop.Step) bool {
	roles := append([]string{s.Role}, s.With...)
	return slices.ContainsFunc(roles, func(r string) bool { return by.Is(access.Role(r)) }) && (!s.Lead || by.Lead || s.Role == "")
}

// places are the pages on which the evidence of a stamp can be read, by the noun of its row.
var places = map[string]string{
	"document": "/doc/%d", "answer": "/form/%d", "treatment": "/procedure/%d", "task": "/aftercare/%d",
	"media": "/media/%d/view", "order": "/till/%d", "event": "/alerts/%d", "client": "/client/%d",
}

// sees says whether the actor may open evidence of this kind.
func sees(by access.Actor, ref store.Subject) bool {
	switch ref.Noun {
	case "media":
		return by.Sees(access.FieldPhotos)
	case "answer":
		return by.Sees(access.FieldAnswers)
	case "payment", "order":
		return by.Sees(access.FieldMoney)
	}
	return true
}
