package reception

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/reception"
	"meixu/app/words"
	"meixu/ui/kit"
)

// wayView is a client's own progress on the own phone, in both languages: the phone knows none.
type wayView struct {
	reception.Way
	Token string
	Said  []waySaid
}

// waySaid is what the page says in one language.
type waySaid struct{ Lang, Step, State, Minutes string }

var wayPage = kit.New[wayView](pages, "way.html").As(kit.Guest)

func (h desk) way(c echo.Context) error {
	v, err := h.readWay(c)
	if err != nil {
		return err
	}
	return wayPage.Draw(c, http.StatusOK, "reception.way.title", v)
}

// wayNow answers as soon as the visit stands elsewhere than after the news that the page names.
func (h desk) wayNow(c echo.Context) error {
	v, err := h.readWay(c)
	if err != nil {
		return err
	}
	kit.AwaitNews(c, h.Hub, v.Topic)
	if v, err = h.readWay(c); err != nil {
		return err
	}
	return wayPage.Part(c, http.StatusOK, "way-now", v)
}

func (h desk) readWay(c echo.Context) (wayView, error) {
	w, err := h.Way(c.Request().Context(), c.Param("token"))
	v := wayView{Way: w, Token: c.Param("token")}
	for _, lang := range []words.Lang{words.ZH, words.EN} {
		said := waySaid{
			Lang: string(lang), Step: lang.T("reception.way.step", w.Step, w.Steps), State: lang.T("reception.way." + w.State),
			Minutes: lang.T("reception.way.minutes", w.Minutes),
		}
		if w.State == "over" {
			said.Minutes = ""
		}
		v.Said = append(v.Said, said)
	}
	return v, err
}

// Dots are the steps of the way as a row of dots: done, now, todo.
func (v wayView) Dots() []string {
	dots := make([]string, v.Steps)
	for i := range dots {
		switch {
		case i+1 < v.Step || v.State == "over":
			dots[i] = "done"
		case i+1 == v.Step:
			dots[i] = "now"
		default:
			dots[i] = "todo"
		}
	}
	return dots
}
