package exchange

import (
	_ "embed"
	"encoding/json"
	"slices"

	"meixu/app/engine/sheet"
	"meixu/app/fault"
)

// Codes are the fields that a column can be, in the order in which they are offered.
var Codes = []string{
	"name", "phone", "gender", "birth", "id_number", "former", "source", "tier", "wechat", "address", "allergies", "note",
	"guardian_name", "guardian_relation", "guardian_phone", "shared",
}

// vocabulary is how tables of other systems call things.
type vocabulary struct {
	Headings map[string][]string `json:"headings"`
	Gender   map[string]string   `json:"gender"`
	Source   map[string]string   `json:"source"`
	Tier     map[string]string   `json:"tier"`
	Yes      []string            `json:"yes"`
	None     []string            `json:"none"`

	codes map[string]string // of a heading
}

//go:embed headings_zh.json
var vocabularyFile []byte

var spoken = readVocabulary()

func readVocabulary() (v vocabulary) {
	if err := json.Unmarshal(vocabularyFile, &v); err != nil {
		panic("exchange: headings_zh.json: " + err.Error())
	}
	v.codes = sheet.Codes(v.Headings)
	return v
}

// guessed says what the columns are by their headings.
func guessed(headings []string) []string { return sheet.Guess(spoken.codes, headings) }

// checkColumns refuses columns that are none, stand twice, or leave out who a row is about.
func checkColumns(columns []string) (f fault.Fields) {
	seen := map[string]bool{}
	for _, code := range columns {
		switch {
		case code == "":
		case !slices.Contains(Codes, code):
			f.Add("columns", "kit.bad.choice")
		case seen[code]:
			f.Add("columns_"+code, "exchange.columns.twice", fault.Word("exchange.field."+code))
		}
		seen[code] = true
	}
	for _, must := range []string{"name", "phone"} {
		if !seen[must] {
			f.Add("columns_"+must, "exchange.columns.missing", fault.Word("exchange.field."+must))
		}
	}
	if !seen["birth"] && !seen["id_number"] {
		f.Add("columns_birth", "exchange.columns.missing", fault.Word("exchange.field.birth"))
	}
	return f
}
