package term

import (
	"errors"
	"strconv"
	"strings"
)

// Fen is an amount of money in fen (1/100 yuan). Money is never a float.
type Fen int64

// ErrMoney says that a text is not an amount of money.
var ErrMoney = errors.New("term: not an amount of money")

// String prints the amount as ¥1,234.50.
func (f Fen) String() string {
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	return sign + "¥" + group(int64(f)/100) + "." + pad2(int64(f)%100)
}

// Plain prints the amount as 1234.50, for input fields.
func (f Fen) Plain() string {
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	return sign + strconv.FormatInt(int64(f)/100, 10) + "." + pad2(int64(f)%100)
}

// Times multiplies the amount by a count.
func (f Fen) Times(n int) Fen { return f * Fen(n) }

// ParseFen reads "1234", "1,234.5", "¥1234.50". More than two decimals is an error, and so is
// a comma that does not part thousands: "2,00" is neither two yuan nor two hundred.
func ParseFen(text string) (Fen, error) {
	text = strings.NewReplacer("¥", "", "￥", "", " ", "").Replace(halfWidth(strings.TrimSpace(text)))
	negative := strings.HasPrefix(text, "-")
	text = strings.TrimPrefix(text, "-")
	whole, part, _ := strings.Cut(text, ".")
	whole, ok := ungroup(whole)
	if !ok || whole == "" && part == "" || len(part) > 2 || len(whole) > 12 {
		return 0, ErrMoney
	}
	for len(part) < 2 {
		part += "0"
	}
	n, err := strconv.ParseUint(whole+part, 10, 62)
	if err != nil {
		return 0, ErrMoney
	}
	if negative {
		return -Fen(n), nil
	}
	return Fen(n), nil
}

// ErrWhole says that a text is not a whole number.
var ErrWhole = errors.New("term: not a whole number")

// ParseWhole reads "1234", "-5" and "1,234". A comma that does not part thousands is an error:
// "1,5" is neither one and a half nor fifteen.
func ParseWhole(text string) (int64, error) {
	text = halfWidth(strings.TrimSpace(text))
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign = "-"
	}
	digits, ok := ungroup(strings.TrimPrefix(text, sign))
	if !ok {
		return 0, ErrWhole
	}
	n, err := strconv.ParseInt(sign+digits, 10, 64)
	if err != nil {
		return 0, ErrWhole
	}
	return n, nil
}

// ungroup takes the commas out of a whole number; ok is false when they do not part it into
// thousands.
func ungroup(whole string) (digits string, ok bool) {
	parts := strings.Split(whole, ",")
	for i, p := range parts {
		if i > 0 && len(p) != 3 || i == 0 && len(parts) > 1 && (p == "" || len(p) > 3) {
			return "", false
		}
	}
	return strings.Join(parts, ""), true
}

func pad2(n int64) string {
	if n < 10 {
		return "0" + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(n, 10)
}

func group(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
