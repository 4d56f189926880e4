package finance

import (
	"context"
	"fmt"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/term"
)

// maxCountFen bounds a typed amount of cash: more is a slip of the finger.
const maxCountFen term.Fen = 100_000_000

// CountCash is what is posted at the end of a day: the cash in the drawer without the float.
type CountCash struct {
	Day     term.Day // "" is today
	Typed   bool     // an amount was typed; 0 counts as well
	Counted term.Fen
	Reason  string // why it differs from what the till expects
}

// Counted is a count with who counted.
type Counted struct {
	store.TillCount
	By string
}

// Off is what was found beyond what was expected; below zero something is missing.
func (c Counted) Off() term.Fen { return c.CountedFen - c.ExpectedFen }

// seen tells two states of a day apart: its payments, what they leave in the drawer, its counts.
func (v Day) seen() string {
	said := fmt.Sprintf("%s-e%d-p%d-c%d", v.Day, v.Cash(), len(v.Payments), len(v.Counts))
	if len(v.Payments) > 0 {
		said += fmt.Sprintf("-n%d", v.Payments[0].ID) // the newest stands first
	}
	return said
}

// CountCash keeps what was counted beside what the day's payments expect in the drawer. A
// difference needs a reason; an earlier count of the day stays on record. It is of the day that the
// page showed: a payment that came meanwhile would be missing in the drawer or be too much.
func (t *Till) CountCash(ctx context.Context, by access.Actor, in CountCash) (off term.Fen, err error) {
	in.Reason = strings.TrimSpace(in.Reason)
	err = t.Write(ctx, by, access.TillCount, func(tx *store.Tx) error {
		if in.Day == "" {
			in.Day = tx.Today()
		}
		v := Day{Day: in.Day}
		if err := v.counts(tx.Read); err != nil {
			return err
		}
		if err := v.read(tx.Read); err != nil {
			return err
		}
		row := store.TillCount{
			Day: in.Day, Staff: by.Staff, At: tx.Now(), ExpectedFen: v.Cash(), CountedFen: in.Counted, Reason: in.Reason,
		}
		off = row.CountedFen - row.ExpectedFen
		if err := in.check(off, tx.Today()).Err(); err != nil {
			return err
		}
		if by.Seen != v.seen() { // a payment came, or somebody else counted
			return store.ErrStale
		}
		if err := tx.AddTillCount(&row); err != nil {
			return err
		}
		tx.Result("till_count", row.ID)
		tx.Publish(live.Till)
		return nil
	})
	return off, err
}

// check names every wrong field of a count.
func (in CountCash) check(off term.Fen, today term.Day) fault.Fields {
	var f fault.Fields
	switch {
	case !in.Typed:
		f.Add("counted", "finance.count.missing")
	case in.Counted < 0 || in.Counted > maxCountFen:
		f.Add("counted", "finance.count.amount")
	case off != 0 && in.Reason == "":
		f.Add("reason", "finance.count.why", off)
	}
	if in.Day > today {
		f.Add("counted", "finance.count.day")
	}
	if len([]rune(in.Reason)) > 200 {
		f.Add("reason", "finance.count.long")
	}
	return f
}

// Cash is what the day's payments leave in the drawer.
func (v Day) Cash() term.Fen {
	for _, l := range v.Methods {
		if l.Method == term.Cash {
			return l.Net()
		}
	}
	return 0
}

// counts reads who counted the day's cash, the last one first.
func (v *Day) counts(r *store.Read) error {
	rows, err := r.TillCountsOn(v.Day)
	if err != nil {
		return err
	}
	for _, row := range rows {
		who, err := r.Staff(row.Staff)
		if err != nil {
			return err
		}
		v.Counts = append([]Counted{{row, who.Name}}, v.Counts...)
	}
	return nil
}
