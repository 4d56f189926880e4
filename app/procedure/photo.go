package procedure

import (
	"slices"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/photos"
	"meixu/store"
	"meixu/store/term"
)

// Kinds of photo: before anything was done, and right after it.
const (
	baseline  = "baseline"
	immediate = "immediate"
)

// photoProof wants every view of the item, front when it names none; the reason for none
// stands on the run as a skipped step.
func photoProof(r *store.Read, t store.Treatment, item store.Item) (sop.Proof, error) {
	shown, err := shotsOf(r, t, item)
	if err != nil {
		return sop.Proof{}, err
	}
	left := viewsLeft(item, shown.before)
	switch {
	case len(left) > 0 && shown.late:
		return missing("procedure.gap.photo_late", fault.Word("procedure.view."+left[0]), len(left)), nil
	case len(left) > 0:
		return missing("procedure.gap.photo", fault.Word("procedure.view."+left[0]), len(left)), nil
	}
	return done(shown.before[0].TakenAt, store.Subject{Noun: "media", ID: int64(shown.before[0].ID)}), nil
}

// shots are the photos of a treatment.
type shots struct {
	all    []store.Media // shown with it, newest first
	before []store.Media // baseline photos that count (S4-06)
	late   bool          // there are baseline photos that came too late to count
}

// shotsOf reads the photos of a treatment, those of its visit that belong to no treatment, and
// the baseline photos of the visit's other treatments: what shows the same place before
// anything was done to it counts for all of them.
func shotsOf(r *store.Read, t store.Treatment, item store.Item) (s shots, err error) {
	list, err := r.MediaList(store.MediaFilter{Visit: t.Visit, NotVoid: true})
	if err != nil {
		return s, err
	}
	var done touched
	for _, m := range list {
		own := m.Treatment == 0 || m.Treatment == t.ID
		counts := false
		if m.Kind == baseline {
			if done.list == nil {
				if done, err = touchedBy(r, t, item); err != nil {
					return s, err
				}
			}
			counts = !done.spoil(m)
			s.late = s.late || own && !counts
		}
		if counts {
			s.before = append(s.before, m)
		}
		if own || counts {
			s.all = append(s.all, m)
		}
	}
	return s, nil
}

// touched are the treatments of one day that changed the place of a treatment, itself included.
type touched struct {
	of   term.TreatmentID
	list []touch
}

type touch struct {
	treatment term.TreatmentID
	at        term.Instant
	injected  bool
}

// touchedBy lists what was begun on the client today at the place of the treatment. What leaves
// the skin as it was, an image or a dressing, does not count.
func touchedBy(r *store.Read, t store.Treatment, item store.Item) (touched, error) {
	found := touched{of: t.ID, list: []touch{}}
	begun, err := r.TreatmentsBegun(t.Client)
	if err != nil {
		return found, err
	}
	day := t.StartedAt.Day(r.Zone())
	if t.StartedAt.IsZero() {
		day = r.Today()
	}
	begun = slices.DeleteFunc(begun, func(x store.Treatment) bool { return x.Visit != t.Visit && x.StartedAt.Day(r.Zone()) != day })
	ids := make([]term.ItemID, len(begun))
	for i, x := range begun {
		ids[i] = x.Item
	}
	items, err := r.ItemsIn(ids)
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

// spoil says that a photo was taken after the place had been touched, so that it shows no
// baseline. One that was taken for the treatment itself shows it after a cleansing too, but
// not after an injection.
func (d touched) spoil(m store.Media) bool {
	return slices.ContainsFunc(d.list, func(x touch) bool {
		if !m.TakenAt.After(x.at) {
			return false
		}
		return m.Treatment != d.of || x.treatment == d.of || x.injected
	})
}

// mayShow refuses a photo from a position that nobody knows, one to which the client did not
// agree, and one that does not show what its kind says.
func (w *work) mayShow(kind, view string) error {
	if !slices.Contains(photos.Views, view) && !slices.Contains(w.item.PhotoViews, view) {
		var f fault.Fields
		f.Add("view", "media.view.missing")
		return f.Err()
	}
	if err := agreed(w.tx.Read, w.t); err != nil {
		return err
	}
	if kind == baseline {
		return w.mayShowBefore()
	}
	return w.mayShowAfter()
}

// agreed refuses photos to which the client did not agree (REG-PII-01).
func agreed(r *store.Read, t store.Treatment) error {
	consents, err := r.Consents(t.Client)
	if err != nil {
		return err
	}
	if _, ok := consents[term.ForPhotoRecord]; !ok {
		return fault.Refuse("REG-PII-01", "procedure.refuse.photo_consent").Ask("reception").At(Path(t.ID))
	}
	return nil
}

// mayShowAfter refuses a photo right after a treatment that has not begun, and one of a visit
// that is over.
func (w *work) mayShowAfter() error {
	v, err := w.tx.Visit(w.t.Visit)
	if err != nil {
		return err
	}
	if !v.Open() || !slices.Contains(started, w.t.State) {
		return w.refuse(orderRule(access.TreatmentPhoto), "procedure.refuse.state", w.t.Number, fault.Word(w.t.State.Key()),
			fault.Word("media.kind.immediate"))
	}
	return nil
}

// mayShowBefore refuses a baseline photo that would show no baseline: of a treatment that has
// begun, or of a place that was injected today.
func (w *work) mayShowBefore() error {
	if !slices.Contains(before, w.t.State) {
		return w.refuse("S4-06", "procedure.refuse.baseline_late")
	}
	done, err := touchedBy(w.tx.Read, w.t, w.item)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(done.list, func(x touch) bool { return x.injected }) {
		return w.refuse("S4-06", "procedure.refuse.baseline_injected")
	}
	return nil
}

// views lists the views of the item's baseline photos.
func views(item store.Item) []string {
	if len(item.PhotoViews) == 0 {
		return []string{"front"}
	}
	return item.PhotoViews
}

func viewsLeft(item store.Item, have []store.Media) []string {
	var left []string
	for _, view := range views(item) {
		if !slices.ContainsFunc(have, func(m store.Media) bool { return m.View == view }) {
			left = append(left, view)
		}
	}
	return left
}
