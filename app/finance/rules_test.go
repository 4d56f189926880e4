package finance

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

func TestTotalOf(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines []Line
		want  term.Fen
		field string
	}{
		"sum of lines, fen-exact":   {[]Line{{Item: 1, Sessions: 3, Price: 33333}, {Item: 2, Sessions: 1, Price: 1}}, 100000, ""},
		"a free line beside others": {[]Line{{Item: 1, Sessions: 1, Price: 0}, {Item: 2, Sessions: 1, Price: 50}}, 50, ""},
		"nothing at all":            {nil, 0, "lines"},
		"all for free":              {[]Line{{Item: 1, Sessions: 1}}, 0, "lines"},
		"no item":                   {[]Line{{Sessions: 1, Price: 5}}, 0, "lines.0"},
		"no sessions":               {[]Line{{Item: 1, Price: 5}}, 0, "lines.0"},
		"a negative price":          {[]Line{{Item: 1, Sessions: 1, Price: -5}}, 0, "lines.0"},
		"a mistyped price":          {[]Line{{Item: 1, Sessions: 1, Price: maxPriceFen + 1}}, 0, "lines.0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := totalOf(c.lines)
			if c.field == "" {
				require.NoError(t, err)
				require.Equal(t, c.want, got)
				return
			}
			fields, ok := fault.FieldsOf(err)
			require.True(t, ok)
			require.Equal(t, c.field, fields[0].Name)
		})
	}
}

func TestOfTendered(t *testing.T) {
	t.Parallel()
	handed := Leg{Method: term.Cash, Tendered: 25000}
	card := Leg{Method: term.Card, Amount: 5000}
	for name, c := range map[string]struct {
		legs         []Leg
		due          term.Fen
		cash, change term.Fen
	}{
		"only the handed-over cash: the bill is taken, the rest is change": {[]Leg{handed}, 20000, 20000, 5000},
		"beside a card it takes what the card leaves":                      {[]Leg{handed, card}, 20000, 15000, 10000},
		"too little is taken whole, without change":                        {[]Leg{handed}, 30000, 25000, 0},
		"a typed cash part stands":                                         {[]Leg{{Method: term.Cash, Amount: 100, Tendered: 200}}, 20000, 100, 100},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := OfTendered(c.legs, c.due)
			require.Equal(t, c.cash, got[0].Amount)
			require.Equal(t, c.change, Change(got))
		})
	}
}

func TestCheckLegs(t *testing.T) {
	t.Parallel()
	cash := func(amount, tendered term.Fen) Leg { return Leg{Method: term.Cash, Amount: amount, Tendered: tendered} }
	for name, c := range map[string]struct {
		legs    []Leg
		partial bool
		fields  []string
	}{
		"all in cash":                   {[]Leg{cash(10000, 0)}, false, nil},
		"cash with change":              {[]Leg{cash(10000, 20000)}, false, nil},
		"split in four":                 {[]Leg{cash(1, 1), {Method: term.WeChat, Amount: 3333}, {Method: term.Alipay, Amount: 3333}, {Method: term.Card, Amount: 3333}}, false, nil},
		"one fen short":                 {[]Leg{cash(9999, 0)}, false, []string{"legs"}},
		"one fen over":                  {[]Leg{{Method: term.Card, Amount: 10000}, cash(1, 0)}, false, []string{"legs"}},
		"less where partial is allowed": {[]Leg{cash(5000, 0)}, true, nil},
		"more even where partial":       {[]Leg{cash(6000, 0), {Method: term.Card, Amount: 6000}}, true, []string{"legs"}},
		"too little cash handed over":   {[]Leg{cash(10000, 9999)}, false, []string{"tendered"}},
		"one way twice":                 {[]Leg{cash(5000, 0), cash(5000, 0)}, false, []string{"legs"}},
		"an unknown way":                {[]Leg{{Method: "shells", Amount: 10000}}, false, []string{"legs"}},
		"nothing":                       {nil, false, []string{"legs"}},
		"nothing where partial":         {nil, true, []string{"legs"}},
		"a negative part":               {[]Leg{{Method: term.Card, Amount: -1}, cash(10000, 0)}, false, []string{"card", "legs"}},
		"every wrong field is named":    {[]Leg{{Method: term.Card, Amount: 0}, cash(5000, 1)}, false, []string{"card", "tendered", "legs"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var names []string
			for _, f := range checkLegs(c.legs, 10000, c.partial) {
				names = append(names, f.Name)
			}
			require.Equal(t, c.fields, names)
		})
	}
	require.Equal(t, term.Fen(10000), Change([]Leg{cash(10000, 20000)}))
	require.Zero(t, Change([]Leg{{Method: term.Card, Amount: 5, Tendered: 9}}))
}

