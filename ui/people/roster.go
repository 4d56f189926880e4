package people

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	office "meixu/app/people"
	"meixu/store/term"
	"meixu/ui/kit"
)

// rosterRoutes registers the roster and the leaves.
func (h room) rosterRoutes(r *kit.Routes) {
	r.GET("/people/roster", access.RosterView, h.roster)
	r.POST("/people/roster/day", access.RosterDraw, h.drawDay)
	r.POST("/people/roster/week", access.RosterDraw, h.drawWeek)
	r.POST("/people/roster/copy", access.RosterDraw, h.copyWeek)
	r.POST("/people/roster/kind", access.RosterDraw, h.saveKind)
	r.GET("/people/leave", access.LeaveAsk, h.leaves)
	r.POST("/people/leave", access.LeaveAsk, h.askLeave)
	r.POST("/people/leave/:id/answer", access.LeaveAnswer, h.answerLeave)
	r.POST("/people/leave/:id/withdraw", access.LeaveWithdraw, h.withdrawLeave)
	r.GET("/people/swaps", access.SwapAsk, h.swaps)
	r.POST("/people/swaps", access.SwapAsk, h.askSwap)
	r.POST("/people/swaps/:id/accept", access.SwapAccept, h.acceptSwap)
	r.POST("/people/swaps/:id/withdraw", access.SwapWithdraw, h.withdrawSwap)
	r.POST("/people/swaps/:id/answer", access.SwapAnswer, h.answerSwap)
}

// rosterView is the roster of a month.
type rosterView struct {
	office.RosterView
	Tabs             []kit.Tab
	Prev, Next, Self string
	Month            term.Day // its first day
	Brush            string
	Edits            []kit.Edit
	KindEdit         kit.Edit
	Refusal          *kit.Refusal
	Loses            []office.Gap // bookings that would lose their cover
	Anyway           kit.Edit     // the day that was clicked, once more with a reason
	Open             string       // the form that stays open, because something in it was wrong
}

// Tone is the colour of a kind of shift, by its place in the list.
func (v rosterView) Tone(kind int64) string {
	for i, k := range v.Kinds {
		if k.ID == kind {
			return "k" + strconv.Itoa(i%5+1)
		}
	}
	return "k0"
}

// Clock prints minutes since midnight.
func (rosterView) Minutes(n int) string { return office.ClockOf(n) }

// HoursOf prints minutes as whole and half hours.
func (rosterView) HoursOf(n int) string {
	return strings.TrimSuffix(strconv.FormatFloat(float64(n)/60, 'f', 1, 64), ".0")
}

// Number is the day of the month.
func (rosterView) Number(day term.Day) string { return strings.TrimPrefix(string(day)[8:], "0") }

var rosterPage = kit.New[rosterView](pages, "roster.html")

// wrong is a form of the page that was not taken.
type wrong struct {
	form string
	f    *kit.Form
	said kit.Said
	gaps []office.Gap // bookings that lose their cover, which a reason would let pass
}

// because is why the form was not taken; ok is false when that is no matter of the page.
func (w wrong) because(c echo.Context, err error) (wrong, bool) {
	said, ok := kit.Refused(c, err)
	w.said = said
	var u *office.Uncovers
	if errors.As(err, &u) {
		w.gaps = u.Gaps
	}
	return w, ok
}

func (h room) roster(c echo.Context) error { return h.drawRoster(c, wrong{}) }

// monthOf is the first and the last day of the month that is asked for; today's without.
func (h room) monthOf(f *kit.Form) (first, last term.Day) {
	day := f.Day("day")
	if day == "" {
		day = h.DB.Now().Day(h.DB.Zone())
	}
	first = day[:8] + "01"
	next := first.Add(31)[:8] + "01"
	return first, next.Add(-1)
}

func (h room) rosterOf(c echo.Context, f *kit.Form) (v rosterView, err error) {
	first, last := h.monthOf(f)
	v = rosterView{Tabs: tabs(c, "roster"), Month: first, Brush: f.Text("brush")}
	v.RosterView, err = h.Roster(c.Request().Context(), kit.Who(c), first, last)
	v.Prev, v.Next, v.Self = "/people/roster?day="+string(first.Add(-1)), "/people/roster?day="+string(last.Add(1)), "/people/roster?day="+string(first)
	if v.Brush == "" && len(v.Kinds) > 0 {
		v.Brush = strconv.FormatInt(v.Kinds[0].ID, 10)
	}
	return v, err
}

