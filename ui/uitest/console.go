//go:build e2e

package uitest

import (
	"strings"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// listen collects exceptions and violations of the content security policy; the test fails
// at its end when there were any.
func (c *Chromium) listen() {
	c.T.Helper()
	exceptions := chromedp.Events(c.ctx, runtime.ExceptionThrown)
	entries := chromedp.Events(c.ctx, log.EntryAdded)
	go func() {
		for e, err := range exceptions {
			if err != nil {
				return
			}
			c.said.add("exception: " + e.ExceptionDetails.Text)
		}
	}()
	go func() {
		for e, err := range entries {
			if err != nil {
				return
			}
			if strings.Contains(e.Entry.Text, "Content Security Policy") {
				c.said.add(e.Entry.Text)
			}
		}
	}()
	c.T.Cleanup(func() {
		c.said.mu.Lock()
		defer c.said.mu.Unlock()
		assert.Empty(c.T, c.said.list, "the page complained")
	})
}

func (v *violations) add(text string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.list = append(v.list, text)
}
