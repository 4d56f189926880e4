package aftercare

import (
	"errors"

	"meixu/app/engine/document"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/store"
	"meixu/store/term"
)

func (d *Desk) provers() {
	flow := d.house.Flow
	flow.Prover(ProveGuide, proveGuide)
	flow.Prover(ProveFirst, proveCalls(func(t store.Task) bool { return t.Day == 2 }))
	flow.Prover(ProveRisk, proveCalls(func(t store.Task) bool { return t.Day == 1 }))
	flow.Prover(ProveLater, proveCalls(func(t store.Task) bool { return t.Day > 2 }))
	flow.Prover(ProveReview, proveReview)
	guide := func(s sop.Subject) string { return GuidePath(s.Treatment) }
	flow.Place(ProveGuide, guide)
	flow.Place(ProveTold, guide)
	for _, kind := range []string{ProveFirst, ProveRisk, ProveLater} {
		flow.Place(kind, func(sop.Subject) string { return "/aftercare" })
	}
	flow.Place(ProveReview, func(sop.Subject) string { return "/reception/appointments" })
}

// proveGuide: the treatment's guide stands with the client's signature (S6-01).
func proveGuide(r *store.Read, s sop.Subject) (p sop.Proof, err error) {
	if s.Treatment == 0 {
		return p, nil
	}
	t, err := r.Treatment(s.Treatment)
	if err != nil {
		return p, err
	}
	stands, err := document.Stands(r, guideOf(t))
	if err != nil {
		return p, err
	}
	doc := stands.Document
	p = sop.Proof{Done: stands.OK, At: doc.CompletedAt, Ref: ref("document", int64(doc.ID))}
	if !p.Done {
		p.Key, p.Args = "aftercare.gap.guide", []any{t.Number}
	}
	return p, nil
}

// proveCalls: every follow-up of the treatment that pick chooses was done, and there is one.
func proveCalls(pick func(store.Task) bool) sop.Prover {
	return func(r *store.Read, s sop.Subject) (p sop.Proof, err error) {
		tasks, err := r.TasksOfVisit(s.Visit)
		if err != nil {
			return p, err
		}
		some := false
		for _, t := range tasks {
			if t.Kind != task.Followup || s.Treatment != 0 && !t.About(s.Treatment) || !pick(t) {
				continue
			}
			if t.State == store.TaskOpen {
				return sop.Proof{Key: "aftercare.gap.call", Args: []any{number(t.Day)}, Where: TaskPath(t.ID)}, nil
			}
			if t.State == store.TaskDone && !t.DoneAt.Before(p.At) {
				some, p.At, p.Ref = true, t.DoneAt, ref("task", int64(t.ID))
			}
		}
		p.Done = some
		return p, nil
	}
}

// proveReview: the client has a living appointment after the treatment (S6-06).
func proveReview(r *store.Read, s sop.Subject) (p sop.Proof, err error) {
	v, err := r.Visit(s.Visit)
	if err != nil {
		return p, err
	}
	list, err := r.AppointmentsOf(v.Client, 50)
	if errors.Is(err, store.ErrNotFound) {
		return p, nil
	}
	for _, a := range list {
		living := a.State == term.AppointmentRequested || a.State == term.AppointmentConfirmed || a.State == term.AppointmentArrived
		if living && a.ID != v.Appointment && a.StartsAt.After(v.ArrivedAt) {
			return sop.Proof{Done: true, At: a.CreatedAt, Ref: ref("appointment", int64(a.ID))}, err
		}
	}
	return p, err
}
