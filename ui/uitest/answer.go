//go:build e2e

package uitest

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// filler fills a page's fields by name as fingers do: chips are tapped, rows of a table are
// added, texts are typed and told to the page. It gives the names of the signature pads that
// are to be drawn on.
const filler = `((want) => {
	const pads = [];
	const named = (n) => [...document.getElementsByName(n)].filter((e) => !e.closest("template"));
	const put = (e, values) => {
		if (e.type === "radio" || e.type === "checkbox") {
			if (e.checked !== values.includes(e.value)) e.click();
			return;
		}
		e.value = values[0];
		e.dispatchEvent(new Event("input", {bubbles: true}));
		e.dispatchEvent(new Event("change", {bubbles: true}));
	};
	let open = want;
	for (let pass = 0; pass < 5 && open.length; pass++) { // answers open further questions
		const later = [];
		for (const [name, values] of open) {
			let list = named(name);
			const cell = name.match(/^(.*)\.(\d+)\.[^.]+$/);
			if (!list.length && cell) {
				const table = document.querySelector('[data-rows="' + cell[1] + '"] [data-row-add]');
				if (table) { table.click(); list = named(name); }
			}
			if (list.length && list.every((e) => e.closest("[hidden]"))) { later.push([name, values]); continue; }
			for (const e of list) {
				if (!e.dataset.strokes) put(e, values);
				else if (e.closest(".sign").offsetParent) pads.push(name);
			}
		}
		open = later;
	}
	return pads;
})(%s)`

// Answer fills the fields of the page that are named in the pairs, name and value; what the
// page does not show is passed over. Signature pads are signed.
func (c *Chromium) Answer(pairs ...string) *Chromium {
	c.T.Helper()
	var want [][2]any
	at := map[string]int{}
	for i := 0; i+1 < len(pairs); i += 2 {
		n, known := at[pairs[i]]
		if !known {
			at[pairs[i]] = len(want)
			want = append(want, [2]any{pairs[i], []string{pairs[i+1]}})
			continue
		}
		values, _ := want[n][1].([]string)
		want[n][1] = append(values, pairs[i+1])
	}
	raw, err := json.Marshal(want)
	require.NoError(c.T, err)
	pads, err := chromedp.Run(c.ctx, chromedp.Evaluate[[]string](fmt.Sprintf(filler, raw)))
	require.NoError(c.T, err, "at %s", c.Path())
	for _, name := range pads {
		c.Sign(fmt.Sprintf(".sign:has([name=%s]) canvas", quoted(name)))
	}
	return c
}

// Within demands that the text appears within d, without any reload: the live update.
func (c *Chromium) Within(d time.Duration, text string) *Chromium {
	c.T.Helper()
	c.eval("window.__stays = true")
	since := time.Now()
	c.WaitText(text)
	require.Less(c.T, time.Since(since), d, "%q at %s", text, c.Path())
	c.until("window.__stays", "the page was reloaded")
	return c
}

// PressTwice presses the element twice as fast as a page can be pressed and waits for what
// follows.
func (c *Chromium) PressTwice(selector string) *Chromium {
	c.T.Helper()
	c.WaitFor(selector)
	c.eval(fmt.Sprintf(`window.__left = true;
		document.addEventListener("meixu:answered", () => { window.__left = false; }, {once: true});
		const e = document.querySelector(%s); e.click(); e.click()`, quoted(selector)))
	c.until("!window.__left && document.readyState === 'complete'", "the next page after "+selector)
	return c
}

// Without demands that the page does not show the text.
func (c *Chromium) Without(text string) *Chromium {
	c.T.Helper()
	shown, err := chromedp.Run(c.ctx, chromedp.Evaluate[bool]("document.body.innerText.includes("+quoted(text)+")"))
	require.NoError(c.T, err)
	require.False(c.T, shown, "%q at %s", text, c.Path())
	return c
}

// OpenGuest opens a window at a full address of the guests' door, as a client's phone does.
func (s *Site) OpenGuest(url string, size [2]int64) *Chromium {
	s.T.Helper()
	c := s.Screen("", size)
	c.Do(chromedp.Navigate(url))
	return c
}

// Gone waits until nothing of the selector is to be seen.
func (c *Chromium) Gone(selector string) *Chromium {
	c.T.Helper()
	c.until(fmt.Sprintf("![...document.querySelectorAll(%s)].some((e) => e.offsetParent)", quoted(selector)), selector+" to go")
	return c
}
