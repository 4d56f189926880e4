package inventory

import (
	"strings"
	"time"

	"meixu/store/term"
)

// Scan is what a scanner or a finger entered: a GS1 code of a pack (UDI, REG-DEV-12), a
// 20-digit trace code of a drug (REG-DRG-04) or the plain number of a lot.
type Scan struct {
	GTIN   string   // (01) with its check digit
	Lot    string   // (10)
	Serial string   // (21)
	Expiry term.Day // (17)
	Made   term.Day // (11)
	Trace  string   // 20 digits
	Plain  string   // none of these: as typed
}

// Pack is the code of one single pack, under which it is received once and used once; ""
// when the scan names a lot only.
func (s Scan) Pack() string {
	switch {
	case s.Trace != "":
		return s.Trace
	case s.GTIN != "" && s.Serial != "":
		return "(01)" + s.GTIN + "(21)" + s.Serial
	}
	return ""
}

// LotNumber is the lot that the scan names; "" for a trace code.
func (s Scan) LotNumber() string {
	if s.Plain != "" {
		return s.Plain
	}
	return s.Lot
}

// fixed are the GS1 identifiers of fixed length; all others run to the next FNC1.
var fixed = map[string]int{
	"00": 18, "01": 14, "02": 14, "11": 6, "12": 6, "13": 6, "15": 6, "16": 6, "17": 6, "20": 2,
}

// fnc1 is how scanners hand over the separator of GS1.
var fnc1 = strings.NewReplacer("]C1", "", "]d2", "", "]Q3", "", "]e0", "", "<GS>", "\x1d", "{GS}", "\x1d", "<FNC1>", "\x1d", "{FNC1}", "\x1d")

// ParseScan reads what was scanned or typed; it never fails: what is no code is plain text.
// A full-width or lower-case lot is read as the printed one.
func ParseScan(text string) Scan {
	text = strings.Trim(fnc1.Replace(strings.TrimSpace(halfWidth(text))), "\x1d ")
	if strings.HasPrefix(text, "(") {
		if s, ok := parseBracketed(text); ok {
			return s
		}
	}
	if s, ok := parseRaw(text); ok {
		return s
	}
	if len(text) == 20 && countDigits(text) == 20 {
		return Scan{Trace: text}
	}
	return Scan{Plain: strings.ToUpper(text)}
}

func parseBracketed(text string) (s Scan, ok bool) {
	for text != "" {
		end := strings.IndexByte(text, ')')
		if text[0] != '(' || end < 3 || end > 5 {
			return Scan{}, false
		}
		id, rest := text[1:end], text[end+1:]
		next := strings.IndexByte(rest, '(')
		if next < 0 {
			next = len(rest)
		}
		if !s.put(id, strings.Trim(rest[:next], "\x1d ")) {
			return Scan{}, false
		}
		text = rest[next:]
	}
	return s, s.GTIN != ""
}

// parseRaw reads the form without parentheses; it must begin with (01) and a GTIN whose
// check digit is right, else any number would pass for a code.
func parseRaw(text string) (s Scan, ok bool) {
	if len(text) < 16 || !strings.HasPrefix(text, "01") {
		return Scan{}, false
	}
	for text != "" {
		if len(text) < 3 {
			return Scan{}, false
		}
		id, rest := text[:2], text[2:]
		size, known := fixed[id]
		if !known {
			if size = strings.IndexByte(rest, '\x1d'); size < 0 {
				size = len(rest)
			}
		}
		if len(rest) < size || !s.put(id, rest[:size]) {
			return Scan{}, false
		}
		text = strings.TrimPrefix(rest[size:], "\x1d")
	}
	return s, s.GTIN != ""
}

// put notes one element; false when it cannot be.
func (s *Scan) put(id, value string) bool {
	switch id {
	case "01":
		s.GTIN = value
		return validGTIN(value)
	case "10":
		s.Lot = strings.ToUpper(value)
		return value != "" && len(value) <= 20
	case "21":
		s.Serial = value
		return value != "" && len(value) <= 20
	case "11", "17":
		day, ok := gs1Day(value)
		if id == "17" {
			s.Expiry = day
		} else {
			s.Made = day
		}
		return ok
	}
	return value != ""
}

// gs1Day reads YYMMDD; day 00 is the last of the month.
func gs1Day(text string) (term.Day, bool) {
	if len(text) != 6 || countDigits(text) != 6 {
		return "", false
	}
	if text[4:] != "00" {
		t, err := time.Parse("060102", text)
		return term.Day(t.Format(time.DateOnly)), err == nil
	}
	t, err := time.Parse("060102", text[:4]+"01")
	return term.Day(t.AddDate(0, 1, -1).Format(time.DateOnly)), err == nil
}

// validGTIN checks the length and the check digit of a GTIN-14.
func validGTIN(text string) bool {
	if len(text) != 14 || countDigits(text) != 14 {
		return false
	}
	sum := 0
	for i, digit := range text[:13] {
		weight := 3
		if i%2 == 1 {
			weight = 1
		}
		sum += int(digit-'0') * weight
	}
	return (10-sum%10)%10 == int(text[13]-'0')
}

// halfWidth turns full-width letters, digits and parentheses (input methods) into ASCII.
func halfWidth(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			return r - '！' + '!'
		}
		return r
	}, text)
}
