//go:build e2e

package documents_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// TestE2EPapersOnPaper: every page bears its foot below the last line, none is blank, and the
// browser's own print key gives the paper, with its validity.
func TestE2EPapersOnPaper(t *testing.T) {
	d := day.New(t).To(day.Locked)
	for kind, login := range map[string]string{"guide": "nurse", "contract": "front", "quote": "front"} {
		p := d.Paper(kind)
		path := fmt.Sprintf("/doc/%d", p.ID)
		pc := d.Screen(login, uitest.PC)
		for _, at := range []string{path + "/print", path + "/print?paper=a5", path} {
			pc.Open(at).WaitText(p.Number)
			paper := pc.OnPaper()
			require.Contains(t, paper, "T-clinic", "%s: the letterhead", at)
			if kind == "quote" {
				require.Contains(t, paper, "有效期至", "%s", at)
			}
			if strings.HasSuffix(at, "a5") {
				require.InDelta(t, 148/25.4*72, pc.Sheets()[0].Width, 2, "%s: A5", at)
			}
			sheets := pc.Words()
			require.LessOrEqual(t, len(sheets), 2, "%s: no page for a few lines", at)
			for i, words := range sheets {
				requireFoot(t, fmt.Sprintf("%s page %d of %d", at, i+1, len(sheets)), p.SHA256, words)
			}
		}
	}
}

// requireFoot wants the hash on the page, and nothing printed over it; a page has more than
// its foot.
func requireFoot(t *testing.T, page, hash string, words []uitest.Word) {
	t.Helper()
	require.Greater(t, len(words), 8, "%s is not blank", page)
	foot := -1
	for i, w := range words {
		if w.Text != "" && strings.HasPrefix(hash, w.Text) && len(w.Text) > 16 {
			foot = i
		}
	}
	require.GreaterOrEqual(t, foot, 0, "%s bears the hash", page)
	middle := (words[foot].Top + words[foot].Bottom) / 2
	for i, w := range words {
		if i != foot && w.Top < middle && w.Bottom > middle {
			require.Less(t, len([]rune(w.Text)), 40, "%s: a line runs through the foot", page)
			require.InDelta(t, middle, (w.Top+w.Bottom)/2, 4, "%s: %q runs through the foot", page, w.Text)
		}
	}
}
