package photos

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/media"
	"meixu/app/engine/phrase"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// States of a case in the library. All but CaseShown are kept from clients (REG-ADV-17).
const (
	CaseShown     = "shown"
	CaseExpired   = "expired"   // the authorised time is over
	CaseRevoked   = "revoked"   // the person took the consent back
	CaseSpoilt    = "spoilt"    // one of its pictures was voided
	CaseWithdrawn = "withdrawn" // the house took it out
)

// CaseStates lists the states in the order of the filter.
var CaseStates = []string{CaseShown, CaseExpired, CaseRevoked, CaseSpoilt, CaseWithdrawn}

// consentYears is for how long after the consent a case may be authorised at most. The paper
// itself counts until it is taken back; the house asks again after three years.
const consentYears = 3

// The longest title and story, in characters.
const (
	titleMax = 40
	storyMax = 600
)

// NewCase is a case as entered. Before and After are pictures of the client; where a picture
// was made fit for showing (cut, eyes covered), the upload takes its place.
type NewCase struct {
	Client                term.ClientID
	ItemKind              string
	Title, Story          string
	Before, After         term.MediaID
	BeforeFile, AfterFile Upload
	Until                 term.Day     // the last day on which it may be shown
	Shape                 fault.Fields // fields that could not be read at all
}

// AddCase puts a case into the library. It keeps these rules: the consent of the person to be
// shown as a case stands (REG-ADV-17); both pictures are of that person and none was voided;
// words promise nothing (the phrase engine) and do not name the person; the authorised time
// ends, at the latest three years after the consent.
func (a *Album) AddCase(ctx context.Context, by access.Actor, in NewCase) (id term.CaseID, err error) {
	if err := a.Read(ctx, by, access.CaseAdd, func(r *store.Read) error {
		_, err := a.checkCase(r, in)
		return err
	}); err != nil {
		return 0, err
	}
	var taken [2]media.Prepared
	for i, open := range []Upload{in.BeforeFile, in.AfterFile} {
		if open == nil {
			continue
		}
		if taken[i], err = a.take(ctx, by, in.Client, open); err != nil {
			return 0, err
		}
	}
	err = a.Write(ctx, by, access.CaseAdd, func(tx *store.Tx) error {
		consent, err := a.checkCase(tx.Read, in) // taken back meanwhile?
		if err != nil {
			return err
		}
		c := store.Case{
			ItemKind: in.ItemKind, Title: strings.TrimSpace(in.Title), Story: strings.TrimSpace(in.Story), Consent: consent.ID,
			Before: in.Before, After: in.After, AuthorisedUntil: in.Until.End(tx.Zone()), State: CaseShown,
		}
		for i, at := range []*term.MediaID{&c.Before, &c.After} {
			if [...]Upload{in.BeforeFile, in.AfterFile}[i] == nil {
				continue
			}
			m, err := media.Add(tx, by, taken[i], media.Meta{Kind: "case", View: "other"})
			if err != nil {
				return err
			}
			*at = m.ID
		}
		if err := tx.AddCase(&c); err != nil {
			return err
		}
		id = c.ID
		tx.Result("case", int64(id))
		return nil
	})
	return id, err
}

// checkCase names every wrong field, then asks for the consent.
func (a *Album) checkCase(r *store.Read, in NewCase) (store.Consent, error) {
	f := slices.Clone(in.Shape)
	who, err := deed.Standing(r, in.Client)
	if fault.KindOf(err) == fault.KindNotFound {
		f.Add("client", "cases.bad.client")
		return store.Consent{}, f.Err()
	}
	if err != nil {
		return store.Consent{}, err
	}
	have, err := r.Consents(in.Client)
	if err != nil {
		return store.Consent{}, err
	}
	consent, stands := have[term.ForPhotoCase]
	if !stands {
		return consent, fault.Refuse("REG-ADV-17", "cases.no_consent", who.Number).Ask(string(access.Consultant))
	}
	kinds, err := CaseKinds(r)
	if err != nil {
		return consent, err
	}
	if !slices.Contains(kinds, in.ItemKind) {
		f.Add("kind", "cases.bad.kind")
	}
	a.checkWords(&f, who, "title", in.Title, titleMax)
	a.checkWords(&f, who, "story", in.Story, storyMax)
	last := consent.GivenAt.Day(r.Zone()).Add(consentYears * 365)
	if in.Until.Before(r.Today()) || in.Until == "" || last.Before(in.Until) {
		f.Add("until", "cases.bad.until", string(last))
	}
	if err := in.checkPictures(r, &f); err != nil {
		return consent, err
	}
	return consent, f.Err()
}

