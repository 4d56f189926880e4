//go:build e2e

package uitest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// patience is how long a step of a walk may take on a busy machine.
const patience = 20 * time.Second

// Sizes of the two screens of the walk.
var (
	PC     = [2]int64{1440, 900}
	Tablet = [2]int64{1024, 768}
)

// root is the one browser of a test binary; every test gets its own context of it, with its
// own cookies. It has no deadline: it ends with the process.
var root = sync.OnceValues(func() (context.Context, error) {
	if err := sweep(); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", folders)
	if err != nil {
		return nil, err
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(dir), chromedp.Env("TMPDIR="+dir),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("lang", "zh-CN"))
	allocated, _ := chromedp.NewExecAllocator(context.Background(), options...)
	browser, _ := chromedp.NewContext(allocated)
	return browser, chromedp.Do(browser, chromedp.Navigate("about:blank"))
})

// folders names the folders of browsers.
const folders = "meixu-e2e-*"

// sweep removes the folders of test binaries that have ended: a browser that dies with its process
// cannot tidy up, and a disk was full of them.
func sweep() error {
	left, err := filepath.Glob(filepath.Join(os.TempDir(), folders))
	for _, dir := range left {
		if info, gone := os.Stat(dir); gone == nil && time.Since(info.ModTime()) > time.Hour {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}
	return err
}

// Chromium is a real browser window, with its own cookies.
type Chromium struct {
	T    testing.TB
	Site *Site
	ctx  context.Context //nolint:containedctx // chromedp keeps the tab in its context
	said *violations
}

// violations are the complaints of the page's console: policy violations and exceptions.
type violations struct {
	mu   sync.Mutex
	list []string
}

// Screen opens a window of the size, signed in as login ("" is nobody). The test fails when
// no browser is found, when a script breaks, and when the page violates its own policy.
func (s *Site) Screen(login string, size [2]int64) *Chromium {
	s.T.Helper()
	browser, err := root()
	require.NoError(s.T, err, "the walks need Chromium: apt-get install chromium fonts-noto-cjk")
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	s.T.Cleanup(cancel)
	c := &Chromium{T: s.T, Site: s, ctx: ctx, said: &violations{}}
	// The first call makes the tab and ties it to its context: that one must have no deadline.
	require.NoError(s.T, chromedp.Do(ctx, chromedp.EmulateViewport(size[0], size[1])))
	c.listen()
	c.Clock(0)
	if login != "" {
		c.cookie("meixu", s.token(login, "desk"))  // the view follows the role, as before a mouse
		c.cookie("meixu_station", secretOf(login)) // PINs open where the house knows the browser
	}
	return c
}

// Clock sets the clock of the device: so much ahead of the clinic's as it stands now. It counts
// from the next page on.
func (c *Chromium) Clock(ahead time.Duration) {
	c.T.Helper()
	_, err := chromedp.Call(c.ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: fmt.Sprintf("Date.now = () => Math.round(%d + performance.timeOrigin + performance.now())",
			c.Site.Clock.Now().Add(ahead).UnixMilli()-time.Now().UnixMilli()),
	})
	require.NoError(c.T, err)
}

func (c *Chromium) cookie(name, value string) {
	c.T.Helper()
	u, err := url.Parse(c.Site.URL)
	require.NoError(c.T, err)
	hidden := true
	_, err = chromedp.Call(c.ctx, network.SetCookie, network.SetCookieParams{
		Name: name, Value: value, Domain: u.Hostname(), Path: "/", HTTPOnly: &hidden,
	})
	require.NoError(c.T, err)
}

// Do runs steps and fails the test with a screenshot when one fails or takes too long.
func (c *Chromium) Do(steps ...chromedp.Action[chromedp.Void]) {
	c.T.Helper()
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		c.Shot("failed")
		require.NoError(c.T, err, "at %s", c.Path())
	}
}

// Open goes to a page of the clinic. The load of the page before may end only now: what
// follows must find the new one.
func (c *Chromium) Open(path string) *Chromium {
	c.T.Helper()
	c.eval("window.__old = true")
	c.Do(chromedp.Navigate(c.Site.URL + path))
	if !strings.Contains(path, "#") {
		c.until("!window.__old && document.readyState === 'complete'", "the page "+path)
	}
	return c
}

// Path is where the window stands now.
func (c *Chromium) Path() string {
	where, err := chromedp.Run(c.ctx, chromedp.Location())
	if err != nil {
		return "?"
	}
	return strings.TrimPrefix(where, c.Site.URL)
}

