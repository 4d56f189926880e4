package reception

import (
	"context"
	"slices"
	"time"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/finance"
	"meixu/store"
	"meixu/store/term"
)

// Bounds of a course.
const (
	// usualInterval is how many days lie between two sessions when the item does not say.
	usualInterval = 28
	// slack is by how many days a session may lie earlier or later than its interval (row:A5).
	slack = 3
	// mostSessions bounds one course.
	mostSessions = 24
)

// Course is a course that is to be booked in one act: the sessions of a paid line, or so many of
// an item.
type Course struct {
	Client   term.ClientID
	Line     term.OrderLineID
	Item     term.ItemID
	Staff    term.StaffID
	Room     term.RoomID
	Device   term.DeviceID
	First    term.Instant
	Interval int // days; 0: that of the item
	Count    int // 0: all sessions that are left and not booked
	Note     string
	// Starts are the times as the desk changed them; empty: by the interval.
	Starts []term.Instant
}

// Session is one session of a course as it is proposed.
type Session struct {
	Wished term.Instant // by the interval
	Start  term.Instant // free, or the wished one when nothing within the slack is
	// Why is the refusal of the wished time; nil when it is free.
	Why *fault.Error
	// Blocked says that Start is not free either.
	Blocked bool
	Free    []term.Instant // the nearest free ones, when Why is set
	Room    term.RoomID
	Device  term.DeviceID
}

// CoursePlan is what the desk looks at before it books a course.
type CoursePlan struct {
	Course
	What     store.Item
	Sessions []Session
	Left     int // sessions of the line that are neither used nor booked
}

// Conflicts counts the sessions that could not be placed as wished.
func (p CoursePlan) Conflicts() (n int) {
	for _, s := range p.Sessions {
		if s.Why != nil {
			n++
		}
	}
	return n
}

// PlanCourse proposes the sessions of a course: each at its interval, at the same time of the day,
// or nearest to it within three days where that is taken. It changes nothing.
func (d *Desk) PlanCourse(ctx context.Context, by access.Actor, in Course) (p CoursePlan, err error) {
	err = d.Read(ctx, by, access.SeriesBook, func(r *store.Read) error {
		p, err = planCourse(r, in)
		return err
	})
	return p, err
}

func planCourse(r *store.Read, in Course) (p CoursePlan, err error) {
	p.Course = in
	want, err := p.check(r)
	if err != nil {
		return p, err
	}
	starts := p.Starts
	if len(starts) == 0 {
		for n := range p.Count {
			starts = append(starts, p.First.Add(time.Duration(n*p.Interval)*24*time.Hour))
		}
	}
	last := slices.MaxFunc(starts, func(a, b term.Instant) int { return a.Time().Compare(b.Time()) })
	b, err := boardOf(r, min(r.Today(), p.First.Day(r.Zone())), last.Day(r.Zone()).Add(searchDays))
	if err != nil {
		return p, err
	}
	for _, at := range starts {
		s, err := b.session(r, want, at, p.slack())
		if err != nil {
			return p, err
		}
		p.Sessions = append(p.Sessions, s)
	}
	return p, nil
}

// slack is by how many days a session of this course may move: less than half the interval, and
// none when the desk chose the times itself.
func (p CoursePlan) slack() int {
	if len(p.Starts) > 0 {
		return 0
	}
	return min(slack, (p.Interval-1)/2)
}

// check completes a course and gives its first slot, checked like any booking.
func (p *CoursePlan) check(r *store.Read) (Slot, error) {
	var bad fault.Fields
	if len(p.Starts) > 0 {
		p.First, p.Count = p.Starts[0], len(p.Starts)
	}
	want, err := wanted(r, Booking{
		Client: p.Client, Item: p.Item, Line: p.Line, Staff: p.Staff, Room: p.Room, Device: p.Device, Start: p.First, Note: p.Note,
	}, store.Appointment{})
	if err != nil {
		return want, err
	}
	if want.Item == 0 {
		bad.Add("item", "series.wrong.item")
		return want, bad.Err()
	}
	if p.What, err = r.Item(want.Item); err != nil {
		return want, err
	}
	if err := operates(r, want.Staff, &bad); err != nil {
		return want, err
	}
	if p.Interval == 0 {
		p.Interval = p.What.IntervalDays
	}
	if p.Interval == 0 {
		p.Interval = usualInterval
	}
	if err := p.left(r); err != nil {
		return want, err
	}
	if p.Count == 0 {
		p.Count = p.Left
	}
	if p.Count < 2 || p.Count > mostSessions {
		bad.Add("count", "series.wrong.count", mostSessions)
	} else if p.Line != 0 && p.Count > p.Left {
		bad.Add("count", "series.wrong.left", p.Left)
	}
	if p.Interval < 1 || p.Interval > 365 {
		bad.Add("interval", "series.wrong.interval")
	}
	for i := 1; i < len(p.Starts); i++ {
		if !p.Starts[i-1].Before(p.Starts[i]) {
			bad.Add("start", "series.wrong.order", i+1)
			break
		}
	}
	return want, bad.Err()
}

