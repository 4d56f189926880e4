package exchange

import (
	"meixu/app/engine/sheet"
	"meixu/store"
)

// WrongShown is how many rows of a page the list of faults has; the file that can be fetched has all.
const WrongShown = 50

// Look is what of the faults is shown: those of one reason, and which page of them.
type Look struct {
	Why  string // Reason.Code; "" all
	Page int    // from 1
}

// WrongRow is one row of the table that would not come in, with its cells as they were read.
type WrongRow struct {
	Line   int
	Cells  []WrongCell
	Faults []RowFault
}

// WrongCell is one cell of such a row under the letter of its column.
type WrongCell struct {
	Column, Text string
	Fault        *RowFault // nil when this cell is right
}

// Reason is one sort of fault, the column in which it is, and how often.
type Reason struct {
	Column, Heading, Key string
	Double               bool
	Cells                int
}

// Code names the reason in an address; nothing of the table stands in it.
func (r Reason) Code() string { return r.Column + "." + r.Key }

func (f RowFault) reason() Reason {
	return Reason{Column: f.Column, Heading: f.Heading, Key: f.Key, Double: f.Double}
}

// Whole says that the fault is about the row and not about one of its cells.
func (f RowFault) Whole() bool { return f.Column == "" }

// wrongRow shows the columns that mean something, and under each what is wrong with it.
func (r reader) wrongRow(line int, cells []string, faults []RowFault) WrongRow {
	w := WrongRow{Line: line, Faults: faults}
	for i, code := range r.columns {
		if code == "" {
			continue
		}
		cell := WrongCell{Column: sheet.Column(i)}
		if i < len(cells) {
			cell.Text = cells[i]
		}
		for n := range faults {
			if faults[n].Column == cell.Column {
				cell.Fault = &faults[n]
			}
		}
		w.Cells = append(w.Cells, cell)
	}
	return w
}

// look keeps one page of the wrong rows and counts all reasons.
func (t *Trial) look(at Look, w WrongRow) {
	for _, f := range w.Faults {
		t.count(f.reason())
	}
	if at.Why != "" && !w.has(at.Why) {
		return
	}
	first := (max(at.Page, 1) - 1) * WrongShown
	if t.Wrong >= first && len(t.Rows) < WrongShown {
		t.Rows = append(t.Rows, w)
	}
	t.Wrong++
}

func (w WrongRow) has(why string) bool {
	for _, f := range w.Faults {
		if f.reason().Code() == why {
			return true
		}
	}
	return false
}

func (t *Trial) count(r Reason) {
	for i := range t.Reasons {
		if t.Reasons[i].Code() == r.Code() {
			t.Reasons[i].Cells++
			return
		}
	}
	r.Cells = 1
	t.Reasons = append(t.Reasons, r)
}

// wrongHeads are the letters and headings of the columns that mean something.
func wrongHeads(heads []string, plan store.ImportPlan) (list []WrongCell) {
	for i, code := range plan.Columns {
		if code != "" && i < len(heads) {
			list = append(list, WrongCell{Column: sheet.Column(i), Text: heads[i]})
		}
	}
	return list
}

// Letter names a column as a spreadsheet does.
func Letter(i int) string { return sheet.Column(i) }
