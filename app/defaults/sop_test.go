package defaults_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
)

// The kinds of items that procedures.csv names in its column kind.
var itemKinds = []string{
	"botulinum", "cryo", "dental", "dissolve", "dressing", "exam", "fatgraft", "filler_ha", "filler_nonha", "hair_removal",
	"hairgraft", "hifu", "injection", "ipl", "laser_ablative", "laser_frac", "laser_pigment", "laser_vascular", "light",
	"liposuction", "mesotherapy", "microneedle", "pdt", "peel", "rf", "skincare", "surgery", "tcm", "thread",
}

func TestSOP(t *testing.T) {
	t.Parallel()
	clinic := defaults.SOP()
	require.Equal(t, "clinic", clinic.Code)
	require.Equal(t, 2, clinic.Edition)
	for _, kind := range itemKinds {
		k, ok := clinic.Kinds[kind]
		require.True(t, ok, kind)
		require.True(t, 1 <= k.Depth && k.Depth <= 3, kind)
		require.True(t, 1 <= k.Tier && k.Tier <= 5, kind)
		// sop.md section 12: from R4 on the full three-phase check is required.
		require.True(t, k.Tier < 4 || k.Depth == 3, kind)
	}
	require.Len(t, clinic.Kinds, len(itemKinds))
	for _, stage := range clinic.Stages {
		for _, s := range stage.Steps {
			require.NotRegexp(t, `[()]|out\b`, s.Title.ZH, "%s: Chinese words and full-width brackets", s.ID)
			require.NotRegexp(t, `\p{Han}`, s.Title.EN, s.ID)
		}
	}
}
