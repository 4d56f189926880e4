package consultation

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"meixu/app/engine/form"
	"meixu/app/engine/phrase"
	"meixu/store"
	"meixu/store/term"
)

// Numbers of sop.md section 9 and regulations.md.
const (
	// casesWanted is how many authorised cases are shown (plan_min_cases_shown).
	casesWanted = 3
	// customPercent is how far a price may lie from the list without approval
	// (customization_max_ratio).
	customPercent = 10
	// maxDose is how many characters product and dose of a line may have.
	maxDose = 60
	// maxPurpose is how many characters the purpose of a line may have.
	maxPurpose = 300
	// adult is the age below which a guardian must agree (REG-CON-04).
	adult = 18
	// bddLimit is from how many positive answers the physician looks again (S2-06).
	bddLimit = 2
)

// bddItems are the body image questions of F2.
var bddItems = []string{"bdd_hour", "bdd_social", "bdd_repeat", "bdd_pressure", "bdd_budget"}

// BDDScore counts the positive answers of the body image screening.
func BDDScore(a form.Answers) (n int) {
	for _, link := range bddItems {
		if a.Value(link) == form.Yes {
			n++
		}
	}
	return n
}

// Contra is a contraindication of one line with the physician's word on it.
type Contra struct {
	form.Finding
	Ruling store.ContraRuling
	// Settled says that the line may go on in spite of it.
	Settled bool
	// Overridable says that a hard one may be overruled by physician and quality together:
	// the dictionary holds it soft in general and hard only here. All other hard ones stop.
	Overridable bool
}

// Hard says that the contraindication stops the line.
func (c Contra) Hard() bool { return c.Level == form.Hard }

// Settle joins findings with rulings. A ruling counts only for the level on which it was
// given, and on a hard level only with the second person.
func Settle(words form.Dictionary, found []form.Finding, rulings []store.ContraRuling) []Contra {
	out := make([]Contra, 0, len(found))
	for _, f := range found {
		c := Contra{Finding: f}
		word, known := words.Code(f.Contraindication)
		c.Overridable = f.Level == form.Hard && known && word.Level == form.Soft
		for _, r := range rulings {
			if r.Code != f.Contraindication {
				continue
			}
			c.Ruling = r
			proceed := r.Decision == "proceed" && r.Level == string(f.Level) && strings.TrimSpace(r.Reason) != ""
			c.Settled = proceed && (f.Level == form.Soft || c.Overridable && r.Second != 0)
		}
		out = append(out, c)
	}
	return out
}

// Unsettled gives the first contraindication that stands in the way, hard ones first.
func Unsettled(all []Contra) (Contra, bool) {
	i := slices.IndexFunc(all, func(c Contra) bool { return !c.Settled && c.Hard() })
	if i < 0 {
		i = slices.IndexFunc(all, func(c Contra) bool { return !c.Settled })
	}
	if i < 0 {
		return Contra{}, false
	}
	return all[i], true
}

// OutOfBand says that a price lies outside the item's band (row:E2).
func OutOfBand(item store.Item, price term.Fen) bool {
	return price < item.PriceLowFen || price > item.PriceHighFen
}

// Customised says that a price lies more than a tenth away from the list (S2-12).
func Customised(list, price term.Fen) bool {
	away := int64(list - price)
	if away < 0 {
		away = -away
	}
	return away*100 > int64(list)*customPercent
}

// NeedsApproval says that a manager has yet to agree to the line's price.
func NeedsApproval(item store.Item, l store.PlanItem) bool {
	return l.ApprovedBy == 0 && (OutOfBand(item, l.PriceFen) || Customised(l.ListFen, l.PriceFen))
}

// TooSoon gives the first day on which the item may be done again after last; "" when the
// interval is over or there was none.
func TooSoon(last term.Day, interval int, today term.Day) term.Day {
	if last == "" || interval <= 0 {
		return ""
	}
	first := last.Add(interval)
	if !today.Before(first) {
		return ""
	}
	return first
}

// Minor says that somebody is under age today.
func Minor(birth, today term.Day) bool { return birth != "" && birth.Age(today) < adult }

// ConsentFresh says that a consent completed on day still counts: days is how long one does.
func ConsentFresh(signed, today term.Day, days int) bool {
	return !signed.Add(days).Before(today)
}

// spoken gathers the banned wording of a talk: what must go, and what needs a reason.
func spoken(c *phrase.Checker, t form.Template, a form.Answers) (blocked, warned []said) {
	for _, g := range t.Groups {
		for _, it := range g.Items {
			if it.Type != form.TextArea && it.Type != form.Text {
				continue
			}
			for _, h := range c.Check(a.Value(it.LinkID), phrase.Talk).Hits {
				switch h.Severity {
				case phrase.Block:
					blocked = append(blocked, said{it.LinkID, h})
				case phrase.Warn:
					warned = append(warned, said{it.LinkID, h})
				default: // nothing to say for the others
				}
			}
		}
	}
	return blocked, warned
}

// said is a banned wording with the question in which it stands.
type said struct {
	link string
	phrase.Hit
}

// clientsWords are the questions of F4 that keep the client's own words: a client may wish
// for "permanent", the clinic may not promise it.
var clientsWords = []string{"client_goal", "past_attempts"}

// injectables are the records of items that put a product into the body.
var injectables = []string{"F7-BTX", "F7-HA", "F7-INJ"}

// Injectable says that an item puts a product into the body: its informed consent names
// product and dose (forms.md F6, REG-CON-03).
func Injectable(item store.Item) bool { return slices.Contains(injectables, item.FormCode) }

// amount is a number with its unit.
var amount = regexp.MustCompile(`(?i)[0-9.]+\s*(units?|iu|u|ml|mg|g)?\b`)

// Undosed says that a line's product and dose are wanted and not named: some words and an
// amount ("A toxin 20 U"), since neither a bare "20 U" nor a bare name tells what is agreed to.
func Undosed(item store.Item, l store.PlanItem) bool { return Injectable(item) && !namesDose(l.Dose) }

func namesDose(text string) bool {
	letters := 0
	for _, r := range amount.ReplaceAllString(text, "") {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	return letters > 2 && strings.ContainsFunc(text, unicode.IsDigit)
}

// Aimless says that a line does not say what it is for. The examination names one indication,
// which is the purpose of a plan's only line; among several it belongs to none by itself, so
// that no consent prints the purpose of another (REG-CON-03).
func Aimless(l store.PlanItem, lines int) bool { return l.Purpose == "" && lines > 1 }

// purposeOf is what a line is for: its own words, or the examination's indication where that
// speaks of nothing else.
func purposeOf(l store.PlanItem, lines int, indication string) string {
	if l.Purpose != "" || lines > 1 {
		return l.Purpose
	}
	return oneLine(indication)
}

// PurposeIn finds in the examination's indication what speaks of an item: the lines that name
// its area; all of it for the plan's first item; "" for a further one that it does not name.
func PurposeIn(indication string, item store.Item, first bool) string {
	_, area, _ := strings.Cut(item.Name, "·")
	var named []string
	for _, line := range linesOf(indication) {
		if area != "" && strings.Contains(line, area) {
			named = append(named, line)
		}
	}
	text := oneLine(strings.Join(named, " "))
	if text == "" && first {
		text = oneLine(indication)
	}
	if len([]rune(text)) > maxPurpose {
		return ""
	}
	return text
}
