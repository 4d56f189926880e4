package reception

import (
	"errors"
	"slices"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// What becomes of the number of a file that a request with another number is taken into.
const (
	PhoneKept  = "keep"
	PhoneTaken = "take"
)

// RequestFile is a file that the desk looked up for a request.
type RequestFile struct {
	Request term.RequestID
	Client  term.ClientID
}

// namesakes bounds how many files of one name are shown beside a request.
const namesakes = 5

// filesOf are the files of a number that may be booked.
func filesOf(r *store.Read, phone string) ([]store.Client, error) {
	list, err := r.ClientsByPhone(phone)
	return slices.DeleteFunc(list, func(c store.Client) bool { return !bookableFile(c) }), err
}

// bookableFile says that a file may be booked.
func bookableFile(c store.Client) bool { return c.State == "active" && !c.Voided() }

// apart adds to the requests the files that have another number but the same name, because people
// change their numbers, and the one that the desk looked up.
func (d *Desk) apart(r *store.Read, rows []RequestRow, sought RequestFile) error {
	wanted := make([][]term.ClientID, len(rows))
	var all []term.ClientID
	for i, row := range rows {
		for _, p := range d.Files.Finder.Search(row.Name, namesakes*4) {
			if p.Phone != row.Phone && term.Likeness(p.Name) == term.Likeness(row.Name) && len(wanted[i]) < namesakes {
				wanted[i] = append(wanted[i], p.ID)
			}
		}
		if row.ID == sought.Request && sought.Client != 0 && !slices.Contains(wanted[i], sought.Client) {
			wanted[i] = append(wanted[i], sought.Client)
		}
		all = append(all, wanted[i]...)
	}
	files, err := r.ClientsIn(all)
	for i := range rows {
		for _, id := range wanted[i] {
			if c := files[id]; c.ID != 0 && bookableFile(c) && c.Phone != rows[i].Phone {
				rows[i].Apart = append(rows[i].Apart, c)
			}
		}
	}
	return err
}

// whoFor ties a request to the file that the desk chose, or to an inquiry: a guest without a file has
// given no consent yet (rulings 27). Where the file has another number, somebody must say which one
// the house calls from now on: it is never overwritten silently.
func (d *Desk) whoFor(tx *store.Tx, by access.Actor, q *store.BookingRequest, in Acceptance) (err error) {
	var bad fault.Fields
	if !in.Chosen {
		bad.Add("who", "request.wrong.who")
		return bad.Err()
	}
	if in.Client == 0 {
		q.Lead, err = crm.Inquired(tx, by, crm.NewLead{Name: q.Name, Phone: q.Phone, Channel: "online"})
		return err
	}
	c, err := tx.Client(in.Client)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	q.Client = c.ID
	switch {
	case err != nil || !bookableFile(c):
		bad.Add("who", "request.wrong.file")
	case c.Phone == q.Phone || in.Phone == PhoneKept:
	case in.Phone == PhoneTaken && in.Version == c.Version: // else the number that stands was never shown
		return d.Files.NewPhone(tx, c, q.Phone)
	default:
		bad.Add("who", "request.wrong.apart", term.MaskPhone(c.Phone), term.MaskPhone(q.Phone))
	}
	return bad.Err()
}
