package reception

import (
	"net/http"

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
	r.POST("/reception/screen", access.QueueScreen, h.makeScreen)
	r.Guest.GET("/screen/:token", h.screen)
	r.Guest.GET("/screen/:token/rows", h.screenRows)
}

// queueView is the waiting room.
type queueView struct{ reception.Queue }

// line is one queue number with what may be done to it.
type line struct{ reception.Waiting }

// Clock is how long the client waits, against the limit of S1-04.
func (l line) Clock() kit.Clock {
	return kit.Clock{Since: l.Ticket.CreatedAt, Limit: reception.WaitMinutes}
}

// Can says that the deed may be done to the number now.
func (l line) Can(deed string) bool { return reception.MayMove(l.Ticket.State, deed) }

func linesOf(list []reception.Waiting) []line {
	lines := make([]line, len(list))
	for i, w := range list {
		lines[i] = line{w}
	}
	return lines
}

// WaitingRows, SkippedRows and ServingRows are the lines of the three lists.
func (v queueView) WaitingRows() []line { return linesOf(v.Waiting) }

// SkippedRows are those who did not come when called.
func (v queueView) SkippedRows() []line { return linesOf(v.Skipped) }

// ServingRows are those who were taken in.
func (v queueView) ServingRows() []line { return linesOf(v.Serving) }

var queuePage = kit.New[queueView](pages, "queue.html", "queue_rows.html")

func (h desk) queue(c echo.Context) error { return h.drawQueue(c, "") }

func (h desk) queueRows(c echo.Context) error { return h.drawQueue(c, "queue-rows") }

func (h desk) drawQueue(c echo.Context, block string) error {
	q, err := h.Queue(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	if block != "" {
		return queuePage.Part(c, http.StatusOK, block, queueView{q})
	}
	return queuePage.Draw(c, http.StatusOK, "reception.queue.title", queueView{q})
}

// flashOf is what is said after a deed on a queue number.
var flashOf = map[string]string{
	reception.Call: "reception.queue.called", reception.Serve: "reception.queue.served",
	reception.Skip: "reception.queue.skipped", reception.Back: "reception.queue.back",
}

func (h desk) moveTicket(c echo.Context) error {
	f := kit.Read(c)
	in := reception.OnTicket{Ticket: kit.ParamID(c, "ticket"), Deed: f.Text("deed"), Room: term.RoomID(f.ID("room"))}
	if err := f.Err(); err != nil {
		return err
	}
	if err := h.MoveTicket(c.Request().Context(), kit.Who(c), in); err != nil {
		return err
	}
	return kit.Done(c, flashOf[in.Deed], nil, "%s", back(f, "/reception/queue"))
}

// back is the page of the room from which a deed was posted.
func back(f *kit.Form, otherwise string) string {
	if f.Text("from") == "today" {
		return "/reception"
	}
	return otherwise
}

// linkView tells the new link of a waiting room's screen, once.
type linkView struct{ Path string }

var linkPage = kit.New[linkView](pages, "screen_link.html")

func (h desk) makeScreen(c echo.Context) error {
	token, err := h.MakeScreen(c.Request().Context(), kit.Who(c))
	if noun, _, again := fault.Replayed(err); again && noun == "screen" {
		return kit.Done(c, "reception.screen.again", nil, "/reception/queue")
	}
	if err != nil {
		return err
	}
	return linkPage.Draw(c, http.StatusOK, "reception.screen.title", linkView{Path: "/screen/" + token})
}

// screenView is what the waiting room sees.
type screenView struct {
	Rows  []reception.Shown
	Token string
}

var screenPage = kit.New[screenView](pages, "screen.html").As(kit.Screen)

func (h desk) screen(c echo.Context) error {
	v, err := h.readScreen(c)
	if err != nil {
		return err
	}
	return screenPage.Draw(c, http.StatusOK, "reception.screen.title", v)
}

func (h desk) screenRows(c echo.Context) error {
	v, err := h.readScreen(c)
	if err != nil {
		return err
	}
	return screenPage.Part(c, http.StatusOK, "screen-rows", v)
}

func (h desk) readScreen(c echo.Context) (screenView, error) {
	rows, err := h.Screen(c.Request().Context(), c.Param("token"))
	return screenView{Rows: rows, Token: c.Param("token")}, err
}
