package messages

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"time"

	"meixu/app/access"
	"meixu/app/engine/message"
	"meixu/app/engine/message/gateway"
	"meixu/store"
	"meixu/store/term"
)

// most is how many messages one beat sends; the rest follow a minute later.
const most = 60

// waits are the pauses before the next try of a message that certainly was not delivered.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour}

// Deliver is the job of each minute: it says of what a dead program had in hand that nobody knows,
// drops what ran out, and lets the gateways send what may go. It writes nothing when there is
// nothing to do. At most one runs at a time, so whatever is in hand when it begins is an orphan.
func (o *Office) Deliver(ctx context.Context, by access.Actor) (n int, err error) {
	var routes [2]string
	var work [2]bool
	clear := 0
	err = o.Read(ctx, by, access.MessageDeliver, func(r *store.Read) error {
		for i, setting := range []string{message.SettingClients, message.SettingHouse} {
			if routes[i], err = r.Setting(setting); err != nil {
				return err
			}
			due, err := r.DueMessages(i == 1, 1)
			if err != nil {
				return err
			}
			work[i] = len(due) > 0 && routes[i] != ""
		}
		orphans, err := r.MessagesSending()
		if err != nil {
			return err
		}
		stale, err := r.StaleMessages(1)
		clear = len(orphans) + len(stale)
		return err
	})
	if err != nil {
		return 0, err
	}
	if clear > 0 {
		if n, err = o.clear(ctx, by); err != nil {
			return n, err
		}
	}
	for i, route := range routes {
		if !work[i] {
			continue
		}
		sent, err := o.send(ctx, by, i == 1, route)
		n += sent
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// clear settles orphans and drops what ran out.
func (o *Office) clear(ctx context.Context, by access.Actor) (n int, err error) {
	err = o.Write(ctx, by, access.MessageDeliver, func(tx *store.Tx) error {
		orphans, err := tx.MessagesSending()
		if err != nil {
			return err
		}
		for _, m := range orphans {
			m.State, m.Why = store.MessageUnsure, message.WhyDied
			if err := tx.SaveMessage(&m); err != nil {
				return err
			}
		}
		tx.Publish(message.Topic)
		n, err = message.Sweep(tx)
		n += len(orphans)
		return err
	})
	return n, err
}

// send lets one gateway send what may go.
func (o *Office) send(ctx context.Context, by access.Actor, house bool, name string) (n int, err error) {
	g, err := o.gateway(ctx, by, name)
	if err != nil {
		return 0, err
	}
	for n < most && ctx.Err() == nil {
		m, ok, err := o.claim(ctx, by, house, message.Route{Channel: gateway.Channel(name), Gateway: name})
		if err != nil || !ok {
			return n, err
		}
		told := g.Send(ctx, letterOf(m, by))
		if err := o.mark(context.WithoutCancel(ctx), by, m, told); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func (o *Office) claim(ctx context.Context, by access.Actor, house bool, route message.Route) (m store.Message, ok bool, err error) {
	err = o.Write(ctx, by, access.MessageDeliver, func(tx *store.Tx) error {
		m, ok, err = message.Claim(tx, house, route)
		return err
	})
	return m, ok, err
}

func letterOf(m store.Message, by access.Actor) gateway.Letter {
	l := gateway.Letter{Key: m.Key, Kind: m.Kind, To: m.Address, Text: m.Text, Title: by.Lang.T("message.mail.title")}
	for _, f := range m.Facts {
		l.Facts = append(l.Facts, gateway.Fact{Name: f.Name, Value: f.Value})
	}
	return l
}

// mark notes what became of a message in hand.
func (o *Office) mark(ctx context.Context, by access.Actor, m store.Message, told error) error {
	return o.Write(ctx, by, access.MessageDeliver, func(tx *store.Tx) error {
		have, err := tx.Message(m.ID)
		if err != nil || have.State != store.MessageSending {
			return err
		}
		verdict(&have, told, tx.Now())
		tx.Publish(message.Topic)
		return tx.SaveMessage(&have)
	})
}

// verdict turns a gateway's answer into a state: only what certainly was not delivered is tried
// again, and not for ever.
func verdict(m *store.Message, told error, now term.Instant) {
	var no *gateway.Refused
	switch {
	case told == nil:
		m.State, m.SentAt = store.MessageSent, now
	case !errors.As(told, &no):
		m.State, m.Why = store.MessageUnsure, message.WhyLost
		m.SentAt = now // it counts as one of the day: it may have arrived
	case no.Again && m.Attempts <= len(waits):
		m.State, m.Why, m.Code = store.MessageReady, reason(no), no.Code
		m.SendAfter = now.Add(waits[m.Attempts-1]).String()
	default:
		m.State, m.Why, m.Code = store.MessageFailed, reason(no), no.Code
	}
	if m.State != store.MessageSent {
		slog.Warn("message not sent", "id", m.ID, "kind", m.Kind, "gateway", m.Gateway, "state", m.State, "code", m.Code)
	}
}

func reason(no *gateway.Refused) string {
	switch {
	case no.Code == "reach":
		return message.WhyReach
	case no.Setup:
		return message.WhySetup
	}
	return message.WhyAnswer
}

// gateway makes a gateway of its kept set-up.
func (o *Office) gateway(ctx context.Context, by access.Actor, name string) (g gateway.Gateway, err error) {
	var c gateway.Config
	err = o.Read(ctx, by, access.MessageDeliver, func(r *store.Read) error {
		c, err = config(r, name)
		return err
	})
	if err != nil {
		return nil, err
	}
	return gateway.New(name, c, o.Outside)
}

func config(r *store.Read, name string) (c gateway.Config, err error) {
	plain, err := r.Secret(settingGateway(name))
	if err != nil || plain == nil {
		return c, err
	}
	return c, json.Unmarshal(plain, &c)
}

func settingGateway(name string) string { return "message.gateway." + name }
