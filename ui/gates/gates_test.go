package gates_test

import (
	"cmp"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// gate is one refusal of the house.
type gate struct {
	name   string         // what is tried, as a sentence
	of     string         // the item; the toxin unless told
	stands func(*day.Day) // how far the day has come
	login  string         // who tries it
	path   string         // where it is posted; {…} are rows of the day
	sheet  string         // the form that is posted filled in well, if any
	counts []string       // used, wasted and returned of every lot taken
	form   []string       // further fields, name and value
	photo  bool           // a picture goes with the form
	status int            // 409 unless told
	rule   string         // what the answer must name
}

// to walks the day up to a step.
func to(last day.Step) func(*day.Day) { return func(d *day.Day) { d.To(last) } }

// but walks the day up to a step and leaves some out.
func but(last day.Step, without ...day.Step) func(*day.Day) {
	return func(d *day.Day) { d.Without(without...).To(last) }
}

// TestGates posts straight to the routes: every gate holds whoever draws the screens.
func TestGates(t *testing.T) {
	t.Parallel()
	for _, table := range [][]gate{file, plan, start, finish, roles} {
		for _, g := range table {
			t.Run(g.name, func(t *testing.T) {
				t.Parallel()
				g.holds(t)
			})
		}
	}
}

// holds demands the refusal, its rule, and that nothing was written by it.
func (g gate) holds(t *testing.T) {
	t.Helper()
	d := day.Of(t, cmp.Or(g.of, day.Toxin))
	if g.stands != nil {
		g.stands(d)
	}
	form := g.form
	if len(g.counts) == 3 {
		form = append(d.Counts(g.counts[0], g.counts[1], g.counts[2]), form...)
	}
	if g.sheet != "" {
		form = append(d.Sheet(g.sheet), form...)
	}
	before := acts(d)
	answer := d.Post
	if g.photo {
		answer = d.PostPhoto
	}
	answer(g.login, g.path, form...).Want(cmp.Or(g.status, http.StatusConflict), g.rule).Not("meixu-defect", "⟦")
	require.Equal(t, before, acts(d), "a refused post writes nothing")
}

// acts counts the acts that changed something.
func acts(d *day.Day) (n int) {
	d.T.Helper()
	require.NoError(d.T, d.App.DB.Flush(d.T.Context()))
	d.Read(func(r *store.Read) error {
		list, err := r.Acts(store.ActFilter{Limit: 500})
		for _, a := range list {
			full, err := r.Act(a.ID)
			if err != nil {
				return err
			}
			if len(full.Changes) > 0 {
				n++
			}
		}
		return err
	})
	return n
}

// second are the fields of a second person with the PIN.
func second(login string) []string { return day.Second(login) }

// pin are the fields of an approval at the till or in a plan.
func pin(field, login string) []string {
	return []string{field, "{staff:" + login + "}", "pin", uitest.PIN}
}
