//go:build e2e

package uitest

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// OnPaper is the text that the page shows on paper, without what print styles hide.
func (c *Chromium) OnPaper() string {
	c.T.Helper()
	c.media("print")
	defer c.media("")
	text, err := chromedp.Run(c.ctx, chromedp.Evaluate[string]("document.body.innerText"))
	require.NoError(c.T, err)
	return text
}

func (c *Chromium) media(kind string) {
	c.T.Helper()
	_, err := chromedp.Call(c.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: kind})
	require.NoError(c.T, err)
}

// Sheet is a printed page's size in points of 1/72 inch.
type Sheet struct{ Width, Height float64 }

var mediaBox = regexp.MustCompile(`/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]`)

// PDF is what the browser prints, as the page's own style asks.
func (c *Chromium) PDF() []byte {
	c.T.Helper()
	own := true
	pdf, err := chromedp.Call(c.ctx, page.PrintToPDF, page.PrintToPDFParams{PreferCSSPageSize: &own})
	require.NoError(c.T, err)
	return pdf.Data
}

// Sheets prints the page as its own style asks and gives the sheets.
func (c *Chromium) Sheets() (list []Sheet) {
	c.T.Helper()
	for _, m := range mediaBox.FindAllSubmatch(c.PDF(), -1) {
		width, err := strconv.ParseFloat(string(m[1]), 64)
		require.NoError(c.T, err)
		height, err := strconv.ParseFloat(string(m[2]), 64)
		require.NoError(c.T, err)
		list = append(list, Sheet{width, height})
	}
	require.NotEmpty(c.T, list, "a PDF has pages")
	return list
}

// Word is a word on a printed page with its upper and lower edge in points from the top.
type Word struct {
	Top, Bottom float64
	Text        string
}

var wordAt = regexp.MustCompile(`yMin="([0-9.]+)" xMax="[0-9.]+" yMax="([0-9.]+)">([^<]*)<`)

// Words prints the page and gives the words of each sheet.
func (c *Chromium) Words() (sheets [][]Word) {
	c.T.Helper()
	file := filepath.Join(c.T.TempDir(), "paper.pdf")
	require.NoError(c.T, os.WriteFile(file, c.PDF(), 0o600))
	out, err := exec.CommandContext(c.T.Context(), "pdftotext", "-bbox", file, "-").Output() //nolint:gosec // a file of this test
	require.NoError(c.T, err, "pdftotext (poppler-utils) reads the printed pages")
	for _, page := range strings.Split(string(out), "<page ")[1:] {
		var words []Word
		for _, m := range wordAt.FindAllStringSubmatch(page, -1) {
			top, err := strconv.ParseFloat(m[1], 64)
			require.NoError(c.T, err)
			bottom, err := strconv.ParseFloat(m[2], 64)
			require.NoError(c.T, err)
			words = append(words, Word{top, bottom, m[3]})
		}
		sheets = append(sheets, words)
	}
	return sheets
}