// WaitFor waits until the selector is there to be seen.
func (c *Chromium) WaitFor(selector string) *Chromium {
	c.T.Helper()
	c.Do(chromedp.WaitVisible(chromedp.CSS(selector)))
	return c
}

// WaitText waits until the page shows the text.
func (c *Chromium) WaitText(text string) *Chromium {
	c.T.Helper()
	c.until(fmt.Sprintf("document.body.innerText.includes(%s)", quoted(text)), "text "+text)
	return c
}

// WaitThat waits until the script's condition holds in the page.
func (c *Chromium) WaitThat(condition string) *Chromium {
	c.T.Helper()
	c.until(condition, condition)
	return c
}

// until waits for a condition in the page; navigations in between do not matter.
func (c *Chromium) until(condition, what string) {
	c.T.Helper()
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+condition+")"))
		if err == nil && ok {
			return
		}
		select {
		case <-ctx.Done():
			c.Shot("failed")
			require.Failf(c.T, "waited in vain", "%s at %s", what, c.Path())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Click presses the element.
func (c *Chromium) Click(selector string) *Chromium {
	c.T.Helper()
	c.Do(chromedp.WaitVisible(chromedp.CSS(selector)), chromedp.ScrollIntoView(chromedp.CSS(selector)),
		chromedp.Click(chromedp.CSS(selector)))
	return c
}

// Press presses the element and waits for the page that follows, or for the refusal that comes
// back into this one.
func (c *Chromium) Press(selector string) *Chromium {
	c.T.Helper()
	c.eval(`window.__left = true; document.addEventListener("meixu:answered", () => { window.__left = false; }, {once: true})`)
	c.Click(selector)
	c.until("!window.__left && document.readyState === 'complete'", "the next page after "+selector)
	return c
}

// Fill replaces what the input holds and tells the page so, also for days and selects.
func (c *Chromium) Fill(selector, text string) *Chromium {
	c.T.Helper()
	c.WaitFor(selector)
	c.eval(fmt.Sprintf(`(() => { const e = document.querySelector(%s); e.focus(); e.value = %s;
		e.dispatchEvent(new Event("input", {bubbles: true})); e.dispatchEvent(new Event("change", {bubbles: true})); })()`,
		quoted(selector), quoted(text)))
	return c
}

// Type types with the keyboard, Chinese too.
func (c *Chromium) Type(selector, text string) *Chromium {
	c.T.Helper()
	c.Do(chromedp.Focus(chromedp.CSS(selector)))
	_, err := chromedp.Call(c.ctx, input.InsertText, input.InsertTextParams{Text: text})
	require.NoError(c.T, err)
	return c
}

// Upload puts files into a file input and waits until the page shows them: their previews move
// what stands below, and a click on its way would miss.
func (c *Chromium) Upload(selector string, files ...string) *Chromium {
	c.T.Helper()
	box := fmt.Sprintf("document.querySelector(%s).closest('[data-upload]')", quoted(selector))
	c.eval(fmt.Sprintf("window.__shown = !%[1]s; %[1]s?.addEventListener('photos', () => { window.__shown = true; }, {once: true})", box))
	c.Do(chromedp.SetUploadFiles(chromedp.CSS(selector), files))
	c.until(fmt.Sprintf("window.__shown && [...(%s?.querySelectorAll('img') ?? [])].every((i) => i.complete)", box), "the chosen files")
	return c
}

type box struct{ X, Y, W, H float64 }

// Sign draws a signature on the pad with the pointer: pressed, a wave, released. A page that
// moves under the pointer takes no stroke; then it is drawn again, as people do.
func (c *Chromium) Sign(selector string) *Chromium {
	c.T.Helper()
	c.Do(chromedp.WaitVisible(chromedp.CSS(selector)))
	kept := fmt.Sprintf("!!document.querySelector(%s).closest('.sign').querySelector('[data-strokes]').value", quoted(selector))
	for range 5 {
		c.stroke(selector)
		ok, err := chromedp.Run(c.ctx, chromedp.Evaluate[bool](kept))
		require.NoError(c.T, err)
		if ok {
			return c
		}
	}
	c.Shot("failed")
	require.Failf(c.T, "the pad keeps no signature", "%s at %s", selector, c.Path())
	return c
}

func (c *Chromium) stroke(selector string) {
	c.T.Helper()
	b, err := chromedp.Run(c.ctx, chromedp.Evaluate[box](fmt.Sprintf(
		`(() => { const e = document.querySelector(%s); e.scrollIntoView({block: "center", behaviour: "instant"});
		const r = e.getBoundingClientRect(); return {X: r.x, Y: r.y, W: r.width, H: r.height}; })()`, quoted(selector))))
	require.NoError(c.T, err)
	at := func(i int) (x, y float64) {
		up := float64(i%4) / 8
		return b.X + b.W*(0.2+0.05*float64(i)), b.Y + b.H*(0.3+up)
	}
	c.pointer(input.DispatchMouseEventTypeMousePressed, 1)(at(0))
	for i := 1; i <= 12; i++ {
		c.pointer(input.DispatchMouseEventTypeMouseMoved, 1)(at(i))
	}
	c.pointer(input.DispatchMouseEventTypeMouseReleased, 0)(at(12))
}

func (c *Chromium) pointer(kind input.DispatchMouseEventType, buttons int64) func(x, y float64) {
	return func(x, y float64) {
		_, err := chromedp.Call(c.ctx, input.DispatchMouseEvent, input.DispatchMouseEventParams{
			Type: kind, X: x, Y: y, Button: input.MouseButtonLeft, Buttons: buttons, ClickCount: 1,
		})
		require.NoError(c.T, err)
	}
}

// Text is what the element shows.
func (c *Chromium) Text(selector string) string {
	c.T.Helper()
	text, err := chromedp.Run(c.ctx, chromedp.Text(chromedp.CSS(selector)))
	require.NoError(c.T, err)
	return text
}

func (c *Chromium) eval(script string) {
	c.T.Helper()
	_, err := chromedp.Run(c.ctx, chromedp.Evaluate[any]("(() => { "+script+"; return null; })()"))
	require.NoError(c.T, err)
}

// Shot writes a picture of the whole page to artifacts/<name>.png for people to look at.
func (c *Chromium) Shot(name string) *Chromium {
	c.T.Helper()
	ctx, cancel := context.WithTimeout(c.ctx, patience)
	defer cancel()
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		c.T.Logf("no screenshot: %v", err)
		return c
	}
	dir := filepath.Join(house(), "artifacts")
	require.NoError(c.T, os.MkdirAll(dir, 0o750))
	file := filepath.Join(dir, strings.NewReplacer("/", "-", " ", "-").Replace(c.T.Name()+"-"+name)+".png")
	require.NoError(c.T, os.WriteFile(file, picture, 0o600))
	return c
}

