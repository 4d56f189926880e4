//go:build e2e

package uitest

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Slow opens the path in a second tab of the same browser, which shares its cookies and its live
// stream. Its page is drawn, but its scripts are still on their way until run is called.
func (c *Chromium) Slow(path string) (tab *Chromium, run func()) {
	c.T.Helper()
	ctx, cancel := chromedp.NewContext(c.ctx)
	c.T.Cleanup(cancel)
	tab = &Chromium{T: c.T, Site: c.Site, ctx: ctx, said: &violations{}}
	require.NoError(c.T, chromedp.Do(ctx, chromedp.EmulateViewport(PC[0], PC[1])))
	tab.listen()
	paused := tab.pause()
	tab.eval("location.href = " + quoted(c.Site.URL+path))
	tab.WaitFor("main")
	return tab, func() {
		c.T.Helper()
		select {
		case id := <-paused:
			_, err := chromedp.Call(ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: id})
			require.NoError(c.T, err)
		case <-time.After(patience):
			require.Fail(c.T, "the page asked for no script")
		}
		tab.until("document.readyState === 'complete'", "the page "+path)
	}
}

// pause holds the tab's first script back and gives its request.
func (c *Chromium) pause() <-chan fetch.RequestID {
	c.T.Helper()
	held := make(chan fetch.RequestID, 1)
	requests := chromedp.Events(c.ctx, fetch.RequestPaused)
	go func() {
		for e, err := range requests {
			if err != nil {
				return
			}
			select {
			case held <- e.RequestID:
			default: // a part of the script: it comes after the first and may go on
				_, _ = chromedp.Call(context.WithoutCancel(c.ctx), fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: e.RequestID})
			}
		}
	}()
	_, err := chromedp.Call(c.ctx, fetch.Enable, fetch.EnableParams{
		Patterns: []*fetch.RequestPattern{{URLPattern: "*/app.*.js", ResourceType: network.ResourceTypeScript}},
	})
	require.NoError(c.T, err)
	return held
}
