// Package inventory is the shelf of the clinic: lots come in against the law of drugs and
// devices (REG-DRG, REG-DEV), are kept first expiry first, counted blind, held when in
// doubt, and taken for one treatment by scan or by typed lot (S4-07, S4-08). What is left of
// a lot is the sum of its ledger account "stock" in thousandths of the product's unit.
//
// The procedure room calls the steps Candidates, Take, CloseUse and ReturnAll in its own
// transaction; everything else is a deed of the Shelf.
package inventory

import (
	"context"
	"errors"
	"slices"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/engine/licence"
	"meixu/store"
	"meixu/store/term"
)

// Account is the ledger kind of what is left of a lot.
const Account = "stock"

// ConfirmPIN checks that a person typed the own PIN; slow on purpose, so it is called before
// a write. The administration's office has it.
type ConfirmPIN func(ctx context.Context, by access.Actor, staff term.StaffID, pin string) error

// Shelf is the inventory's service.
type Shelf struct {
	deed.Doer
	confirm ConfirmPIN
}

// New makes the shelf.
func New(d deed.Doer, confirm ConfirmPIN) *Shelf { return &Shelf{Doer: d, confirm: confirm} }

func account(lot term.LotID) store.Account { return store.Account{Kind: Account, ID: int64(lot)} }

// left is what the ledger says is left of a lot.
func left(r *store.Read, lot term.LotID) (term.Qty, error) {
	sum, err := r.Balance(Account, int64(lot))
	return term.Qty(sum), err
}

// witness checks the PIN of a second person before the write; nobody named is no witness.
func (s *Shelf) witness(ctx context.Context, by access.Actor, second term.StaffID, pin string) error {
	if second == 0 {
		return nil
	}
	return s.confirm(ctx, by, second, pin)
}

// mayWitness reads whether a person may be the second one: another than the first, at work
// here, and of a duty that deals with drugs (REG-DRG-03). A physician or nurse whose paper is
// suspended or has ended is no medical staff and may not (REG-STF-04, REG-STF-07); who keeps
// the store or leads the house needs none.
func mayWitness(r *store.Read, first, second term.StaffID) (bool, error) {
	if second == 0 || second == first {
		return false, nil
	}
	who, err := r.Staff(second)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil || !who.Active {
		return false, err
	}
	duty := func(role access.Role) bool { return slices.Contains(who.Roles, string(role)) }
	switch {
	case !slices.ContainsFunc(access.Holders(access.LotWitness), duty):
		return false, nil
	case duty(access.Physician) || duty(access.Nurse):
		return licence.Practises(r, who)
	}
	return true, nil
}

// MayWitness reads whether second may be the second person at a toxic drug beside first.
func MayWitness(r *store.Read, first, second term.StaffID) (bool, error) {
	return mayWitness(r, first, second)
}

// Witnesses lists the people who may be the second one beside by.
func (s *Shelf) Witnesses(ctx context.Context, by access.Actor) (list []Person, err error) {
	err = s.Read(ctx, by, access.StockView, func(r *store.Read) error {
		all, err := r.AllStaff()
		for _, p := range all {
			ok, err := mayWitness(r, by.Staff, p.ID)
			if err != nil {
				return err
			}
			if ok {
				list = append(list, Person{p.ID, p.Name, p.Title})
			}
		}
		return err
	})
	return list, err
}

// Person is a member of staff to choose.
type Person struct {
	ID    term.StaffID
	Name  string
	Title string
}
