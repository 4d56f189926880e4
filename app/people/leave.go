package people

import (
	"context"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// LeaveKinds lists the kinds of leave in the order of the form.
var LeaveKinds = []string{"annual", "sick", "personal", "training", "other"}

// States of a leave, as the pages name them.
const (
	LeaveAsked     = store.LeaveAsked
	LeaveApproved  = store.LeaveApproved
	LeaveRefused   = store.LeaveRefused
	LeaveWithdrawn = store.LeaveWithdrawn
)

// leaveDays bounds one leave.
const leaveDays = 180

// LeaveIn is a leave as asked for; both days are included.
type LeaveIn struct {
	Kind     string
	From, To term.Day
	Reason   string
}

// AskLeave asks for leave for oneself. It counts when somebody else approved it.
func (o *Office) AskLeave(ctx context.Context, by access.Actor, in LeaveIn) (id int64, err error) {
	err = o.Write(ctx, by, access.LeaveAsk, func(tx *store.Tx) error {
		mine, err := tx.LeavesOf(by.Staff)
		if err != nil {
			return err
		}
		if err := checkLeave(in, mine, tx.Today()); err != nil {
			return err
		}
		l := store.Leave{
			Staff: by.Staff, Kind: in.Kind, From: in.From, To: in.To, Reason: strings.TrimSpace(in.Reason), State: store.LeaveAsked,
		}
		if err := tx.AddLeave(&l); err != nil {
			return err
		}
		id = l.ID
		tx.Publish(TopicRoster)
		tx.Result("leave", id)
		return nil
	})
	return id, err
}

func checkLeave(in LeaveIn, mine []store.Leave, today term.Day) error {
	var bad fault.Fields
	if !slices.Contains(LeaveKinds, in.Kind) {
		bad.Add("kind", "roster.bad.leave_kind")
	}
	if in.From == "" {
		bad.Add("from", "roster.bad.from")
	} else if in.From.Before(today.Add(-weekDays)) {
		bad.Add("from", "roster.bad.leave_past")
	}
	if in.To == "" || in.To < in.From {
		bad.Add("to", "roster.bad.to")
	} else if in.From != "" && in.From.Add(leaveDays) < in.To {
		bad.Add("to", "roster.bad.leave_long", leaveDays)
	}
	if strings.TrimSpace(in.Reason) == "" {
		bad.Add("reason", "people.bad.reason")
	}
	for _, l := range mine {
		if (l.State == store.LeaveAsked || l.State == store.LeaveApproved) && in.From <= l.To && l.From <= in.To {
			bad.Add("from", "roster.bad.leave_twice", string(l.From), string(l.To))
			break
		}
	}
	return bad.Err()
}

func leaveSubject(id int64) store.Subject { return store.Subject{Noun: "leave", ID: id} }

// AnswerLeave approves or refuses a leave; a refusal wants words. One's own leave is for others
// (two pairs of eyes). Bookings that fall into an approved leave stay and are warned of.
func (o *Office) AnswerLeave(ctx context.Context, by access.Actor, id int64, approve bool, answer string) error {
	answer = strings.TrimSpace(answer)
	return o.WriteOn(ctx, by, access.LeaveAnswer, leaveSubject(id), func(tx *store.Tx) error {
		l, err := tx.Leave(id)
		if err != nil {
			return none(err, "leave")
		}
		if err := mayAnswer(l, by.Staff, approve, answer); err != nil {
			return err
		}
		l.State, l.AnsweredAt, l.AnsweredBy, l.Answer = store.LeaveRefused, tx.Now(), by.Staff, answer
		if approve {
			l.State = store.LeaveApproved
		}
		tx.Publish(TopicRoster)
		tx.Result("leave", id)
		return tx.SaveLeave(&l)
	})
}

// mayAnswer: an open one of somebody else; an approved one may still be called back with words.
func mayAnswer(l store.Leave, by term.StaffID, approve bool, answer string) error {
	switch {
	case l.Staff == by:
		return fault.Refuse("row:O10", "roster.refuse.own_leave").Ask("owner")
	case l.State == store.LeaveApproved && !approve, l.State == store.LeaveAsked:
	default:
		return fault.Clash("roster.refuse.answered", fault.Word("roster.leave."+l.State))
	}
	var bad fault.Fields
	if !approve && answer == "" {
		bad.Add("answer", "people.bad.reason")
	}
	return bad.Err()
}

// WithdrawLeave takes one's own leave back, before its last day.
func (o *Office) WithdrawLeave(ctx context.Context, by access.Actor, id int64) error {
	return o.WriteOn(ctx, by, access.LeaveWithdraw, leaveSubject(id), func(tx *store.Tx) error {
		l, err := tx.Leave(id)
		if err != nil {
			return none(err, "leave")
		}
		if l.Staff != by.Staff {
			return fault.NotFound("leave")
		}
		if l.State != store.LeaveAsked && l.State != store.LeaveApproved || l.To.Before(tx.Today()) {
			return fault.Clash("roster.refuse.answered", fault.Word("roster.leave."+l.State))
		}
		l.State = store.LeaveWithdrawn
		tx.Publish(TopicRoster)
		tx.Result("leave", id)
		return tx.SaveLeave(&l)
	})
}