func TestRefundsSumToWhatWasPaid(t *testing.T) {
	t.Parallel()
	for _, total := range []term.Fen{1, 99, 100, 10000, 99999, 1234567} {
		for n := 1; n <= 7; n++ {
			line := store.OrderLine{Sessions: n, TotalFen: total}
			var one term.Fen
			for back := range n {
				one += backValue(line, back, 1)
			}
			require.Equal(t, total, one, "one by one, %d in %d", total, n)
			for used := range n + 1 {
				rest := backValue(line, 0, n-used)
				require.Equal(t, total, rest+share(total, n, used), "used %d of %d", used, n)
			}
			for first := range n + 1 {
				require.Equal(t, total, backValue(line, 0, first)+backValue(line, first, n-first))
			}
		}
	}
	line := store.OrderLine{Sessions: 3, TotalFen: 10000}
	require.Equal(t, term.Fen(3334), backValue(line, 0, 1), "the last session carries the rounding")
	require.Equal(t, term.Fen(3333), backValue(line, 1, 1))
}

func TestProposeBack(t *testing.T) {
	t.Parallel()
	paid := map[term.PayMethod]term.Fen{term.Cash: 3000, term.Card: 5000, term.WeChat: 2000}
	require.Equal(t, []Leg{{Method: term.Card, Amount: 4000}}, proposeBack(4000, paid))
	require.Equal(t, []Leg{
		{Method: term.Card, Amount: 5000}, {Method: term.WeChat, Amount: 2000}, {Method: term.Cash, Amount: 500},
	}, proposeBack(7500, paid))
	require.Empty(t, proposeBack(0, paid))
	require.Empty(t, checkBack(proposeBack(10000, paid), 10000, paid))
	bad := checkBack([]Leg{{Method: term.Alipay, Amount: 4000}}, 4000, paid)
	require.Equal(t, "alipay", bad[0].Name)
}

func TestNoReasonWindow(t *testing.T) {
	t.Parallel()
	paid := term.At(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))
	require.True(t, InNoReason(paid, paid.Add(7*24*time.Hour-time.Second)))
	require.False(t, InNoReason(paid, paid.Add(7*24*time.Hour)))
	require.False(t, InNoReason(term.Instant{}, paid))
}

func TestMayVoid(t *testing.T) {
	t.Parallel()
	p, o := store.Payment{Kind: Payment, Day: "2026-03-02", Number: "R1"}, store.Order{ID: 4}
	for name, c := range map[string]struct {
		p     store.Payment
		facts voidFacts
		rule  string
	}{
		"today and untouched": {p, voidFacts{today: "2026-03-02"}, ""},
		"of yesterday":        {p, voidFacts{today: "2026-03-03"}, "REG-FEE-18"},
		"twice":               {p, voidFacts{today: "2026-03-02", voided: true}, "REG-FEE-18"},
		"a session was used":  {p, voidFacts{today: "2026-03-02", used: true}, "REG-FEE-11"},
		"partly refunded":     {p, voidFacts{today: "2026-03-02", refunded: true}, "REG-FEE-11"},
		"a refund":            {store.Payment{Kind: Refund, Day: "2026-03-02"}, voidFacts{today: "2026-03-02"}, "REG-FEE-18"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := mayVoid(c.p, o, c.facts)
			if c.rule == "" {
				require.NoError(t, err)
				return
			}
			var refused *fault.Error
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.rule, refused.Rule)
		})
	}
}

func TestCheckInvoice(t *testing.T) {
	t.Parallel()
	good := NoteInvoice{Number: "24312000000123456789", Amount: 100}
	require.Empty(t, checkInvoice(good, 100))
	require.Empty(t, checkInvoice(NoteInvoice{Number: "12345678", Amount: 1}, 100))
	require.Len(t, checkInvoice(NoteInvoice{Number: "123x5678", Amount: 101}, 100), 2)
	require.Len(t, checkInvoice(NoteInvoice{Number: "１２３４５６７８", Amount: 0}, 100), 2)
}
