package inventory

import (
	_ "embed"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:embed registrations.json
var registrationFile []byte

// mark is the fixed word inside a registration number and what must follow it.
type mark struct {
	Mark   string `json:"mark"`
	Digits int    `json:"digits"`
	Exact  bool   `json:"exact"` // nothing but the digits follows
	Class  bool   `json:"class"` // the fifth digit is the class of the device
}

// registrations are the shapes of registration numbers (csv_notes.md, licence_prefix).
var registrations = func() (t struct {
	Drug     string            `json:"drug"`
	Cosmetic string            `json:"cosmetic"`
	Classes  map[string]string `json:"classes"`
	Marks    []mark            `json:"marks"`
},
) {
	if err := json.Unmarshal(registrationFile, &t); err != nil {
		panic("inventory: registrations.json: " + err.Error())
	}
	return t
}()

// isDrug says that the law of drugs (REG-DRG) and not of devices (REG-DEV) governs the kind.
func isDrug(kind string) bool { return kind == registrations.Drug }

// FitsPrefix says whether a registration number has the shape that the product's licence
// prefix asks for ("国药准字S/SJ": S or SJ and eight digits; "X械注准": any province, eleven
// digits of which the fifth is the class). A prefix without a known mark takes any number.
func FitsPrefix(prefix, kind, number string) bool {
	number = strings.Join(strings.Fields(number), "")
	if number == "" {
		return false
	}
	var last mark
	var front string
	for alternative := range strings.SplitSeq(withoutRemarks(prefix), "/") {
		alternative = strings.TrimSpace(alternative)
		m, before, after, known := cutMark(alternative)
		switch {
		case known:
			last, front = m, before
		case last.Mark != "" && isASCII(alternative):
			m, before, after = last, front, alternative
		default:
			return true // "as the product says": there is no shape to check
		}
		if m.fits(before, after, kind, number) {
			return true
		}
	}
	return false
}

func cutMark(alternative string) (m mark, before, after string, known bool) {
	for _, m := range registrations.Marks {
		if before, after, known := strings.Cut(alternative, m.Mark); known {
			return m, before, after, true
		}
	}
	return mark{}, "", "", false
}

// fits checks one alternative: what stands before the mark (X is any one character), the
// mark itself, the letters after it and the digits.
func (m mark) fits(before, after, kind, number string) bool {
	have, rest, found := strings.Cut(number, m.Mark)
	if !found {
		return false
	}
	if before == "X" && utf8.RuneCountInString(have) != 1 || before != "X" && before != "" && have != before {
		return false
	}
	digits, found := strings.CutPrefix(rest, after)
	if !found {
		return false
	}
	if !m.Exact {
		return strings.IndexFunc(digits, unicode.IsLetter) != 0 && countDigits(digits) >= m.Digits
	}
	if len(digits) != m.Digits || countDigits(digits) != m.Digits {
		return false
	}
	class := registrations.Classes[kind]
	return !m.Class || class == "" || digits[4:5] == class
}

// withoutRemarks drops what stands in parentheses.
func withoutRemarks(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range text {
		switch r {
		case '(', '（':
			depth++
		case ')', '）':
			depth--
		default:
			if depth == 0 {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}

func countDigits(text string) (n int) {
	for _, r := range text {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}
