package crm

import (
	"context"
	"errors"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// Correction is who a client is, as it should have been written from the start, or as it is now.
type Correction struct {
	Client    term.ClientID
	Version   int
	Name      string
	Gender    string
	Birth     term.Day
	Phone     string // "": the number stays
	NoPhone   string // why there is no number any more; "" keeps the number
	IDKind    string
	IDNumber  string // "": the number stays
	IDChecked bool   // the document was compared again
	Other     string // why this is not the person whom the duplicate check found
	Reason    string
	Shape     fault.Fields
}

// CorrectSheet is the file that is to be corrected.
type CorrectSheet struct {
	Banner *banner.View
	Client store.Client
}

// CorrectSheet reads the file that is to be corrected; that it was looked at is noted.
func (b *Book) CorrectSheet(ctx context.Context, by access.Actor, id term.ClientID) (s CorrectSheet, err error) {
	err = b.View(ctx, by, access.ClientCorrect, id, func(r *store.Read) error {
		if s.Client, err = client(r, id); err != nil {
			return err
		}
		s.Banner, err = banner.Of(r, by, id)
		return err
	})
	return s, err
}

// Correct writes name, gender, birthday, document and phone of a client anew (client.correct). Who
// somebody is changes with a reason only, and the document counts as compared no more unless it was
// compared again (S1-06): the old comparison was with the old words.
func (b *Book) Correct(ctx context.Context, by access.Actor, in Correction) error {
	by.Reason = strings.TrimSpace(in.Reason)
	var twins *Twins
	err := b.WriteOn(ctx, by, access.ClientCorrect, clientRef(in.Client), func(tx *store.Tx) error {
		c, err := client(tx.Read, in.Client)
		if err != nil {
			return err
		}
		if c.State != "active" || c.Voided() {
			return fault.Refuse("S1-02", "booking.refuse.file", c.Number).Ask("manager")
		}
		if c.Version != in.Version {
			return store.ErrStale
		}
		was := c
		who, err := in.onto(tx, by, &c)
		if err != nil {
			return err
		}
		if twins, err = b.newTwin(tx.Read, was, c, who.Other); err != nil || twins != nil {
			return twins.orError(err)
		}
		if err := tx.SaveClient(&c); err != nil {
			return err
		}
		b.Keep(tx, c)
		tx.Publish(live.Board)
		tx.Result("client", int64(c.ID))
		_, err = b.proveOpen(tx, by, c.ID, ProveIdentity)
		return errors.Join(err, renumber(tx, was.Phone, c))
	})
	if twins != nil && err != nil {
		return twins
	}
	return err
}

// onto puts the correction into the file. What was wrong in the file already and is not touched is
// not held against who mends something else.
func (in Correction) onto(tx *store.Tx, by access.Actor, c *store.Client) (NewClient, error) {
	was := *c
	who := in.typed(was)
	c.Name, c.Gender, c.Birth, c.Phone, c.NoPhone = who.Name, who.Gender, who.Birth, who.Phone, who.NoPhone
	c.IDKind, c.IDNumber = who.IDKind, who.IDNumber
	touched := map[string]bool{
		"name": c.Name != was.Name, "gender": c.Gender != was.Gender, "birth": c.Birth != was.Birth,
		"phone": c.Phone != was.Phone || c.NoPhone != was.NoPhone, "no_phone": c.NoPhone != was.NoPhone,
		"id_kind": c.IDKind != was.IDKind || in.IDChecked, "id_number": c.IDNumber != was.IDNumber,
	}
	touched["id_number"] = touched["id_number"] || touched["id_kind"] || touched["birth"] || touched["gender"]
	identity := touched["name"] || touched["gender"] || touched["birth"] || c.IDKind != was.IDKind || c.IDNumber != was.IDNumber
	f := slices.Clone(in.Shape)
	for _, wrong := range who.check(tx.Today()) {
		if touched[wrong.Name] {
			f = append(f, wrong)
		}
	}
	if touched["birth"] && who.Minor(tx.Today()) && was.Guardian.Name == "" {
		f.Add("birth", "crm.correct.guardian")
	}
	if identity && by.Reason == "" {
		f.Add("reason", "crm.correct.reason")
	}
	switch {
	case in.IDChecked:
		c.IDCheckedAt, c.IDCheckedBy = tx.Now(), by.Staff
	case identity:
		c.IDCheckedAt, c.IDCheckedBy = term.Instant{}, 0
	}
	if who.Other != "" {
		c.Former.Shared = true // somebody looked: another person
	}
	return who, f.Err()
}

// typed is the person as the file will have her; an empty number leaves the one of the file.
func (in Correction) typed(was store.Client) NewClient {
	who := NewClient{
		Name: in.Name, Phone: in.Phone, NoPhone: in.NoPhone, Gender: in.Gender, Birth: in.Birth, IDKind: in.IDKind, IDNumber: in.IDNumber,
		IDChecked: in.IDChecked, Guardian: was.Guardian, Source: was.Source, Other: strings.TrimSpace(in.Other),
	}
	who.trim()
	if who.Phone == "" && who.NoPhone == "" {
		who.Phone, who.NoPhone = was.Phone, was.NoPhone
	}
	if who.IDNumber == "" && who.IDKind == was.IDKind {
		who.IDNumber = was.IDNumber
	}
	return who
}

// newTwin refuses what makes two files of one person (REG-EMR-06): a number or a name with birthday
// that another file has. What stood there already is not asked about again.
func (b *Book) newTwin(r *store.Read, was, c store.Client, other string) (*Twins, error) {
	if other != "" || was.Phone == c.Phone && was.Name == c.Name && was.Birth == c.Birth {
		return nil, nil
	}
	people, err := b.others(r, was, c)
	if err != nil || len(people) == 0 {
		return nil, err
	}
	return &Twins{Refusal: fault.Refuse("REG-EMR-06", "crm.correct.twins", len(people)), People: people}, nil
}

// others are the other files that look like the corrected one; a number that was shared before and
// stays is no news.
func (b *Book) others(r *store.Read, was, c store.Client) ([]store.Client, error) {
	look := NewClient{Name: c.Name, Phone: c.Phone, Birth: c.Birth}
	if was.Phone == c.Phone {
		look.Phone = ""
	}
	people, err := b.twins(r, look)
	return slices.DeleteFunc(people, func(p store.Client) bool { return p.ID == c.ID }), err
}

// CorrectTwins lists the files that the correction would resemble, while it is typed.
func (b *Book) CorrectTwins(ctx context.Context, by access.Actor, in Correction) (people []store.Client, err error) {
	err = b.Read(ctx, by, access.ClientCorrect, func(r *store.Read) error {
		was, err := client(r, in.Client)
		if err != nil {
			return err
		}
		c, who := was, in.typed(was)
		c.Name, c.Birth = who.Name, who.Birth
		if goodPhone(who.Phone) {
			c.Phone = who.Phone
		}
		if c.Phone == was.Phone && c.Name == was.Name && c.Birth == was.Birth {
			return nil
		}
		people, err = b.others(r, was, c)
		return err
	})
	return people, err
}
