package document

import (
	"strconv"
	"strings"

	"meixu/app/words"
	"meixu/store/term"
)

// Capital writes an amount in the capital characters that receipts carry against forgery.
// The characters stand in the catalogue (document.capital.*): ten digits, the places, the
// sections of ten thousand, and the words for yuan, jiao, fen, whole and minus.
func Capital(amount term.Fen) string {
	digits := []rune(words.ZH.T("document.capital.digits"))
	units := []rune(words.ZH.T("document.capital.units")) // yuan jiao fen whole minus
	sign := ""
	if amount < 0 {
		sign, amount = string(units[4]), -amount
	}
	yuan, jiao, fen := int64(amount)/100, int64(amount)/10%10, int64(amount)%10
	var out strings.Builder
	out.WriteString(sign)
	if yuan > 0 || jiao == 0 && fen == 0 {
		out.WriteString(capitalWhole(yuan, digits) + string(units[0]))
	}
	if jiao == 0 && fen == 0 {
		return out.String() + string(units[3])
	}
	if jiao > 0 {
		out.WriteString(string(digits[jiao]) + string(units[1]))
	} else if yuan > 0 {
		out.WriteRune(digits[0])
	}
	if fen > 0 {
		out.WriteString(string(digits[fen]) + string(units[2]))
	} else {
		out.WriteRune(units[3])
	}
	return out.String()
}

// capitalWhole writes whole yuan: sections of four digits, one zero for any gap.
func capitalWhole(n int64, digits []rune) string {
	if n == 0 {
		return string(digits[0])
	}
	places := []rune(words.ZH.T("document.capital.places"))     // ten, hundred, thousand
	sections := []rune(words.ZH.T("document.capital.sections")) // ten thousand, hundred million
	out, gap, written := "", false, false
	text := strconv.FormatInt(n, 10)
	for i, digit := range text {
		below := len(text) - 1 - i
		if digit == '0' {
			gap = true
		} else {
			if gap {
				out += string(digits[0])
			}
			out += string(digits[digit-'0']) + unit(places, below%4)
			gap, written = false, true
		}
		if below%4 == 0 && written {
			out += unit(sections, below/4)
			written = false
		}
	}
	return out
}

// unit is the n-th unit above the lowest, which has no name.
func unit(names []rune, n int) string {
	if n == 0 {
		return ""
	}
	return string(names[n-1])
}
