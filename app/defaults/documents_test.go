package defaults_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/app/engine/document"
	"meixu/app/engine/phrase"
)

// texts gives every sentence of a template.
func texts(t document.Template) []string {
	all := []string{t.Title.ZH, t.Title.EN}
	for _, p := range t.Blocks {
		all = append(all, p.Text.ZH, p.Text.EN)
		for _, i := range p.Items {
			all = append(all, i.ZH)
		}
		for _, pair := range p.Pairs {
			all = append(all, pair.Label.ZH, pair.Value.ZH)
		}
	}
	return all
}

func TestEveryKindOfProcedureHasAConsentWithTheFiveElements(t *testing.T) {
	t.Parallel()
	byCode := map[string]document.Template{}
	for _, d := range defaults.Documents() {
		require.NotContains(t, byCode, d.Code)
		byCode[d.Code] = d
		raw, err := d.JSON()
		require.NoError(t, err)
		again, err := document.Parse(raw)
		require.NoError(t, err, d.Code)
		require.Equal(t, d, again, "%s survives storing", d.Code)
		require.False(t, d.Reviewed, "%s waits for the clinic's physician", d.Code)
	}
	for _, item := range defaults.Items() {
		consent, there := byCode["consent."+item.Kind]
		require.True(t, there, "%s (%s)", item.Code, item.Kind)
		require.Empty(t, consent.Missing(), "%s: REG-CON-03 with REG-CON-01", consent.Code)
		require.Contains(t, strings.Join(texts(consent), "\n"), "不治疗", "%s: no treatment is an alternative", consent.Code)
	}
	for _, code := range []string{
		"privacy", "health_consent", "photo", "quote", "contract", "off_label", "settlement", "receipt", "refund", "guide",
		"emergency_card", "record", "lot_label",
	} {
		require.Contains(t, byCode, code)
	}
	require.NotEmpty(t, document.Template{}.Missing(), "an empty template has none of the five")
}

func TestDocumentsHoldNoBannedWording(t *testing.T) {
	t.Parallel()
	checker, err := phrase.New(defaults.Phrases())
	require.NoError(t, err)
	for _, d := range defaults.Documents() {
		for _, text := range texts(d) {
			result := checker.Check(text, phrase.Talk)
			require.False(t, result.Blocked() || result.NeedsReason(), "%s: %q: %+v", d.Code, text, result.Hits)
			for _, never := range []string{"100%", "保证", "后果自负", "概不负责", "概不退款", "最终解释权"} {
				require.NotContains(t, text, never, d.Code)
			}
		}
	}
	require.True(t, checker.Check("本店保证变美，后果自负", phrase.Talk).Blocked(), "the checker does find such wording")
}
