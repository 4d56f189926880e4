package finance

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	till "meixu/app/finance"
	"meixu/ui/kit"
)

var dayPage = kit.New[dayView](pages, "day.html")

// dayView is the till of one day.
type dayView struct {
	till.Day
	Tabs  []kit.Tab
	Tiles []kit.Tile
	Pick  kit.Field
}

func (h desk) day(c echo.Context) error {
	f := kit.Read(c)
	day, status := f.Day("day"), http.StatusOK
	faults, bad := fault.FieldsOf(f.Err())
	if bad {
		day, status = "", http.StatusUnprocessableEntity
	}
	totals, err := h.DayTotals(c.Request().Context(), kit.Who(c), day)
	if err != nil {
		return err
	}
	v := dayView{Day: totals, Tabs: tabs(kit.Who(c), len(totals.Open), "/till/day")}
	pick := kit.Field{Name: "day", Kind: kit.Day, LabelKey: "finance.day.day", Value: string(totals.Day), Max: string(totals.Today)}
	v.Pick = kit.Fill([]kit.Field{pick}, nil, faults)[0]
	for _, l := range totals.Methods {
		v.Tiles = append(v.Tiles, kit.Tile{Key: l.Method.Key(), Icon: icons[l.Method], Value: l.Net().String()})
	}
	v.Tiles = append(v.Tiles, kit.Tile{Key: "finance.total", Icon: "coin-yuan", Value: totals.Total.Net().String(), Tone: "good"})
	return dayPage.Draw(c, status, "finance.day.title", v)
}
