//go:build e2e

package uitest

import (
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// small lists what one may tap on a page and what is lower than 40 px there: buttons, links that
// stand alone, and fields. A box or dot is as high as its label, a link in a row of a list as its
// row, and a link around a picture as that.
const small = `(() => {
	const out = [];
	for (let el of document.querySelectorAll("a, button, input:not([type=hidden]), select, summary")) {
		const name = (el.innerText || el.name || "").trim().slice(0, 20);
		if (!el.getClientRects().length || el.closest("[data-href]") || el.querySelector("img")) continue;
		if (el.matches("[type=checkbox], [type=radio], [type=file]")) el = el.closest("label") ?? el;
		const style = getComputedStyle(el), box = el.getBoundingClientRect();
		if (style.visibility === "hidden" || style.opacity === "0" || box.width < 2 || box.height >= 40) continue;
		if (style.display === "inline" && !el.matches("label")) continue; // a word of a sentence
		out.push(el.tagName + "." + el.className + " " + name + " " + Math.round(box.height));
	}
	return out;
})()`

// Touch fails when something on the page is too low to be tapped with a glove on: the tablets'
// view asks for 44 px.
func (c *Chromium) Touch() *Chromium {
	c.T.Helper()
	found, err := chromedp.Run(c.ctx, chromedp.Evaluate[[]string](small))
	require.NoError(c.T, err)
	require.Empty(c.T, found, "too small for a finger at %s", c.Path())
	return c
}
