package forms_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/form"
	"meixu/store"
	"meixu/ui/uitest/day"
)

// TestNumbersOfAPersonAreMaskedWhereTheyAreOnlyRead: the whole phone is shown on the client's
// page alone, where asking for it is an act (rulings 10, 32).
func TestNumbersOfAPersonAreMaskedWhereTheyAreOnlyRead(t *testing.T) {
	t.Parallel()
	d := day.New(t).With("F1", "address", "西湖区")
	d.To(day.Asked)
	for _, login := range []string{"front", "consultant", "doctor", "nurse", "cashier", "aftercare", "manager"} {
		for _, path := range []string{"/form/1", "/form/1/print"} {
			d.As(login).Get(path).Want(200, "林清禾").Not("13800008817", "13900001111", "110101199405060027")
		}
	}
	d.As("cashier").Get("/form/1").Want(200, "西湖区", "138****8817", "0027")
	d.As("aftercare").Get("/form/1").Want(200, "138****8817").Not("西湖区", "0027")
	d.As("front").Get("/form/1/amend").Want(200, "13800008817", "110101199405060027")
}

// TestWhatIsMaskedStaysMaskedInAComparison reads an amended questionnaire against the first.
func TestWhatIsMaskedStaysMaskedInAComparison(t *testing.T) {
	t.Parallel()
	d := day.New(t)
	var sheet form.Template
	d.Read(func(r *store.Read) (err error) { sheet, err = form.Latest(r, "F2"); return err })
	secret := secretOf(sheet)
	require.NotEmpty(t, secret.LinkID, "F2 asks something of the highest level")
	old := form.Answers{secret.LinkID: {Values: []string{secret.Options[0].Code}}}
	v := form.NewView(sheet, form.Answers{}, form.Options{
		Mode: form.ModeRead, Before: &old, Sees: form.Seer(d.Actor("consultant")),
	})
	for _, s := range v.Sections {
		for _, f := range s.Fields {
			if f.LinkID == secret.LinkID {
				require.True(t, f.Masked)
				require.Empty(t, f.Was)
				require.False(t, f.Changed)
			}
		}
	}
}

func secretOf(t form.Template) form.Item {
	for _, g := range t.Groups {
		for _, it := range g.Items {
			if it.Level == "P3" && len(it.Options) > 0 {
				return it
			}
		}
	}
	return form.Item{}
}
