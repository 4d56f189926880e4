package client

import (
	"encoding/json"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/store"
)

// mostWords bounds the red words of one kind; longWord the length of one.
const (
	mostWords = 20
	longWord  = 40
)

// Kind is one choice of the timeline's filter: what belongs together for who looks for it.
type Kind struct {
	Name  string
	nouns []noun
}

// noun is one sort of entry and who is told of it; nil is everybody who opens the file.
type noun struct {
	name string
	may  func(access.Actor) bool
}

// sees lets those through who see the field.
func sees(f access.Field) func(access.Actor) bool {
	return func(by access.Actor) bool { return by.Sees(f) }
}

// readsRating lets those through who read what clients think of their visits.
func readsRating(by access.Actor) bool { return by.ReadsForm("F9") }

// kinds is the table of what a timeline holds and to whom it is shown (rulings 32): the desk is
// told that somebody came, is booked and owes, and nothing clinical.
var kinds = []Kind{
	{"visit", []noun{{"visit", nil}}},
	{"appointment", []noun{{"appointment", nil}, {"lead", nil}, {"wait", nil}}},
	{"talk", []noun{{"talk", sees(access.FieldAnswers)}, {"exam", sees(access.FieldDiagnosis)}}},
	{"answer", []noun{{"skin", sees(access.FieldAnswers)}, {"answer", sees(access.FieldAnswers)}}},
	{"media", []noun{{"media", sees(access.FieldPhotos)}}},
	{"plan", []noun{{"plan", sees(access.FieldMoney)}, {"order", sees(access.FieldMoney)}}},
	{"document", []noun{{"document", nil}, {"consent", nil}, {"withdrawal", nil}}},
	{"treatment", []noun{{"treatment", nil}, {"lot", sees(access.FieldDiagnosis)}, {"redeem", nil}}},
	{"payment", []noun{{"payment", sees(access.FieldMoney)}}},
	{"task", []noun{{"task", nil}}},
	{"event", []noun{{"event", sees(access.FieldDiagnosis)}, {"rating", readsRating}, {"complaint", readsRating}}},
	{"message", []noun{{"message", nil}}},
}

// of lists the nouns of the kind that the actor sees.
func (k Kind) of(by access.Actor) (list []string) {
	for _, n := range k.nouns {
		if n.may == nil || n.may(by) {
			list = append(list, n.name)
		}
	}
	return list
}

// Kinds lists the choices of the filter that hold anything for the actor.
func Kinds(by access.Actor) (list []Kind) {
	for _, k := range kinds {
		if len(k.of(by)) > 0 {
			list = append(list, k)
		}
	}
	return list
}

// nounsOf lists what the actor sees in a timeline, of one kind or of all ("").
func nounsOf(by access.Actor, kind string) (list []string) {
	for _, k := range kinds {
		if kind == "" || kind == k.Name {
			list = append(list, k.of(by)...)
		}
	}
	return list
}

// twins counts other files with the same phone, unless somebody looked at that (row:C3).
func (v *View) twins(r *store.Read, c store.Client) error {
	if c.Phone == "" || c.Former.Shared {
		return nil
	}
	same, err := r.ClientsByPhone(c.Phone)
	v.Twins = max(0, len(same)-1)
	return err
}

// merged tells who may take a merge back that there is one (row:C3).
func (v *View) merged(r *store.Read, by access.Actor) error {
	if !by.May(access.ClientMerge) {
		return nil
	}
	list, err := r.MergesInto(v.Client.ID)
	for _, m := range list {
		v.Merged = v.Merged || r.Now().Before(m.At.Add(store.MergeUndoWithin))
	}
	return err
}

func wantReason(reason string) error {
	var f fault.Fields
	if strings.TrimSpace(reason) == "" {
		f.Add("reason", "client.reason.missing")
	}
	return f.Err()
}

func (in Alerts) check() error {
	var f fault.Fields
	if bad(in.Allergies) {
		f.Add("allergies", "client.words.long", mostWords, longWord)
	}
	if bad(in.Alerts) {
		f.Add("alerts", "client.words.long", mostWords, longWord)
	}
	if strings.TrimSpace(in.Reason) == "" {
		f.Add("reason", "client.reason.missing")
	}
	return f.Err()
}

func bad(list []string) bool {
	return len(list) > mostWords || slices.ContainsFunc(list, func(w string) bool { return len([]rune(w)) > longWord })
}

// Split reads the red words as they are typed: parted by commas, ideographic or not, or lines.
func Split(typed string) []string {
	var list []string
	for _, w := range strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune(",\n;\uff0c\u3001\uff1b", r) }) {
		if w = strings.TrimSpace(w); w != "" && !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	return list
}

// argsOf reads the arguments of a task's title; a broken list prints none.
func argsOf(list string) []string {
	var args []string
	if json.Unmarshal([]byte(list), &args) != nil {
		return nil
	}
	return args
}
