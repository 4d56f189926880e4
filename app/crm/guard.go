package crm

import (
	"errors"
	"slices"

	"meixu/store"
)

// guard is what was learnt of a joined file and must fail neither person when the two are parted: it is
// not known any more of whom it was said.
type guard struct {
	red    store.Red            // red words written since the merge
	choice *store.ContactChoice // a no to messages said since, on a row that goes back
}

// guardOf reads it before the files are parted.
func guardOf(r *store.Read, m store.Merge) (g guard, err error) {
	if g.red, err = redSince(r, m); err != nil {
		return g, err
	}
	c, err := r.ContactChoice(m.Client)
	if errors.Is(err, store.ErrNotFound) {
		return g, nil
	}
	if err == nil && c.UpdatedAt.After(m.At) && (c.NoMarketing || c.NoService) {
		g.choice = &c
	}
	return g, err
}

// redSince are the red words of the file that stayed which neither had when they were joined.
func redSince(r *store.Read, m store.Merge) (red store.Red, err error) {
	c, err := r.Client(m.Client)
	beyond := func(now, then []string) []string {
		return slices.DeleteFunc(slices.Clone(now), func(word string) bool { return slices.Contains(then, word) })
	}
	return store.Red{Allergies: beyond(c.Allergies, m.Red.Allergies), Alerts: beyond(c.Alerts, m.Red.Alerts)}, err
}

// keep writes it into the file that lacks it after the parting: words that were written since stay in the
// file that stayed and come into the other one; the no goes back with its row and is said here again.
func (g guard) keep(tx *store.Tx, m store.Merge) error {
	if len(g.red.Allergies)+len(g.red.Alerts) > 0 {
		c, err := tx.Client(m.From)
		if err != nil {
			return err
		}
		c.Allergies, c.Alerts = union(c.Allergies, g.red.Allergies), union(c.Alerts, g.red.Alerts)
		if err := tx.SaveClient(&c); err != nil {
			return err
		}
	}
	if g.choice == nil {
		return nil
	}
	if _, err := tx.ContactChoice(m.Client); !errors.Is(err, store.ErrNotFound) {
		return err
	}
	c, err := tx.Client(m.Client)
	if err != nil {
		return err
	}
	return tx.AddContactChoice(&store.ContactChoice{
		Client: m.Client, Phone: c.Phone, NoMarketing: g.choice.NoMarketing, NoService: g.choice.NoService, Lang: g.choice.Lang, By: g.choice.By,
	})
}
