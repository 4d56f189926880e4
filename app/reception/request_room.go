package reception

import (
	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
)

// makeRoom puts a request away where as many wait as the desk can see: the latest of the number with
// the most of them, else the oldest of a guest whose number no file has. So a flood makes room for
// itself before it shuts anybody out; where everybody who waits has a file, the house is full.
func makeRoom(tx *store.Tx, by access.Actor) error {
	n, err := tx.CountBookingRequests()
	if err != nil || n < requestsMost {
		return err
	}
	waiting, err := tx.BookingRequests(store.RequestWaiting, requestsMost)
	if err != nil {
		return err
	}
	q, found := crowding(waiting)
	if !found {
		if q, found, err = strange(tx.Read, waiting); err != nil {
			return err
		}
	}
	if !found {
		return fault.Refuse("A9", "request.refuse.full").Ask(string(access.Reception))
	}
	q.State, q.Note = store.RequestDeclined, by.Lang.T("request.put_away")
	return tx.SaveBookingRequest(&q)
}

// crowding is the latest request of the number that has the most of them, more than are shown.
func crowding(waiting []store.BookingRequest) (latest store.BookingRequest, found bool) {
	most, count := numberShown, map[string]int{}
	for _, q := range waiting {
		if q.Note != "" { // of a platform: it was paid for there
			continue
		}
		count[q.Phone]++
		if count[q.Phone] > most || found && q.Phone == latest.Phone {
			most, latest, found = count[q.Phone], q, true
		}
	}
	return latest, found
}

// strange is the oldest request of a guest whose number no file has.
func strange(r *store.Read, waiting []store.BookingRequest) (store.BookingRequest, bool, error) {
	for _, q := range waiting {
		if q.Note != "" {
			continue
		}
		files, err := filesOf(r, q.Phone)
		if err != nil || len(files) == 0 {
			return q, err == nil, err
		}
	}
	return store.BookingRequest{}, false, nil
}
