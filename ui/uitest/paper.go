//go:build e2e

package uitest

import (
	"regexp"
	"strconv"

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
