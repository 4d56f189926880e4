package term

import "strings"

// MaskPhone shows the first three and the last four digits: 138****8817. Short numbers keep
// their last two digits only; where there is none, a dash says so.
func MaskPhone(phone string) string {
	runes := []rune(strings.TrimSpace(phone))
	switch {
	case len(runes) == 0:
		return "\u2013"
	case len(runes) < 8:
		return strings.Repeat("*", max(len(runes)-2, 1)) + string(runes[max(len(runes)-2, 0):])
	}
	return string(runes[:3]) + strings.Repeat("*", len(runes)-7) + string(runes[len(runes)-4:])
}

// MaskName shows the first character only: 张*; for the waiting screen.
func MaskName(name string) string {
	runes := []rune(strings.TrimSpace(name))
	if len(runes) == 0 {
		return "*"
	}
	return string(runes[:1]) + strings.Repeat("*", max(len(runes)-1, 1))
}

// MaskNumber shows the last four of an identity number.
func MaskNumber(number string) string {
	runes := []rune(strings.TrimSpace(number))
	if len(runes) <= 4 {
		return strings.Repeat("*", len(runes))
	}
	return strings.Repeat("*", len(runes)-4) + string(runes[len(runes)-4:])
}
