// Package closing says what is still open when a visit is about to end: what must be done
// first, what may be left with a written reason, what goes on after the client has left, and
// what an early leave calls off. The page that shows it and the deed that closes the visit ask
// here, so that nobody is told one thing and refused for another.
package closing

import (
	"fmt"
	"slices"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Remains is what is open in a visit, by what it means for its close.
type Remains struct {
	Must   sop.Gaps // hard: the visit stays open as long as one is missing
	Reason sop.Gaps // soft: whoever closes writes why they are left out
	Later  sop.Gaps // goes on after the close, each with whose duty it is
}

// later are the steps that lie in the future when a visit closes: the record may be signed
// within a day, and follow-ups go on (S5-09, S6-03 … S6-06, S6-08).
var later = []string{"S5-09", "S6-03", "S6-04", "S6-05", "S6-06", "S6-08"}

// rating is the step that the close itself sets going.
const rating = "S6-08"

// followups are the tasks behind the steps S6-03 … S6-05, which the steps name already; the
// rating's is behind S6-08.
var followups = []string{"followup", "rating"}

// Of reads what remains of a visit before it is closed.
func Of(r *store.Read, flow *sop.Engine, visit term.VisitID) (left Remains, err error) {
	treatments, err := r.TreatmentsOf(visit)
	if err != nil {
		return left, err
	}
	orders, err := r.OrdersOfVisit(visit)
	if err != nil {
		return left, err
	}
	gaps, err := flow.Gate(r, sop.Subject{Visit: visit}, "close")
	if err != nil {
		return left, err
	}
	hard := sop.Gaps{} // the door asks for hard steps; a clinic's own may ask for soft ones, which are read below
	for _, g := range gaps {
		if g.Hard {
			hard = append(hard, g)
		}
	}
	soft, err := flow.Steps(r, sop.Subject{Visit: visit}, func(s *sop.Step) bool { return s.Gate != sop.Hard && s.ID != rating })
	if err != nil {
		return left, err
	}
	left = parted(hard, soft)
	left.Must = together(unready(treatments, orders), left.Must)
	more, err := promised(r, visit)
	left.Later = append(left.Later, more...)
	return left, err
}

// parted parts the hard gaps before the door "close" and the soft steps of the run.
func parted(hard sop.Gaps, soft []sop.RunStep) (left Remains) {
	for _, g := range hard {
		if slices.Contains(later, g.Step) {
			left.Later = append(left.Later, g)
		} else {
			left.Must = append(left.Must, g)
		}
	}
	for _, s := range soft {
		switch {
		case s.Settled():
		case s.Gate == sop.None, slices.Contains(later, s.ID):
			left.Later = append(left.Later, gapOf(s))
		default:
			left.Reason = append(left.Reason, gapOf(s))
		}
	}
	return left
}

func gapOf(s sop.RunStep) sop.Gap {
	return sop.Gap{
		Step: s.ID, Title: s.Title, Treatment: s.Treatment, Rule: s.RuleID(), Key: "sop.gap.missing", Args: []any{s.Title},
		Role: s.Role, Lead: s.Lead, Where: s.Where,
	}
}

// promised lists the open tasks of a visit that no step names, and the papers that wait for a
// signature.
func promised(r *store.Read, visit term.VisitID) (gaps sop.Gaps, err error) {
	tasks, err := r.TasksOfVisit(visit)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		if t.State != store.TaskOpen || slices.Contains(followups, t.Kind) {
			continue
		}
		gaps = append(gaps, sop.Gap{
			Title: words.Text{ZH: task.Title(t, words.ZH), EN: task.Title(t, words.EN)}, Role: t.Role,
			Key: "closing.task", Args: []any{t.DueAt.Stamp(r.Zone())},
		})
	}
	papers, err := unsigned(r, visit)
	return append(gaps, papers...), err
}

func unsigned(r *store.Read, visit term.VisitID) (gaps sop.Gaps, err error) {
	papers, err := r.DocumentRows(visit)
	for _, p := range papers {
		if p.State == store.DocumentOpen {
			gaps = append(gaps, sop.Gap{
				Title: words.Text{ZH: p.TitleZH, EN: p.TitleEN}, Key: "closing.paper", Args: []any{p.Signed, p.Wanted},
			})
		}
	}
	return gaps, err
}

