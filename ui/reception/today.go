package reception

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/reception"
	"meixu/ui/kit"
)

// todayView is the desk's first page.
type todayView struct{ reception.Today }

// Wait is the clock of whoever waits longest.
func (v todayView) Wait() kit.Clock {
	return kit.Clock{Since: v.Longest, Limit: v.Limit}
}

// WaitingRows are the lines of the queue.
func (v todayView) WaitingRows() []line { return queueView{}.lines(v.Queue.Waiting) }

// SkippedRows are those who did not come when called: still in the house.
func (v todayView) SkippedRows() []line { return queueView{}.lines(v.Queue.Skipped) }

var todayPage = kit.New[todayView](pages, "today.html", "queue_rows.html", "request_place.html")

func (h desk) today(c echo.Context) error { return h.drawToday(c, "") }

func (h desk) todayRows(c echo.Context) error { return h.drawToday(c, "today-rows") }

func (h desk) drawToday(c echo.Context, block string) error {
	t, err := h.Today(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	if block != "" {
		return todayPage.Part(c, http.StatusOK, block, todayView{t})
	}
	return todayPage.Draw(c, http.StatusOK, "reception.today.title", todayView{t})
}
