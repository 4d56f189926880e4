//go:build e2e

package uitest

import (
	"fmt"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// Fingers makes the window one that is touched: no mouse, coarse pointer.
func (c *Chromium) Fingers() *Chromium {
	c.T.Helper()
	_, err := chromedp.Call(c.ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
	require.NoError(c.T, err)
	return c
}

// Finger lays one finger on the middle of a thing, waits until the page shows that it is held, carries
// it to the middle of another, or so far below it, and lifts it.
func (c *Chromium) Finger(from, held, to string, below float64) *Chromium {
	c.T.Helper()
	fromX, fromY := c.middle(from)
	endX, endY := c.middle(to) // before the page draws what is held
	c.touch(input.DispatchTouchEventTypeTouchStart, fromX, fromY)
	c.WaitFor(held)
	for n := 1.0; n <= 6; n++ {
		c.touch(input.DispatchTouchEventTypeTouchMove, fromX+(endX-fromX)*n/6, fromY+(endY+below-fromY)*n/6)
	}
	_, err := chromedp.Call(c.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}})
	require.NoError(c.T, err)
	return c
}

func (c *Chromium) middle(selector string) (x, y float64) {
	c.T.Helper()
	c.WaitFor(selector)
	b, err := chromedp.Run(c.ctx, chromedp.Evaluate[box](fmt.Sprintf(
		`(() => { const r = document.querySelector(%s).getBoundingClientRect(); return {X: r.x, Y: r.y, W: r.width, H: r.height}; })()`, quoted(selector))))
	require.NoError(c.T, err)
	return b.X + b.W/2, b.Y + b.H/2
}

func (c *Chromium) touch(kind input.DispatchTouchEventType, x, y float64) {
	c.T.Helper()
	_, err := chromedp.Call(c.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{{X: x, Y: y}}})
	require.NoError(c.T, err)
}
