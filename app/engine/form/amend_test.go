package form_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/form"
	"meixu/store"
	"meixu/store/term"
)

// TestSignedFindingsPreferTheVisit: the visit's own filling counts, else the client's newest;
// drafts find nothing yet.
func TestSignedFindingsPreferTheVisit(t *testing.T) {
	t.Parallel()
	c := open(t)
	visit := func() (id term.VisitID) {
		c.do(func(tx *store.Tx) error {
			v := store.Visit{
				Client: c.client, State: term.VisitCompleted, Stage: term.StageReception, Station: term.AtWaiting, StationAt: tx.Now(), ArrivedAt: tx.Now(),
			}
			err := tx.AddVisit(&v)
			id = v.ID
			return err
		})
		return id
	}
	fill := func(v term.VisitID, ill string, sign bool) {
		a := good()
		if ill == form.Yes {
			a["ill"] = form.Answer{Values: []string{ill}, Detail: "哮喘"}
			a.Set("drug", "none")
		}
		c.do(func(tx *store.Tx) error {
			f, err := form.Begin(tx, c.nurse, "F1", form.Subject{Client: c.client, Visit: v}, map[string]string{"$gender": "female"})
			if err != nil {
				return err
			}
			if f, err = form.Save(tx, c.nurse, f.Row.ID, f.Row.Version, a); err != nil || !sign {
				return err
			}
			_, err = form.Sign(tx, c.nurse, f.Row.ID)
			return err
		})
	}
	first, second, third := visit(), visit(), visit()
	fill(first, form.No, true)
	fill(second, form.Yes, true)
	fill(third, form.No, false)
	rows := func(v term.VisitID) map[string]store.Answer {
		var got map[string]store.Answer
		c.read(func(r *store.Read) {
			var err error
			got, err = r.SignedAnswers(c.client, v, []string{"F1", "F2"})
			require.NoError(t, err)
		})
		return got
	}
	require.Equal(t, first, rows(first)["F1"].Visit, "the visit's own, though a newer one stands")
	require.Equal(t, second, rows(second)["F1"].Visit)
	require.Equal(t, second, rows(third)["F1"].Visit, "a draft does not count: the client's newest")
	require.Equal(t, second, rows(0)["F1"].Visit)
	require.NotContains(t, rows(0), "F2")
	c.read(func(r *store.Read) {
		got, err := form.SignedFindings(r, form.Subject{Client: c.client}, "F2", "F1")
		require.NoError(t, err)
		require.Equal(t, []form.StoredHit{{LinkID: "ill", Code: "illness", Level: form.Hard, Detail: "哮喘"}}, got)
		got, err = form.SignedFindings(r, form.Subject{Client: c.client, Visit: first}, "F1")
		require.NoError(t, err)
		require.Empty(t, got)
	})
}

// TestAmendedDropsTheOldSignature: the same strokes are the old signature, others a new one.
func TestAmendedDropsTheOldSignature(t *testing.T) {
	t.Parallel()
	tpl := form.Template{Groups: []form.Group{{Items: []form.Item{{LinkID: "note", Type: form.Text}, {LinkID: "mark", Type: form.Signature}}}}}
	old := form.Filled{Template: tpl, Answers: form.Answers{}.Know("$gender", "female").Set("note", "a").Set("mark", "[[1]]")}
	carried := form.Amended(old, form.Answers{}.Set("note", "b").Set("mark", "[[1]]"))
	require.Empty(t, carried.Value("mark"))
	require.Equal(t, "b", carried.Value("note"))
	require.Equal(t, "female", carried.Value("$gender"), "facts stay")
	fresh := form.Amended(old, form.Answers{}.Set("note", "b").Set("mark", "[[2]]"))
	require.Equal(t, "[[2]]", fresh.Value("mark"))
	bare := tpl.Unsigned(old.Answers)
	require.Empty(t, bare.Value("mark"))
	require.Equal(t, "[[1]]", old.Answers.Value("mark"), "the signed filling itself is not touched")
}
