package fault

// The most characters that free text may have, so that no field becomes a warehouse and no page
// echoes one.
const (
	LongName   = 60   // names and titles of people, rooms and the clinic
	LongLine   = 300  // whatever else is written in one line: codes, numbers, addresses
	LongReason = 500  // reasons, which stay in the trail for ever
	LongNote   = 2000 // notes, stories, answers
)

// TooLong says that a field has more characters than it may; the text itself is not repeated.
func TooLong(field string, most int) *Error {
	return &Error{
		Kind: KindInvalid, Key: "fault.toolong", Args: []any{most},
		Fields: Fields{{Name: field, Key: "fault.toolong", Args: []any{most}}},
	}
}
