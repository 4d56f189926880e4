package inventory

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
)

// ruleOf is the rule of a refusal, "fields" of a wrong form, "" of nothing.
func ruleOf(err error) string {
	if err == nil {
		return ""
	}
	if _, wrong := fault.FieldsOf(err); wrong {
		return "fields"
	}
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Rule
	}
	return err.Error()
}

func TestParseScan(t *testing.T) {
	t.Parallel()
	full := Scan{GTIN: "06901234567892", Expiry: "2027-01-31", Lot: "A123", Serial: "S1"}
	for name, c := range map[string]struct {
		text string
		want Scan
	}{
		"with parentheses":             {"(01)06901234567892(17)270131(10)A123(21)S1", full},
		"full-width parentheses":       {"（01）06901234567892（17）270131（10）a123（21）S1", full},
		"raw with FNC1":                {"010690123456789217270131" + "10A123\x1d21S1", full},
		"raw with prefix and GS word":  {"]d201069012345678921727013110A123<GS>21S1", full},
		"serial before lot":            {"010690123456789221S1\x1d1727013110A123", full},
		"day 00 is the month's last":   {"(01)06901234567892(17)270200(10)B", Scan{GTIN: "06901234567892", Expiry: "2027-02-28", Lot: "B"}},
		"made on":                      {"(01)06901234567892(11)250301(10)B", Scan{GTIN: "06901234567892", Made: "2025-03-01", Lot: "B"}},
		"trace code of a drug":         {"81234567890123456789", Scan{Trace: "81234567890123456789"}},
		"wrong check digit is plain":   {"(01)06901234567891(10)A", Scan{Plain: "(01)06901234567891(10)A"}},
		"a day that is none is plain":  {"(01)06901234567892(17)271331", Scan{Plain: "(01)06901234567892(17)271331"}},
		"typed lot, blanks, lower":     {" c4821 ", Scan{Plain: "C4821"}},
		"nothing":                      {"", Scan{}},
		"19 digits are no trace code":  {"8123456789012345678", Scan{Plain: "8123456789012345678"}},
		"cut off raw code is plain":    {"010690123456789217", Scan{Plain: "010690123456789217"}},
		"unknown identifiers are kept": {"(01)06901234567892(240)X(10)A", Scan{GTIN: "06901234567892", Lot: "A"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, ParseScan(c.text))
		})
	}
	require.Equal(t, "(01)06901234567892(21)S1", full.Pack())
	require.Empty(t, Scan{GTIN: "06901234567892", Lot: "A"}.Pack())
}

func TestFitsPrefix(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		prefix, kind, number string
		want                 bool
	}{
		{"国药准字S/SJ", "药品", "国药准字S20171003", true},
		{"国药准字S/SJ", "药品", "国药准字SJ20171003", true},
		{"国药准字S/SJ", "药品", "国药准字H20171003", false},
		{"国药准字H", "药品", "国药准字H2017100", false},
		{"国药准字H", "药品", "国药准字H201710034", false},
		{"国械注准/国械注进", "III类器械", "国械注进20183131234", true},
		{"国械注准/国械注进", "III类器械", "国械注准20182131234", false},
		{"X械注准(省级)", "II类器械", "粤械注准20192140001", true},
		{"X械注准(省级)", "II类器械", "械注准20192140001", false},
		{"X械备(一类备案)", "耗材", "沪械备20190012号", true},
		{"卫消证字/消毒产品备案", "耗材", "沪卫消证字(2019)第0012号", true},
		{"依产品", "耗材", "任意编号", true},
		{"依产品", "耗材", " ", false},
		{"国药准字H", "药品", "", false},
	} {
		require.Equal(t, c.want, FitsPrefix(c.prefix, c.kind, c.number), "%s ← %s", c.prefix, c.number)
	}
}

