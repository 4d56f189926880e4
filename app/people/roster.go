package people

import (
	"context"
	"errors"
	"strings"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

func missing(err error) bool { return errors.Is(err, store.ErrNotFound) }

// SeedRoster adds the kinds of shift that the house has from the start, when it has none.
func SeedRoster(tx *store.Tx) error {
	have, err := tx.ShiftKinds()
	if err != nil || len(have) > 0 {
		return err
	}
	for _, k := range defaults.Shifts() {
		if err := tx.AddShiftKind(&store.ShiftKind{Name: k.Name, Letter: k.Letter, From: k.From, To: k.To}); err != nil {
			return err
		}
	}
	return nil
}

// ShiftKind is a kind of shift of the house.
type ShiftKind = store.ShiftKind

// ShiftKindIn is a kind of shift as entered; ID 0 adds one. Minutes since midnight.
type ShiftKindIn struct {
	ID       int64
	Version  int
	Name     string
	Letter   string
	From, To int
	Retire   bool
}

// SaveShiftKind adds, changes or retires a kind of shift. Days that are drawn keep their hours.
func (o *Office) SaveShiftKind(ctx context.Context, by access.Actor, in ShiftKindIn) error {
	in.Name, in.Letter = strings.TrimSpace(in.Name), strings.TrimSpace(in.Letter)
	return o.Write(ctx, by, access.RosterDraw, func(tx *store.Tx) error {
		if err := checkKind(in); err != nil {
			return err
		}
		tx.Publish(TopicRoster)
		k := store.ShiftKind{}
		if in.ID != 0 {
			var err error
			if k, err = tx.ShiftKind(in.ID); err != nil {
				return none(err, "shift_kind")
			}
			if k.Version != in.Version {
				return store.ErrStale
			}
		}
		k.Name, k.Letter, k.From, k.To = in.Name, in.Letter, in.From, in.To
		if in.Retire {
			k.RetiredAt = tx.Now()
		}
		if in.ID == 0 {
			if err := tx.AddShiftKind(&k); err != nil {
				return err
			}
			tx.Result("shift_kind", k.ID)
			return nil
		}
		tx.Result("shift_kind", k.ID)
		return tx.SaveShiftKind(&k)
	})
}

func checkKind(in ShiftKindIn) error {
	var bad fault.Fields
	if in.Name == "" {
		bad.Add("name", "roster.bad.name")
	}
	if n := len([]rune(in.Letter)); n < 1 || n > 2 {
		bad.Add("letter", "roster.bad.letter")
	}
	if in.From < 0 || in.To > 24*60 || in.To <= in.From {
		bad.Add("to", "roster.bad.hours")
	}
	return bad.Err()
}

// WeekIn draws a usual week for a person, or for everybody who has one, over some days.
type WeekIn struct {
	Staff term.StaffID // 0: everybody who has a usual week
	Week  []int64      // from Monday on, 0 is rest; empty: the usual week of the person
	From  term.Day
	To    term.Day
	// Usual keeps the week as the person's usual one.
	Usual bool
}

// DrawWeek draws the roster of some days from a usual week (row:O10) and says how many days
// changed. What is drawn is written anew; leave stays what it is.
func (o *Office) DrawWeek(ctx context.Context, by access.Actor, in WeekIn) (changed int, err error) {
	err = o.Write(ctx, by, access.RosterDraw, func(tx *store.Tx) error {
		changed = 0
		kinds, err := kindsByID(tx.Read)
		if err != nil {
			return err
		}
		if err := checkWeek(tx.Read, in, kinds); err != nil {
			return err
		}
		weeks, err := weeksFor(tx, in)
		if err != nil {
			return err
		}
		cells, err := cellsOf(tx.Read, in.From, in.To)
		if err != nil {
			return err
		}
		tx.Result("shift", 0)
		tx.Publish(TopicRoster)
		return redraw(tx, by, in.From, in.To, func() error {
			changed, err = cells.weeks(tx, weeks, kinds, in)
			return err
		})
	})
	return changed, err
}

// weeks draws days from weeks and counts what changed.
func (c cells) weeks(tx *store.Tx, weeks []store.ShiftWeek, kinds map[int64]store.ShiftKind, in WeekIn) (changed int, err error) {
	for _, w := range weeks {
		for _, day := range daysFrom(in.From, in.To) {
			n, err := c.set(tx, w.Staff, day, kinds[w.Kinds[weekdayOf(day)]])
			if err != nil {
				return 0, err
			}
			changed += n
		}
	}
	return changed, nil
}

// weeksFor are the weeks to be drawn; one that is typed may become the usual one.
func weeksFor(tx *store.Tx, in WeekIn) ([]store.ShiftWeek, error) {
	weeks, err := tx.ShiftWeeks()
	if err != nil {
		return nil, err
	}
	var mine store.ShiftWeek
	var usual []store.ShiftWeek
	for _, w := range weeks {
		s, err := tx.Staff(w.Staff)
		if err != nil {
			return nil, err
		}
		if w.Staff == in.Staff {
			mine = w
		}
		if s.Active && len(w.Kinds) == weekDays {
			usual = append(usual, w)
		}
	}
	var bad fault.Fields
	if in.Staff == 0 {
		if len(usual) == 0 {
			bad.Add("staff", "roster.bad.nobody")
		}
		return usual, bad.Err()
	}
	if len(in.Week) == 0 {
		if mine.ID == 0 {
			bad.Add("staff", "roster.bad.no_week")
		}
		return []store.ShiftWeek{mine}, bad.Err()
	}
	mine.Staff, mine.Kinds = in.Staff, in.Week
	if !in.Usual {
		return []store.ShiftWeek{mine}, nil
	}
	if mine.ID == 0 {
		err = tx.AddShiftWeek(&mine)
	} else {
		err = tx.SaveShiftWeek(&mine)
	}
	return []store.ShiftWeek{mine}, err
}

func checkWeek(r *store.Read, in WeekIn, kinds map[int64]store.ShiftKind) error {
	var bad fault.Fields
	checkRange(in.From, in.To, r.Today(), &bad)
	if len(in.Week) != 0 && len(in.Week) != weekDays {
		bad.Add("week", "roster.bad.week")
	}
	for _, id := range in.Week {
		if _, known := kinds[id]; id != 0 && !known {
			bad.Add("week", "roster.bad.kind")
			break
		}
	}
	if in.Staff != 0 {
		if err := works(r, in.Staff, &bad); err != nil {
			return err
		}
	}
	return bad.Err()
}

// works adds a fault when the person does not work here (any more).
func works(r *store.Read, staff term.StaffID, bad *fault.Fields) error {
	s, err := r.Staff(staff)
	if missing(err) || err == nil && !s.Active {
		bad.Add("staff", "people.bad.staff")
		return nil
	}
	return err
}

func kindsByID(r *store.Read) (map[int64]store.ShiftKind, error) {
	list, err := r.ShiftKinds()
	byID := make(map[int64]store.ShiftKind, len(list)+1)
	for _, k := range list {
		byID[k.ID] = k
	}
	return byID, err
}

// cells are the days that are drawn already.
type cells map[staffDay]store.Shift

func cellsOf(r *store.Read, from, to term.Day) (cells, error) {
	list, err := r.ShiftsBetween(from, to)
	all := make(cells, len(list))
	for _, s := range list {
		all[staffDay{s.Staff, s.Day}] = s
	}
	return all, err
}

// set writes one day of a person; the zero kind is rest. It counts 1 when the day changed.
func (c cells) set(tx *store.Tx, staff term.StaffID, day term.Day, kind store.ShiftKind) (int, error) {
	s, known := c[staffDay{staff, day}]
	if known && s.Kind == kind.ID && s.From == kind.From && s.To == kind.To {
		return 0, nil
	}
	s.Staff, s.Day, s.Kind, s.From, s.To = staff, day, kind.ID, kind.From, kind.To
	if !known {
		return 1, tx.AddShift(&s)
	}
	return 1, tx.SaveShift(&s)
}

// DayIn sets one day of one person: a kind of shift, hours of its own, or rest.
type DayIn struct {
	Staff    term.StaffID
	Day      term.Day
	Kind     int64
	From, To int // hours of its own when Kind is 0 and they differ
}

// DrawDay sets one day of one person.
func (o *Office) DrawDay(ctx context.Context, by access.Actor, in DayIn) error {
	return o.WriteOn(ctx, by, access.RosterDraw, store.Subject{Noun: "staff", ID: int64(in.Staff)}, func(tx *store.Tx) error {
		kinds, err := kindsByID(tx.Read)
		if err != nil {
			return err
		}
		var bad fault.Fields
		checkRange(in.Day, in.Day, tx.Today(), &bad)
		if err := works(tx.Read, in.Staff, &bad); err != nil {
			return err
		}
		kind, known := kinds[in.Kind]
		if in.Kind != 0 && !known {
			bad.Add("kind", "roster.bad.kind")
		}
		if in.Kind == 0 {
			kind = store.ShiftKind{From: in.From, To: in.To}
		}
		if kind.From < 0 || kind.To > 24*60 || kind.To < kind.From {
			bad.Add("to", "roster.bad.hours")
		}
		if err := bad.Err(); err != nil {
			return err
		}
		all, err := cellsOf(tx.Read, in.Day, in.Day)
		if err != nil {
			return err
		}
		tx.Result("shift", 0)
		tx.Publish(TopicRoster)
		return redraw(tx, by, in.Day, in.Day, func() error {
			_, err := all.set(tx, in.Staff, in.Day, kind)
			return err
		})
	})
}

// CopyIn copies the week that begins on From to the Weeks weeks that begin on To.
type CopyIn struct {
	From, To term.Day
	Weeks    int
}

// CopyWeek copies the days of a week, everybody's, onto later weeks and counts what changed.
func (o *Office) CopyWeek(ctx context.Context, by access.Actor, in CopyIn) (changed int, err error) {
	err = o.Write(ctx, by, access.RosterDraw, func(tx *store.Tx) error {
		changed = 0
		in.Weeks = max(in.Weeks, 1)
		if err := checkCopy(in, tx.Today()); err != nil {
			return err
		}
		week, err := tx.ShiftsBetween(in.From, in.From.Add(weekDays-1))
		if err != nil {
			return err
		}
		if len(week) == 0 {
			var bad fault.Fields
			bad.Add("from", "roster.bad.empty")
			return bad.Err()
		}
		all, err := cellsOf(tx.Read, in.To, in.To.Add(in.Weeks*weekDays-1))
		if err != nil {
			return err
		}
		tx.Result("shift", 0)
		tx.Publish(TopicRoster)
		return redraw(tx, by, in.To, in.To.Add(in.Weeks*weekDays-1), func() error {
			changed, err = all.copy(tx, week, in)
			return err
		})
	})
	return changed, err
}

func checkCopy(in CopyIn, today term.Day) error {
	var bad fault.Fields
	checkRange(in.To, in.To.Add(in.Weeks*weekDays-1), today, &bad)
	if in.From == "" || in.To != "" && weekdayOf(in.From) != weekdayOf(in.To) || in.From == in.To {
		bad.Add("from", "roster.bad.same_weekday")
	}
	return bad.Err()
}

// copy writes the shifts of a week onto later weeks and counts what changed.
func (c cells) copy(tx *store.Tx, week []store.Shift, in CopyIn) (changed int, err error) {
	for _, s := range week {
		away := (weekdayOf(s.Day) - weekdayOf(in.From) + weekDays) % weekDays
		for n := range in.Weeks {
			one, err := c.set(tx, s.Staff, in.To.Add(n*weekDays+away), store.ShiftKind{ID: s.Kind, From: s.From, To: s.To})
			if err != nil {
				return 0, err
			}
			changed += one
		}
	}
	return changed, nil
}
