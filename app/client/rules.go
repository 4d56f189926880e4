package client

import (
	"encoding/json"
	"slices"
	"strings"

	"meixu/app/access"
	"meixu/app/fault"
)

// mostWords bounds the red words of one kind; longWord the length of one.
const (
	mostWords = 20
	longWord  = 40
)

// nouns is the table of what a timeline holds and which sensitive field it counts as.
var nouns = []struct {
	noun  string
	field access.Field
}{
	{"visit", ""},
	{"appointment", ""},
	{"treatment", ""},
	{"document", ""},
	{"consent", ""},
	{"task", ""},
	{"media", access.FieldPhotos},
	{"payment", access.FieldMoney},
	{"answer", access.FieldAnswers},
	{"event", access.FieldDiagnosis},
}

// Nouns lists what the actor sees in a timeline (rulings 32).
func Nouns(by access.Actor) []string {
	var list []string
	for _, n := range nouns {
		if n.field == "" || by.Sees(n.field) {
			list = append(list, n.noun)
		}
	}
	return list
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
