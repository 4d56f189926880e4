package reception

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/fault"
	"meixu/app/reception"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

const seriesPath = "/reception/appointments/series"

// seriesRoutes registers the booking of courses.
func (h desk) seriesRoutes(r *kit.Routes) {
	r.GET(seriesPath, access.SeriesBook, h.series)
	r.POST(seriesPath, access.SeriesBook, h.bookSeries)
	r.GET("/reception/appointments/:id/rest", access.SeriesShift, h.rest)
	r.GET("/reception/appointments/:id/rest/rows", access.SeriesShift, h.restRows)
	r.POST("/reception/appointments/:id/rest", access.SeriesShift, h.shiftRest)
}

// seriesView is a course on its way: first what and when, then the sessions as proposed.
type seriesView struct {
	reception.BookingSheet
	Plan    reception.CoursePlan
	Ask     kit.Edit
	Sent    map[string]string // what the second form carries along
	Refused *kit.Refusal
	zoned
}

// ClientBanner hangs debt, allergies and consents into the frame.
func (v seriesView) ClientBanner() *banner.View { return v.Banner }

// zoned prints instants for fields of day and minute.
type zoned struct{ desk desk }

// Value is an instant as such a field sends it.
func (z zoned) Value(at term.Instant) string {
	if z.desk.Desk == nil || at.IsZero() {
		return ""
	}
	return at.Time().In(z.desk.DB.Zone()).Format(localMinute)
}

var seriesPage = kit.New[seriesView](pages, "series.html", "series_rows.html")

// readCourse reads a course; the times of the sessions are start, as often as there are sessions.
func readCourse(f *kit.Form) reception.Course {
	in := reception.Course{
		Client: term.ClientID(f.ID("client")), Line: term.OrderLineID(f.ID("line")), Item: term.ItemID(f.ID("item")), Staff: term.StaffID(f.ID("staff")),
		First: f.Instant("first"), Interval: f.Int("interval"), Count: f.Int("count"), Note: f.Text("note"),
	}
	for n := range f.Int("sessions") {
		if name := "start" + strconv.Itoa(n); n < 50 && f.Text(name) != "" {
			in.Starts = append(in.Starts, f.Instant(name))
		}
	}
	return in
}

func (h desk) series(c echo.Context) error {
	f := kit.Read(c)
	in := readCourse(f)
	if f.Text("first") == "" {
		return h.drawSeries(c, in, f, nil)
	}
	return h.drawSeries(c, in, f, f.Err())
}

// drawSeries draws the course; what was wrong with a post comes with the sessions looked at anew.
func (h desk) drawSeries(c echo.Context, in reception.Course, f *kit.Form, failed error) error {
	ctx, by := c.Request().Context(), kit.Who(c)
	sheet, err := h.BookingFor(ctx, by, in.Client, 0)
	if err != nil {
		return err
	}
	v := seriesView{BookingSheet: sheet, zoned: zoned{h}, Ask: kit.Edit{Action: seriesPath, Fields: seriesFields(sheet, by.Lang)}}
	status := http.StatusOK
	if failed == nil && !in.First.IsZero() || failed != nil && len(in.Starts) > 0 {
		v.Plan, err = h.PlanCourse(ctx, by, in)
		if failed == nil {
			failed = err
		}
	}
	var taken *reception.Taken
	said, known := kit.Refused(c, failed)
	if errors.As(failed, &taken) {
		said, known = kit.Said{Status: http.StatusConflict, Refusal: kit.RefusalOf(c, taken.Refusal)}, true
	}
	switch {
	case known:
		status, v.Refused = said.Status, said.Refusal
	case failed != nil:
		return failed
	}
	if f.Text("first") == "" && failed == nil { // nothing was typed: the address says for whom
		v.Ask = begun(v.Ask, sheet, in.Line).Named(f.Values())
	} else {
		v.Ask = v.Ask.Filled(f.Values(), said.Faults)
	}
	v.Sent = map[string]string{
		"client": idOf(in.Client), "line": idOf(in.Line), "item": idOf(in.Item), "staff": idOf(in.Staff), "note": in.Note,
		"interval": strconv.Itoa(v.Plan.Interval), "sessions": strconv.Itoa(len(v.Plan.Sessions)),
	}
	return seriesPage.Draw(c, status, "series.title", v)
}

