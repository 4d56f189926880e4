//go:build e2e

package uitest

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Key types one key as a keyboard does, so that what the page keeps for itself is not typed.
func (c *Chromium) Key(key rune) *Chromium {
	c.T.Helper()
	events := kb.Encode(key)
	down := *events[0]
	down.Type = kb.KeyDown
	for _, e := range events {
		if e.Type == kb.KeyChar {
			down.Text = e.Text
		}
	}
	c.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		for _, e := range []input.DispatchKeyEventParams{down, *events[len(events)-1]} {
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, e); err != nil {
				return err
			}
		}
		return nil
	}))
	return c
}
