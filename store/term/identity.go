package term

import (
	"regexp"
	"strings"
)

// Kinds of identity documents, as the client's file keeps them.
const (
	DocumentIDCard   = "id_card"          // resident identity card
	DocumentPassport = "passport"         // of any country
	DocumentHKMT     = "hk_mo_tw"         // travel or residence permit of Hong Kong, Macao, Taiwan
	DocumentForeign  = "foreign_resident" // foreign permanent resident card
)

// IdentityFault says what is wrong with the number of an identity document.
type IdentityFault string

// The faults, in the order in which they are looked for; "" is none.
const (
	IdentityBad   IdentityFault = "bad"   // no number of such a document, or a wrong check digit
	IdentityBirth IdentityFault = "birth" // another birth day than the one given
	IdentitySex   IdentityFault = "sex"   // another sex than the one given
)

var (
	mobilePhone  = regexp.MustCompile(`^1[3-9]\d{9}$`)
	foreignPhone = regexp.MustCompile(`^\+\d{6,15}$`)
	fixedPhone   = regexp.MustCompile(`^0[1-9]\d{8,10}$`) // area code and number, 10 to 12 digits

	passport = regexp.MustCompile(`^[A-Z0-9]{5,15}$`)
	// travelPermit: of people of Hong Kong and Macao (H or M and 8 or 10 digits), or of Taiwan (8 or
	// 10 digits).
	travelPermit = regexp.MustCompile(`^(?:[HM]\d{8}(?:\d{2})?|\d{8}(?:\d{2})?)$`)
	oldResident  = regexp.MustCompile(`^[A-Z]{3}\d{12}$`) // foreign residents until 2023
	digits18     = regexp.MustCompile(`^\d{17}[\dX]$`)
	anyDocument  = regexp.MustCompile(`^[A-Z0-9]{5,20}$`)
)

// NormalPhone brings a typed phone number to the one form in which numbers are kept and
// compared: digits, with a leading + for foreign ones. Anything that is no digit and no usual
// separator stays, so that GoodPhone refuses it.
func NormalPhone(typed string) string {
	var b strings.Builder
	for _, r := range halfWidth(strings.TrimSpace(typed)) {
		if !strings.ContainsRune(" -()/.\t\u3000\uFF0D\u2013\u2014", r) {
			b.WriteRune(r)
		}
	}
	phone := b.String()
	for before := ""; phone != before; { // "+86 0086 138…" is that number as well
		before = phone
		if rest, ok := strings.CutPrefix(phone, "00"); ok {
			phone = "+" + rest
		}
		phone = strings.TrimSpace(strings.TrimPrefix(phone, "+86"))
	}
	return phone
}

// NoPhones are the reasons for which a file may be without a phone.
var NoPhones = []string{"elderly", "child", "foreign", "declined"}

// NoPhoneFormer says that the system before knew no phone: nobody has asked the client yet, so nobody
// may choose it.
const NoPhoneFormer = "former"

// GuessDocument is the kind of document that a number without a word beside it belongs to, by its
// shape: a resident card unless letters or the first digits say otherwise.
func GuessDocument(number string) string {
	switch {
	case digits18.MatchString(number) && hasAnyPrefix(number, "81", "82", "83"), number != "" && (number[0] == 'H' || number[0] == 'M') && travelPermit.MatchString(number):
		return DocumentHKMT
	case digits18.MatchString(number) && number[0] == '9', oldResident.MatchString(number):
		return DocumentForeign
	case strings.ContainsAny(strings.TrimSuffix(number, "X"), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && passport.MatchString(number):
		return DocumentPassport
	}
	return DocumentIDCard
}

// GoodPhone says that a normal number is a mobile of 11 digits, a landline with its area code,
// or a foreign number with its +.
func GoodPhone(phone string) bool {
	return mobilePhone.MatchString(phone) || fixedPhone.MatchString(phone) || foreignPhone.MatchString(phone)
}

// NormalDocument brings a typed document number to the form in which it is kept.
func NormalDocument(typed string) string {
	return strings.ToUpper(strings.Join(strings.FieldsFunc(halfWidth(typed), func(r rune) bool {
		return strings.ContainsRune(" -\t\u3000()", r)
	}), ""))
}

// CheckDocument looks at a normal document number: its shape and check digit, and that birth
// day and sex (female, male; others are not compared) agree where the number tells them. An
// unknown kind takes the number of any document.
func CheckDocument(kind, number string, birth Day, sex string) IdentityFault {
	switch kind {
	case DocumentIDCard:
		return agree(number, birth, sex)
	case DocumentPassport:
		return shaped(passport.MatchString(number))
	case DocumentHKMT:
		if len(number) == 18 { // residence permit for people of Hong Kong, Macao and Taiwan
			if !hasAnyPrefix(number, "81", "82", "83") {
				return IdentityBad
			}
			return agree(number, birth, sex)
		}
		return shaped(travelPermit.MatchString(number))
	case DocumentForeign:
		if len(number) == 18 {
			if number[0] != '9' {
				return IdentityBad
			}
			return agree(number, birth, sex)
		}
		return shaped(oldResident.MatchString(number))
	}
	if digits18.MatchString(number) {
		return agree(number, birth, sex)
	}
	return shaped(anyDocument.MatchString(number))
}

// agree checks a number of 18 places by GB 11643: weights, birth day, sex.
func agree(number string, birth Day, sex string) IdentityFault {
	if !digits18.MatchString(number) || number[17] != checkMark(number) {
		return IdentityBad
	}
	born, err := ParseDay(number[6:10] + "-" + number[10:12] + "-" + number[12:14])
	if err != nil {
		return IdentityBad
	}
	male := (number[16]-'0')%2 == 1
	switch {
	case birth != "" && birth != born:
		return IdentityBirth
	case sex == "female" && male, sex == "male" && !male:
		return IdentitySex
	}
	return ""
}

// checkMark is the check digit of GB 11643-1999.
func checkMark(number string) byte {
	sum := 0
	for i, weight := range [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(number[i]-'0') * weight
	}
	return "10X98765432"[sum%11]
}

func shaped(ok bool) IdentityFault {
	if ok {
		return ""
	}
	return IdentityBad
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// Plain is a typed number or time with the signs of a full-width keyboard as plain ones.
func Plain(typed string) string { return halfWidth(strings.TrimSpace(typed)) }

// halfWidth turns the full-width signs of a Chinese keyboard into plain ones.
func halfWidth(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\uFF01' && r <= '\uFF5E' {
			return r - '\uFF01' + '!'
		}
		return r
	}, s)
}
