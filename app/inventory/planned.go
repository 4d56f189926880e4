package inventory

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// RefuseMuch is the key of the refusal of more than a treatment can want; a written reason
// overrules it.
const RefuseMuch = "inventory.refuse.much"

const (
	// timesPlanned is how many times what was planned may be taken without a reason.
	timesPlanned = 3
	// shortestReason is how many letters a reason has at least.
	shortestReason = 4
)

// SaysWhy tells whether a text can be a reason: some words, not a dot or a row of digits.
func SaysWhy(text string) bool {
	letters := map[rune]bool{}
	for _, r := range term.Written(text) {
		if unicode.IsLetter(r) {
			letters[r] = true
		}
	}
	return len(letters) >= shortestReason
}

// most is how much of a product a treatment can want without a reason: three times what was
// planned, and a whole pack in any case, since a pack is opened whole. 0 when neither is known.
func (t taking) most() term.Qty { return max(timesPlanned*t.planned, t.product.PackQty) }

// much says that the treatment has more of the product with this taking than it can want.
func (t taking) much() bool { return t.most() > 0 && t.had+t.qty > t.most() }

// refuseMuch asks for the reason of more (S4-07).
func (t taking) refuseMuch() error {
	unit := t.product.Unit
	return fault.Refuse("S4-07", RefuseMuch, t.product.Name, (t.had + t.qty).String(), unit, t.most().String(), unit).Ask("physician")
}

// reasons joins what is kept with the use: why this lot, and why more, where it was more.
func (t taking) reasons() string {
	said := []string{t.reason}
	if t.much() {
		said = append(said, t.more)
	}
	return strings.Join(slices.DeleteFunc(said, func(s string) bool { return s == "" }), " · ")
}

// samePurpose says that two products are one to the body: the same one, or another brand of what
// is for the same and is measured in the same unit. Three brands of toxin are one dose.
func samePurpose(a, b store.Product) bool {
	return a.ID == b.ID || a.UseKind != "" && a.UseKind == b.UseKind && a.Unit == b.Unit
}

// want reads what was planned of the product for the treatment and what was taken already of it
// and of other brands.
func (t *taking) want(r *store.Read, on store.Treatment) error {
	uses, err := r.LotUses(on.ID)
	if err != nil {
		return err
	}
	for _, u := range uses {
		lot, err := r.Lot(u.Lot)
		if err != nil {
			return err
		}
		product, err := r.Product(lot.Product)
		if err != nil {
			return err
		}
		if samePurpose(product, t.product) {
			t.had += u.TakenQty - u.ReturnedQty
		}
	}
	if on.PlanItem == 0 {
		return nil
	}
	line, err := r.PlanItem(on.PlanItem)
	t.planned = plannedIn(line.Dose, t.product.Unit)
	return err
}

// plannedIn reads the amount in a plan's "product and dose": the only number that is followed by
// the unit in which the product is kept. 0 when there is none, or more than one.
func plannedIn(dose, unit string) term.Qty {
	if unit == "" {
		return 0
	}
	names := []string{unit, words.EN.Unit(unit)}
	if strings.EqualFold(unit, "U") {
		names = append(names, "IU", "units?", words.ZH.T("unit.units"))
	}
	for i, name := range names {
		if !strings.HasSuffix(name, "?") {
			names[i] = regexp.QuoteMeta(name)
		}
	}
	amount := regexp.MustCompile(`(?i)(?:^|[^0-9a-z.,])([0-9]{1,6}(?:\.[0-9]{1,3})?)\s*(?:` + strings.Join(names, "|") + `)(?:[^0-9a-z/%]|$)`)
	found := amount.FindAllStringSubmatch(dose, -1)
	if len(found) != 1 {
		return 0
	}
	qty, err := term.ParseQty(found[0][1])
	if err != nil {
		return 0
	}
	return qty
}
