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

func TestTheDoseOfTheExamination(t *testing.T) {
	t.Parallel()
	advice := "建议分次治疗\n额纹：注射用 A 型肉毒毒素 12 U\n眉间纹：注射用 A 型肉毒毒素 20 U\n眉间纹先观察"
	require.Equal(t, "眉间纹：注射用 A 型肉毒毒素 20 U", DoseIn(advice, glabella))
	require.Empty(t, DoseIn("眉间纹先观察", glabella))
	require.Empty(t, DoseIn(advice, store.Item{Name: "光子·眉间纹", FormCode: "F7-LASER"}))
}
