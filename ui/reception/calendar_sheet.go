package reception

import (
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"meixu/app/reception"
	"meixu/ui/kit"
)

// sheetView is the day on paper: a list for each column.
type sheetView struct {
	reception.Calendar
	Lists []sheetList
	Back  string
}

// sheetList are the bookings of one column, by time.
type sheetList struct {
	reception.CalendarColumn
	Cards []reception.Card
}

var sheetPage = kit.New[sheetView](pages, "calendar_sheet.html").As(kit.Print)

// sheet prints a day: columns without bookings take no paper.
func (h desk) sheet(c echo.Context) error {
	ask := askOf(kit.Read(c))
	ask.Days = 1
	cal, err := h.Calendar(c.Request().Context(), kit.Who(c), ask)
	if err != nil {
		return err
	}
	v := sheetView{Calendar: cal, Back: calendarLink(cal.CalendarAsk, "")}
	for _, x := range cal.Columns {
		own := slices.DeleteFunc(slices.Clone(cal.Cards), func(card reception.Card) bool { return card.Column != x.Place })
		if len(own) > 0 {
			v.Lists = append(v.Lists, sheetList{x, own})
		}
	}
	return sheetPage.Draw(c, http.StatusOK, "calendar.sheet", v)
}
