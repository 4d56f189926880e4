package floor

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/reports"
	"meixu/store/term"
	"meixu/ui/kit"
)

type boardView struct {
	Rows kit.HTML      // drawn already
	B    reports.Board // of the block "rows"
	Late []lateLine
	Side []homeSection
	// Cards are drawn already; Card is the one of the block "visit-card".
	Cards map[term.VisitID]kit.HTML
	Card  reports.Card
}

// lateLine is one clock that ran out, with the page on which it is dealt with.
type lateLine struct {
	reports.Late
	Link string
}

var boardPage = kit.New[boardView](pages, "board.html")

func (h room) boardPage(c echo.Context) error {
	rows, err := h.drawn(c)
	if err != nil {
		return err
	}
	return boardPage.Draw(c, http.StatusOK, "floor.board.title", boardView{Rows: rows.HTML()})
}

func (h room) boardRows(c echo.Context) error {
	rows, err := h.drawn(c)
	if err != nil {
		return err
	}
	return kit.Piece(c, rows)
}

// drawn is the board for people like the reader, from the cache while it holds.
func (h room) drawn(c echo.Context) (*kit.Kept, error) {
	by := kit.Who(c)
	return h.board.get(h.Hub, h.DB.Now(), keyOf(by, ""), func(before cards) (kit.HTML, cards, error) {
		b, err := h.reports.Board(c.Request().Context(), by)
		if err != nil {
			return "", nil, err
		}
		drawn, err := h.drawCards(c, b, before)
		if err != nil {
			return "", nil, err
		}
		v := boardView{B: b, Cards: drawn.pieces()}
		for _, l := range b.Late {
			v.Late = append(v.Late, lateLine{l, h.lateLink(c, l)})
		}
		v.Side = h.linked(c, b.Sides)
		rows, err := boardPage.Fragment(c, "rows", v)
		return rows, drawn, err
	})
}

// lateLink is where a late clock is dealt with: the call page, the alerts, else the visit.
func (h room) lateLink(c echo.Context, l reports.Late) string {
	visit := ""
	if l.Visit != 0 {
		visit = h.reach(c, fmt.Sprintf("/visit/%d", l.Visit), "")
	}
	switch {
	case l.Red:
		return h.reach(c, "/alerts", visit)
	case l.Kind == "followup":
		return h.reach(c, fmt.Sprintf("/aftercare/%d", l.Task), visit)
	case l.Task != 0 && visit == "":
		return h.reach(c, "/tasks", "")
	}
	return visit
}
