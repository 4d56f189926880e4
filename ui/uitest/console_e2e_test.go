//go:build e2e

package uitest

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/lan"
)

// TestE2EThePageKeepsItsPolicy: a page that loads and draws its pieces anew says nothing of a
// violated policy (every walk asks that at its end), and what does violate it is heard.
func TestE2EThePageKeepsItsPolicy(t *testing.T) {
	site := New(t)
	c := site.Screen("manager", PC).Open("/board").WaitFor("#board")
	c.Mark(`window.__drawn = 0; document.addEventListener("htmx:after:swap", () => window.__drawn++);
		document.body.dispatchEvent(new CustomEvent("live:board", { bubbles: true }))`)
	c.WaitThat("window.__drawn > 0")
	require.Empty(t, c.said.take())
	c.Mark(`document.body.setAttribute("style", "color:red")`)
	var heard []string
	require.Eventually(t, func() bool { heard = append(heard, c.said.take()...); return len(heard) > 0 }, patience, 20*time.Millisecond)
	require.Contains(t, strings.Join(heard, " "), "style-src")
	told := lan.Violation{Directive: "style-src-attr", Blocked: "inline", Page: "/board"} // and the browser reports it
	require.Eventually(t, func() bool {
		list := site.App.LAN.Violations.List()
		return len(list) == 1 && list[0].Violation == told
	}, patience, 20*time.Millisecond)
}

// take empties the list.
func (v *violations) take() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	list := v.list
	v.list = nil
	return list
}
