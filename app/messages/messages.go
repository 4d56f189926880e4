// Package messages is the room of what leaves the house (row:A8): the list of tomorrow's texts that
// people copy and mark as sent, the gateways that send them instead, and the texts themselves. A
// message is claimed, sent and marked in three steps, the sending outside of any transaction: when
// the program dies in between, or the answer is lost, it is unsure and a person decides. Nothing is
// sent twice by itself.
package messages

import (
	"context"
	"errors"
	"time"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/message"
	"meixu/app/engine/message/gateway"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Office is the service of the room.
type Office struct {
	deed.Doer
	// Outside is the world that the gateways see.
	Outside gateway.Outside
}

// New makes the room; now is the machine's clock, which the gateways compare with theirs.
func New(d deed.Doer, now func() time.Time) *Office {
	return &Office{Doer: d, Outside: gateway.Outside{Now: now}}
}

// Row is one message of the list.
type Row struct {
	store.Message
	Name   string // of whom it is for
	Phone  string // masked
	Number string // of the file; "" for an inquiry
	By     string // who sent it
	Undo   bool   // the reader can take the mark back
	Held   string // word of why it may not go now, "" when it may
	Quiet  bool   // nobody may mark it as sent before the quiet hours end
}

// Page is a page of the list.
type Page struct {
	Rows   []Row
	Total  int
	Counts map[string]int // by state
	Until  term.Instant   // end of the quiet hours that lie over now; zero when none do
	Route  string         // gateway that sends to clients, "" for people
}

// States of the tabs: what waits, what wants a person, what went, what will not go.
var States = map[string][]string{
	"waiting": {store.MessageReady, store.MessageSending},
	"person":  {store.MessageFailed, store.MessageUnsure},
	"sent":    {store.MessageSent},
	"dropped": {store.MessageDropped},
	"all":     nil,
}

// Filter chooses a page of the list.
type Filter struct {
	Tab, Kind     string
	Offset, Limit int
}

// undoFor is how long a mark can be taken back (screens.md section 2); late covers the way there.
const (
	undoFor = 10 * time.Second
	late    = 2 * time.Second
)

// List reads a page of messages; ratings have their own.
func (o *Office) List(ctx context.Context, by access.Actor, f Filter) (p Page, err error) {
	err = o.Read(ctx, by, access.MessageSend, func(r *store.Read) error {
		filter := store.MessageFilter{Kind: f.Kind, States: States[f.Tab], Limit: f.Limit, Offset: f.Offset}
		if f.Tab == "waiting" {
			filter.Mine, filter.Since = by.Staff, r.Now().Add(-undoFor)
		}
		list, err := r.Messages(filter)
		if err != nil {
			return err
		}
		if p.Total, err = r.CountMessages(filter); err != nil {
			return err
		}
		if p.Counts, err = r.MessageStates(r.Today().Add(-7).Start(r.Zone())); err != nil {
			return err
		}
		if p.Route, err = r.Setting(message.SettingClients); err != nil {
			return err
		}
		if p.Until, err = quietUntil(r); err != nil {
			return err
		}
		p.Rows, err = o.rows(r, by, list)
		return err
	})
	return p, err
}

// rows adds to messages whose they are.
func (o *Office) rows(r *store.Read, by access.Actor, list []store.Message) (rows []Row, err error) {
	ids := make([]term.ClientID, 0, len(list))
	for _, m := range list {
		ids = append(ids, m.Client)
	}
	clients, err := r.ClientsIn(ids)
	if err != nil {
		return nil, err
	}
	hours, err := message.Hours(r)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		row := Row{Message: m, Undo: undoable(r, by, m, undoFor)}
		if c, there := clients[m.Client]; there {
			row.Name, row.Phone, row.Number = c.Name, term.MaskPhone(c.Phone), c.Number
		} else if m.Lead != 0 {
			l, err := r.Lead(m.Lead)
			if err != nil {
				return nil, err
			}
			row.Name, row.Phone = l.Name, term.MaskPhone(l.Phone)
		}
		if m.SentBy != 0 {
			s, err := r.Staff(m.SentBy)
			if err != nil {
				return nil, err
			}
			row.By = s.Name
		}
		row.Quiet = m.Kind != message.House && hours.Holds(r.Now(), r.Zone())
		if row.Quiet || m.SendAfter > r.Now().String() {
			row.Held = message.WhyQuiet
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// One reads one message with its row's facts, for the answer to a deed.
func (o *Office) One(ctx context.Context, by access.Actor, id int64) (row Row, err error) {
	err = o.Read(ctx, by, access.MessageSend, func(r *store.Read) error {
		m, err := find(r, id)
		if err != nil {
			return err
		}
		rows, err := o.rows(r, by, []store.Message{m})
		if err == nil {
			row = rows[0]
		}
		return err
	})
	return row, err
}

func find(r *store.Read, id int64) (store.Message, error) {
	m, err := r.Message(id)
	if errors.Is(err, store.ErrNotFound) || err == nil && m.Kind == "rating" {
		return m, fault.NotFound("message")
	}
	return m, err
}

func ref(id int64) store.Subject { return store.Subject{Noun: "outbox", ID: id} }

// change is the frame of every deed on one message: it reads it, refuses a row that somebody else
// changed meanwhile, and saves what fn made of it.
func (o *Office) change(
	ctx context.Context, by access.Actor, p access.Permission, on Mark, fn func(*store.Tx, *store.Message) error,
) error {
	return o.WriteOn(ctx, by, p, ref(on.ID), func(tx *store.Tx) error {
		m, err := find(tx.Read, on.ID)
		if err != nil {
			return err
		}
		tx.Result("outbox", on.ID)
		if err := fn(tx, &m); err != nil {
			return err
		}
		if on.Version != m.Version {
			return store.ErrStale
		}
		tx.Publish(message.Topic)
		return tx.SaveMessage(&m)
	})
}

// Mark names a message and the state of it that was seen.
type Mark struct {
	ID      int64
	Version int
}

// Sent notes that a person sent a message, by WeChat or by word. What a gateway may not send, a
// person may not either: what the client refused, what is not true any more, and in quiet hours.
func (o *Office) Sent(ctx context.Context, by access.Actor, on Mark) error {
	return o.change(ctx, by, access.MessageSend, on, func(tx *store.Tx, m *store.Message) error {
		if m.State != store.MessageReady && m.State != store.MessageFailed {
			return fault.Clash("message.not_now", fault.Word("message.state."+m.State))
		}
		_, why, _, err := message.May(tx.Read, *m)
		if err != nil {
			return err
		}
		if why != "" {
			return refuse(tx.Read, why)
		}
		m.State, m.Channel, m.Gateway, m.Why, m.Code = store.MessageSent, "person", "", "", ""
		m.SentAt, m.SentBy = tx.Now(), by.Staff
		return nil
	})
}

// refuse says why a message may not go: the client's own no is the law's, the rest the house's.
func refuse(r *store.Read, why string) error {
	if why == message.WhyQuiet {
		until, err := quietUntil(r)
		if err != nil {
			return err
		}
		return fault.Refuse("A8", "message.refuse.quiet", until.Clock(r.Zone()))
	}
	rule := "A8"
	if why == message.WhyRefused || why == message.WhyConsent {
		rule = "REG-ADV-16"
	}
	return fault.Refuse(rule, "message.refuse."+why)
}

// quietUntil is when the quiet hours end that lie over this moment; zero when none do.
func quietUntil(r *store.Read) (term.Instant, error) {
	hours, err := message.Hours(r)
	if err != nil || !hours.Holds(r.Now(), r.Zone()) {
		return term.Instant{}, err
	}
	return hours.Next(r.Now(), r.Zone()), nil
}

// Undo takes the mark back within ten seconds, by whoever set it.
func (o *Office) Undo(ctx context.Context, by access.Actor, id int64) error {
	return o.WriteOn(ctx, by, access.MessageUndo, ref(id), func(tx *store.Tx) error {
		m, err := find(tx.Read, id)
		if err != nil {
			return err
		}
		tx.Result("outbox", id)
		if !undoable(tx.Read, by, m, undoFor+late) {
			return fault.Clash("message.undo.late", int(undoFor.Seconds()))
		}
		m.State, m.SentAt, m.SentBy = store.MessageReady, term.Instant{}, 0
		tx.Publish(message.Topic)
		return tx.SaveMessage(&m)
	})
}

func undoable(r *store.Read, by access.Actor, m store.Message, within time.Duration) bool {
	return m.State == store.MessageSent && m.Channel == "person" && m.SentBy == by.Staff && by.Staff != 0 &&
		r.Now().Sub(m.SentAt) <= within
}

// Settle decides about a message that failed or is unsure: it arrived, or it goes again.
func (o *Office) Settle(ctx context.Context, by access.Actor, on Mark, arrived bool) error {
	return o.change(ctx, by, access.MessageSettle, on, func(tx *store.Tx, m *store.Message) error {
		unsure := m.State == store.MessageUnsure
		if !unsure && (m.State != store.MessageFailed || arrived) {
			return fault.Clash("message.not_now", fault.Word("message.state."+m.State))
		}
		if arrived {
			m.State, m.SentAt, m.SentBy = store.MessageSent, tx.Now(), by.Staff
			return nil
		}
		_, why, over, err := message.May(tx.Read, *m)
		if err != nil {
			return err
		}
		if over {
			return refuse(tx.Read, why)
		}
		m.State, m.Why, m.Code, m.Attempts, m.SendAfter = store.MessageReady, "", "", 0, tx.Now().String()
		return nil
	})
}

// Drop gives a message up.
func (o *Office) Drop(ctx context.Context, by access.Actor, on Mark) error {
	return o.change(ctx, by, access.MessageDrop, on, func(_ *store.Tx, m *store.Message) error {
		switch m.State {
		case store.MessageReady, store.MessageFailed, store.MessageUnsure:
			m.State, m.Why = store.MessageDropped, message.WhyPerson
			return nil
		}
		return fault.Clash("message.not_now", fault.Word("message.state."+m.State))
	})
}

// Prepare makes tomorrow's messages: by the evening job, or ahead of it at somebody's wish.
func (o *Office) Prepare(ctx context.Context, by access.Actor) (n int, err error) {
	err = o.Write(ctx, by, access.MessagePrepare, func(tx *store.Tx) error {
		n, err = message.Evening(tx, !by.IsSystem())
		return err
	})
	return n, err
}
