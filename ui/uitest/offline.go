//go:build e2e

package uitest

import (
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Offline takes the Wi-Fi away from the window, or gives it back.
func (c *Chromium) Offline(off bool) *Chromium {
	c.T.Helper()
	_, err := chromedp.Call(c.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}},
	})
	require.NoError(c.T, err)
	_, err = chromedp.Call(c.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{
		Offline: off, DownloadThroughput: -1, UploadThroughput: -1,
	})
	require.NoError(c.T, err)
	return c
}

// Value is what an input holds.
func (c *Chromium) Value(selector string) string {
	c.T.Helper()
	text, err := chromedp.Run(c.ctx, chromedp.Evaluate[string]("document.querySelector("+quoted(selector)+").value"))
	require.NoError(c.T, err)
	return text
}

// Mark runs a script that puts the page into a state which a person cannot reach in a test.
func (c *Chromium) Mark(script string) *Chromium {
	c.T.Helper()
	c.eval(script)
	return c
}

// OpenURL goes to an address that is not the staff's door, as the guests' one.
func (c *Chromium) OpenURL(address string) *Chromium {
	c.T.Helper()
	c.Do(chromedp.Navigate(address))
	return c
}

// Tap presses an element that may be drawn by its label only.
func (c *Chromium) Tap(selector string) *Chromium {
	c.T.Helper()
	c.Do(chromedp.Click(chromedp.CSS(selector)))
	return c
}

// Stopwatch starts, and tells how long it has been running.
func Stopwatch() func() time.Duration {
	began := time.Now()
	return func() time.Duration { return time.Since(began) }
}
