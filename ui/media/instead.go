package media

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	shelf "meixu/app/engine/media"
	"meixu/app/fault"
	"meixu/ui/kit"
)

// shorts are the few words that a thumbnail has room for, by the fault.
var shorts = map[string]string{
	"media.owed.away": "media.short.owed", "media.owed.bad": "media.short.damaged",
	"media.away": "media.short.away", "media.damaged": "media.short.damaged",
}

// instead draws, where a page shows a picture that cannot be had, what is missing, why and who
// can help, in place of a broken image. Whoever opens the picture itself gets the usual page.
func instead(c echo.Context, err error, size shelf.Size) error {
	var e *fault.Error
	if !errors.As(err, &e) || shorts[e.Key] == "" || !strings.HasPrefix(c.Request().Header.Get("Accept"), "image/") {
		return err
	}
	lang := kit.Who(c).Lang
	card := card{wide: 240, tall: 240, size: 26, lines: wrap(lang.T(shorts[e.Key]), 7)}
	if size == shelf.Full {
		card.wide, card.tall, card.size = 960, 720, 34
		card.lines = append([]string{lang.T(shorts[e.Key]), ""}, wrap(e.Say(lang), 22)...)
	}
	head := c.Response().Header()
	head.Set("Cache-Control", "no-store")
	head.Set("X-Content-Type-Options", "nosniff")
	return c.Blob(http.StatusConflict, "image/svg+xml", []byte(card.svg()))
}

// card is a drawing that holds nothing but lines of text.
type card struct {
	wide, tall, size int
	lines            []string
}

func (k card) svg() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">`, k.wide, k.tall, k.wide, k.tall)
	b.WriteString(`<rect width="100%" height="100%" fill="#f4f1ea"/>`)
	fmt.Fprintf(&b, `<g font-family="system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif" font-size="%d" fill="#5a4a32" text-anchor="middle">`, k.size)
	step := k.size * 3 / 2
	top := (k.tall-step*(len(k.lines)-1))/2 + k.size/3
	for i, line := range k.lines {
		fmt.Fprintf(&b, `<text x="%d" y="%d">%s</text>`, k.wide/2, top+i*step, html.EscapeString(line))
	}
	b.WriteString(`</g></svg>`)
	return b.String()
}

// hangs begins no line.
const hangs = "，。；：、！？）”》"

// wrap cuts a text into lines as wide as so many Chinese characters; Latin letters take half.
// A Latin word is kept whole where it fits.
func wrap(text string, width int) (lines []string) {
	line, used, space := []rune(nil), 0, -1
	for _, r := range text {
		cost := 2
		if r < 0x2000 {
			cost = 1
		}
		if used+cost > 2*width && len(line) > 0 && !strings.ContainsRune(hangs, r) {
			rest := []rune(nil)
			if space > 0 && r < 0x2000 && r != ' ' {
				line, rest = line[:space], append(rest, line[space+1:]...)
			}
			lines = append(lines, strings.TrimSpace(string(line)))
			line, used, space = rest, len(rest), -1
		}
		if r == ' ' {
			space = len(line)
		} else if r >= 0x2000 {
			space = -1 // Chinese is cut anywhere
		}
		line = append(line, r)
		used += cost
	}
	return append(lines, strings.TrimSpace(string(line)))
}
