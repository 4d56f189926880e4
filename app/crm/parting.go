package crm

import (
	"maps"
	"slices"

	"meixu/store"
)

// Parting is what taking a merge back would do, for the page that asks (row:C3).
type Parting struct {
	Stays, Goes, Edited []Count
	Fields              []string // columns of the file that stays
	Red                 bool     // red words were written since: both files have them
	// Points and FromPoints are what either file has afterwards; Gives is what the file that stays
	// gives to the other, below zero what it gets.
	Points, FromPoints, Gives int64
}

// Any says that something was written or changed since.
func (p Parting) Any() bool {
	return len(p.Stays)+len(p.Goes)+len(p.Edited)+len(p.Fields) > 0 || p.Gives != 0
}

// Gets is how many points the file that stays gets.
func (p Parting) Gets() int64 { return -p.Gives }

func partingOf(r *store.Read, m store.Merge) (p Parting, err error) {
	s, err := r.PartingOf(m)
	if err != nil {
		return p, err
	}
	p = Parting{Stays: counts(s.Stays), Goes: counts(s.Goes), Edited: counts(s.Edited), Fields: s.Fields}
	p.Gives = evened(m, s.Points, s.FromPoints)
	p.Points, p.FromPoints = s.Points-p.Gives, s.FromPoints+p.Gives
	red, err := redSince(r, m)
	p.Red = len(red.Allergies)+len(red.Alerts) > 0
	return p, err
}

func counts(rows map[string]int) (list []Count) {
	for _, table := range slices.Sorted(maps.Keys(rows)) {
		list = append(list, Count{table, rows[table]})
	}
	return list
}

// evened is how many points the file that stays gives to the other when they are parted; below zero, how
// many it gets. Joined they were one balance, and whoever was served spent of it: the points that an order
// burned lie on that order, whichever file they were earned in. So parted files are made even: one that
// comes out below zero, or below what it owed already when they were joined, gets what it lacks from the
// other, as far as that one has any. No point is made or lost; what was spent once cannot be spent again;
// and where nothing was spent beyond a file's own points, nothing is moved. What an order gives back
// later goes to the file that has the order.
func evened(m store.Merge, points, fromPoints int64) int64 {
	if lacks := min(0, m.FromPoints) - fromPoints; lacks > 0 {
		return min(lacks, max(0, points))
	}
	if lacks := min(0, m.Points) - points; lacks > 0 {
		return -min(lacks, max(0, fromPoints))
	}
	return 0
}

// partPoints makes the points of two parted files even.
func partPoints(tx *store.Tx, m store.Merge) error {
	points, err := tx.PointsOf(m.Client)
	if err != nil {
		return err
	}
	fromPoints, err := tx.PointsOf(m.From)
	if err != nil {
		return err
	}
	switch gives := evened(m, points, fromPoints); {
	case gives > 0:
		return tx.GivePoints(m, m.Client, m.From, gives)
	case gives < 0:
		return tx.GivePoints(m, m.From, m.Client, -gives)
	}
	return nil
}
