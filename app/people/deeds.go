package people

import (
	"context"
	"errors"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// PaperIn is a licence or registration as entered.
type PaperIn struct {
	Staff     term.StaffID
	Kind      string
	Number    string
	Scope     string
	PlaceHere bool
	From      term.Day
	Until     term.Day // "" for a physician's paper: no fixed end (REG-STF-05)
}

// AddLicence enters a paper. It counts only after somebody else checked it (two pairs of
// eyes); a nurse's paper has an end (REG-STF-07).
func (o *Office) AddLicence(ctx context.Context, by access.Actor, in PaperIn) (id int64, err error) {
	err = o.Write(ctx, by, access.LicenceAdd, func(tx *store.Tx) error {
		if err := checkPaper(in); err != nil {
			return err
		}
		if _, err := tx.Staff(in.Staff); err != nil {
			return none(err, "staff")
		}
		l := store.Licence{
			Staff: in.Staff, Kind: in.Kind, Number: strings.TrimSpace(in.Number), Scope: strings.TrimSpace(in.Scope),
			PlaceHere: in.PlaceHere, ValidFrom: in.From, ValidUntil: in.Until,
		}
		if err := tx.AddLicence(&l); err != nil {
			return err
		}
		id = l.ID
		tx.Publish(live.Staff)
		tx.Result("licence", id)
		return nil
	})
	return id, err
}

func checkPaper(in PaperIn) error {
	var f fault.Fields
	if in.Staff == 0 {
		f.Add("staff", "people.bad.staff")
	}
	if !slices.Contains(PaperKinds, in.Kind) {
		f.Add("kind", "people.bad.kind")
	}
	if strings.TrimSpace(in.Number) == "" {
		f.Add("number", "people.bad.number")
	}
	if in.From == "" {
		f.Add("from", "people.bad.from")
	}
	if in.Until == "" && in.Kind == PaperNurse {
		f.Add("until", "people.bad.nurse_until")
	}
	if in.Until.Before(in.From) {
		f.Add("until", "people.bad.until")
	}
	return f.Err()
}

func none(err error, noun string) error {
	if errors.Is(err, store.ErrNotFound) {
		return fault.NotFound(noun).Because(err)
	}
	return err
}

// CheckLicence confirms that a paper was compared with the original. Who entered it cannot
// check it, nor can its holder.
func (o *Office) CheckLicence(ctx context.Context, by access.Actor, id int64) error {
	return o.WriteOn(ctx, by, access.LicenceCheck, paperSubject(id), func(tx *store.Tx) error {
		l, err := tx.Licence(id)
		if err != nil {
			return none(err, "licence")
		}
		author, err := authorOf(tx.Read, id)
		if err != nil {
			return err
		}
		switch {
		case !l.CheckedAt.IsZero():
			return fault.Clash("people.refuse.checked")
		case author == by.Staff || l.Staff == by.Staff:
			return fault.Refuse("REG-STF-04", "people.refuse.own_check").Ask("quality")
		}
		l.CheckedAt, l.CheckedBy = tx.Now(), by.Staff
		tx.Publish(live.Staff)
		tx.Result("licence", id)
		return tx.SaveLicence(&l)
	})
}

func paperSubject(id int64) store.Subject { return store.Subject{Noun: "licence", ID: id} }

// authorOf reads from the trail who entered a paper.
func authorOf(r *store.Read, id int64) (term.StaffID, error) {
	authors, err := r.AuthorsOf("licences", []int64{id})
	return authors[id], err
}

// SuspendLicence suspends a paper, or lifts the suspension, with a reason. One's own paper is
// for others.
func (o *Office) SuspendLicence(ctx context.Context, by access.Actor, id int64, suspend bool, reason string) error {
	by.Reason = strings.TrimSpace(reason)
	return o.WriteOn(ctx, by, access.LicenceSuspend, paperSubject(id), func(tx *store.Tx) error {
		l, err := tx.Licence(id)
		if err != nil {
			return none(err, "licence")
		}
		switch {
		case by.Reason == "":
			var f fault.Fields
			f.Add("reason", "people.bad.reason")
			return f.Err()
		case l.Suspended == suspend:
			return fault.Clash("people.refuse.suspended_already")
		case l.Staff == by.Staff:
			return fault.Refuse("REG-STF-04", "people.refuse.own_paper").Ask("owner")
		}
		l.Suspended = suspend
		tx.Publish(live.Staff)
		tx.Publish(live.Alerts)
		tx.Result("licence", id)
		return tx.SaveLicence(&l)
	})
}

// Grant is one cell of the matrix of rights.
type Grant struct {
	Staff    term.StaffID
	ItemKind string
	Level    string
	Until    term.Day
}

// GrantRight sets what a person may do with a kind of item (F14). Nobody grants oneself a
// right, and only holders of a medical paper get one (REG-STF-10).
func (o *Office) GrantRight(ctx context.Context, by access.Actor, in Grant) error {
	return o.WriteOn(ctx, by, access.RightGrant, store.Subject{Noun: "staff", ID: int64(in.Staff)}, func(tx *store.Tx) error {
		if err := checkGrant(tx.Read, in); err != nil {
			return err
		}
		f, err := ownFacts(tx.Read, in.Staff)
		if err != nil {
			return none(err, "staff")
		}
		if in.Staff == by.Staff {
			return fault.Refuse("REG-STF-04", "people.refuse.own_right").Ask("owner")
		}
		if in.Level != RightNone && !f.medical() {
			return fault.Refuse("REG-STF-10", "people.refuse.no_paper", f.Staff.Name).Ask("manager")
		}
		tx.Publish(live.Staff)
		tx.Result("staff", int64(in.Staff))
		right, known := f.Rights[in.ItemKind]
		right.Staff, right.ItemKind, right.Level = in.Staff, in.ItemKind, in.Level
		right.GrantedBy, right.ValidUntil = by.Staff, in.Until
		if known {
			return tx.SaveStaffRight(&right)
		}
		return tx.AddStaffRight(&right)
	})
}

func checkGrant(r *store.Read, in Grant) error {
	kinds, err := kindsOf(r)
	if err != nil {
		return err
	}
	var f fault.Fields
	if !slices.Contains(kinds, in.ItemKind) {
		f.Add("kind", "people.bad.item_kind")
	}
	if !slices.Contains(RightLevels, in.Level) {
		f.Add("level", "people.bad.level")
	}
	if in.Until.Before(r.Today()) {
		f.Add("until", "people.bad.until_past")
	}
	return f.Err()
}

// kindsOf lists the kinds of item of the catalogue, in the order of the price list.
func kindsOf(r *store.Read) ([]string, error) {
	items, err := r.Items(false)
	if err != nil {
		return nil, err
	}
	var kinds []string
	for _, i := range items {
		if !slices.Contains(kinds, i.Kind) {
			kinds = append(kinds, i.Kind)
		}
	}
	return kinds, nil
}
