package consultation_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/consultation"
	"meixu/app/defaults"
	"meixu/app/engine/form"
	"meixu/store"
	"meixu/store/term"
)

func TestSettle(t *testing.T) {
	t.Parallel()
	words := defaults.Contraindications()
	find := func(code string, level form.Level) form.Finding {
		w, ok := words.Code(code)
		require.True(t, ok, code)
		return form.Finding{Hit: form.Hit{Contraindication: code, Level: level}, Text: w.Text}
	}
	rule := func(code, level, reason string, second term.StaffID) store.ContraRuling {
		return store.ContraRuling{Code: code, Level: level, Decision: "proceed", Reason: reason, Second: second}
	}
	for _, x := range []struct {
		name                 string
		found                form.Finding
		ruling               store.ContraRuling
		settled, overridable bool
	}{
		{"hard without a word", find("pregnancy", form.Hard), store.ContraRuling{}, false, false},
		{"hard stays hard, even with two", find("pregnancy", form.Hard), rule("pregnancy", "H", "x", 9), false, false},
		{"soft without a word", find("keloid", form.Soft), store.ContraRuling{}, false, false},
		{"soft with a reason", find("keloid", form.Soft), rule("keloid", "S", "x", 0), true, false},
		{"soft with an empty reason", find("keloid", form.Soft), rule("keloid", "S", "  ", 0), false, false},
		{"hard only here, alone", find("keloid", form.Hard), rule("keloid", "H", "x", 0), false, true},
		{"hard only here, by two", find("keloid", form.Hard), rule("keloid", "H", "x", 9), true, true},
		{"a word given on the soft level does not lift the hard one", find("keloid", form.Hard), rule("keloid", "S", "x", 9), false, true},
		{"a word on another contraindication", find("keloid", form.Soft), rule("tattoo", "S", "x", 0), false, false},
	} {
		got := consultation.Settle(words, []form.Finding{x.found}, []store.ContraRuling{x.ruling})
		require.Equal(t, x.settled, got[0].Settled, x.name)
		require.Equal(t, x.overridable, got[0].Overridable, x.name)
	}
	all := consultation.Settle(words, []form.Finding{find("keloid", form.Soft), find("pregnancy", form.Hard)}, nil)
	worst, bad := consultation.Unsettled(all)
	require.True(t, bad)
	require.Equal(t, "pregnancy", worst.Contraindication, "hard ones are named first")
	_, bad = consultation.Unsettled(nil)
	require.False(t, bad)
}

func TestPrices(t *testing.T) {
	t.Parallel()
	item := store.Item{PriceFen: 100000, PriceLowFen: 80000, PriceHighFen: 120000}
	for _, x := range []struct {
		price    term.Fen
		band     bool
		custom   bool
		approved term.StaffID
		needs    bool
	}{
		{100000, false, false, 0, false},
		{90000, false, false, 0, false}, // a tenth exactly is still standard
		{89999, false, true, 0, true},
		{110001, false, true, 0, true},
		{79999, true, true, 0, true},
		{120001, true, true, 0, true},
		{50000, true, true, 7, false},
	} {
		require.Equal(t, x.band, consultation.OutOfBand(item, x.price), x.price)
		require.Equal(t, x.custom, consultation.Customised(100000, x.price), x.price)
		l := store.PlanItem{ListFen: 100000, PriceFen: x.price, ApprovedBy: x.approved}
		require.Equal(t, x.needs, consultation.NeedsApproval(item, l), x.price)
	}
}

func TestDays(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		last     term.Day
		interval int
		want     term.Day
	}{
		{"", 30, ""}, {"2026-02-01", 0, ""}, {"2026-02-01", 29, ""}, {"2026-02-01", 30, "2026-03-03"},
	} {
		require.Equal(t, x.want, consultation.TooSoon(x.last, x.interval, "2026-03-02"), x)
	}
	require.True(t, consultation.Minor("2008-03-03", "2026-03-02"))
	require.False(t, consultation.Minor("2008-03-02", "2026-03-02"))
	require.False(t, consultation.Minor("", "2026-03-02"))
	require.True(t, consultation.ConsentFresh("2026-03-02", "2026-08-29", 180))
	require.False(t, consultation.ConsentFresh("2026-03-02", "2026-08-30", 180))
}

func TestBDDScore(t *testing.T) {
	t.Parallel()
	a := form.Answers{}
	require.Zero(t, consultation.BDDScore(a))
	a.Set("bdd_hour", form.Yes).Set("bdd_social", form.No).Set("bdd_budget", form.Yes)
	require.Equal(t, 2, consultation.BDDScore(a))
}
