// Package rfm says where the scores of a client begin, and why she has hers, in words that the owner
// of a shop understands: when she came last, how often, how much, and what that is held against (row:C5).
package rfm

import (
	"strings"
	"time"

	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Where the scores 5, 4, 3 and 2 begin: days since the last visit, visits a year, money a year.
var (
	RecentDays = [4]int{30, 60, 90, 180}
	OftenYear  = [4]int{8, 5, 3, 2}
	MoneyYear  = [4]term.Fen{3_000_000, 1_000_000, 300_000, 1}
)

// Why is why a client has her scores: recency, frequency, money, each with what was counted and the span
// that it falls into. The scores are those of the night; what was counted is as of now.
func Why(f store.Figures, now term.Instant) []words.Text {
	if f.Last.IsZero() {
		return []words.Text{say("crm.why.never")}
	}
	days := int(now.Sub(f.Last) / (24 * time.Hour))
	spans := Spans(f, now)
	return []words.Text{
		both("crm.why.recent", days, spans[0]), both("crm.why.often", f.YearVisits, spans[1]), both("crm.why.money", f.YearSpent, spans[2]),
	}
}

// Spans are the three spans that a client falls into now; none for somebody who never came.
func Spans(f store.Figures, now term.Instant) []words.Text {
	if f.Last.IsZero() {
		return nil
	}
	return []words.Text{recent(int(now.Sub(f.Last) / (24 * time.Hour))), often(f.YearVisits), money(f.YearSpent)}
}

// say is a text of the catalogue in both languages.
func say(key string, args ...any) words.Text {
	return words.Text{ZH: words.ZH.T(key, args...), EN: words.EN.T(key, args...)}
}

// both is what was counted with the span that it falls into.
func both(key string, counted any, span words.Text) words.Text {
	return words.Text{ZH: words.ZH.T(key, counted, span.ZH), EN: words.EN.T(key, counted, span.EN)}
}

func recent(days int) words.Text {
	for i, limit := range RecentDays {
		switch {
		case days <= limit && i == 0:
			return say("crm.why.recent.first", limit)
		case days <= limit:
			return say("crm.why.recent.span", RecentDays[i-1]+1, limit)
		}
	}
	return say("crm.why.recent.last", RecentDays[len(RecentDays)-1])
}

func often(visits int) words.Text {
	for i, limit := range OftenYear {
		switch {
		case visits < limit:
		case i == 0:
			return say("crm.why.often.first", limit)
		case limit == OftenYear[i-1]-1:
			return say("crm.why.often.one", limit)
		default:
			return say("crm.why.often.span", limit, OftenYear[i-1]-1)
		}
	}
	return say("crm.why.often.last", OftenYear[len(OftenYear)-1])
}

func money(spent term.Fen) words.Text {
	for i, limit := range MoneyYear {
		switch {
		case spent < limit:
		case i == 0:
			return say("crm.why.money.first", yuan(limit))
		case limit == 1:
			return say("crm.why.money.little", yuan(MoneyYear[i-1]))
		default:
			return say("crm.why.money.span", yuan(limit), yuan(MoneyYear[i-1]))
		}
	}
	return say("crm.why.money.last")
}

// yuan prints a limit, which is whole yuan, without its cents.
func yuan(f term.Fen) string { return strings.TrimSuffix(f.String(), ".00") }
