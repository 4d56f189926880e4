package reception

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"strings"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/deed"
	"meixu/app/engine/message"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// platformStep is how many rows one write takes in, so that nobody waits long for the lane.
const platformStep = 25

// PlatformTrial is what would become of a table; nothing is written.
type PlatformTrial struct {
	Heads, Columns []string
	Samples        [][]string
	Rows           []PlatformVerdict
	Count          map[string]int
	Key            string // of the headings, to see that they are the same the next time
}

// TryPlatform reads a table of bookings and says what would become of each row (row:A9).
func (d *Desk) TryPlatform(ctx context.Context, by access.Actor, in PlatformIn) (p PlatformTrial, err error) {
	err = d.Read(ctx, by, access.RequestImport, func(r *store.Read) error {
		t, err := in.table(r)
		if err != nil {
			return err
		}
		p = PlatformTrial{Heads: t.heads, Columns: t.columns, Samples: t.Rows[1:min(len(t.Rows), 3)], Count: map[string]int{}}
		if err := t.check(); err != nil {
			return err
		}
		j, err := judgingOf(r, by, t)
		if err != nil {
			return err
		}
		for i := 1; i < len(t.Rows); i++ {
			v, err := j.judge(t.read(i))
			if err != nil {
				return err
			}
			if v.Outcome == PlatformBook {
				v.slot.State = term.AppointmentRequested
				j.planned = append(j.planned, v.slot)
			}
			p.Rows = append(p.Rows, v)
			p.Count[v.Outcome]++
		}
		return nil
	})
	return p, err
}

// TakePlatform takes a table in: a row becomes a booking where its slot is free and item and person
// are known, else a request that the desk answers; what was taken in already and what is wrong is
// left out. Taking the same table again after a break goes on where it stopped.
func (d *Desk) TakePlatform(ctx context.Context, by access.Actor, in PlatformIn) (id int64, err error) {
	var t platformTable
	err = d.Read(ctx, by, access.RequestImport, func(r *store.Read) error {
		if t, err = in.table(r); err != nil {
			return err
		}
		return t.check()
	})
	if err != nil {
		return 0, err
	}
	for from := 1; from < len(t.Rows); from += platformStep {
		made := id
		err = d.Write(ctx, by, access.RequestImport, func(tx *store.Tx) (err error) {
			made, err = d.platformRows(tx, by, t, id, from)
			return err
		})
		if noun, again, ok := fault.Replayed(err); ok && noun == "booking_import" {
			return again, nil
		}
		if err != nil {
			return id, err
		}
		id, by.Once = made, ""
	}
	return id, nil
}

// platformRows takes some rows in; id 0 begins the import.
func (d *Desk) platformRows(tx *store.Tx, by access.Actor, t platformTable, id int64, from int) (int64, error) {
	p, err := platformOf(tx, by, t, id)
	if err != nil {
		return 0, err
	}
	tx.Result("booking_import", p.ID)
	tx.Publish(TopicRequests)
	j, err := judgingOf(tx.Read, by, t)
	if err != nil {
		return 0, err
	}
	for i := from; i < min(from+platformStep, len(t.Rows)); i++ {
		v, err := j.judge(t.read(i))
		if err != nil {
			return 0, err
		}
		if err := d.takeRow(tx, by, &p, v); err != nil {
			return 0, err
		}
	}
	return p.ID, tx.SavePlatformImport(&p)
}

// platformOf is the import that rows belong to: a new one, or the one that was begun. One that was taken
// back between two steps takes nothing more in: what came after could not be taken back any more.
func platformOf(tx *store.Tx, by access.Actor, t platformTable, id int64) (p store.PlatformImport, err error) {
	if id != 0 {
		p, err = tx.PlatformImport(id)
		if err == nil && !p.UndoneAt.IsZero() {
			err = fault.Clash("platform.undo.over")
		}
		return p, err
	}
	if err := tx.KeepImportMap(platformKey(t.heads), t.columns); err != nil {
		return p, err
	}
	p = store.PlatformImport{Staff: by.Staff, Total: len(t.Rows) - 1}
	err = tx.AddPlatformImport(&p)
	return p, err
}

