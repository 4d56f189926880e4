// Package crm keeps who comes: leads before any consent, clients after it, and the finder
// over both. A file exists only when privacy notice and health consent are signed (REG-PII-01).
package crm

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/find"
	"meixu/app/engine/sop"
	"meixu/app/engine/turnstile"
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

	guests turnstile.Turnstile
}

// New makes the book, fills the finder with everybody who has a file and tells the SOP
// engine what the book can prove.
func New(ctx context.Context, d deed.Doer, index *find.Index, flow *sop.Engine) (*Book, error) {
	b := &Book{Doer: d, Finder: index, SOP: flow}
	b.provers()
	return b, b.fill(ctx)
}

// batch is how many files are read in one snapshot while the finder is filled.
const batch = 20_000

// partLeast is how many files are worth a connection of their own.
const partLeast = 1_000

// fill reads everybody who has a file, a part on each processor when there are many: opening the
// sealed names is most of what a start costs.
func (b *Book) fill(ctx context.Context) error {
	last, err := b.lastClient(ctx)
	if err != nil {
		return err
	}
	parts := make([][]find.Person, min(runtime.NumCPU(), 4, 1+int(last)/partLeast))
	errs := make([]error, len(parts))
	share := last/term.ClientID(len(parts)) + 1
	var group sync.WaitGroup
	for i := range parts {
		from := term.ClientID(i) * share
		group.Go(func() { parts[i], errs[i] = b.readPart(ctx, from, from+share) })
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	b.Finder.Fill(slices.Concat(parts...))
	return nil
}

func (b *Book) lastClient(ctx context.Context) (last term.ClientID, err error) {
	err = b.Read(ctx, access.System("finder"), access.ClientFind, func(r *store.Read) error {
		last, err = r.LastClient()
		return err
	})
	return last, err
}

// readPart reads the files with from < id <= to.
func (b *Book) readPart(ctx context.Context, from, to term.ClientID) (people []find.Person, err error) {
	for from < to {
		err := b.Read(ctx, access.System("finder"), access.ClientFind, func(r *store.Read) error {
			list, err := r.Findables(from, to, batch)
			for _, f := range list {
				people = append(people, find.Person{
					ID: f.ID, Name: f.Name, Phone: f.Phone, Number: f.Number, Birth: f.Birth, Into: f.Into, Former: f.Former.Number,
				})
				from = f.ID
			}
			if len(list) < batch {
				from = to
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return people, nil
}

// findable says that the finder shows the file: merged and voided ones are not.
func findable(c store.Client) bool { return c.State != "merged" && !c.Voided() }

func personOf(c store.Client) find.Person {
	return find.Person{ID: c.ID, Name: c.Name, Phone: c.Phone, Number: c.Number, Birth: c.Birth, Former: c.Former.Number}
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

// NewPhone is the step by which another room puts a new number into a file.
func (b *Book) NewPhone(tx *store.Tx, c store.Client, phone string) error {
	was := c.Phone
	c.Phone = phone
	if err := tx.SaveClient(&c); err != nil {
		return err
	}
	b.Keep(tx, c)
	return renumber(tx, was, c)
}

// renumber lets a no to messages follow the person to a new number: it is asked by the number, whichever
// file or inquiry a message is for (REG-ADV-16).
func renumber(tx *store.Tx, was string, c store.Client) error {
	if c.Phone == was {
		return nil
	}
	choice, err := tx.ContactChoice(c.ID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	choice.Phone = c.Phone
	return tx.SaveContactChoice(&choice)
}
