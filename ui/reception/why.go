package reception

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/reception"
	"meixu/store/term"
	"meixu/ui/kit"
)

var whyPage = kit.New[kit.Why](pages, "why.html")

// whyRoutes registers the pages that ask why a step is taken back or left out (row:A7).
func (h desk) whyRoutes(r *kit.Routes) {
	r.GET("/reception/queue/:ticket/:deed", access.QueueCall, h.whyTicket)
	r.GET("/reception/appointments/:id/undo", access.AppointmentRestore, h.whyBooking)
	r.GET("/reception/visit/:id/undo", access.VisitUndo, h.whyArrival)
	r.GET("/reception/visit/:id/resume", access.VisitReopen, h.whyResume)
}

// undoTicket is the page that asks why a deed on a number is undone: that deed, not one that somebody
// else did since.
func undoTicket(in reception.OnTicket, from string) string {
	query := url.Values{"stood": {reception.StoodAfter(in.Deed)}}
	if from != "" {
		query.Set("from", from)
	}
	return fmt.Sprintf("/reception/queue/%d/%s?%s", in.Ticket, reception.UndoMove, query.Encode())
}

func whyPath(path, name, from string) string {
	if from == "" {
		return path
	}
	return path + "?" + url.Values{name: {from}}.Encode()
}

func (h desk) whyTicket(c echo.Context) error {
	deed := c.Param("deed")
	if !reception.WantsReason(deed) {
		return fault.NotFound("page")
	}
	return h.drawWhyTicket(c, http.StatusOK, deed, nil)
}

func (h desk) drawWhyTicket(c echo.Context, status int, deed string, bad fault.Fields) error {
	w, err := h.Number(c.Request().Context(), kit.Who(c), kit.ParamID(c, "ticket"))
	if err != nil {
		return err
	}
	f := kit.Read(c)
	from, stood := f.Text("from"), f.Text("stood")
	if stood == "" {
		stood = reception.Stood(w.Ticket)
	}
	return whyPage.Draw(c, status, "reception.why."+deed, kit.Why{
		Key: "reception.why." + deed, About: w.Client.Name, Note: w.Ticket.Number, Action: fmt.Sprintf("/reception/queue/%d", w.Ticket.ID),
		Hidden: map[string]string{"deed": deed, "from": from, "stood": stood}, Field: "_reason", Back: back(from, "/reception/queue"),
		Faults: bad, Typed: f.Text("_reason"),
	})
}

// whyBooking asks why the last step of a booking is taken back: confirmed, missed or cancelled.
func (h desk) whyBooking(c echo.Context) error {
	return h.drawWhyBooking(c, http.StatusOK, nil)
}

func (h desk) drawWhyBooking(c echo.Context, status int, bad fault.Fields) error {
	id := bookingID(c)
	sheet, err := h.Booking(c.Request().Context(), kit.Who(c), id)
	if err != nil {
		return err
	}
	f, row := kit.Read(c), sheet.Row
	key, from := "reception.why.restore", f.Text("back")
	if row.State == term.AppointmentConfirmed {
		key = "reception.why.confirm"
	}
	return whyPage.Draw(c, status, key, kit.Why{
		Key: key, About: row.Client, Note: row.StartsAt.Stamp(h.DB.Zone()), Action: fmt.Sprintf("/reception/appointments/%d/restore", id),
		Hidden: map[string]string{"back": from, "why": "1"}, Field: "_reason", Back: h.bookingBack(from, id), Faults: bad, Typed: f.Text("_reason"),
	})
}

// bookingBack is the page from which a deed on a booking was done.
func (h desk) bookingBack(from string, id term.AppointmentID) string {
	if day, ok := dayOf(from); ok {
		return "/reception/appointments?day=" + string(day)
	}
	return back(from, fmt.Sprintf("/reception/appointments/%d", id))
}

// whyArrival asks why an arrival of today is taken back.
func (h desk) whyArrival(c echo.Context) error {
	return h.drawWhyArrival(c, http.StatusOK, nil)
}

func (h desk) drawWhyArrival(c echo.Context, status int, bad fault.Fields) error {
	sheet, err := h.Sheet(c.Request().Context(), kit.Who(c), term.VisitID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	f := kit.Read(c)
	from, id := f.Text("from"), sheet.Visit.ID
	return whyPage.Draw(c, status, "reception.why.arrive", kit.Why{
		Key: "reception.why.arrive", About: sheet.Client.Name, Note: sheet.Ticket.Number, Action: fmt.Sprintf("/reception/visit/%d/undo", id),
		Hidden: map[string]string{"from": from, "why": "1"}, Field: "reason", Back: back(from, fmt.Sprintf("/reception/visit/%d", id)),
		Faults: bad, Typed: f.Text("reason"),
	})
}

// visitPath is the visit's page at the desk, or the one that everybody on the floor has.
func visitPath(c echo.Context, id term.VisitID) string {
	if kit.Who(c).May(access.DeskView) {
		return fmt.Sprintf("/reception/visit/%d", id)
	}
	return fmt.Sprintf("/visit/%d", id)
}

// whyResume asks why the early end of a visit is taken back.
func (h desk) whyResume(c echo.Context) error {
	return h.drawWhyResume(c, http.StatusOK, nil)
}

func (h desk) drawWhyResume(c echo.Context, status int, bad fault.Fields) error {
	v, name, err := h.Ended(c.Request().Context(), kit.Who(c), term.VisitID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	return whyPage.Draw(c, status, "reception.why.resume", kit.Why{
		Key: "reception.why.resume", About: name, Note: v.Number, Action: fmt.Sprintf("/reception/visit/%d/resume", v.ID),
		Field: "_reason", Back: visitPath(c, v.ID), Faults: bad, Typed: kit.Read(c).Text("_reason"),
	})
}
