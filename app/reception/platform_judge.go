package reception

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/engine/sheet"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// What becomes of a row of a platform's table.
const (
	PlatformBook   = "book"
	PlatformAsk    = "ask" // a request that the desk answers
	PlatformDouble = "double"
	PlatformWrong  = "wrong"
)

// PlatformVerdict is what becomes of one row, and why it is no booking.
type PlatformVerdict struct {
	Line    int
	Outcome string
	Name    string
	Phone   string
	What    string // as the table says it
	Start   term.Instant
	Day     term.Day
	Who     string // who is booked
	Faults  []PlatformFault

	wish wish
	item store.Item
	slot Slot
}

// between stands between the parts of what a table said of a row.
const between = " · "

// judging is what the rows of one table are held against.
type judging struct {
	r       *store.Read
	by      access.Actor
	items   []store.Item
	staff   []store.Staff
	table   platformTable
	seen    map[string]int // orders, and phones with their time: the line of this table, or known
	planned []Slot         // of rows before this one that are not written yet
	waiting int
}

func judgingOf(r *store.Read, by access.Actor, t platformTable) (j *judging, err error) {
	j = &judging{r: r, by: by, table: t, seen: map[string]int{}}
	if j.items, err = r.Items(true); err != nil {
		return nil, err
	}
	if j.staff, err = offerable(r); err != nil {
		return nil, err
	}
	waiting, err := r.BookingRequests(store.RequestWaiting, requestsMost)
	for _, q := range waiting {
		j.seen[askKey(q.Phone, q.Day, windowOf(q))] = known
		for part := range strings.SplitSeq(q.Note, between) { // the very time that the table said
			if clock, ok := strings.CutPrefix(part, string(q.Day)+" "); ok {
				j.seen[q.Phone+"/"+string(q.Day)+clock] = known
			}
		}
	}
	j.waiting = len(waiting)
	return j, err
}

// judge says what becomes of a row.
func (j *judging) judge(w wish) (v PlatformVerdict, err error) {
	v = PlatformVerdict{Line: w.line, Name: w.name, Phone: term.MaskPhone(w.phone), What: w.item, Day: w.day, Faults: w.faults, wish: w}
	j.date(&v)
	if len(v.Faults) > 0 {
		v.Outcome = PlatformWrong
		return v, nil
	}
	if double, err := j.double(&v); double || err != nil {
		v.Outcome = PlatformDouble
		return v, err
	}
	if err := j.place(&v); err != nil {
		return v, err
	}
	if len(v.Faults) == 0 {
		v.Outcome, v.Start = PlatformBook, v.slot.StartsAt
		return v, nil
	}
	v.Outcome = PlatformAsk
	j.seen[askKey(w.phone, w.day, w.window())] = w.line
	if j.waiting++; j.waiting > requestsMost {
		v.Outcome = PlatformWrong
		v.fault("", "request.refuse.full")
	}
	return v, nil
}

// fault notes why, with the words of the table.
func (v *PlatformVerdict) fault(value, key string, args ...any) {
	v.Faults = append(v.Faults, PlatformFault{Value: value, Key: key, Args: args})
}

// cell names the column of what was just noted.
func (j *judging) cell(v *PlatformVerdict, codes ...string) {
	f := &v.Faults[len(v.Faults)-1]
	for _, code := range codes {
		if i := slices.Index(j.table.columns, code); i >= 0 && f.Column == "" {
			f.Column, f.Heading = sheet.Column(i), j.table.heads[i]
		}
	}
}

// date completes the time and refuses one that is past or far away.
func (j *judging) date(v *PlatformVerdict) {
	w := v.wish
	if w.day == "" {
		return
	}
	if w.clock != "" {
		if at, err := time.ParseInLocation("2006-01-02 15:04", string(w.day)+" "+w.clock, j.r.Zone()); err == nil {
			v.Start = term.At(at)
		}
	}
	switch {
	case w.day < j.r.Today() || !v.Start.IsZero() && v.Start.Before(j.r.Now()):
		v.fault(strings.TrimSpace(string(w.day)+" "+w.clock), "booking.wrong.past")
	case j.r.Today().Add(horizonDays) < w.day:
		v.fault(string(w.day), "booking.wrong.far", horizonDays/365)
	default:
		return
	}
	j.cell(v, "start", "day")
}

// double says that the order, or the phone at that time, was taken in already.
func (j *judging) double(v *PlatformVerdict) (bool, error) {
	w := v.wish
	when := w.phone + "/" + string(w.day) + w.clock
	met := j.seen[when]
	j.seen[when] = w.line
	if ordered, err := j.ordered(w); err != nil {
		return false, err
	} else if ordered != 0 {
		v.double(w.order, "platform.double.order", ordered)
		j.cell(v, "order")
		return true, nil
	}
	stands, err := j.stands(w, v.Start)
	if w.order == "" { // an order of its own is a wish of its own
		met = cmp.Or(met, j.seen[askKey(w.phone, w.day, w.window())])
	}
	if stands {
		met = known
	}
	if met == 0 || err != nil {
		return false, err
	}
	v.double(term.MaskPhone(w.phone), "platform.double.phone", met)
	j.cell(v, "phone")
	return true, nil
}

// ordered is the line with the same order, 0 when it is new.
func (j *judging) ordered(w wish) (line int, err error) {
	if w.order == "" {
		return 0, nil
	}
	line = j.seen["order/"+w.order]
	j.seen["order/"+w.order] = w.line
	if line != 0 {
		return line, nil
	}
	if _, err = j.r.PlatformOrder(w.order); errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	return known, err
}

