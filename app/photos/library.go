package photos

import (
	"context"
	"slices"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// Case is a case with how it stands today.
type Case struct {
	store.Case
	Standing string // of CaseStates
	Consent  store.Consent
	Withdrew string   // who took it out
	Last     term.Day // on which it may be shown; "" without an end
	Pictures bool     // the reader may see them
}

// Library is the list of cases with what it was filtered by.
type Library struct {
	Kinds  []string
	Kind   string
	State  string
	Counts map[string]int // by state, of the kind
	Cases  []Case
}

// Library lists the cases of a kind and a state ("" = all).
func (a *Album) Library(ctx context.Context, by access.Actor, kind, state string) (l Library, err error) {
	l = Library{Kind: kind, State: state, Counts: map[string]int{}}
	err = a.Read(ctx, by, access.CaseList, func(r *store.Read) error {
		all, err := r.Cases()
		if err != nil {
			return err
		}
		for _, c := range all {
			if !slices.Contains(l.Kinds, c.ItemKind) {
				l.Kinds = append(l.Kinds, c.ItemKind)
			}
			one, err := standing(r, by, c)
			if err != nil {
				return err
			}
			if kind != "" && c.ItemKind != kind {
				continue
			}
			l.Counts[one.Standing]++
			l.Counts[""]++
			if state == "" || one.Standing == state {
				l.Cases = append(l.Cases, one)
			}
		}
		slices.Sort(l.Kinds)
		return nil
	})
	return l, err
}

// Case reads one case as a client would see it, and why it is not shown if it is not.
func (a *Album) Case(ctx context.Context, by access.Actor, id term.CaseID) (c Case, err error) {
	err = a.Read(ctx, by, access.CaseList, func(r *store.Read) error {
		row, err := r.Case(id)
		if err != nil {
			return gone(err, "case")
		}
		if c, err = standing(r, by, row); err != nil || row.WithdrawnBy == 0 {
			return err
		}
		who, err := r.Staff(row.WithdrawnBy)
		c.Withdrew = who.Name
		return err
	})
	return c, err
}

func standing(r *store.Read, by access.Actor, row store.Case) (c Case, err error) {
	c = Case{Case: row, Standing: CaseShown, Pictures: by.May(access.MediaView)}
	if row.Consent != 0 {
		if c.Consent, err = r.Consent(row.Consent); err != nil {
			return c, err
		}
	}
	if !row.AuthorisedUntil.IsZero() {
		c.Last = row.AuthorisedUntil.Add(-time.Millisecond).Day(r.Zone())
	}
	spoilt := false
	for _, id := range []term.MediaID{row.Before, row.After} {
		if id == 0 {
			continue
		}
		m, err := r.Media(id)
		if err != nil {
			return c, err
		}
		spoilt = spoilt || m.State == store.MediaVoid
	}
	switch {
	case row.State == CaseWithdrawn:
		c.Standing = CaseWithdrawn
	case !c.Consent.WithdrawnAt.IsZero():
		c.Standing = CaseRevoked
	case spoilt:
		c.Standing = CaseSpoilt
	case !row.AuthorisedUntil.IsZero() && !row.AuthorisedUntil.After(r.Now()):
		c.Standing = CaseExpired
	}
	// A picture of a case alone is not even opened by staff once the case may not be shown.
	c.Pictures = c.Pictures && c.Standing == CaseShown
	return c, nil
}

// Willing is a client whose consent to be shown as a case stands.
type Willing struct {
	Client  store.Client
	Given   term.Instant
	Photos  int // pictures that may become part of a case
	Already int // cases of the client
}

// Draft is what the form of a new case offers: first the clients who agreed, then the
// pictures of the chosen one.
type Draft struct {
	Willing []Willing
	Client  store.Client // zero until one is chosen
	Photos  []store.Media
	Kinds   []string
	Today   term.Day
	Last    term.Day // the last day that may be authorised
}

// DraftCase reads the form of a new case; looking at the pictures of a client is noted.
func (a *Album) DraftCase(ctx context.Context, by access.Actor, client term.ClientID) (d Draft, err error) {
	read := func(r *store.Read) error {
		d.Today = r.Today()
		if d.Willing, err = willing(r); err != nil || client == 0 {
			return err
		}
		if d.Client, err = r.Client(client); err != nil {
			return gone(err, "client")
		}
		at := slices.IndexFunc(d.Willing, func(w Willing) bool { return w.Client.ID == client })
		if at < 0 {
			return fault.Refuse("REG-ADV-17", "cases.no_consent", d.Client.Number).Ask(string(access.Consultant))
		}
		d.Last = d.Willing[at].Given.Day(r.Zone()).Add(consentYears * 365)
		if d.Photos, err = usable(r, client); err != nil {
			return err
		}
		d.Kinds, err = CaseKinds(r)
		return err
	}
	if client == 0 {
		return d, a.Read(ctx, by, access.CaseAdd, read)
	}
	return d, a.View(ctx, by, access.CaseAdd, client, read)
}

func willing(r *store.Read) (list []Willing, err error) {
	consents, err := r.ConsentsTo(term.ForPhotoCase)
	if err != nil {
		return nil, err
	}
	cases, err := r.Cases()
	if err != nil {
		return nil, err
	}
	for _, c := range consents {
		who, err := r.Client(c.Client)
		if err != nil {
			return nil, err
		}
		photos, err := usable(r, c.Client)
		if err != nil {
			return nil, err
		}
		w := Willing{Client: who, Given: c.GivenAt, Photos: len(photos)}
		for _, k := range cases {
			if k.Consent == c.ID {
				w.Already++
			}
		}
		list = append(list, w)
	}
	return list, nil
}

// CaseKinds lists the kinds of item that a case may be of, in the order of the price list.
func CaseKinds(r *store.Read) (kinds []string, err error) {
	items, err := r.Items(false)
	for _, i := range items {
		if !slices.Contains(kinds, i.Kind) {
			kinds = append(kinds, i.Kind)
		}
	}
	return kinds, err
}
