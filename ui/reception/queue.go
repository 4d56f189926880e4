package reception

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/reception"
	"meixu/store/term"
	"meixu/ui/kit"
)

func (h desk) queueRoutes(r *kit.Routes) {
	r.GET("/reception/queue", access.QueueView, h.queue)
	r.GET("/reception/queue/rows", access.QueueView, h.queueRows)
	r.POST("/reception/queue/:ticket", access.QueueCall, h.moveTicket)
	h.whyRoutes(r)
	r.GET("/reception/breaches", access.BreachView, h.breaches)
	r.POST("/reception/breaches/:id", access.BreachExplain, h.explainBreach)
	r.Guest.GET("/way/:token", h.way)
	r.Guest.GET("/way/:token/now", h.wayNow)
	r.GET("/reception/screens", access.QueueScreen, h.screens)
	r.POST("/reception/screens", access.QueueScreen, h.enrolScreen)
	r.POST("/reception/screens/:id/end", access.QueueScreen, h.endScreen)
	r.Guest.GET("/screen", h.screen)
	r.Guest.GET("/screen/news", h.screenNews)
}

// queueView is the waiting room.
type queueView struct {
	reception.Queue
	Bad   int64 // the number whose deed was not taken
	Fault string
}

// line is one queue number with what may be done to it.
type line struct {
	reception.Waiting
	Fault string // the sentence of what was wrong with its room
}

// Clock is how long the client waits, against the limit of the tier.
func (l line) Clock() kit.Clock { return kit.Clock{Since: l.Ticket.CreatedAt, Limit: l.Limit} }

// Stood is how the number stands on this page, for the deeds that are posted from it.
func (l line) Stood() string { return reception.Stood(l.Ticket) }

// Can says that the deed may be done to the number now.
func (l line) Can(deed string) bool { return reception.MayMove(l.Ticket.State, deed) }

// undoShown is how long the button that takes a deed back stands in the list; on the page of the visit
// it stays for the day.
const undoShown = 10 * time.Second

// UndoUntil is when the button goes.
func (l line) UndoUntil() string { return l.Ticket.UpdatedAt.Add(undoShown).String() }

func (v queueView) lines(list []reception.Waiting) []line {
	lines := make([]line, len(list))
	for i, w := range list {
		lines[i] = line{Waiting: w}
		if w.Ticket.ID == v.Bad {
			lines[i].Fault = v.Fault
		}
	}
	return lines
}

// WaitingRows, SkippedRows and ServingRows are the lines of the three lists.
func (v queueView) WaitingRows() []line { return v.lines(v.Waiting) }

// SkippedRows are those who did not come when called.
func (v queueView) SkippedRows() []line { return v.lines(v.Skipped) }

// ServingRows are those who were taken in.
func (v queueView) ServingRows() []line { return v.lines(v.Serving) }

var queuePage = kit.New[queueView](pages, "queue.html", "queue_rows.html")

func (h desk) queue(c echo.Context) error { return h.drawQueue(c, http.StatusOK, "", queueView{}) }

func (h desk) queueRows(c echo.Context) error {
	return h.drawQueue(c, http.StatusOK, "queue-rows", queueView{})
}

func (h desk) drawQueue(c echo.Context, status int, block string, v queueView) (err error) {
	if v.Queue, err = h.Queue(c.Request().Context(), kit.Who(c)); err != nil {
		return err
	}
	if block != "" {
		return queuePage.Part(c, status, block, v)
	}
	return queuePage.Draw(c, status, "reception.queue.title", v)
}

// flashOf is what is said after a deed on a queue number.
var flashOf = map[string]string{
	reception.Call: "reception.queue.called", reception.Serve: "reception.queue.served",
	reception.Skip: "reception.queue.skipped", reception.Back: "reception.queue.back", reception.UndoMove: "reception.queue.undone",
}

func (h desk) moveTicket(c echo.Context) error {
	f := kit.Read(c)
	in := reception.OnTicket{
		Ticket: kit.ParamID(c, "ticket"), Deed: f.Text("deed"), Room: term.RoomID(f.ID("room")), Stood: f.Text("stood"),
	}
	err := f.Err()
	if err == nil {
		err = h.MoveTicket(c.Request().Context(), kit.Who(c), in)
	}
	if bad, ok := fault.FieldsOf(err); ok && reception.WantsReason(in.Deed) {
		return h.drawWhyTicket(c, http.StatusUnprocessableEntity, in.Deed, bad)
	} else if why, wrong := bad.Of("room"); ok && wrong {
		return h.drawQueue(c, http.StatusUnprocessableEntity, "", queueView{Bad: in.Ticket, Fault: why.Say(kit.Who(c).Lang)})
	}
	if err != nil {
		return err
	}
	from := f.Text("from")
	if in.Deed == reception.UndoMove {
		return kit.Done(c, flashOf[in.Deed], nil, "%s", back(from, "/reception/queue"))
	}
	undo := undoTicket(in, from)
	return kit.DoneUndo(c, flashOf[in.Deed], undo, "%s", back(from, "/reception/queue"))
}

// back is the page of the house from which a deed was posted.
func back(from, otherwise string) string {
	switch from {
	case "today":
		return "/reception"
	case "board":
		return "/board"
	}
	return otherwise
}
