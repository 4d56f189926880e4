package people

import (
	"slices"
	"time"

	"meixu/app/access"
	"meixu/app/engine/message"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

const (
	// introduceWithin is how soon a client hears of the new consultant (row:C7).
	introduceWithin = 48 * time.Hour
	// rebookWithin is how soon the desk finds somebody for a booking that nobody could take.
	rebookWithin = 4 * time.Hour
	// farAhead bounds how far bookings reach: two years (S1-02).
	farAhead = 2 * 366 * 24 * time.Hour
)

// handing is one hand-over on its way.
type handing struct {
	tx     *store.Tx
	by     access.Actor
	leaver store.Staff
	held   []store.Held
	to     map[string][]store.Staff
	client map[term.ClientID]term.StaffID // who has the file from now on
}

// choose checks the successors of every group that is held.
func (h *handing) choose(to map[string][]term.StaffID) error {
	all, err := h.tx.AllStaff()
	if err != nil {
		return err
	}
	var bad fault.Fields
	h.to = map[string][]store.Staff{}
	for _, group := range Groups {
		if !slices.ContainsFunc(h.held, func(x store.Held) bool { return groupOf[x.Kind] == group }) {
			continue
		}
		may := successors(group, h.leaver, all, nil)
		for _, id := range to[group] {
			i := slices.IndexFunc(may, func(s Successor) bool { return s.Staff.ID == id })
			if i < 0 {
				bad.Add("to_"+group, "handover.bad.who")
				continue
			}
			h.to[group] = append(h.to[group], may[i].Staff)
		}
		if must(group) && len(to[group]) == 0 {
			bad.Add("to_"+group, "handover.bad.nobody")
		}
	}
	return bad.Err()
}

// kinds are what is held of the kinds, in the order of their ids.
func (h *handing) kinds(kinds ...string) []store.Held {
	return slices.DeleteFunc(slices.Clone(h.held), func(x store.Held) bool { return !slices.Contains(kinds, x.Kind) })
}

func (h *handing) all() (g Given, err error) {
	g.All = len(h.held)
	if g.Clients, err = h.files(); err != nil {
		return g, err
	}
	if err := h.care(); err != nil {
		return g, err
	}
	if g.Loose, err = h.bookings(); err != nil {
		return g, err
	}
	return g, h.tasks()
}

// files gives clients, inquiries and clients in the house; who has the file has the rest.
func (h *handing) files() (told int, err error) {
	list := h.kinds(store.HeldClient)
	heirs := h.to[GroupFiles]
	for i, x := range list {
		h.client[x.Client] = heirs[i%len(heirs)].ID
	}
	if err := h.give(list, heirs); err != nil {
		return 0, err
	}
	for _, x := range list {
		if x.Closed {
			continue
		}
		if err := h.introduce(x.Client); err != nil {
			return told, err
		}
		told++
	}
	return told, h.give(h.kinds(store.HeldLead, store.HeldVisit), heirs)
}

// introduce asks the new consultant to make herself known to the client.
func (h *handing) introduce(client term.ClientID) error {
	due := h.tx.Now().Add(introduceWithin)
	_, err := task.Open(h.tx, task.New{
		Kind: "introduction", Subject: store.Subject{Noun: "client", ID: int64(client)}, Client: client,
		Role: access.Consultant, Staff: h.client[client], Due: due, Warn: due.Add(-introduceWithin / 2),
		Escalate: []task.Rung{{After: 0, Role: access.Manager}}, TitleKey: "task.title.introduction",
		Args: []string{h.leaver.Name}, Day: task.NoDay, Priority: task.HardDue,
	})
	return err
}

// care gives red flags that were taken, and patients in the house.
func (h *handing) care() error {
	return h.give(h.kinds(store.HeldEvent, store.HeldPatient), h.to[GroupCare])
}

// give splits things evenly between the heirs, but a client's things go with the client; without
// heirs they are nobody's.
func (h *handing) give(list []store.Held, heirs []store.Staff) error {
	type share struct {
		kind string
		to   term.StaffID
	}
	shares := map[share][]int64{}
	var order []share
	for i, x := range list {
		s := share{x.Kind, h.heir(x, heirs, i)}
		if shares[s] == nil {
			order = append(order, s)
		}
		shares[s] = append(shares[s], x.ID)
	}
	for _, s := range order {
		if _, err := h.tx.Give(s.kind, shares[s], h.leaver.ID, s.to); err != nil {
			return err
		}
	}
	return nil
}

// heir is who of the heirs takes the n-th thing.
func (h *handing) heir(x store.Held, heirs []store.Staff, n int) term.StaffID {
	if len(heirs) == 0 {
		return 0
	}
	if id := h.client[x.Client]; id != 0 && slices.ContainsFunc(heirs, func(s store.Staff) bool { return s.ID == id }) {
		return id
	}
	return heirs[n%len(heirs)].ID
}

// tasks gives open tasks to heirs of the task's role; without one they go back to the role.
func (h *handing) tasks() error {
	list, err := h.tx.TasksHeldBy(h.leaver.ID)
	if err != nil {
		return err
	}
	for n, t := range list {
		heirs := slices.DeleteFunc(slices.Clone(h.to[GroupTasks]), func(s store.Staff) bool {
			return t.Role != "" && !slices.Contains(s.Roles, t.Role) && !slices.Contains(s.Roles, string(access.Manager))
		})
		if err := task.Give(h.tx, t, h.heir(store.Held{Client: t.Client}, heirs, n)); err != nil {
			return err
		}
	}
	return nil
}

// bookings gives bookings and treatments not begun to who may do them and is free.
func (h *handing) bookings() (loose int, err error) {
	heirs := h.to[GroupBookings]
	list := h.kinds(store.HeldAppointment)
	if len(list) > 0 {
		f, err := h.fitting()
		if err != nil {
			return 0, err
		}
		for n, x := range list {
			taken, err := f.book(h, x, n)
			if err != nil {
				return loose, err
			}
			if !taken {
				loose++
			}
		}
	}
	if err := h.give(h.kinds(store.HeldWait), heirs); err != nil {
		return loose, err
	}
	return loose, h.treatments()
}

// treatments gives the operation to somebody with the papers for it, the assistance to any heir.
func (h *handing) treatments() error {
	list := h.kinds(store.HeldOperation)
	if len(list) > 0 {
		cover, err := CoverOf(h.tx.Read)
		if err != nil {
			return err
		}
		for n, x := range list {
			item, err := h.tx.Item(x.Item)
			if err != nil {
				return err
			}
			may := cover.May(item)
			heirs := slices.DeleteFunc(slices.Clone(h.to[GroupBookings]), func(s store.Staff) bool { return !slices.Contains(may, s.ID) })
			if _, err := h.tx.Give(x.Kind, []int64{x.ID}, h.leaver.ID, h.heir(store.Held{}, heirs, n)); err != nil {
				return err
			}
		}
	}
	return h.give(h.kinds(store.HeldAssistance), h.to[GroupBookings])
}

// fitting is what decides who can take a booking, read once.
type fitting struct {
	cover  Cover
	roster Roster
	busy   map[term.StaffID][]store.Appointment
}

func (h *handing) fitting() (f fitting, err error) {
	if f.cover, err = CoverOf(h.tx.Read); err != nil {
		return f, err
	}
	now := h.tx.Now()
	if f.roster, err = RosterOf(h.tx.Read, h.tx.Today(), now.Add(farAhead).Day(h.tx.Zone())); err != nil {
		return f, err
	}
	list, err := h.tx.Busy(now.Add(-24*time.Hour), now.Add(farAhead))
	f.busy = map[term.StaffID][]store.Appointment{}
	for _, a := range list {
		f.busy[a.Staff] = append(f.busy[a.Staff], a)
	}
	return f, err
}

// book gives one booking to the first heir, from the n-th on, who can take it; else the desk is asked.
func (f fitting) book(h *handing, x store.Held, n int) (taken bool, err error) {
	a, err := h.tx.Appointment(term.AppointmentID(x.ID))
	if err != nil {
		return false, err
	}
	var item store.Item
	if a.Item != 0 {
		if item, err = h.tx.Item(a.Item); err != nil {
			return false, err
		}
	}
	was := a
	a.Staff, a.OverlapBy, a.OverlapReason = 0, 0, ""
	heirs := h.to[GroupBookings]
	for i := range heirs {
		if s := heirs[(n+i)%len(heirs)]; f.suits(s, h.leaver, a, item) {
			a.Staff = s.ID
			f.busy[s.ID] = append(f.busy[s.ID], a)
			break
		}
	}
	if err := h.tx.SaveAppointment(&a); err != nil {
		return false, err
	}
	if err := message.Follow(h.tx, was, a); err != nil {
		return false, err
	}
	h.tx.Publish(live.Appointments)
	if a.Staff != 0 {
		return true, nil
	}
	return false, h.rebook(a)
}

// suits says that the colleague may do the booking, works then and is free.
func (f fitting) suits(s, leaver store.Staff, a store.Appointment, item store.Item) bool {
	nurses := []string{string(access.Physician), string(access.Nurse)}
	treats := item.ID != 0 && (holdsAny(leaver, nurses) || holdsAny(s, nurses))
	if treats && !slices.Contains(f.cover.May(item), s.ID) || !f.roster.Serves(s.ID, a.StartsAt, a.EndsAt) {
		return false
	}
	return !slices.ContainsFunc(f.busy[s.ID], func(b store.Appointment) bool {
		return b.StartsAt.Before(a.EndsAt) && a.StartsAt.Before(b.EndsAt)
	})
}

// rebook asks the desk to find somebody for a booking that no heir could take.
func (h *handing) rebook(a store.Appointment) error {
	due := h.tx.Now().Add(rebookWithin)
	if a.StartsAt.Before(due) {
		due = a.StartsAt
	}
	if due.Before(h.tx.Now()) {
		due = h.tx.Now()
	}
	_, err := task.Open(h.tx, task.New{
		Kind: task.Rebook, Subject: store.Subject{Noun: "appointment", ID: int64(a.ID)}, Client: a.Client, Role: access.Reception,
		Due: due, Escalate: []task.Rung{{After: 0, Role: access.Manager}}, TitleKey: "task.title.rebook",
		Args: []string{string(a.StartsAt.Day(h.tx.Zone())), a.StartsAt.Clock(h.tx.Zone()), h.leaver.Name}, Day: task.NoDay, Priority: task.HardDue,
	})
	return err
}
