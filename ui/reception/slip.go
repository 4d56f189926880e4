package reception

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

// slipView is the queue number on a roll of 80 or 58 mm: number, masked name and time, never
// what the client came for.
type slipView struct {
	Visit  term.VisitID
	Number string
	Name   string // masked
	At     term.Instant
	Narrow bool
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
	return slipPage.Draw(c, http.StatusOK, "reception.slip.title", slipView{
		Visit: s.Visit.ID, Number: s.Ticket.Number, Name: term.MaskName(s.Client.Name), At: s.Ticket.CreatedAt,
		Narrow: c.QueryParam("roll") == "58",
	})
}
