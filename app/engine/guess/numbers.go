package guess

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

var (
	mobile   = regexp.MustCompile(`^(00)?(86)?1[3-9]\d{9}$`)
	landline = regexp.MustCompile(`^((00)?86|0)0?(10|2\d|[3-9]\d{2})[2-8]\d{6,7}$`)
	identity = regexp.MustCompile(`^\d{6}((19|20)\d{6})\d{3}[\dx]$`)
)

// between are the signs that people write between digits.
var between = strings.NewReplacer(" ", "", "-", "", "_", "", ".", "", ",", "", "/", "", "(", "", ")", "", "+", "")

// numeric says what a text of digits alone is.
func numeric(raw string) Kind {
	digits := between.Replace(raw)
	for _, sign := range known().signs {
		digits = strings.ReplaceAll(digits, sign, "")
	}
	if id := identity.FindStringSubmatch(digits); id != nil && isDay(id[1]) {
		return Number
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return Fine
	}
	switch {
	case len(digits) == 8 && isDate(digits): // also a piece of a row
		return Date
	case easy(digits):
		return Digits
	case isDate(digits):
		return Date
	case mobile.MatchString(digits), landline.MatchString(digits):
		return Number
	}
	return Fine
}

// initialled says what a few letters before or after digits are that are easy by themselves:
// abc1234567, wxy19900520, 13800138000qq.
func initialled(text string) Kind {
	inner := strings.TrimFunc(text, func(r rune) bool { return !unicode.IsDigit(r) })
	rest := strings.Replace(text, inner, "", 1)
	if inner == "" || len(letters(rest)) == 0 || len(letters(rest)) > 3 {
		return Fine
	}
	return numeric(inner)
}

// isDate says that digits are one day or two, however people write one.
func isDate(digits string) bool {
	switch len(digits) {
	case 8:
		return isDay(digits) || isDay(digits[4:]+digits[2:4]+digits[:2]) || isDay(digits[4:]+digits[:4])
	case 14:
		_, err := time.Parse("20060102150405", digits)
		return err == nil
	case 16:
		return isDate(digits[:8]) && isDate(digits[8:])
	case 6:
		return isDay("19"+digits) || isDay("20"+digits)
	case 12:
		return isDate(digits[:6]) && isDate(digits[6:]) || isDate(digits[:8]) && easy(digits[8:])
	}
	return false
}

// isDay says that eight digits are a day of the last hundred years or the next thirty.
func isDay(digits string) bool {
	_, err := time.Parse("20060102", digits)
	return err == nil && digits >= "1930" && digits < "2060"
}

// liked are numbers that stand for words, and lines on a number pad.
var liked = strings.Fields(`
	520 521 5201 1314 5211 530 7758 77585 258 168 1688 518 918 198 886 110 119 120 007 365 404 911 10086 10010 12306
	147 258 369 159 357 456 789 741 852 963 951 753 654 321 987 7410 8520 9630 147258369 159357 13579 24680 2468 1357
	100 200 1000 2000 10000 1001 101 102 1024 2048 4096 3721 5188 9527 8023 5418 3344 584 9958 1573 996 1010 1212 314 3141`)

// spare is how many digits may be left over beside what is easy.
const spare = 2

// easy says that digits are put together from rows, one digit again and again, years, days and
// well-liked numbers: at most six pieces, at most two digits left over.
func easy(digits string) bool {
	if len(digits) < 4 {
		return true
	}
	if repeats(digits) {
		return true
	}
	// best[i] is the fewest pieces and left digits for the first i digits, weighed: a piece is 1, a
	// digit left over 3.
	const piece, left, most = 1, 3, 6 + spare*3
	best := make([]int, len(digits)+1)
	for i := 1; i <= len(digits); i++ {
		best[i] = best[i-1] + left
		for from := max(0, i-16); from < i-1; from++ {
			if isPiece(digits[from:i]) {
				best[i] = min(best[i], best[from]+piece)
			}
		}
	}
	return best[len(digits)] <= most && best[len(digits)] <= len(digits)-4
}

// isPiece says that digits are one easy piece.
func isPiece(digits string) bool {
	switch n := len(digits); {
	case strings.Count(digits, digits[:1]) == n:
		return true
	case n >= 3 && isRow(digits):
		return true
	case n == 4 && digits >= "1930" && digits < "2060", n == 8 && isDay(digits):
		return true
	}
	for _, one := range liked {
		if one == digits && len(one) >= 3 {
			return true
		}
	}
	return false
}

// isRow says that each digit is one more, or one less, than the one before; after 9 comes 0.
func isRow(digits string) bool {
	for _, step := range []byte{1, 9} {
		row := true
		for i := 1; i < len(digits); i++ {
			row = row && (digits[i-1]-'0'+step)%10 == digits[i]-'0'
		}
		if row {
			return true
		}
	}
	return false
}
