package defaults_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/store/term"
)

func TestItemsAreWhole(t *testing.T) {
	t.Parallel()
	items := defaults.Items()
	require.Len(t, items, 90)
	kinds := map[string]defaults.Product{}
	for _, p := range defaults.Products() {
		kinds[p.UseKind] = p
	}
	seen := map[string]bool{}
	for _, i := range items {
		require.False(t, seen[i.Code], i.Code)
		seen[i.Code] = true
		require.Contains(t, []string{"none", "1", "2", "3", "4"}, i.Level, i.Code)
		require.Contains(t, []string{"lead_physician", "physician", "nurse"}, i.Operator, i.Code)
		require.LessOrEqual(t, i.PriceLow, i.Price, i.Code)
		require.LessOrEqual(t, i.Price, i.PriceHigh, i.Code)
		require.Positive(t, i.Price, i.Code)
		require.Contains(t, i.FollowupDays, 2, "%s: the 48 hour call (seed D)", i.Code)
		for _, u := range i.Uses {
			p, known := kinds[u.Kind]
			require.True(t, known, "%s uses %s", i.Code, u.Kind)
			require.Positive(t, u.Qty, i.Code)
			if i.Category == "注射" && !strings.HasSuffix(u.Kind, "dressing") {
				require.False(t, p.Cosmetic(), "%s: REG-DEV-11", i.Code)
			}
		}
	}
}

func TestFormsOfItemsExist(t *testing.T) {
	t.Parallel()
	codes := map[string]bool{}
	for _, f := range defaults.Forms() {
		codes[f.Code] = true
	}
	for _, i := range defaults.Items() {
		require.True(t, codes[i.FormCode], "%s: %s", i.Code, i.FormCode)
		code, known := defaults.ProcedureForm(i.Kind)
		require.True(t, known, i.Kind)
		require.Equal(t, code, i.FormCode, i.Code)
		require.True(t, codes[defaults.FollowUpForm(i.CareTemplate)], "%s: %s", i.Code, i.CareTemplate)
	}
}

func TestDerivedRulesOfItems(t *testing.T) {
	t.Parallel()
	for _, i := range defaults.Items() {
		for _, remark := range []string{"不可开展", "超说明书", "高危", "双人在场", "三类设备", "童颜", "少女"} {
			require.NotContains(t, i.NameZH, remark, "%s: remarks live in columns", i.Code)
		}
		for _, remark := range []string{"off-label", "not for clinics", "high risk", "chaperone"} {
			require.NotContains(t, i.NameEN, remark, i.Code)
		}
		require.Equal(t, defaults.LevelAllowed(defaults.Clinic, i.Level), i.Enabled, "%s: REG-LVL-07", i.Code)
		switch {
		case i.RiskTier >= 4:
			require.Equal(t, "L3", i.Depth, "%s: full checks from R4", i.Code)
			require.Contains(t, i.FollowupDays, 0, i.Code)
		case i.RiskTier == 1 || i.Kind == "hair_removal":
			require.Equal(t, "L1", i.Depth, i.Code)
		default:
			require.Equal(t, "L2", i.Depth, i.Code)
		}
		if strings.HasPrefix(i.Kind, "filler") {
			require.GreaterOrEqual(t, i.ObserveMinutes, 30, "%s: S5-10", i.Code)
		}
		if i.OffLabel {
			require.Contains(t, i.Remark, "超说明书", i.Code)
		}
	}
}

func TestItemsOfNote(t *testing.T) {
	t.Parallel()
	byCode := map[string]defaults.Item{}
	for _, i := range defaults.Items() {
		byCode[i.Code] = i
	}
	trapezius := byCode["INJ-BTX-TRAP"]
	require.True(t, trapezius.OffLabel && trapezius.SideMark && trapezius.NeedsKit())
	require.Equal(t, "肉毒毒素注射·斜方肌", trapezius.NameZH)
	require.Equal(t, []defaults.Use{{Kind: "botulinum", Qty: 80000}}, trapezius.Uses[:1])
	require.False(t, byCode["SUR-LIPO-M"].Enabled)
	require.Equal(t, "脂肪抽吸(1000-2000ml)", byCode["SUR-LIPO-M"].NameZH)
	require.True(t, byCode["SUR-NOSE"].NeedsCompany())
	require.False(t, byCode["INJ-HA-NL"].NeedsCompany())
	require.Empty(t, byCode["LSR-HR-BIK"].PhotoViews, "REG-PII-17")
	require.True(t, byCode["LSR-HR-BIK"].Chaperone)
	require.Equal(t, "射频皮肤治疗仪", byCode["EN-RF-MONO"].DeviceKind)
	require.True(t, byCode["EN-RF-MONO"].DeviceClass3)
	require.Empty(t, byCode["SK-DRESS"].Contraindications)
	require.Equal(t, term.Fen(60000), byCode["INJ-BTX-GL"].PriceLow)
	off := 0
	for _, i := range byCode {
		if i.OffLabel {
			off++
		}
	}
	require.Equal(t, 4, off)
}

func TestProductsAreWhole(t *testing.T) {
	t.Parallel()
	products := defaults.Products()
	require.Len(t, products, 55)
	seen, toxic := map[string]bool{}, 0
	for _, p := range products {
		require.False(t, seen[p.Code] || seen[p.Name], p.Code)
		seen[p.Code], seen[p.Name] = true, true
		require.Positive(t, p.Pack, p.Code)
		require.Equal(t, p.UseKind == "botulinum", p.Toxic, p.Code)
		if p.Toxic {
			toxic++
			require.False(t, p.UDI, "%s: a medicine has a trace code, not UDI", p.Code)
		}
	}
	require.Equal(t, 4, toxic)
}

func TestLevelMatrix(t *testing.T) {
	t.Parallel()
	want := map[defaults.Institution]string{
		defaults.Clinic: "none 1", defaults.Outpatient: "none 1", defaults.OutpatientAnaesth: "none 1 2",
		defaults.AestheticHospital: "none 1 2 3", defaults.TertiaryInstitution: "none 1 2 3 4", "beauty_salon": "",
	}
	for kind, levels := range want {
		var got []string
		for _, level := range []string{"none", "1", "2", "3", "4", "5", ""} {
			if defaults.LevelAllowed(kind, level) {
				got = append(got, level)
			}
		}
		require.Equal(t, levels, strings.Join(got, " "), kind)
	}
}
