package defaults

// Shift is a kind of shift that a house has from the start; minutes since midnight.
type Shift struct {
	Name, Letter string
	From, To     int
}

// Shifts lists the kinds of shift of a house that is open from 9 to 20 (row:O10).
func Shifts() []Shift {
	return []Shift{
		{"早班", "早", 9 * 60, 18 * 60},
		{"全天", "全", 9 * 60, 20 * 60},
		{"中班", "中", 11 * 60, 20 * 60},
		{"晚班", "晚", 14 * 60, 20 * 60},
	}
}
