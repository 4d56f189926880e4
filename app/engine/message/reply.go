package message

import (
	"fmt"
	"time"

	"meixu/store"
	"meixu/store/term"
)

// Reply is the step that answers a guest whose wish cannot be met, with other times that are free
// when there are any. It says whether a text waits now: who wants no messages gets none.
func Reply(tx *store.Tx, kind string, q store.BookingRequest, free []term.Instant) (bool, error) {
	to, err := personOf(tx.Read, q.Client, q.Lead)
	if err != nil {
		return false, err
	}
	wished := q.Day.Start(tx.Zone()).Add(time.Duration(q.From) * time.Minute)
	return put(tx, draft{
		kind: kind, key: fmt.Sprintf("%s/request:%d", kind, q.ID), to: to, about: store.Appointment{StartsAt: wished}, times: free,
		expires: q.Day.End(tx.Zone()),
	})
}
