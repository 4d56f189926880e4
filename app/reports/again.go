package reports

import (
	"fmt"
	"strings"

	"meixu/app/access"
	"meixu/store"
	"meixu/store/term"
)

// againMonths is how many months the rate is compared over.
const againMonths = 12

// askers are who may have asked again, as the rating names them, in the order of a visit.
var askers = []access.Role{access.Reception, access.Consultant, access.Physician, access.Nurse, access.Cashier, access.Aftercare}

// add counts one rating; who did not say counts nowhere.
func (r *Rate) add(again string) {
	if again == "" {
		return
	}
	r.Whole++
	if again != store.AgainNo {
		r.Part++
	}
}

// drillAgain is the rate of those who had to say again what they had told already, month by month and
// by whom (row:C8).
func drillAgain(_ *Office, r *store.Read, d *Drill) error {
	d.Columns = []string{"reports.col.month", "reports.col.answers", "reports.col.again", "reports.col.rate"}
	for _, role := range askers {
		d.Columns = append(d.Columns, role.Key())
	}
	month := monthOf(r.Today())
	for range againMonths {
		rows, err := r.RatingsBetween(month.Start(r.Zone()), nextMonth(month).Start(r.Zone()), mostVisits)
		if err != nil {
			return err
		}
		if line, some := againIn(month, rows); some {
			d.Rows = append(d.Rows, line)
		}
		month = monthOf(month.Add(-1))
	}
	return nil
}

// againIn is the line of a month; false when nobody said anything.
func againIn(month term.Day, rows []store.Rating) (DrillRow, bool) {
	var all Rate
	by := map[string]int{}
	for _, x := range rows {
		all.add(x.Again)
		for _, who := range strings.Split(x.Again, ",") {
			by[who]++
		}
	}
	n, ok := all.Percent()
	line := DrillRow{"", []DrillCell{text(string(month[:7])), text(fmt.Sprint(all.Whole)), text(fmt.Sprint(all.Part)), text(fmt.Sprintf("%d%%", n))}}
	for _, role := range askers {
		line.Cells = append(line.Cells, text(fmt.Sprint(by[askerOf[role]])))
	}
	return line, ok
}

// askerOf is the word of the rating for a role.
var askerOf = map[access.Role]string{
	access.Reception: "front", access.Consultant: "consultant", access.Physician: "physician", access.Nurse: "nurse",
	access.Cashier: "cashier", access.Aftercare: "aftercare",
}

// monthOf is the first day of a day's month.
func monthOf(d term.Day) term.Day { return d[:8] + "01" }

// nextMonth is the first day of the month after.
func nextMonth(month term.Day) term.Day { return monthOf(month.Add(32)) }
