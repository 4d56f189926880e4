package people

import (
	"context"
	"fmt"
	"slices"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// A hand-over asks for successors once for each group of what a person holds.
const (
	GroupFiles    = "files"    // clients, inquiries, clients in the house
	GroupCare     = "care"     // red flags taken, patients in the house
	GroupBookings = "bookings" // bookings, wait list, treatments not begun
	GroupTasks    = "tasks"
)

// Groups lists the groups in the order of the page.
var Groups = []string{GroupFiles, GroupCare, GroupBookings, GroupTasks}

var groupOf = map[string]string{
	store.HeldClient: GroupFiles, store.HeldLead: GroupFiles, store.HeldVisit: GroupFiles,
	store.HeldEvent: GroupCare, store.HeldPatient: GroupCare,
	store.HeldAppointment: GroupBookings, store.HeldWait: GroupBookings, store.HeldOperation: GroupBookings, store.HeldAssistance: GroupBookings,
	store.HeldTask: GroupTasks,
}

// must says that a group cannot be left to nobody.
func must(group string) bool { return group == GroupFiles || group == GroupCare }

// HandoverLine is one thing that is handed over, with whom it is about.
type HandoverLine struct {
	store.Held
	Name   string // of client or inquiry
	Number string // of the file
	Item   string
}

// HandoverCount is how many things of a kind there are.
type HandoverCount struct {
	Kind string
	N    int
}

// HandoverGroup is a part of what a person holds, with those who may take it.
type HandoverGroup struct {
	Group  string
	N      int
	Must   bool
	Counts []HandoverCount
	Lines  []HandoverLine // the first of them
	People []Successor
}

// Successor is somebody who may take over.
type Successor struct {
	Staff    store.Staff
	Load     int  // files that are hers already
	Proposed bool // has the duty; managers stand in where nobody has
}

// Handover is the page of a hand-over.
type Handover struct {
	Staff  store.Staff
	Total  int
	Groups []HandoverGroup
}

// shownEach bounds how many things of a group the page names.
const shownEach = 8

// HandoverOf lists what a person holds and who may take it (row:C7).
func (o *Office) HandoverOf(ctx context.Context, by access.Actor, id term.StaffID) (v Handover, err error) {
	err = o.Read(ctx, by, access.HandoverGive, func(r *store.Read) error {
		if v.Staff, err = r.Staff(id); err != nil {
			return none(err, "staff")
		}
		held, err := r.HeldBy(id)
		if err != nil {
			return err
		}
		all, err := r.AllStaff()
		if err != nil {
			return err
		}
		load, err := r.LoadOf()
		if err != nil {
			return err
		}
		v.Total = len(held)
		for _, name := range Groups {
			g := HandoverGroup{Group: name, Must: must(name), People: successors(name, v.Staff, all, load)}
			if g.fill(held); g.N > 0 {
				v.Groups = append(v.Groups, g)
			}
		}
		return named(r, v.Groups)
	})
	v.Staff.PasswordHash, v.Staff.PINHash = "", ""
	return v, err
}

func (g *HandoverGroup) fill(held []store.Held) {
	counts := map[string]int{}
	for _, h := range held {
		if groupOf[h.Kind] != g.Group {
			continue
		}
		g.N++
		counts[h.Kind]++
		if len(g.Lines) < shownEach {
			g.Lines = append(g.Lines, HandoverLine{Held: h})
		}
	}
	for _, h := range store.Holdings {
		if n := counts[h.Kind]; n > 0 {
			g.Counts = append(g.Counts, HandoverCount{h.Kind, n})
		}
	}
}

// named gives the lines their names, read at once.
func named(r *store.Read, groups []HandoverGroup) error {
	var clients []term.ClientID
	for _, g := range groups {
		for _, l := range g.Lines {
			if l.Client != 0 {
				clients = append(clients, l.Client)
			}
		}
	}
	names, err := r.ClientsIn(clients)
	if err != nil {
		return err
	}
	for _, g := range groups {
		for i := range g.Lines {
			if err := g.Lines[i].name(r, names); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *HandoverLine) name(r *store.Read, names map[term.ClientID]store.Client) error {
	if c, ok := names[l.Client]; ok {
		l.Name, l.Number = c.Name, c.Number
	} else if l.Lead != 0 {
		lead, err := r.Lead(l.Lead)
		if err != nil {
			return err
		}
		l.Name = lead.Name
	}
	if l.Held.Item != 0 {
		item, err := r.Item(l.Held.Item)
		l.Item = item.Name
		return err
	}
	return nil
}

// dutiesFor are the roles that a group asks for; the second list stands in where nobody has one.
func dutiesFor(group string, leaver store.Staff) (first, second []string) {
	manager, owner := string(access.Manager), string(access.Owner)
	switch group {
	case GroupFiles:
		first = []string{string(access.Consultant)}
		if slices.Contains(leaver.Roles, string(access.Reception)) {
			second = append(second, string(access.Reception))
		}
	case GroupCare:
		first = []string{string(access.Physician)}
	default:
		first = slices.DeleteFunc(slices.Clone(leaver.Roles), func(r string) bool { return r == manager || r == owner })
	}
	return first, append(second, manager, owner)
}

// successors are the colleagues who may take a group over, those of the duty first.
func successors(group string, leaver store.Staff, all []store.Staff, load map[term.StaffID]int) (list []Successor) {
	first, second := dutiesFor(group, leaver)
	var others []Successor
	for _, s := range all {
		switch {
		case !s.Active || s.ID == leaver.ID:
		case holdsAny(s, first):
			list = append(list, Successor{Staff: s, Load: load[s.ID], Proposed: true})
		case holdsAny(s, second):
			others = append(others, Successor{Staff: s, Load: load[s.ID]})
		}
	}
	if len(list) == 0 && len(others) > 0 {
		others[0].Proposed = true
	}
	return append(list, others...)
}

func holdsAny(s store.Staff, roles []string) bool {
	return slices.ContainsFunc(s.Roles, func(r string) bool { return slices.Contains(roles, r) })
}

// Given is what a hand-over did.
type Given struct {
	All     int // things that changed hands
	Clients int // who hear of their new consultant within 48 hours
	Loose   int // bookings that wait for the desk to find somebody
}

// HandOver gives everything that a person holds to the successors of each group, split evenly, in one
// deed. It keeps these rules (row:C7): nothing stays with the person; files and red flags go to
// somebody who may have them; a client's tasks follow the client; a booking goes to somebody who may
// do it, works then and is free, else to the desk; every client hears of it within 48 hours.
func (o *Office) HandOver(ctx context.Context, by access.Actor, id term.StaffID, to map[string][]term.StaffID) (g Given, err error) {
	err = o.WriteOn(ctx, by, access.HandoverGive, store.Subject{Noun: "staff", ID: int64(id)}, func(tx *store.Tx) error {
		leaver, err := tx.Staff(id)
		if err != nil {
			return none(err, "staff")
		}
		held, err := tx.HeldBy(id)
		if err != nil {
			return err
		}
		h := handing{tx: tx, by: by, leaver: leaver, held: held, client: map[term.ClientID]term.StaffID{}}
		if err := h.choose(to); err != nil {
			return err
		}
		if g, err = h.all(); err != nil {
			return err
		}
		tx.Result("handover", int64(id))
		tx.Publish("staff")
		tx.Publish(live.Board) // today's visits and bookings show whose they are
		tx.Publish(live.Appointments)
		return h.finish()
	})
	return g, err
}

// finish makes sure that nothing stayed behind, and closes what asked for the hand-over.
func (h *handing) finish() error {
	left, err := h.tx.HeldCounts(h.leaver.ID)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return fault.Defect("handing over", fmt.Errorf("%d of kind %s stayed with the person", left[0].N, left[0].Kind))
	}
	asked, err := h.tx.TasksDue(task.Handover, h.tx.Now().Add(-farAhead), h.tx.Now().Add(farAhead), 500)
	for _, t := range asked {
		if err == nil && t.Subject == (store.Subject{Noun: "staff", ID: int64(h.leaver.ID)}) {
			err = task.Done(h.tx, access.System("handover"), t.ID, "done", 0)
		}
	}
	return err
}
