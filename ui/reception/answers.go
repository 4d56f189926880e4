package reception

import (
	"fmt"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/crm"
	"meixu/store/term"
	"meixu/ui/kit"
)

// answersView is how soon inquiries were answered, with the rows behind the figures.
type answersView struct {
	crm.Answers
	From, To term.Day
	Staff    term.StaffID
}

var answersPage = kit.New[answersView](pages, "answers.html")

// Share is the percentage of a row.
func (answersView) Share(a crm.AnswerRow) string {
	if n, ok := a.Percent(); ok {
		return fmt.Sprintf("%d%%", n)
	}
	return "–"
}

// Span prints a time in minutes and seconds.
func (answersView) Span(d time.Duration) string {
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// Drill is the address of the rows of one person.
func (v answersView) Drill(a crm.AnswerRow) string {
	return fmt.Sprintf("/reception/leads/answers?from=%s&to=%s&staff=%d#rows", v.From, v.To, a.Staff)
}

// Late says that the answer came late, or not yet.
func (answersView) Late(l crm.LeadRow) bool {
	return l.FirstReplyAt.IsZero() || l.Took() > crm.AnswerWithin
}

// reportDays is how long the report reaches back unless it is told.
const reportDays = 30

func (h desk) answers(c echo.Context) (err error) {
	f := kit.ReadQuery(c)
	today := h.DB.Now().Day(h.DB.Zone())
	v := answersView{From: f.Day("from"), To: f.Day("to"), Staff: term.StaffID(f.ID("staff"))}
	if v.To == "" {
		v.To = today
	}
	if v.From == "" || v.To.Before(v.From) {
		v.From = v.To.Add(1 - reportDays)
	}
	if v.Answers, err = h.files.Answers(c.Request().Context(), kit.Who(c), v.From, v.To, v.Staff); err != nil {
		return err
	}
	return answersPage.Draw(c, http.StatusOK, "reception.answers", v)
}