func (d *Desk) takeRow(tx *store.Tx, by access.Actor, p *store.PlatformImport, v PlatformVerdict) (err error) {
	row := store.PlatformRow{Import: p.ID, Line: v.Line, Order: v.wish.order}
	switch v.Outcome {
	case PlatformBook:
		p.Booked++
		row.Appointment, row.Lead, err = d.bookRow(tx, by, v)
	case PlatformAsk:
		p.Asked++
		row.Request, err = askRow(tx, by, v)
	case PlatformDouble:
		p.Doubles++
		return nil
	default:
		p.Wrong++
		return nil
	}
	if err != nil {
		return err
	}
	return tx.AddPlatformRow(&row)
}

// bookRow books for the one file with number and name, else for an inquiry: who has no file has
// given no consent yet (rulings 27).
func (d *Desk) bookRow(tx *store.Tx, by access.Actor, v PlatformVerdict) (id term.AppointmentID, made term.LeadID, err error) {
	b := Booking{
		Item: v.item.ID, Staff: v.slot.Staff, Room: v.slot.Room, Device: v.slot.Device, Start: v.Start, Note: v.wish.said(by.Lang.T),
	}
	known, err := filesOf(tx.Read, v.wish.phone)
	if err != nil {
		return 0, 0, err
	}
	for _, c := range known {
		if len(known) == 1 && term.Likeness(c.Name) == term.Likeness(v.wish.name) {
			b.Client = c.ID
		}
	}
	if b.Client == 0 {
		b.Lead, err = crm.Inquired(tx, by, crm.NewLead{Name: v.wish.name, Phone: v.wish.phone, Channel: "platform", Need: v.wish.item})
		if err != nil {
			return 0, 0, err
		}
		l, err := tx.Lead(b.Lead)
		if err != nil {
			return 0, 0, err
		}
		if l.CreatedAt == tx.Now() {
			made = l.ID
		}
	}
	id, taken, err := d.bookIn(tx, by, b)
	if err == nil && taken != nil {
		err = taken
	}
	return id, made, err
}

// askRow keeps a row as a request: for its part of the day, or for the whole day.
func askRow(tx *store.Tx, by access.Actor, v PlatformVerdict) (term.RequestID, error) {
	hash := sha256.Sum256([]byte(rand.Text())) // its page is nobody's: the guest asked elsewhere
	w := v.wish.window()
	q := store.BookingRequest{
		Item: v.item.ID, TokenHash: hash[:], Name: v.wish.name, Phone: v.wish.phone, Day: v.wish.day, From: w.From, To: w.To,
		Minutes: lasts(v.item), State: store.RequestWaiting, Note: v.wish.said(by.Lang.T),
	}
	err := tx.AddBookingRequest(&q)
	return q.ID, err
}

// UndoPlatform takes a whole table back, with a reason. Bookings that were changed or answered
// since stay.
func (d *Desk) UndoPlatform(ctx context.Context, by access.Actor, id int64) error {
	on := store.Subject{Noun: "booking_import", ID: id}
	return d.WriteOn(ctx, by, access.RequestWithdraw, on, func(tx *store.Tx) error {
		p, err := tx.PlatformImport(id)
		if errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("import").Because(err)
		}
		if err != nil {
			return err
		}
		if err := deed.Reasoned(by); err != nil {
			return err
		}
		if !p.UndoneAt.IsZero() {
			return fault.Clash("platform.undo.over")
		}
		rows, err := tx.PlatformRows(id, PlatformMost)
		if err != nil {
			return err
		}
		p.Undone, p.Kept = 0, 0
		for i := range rows {
			gone, err := takeBack(tx, by, &rows[i])
			if err != nil {
				return err
			}
			if !gone {
				p.Kept++
				continue
			}
			p.Undone++
		}
		p.UndoneAt, p.UndoneBy, p.UndoReason = tx.Now(), by.Staff, strings.TrimSpace(by.Reason)
		tx.Result("booking_import", id)
		tx.Publish(TopicRequests)
		return tx.SavePlatformImport(&p)
	})
}