// house is the folder of go.mod, above that of the test which runs.
func house() string {
	dir := "."
	for range 5 {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Join(dir, "..")
	}
	return "."
}

// axeScript is read once from the npm package.
var axeScript = sync.OnceValues(func() (string, error) {
	raw, err := os.ReadFile(filepath.Join(house(), "ui", "assets", "node_modules", "axe-core", "axe.min.js"))
	return string(raw), err
})

// Axe checks the page against WCAG A and AA and fails on serious and critical violations; rules that
// are off need their reason where it is called.
func (c *Chromium) Axe(off ...string) *Chromium {
	c.T.Helper()
	script, err := axeScript()
	require.NoError(c.T, err, "npm ci in ui/assets brings axe-core")
	_, err = chromedp.Run(c.ctx, chromedp.Evaluate[any]("(() => { "+script+"\n; return null; })()"))
	require.NoError(c.T, err)
	rules := map[string]any{}
	for _, rule := range off {
		rules[rule] = map[string]bool{"enabled": false}
	}
	given, err := json.Marshal(rules)
	require.NoError(c.T, err)
	c.eval(`window.__axe = null; axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], rules: ` + string(given) + `}).then(r =>
		{ window.__axe = JSON.stringify(r.violations.filter(v => v.impact === "serious" || v.impact === "critical")
			.map(v => v.id + ": " + v.help + " @ " + v.nodes.slice(0, 5).map(n => n.target.join(" ")).join(", "))); },
		e => { window.__axe = JSON.stringify(["axe failed: " + e]); })`)
	c.until("window.__axe !== null", "axe")
	text, err := chromedp.Run(c.ctx, chromedp.Evaluate[string]("window.__axe"))
	require.NoError(c.T, err)
	var found []string
	require.NoError(c.T, json.Unmarshal([]byte(text), &found))
	require.Empty(c.T, found, "axe at %s", c.Path())
	return c
}

func quoted(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		return `""`
	}
	return string(raw)
}
