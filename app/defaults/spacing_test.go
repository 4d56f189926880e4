package defaults_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
)

// What a kind of treatment counts as, and for how long an earlier one stands against it.
func TestDaysBetweenTreatments(t *testing.T) {
	t.Parallel()
	require.Equal(t, defaults.CountsInjection, defaults.CountsAs("botulinum"))
	require.Equal(t, defaults.CountsLight, defaults.CountsAs("ipl"))
	require.Empty(t, defaults.CountsAs("peel"))
	require.Empty(t, defaults.CountsAs("dissolve"), "what dissolves a filler is never held up by it")
	for _, x := range []struct {
		earlier defaults.Earlier
		what    string
		days    int
	}{
		{defaults.Earlier{Kind: "botulinum", Care: "AC-BTX", Interval: 120}, defaults.CountsLight, 1},
		{defaults.Earlier{Kind: "botulinum", Care: "AC-BTX", Interval: 120}, defaults.CountsInjection, 120},
		{defaults.Earlier{Kind: "filler_ha", Care: "AC-HA"}, defaults.CountsLight, 14},
		{defaults.Earlier{Kind: "ipl", Care: "AC-IPL", Interval: 28}, defaults.CountsLight, 28},
		{defaults.Earlier{Kind: "ipl", Care: "AC-IPL", Interval: 28}, defaults.CountsInjection, 7},
		{defaults.Earlier{Kind: "exam", Care: "AC-SKINCARE"}, defaults.CountsLight, 0},
		{defaults.Earlier{Kind: "dressing", Care: "AC-MINORSURG"}, defaults.CountsInjection, 0},
		{defaults.Earlier{Kind: "ipl", Care: "AC-IPL"}, "", 0},
	} {
		require.Equal(t, x.days, x.earlier.DaysUntil(x.what), "%+v %s", x.earlier, x.what)
	}
}

// Light reaches the whole face, an injection its own part; what nobody can tell meets all.
func TestWhereTreatmentsMeet(t *testing.T) {
	t.Parallel()
	spot := func(area, item string) defaults.Spot { return defaults.Spot{Area: area, Item: item} }
	for _, x := range []struct {
		what        string
		here, there defaults.Spot
		meet        bool
	}{
		{defaults.CountsLight, spot("全面部", "强脉冲光嫩肤"), spot("眉间", "肉毒毒素注射·眉间纹"), true},
		{defaults.CountsLight, spot("双颊", "强脉冲光嫩肤"), spot("", "肉毒毒素注射·眉间纹"), true},
		{defaults.CountsLight, spot("双腋", "激光脱毛·双腋"), spot("眉间", ""), false},
		{defaults.CountsInjection, spot("颏部", "透明质酸填充·颏部"), spot("眉间", ""), false},
		{defaults.CountsInjection, spot("眉间", ""), spot("上面部", ""), true},
		{defaults.CountsInjection, spot("鼻唇沟", ""), spot("鼻部", ""), false},
		{defaults.CountsInjection, spot("左右对称", "透明质酸填充·唇部"), spot("口周", ""), true},
		{defaults.CountsInjection, spot("", "聚乳酸类填充"), spot("眉间", ""), true},
	} {
		require.Equal(t, x.meet, x.here.Meets(x.what, x.there), "%s %v %v", x.what, x.here, x.there)
	}
}