// takeBack gives up what became of a row, as long as nobody touched it.
func takeBack(tx *store.Tx, by access.Actor, row *store.PlatformRow) (gone bool, err error) {
	if row.Appointment != 0 {
		gone, err = cancelRow(tx, by, row)
	} else {
		gone, err = dropRow(tx, row.Request)
	}
	if err != nil || !gone {
		return gone, err
	}
	row.UndoneAt = tx.Now()
	return true, tx.SavePlatformRow(row)
}

func cancelRow(tx *store.Tx, by access.Actor, row *store.PlatformRow) (bool, error) {
	a, err := tx.Appointment(row.Appointment)
	if err != nil || a.Version != 1 || !living(a) {
		return false, err
	}
	was := a
	a.State, a.CancelReason = term.AppointmentCancelled, by.Reason
	booked(tx, a.StartsAt)
	if err := tx.SaveAppointment(&a); err != nil {
		return false, err
	}
	if err := message.Follow(tx, was, a); err != nil || row.Lead == 0 {
		return true, err
	}
	return true, crm.Withdrawn(tx, row.Lead, by.Reason)
}

func dropRow(tx *store.Tx, id term.RequestID) (bool, error) {
	q, err := tx.BookingRequest(id)
	if err != nil || q.State != store.RequestWaiting {
		return false, err
	}
	q.State = store.RequestDeclined
	return true, tx.SaveBookingRequest(&q)
}

// PlatformSheet is a table that was taken in, with what became of its rows.
type PlatformSheet struct {
	store.PlatformImport
	Who  string
	Rows []PlatformDone
}

// PlatformDone is one row that was taken in.
type PlatformDone struct {
	store.PlatformRow
	Booked  BookingRow
	Request store.BookingRequest
}

// Platform reads a table that was taken in.
func (d *Desk) Platform(ctx context.Context, by access.Actor, id int64) (s PlatformSheet, err error) {
	err = d.Read(ctx, by, access.RequestImport, func(r *store.Read) error {
		if s.PlatformImport, err = r.PlatformImport(id); errors.Is(err, store.ErrNotFound) {
			return fault.NotFound("import").Because(err)
		}
		if err != nil {
			return err
		}
		names, err := directoryOf(r)
		if err != nil {
			return err
		}
		s.Who = names.staff[s.Staff]
		rows, err := r.PlatformRows(id, PlatformMost)
		if err != nil {
			return err
		}
		for _, row := range rows {
			done, err := platformDone(names, row)
			if err != nil {
				return err
			}
			s.Rows = append(s.Rows, done)
		}
		return nil
	})
	return s, err
}

func platformDone(names directory, row store.PlatformRow) (done PlatformDone, err error) {
	done.PlatformRow = row
	if row.Appointment == 0 {
		done.Request, err = names.r.BookingRequest(row.Request)
		return done, err
	}
	a, err := names.r.Appointment(row.Appointment)
	if err == nil {
		done.Booked, err = names.row(a)
	}
	return done, err
}

// platformShown bounds the list of tables that were taken in.
const platformShown = 10

// Platforms lists the tables that were taken in lately.
func (d *Desk) Platforms(ctx context.Context, by access.Actor) (list []PlatformSheet, err error) {
	err = d.Read(ctx, by, access.RequestImport, func(r *store.Read) error {
		all, err := r.PlatformImports(platformShown)
		if err != nil {
			return err
		}
		names, err := r.StaffNames()
		for _, p := range all {
			list = append(list, PlatformSheet{PlatformImport: p, Who: names[p.Staff]})
		}
		return err
	})
	return list, err
}