// checkWords wants a text that names nobody and promises nothing. The rules of talk count: a case
// is shown in consultation and never published (REG-ADV-17).
func (a *Album) checkWords(f *fault.Fields, who store.Client, field, text string, longest int) {
	text = strings.TrimSpace(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		f.Add(field, "cases.bad.empty")
	case n > longest:
		f.Add(field, "cases.bad.long", longest)
	case names(text, who):
		f.Add(field, "cases.bad.name")
	}
	var banned []string
	for _, hit := range a.phrases.Check(text, phrase.Talk).Hits {
		if hit.Severity != phrase.Note && !slices.Contains(banned, hit.Text) {
			banned = append(banned, hit.Text)
		}
	}
	if len(banned) > 0 {
		f.Add(field, "cases.bad.phrase", strings.Join(banned, " "))
	}
}

// names says that the text gives the person away.
func names(text string, who store.Client) bool {
	for _, mark := range []string{who.Name, who.Phone, who.Number} {
		if mark != "" && strings.Contains(text, mark) {
			return true
		}
	}
	return false
}

// checkPictures wants two different pictures of the person, chosen or uploaded.
func (in NewCase) checkPictures(r *store.Read, f *fault.Fields) error {
	usable, err := usable(r, in.Client)
	if err != nil {
		return err
	}
	for _, p := range []struct {
		field  string
		id     term.MediaID
		upload Upload
	}{{"before", in.Before, in.BeforeFile}, {"after", in.After, in.AfterFile}} {
		if p.upload == nil && !slices.ContainsFunc(usable, func(m store.Media) bool { return m.ID == p.id }) {
			f.Add(p.field, "cases.bad.picture")
		}
	}
	if in.Before == in.After && in.BeforeFile == nil && in.AfterFile == nil {
		f.Add("after", "cases.bad.same")
	}
	return nil
}

// usable lists the pictures of a client that may become part of a case.
func usable(r *store.Read, client term.ClientID) ([]store.Media, error) {
	list, err := r.MediaList(store.MediaFilter{Client: client, NotVoid: true})
	return slices.DeleteFunc(list, func(m store.Media) bool {
		return !slices.Contains([]string{"baseline", "immediate", "review"}, m.Kind)
	}), err
}

// WithdrawCase takes a case out of the library with a reason; it stays on record.
func (a *Album) WithdrawCase(ctx context.Context, by access.Actor, id term.CaseID, version int, reason string) error {
	by.Reason = strings.TrimSpace(reason)
	return a.WriteOn(ctx, by, access.CaseWithdraw, store.Subject{Noun: "case", ID: int64(id)}, func(tx *store.Tx) error {
		c, err := tx.Case(id)
		if err != nil {
			return gone(err, "case")
		}
		if c.Version != version {
			return store.ErrStale
		}
		var f fault.Fields
		if by.Reason == "" {
			f.Add("reason", "cases.bad.reason")
		}
		if err := f.Err(); err != nil {
			return err
		}
		if c.State == CaseWithdrawn {
			return fault.Refuse("REG-ADV-17", "cases.withdrawn_already", c.Number)
		}
		c.State, c.WithdrawnAt, c.WithdrawnBy, c.WithdrawReason = CaseWithdrawn, tx.Now(), by.Staff, by.Reason
		tx.Result("case", int64(id))
		return tx.SaveCase(&c)
	})
}
