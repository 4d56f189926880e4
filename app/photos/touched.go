package photos

import (
	"slices"

	"meixu/app/defaults"
	"meixu/store"
	"meixu/store/term"
)

// Touched are the treatments of one day that changed the place of a treatment, itself included.
type Touched struct {
	of   term.TreatmentID
	list []touch
}

type touch struct {
	treatment term.TreatmentID
	at        term.Instant
	injected  bool
}

// TouchedBy lists what was begun on the client today at the place of the treatment. What leaves
// the skin as it was, an image or a dressing, does not count.
func TouchedBy(r *store.Read, t store.Treatment, item store.Item) (Touched, error) {
	found := Touched{of: t.ID, list: []touch{}}
	begun, err := r.TreatmentsBegun(t.Client)
	if err != nil {
		return found, err
	}
	day := t.StartedAt.Day(r.Zone())
	if t.StartedAt.IsZero() {
		day = r.Today()
	}
	begun = slices.DeleteFunc(begun, func(x store.Treatment) bool { return x.Visit != t.Visit && x.StartedAt.Day(r.Zone()) != day })
	items, err := itemsOf(r, begun)
	if err != nil {
		return found, err
	}
	here := defaults.Spot{Area: t.Area, Item: item.Name}
	for _, x := range begun {
		kind := items[x.Item].Kind
		there := defaults.Spot{Area: x.Area, Item: items[x.Item].Name}
		if x.ID == t.ID || !defaults.LeavesNothing(kind) && here.Meets(defaults.CountsInjection, there) {
			found.list = append(found.list, touch{x.ID, x.StartedAt, defaults.CountsAs(kind) == defaults.CountsInjection})
		}
	}
	return found, nil
}

func itemsOf(r *store.Read, list []store.Treatment) (map[term.ItemID]store.Item, error) {
	ids := make([]term.ItemID, len(list))
	for i, x := range list {
		ids[i] = x.Item
	}
	return r.ItemsIn(ids)
}

// Spoil says that a photo was taken after the place had been touched, so that it shows no
// baseline. One that was taken for the treatment itself shows it after a cleansing too, but
// not after an injection.
func (d Touched) Spoil(m store.Media) bool {
	return slices.ContainsFunc(d.list, func(x touch) bool {
		if !m.TakenAt.After(x.at) {
			return false
		}
		return m.Treatment != d.of || x.treatment == d.of || x.injected
	})
}

// injected says that the place was injected today.
func (d Touched) injected() bool {
	return slices.ContainsFunc(d.list, func(x touch) bool { return x.injected })
}