func (h room) drawRoster(c echo.Context, w wrong) error {
	f := w.f
	if f == nil {
		f = kit.Read(c)
	}
	v, err := h.rosterOf(c, f)
	if err != nil {
		return err
	}
	v.Edits = []kit.Edit{weekEdit(v, f), copyEdit(v)}
	v.KindEdit = kindEdit(v)
	if w.form == "day" {
		v.Anyway = anyway(v, f)
	}
	status := http.StatusOK
	if w.form != "" {
		status = w.said.Status
		v.Refusal, v.Open, v.Loses = w.said.Refusal, w.form, w.gaps
		for i, e := range append(v.Edits, v.KindEdit) {
			if !strings.HasSuffix(e.Action, "/"+w.form) {
				continue
			}
			e.Reason = w.gaps != nil
			e = e.Filled(f.Values(), w.said.Faults)
			if i < len(v.Edits) {
				v.Edits[i] = e
			} else {
				v.KindEdit = e
			}
		}
	}
	if w.form == "day" && c.Request().Header.Get("HX-Request") == "true" {
		return rosterPage.Part(c, status, "roster-grid", v)
	}
	return rosterPage.Draw(c, status, "roster.title", v)
}

// anyway asks for the reason why a day is drawn although bookings lose their cover.
func anyway(v rosterView, f *kit.Form) kit.Edit {
	e := kit.Edit{Action: "/people/roster/day", SubmitKey: "roster.uncovers.do", CancelURL: v.Self + "&brush=" + url.QueryEscape(v.Brush), Reason: true, Danger: true}
	for _, name := range []string{"day", "cell", "brush", "own_from", "own_to"} {
		e.Fields = append(e.Fields, kit.Field{Name: name, Kind: kit.Hidden, Value: f.Text(name)})
	}
	return e.Within("a-")
}

func kindOptions(kinds []office.ShiftKind) (list []kit.Option) {
	list = []kit.Option{{Value: "0", LabelKey: "roster.rest"}}
	for _, k := range kinds {
		list = append(list, kit.Option{Value: strconv.FormatInt(k.ID, 10), Label: k.Name, Hint: office.ClockOf(k.From) + "–" + office.ClockOf(k.To)})
	}
	return list
}

// weekEdit is the form that draws days from a usual week.
func weekEdit(v rosterView, f *kit.Form) kit.Edit {
	staff := kit.Field{Name: "staff", Kind: kit.Select, LabelKey: "people.f.staff", HelpKey: "roster.week.staff.help", Value: f.Text("staff")}
	var week []int64
	for _, row := range v.Rows {
		id := strconv.FormatInt(int64(row.Staff.ID), 10)
		staff.Options = append(staff.Options, kit.Option{Value: id, Label: row.Staff.Name, Hint: row.Staff.Title})
		if id == staff.Value {
			week = row.Week
		}
	}
	staff.All = true
	first := max(v.From, v.Today)
	fields := []kit.Field{
		staff,
		{Name: "from", Kind: kit.Day, LabelKey: "roster.from", Required: true, Value: string(min(first, v.To))},
		{Name: "to", Kind: kit.Day, LabelKey: "roster.to", Required: true, Value: string(v.To)},
	}
	for n := range 7 {
		day := kit.Field{Name: "wd" + strconv.Itoa(n), Kind: kit.Select, LabelKey: "roster.weekday." + strconv.Itoa(n), Options: kindOptions(v.Kinds)}
		if len(week) == 7 {
			day.Value = strconv.FormatInt(week[n], 10)
		}
		fields = append(fields, day)
	}
	fields = append(fields, kit.Field{Name: "usual", Kind: kit.Check, LabelKey: "roster.usual", Wide: true})
	return kit.Edit{Action: "/people/roster/week", SubmitKey: "roster.week.do", Fields: fields}.Within("w-")
}

func copyEdit(v rosterView) kit.Edit {
	return kit.Edit{Action: "/people/roster/copy", SubmitKey: "roster.copy.do", Fields: []kit.Field{
		{Name: "from", Kind: kit.Day, LabelKey: "roster.copy.from", Required: true},
		{Name: "to", Kind: kit.Day, LabelKey: "roster.copy.to", Required: true},
		{Name: "weeks", Kind: kit.Number, LabelKey: "roster.copy.weeks", Value: "1"},
		{Name: "day", Kind: kit.Hidden, Value: string(v.Month)},
	}}.Within("c-")
}

