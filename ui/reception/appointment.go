package reception

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/reception"
	"meixu/store/term"
	"meixu/ui/kit"
)

// appointmentRoutes registers the pages of bookings.
func (h desk) appointmentRoutes(r *kit.Routes) {
	r.GET("/reception/appointments", access.AppointmentView, h.bookings)
	r.GET("/reception/appointments/new", access.AppointmentBook, h.bookForm)
	r.POST("/reception/appointments/new", access.AppointmentBook, h.takeSlot)
	r.POST("/reception/appointments/who", access.AppointmentBook, h.bookWho)
	r.GET("/reception/appointments/:id", access.AppointmentView, h.booking)
	r.POST("/reception/appointments/:id/move", access.AppointmentMove, h.moveBooking)
	r.POST("/reception/appointments/:id/confirm", access.AppointmentConfirm, h.confirmBooking)
	r.POST("/reception/appointments/:id/cancel", access.AppointmentCancel, h.cancelBooking)
	r.POST("/reception/appointments/:id/no-show", access.AppointmentNoShow, h.noShow)
	r.POST("/reception/appointments/:id/restore", access.AppointmentRestore, h.restoreBooking)
	h.waitRoutes(r)
	h.seriesRoutes(r)
}

// dayView is the list of a day's bookings.
type dayView struct {
	reception.DayList
	Prev, Next, Self string
	IsToday          bool
	Filter           []kit.Field
	Empty            kit.Empty
}

// Path is the address of the list itself, for the live refetch.
func (v dayView) Path() string { return v.Self }

var dayPage = kit.New[dayView](pages, "appointments.html", "request_place.html")

func (h desk) bookings(c echo.Context) error {
	f := kit.Read(c)
	filter := reception.DayFilter{Day: f.Day("day"), Staff: term.StaffID(f.ID("staff")), Room: term.RoomID(f.ID("room"))}
	l, err := h.Bookings(c.Request().Context(), kit.Who(c), filter)
	if err != nil {
		return err
	}
	v := dayView{
		DayList: l, Prev: dayPath(l.DayFilter, -1), Self: dayPath(l.DayFilter, 0), Next: dayPath(l.DayFilter, 1),
		IsToday: l.Day == h.DB.Now().Day(h.DB.Zone()),
		Empty:   kit.Empty{TitleKey: "booking.none", HintKey: "booking.none.hint", Icon: "calendar"},
	}
	if kit.Who(c).May(access.AppointmentBook) {
		v.Empty.Link, v.Empty.ActionKey = "/reception/appointments/new", "booking.new"
	}
	v.Filter = []kit.Field{
		{Name: "day", Kind: kit.Day, LabelKey: "booking.day", Value: string(l.Day)},
		{Name: "staff", Kind: kit.Select, LabelKey: "booking.staff", Value: idOf(l.DayFilter.Staff), All: true},
		{Name: "room", Kind: kit.Select, LabelKey: "booking.room", Value: idOf(l.Room), All: true},
	}
	for _, s := range l.Staff {
		v.Filter[1].Options = append(v.Filter[1].Options, kit.Option{Value: idOf(s.ID), Label: s.Name})
	}
	for _, x := range l.Rooms {
		v.Filter[2].Options = append(v.Filter[2].Options, kit.Option{Value: idOf(x.ID), Label: x.Name})
	}
	return dayPage.Draw(c, http.StatusOK, "booking.title", v)
}

func dayPath(f reception.DayFilter, days int) string {
	q := url.Values{"day": {string(f.Day.Add(days))}}
	if f.Staff != 0 {
		q.Set("staff", idOf(f.Staff))
	}
	if f.Room != 0 {
		q.Set("room", idOf(f.Room))
	}
	return "/reception/appointments?" + q.Encode()
}

// idOf prints a row id for a field; 0 is nothing chosen.
func idOf[I ~int64](id I) string {
	if id == 0 {
		return ""
	}
	return fmt.Sprint(int64(id))
}

func bookingID(c echo.Context) term.AppointmentID {
	return term.AppointmentID(kit.ParamID(c, "id"))
}

// confirmBooking, cancelBooking, noShow and restoreBooking are one click each; a reason is
// asked only where the usual way is left.
func (h desk) confirmBooking(c echo.Context) error { return h.change(c, reception.BookingConfirm) }
func (h desk) cancelBooking(c echo.Context) error  { return h.change(c, reception.BookingCancel) }
func (h desk) noShow(c echo.Context) error         { return h.change(c, reception.BookingNoShow) }
func (h desk) restoreBooking(c echo.Context) error { return h.change(c, reception.BookingRestore) }
