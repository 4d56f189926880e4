package consultation

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
)

var glabella = store.Item{Name: "肉毒毒素注射·眉间纹", FormCode: "F7-BTX"}

func TestAnInjectionNamesProductAndDose(t *testing.T) {
	t.Parallel()
	for text, undosed := range map[string]bool{
		"": true, "20 U": true, "20单位": true, "2 ml": true, "注射用 A 型肉毒毒素": true, "按医嘱": true,
		"注射用 A 型肉毒毒素 20 U": false, "保妥适 20U": false, "botulinum toxin 20 units": false, "海薇 1ml": true, "透明质酸 1 ml": false,
	} {
		require.Equal(t, undosed, Undosed(glabella, store.PlanItem{Dose: text}), text)
	}
	require.False(t, Undosed(store.Item{Name: "光子嫩肤", FormCode: "F7-LASER"}, store.PlanItem{}))
}

// TestThePurposeBelongsToItsItem: the one indication of an examination is offered to the item
// of which it speaks, and to no other.
func TestThePurposeBelongsToItsItem(t *testing.T) {
	t.Parallel()
	light := store.Item{Name: "强脉冲光·全面部", FormCode: "F7-LASER"}
	one := "成人中重度眉间纹，静态纹不明显"
	require.Equal(t, one, PurposeIn(one, glabella, true))
	require.Equal(t, one, PurposeIn(one, glabella, false), "it names the area")
	require.Empty(t, PurposeIn(one, light, false), "it speaks of another item")
	both := "眉间纹：中重度\n全面部：日光斑"
	require.Equal(t, "眉间纹：中重度", PurposeIn(both, glabella, true))
	require.Equal(t, "全面部：日光斑", PurposeIn(both, light, false))

	line := store.PlanItem{}
	require.False(t, Aimless(line, 1))
	require.True(t, Aimless(line, 2))
	require.Equal(t, one, purposeOf(line, 1, one))
	require.Empty(t, purposeOf(line, 2, one), "several items, one indication")
	line.Purpose = "淡化日光斑"
	require.False(t, Aimless(line, 2))
	require.Equal(t, "淡化日光斑", purposeOf(line, 2, one))
}
