package kit

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"
)

// Out is the button that takes the list of a page out as a file, with what the page shows of it.
type Out struct {
	List   string
	Action string
	Filter []OutField
}

// OutField is one value of the filter.
type OutField struct{ Name, Value string }

// Out is the button for a list without personal data; pairs are the filter's names and values.
func (f *Frame) Out(list string, pairs ...any) Out {
	return outOf("/exchange/exports/list", list, pairs)
}

// OutPeople is the button for a list with personal data: it leads to the page that asks for it.
func (f *Frame) OutPeople(list string, pairs ...any) Out {
	return outOf("/exchange/exports/ask", list, pairs)
}

func outOf(action, list string, pairs []any) Out {
	out := Out{List: list, Action: action}
	for i := 0; i+1 < len(pairs); i += 2 {
		if value := fmt.Sprint(pairs[i+1]); value != "" && value != "0" && value != "false" {
			out.Filter = append(out.Filter, OutField{"f_" + fmt.Sprint(pairs[i]), value})
		}
	}
	return out
}

// Attach answers a post with a file to be kept. The page on which it was asked for stays, with a
// fresh one-time key, or goes on to the page named by next. The title is the name of the file in the
// language of the screen; name is for browsers that read plain letters only.
func Attach(c echo.Context, name, title, next string) http.ResponseWriter {
	head := c.Response().Header()
	said := `attachment; filename="` + name + `"`
	if title != "" && title != name {
		said += "; filename*=UTF-8''" + url.PathEscape(title) // RFC 6266: read before the plain name
	}
	head.Set("Content-Disposition", said)
	head.Set(echo.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	head.Set("Cache-Control", "no-store")
	head.Set(OnceHeader, Once())
	if next != "" {
		head.Set("X-Meixu-Go", next)
	}
	c.Response().WriteHeader(http.StatusOK)
	return c.Response()
}
