//go:build e2e

package documents_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

var wordAt = regexp.MustCompile(`yMin="([0-9.]+)" xMax="[0-9.]+" yMax="([0-9.]+)">([^<]*)<`)

// sheetsOf are the words of each printed page with their upper and lower edges.
type word struct {
	top, bottom float64
	text        string
}

func sheetsOf(t *testing.T, pdf []byte) (sheets [][]word) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	require.NoError(t, os.WriteFile(file, pdf, 0o600))
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-bbox", file, "-").Output()
	require.NoError(t, err, "pdftotext (poppler-utils) reads the printed pages")
	for _, page := range strings.Split(string(out), "<page ")[1:] {
		var words []word
		for _, m := range wordAt.FindAllStringSubmatch(page, -1) {
			top, err := strconv.ParseFloat(m[1], 64)
			require.NoError(t, err)
			bottom, err := strconv.ParseFloat(m[2], 64)
			require.NoError(t, err)
			words = append(words, word{top, bottom, m[3]})
		}
		sheets = append(sheets, words)
	}
	return sheets
}

// TestE2EPapersOnPaper: every page bears its foot below the last line, none is blank, and the
// browser's own print key gives the paper, with its validity.
func TestE2EPapersOnPaper(t *testing.T) {
	d := day.New(t).To(day.Locked)
	for kind, login := range map[string]string{"guide": "nurse", "contract": "front", "quote": "front"} {
		p := d.Paper(kind)
		path := fmt.Sprintf("/doc/%d", p.ID)
		pc := d.Screen(login, uitest.PC)
		for _, at := range []string{path + "/print", path} {
			pc.Open(at).WaitText(p.Number)
			paper := pc.OnPaper()
			require.Contains(t, paper, "T-clinic", "%s: the letterhead", at)
			if kind == "quote" {
				require.Contains(t, paper, "有效期至", "%s", at)
			}
			sheets := sheetsOf(t, pc.PDF())
			require.LessOrEqual(t, len(sheets), 2, "%s: no page for a few lines", at)
			for i, words := range sheets {
				requireFoot(t, fmt.Sprintf("%s page %d of %d", at, i+1, len(sheets)), p.SHA256, words)
			}
		}
	}
}

// requireFoot wants the hash on the page, and nothing printed over it; a page has more than
// its foot.
func requireFoot(t *testing.T, page, hash string, words []word) {
	t.Helper()
	require.Greater(t, len(words), 8, "%s is not blank", page)
	foot := -1
	for i, w := range words {
		if w.text != "" && strings.HasPrefix(hash, w.text) && len(w.text) > 16 {
			foot = i
		}
	}
	require.GreaterOrEqual(t, foot, 0, "%s bears the hash", page)
	middle := (words[foot].top + words[foot].bottom) / 2
	for i, w := range words {
		if i != foot && w.top < middle && w.bottom > middle {
			require.Less(t, len([]rune(w.text)), 40, "%s: a line runs through the foot", page)
			require.InDelta(t, middle, (w.top+w.bottom)/2, 4, "%s: %q runs through the foot", page, w.text)
		}
	}
}
