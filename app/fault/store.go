package fault

import (
	"context"
	"errors"

	"meixu/app/words"
	"meixu/store"
	"meixu/store/file"
)

// FromStore turns the store's errors into faults, once for the whole house; doing says what
// was being done and is for the log. Faults and store.Replayed pass unchanged.
func FromStore(err error, doing string) error {
	var already *Error
	var replayed *store.Replayed
	var exists *store.ErrExists
	switch {
	case err == nil:
		return nil
	case errors.As(err, &already):
		return already
	case errors.As(err, &replayed):
		return replayed
	case errors.As(err, &exists):
		return Clash(constraintKey(exists.Constraint)).Because(err)
	case errors.Is(err, store.ErrNotFound):
		return NotFound("record").Because(err)
	case errors.Is(err, store.ErrStale):
		return (&Error{Kind: KindStale, Key: "fault.stale"}).Because(err)
	case errors.Is(err, store.ErrLarge):
		return (&Error{Kind: KindInvalid, Key: "web.large"}).Because(err)
	case errors.Is(err, store.ErrOnce):
		return Clash("fault.once").Because(err)
	case errors.Is(err, store.ErrChanged):
		return Clash(Changed).Because(err)
	case errors.Is(err, store.ErrStopped):
		return (&Error{Kind: KindBusy, Key: "fault.stopped", Who: "sysadmin"}).Because(err)
	case errors.Is(err, store.ErrBusy), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return (&Error{Kind: KindBusy, Key: "fault.busy"}).Because(err)
	}
	return Defect(doing, err)
}

// Changed is the key of the sentence to who changed a page and sent it a second time: the first
// post stands, the changes are on the page and not saved.
const Changed = "fault.changed"

// NoRoom says that the disk was full, be it under the database or under a picture.
func NoRoom(err error) bool {
	return errors.Is(err, store.ErrFull) || file.Full(err)
}

// constraintKey is the sentence of a schema constraint: `fault.exists.<constraint>` when the
// catalogue has one, else the general sentence.
func constraintKey(constraint string) string {
	key := "fault.exists." + constraint
	if words.ZH.Has(key) {
		return key
	}
	return "fault.exists"
}

// Replayed says that the post was carried out before, and names what it made: noun and row id.
func Replayed(err error) (noun string, id int64, ok bool) {
	var again *store.Replayed
	if !errors.As(err, &again) {
		return "", 0, false
	}
	on, _ := store.ParseSubject(again.Result)
	return on.Noun, on.ID, true
}