func TestMayTake(t *testing.T) {
	t.Parallel()
	good := func() taking {
		return taking{
			item:    store.Item{Name: "眉间纹", ProductKinds: []string{"botulinum"}},
			lot:     store.Lot{ID: 2, Lot: "B", ExpiresOn: "2026-03-02", State: StateOK},
			product: store.Product{Name: "肉毒", Kind: "药品", UseKind: "botulinum", PackQty: 100_000, Unit: "U"},
			balance: 200_000, qty: 20_000, by: 1, today: "2026-03-02",
		}
	}
	for name, c := range map[string]struct {
		change func(*taking)
		want   string
	}{
		"on its last day":            {func(*taking) {}, ""},
		"foreign product":            {func(x *taking) { x.product.UseKind = "filler_ha" }, "REG-DEV-06"},
		"by product code":            {func(x *taking) { x.product.UseKind, x.product.Code, x.item.ProductKinds = "", "P", []string{"P"} }, ""},
		"label differs from receipt": {func(x *taking) { x.scan.Expiry = "2027-01-01" }, "REG-DEV-06"},
		"quarantine, a drug":         {func(x *taking) { x.lot.State = StateQuarantine }, "REG-DRG-06"},
		"recalled, a device":         {func(x *taking) { x.lot.State, x.product.Kind = StateRecalled, "III类器械" }, "REG-DEV-05"},
		"ended yesterday, a drug":    {func(x *taking) { x.lot.ExpiresOn = "2026-03-01" }, "REG-DRG-06"},
		"ended yesterday, a device":  {func(x *taking) { x.lot.ExpiresOn, x.product.Kind = "2026-03-01", "III类器械" }, "REG-DEV-05"},
		"no expiry":                  {func(x *taking) { x.lot.ExpiresOn = "" }, ""},
		"pack used before":           {func(x *taking) { x.pack, x.code = "P1", &store.LotCode{UsedAt: term.Instant{}.Add(1e15)} }, "REG-DRG-04"},
		"more than a pack":           {func(x *taking) { x.pack, x.qty = "P1", 100_001 }, "fields"},
		"nothing":                    {func(x *taking) { x.qty = 0 }, "fields"},
		"more than there is":         {func(x *taking) { x.qty = 200_001 }, "S4-07"},
		"another ends earlier":       {func(x *taking) { x.lot.ExpiresOn, x.first = "2026-09-01", store.Lot{ID: 1, ExpiresOn: "2026-05-01"} }, "S4-07"},
		"another ends, with reason": {func(x *taking) {
			x.lot.ExpiresOn, x.first, x.reason = "2026-09-01", store.Lot{ID: 1, ExpiresOn: "2026-05-01"}, "已开封"
		}, ""},
		"same end, other lot":     {func(x *taking) { x.first = store.Lot{ID: 1, ExpiresOn: "2026-03-02"} }, ""},
		"toxic, alone":            {func(x *taking) { x.product.Toxic = true }, "REG-DRG-03"},
		"toxic, with a witness":   {func(x *taking) { x.product.Toxic, x.witnessed = true, true }, ""},
		"no expiry after one has": {func(x *taking) { x.lot.ExpiresOn, x.first = "", store.Lot{ID: 1, ExpiresOn: "2026-05-01"} }, "S4-07"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := good()
			c.change(&x)
			require.Equal(t, c.want, ruleOf(mayTake(x)))
		})
	}
}

func TestMayClose(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		used, wasted, back term.Qty
		toxic, witnessed   bool
		code               string
		hours              int
		want               string
	}{
		"adds up":                         {used: 60, back: 40, want: ""},
		"does not add up":                 {used: 60, back: 30, want: "S5-07"},
		"negative":                        {used: 140, back: -40, want: "S5-07"},
		"toxic waste alone":               {used: 60, wasted: 40, toxic: true, want: "REG-DRG-03"},
		"toxic waste with a witness":      {used: 60, wasted: 40, toxic: true, witnessed: true, want: ""},
		"toxic without waste needs none":  {used: 100, toxic: true, want: ""},
		"an opened vial":                  {used: 60, back: 40, toxic: true, witnessed: true, want: "REG-DRG-03"},
		"a whole vial alone":              {back: 100, toxic: true, want: "REG-DRG-03"},
		"a whole vial with a witness":     {back: 100, toxic: true, witnessed: true, want: ""},
		"opened single-use pack":          {used: 60, back: 40, code: "P", want: "REG-DEV-15"},
		"opened pack that keeps":          {used: 60, back: 40, code: "P", hours: 4, want: ""},
		"unopened pack goes back":         {back: 100, code: "P", want: ""},
		"other goods waste with no other": {used: 60, wasted: 40, want: ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := store.Product{Toxic: c.toxic, OpenedHours: c.hours}
			cmd := CloseCmd{Used: c.used, Wasted: c.wasted, Returned: c.back}
			require.Equal(t, c.want, ruleOf(mayClose(cmd, store.LotUse{TakenQty: 100, Code: c.code}, p, c.witnessed)))
		})
	}
}

func TestParseTenths(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"4.5": 45, "8": 80, "-18": -180, "-0.5": -5, "0": 0} {
		have, ok := parseTenths(text)
		require.True(t, ok, text)
		require.Equal(t, want, have, text)
	}
	for _, text := range []string{"", "4.55", "4,5", "warm", "4.", "100", "4.5x", "--4"} {
		_, ok := parseTenths(text)
		require.False(t, ok, text)
	}
}

func TestExpiryOf(t *testing.T) {
	t.Parallel()
	for end, want := range map[term.Day]Expiry{
		"2026-03-01": ExpiryGone, "2026-03-02": Expiry30, "2026-04-01": Expiry30, "2026-04-02": Expiry60,
		"2026-05-31": Expiry90, "2026-06-01": ExpiryFine, "": ExpiryEmpty,
	} {
		require.Equal(t, want, expiryOf(daysLeft(end, "2026-03-02")), end)
	}
}
