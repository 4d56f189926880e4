package reception

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

// slipView is the queue number on a roll of 80 or 58 mm: number, masked name, time and the way to
// the client's own progress page, never what the client came for.
type slipView struct {
	Visit  term.VisitID
	Number string
	Name   string // masked
	At     term.Instant
	Narrow bool
	Copy   int // how often it was printed
	Way    string
	Code   kit.QR
}

var slipPage = kit.New[slipView](pages, "slip.html").As(kit.Print)

// slip draws the number that the client takes along.
func (h desk) slip(c echo.Context) error {
	s, err := h.Sheet(c.Request().Context(), kit.Who(c), term.VisitID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	if s.Ticket.ID == 0 {
		return fault.NotFound("page")
	}
	v := slipView{
		Visit: s.Visit.ID, Number: s.Ticket.Number, Name: term.MaskName(s.Client.Name), At: s.Ticket.CreatedAt,
		Narrow: c.QueryParam("roll") == "58", Copy: s.Ticket.Printed,
	}
	if s.Ticket.Way != "" && s.Visit.Open() {
		v.Way = kit.GuestBase(c) + "/way/" + s.Ticket.Way
		if v.Code, err = kit.NewQR(v.Way); err != nil {
			return err
		}
	}
	return slipPage.Draw(c, http.StatusOK, "reception.slip.title", v)
}

// printSlip counts a print and shows the slip.
func (h desk) printSlip(c echo.Context) error {
	id := kit.ParamID(c, "id")
	err := h.PrintTicket(c.Request().Context(), kit.Who(c), term.VisitID(id))
	if _, _, again := fault.Replayed(err); err != nil && !again {
		return err
	}
	return kit.Done(c, "", nil, "/reception/visit/%d/ticket", id)
}
