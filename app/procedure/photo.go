package procedure

import (
	"slices"

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
	var done *photos.Touched
	for _, m := range list {
		own := m.Treatment == 0 || m.Treatment == t.ID
		counts := false
		if m.Kind == baseline {
			if done == nil {
				found, err := photos.TouchedBy(r, t, item)
				if err != nil {
					return s, err
				}
				done = &found
			}
			counts = !done.Spoil(m)
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
	v, err := w.tx.Visit(w.t.Visit)
	if err != nil {
		return err
	}
	scene, err := photos.SceneOf(w.tx.Read, v, w.t)
	if err != nil {
		return err
	}
	return scene.May(w.by, kind)
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
