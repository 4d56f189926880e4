package kit

import "meixu/app/fault"

// Why asks for the reason of a deed that leaves the usual way: reasons of one touch, or one's own
// words. The block "why" draws it as a page of its own.
type Why struct {
	Key    string // words key of the deed; Key.1, Key.2 … are its usual reasons
	About  string // whom it is about
	Note   string
	Action string
	Hidden map[string]string
	Field  string // name of the reason in the post
	Back   string
	Faults fault.Fields
	Typed  string
}

// Reasons are the usual reasons that the deed has words for.
func (w Why) Reasons() (keys []string) {
	for _, n := range []string{".1", ".2", ".3"} {
		keys = append(keys, w.Key+n)
	}
	return keys
}

// Own is the field for one's own words.
func (w Why) Own() Field {
	return Fill([]Field{{Name: w.Field, Kind: Text, LabelKey: "kit.why.own", Value: w.Typed, Wide: true, Required: true}}, nil, w.Faults)[0]
}
