package inventory

import (
	"strings"
	"unicode"
)

// gs1Lot is the most characters that GS1 gives a lot.
const gs1Lot = 20

// Elements are what the label of the lot says to a scanner, as ParseScan reads it again: the pack's
// number where one is known, the end of use, the lot (GS1 01, 17, 10; REG-DEV-12). gs1 says that they
// keep to the GS1 alphabet; else they are plain text.
func (v LotView) Elements() (text string, gs1 bool) {
	gs1 = v.Lot.Lot != "" && len(v.Lot.Lot) <= gs1Lot && strings.IndexFunc(v.Lot.Lot, func(r rune) bool {
		return r <= unicode.MaxASCII && (r == ' ' || r == '(' || r == ')' || !unicode.IsPrint(r)) || r > unicode.MaxASCII
	}) < 0
	if !gs1 {
		return v.Lot.Lot, false
	}
	var b strings.Builder
	for _, c := range v.Codes {
		if scan := ParseScan(c.Code); scan.GTIN != "" {
			b.WriteString("01" + scan.GTIN)
			break
		}
	}
	if day := strings.ReplaceAll(string(v.Lot.ExpiresOn), "-", ""); len(day) == 8 {
		b.WriteString("17" + day[2:])
	}
	b.WriteString("10" + v.Lot.Lot)
	return b.String(), true
}
