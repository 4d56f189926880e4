package crm

import (
	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// Inquired is the step that finds the open inquiry of somebody without a file, by number and name,
// or notes one; it counts as answered by the actor.
func Inquired(tx *store.Tx, by access.Actor, in NewLead) (term.LeadID, error) {
	in.trim()
	if err := in.check().Err(); err != nil {
		return 0, err
	}
	known, err := openLeads(tx.Read, in.Phone)
	if err != nil {
		return 0, err
	}
	for i := range known {
		l := known[i]
		if term.Likeness(l.Name) != term.Likeness(in.Name) {
			continue
		}
		if !l.FirstReplyAt.IsZero() {
			return l.ID, nil
		}
		if err := answer(tx, by, &l); err != nil {
			return 0, err
		}
		return l.ID, tx.SaveLead(&l)
	}
	l := store.Lead{
		Name: in.Name, Phone: in.Phone, Channel: in.Channel, Need: in.Need, State: term.LeadOpen,
		ClockFrom: tx.Now(), FirstReplyAt: tx.Now(), FirstReplyBy: by.Staff,
	}
	tx.Publish(topicLeads)
	err = tx.AddLead(&l)
	return l.ID, err
}

// GivenUp is the step that closes an open inquiry with a reason.
func GivenUp(tx *store.Tx, id term.LeadID, reason string) error {
	l, err := lead(tx.Read, id)
	if err != nil || l.State != term.LeadOpen {
		return err
	}
	l.State, l.LostReason = term.LeadLost, reason
	tx.Publish(topicLeads)
	return tx.SaveLead(&l)
}

// Withdrawn is the step that closes an inquiry whose booking was taken in by mistake.
func Withdrawn(tx *store.Tx, id term.LeadID, reason string) error {
	l, err := lead(tx.Read, id)
	if err != nil || l.State != term.LeadBooked || l.Visit != 0 || l.Client != 0 {
		return err
	}
	l.State, l.LostReason = term.LeadLost, reason
	tx.Publish(topicLeads)
	return tx.SaveLead(&l)
}
