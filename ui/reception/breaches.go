package reception

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/reception"
	"meixu/store/term"
	"meixu/ui/kit"
)

// breachesView is the day's list of waits over the limit of their tier.
type breachesView struct {
	Day          term.Day
	Before, Next term.Day
	Today        bool
	List         []reception.Breach
	Open         int // without a reason
}

var breachesPage = kit.New[breachesView](pages, "breaches.html")

func (h desk) breaches(c echo.Context) error {
	today := h.DB.Now().Day(h.DB.Zone())
	day, err := term.ParseDay(c.QueryParam("day"))
	if err != nil || c.QueryParam("day") == "" {
		day = today
	}
	v := breachesView{Day: day, Before: day.Add(-1), Next: day.Add(1), Today: day == today}
	if v.List, err = h.Breaches(c.Request().Context(), kit.Who(c), day); err != nil {
		return err
	}
	for _, b := range v.List {
		if b.Reason == "" {
			v.Open++
		}
	}
	return breachesPage.Draw(c, http.StatusOK, "reception.breach.title", v)
}

func (h desk) explainBreach(c echo.Context) error {
	f := kit.Read(c)
	if err := h.ExplainWait(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id"), f.Text("reason")); err != nil {
		return err
	}
	day, err := term.ParseDay(f.Text("day"))
	if err != nil {
		return kit.Done(c, "reception.breach.explained", nil, "/reception/breaches")
	}
	return kit.Done(c, "reception.breach.explained", nil, "/reception/breaches?day=%s", day)
}
