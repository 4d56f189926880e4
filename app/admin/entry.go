package admin

import (
	"cmp"

	"meixu/store"
	"meixu/store/term"
)

// entry is how somebody comes in.
type entry struct {
	// since is the full login that a PIN rests on, zero for a full login itself; the session ends
	// SessionLife after it, so that PINs alone never go on for ever.
	since term.Instant
	// second uses up the code of the second step; nil when none is asked for.
	second func(*store.Tx) error
	// dear is the hash that takes the place of the password's, which costs too little by now; "" when
	// that stays.
	dear string
}

// wrong is what somebody is told whose secret was changed while it was checked.
func (in entry) wrong() error {
	switch {
	case in.second != nil:
		return wrongIs(errWrong, "pin", "admin.second.wrong")
	case !in.since.IsZero():
		return wrongIs(errWrong, "pin", "admin.pin.wrong")
	}
	return wrongIs(errWrong, "password", wrongAt(false))
}

// admit reads the person anew in the transaction that opens the session: the secret was checked
// before it, and opens nothing that was closed, reset or changed meanwhile. A one-time password is
// used up with it.
func (in entry) admit(tx *store.Tx, who store.Staff) error {
	s, err := tx.Staff(who.ID)
	if err != nil {
		return err
	}
	pin := !in.since.IsZero()
	if !s.Active || s.PasswordAt != who.PasswordAt || pin && s.PINHash != who.PINHash {
		return in.wrong()
	}
	if pin || !s.MustChange && in.dear == "" {
		return nil
	}
	if err := useCode(&s, tx.Now()); err != nil {
		return err
	}
	s.PasswordHash = cmp.Or(in.dear, s.PasswordHash)
	return tx.SaveStaff(&s)
}