func kindEdit(v rosterView) kit.Edit {
	return kit.Edit{Action: "/people/roster/kind", SubmitKey: "kit.save", Fields: []kit.Field{
		{Name: "name", Kind: kit.Text, LabelKey: "roster.kind.name", Required: true},
		{Name: "letter", Kind: kit.Text, LabelKey: "roster.kind.letter", Required: true},
		{Name: "from", Kind: kit.Time, LabelKey: "roster.kind.from", Required: true},
		{Name: "to", Kind: kit.Time, LabelKey: "roster.kind.to", Required: true},
		{Name: "day", Kind: kit.Hidden, Value: string(v.Month)},
	}}.Within("k-")
}

// minuteOf reads a time of day as minutes since midnight; -1 when there is none.
func minuteOf(f *kit.Form, name string) int {
	text := f.Text(name)
	if text == "24:00" {
		return 24 * 60
	}
	t, err := time.Parse("15:04", text)
	if err != nil {
		return -1
	}
	return t.Hour()*60 + t.Minute()
}

// drawDay sets the day of the cell that was clicked to the brush that is chosen; htmx gets the
// grid alone.
func (h room) drawDay(c echo.Context) error {
	f := kit.Read(c)
	who, day, _ := strings.Cut(f.Text("cell"), ":")
	id, _ := strconv.ParseInt(who, 10, 64)
	in := office.DayIn{Staff: term.StaffID(id), Day: term.Day(day)}
	if _, err := term.ParseDay(day); err != nil {
		in.Day = ""
	}
	if f.Text("brush") == "own" {
		in.From, in.To = minuteOf(f, "own_from"), minuteOf(f, "own_to")
	} else {
		in.Kind = f.ID("brush")
	}
	err := f.Err()
	if err == nil {
		err = h.DrawDay(c.Request().Context(), kit.Who(c), in)
	}
	if w, ok := (wrong{form: "day", f: f}).because(c, err); ok {
		return h.drawRoster(c, w)
	}
	if err != nil {
		return err
	}
	if c.Request().Header.Get("HX-Request") == "true" {
		v, err := h.rosterOf(c, f)
		if err != nil {
			return err
		}
		return rosterPage.Part(c, http.StatusOK, "roster-grid", v)
	}
	first, _ := h.monthOf(f)
	return kit.Done(c, "", nil, "/people/roster?day=%s&brush=%s", first, strconv.FormatInt(in.Kind, 10))
}

func (h room) drawWeek(c echo.Context) error {
	f := kit.Read(c)
	in := office.WeekIn{Staff: term.StaffID(f.ID("staff")), From: f.Day("from"), To: f.Day("to"), Usual: f.Bool("usual")}
	if in.Staff != 0 {
		for n := range 7 {
			if name := "wd" + strconv.Itoa(n); f.Text(name) != "" {
				in.Week = append(in.Week, f.ID(name))
			}
		}
	}
	err, changed := f.Err(), 0
	if err == nil {
		changed, err = h.DrawWeek(c.Request().Context(), kit.Who(c), in)
	}
	return h.drawn(c, wrong{form: "week", f: f}, changed, in.From, err)
}

func (h room) copyWeek(c echo.Context) error {
	f := kit.Read(c)
	in := office.CopyIn{From: f.Day("from"), To: f.Day("to"), Weeks: f.Int("weeks")}
	err, changed := f.Err(), 0
	if err == nil {
		changed, err = h.CopyWeek(c.Request().Context(), kit.Who(c), in)
	}
	return h.drawn(c, wrong{form: "copy", f: f}, changed, in.To, err)
}

// drawn goes back to the month that was drawn, or shows what was wrong.
func (h room) drawn(c echo.Context, w wrong, changed int, day term.Day, err error) error {
	if w, ok := w.because(c, err); ok {
		return h.drawRoster(c, w)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "roster.done.drawn", []any{changed}, "/people/roster?day=%s", day)
}

func (h room) saveKind(c echo.Context) error {
	f := kit.Read(c)
	in := office.ShiftKindIn{
		ID: f.ID("id"), Version: f.Int("_version"), Name: f.Text("name"), Letter: f.Text("letter"),
		From: minuteOf(f, "from"), To: minuteOf(f, "to"), Retire: f.Bool("retire"),
	}
	err := f.Err()
	if err == nil {
		err = h.SaveShiftKind(c.Request().Context(), kit.Who(c), in)
	}
	if said, ok := kit.Refused(c, err); ok {
		return h.drawRoster(c, wrong{form: "kind", f: f, said: said})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "roster.done.kind", nil, "/people/roster")
}
