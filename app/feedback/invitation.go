package feedback

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/store"
	"meixu/store/term"
)

// closeInvitation ends the invitation of a visit that was rated: nobody sends it any more.
func closeInvitation(tx *store.Tx, by access.Actor, v term.VisitID) error {
	m, err := tx.MessageByKey(invitationKey(v))
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	case m.State == "ready":
		m.State = "dropped"
		if err := tx.SaveMessage(&m); err != nil {
			return err
		}
	}
	return sendingDone(tx, by, v, "rated")
}

// invitationKey is the key of the message that asks for the rating of a visit.
func invitationKey(v term.VisitID) string { return fmt.Sprintf("%svisit:%d", invitation, v) }

// sendingDone ends the task to send the invitation, if it waits still.
func sendingDone(tx *store.Tx, by access.Actor, v term.VisitID, outcome string) error {
	t, err := tx.TaskByKey(task.Rating, fmt.Sprintf("visit:%d/rating", v))
	if errors.Is(err, store.ErrNotFound) || err == nil && t.State != store.TaskOpen {
		return nil
	}
	if err != nil {
		return err
	}
	doer := access.System("feedback")
	doer.Staff = by.Staff
	return task.Done(tx, doer, t.ID, outcome, 0)
}

// troubled says that the message asks for the rating of a visit with an event that is open: who
// suffers is not asked how she liked it (S6-07, S6-08).
func troubled(r *store.Read, m store.Message) (bool, error) {
	if !strings.HasPrefix(m.Key, invitation) {
		return false, nil
	}
	events, err := r.EventsOf(m.Client, 200)
	return slices.ContainsFunc(events, func(e store.Event) bool { return e.Visit == m.Visit && Living(e) }), err
}