// begun is the form of a course as its paid line says it.
func begun(e kit.Edit, s reception.BookingSheet, line term.OrderLineID) kit.Edit {
	if count, interval := s.Usual(line); count > 1 {
		e.Field("count").Value, e.Field("interval").Value = strconv.Itoa(count), strconv.Itoa(interval)
	}
	return e
}

// seriesFields are what a course is asked for.
func seriesFields(s reception.BookingSheet, lang words.Lang) []kit.Field {
	var list []kit.Field
	s.Staff = s.Operators()
	for _, f := range bookingFields(s, true, lang) {
		switch f.Name {
		case "line", "item":
			f.HelpKey = ""
			list = append(list, f)
		case "staff":
			f.Required = true
			list = append(list, f)
		}
	}
	return append(list,
		kit.Field{Name: "first", Kind: kit.Instant, LabelKey: "series.first", Required: true, Step: "900"},
		kit.Field{Name: "count", Kind: kit.Number, LabelKey: "series.count", HelpKey: "series.count.help"},
		kit.Field{Name: "interval", Kind: kit.Number, LabelKey: "series.interval", HelpKey: "series.interval.help"},
		kit.Field{Name: "client", Kind: kit.Hidden})
}

func (h desk) bookSeries(c echo.Context) error {
	f := kit.Read(c)
	in := readCourse(f)
	err := f.Err()
	var ids []term.AppointmentID
	if err == nil {
		ids, err = h.BookCourse(c.Request().Context(), kit.Who(c), in)
	}
	if err != nil && redrawn(err) {
		return h.drawSeries(c, in, f, err)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "series.done.booked", []any{len(ids)}, "/reception/appointments/%d", ids[0])
}

// restView is the rest of a course after one session was moved.
type restView struct {
	reception.Rest
	Refused *kit.Refusal
	Faults  fault.Fields
	zoned
}

var restPage = kit.New[restView](pages, "rest.html", "series_rows.html")

func (h desk) rest(c echo.Context) error { return h.drawRest(c, nil, nil) }

// restRows is the form alone, for a drawer.
func (h desk) restRows(c echo.Context) error {
	s, err := h.RestOf(c.Request().Context(), kit.Who(c), bookingID(c), nil)
	if err != nil {
		return err
	}
	return restPage.Part(c, http.StatusOK, "rest-form", restView{Rest: s, zoned: zoned{h}})
}

func (h desk) drawRest(c echo.Context, starts []term.Instant, failed error) error {
	s, err := h.RestOf(c.Request().Context(), kit.Who(c), bookingID(c), starts)
	if err != nil {
		return err
	}
	v, status := restView{Rest: s, zoned: zoned{h}}, http.StatusOK
	var taken *reception.Taken
	said, known := kit.Outdated(c, failed)
	switch {
	case errors.As(failed, &taken):
		v.Refused, status = kit.RefusalOf(c, taken.Refusal), http.StatusConflict
	case known:
		v.Refused, v.Faults, status = said.Refusal, said.Faults, said.Status
	}
	return restPage.Draw(c, status, "series.rest", v)
}

func (h desk) shiftRest(c echo.Context) error {
	f := kit.Read(c)
	var moves []reception.RestMove
	var starts []term.Instant
	for n := range min(f.Int("sessions"), 50) {
		i := strconv.Itoa(n)
		at := f.Instant("start" + i)
		starts = append(starts, at)
		moves = append(moves, reception.RestMove{ID: term.AppointmentID(f.ID("id" + i)), Version: f.Int("version" + i), Start: at})
	}
	err := f.Err()
	if err == nil {
		err = h.ShiftRest(c.Request().Context(), kit.Who(c), bookingID(c), moves)
	}
	if err != nil && redrawn(err) {
		if f.Err() != nil {
			starts = nil
		}
		return h.drawRest(c, starts, err)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "series.done.shifted", []any{fmt.Sprint(len(moves))}, "/reception/appointments/%d", bookingID(c))
}
