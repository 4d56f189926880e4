package message

import (
	"errors"

	"meixu/store"
	"meixu/store/term"
)

// May asks whether a message may go now, and to which number: the answer when it was made does not
// count any more (REG-ADV-16, REG-PII-04). why is "" when it may. over says that it never may again;
// else it waits.
func May(r *store.Read, m store.Message) (phone, why string, over bool, err error) {
	if !m.ExpiresAt.IsZero() && !r.Now().Before(m.ExpiresAt) {
		return "", WhyLate, true, nil
	}
	if m.Kind == House {
		return "", "", false, nil
	}
	t, err := Template(r, m.Kind)
	if err != nil {
		return "", "", false, err
	}
	to, err := personOf(r, m.Client, m.Lead)
	if err != nil {
		return "", "", false, err
	}
	if to.refuses(t.Class) {
		return "", WhyRefused, true, nil
	}
	if t.Class == Marketing {
		given, err := r.Consents(m.Client)
		if _, stands := given[term.ForMarketing]; err != nil || !stands {
			return "", WhyConsent, true, err
		}
	}
	if why, err = stillTrue(r, m); err != nil || why != "" {
		return "", why, true, err
	}
	why, err = notNow(r, m)
	return to.phone, why, false, err
}

// stillTrue looks whether what the message says has changed since.
func stillTrue(r *store.Read, m store.Message) (why string, err error) {
	if m.Task != 0 {
		t, err := r.Task(m.Task)
		if err == nil && t.State != store.TaskOpen {
			why = WhyOver
		}
		return why, err
	}
	if m.Appointment == 0 {
		return "", nil
	}
	a, err := r.Appointment(m.Appointment)
	living := a.State == term.AppointmentConfirmed || a.State == term.AppointmentRequested && m.Kind != Confirm
	switch {
	case err != nil:
	case a.StartsAt != m.ExpiresAt:
		why = WhyMoved
	case m.Kind == Cancelled && a.State != term.AppointmentCancelled, m.Kind != Cancelled && !living:
		why = WhyOver
	}
	return why, err
}

// notNow says why the message has to wait.
func notNow(r *store.Read, m store.Message) (string, error) {
	hours, err := Hours(r)
	if err != nil {
		return "", err
	}
	if hours.Holds(r.Now(), r.Zone()) {
		return WhyQuiet, nil
	}
	most, err := number(r, SettingCap, CapUsual)
	if err != nil || m.Client == 0 {
		return "", err
	}
	sent, err := r.SentTo(m.Client, r.Today().Start(r.Zone()))
	if err == nil && sent >= most {
		return WhyCap, nil
	}
	return "", err
}

// Sweep drops what nobody may send any more: what ran out, and what is not true. It gives how many.
func Sweep(tx *store.Tx) (n int, err error) {
	list, err := tx.StaleMessages(atOnce)
	if err != nil {
		return 0, err
	}
	for _, m := range list {
		if err := drop(tx, m, WhyLate); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Claim takes the next message that may go for a gateway: from then on nobody else sends it. ok is
// false when there is none. house asks for those to the house's own people; route is what is noted.
func Claim(tx *store.Tx, house bool, route Route) (m store.Message, ok bool, err error) {
	list, err := tx.DueMessages(house, 50)
	if err != nil {
		return m, false, err
	}
	for _, m := range list {
		phone, why, over, err := May(tx.Read, m)
		switch {
		case err != nil:
			return m, false, err
		case over:
			if err := drop(tx, m, why); err != nil {
				return m, false, err
			}
			continue
		case why != "":
			if err := postpone(tx, m); err != nil {
				return m, false, err
			}
			continue
		}
		m.State, m.Address, m.Channel, m.Gateway = store.MessageSending, phone, route.Channel, route.Gateway
		m.Attempts++
		m.Why, m.Code = "", ""
		if !house && phone == "" {
			m.State, m.Why = store.MessageFailed, WhyPhone
			if err := tx.SaveMessage(&m); err != nil {
				return m, false, err
			}
			continue
		}
		tx.Publish(Topic)
		err = tx.SaveMessage(&m)
		return m, err == nil, err
	}
	return m, false, nil
}

// Route names how a message leaves: the channel and the gateway.
type Route struct{ Channel, Gateway string }

// postpone lets a message wait until the quiet hours end, or, when the client got enough today,
// until they end tomorrow.
func postpone(tx *store.Tx, m store.Message) error {
	hours, err := Hours(tx.Read)
	if err != nil {
		return err
	}
	next := hours.Next(tx.Now(), tx.Zone())
	if next == tx.Now() {
		next = hours.Next(tx.Today().Add(1).Start(tx.Zone()), tx.Zone())
	}
	m.SendAfter = next.String()
	return tx.SaveMessage(&m)
}

// Choose is the step that keeps what a client does not want any more. What waits and is refused now
// is dropped at once.
func Choose(tx *store.Tx, c store.ContactChoice) error {
	have, err := tx.ContactChoice(c.Client)
	if errors.Is(err, store.ErrNotFound) {
		err = tx.AddContactChoice(&c)
	} else if err == nil {
		if c.Version != have.Version {
			return store.ErrStale
		}
		c.ID, c.CreatedAt, c.UpdatedAt = have.ID, have.CreatedAt, have.UpdatedAt
		err = tx.SaveContactChoice(&c)
	}
	if err != nil {
		return err
	}
	list, err := tx.WaitingFor(c.Client)
	if err != nil {
		return err
	}
	for _, m := range list {
		_, why, over, err := May(tx.Read, m)
		if err == nil && over {
			err = drop(tx, m, why)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