// operates refuses who only receives clients: a session of a course is done, so that it takes room
// and device, and somebody who may do it.
func operates(r *store.Read, id term.StaffID, bad *fault.Fields) error {
	if id == 0 {
		return nil
	}
	s, err := r.Staff(id)
	if err == nil && !medical(s) {
		bad.Add("staff", "series.wrong.staff", s.Name)
	}
	return err
}

// left counts the sessions of the line that are neither used nor booked; without a line those that
// the item usually takes.
func (p *CoursePlan) left(r *store.Read) error {
	p.Left = p.What.Sessions
	if p.Line == 0 {
		return nil
	}
	lines, err := finance.RemainingLines(r, p.Client)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l.Line.ID == p.Line {
			p.Left = l.Left
		}
	}
	booked, err := r.AppointmentsOf(p.Client, 500)
	for _, a := range booked {
		if a.Line == p.Line && (a.State == term.AppointmentRequested || a.State == term.AppointmentConfirmed) {
			p.Left--
		}
	}
	return err
}

// session places one session: at its time, or as near as the slack allows.
func (b *board) session(r *store.Read, want Slot, at term.Instant, slack int) (Session, error) {
	try := want
	try.StartsAt, try.EndsAt = at, at.Add(want.EndsAt.Sub(want.StartsAt))
	s := Session{Wished: at, Start: at}
	day := at.Day(b.hours.Zone)
	if placed, ok := b.free(try, b.days[day]); ok && !at.Before(r.Now()) {
		s.Room, s.Device = placed.Room, placed.Device
		return s, nil
	}
	var err error
	if s.Why, err = b.why(r, try); err != nil {
		return s, err
	}
	var near []Slot
	for n := -slack; n <= slack; n++ {
		b.freeOn(try, day.Add(n), r.Now(), func(f Slot) bool {
			near = append(near, f)
			return true
		})
	}
	slices.SortStableFunc(near, func(x, y Slot) int { return int(off(x.StartsAt, at) - off(y.StartsAt, at)) })
	for _, f := range near[:min(offered, len(near))] {
		s.Free = append(s.Free, f.StartsAt)
	}
	if s.Blocked = len(near) == 0 || slack == 0; s.Blocked {
		if len(s.Free) == 0 {
			s.Free = b.nearest(try, r.Now())
		}
		return s, nil
	}
	s.Start, s.Room, s.Device = near[0].StartsAt, near[0].Room, near[0].Device
	return s, nil
}

// off says how unlike two times are: another hour of the day counts as much as a day away.
func off(a, b term.Instant) time.Duration {
	away := a.Sub(b).Abs()
	clock := away % (24 * time.Hour)
	return away + 24*min(clock, 24*time.Hour-clock)
}

// why is the refusal of a slot that is not free.
func (b *board) why(r *store.Read, want Slot) (*fault.Error, error) {
	if !b.hours.within(want.StartsAt, want.EndsAt) {
		return b.hours.refusal(), nil
	}
	refusal, err := offDuty(r, want)
	if err != nil || refusal != nil {
		return refusal, err
	}
	standing := b.days[want.StartsAt.Day(b.hours.Zone)]
	placed, _ := b.free(want, standing)
	met := clashes(placed, standing)
	if len(met) == 0 {
		return fault.Refuse("S1-02", "booking.wrong.past"), nil
	}
	hs, err := holders(r, placed, met)
	if err != nil {
		return nil, err
	}
	return hs[0].refusal(r.Zone()).Ask("manager"), nil
}

// BookCourse books all sessions of a course in one act, at the times in Starts, or none of them
// (row:A5). They are linked by the first one.
func (d *Desk) BookCourse(ctx context.Context, by access.Actor, in Course) (ids []term.AppointmentID, err error) {
	var taken *Taken
	err = d.Write(ctx, by, access.SeriesBook, func(tx *store.Tx) error {
		ids, taken = nil, nil
		p := CoursePlan{Course: in}
		if len(in.Starts) == 0 {
			var bad fault.Fields
			bad.Add("start", "booking.wrong.start")
			return bad.Err()
		}
		if _, err := p.check(tx.Read); err != nil {
			return err
		}
		for n, at := range in.Starts {
			one := Booking{
				Client: in.Client, Item: in.Item, Line: in.Line, Staff: in.Staff, Room: in.Room, Device: in.Device, Start: at, Note: in.Note, Confirmed: true,
			}
			if n > 0 {
				one.Series = ids[0]
			}
			var id term.AppointmentID
			if id, taken, err = d.bookIn(tx, by, one); err != nil || taken != nil {
				return taken.orError(err)
			}
			ids = append(ids, id)
		}
		tx.Result("appointment", int64(ids[0]))
		return leads(tx, ids[0])
	})
	if err != nil {
		ids = nil
	}
	return ids, d.offer(ctx, by, taken, err)
}

// leads makes a booking the first of its course.
func leads(tx *store.Tx, id term.AppointmentID) error {
	a, err := tx.Appointment(id)
	if err != nil {
		return err
	}
	a.Series = id
	return tx.SaveAppointment(&a)
}