// unready lists what keeps a visit open beside the steps of its SOP: treatments under way, and
// money still to be paid.
func unready(treatments []store.Treatment, orders []store.Order) (gaps sop.Gaps) {
	for _, t := range treatments {
		switch t.State {
		case term.TreatmentReleased, term.TreatmentCancelled:
		case term.TreatmentStopped:
			if t.ReleasedAt.IsZero() {
				gaps = append(gaps, notOver(t))
			}
		default:
			gaps = append(gaps, notOver(t))
		}
	}
	for _, o := range orders {
		if o.State == term.OrderOpen {
			gaps = append(gaps, sop.Gap{
				Step: "S3-06", Rule: "S3-06", Key: "aftercare.close.unpaid", Args: []any{o.Number}, Role: string(access.Cashier),
				Where: fmt.Sprintf("/till/%d", o.ID), Hard: true,
			})
		}
	}
	return gaps
}

func notOver(t store.Treatment) sop.Gap {
	return sop.Gap{
		Step: "S5-10", Treatment: t.ID, Rule: "S5-10", Key: "aftercare.close.treatment",
		Args: []any{t.Number, fault.Word(t.State.Key())}, Role: string(access.Nurse), Where: fmt.Sprintf("/procedure/%d", t.ID), Hard: true,
	}
}

// together joins what is unready with the open steps, each step of a treatment once.
func together(unready, steps sop.Gaps) sop.Gaps {
	all := slices.Clone(unready)
	for _, g := range steps {
		if !slices.ContainsFunc(all, func(have sop.Gap) bool { return have.Step == g.Step && have.Treatment == g.Treatment }) {
			all = append(all, g)
		}
	}
	return all
}

// Leaving lists what an early end of the visit calls off, and the money that must be settled by
// somebody all the same.
func Leaving(r *store.Read, visit term.VisitID) (gaps sop.Gaps, err error) {
	money, err := r.MoneyRows(visit)
	if err != nil {
		return nil, err
	}
	for _, m := range money {
		if key := moneyKey(m); key != "" {
			gaps = append(gaps, sop.Gap{
				Title: words.Text{ZH: m.Items, EN: m.Items}, Key: key, Args: []any{m.Number}, Role: string(access.Cashier),
				Where: fmt.Sprintf("/till/%d", m.ID),
			})
		}
	}
	treatments, err := r.TreatmentRows([]term.VisitID{visit})
	if err != nil {
		return nil, err
	}
	for _, t := range treatments {
		gaps = append(gaps, calledOff(t)...)
	}
	more, err := promised(r, visit)
	return append(gaps, more...), err
}

// calledOff says what an early leave does to a treatment: one that has not begun is cancelled, one
// that goes on keeps the client here, one that is over is left as it is.
func calledOff(t store.TreatmentRow) sop.Gaps {
	switch {
	case t.State == term.TreatmentCancelled, t.State == term.TreatmentReleased, !t.ReleasedAt.IsZero():
		return nil
	case t.StartedAt.IsZero():
		return sop.Gaps{{
			Title: words.Text{ZH: t.ItemName, EN: t.ItemNameEN}, Key: "closing.leave.treatment", Args: []any{t.Number}, Role: string(access.Nurse),
			Where: fmt.Sprintf("/procedure/%d", t.ID),
		}}
	}
	return sop.Gaps{notOver(store.Treatment{ID: t.ID, Number: t.Number, State: t.State})}
}

// moneyKey says what becomes of an order when the client leaves early; "" when nothing does.
func moneyKey(m store.MoneyRow) string {
	switch {
	case m.State == term.OrderOpen && m.PaidFen > 0:
		return "closing.leave.part_paid"
	case m.State == term.OrderOpen:
		return "closing.leave.unpaid"
	case m.State == term.OrderPaid:
		return "closing.leave.paid"
	}
	return ""
}
