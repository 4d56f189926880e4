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

// DoseIn finds in the physician's advice the line that names product and dose of an item: it
// speaks of the item's area and is short enough for the plan. "" when none does.
func DoseIn(advice string, item store.Item) string {
	_, area, _ := strings.Cut(item.Name, "·")
	for _, line := range linesOf(advice) {
		if Injectable(item) && area != "" && strings.Contains(line, area) && namesDose(line) && len([]rune(line)) <= maxDose {
			return line
		}
	}
	return ""
}
