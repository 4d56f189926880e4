package term

import (
	"errors"
	"strconv"
	"strings"
)

// Qty is an amount of product in thousandths of its unit (0.5 ml = 500). Never a float.
type Qty int64

// ErrQty says that a text is not an amount.
var ErrQty = errors.New("term: not an amount")

// String prints the amount without needless zeros: 0.5, 100.
func (q Qty) String() string {
	sign := ""
	if q < 0 {
		sign, q = "-", -q
	}
	text := sign + strconv.FormatInt(int64(q)/1000, 10)
	part := strconv.FormatInt(int64(q)%1000+1000, 10)[1:]
	if part = strings.TrimRight(part, "0"); part != "" {
		text += "." + part
	}
	return text
}

// ParseQty reads "0.5" or "100"; more than three decimals is an error.
func ParseQty(text string) (Qty, error) {
	whole, part, _ := strings.Cut(strings.TrimSpace(text), ".")
	if whole == "" && part == "" || len(part) > 3 || len(whole) > 9 {
		return 0, ErrQty
	}
	for len(part) < 3 {
		part += "0"
	}
	n, err := strconv.ParseUint(whole+part, 10, 62)
	if err != nil {
		return 0, ErrQty
	}
	return Qty(n), nil
}
