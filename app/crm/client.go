package crm

import (
	"context"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// NewClient is what is typed, ticked and signed when a file is opened.
type NewClient struct {
	Name, Phone, Gender string
	NoPhone             string // why there is no phone, one of term.NoPhones
	Birth               term.Day
	IDKind, IDNumber    string
	IDChecked           bool // staff compared the document with the person
	Source              string
	Consultant          term.StaffID
	Lead                term.LeadID
	Intake              term.IntakeID // what the guest told on the own phone
	Guardian            store.Contact
	Strokes             Strokes
	Photo               bool // photos for the record
	Marketing           bool
	Recording           bool
	// Other says why this is not the person whom the duplicate check found.
	Other string
	// Shape are the fields that could not be read at all; the room adds its own complaints.
	Shape fault.Fields
}

// Twins says that the file may exist already (REG-EMR-06): the people found, for "open the
// one that is there". It is a conflict until Other is given.
type Twins struct {
	Refusal *fault.Error
	People  []store.Client
}

// Error is the text for logs.
func (t *Twins) Error() string { return t.Refusal.Error() }

// Unwrap gives the fault, so that the web knows the status.
func (t *Twins) Unwrap() error { return t.Refusal }

// CreateClient opens a file in one act: the row, privacy notice and separate health consent
// issued and signed, the consents noted. Without both signatures nothing is kept (REG-PII-01).
func (b *Book) CreateClient(ctx context.Context, by access.Actor, in NewClient) (id term.ClientID, err error) {
	in.trim()
	if by.Reason == "" {
		by.Reason = strings.TrimSpace(in.Other)
	}
	var twins *Twins
	err = b.Write(ctx, by, access.ClientCreate, func(tx *store.Tx) error {
		if err := in.check(tx.Today()).Err(); err != nil {
			return err
		}
		if err := in.Strokes.signed(store.Client{Birth: in.Birth, Guardian: in.Guardian}, tx.Today()); err != nil {
			return err
		}
		if twins, err = b.noTwin(tx.Read, in); err != nil || twins != nil {
			return twins.orError(err)
		}
		if err := consults(tx.Read, in.Consultant); err != nil {
			return err
		}
		c, err := b.openFile(tx, by, in)
		if err != nil {
			return err
		}
		id = c.ID
		b.Keep(tx, c)
		tx.Result("client", int64(c.ID))
		return nil
	})
	if twins != nil && err != nil {
		return 0, twins
	}
	if noun, again, ok := fault.Replayed(err); ok && noun == "client" {
		return term.ClientID(again), nil
	}
	return id, err
}

// openFile adds the row with what the guest told before, both consents and what was ticked beside
// them, and ties the inquiries of which the client came.
func (b *Book) openFile(tx *store.Tx, by access.Actor, in NewClient) (store.Client, error) {
	c := in.row(tx.Now(), by)
	told, err := fromIntake(tx, in.Intake, &c)
	if err != nil {
		return c, err
	}
	if err := tx.AddClient(&c); err != nil {
		return c, err
	}
	if told.ID != 0 {
		if err := closeIntake(tx, told, c.ID); err != nil {
			return c, err
		}
	}
	if err := b.consent(tx, by, c, in.Strokes); err != nil {
		return c, err
	}
	if err := in.extras(tx, c.ID); err != nil {
		return c, err
	}
	return c, b.tie(tx, by, in.Lead, c)
}

// extras notes the consents that were given beside the two that a file needs.
func (in NewClient) extras(tx *store.Tx, client term.ClientID) error {
	for purpose, given := range map[term.Purpose]bool{
		term.ForPhotoRecord: in.Photo, term.ForMarketing: in.Marketing, term.ForRecording: in.Recording,
	} {
		if !given {
			continue
		}
		if err := give(tx, client, purpose, 0); err != nil {
			return err
		}
	}
	return nil
}

func (in NewClient) row(now term.Instant, by access.Actor) store.Client {
	c := store.Client{
		Name: in.Name, Phone: in.Phone, NoPhone: in.NoPhone, Gender: in.Gender, Birth: in.Birth, IDKind: in.IDKind, IDNumber: in.IDNumber,
		Source: in.Source, Consultant: in.Consultant, Guardian: in.Guardian,
		Former: store.Former{Shared: in.Other != ""}, // somebody looked: another person
	}
	if in.IDChecked {
		c.IDCheckedAt, c.IDCheckedBy = now, by.Staff
	}
	return c
}

// noTwin refuses a second file of one person: same phone, or same name and birth day.
func (b *Book) noTwin(r *store.Read, in NewClient) (*Twins, error) {
	if strings.TrimSpace(in.Other) != "" {
		return nil, nil
	}
	people, err := b.twins(r, in)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	return &Twins{Refusal: fault.Refuse("REG-EMR-06", "crm.client.twins", len(people)), People: people}, nil
}

// orError is the error of the reading, else the refusal.
func (t *Twins) orError(err error) error {
	if err != nil {
		return err
	}
	return t
}

// Twins lists the files that may be of the person who is being typed, while she is typed: the same
// phone, or the same name and birthday.
func (b *Book) Twins(ctx context.Context, by access.Actor, in NewClient) (people []store.Client, err error) {
	in.trim()
	if !goodPhone(in.Phone) {
		in.Phone = ""
	}
	err = b.Read(ctx, by, access.ClientCreate, func(r *store.Read) error {
		people, err = b.twins(r, in)
		return err
	})
	return people, err
}

func (b *Book) twins(r *store.Read, in NewClient) ([]store.Client, error) {
	var people []store.Client
	if in.Phone != "" {
		list, err := r.ClientsByPhone(in.Phone)
		if err != nil {
			return nil, err
		}
		people = list
	}
	if in.Name == "" || in.Birth == "" {
		return people, nil
	}
	for _, p := range b.Finder.Search(in.Name, 100) {
		if p.Name != in.Name || p.Birth != in.Birth || p.Phone == in.Phone && p.Phone != "" {
			continue
		}
		c, err := r.Client(p.ID)
		if err != nil {
			return nil, err
		}
		people = append(people, c)
	}
	return people, nil
}

// tie links the lead of which the client came, and every other open lead of the same phone.
func (b *Book) tie(tx *store.Tx, by access.Actor, id term.LeadID, c store.Client) error {
	leads, err := tx.LeadsByPhone(c.Phone)
	if err != nil {
		return err
	}
	if id != 0 {
		l, err := lead(tx.Read, id)
		if err != nil {
			return err
		}
		if l.Phone != c.Phone {
			leads = append(leads, l)
		}
	}
	for i := range leads {
		l := leads[i]
		if l.Client != 0 || l.State != term.LeadOpen && l.State != term.LeadBooked {
			continue
		}
		if err := answer(tx, by, &l); err != nil {
			return err
		}
		l.Client = c.ID
		if err := tx.SaveLead(&l); err != nil {
			return err
		}
	}
	return nil
}

// consults refuses as a client's own consultant who is none, or is no longer there since the form was
// opened: whoever left leaves no client behind (row:C7).
func consults(r *store.Read, id term.StaffID) error {
	if id == 0 {
		return nil
	}
	list, err := r.StaffWithRole(string(access.Consultant))
	if err == nil && !slices.ContainsFunc(list, func(s store.Staff) bool { return s.ID == id }) {
		var f fault.Fields
		f.Add("consultant", "crm.client.consultant.bad")
		return f.Err()
	}
	return err
}

// NewSheet is what the form of a new client shows beside its fields.
type NewSheet struct {
	Papers      Papers
	Consultants []store.Staff
	Lead        store.Lead
}

// NewSheet reads the texts to be signed, with the name typed so far, and who consults.
func (b *Book) NewSheet(ctx context.Context, by access.Actor, in NewClient) (s NewSheet, err error) {
	err = b.Read(ctx, by, access.ClientCreate, func(r *store.Read) error {
		if in.Lead != 0 {
			if s.Lead, err = lead(r, in.Lead); err != nil {
				return err
			}
		}
		if s.Consultants, err = r.StaffWithRole(string(access.Consultant)); err != nil {
			return err
		}
		name := in.Name
		if name == "" {
			name = s.Lead.Name
		}
		if name == "" {
			name = words.ZH.T("crm.paper.client")
		}
		facts, err := factsOf(r, words.ZH, store.Client{Name: name, Number: words.ZH.T("crm.paper.number"), Guardian: in.Guardian})
		if err != nil {
			return err
		}
		s.Papers, err = papers(r, facts, words.ZH)
		return err
	})
	return s, err
}
