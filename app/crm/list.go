package crm

import (
	"context"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/find"
	"meixu/store"
	"meixu/store/term"
)

// foundAtOnce is how many people one look into the finder gives.
const foundAtOnce = 10

// Found is one answer of the finder: enough to tell people of one name apart, no more.
type Found struct {
	ID     term.ClientID
	Name   string
	Number string
	Born   string // year; "" when unknown
	Phone  string // masked
	Visit  term.VisitID
	Ticket string
}

// Find answers what was typed: a piece of the name, pinyin or its initials, the tail of a
// phone, a member number, or a queue number of today.
func (b *Book) Find(ctx context.Context, by access.Actor, typed string) (list []Found, err error) {
	err = b.Read(ctx, by, access.ClientFind, func(r *store.Read) error {
		list, err = b.find(r, typed)
		return err
	})
	return list, err
}

func (b *Book) find(r *store.Read, typed string) ([]Found, error) {
	typed = strings.TrimSpace(typed)
	byTicket, err := onTicket(r, typed)
	if err != nil {
		return nil, err
	}
	list := append([]Found(nil), byTicket...)
	people, err := b.nearest(r, typed)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		list = append(list, found(p))
	}
	open, err := r.OpenVisitsAmong(ids(list))
	for i := range list {
		list[i].Visit = open[list[i].ID]
	}
	return list, err
}

// nearest are the people who fit; in a crowd those who are here or expected today come first, because
// they are meant more often than a name that an older system brought along.
func (b *Book) nearest(r *store.Read, typed string) ([]find.Person, error) {
	people := b.Finder.Search(typed, foundAtOnce)
	if len(people) < foundAtOnce {
		return people, nil
	}
	today, err := r.ClientsToday()
	return b.Finder.Search(typed, foundAtOnce, today...), err
}

func ids(list []Found) []term.ClientID {
	all := make([]term.ClientID, len(list))
	for i, f := range list {
		all[i] = f.ID
	}
	return all
}

// onTicket finds whoever holds the queue number today.
func onTicket(r *store.Read, typed string) ([]Found, error) {
	if len(typed) != 3 || !strings.ContainsAny(strings.ToUpper(typed[:1]), "CT") {
		return nil, nil
	}
	tickets, err := r.TicketsOn(r.Today())
	if err != nil {
		return nil, err
	}
	for _, t := range tickets {
		if !strings.EqualFold(t.Number, typed) {
			continue
		}
		v, err := r.Visit(t.Visit)
		if err != nil {
			return nil, err
		}
		c, err := r.Client(v.Client)
		if err != nil {
			return nil, err
		}
		f := found(personOf(c))
		f.Visit, f.Ticket = v.ID, t.Number
		return []Found{f}, nil
	}
	return nil, nil
}

func found(p find.Person) Found {
	f := Found{ID: p.ID, Name: p.Name, Number: p.Number, Phone: term.MaskPhone(p.Phone)}
	if len(p.Birth) >= 4 {
		f.Born = string(p.Birth[:4])
	}
	return f
}

// Clients lists files page by page: the answers of the finder when something is typed, else
// the newest files.
func (b *Book) Clients(ctx context.Context, by access.Actor, typed string, page Page) (l Listed, err error) {
	err = b.Read(ctx, by, access.ClientList, func(r *store.Read) (err error) {
		if l.Rows, l.Total, err = b.listed(r, typed, page); err != nil {
			return err
		}
		l.Names = map[term.StaffID]string{}
		staff, err := r.AllStaff()
		for _, s := range staff {
			l.Names[s.ID] = s.Name
		}
		return err
	})
	return l, err
}

// searched bounds how many answers of the finder can be paged through.
const searched = 100

func (b *Book) listed(r *store.Read, typed string, page Page) (rows []store.Client, total int, err error) {
	if strings.TrimSpace(typed) == "" {
		if total, err = r.CountClients(); err != nil {
			return nil, 0, err
		}
		rows, err = r.NewestClients(page.Offset, page.Size)
		return rows, total, err
	}
	people := b.Finder.Search(typed, searched)
	total = len(people)
	people = people[min(page.Offset, total):min(page.Offset+page.Size, total)]
	ids := make([]term.ClientID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	byID, err := r.ClientsIn(ids)
	for _, id := range ids {
		if c, there := byID[id]; there {
			rows = append(rows, c)
		}
	}
	return rows, total, err
}

// Page is a window of a list.
type Page struct{ Offset, Size int }

// Listed is one page of the list of clients.
type Listed struct {
	Rows  []store.Client
	Total int
	Names map[term.StaffID]string // consultants
}

// LeadRow is one lead of the list.
type LeadRow struct {
	store.Lead
	OwnerName string
	Replier   string
	DueAt     term.Instant // of the first answer
	Running   bool         // the clock runs; before the opening it does not yet
}

// Leads lists what waits for an answer or a visit, and what was given up today.
func (b *Book) Leads(ctx context.Context, by access.Actor, state string) (rows []LeadRow, err error) {
	err = b.Read(ctx, by, access.LeadView, func(r *store.Read) error {
		list, err := r.OpenLeads(200)
		if state == "closed" {
			list, err = r.LeadsSince(r.Today().Add(-30).Start(r.Zone()), 300)
		}
		if err != nil {
			return err
		}
		staff, err := r.AllStaff()
		if err != nil {
			return err
		}
		name := map[term.StaffID]string{}
		for _, s := range staff {
			name[s.ID] = s.Name
		}
		for _, l := range list {
			open := l.State == term.LeadOpen || l.State == term.LeadBooked
			if open == (state == "closed") || state == "mine" && l.Owner != by.Staff {
				continue
			}
			if !by.Sees(access.FieldPhone) {
				l.Phone = term.MaskPhone(l.Phone)
			}
			rows = append(rows, LeadRow{
				Lead: l, OwnerName: name[l.Owner], Replier: name[l.FirstReplyBy], DueAt: l.Start().Add(AnswerWithin), Running: !r.Now().Before(l.Start()),
			})
		}
		return nil
	})
	return rows, err
}

// LeadSheet is what the intake of an inquiry shows: who may own it, and the file that has the
// phone already.
type LeadSheet struct {
	Owners []store.Staff
	Known  []Found
	Leads  []store.Lead // inquiries of this phone that are open
	// Proposed is who should take the next one: on shift, with the fewest today.
	Proposed term.StaffID
}

// LeadSheet reads the consultants, and whose phone it is.
func (b *Book) LeadSheet(ctx context.Context, by access.Actor, phone string) (s LeadSheet, err error) {
	err = b.Read(ctx, by, access.LeadAdd, func(r *store.Read) error {
		if s.Owners, err = r.StaffWithRole(string(access.Consultant)); err != nil {
			return err
		}
		if s.Proposed, err = proposed(r, s.Owners); err != nil {
			return err
		}
		if phone = Phone(phone); phone == "" {
			return nil
		}
		if s.Leads, err = openLeads(r, phone); err != nil {
			return err
		}
		clients, err := r.ClientsByPhone(phone)
		for _, c := range clients {
			s.Known = append(s.Known, found(personOf(c)))
		}
		return err
	})
	return s, err
}
