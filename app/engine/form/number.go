package form

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

var errNumber = errors.New("form: not a number")

// narrow turns the full-width digits of a Chinese keyboard into plain ones.
func narrow(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '．' || r == '。':
			return '.'
		case r == '－' || r == '−':
			return '-'
		}
		return r
	}, strings.TrimSpace(text))
}

// number reads a plain decimal number; exponents, infinities and hex are refused.
func number(text string) (float64, error) {
	text = narrow(text)
	if text == "" || len(text) > 16 || strings.Trim(text, "0123456789.-") != "" {
		return 0, errNumber
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, errNumber
	}
	return n, nil
}

// Thousandths reads a number with up to three decimals exactly: "0.05" is 50.
func Thousandths(text string) (int64, error) {
	n, err := number(text)
	if err != nil {
		return 0, err
	}
	_, decimals, _ := strings.Cut(narrow(text), ".")
	if len(decimals) > 3 || math.Abs(n) > 1e9 {
		return 0, errNumber
	}
	return int64(math.Round(n * 1000)), nil
}

// FromThousandths prints thousandths without idle zeros: 50 is "0.05".
func FromThousandths(n int64) string {
	return strconv.FormatFloat(float64(n)/1000, 'f', -1, 64)
}
