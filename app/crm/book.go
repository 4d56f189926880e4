// Package crm keeps who comes: leads before any consent, clients after it, and the finder
// over both. A file exists only when privacy notice and health consent are signed (REG-PII-01).
package crm

import (
	"context"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/find"
	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/term"
)

// Rows of the store that pages are given; the interface knows them by these names.
type (
	// Client is a person with a file.
	Client = store.Client
	// Contact is an emergency contact or a guardian.
	Contact = store.Contact
	// Lead is an inquiry.
	Lead = store.Lead
	// Staff is a member of staff.
	Staff = store.Staff
)

// Book is the service of the client room.
type Book struct {
	deed.Doer
	Finder *find.Index
	SOP    *sop.Engine
}

// New makes the book, fills the finder with everybody who has a file and tells the SOP
// engine what the book can prove.
func New(ctx context.Context, d deed.Doer, index *find.Index, flow *sop.Engine) (*Book, error) {
	b := &Book{Doer: d, Finder: index, SOP: flow}
	b.provers()
	return b, b.fill(ctx)
}

// batch is how many files are opened at once while the finder is filled.
const batch = 500

func (b *Book) fill(ctx context.Context) error {
	last := term.ClientID(0)
	for {
		var people []find.Person
		err := b.Read(ctx, access.System("finder"), access.ClientFind, func(r *store.Read) error {
			clients, err := r.ClientsAfter(last, batch)
			for _, c := range clients {
				last = c.ID
				if findable(c) {
					people = append(people, personOf(c))
				}
			}
			if err == nil && len(clients) < batch {
				last = 0
			}
			return err
		})
		if err != nil {
			return err
		}
		b.Finder.Fill(people)
		if last == 0 {
			return nil
		}
	}
}

// findable says that the finder shows the file: merged and voided ones are not.
func findable(c store.Client) bool { return c.State != "merged" && !c.Voided() }

func personOf(c store.Client) find.Person {
	return find.Person{ID: c.ID, Name: c.Name, Phone: c.Phone, Number: c.Number, Birth: c.Birth}
}

// Keep is the step by which every deed that adds or saves a client keeps the finder right
// after the commit (rulings 9).
func (b *Book) Keep(tx *store.Tx, c store.Client) {
	tx.After(func() {
		if findable(c) {
			b.Finder.Put(personOf(c))
			return
		}
		b.Finder.Take(c.ID)
	})
}