// known is the line of what was taken in before this table.
const known = -1

// double says that a row is there already: in a line above, or taken in before.
func (v *PlatformVerdict) double(value, key string, line int) {
	if line == known {
		v.fault(value, key)
		return
	}
	v.fault(value, "platform.double.row", line)
}

// askKey is what two requests of one person have alike.
func askKey(phone string, day term.Day, w Window) string {
	return "ask/" + phone + "/" + string(day) + "/" + w.Name
}

// window is the part of the day that a request of the row asks for.
func (w wish) window() Window {
	hour, _, _ := strings.Cut(w.clock, ":")
	at, err := strconv.Atoi(hour)
	for _, x := range windows {
		if err == nil && x.From <= at*60 && at*60 < x.To {
			return x
		}
	}
	return wholeDay
}

// stands says that somebody with the phone is booked at the time.
func (j *judging) stands(w wish, start term.Instant) (bool, error) {
	if start.IsZero() {
		return false, nil
	}
	list, err := j.r.AppointmentsBetween(start, start.Add(time.Minute), 100)
	if err != nil {
		return false, err
	}
	for _, a := range list {
		if !living(a) && a.State != term.AppointmentArrived {
			continue
		}
		phone, err := j.phoneOf(a)
		if err != nil {
			return false, err
		}
		if phone == w.phone {
			return true, nil
		}
	}
	return false, nil
}

// phoneOf is the phone of who is booked.
func (j *judging) phoneOf(a store.Appointment) (string, error) {
	if a.Client != 0 {
		c, err := j.r.Client(a.Client)
		return c.Phone, err
	}
	l, err := j.r.Lead(a.Lead)
	return l.Phone, err
}

// place looks for the slot: item and person must be known, the time said, and the slot free. What
// is not so is noted; the row becomes a request then.
func (j *judging) place(v *PlatformVerdict) error {
	w := v.wish
	item, known := j.itemOf(w.item)
	if v.item = item; !known {
		v.fault(w.item, "platform.ask.item")
		j.cell(v, "item")
	}
	people := j.staff
	if w.staff != "" {
		people = slices.DeleteFunc(slices.Clone(j.staff), func(s store.Staff) bool { return sheet.Plain(s.Name) != sheet.Plain(w.staff) })
		if len(people) != 1 {
			v.fault(w.staff, "platform.ask.staff")
			j.cell(v, "staff")
		}
	}
	if w.clock == "" {
		v.fault(string(w.day), "platform.ask.time")
		j.cell(v, "time", "day", "start")
	}
	if len(v.Faults) > 0 {
		return nil
	}
	return j.slot(v, people)
}

// slot takes the first of the people who is free and may do it; why the last was not is noted.
func (j *judging) slot(v *PlatformVerdict, people []store.Staff) error {
	var why *fault.Error
	for _, s := range people {
		if v.wish.staff == "" && medical(s) != (v.item.ID != 0) {
			continue // nobody was named: treatments go to those who treat, talks to those who talk
		}
		want, err := wanted(j.r, Booking{Staff: s.ID, Item: v.item.ID, Start: v.Start, anybody: true}, store.Appointment{})
		if why = refusalOf(err); why != nil {
			continue
		}
		if err != nil {
			return err
		}
		taken, err := fit(j.r, j.by, &want, false)
		if err != nil {
			return err
		}
		if taken == nil && len(clashes(want, j.planned)) > 0 {
			taken = &Taken{Refusal: fault.Refuse("S1-02", "platform.ask.within")}
		}
		if taken == nil {
			v.slot, v.Who = want, s.Name
			return nil
		}
		why = taken.Refusal
	}
	if v.wish.staff == "" || why == nil {
		v.fault(v.wish.clock, "platform.ask.nobody")
	} else {
		v.fault(v.wish.clock, why.Key, why.Args...)
	}
	j.cell(v, "start", "time")
	return nil
}

// refusalOf is why somebody may not be booked; nil for errors of another kind.
func refusalOf(err error) *fault.Error {
	if bad, ok := fault.FieldsOf(err); ok && len(bad) > 0 {
		return &fault.Error{Kind: fault.KindInvalid, Key: bad[0].Key, Args: bad[0].Args}
	}
	var e *fault.Error
	if errors.As(err, &e) && (e.Kind == fault.KindRefused || e.Kind == fault.KindConflict) {
		return e
	}
	return nil
}

// itemOf is the one item of the catalogue that a table means: by its name, else by the one name that
// holds the words or lies in them. No words are a talk.
func (j *judging) itemOf(text string) (found store.Item, ok bool) {
	text = sheet.Plain(text)
	if text == "" {
		return found, true
	}
	near := 0
	for _, i := range j.items {
		name := sheet.Plain(i.Name)
		if name == text || sheet.Plain(i.NameEN) == text || strings.EqualFold(i.Code, text) {
			return i, true
		}
		if strings.Contains(name, text) || strings.Contains(text, name) {
			near++
			found = i
		}
	}
	if near != 1 {
		return store.Item{}, false
	}
	return found, true
}

// said is what the table said, for the desk to read beside the request or booking.
func (w wish) said(say func(string, ...any) string) string {
	parts := []string{}
	if w.order != "" {
		parts = append(parts, say("platform.note.order", w.order))
	}
	for _, text := range []string{w.item, w.staff, strings.TrimSpace(fmt.Sprint(w.day, " ", w.clock)), w.note} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	note := []rune(strings.Join(parts, between))
	return string(note[:min(len(note), 300)])
}
