package finance

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/fault"
	till "meixu/app/finance"
	"meixu/store/term"
	"meixu/ui/kit"
)

var dayPage = kit.New[dayView](pages, "day.html")

// dayView is the till of one day.
type dayView struct {
	till.Day
	Tabs  []kit.Tab
	Tiles []kit.Tile
	Pick  kit.Field
	Count *kit.Edit // nil for who may not count
	// Refusal is why a count was not taken, when no field is wrong.
	Refusal *kit.Refusal
}

func (h desk) day(c echo.Context) error {
	f := kit.Read(c)
	day, status := f.Day("day"), http.StatusOK
	faults, bad := fault.FieldsOf(f.Err())
	if bad {
		day, status = "", http.StatusUnprocessableEntity
	}
	return h.drawDay(c, status, day, typed{faults: faults})
}

// drawDay draws a day; bad is the refused choice of a day, or the refused count.
func (h desk) drawDay(c echo.Context, status int, day term.Day, bad typed) error {
	by := kit.Who(c)
	totals, err := h.DayTotals(c.Request().Context(), by, day)
	if err != nil {
		return err
	}
	v := dayView{Day: totals, Tabs: tabs(by, len(totals.Open), "/till/day"), Refusal: bad.refusal}
	pick := kit.Field{Name: "day", Kind: kit.Day, LabelKey: "finance.day.day", Value: string(totals.Day), Max: string(totals.Today)}
	v.Pick = kit.Fill([]kit.Field{pick}, nil, bad.faults)[0]
	for _, l := range totals.Methods {
		v.Tiles = append(v.Tiles, kit.Tile{Key: l.Method.Key(), Icon: icons[l.Method], Value: l.Net().String()})
	}
	v.Tiles = append(v.Tiles, kit.Tile{Key: "finance.total", Icon: "coin-yuan", Value: totals.Total.Net().String(), Tone: "good"})
	if by.May(access.TillCount) {
		v.Count = countEdit(totals, bad)
	}
	return dayPage.Draw(c, status, "finance.day.title", v)
}

func countEdit(day till.Day, bad typed) *kit.Edit {
	e := kit.Edit{Action: "/till/day/count", SubmitKey: "finance.count.do", Seen: day.Seen, Fields: []kit.Field{
		{Name: "counted", Kind: kit.Money, LabelKey: "finance.count.counted", Required: true},
		{Name: "reason", Kind: kit.Text, LabelKey: "finance.count.reason"},
		{Name: "of", Kind: kit.Hidden, Value: string(day.Day)},
	}}
	if bad.form == "count" {
		e = e.Filled(bad.values, bad.faults)
	}
	return &e
}

// count keeps the counted cash of the day.
func (h desk) count(c echo.Context) error {
	f := kit.Read(c)
	in := till.CountCash{Day: f.Day("of"), Typed: f.Text("counted") != "", Counted: f.Fen("counted"), Reason: f.Text("reason")}
	err := f.Err()
	var off term.Fen
	if err == nil {
		off, err = h.CountCash(c.Request().Context(), kit.Who(c), in)
	}
	if _, _, again := fault.Replayed(err); again {
		return kit.Done(c, "", nil, "/till/day?day=%s", url.QueryEscape(string(in.Day)))
	}
	if said, ok := kit.Outdated(c, err); ok {
		return h.drawDay(c, said.Status, in.Day, typed{form: "count", values: f.Values(), faults: said.Faults, refusal: said.Refusal})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "finance.count.done", []any{off}, "/till/day?day=%s", url.QueryEscape(string(in.Day)))
}
