package reception

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/people"
	"meixu/app/reception"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

// calendarPath is the page of the calendar; its parts lie below it.
const calendarPath = "/reception/calendar"

// calendarRoutes registers the calendar: the page, its cards, its drawers and the day sheet.
func (h desk) calendarRoutes(r *kit.Routes) {
	r.GET(calendarPath, access.AppointmentView, h.calendar)
	r.GET(calendarPath+"/cards", access.AppointmentView, h.cards)
	r.GET(calendarPath+"/sheet", access.AppointmentView, h.sheet)
	r.GET(calendarPath+"/new", access.AppointmentBook, h.slotDrawer)
	r.POST(calendarPath+"/who", access.AppointmentBook, h.slotWho)
	r.POST(calendarPath+"/book", access.AppointmentBook, h.slotBook)
	r.GET(calendarPath+"/booking/:id", access.AppointmentView, h.cardDrawer)
	r.GET(calendarPath+"/booking/:id/change", access.AppointmentMove, h.changeDrawer)
	r.POST(calendarPath+"/booking/:id/carry", access.AppointmentMove, h.carry)
}

// calendarView is the page around the columns; the cards come as data.
type calendarView struct {
	reception.CalendarAsk
	By          []calendarTab
	Week        bool
	From, To    term.Day
	Prev, Next  string
	Today       string
	Back        string // from the week of one column to all columns
	Name        string // of the one column
	Cards       string // where the cards come from
	AllLink     string
	Pinned      *reception.BookingRow
	Unpin       string
	List, Print string
	Wall        string // the clinic's day and minute when the page was drawn
}

// PinMinutes is how long the booking on the pinboard takes.
func (v calendarView) PinMinutes() int {
	if v.Pinned == nil {
		return 0
	}
	return int(v.Pinned.EndsAt.Sub(v.Pinned.StartsAt) / time.Minute)
}

// Legend are the states that the colours stand for.
func (v calendarView) Legend() []reception.CardState {
	return []reception.CardState{"requested", "confirmed", reception.CardArrived, reception.CardServing, reception.CardToPay, reception.CardDone}
}

// calendarTab is one way of columns.
type calendarTab struct {
	Name, Link string
	Here       bool
}

var calendarPage = kit.New[calendarView](pages, "calendar.html", "request_place.html")

// askOf reads what the address asks for.
func askOf(f *kit.Form) reception.CalendarAsk {
	only, _ := reception.ParsePlace(f.Text("only"))
	return reception.CalendarAsk{Day: f.Day("day"), By: f.Text("by"), Only: only, All: f.Bool("all"), Days: f.Int("days")}
}

// query is the address's part that keeps what is looked at.
func query(a reception.CalendarAsk, pin string) url.Values {
	q := url.Values{"day": {string(a.Day)}, "by": {a.By}}
	if a.Only.ID != 0 {
		q.Set("only", a.Only.String())
	}
	if a.All {
		q.Set("all", "1")
	}
	if pin != "" {
		q.Set("pin", pin)
	}
	return q
}

func calendarLink(a reception.CalendarAsk, pin string) string {
	return calendarPath + "?" + query(a, pin).Encode()
}

// monday is the first day of the week.
func monday(d term.Day) term.Day {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return d
	}
	return d.Add(-(int(t.Weekday()) + 6) % 7)
}

func (h desk) calendar(c echo.Context) error {
	f := kit.Read(c)
	ask := askOf(f)
	ask.Days = 1
	cal, err := h.Calendar(c.Request().Context(), kit.Who(c), ask)
	if err != nil {
		return err
	}
	pin := f.Text("pin")
	v := h.calendarViewOf(cal, &pin)
	if id := term.AppointmentID(f.ID("pin")); id != 0 {
		sheet, err := h.Booking(c.Request().Context(), kit.Who(c), id)
		if err == nil && sheet.Row.Open() {
			v.Pinned = &sheet.Row
		}
	}
	return calendarPage.Draw(c, http.StatusOK, "calendar.title", v)
}

// calendarViewOf lays the links of the page out; the pin goes along to every day.
func (h desk) calendarViewOf(cal reception.Calendar, pin *string) calendarView {
	ask := cal.CalendarAsk
	v := calendarView{CalendarAsk: ask, Week: ask.Only.ID != 0, From: ask.Day, To: ask.Day}
	step := 1
	if v.Week {
		step, v.From = 7, monday(ask.Day)
		v.To, v.Name = v.From.Add(6), cal.Columns[0].Name
	}
	to := func(change func(*reception.CalendarAsk)) string {
		next := ask
		change(&next)
		return calendarLink(next, *pin)
	}
	v.Prev = to(func(a *reception.CalendarAsk) { a.Day = a.Day.Add(-step) })
	v.Next = to(func(a *reception.CalendarAsk) { a.Day = a.Day.Add(step) })
	v.Today = to(func(a *reception.CalendarAsk) { a.Day = cal.Now.Day(h.DB.Zone()) })
	v.Back = to(func(a *reception.CalendarAsk) { a.Only = reception.Place{} })
	v.AllLink = to(func(a *reception.CalendarAsk) { a.All = !a.All })
	v.Unpin = calendarLink(ask, "")
	for _, by := range reception.CalendarBy {
		link := to(func(a *reception.CalendarAsk) { a.By, a.Only = by, reception.Place{} })
		v.By = append(v.By, calendarTab{by, link, by == ask.By})
	}
	q := query(ask, "")
	v.Print = calendarPath + "/sheet?" + q.Encode()
	q.Set("day", string(v.From))
	if v.Week {
		q.Set("days", "7")
	}
	v.Cards = calendarPath + "/cards?" + q.Encode()
	v.List = "/reception/appointments?day=" + string(ask.Day)
	v.Wall = cal.Now.Time().In(h.DB.Zone()).Format(localMinute)
	return v
}

// cardData is one booking for the calendar in the browser.
type cardData struct {
	ID      int64      `json:"id"`
	Version int        `json:"version"`
	Column  string     `json:"column"`
	Start   string     `json:"start"`
	End     string     `json:"end"`
	Name    string     `json:"name"`
	Number  string     `json:"number"`
	Phone   string     `json:"phone"`
	Item    string     `json:"item"`
	Staff   string     `json:"staff"`
	Place   string     `json:"place"`
	State   string     `json:"state"`
	Word    string     `json:"word"`
	Tone    string     `json:"tone"`
	Icon    string     `json:"icon"`
	Marks   []markData `json:"marks"`
	Moves   bool       `json:"moves"`
	Late    bool       `json:"late"`
	Since   string     `json:"since,omitempty"` // the client waits since then
	Debt    string     `json:"debt,omitempty"`
}

// markData is one badge of a card.
type markData struct {
	Tone string `json:"tone"`
	Icon string `json:"icon"`
	Word string `json:"word"`
}

// calendarData is what the calendar in the browser draws.
type calendarData struct {
	Day     string       `json:"day"`
	Days    int          `json:"days"`
	Open    string       `json:"open"`
	Close   string       `json:"close"`
	Closed  []string     `json:"closed"`
	Wait    int          `json:"wait"` // minutes that nobody should wait longer
	Off     []offData    `json:"off"`
	Columns []columnData `json:"columns"`
	Cards   []cardData   `json:"cards"`
}

// offData is when the person of a column is not at work.
type offData struct {
	Column string `json:"column"`
	Day    string `json:"day"`
	From   string `json:"from"`
	To     string `json:"to"`
}

type columnData struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Note string `json:"note"`
}

// cards answers with the bookings of some days as data.
func (h desk) cards(c echo.Context) error {
	f := kit.Read(c)
	ask := askOf(f)
	if err := f.Err(); err != nil {
		return err
	}
	by := kit.Who(c)
	cal, err := h.Calendar(c.Request().Context(), by, ask)
	if err != nil {
		return err
	}
	zone := h.DB.Zone()
	d := calendarData{
		Day: string(cal.Day), Days: cal.Days, Open: clockText(cal.Hours.Open), Close: clockText(cal.Hours.Close),
		Closed: []string{}, Wait: reception.WaitMinutes, Columns: []columnData{}, Cards: []cardData{},
		Off: []offData{},
	}
	for _, x := range cal.Off {
		d.Off = append(d.Off, offData{x.String(), string(x.Day), people.ClockOf(x.From), people.ClockOf(x.To)})
	}
	for _, day := range cal.Hours.Closed {
		d.Closed = append(d.Closed, string(day))
	}
	for _, x := range cal.Columns {
		name := x.Name
		if x.ID == 0 {
			name = by.Lang.T("calendar.unplaced")
		}
		d.Columns = append(d.Columns, columnData{x.String(), name, by.Lang.Kind(x.Note)})
	}
	for _, x := range cal.Cards {
		d.Cards = append(d.Cards, cardOf(x, by, zone))
	}
	return c.JSON(http.StatusOK, d)
}

func clockText(d time.Duration) string {
	return time.Time{}.Add(d).Format("15:04:05")
}

func cardOf(x reception.Card, by access.Actor, zone *time.Location) cardData {
	look := kit.BadgeOf(x.State)
	d := cardData{
		ID: int64(x.ID), Version: x.Version, Column: x.Column.String(), Name: x.Client, Number: x.Number, Phone: x.Phone,
		Start: x.StartsAt.Time().In(zone).Format(localMinute), End: x.EndsAt.Time().In(zone).Format(localMinute),
		Item: itemText(x.BookingRow, by.Lang), Staff: x.Staff, Place: placeText(x.BookingRow), State: look.State,
		Word: by.Lang.T(look.Key), Tone: look.Tone, Icon: look.Icon, Marks: []markData{}, Late: x.Late,
		Moves: x.Open() && by.May(access.AppointmentMove),
	}
	for _, name := range x.Marks {
		m := markLooks[name]
		m.Word = by.Lang.T("calendar.mark." + name)
		d.Marks = append(d.Marks, m)
	}
	if !x.Since.IsZero() {
		d.Since = x.Since.String()
	}
	if x.Debt > 0 {
		d.Debt = x.Debt.String()
	}
	return d
}

// markLooks are colour and icon of the badges; red is kept for what is dangerous.
var markLooks = map[string]markData{
	reception.MarkNew: {Tone: "green", Icon: "sparkles"}, reception.MarkFirst: {Tone: "green", Icon: "user-plus"},
	reception.MarkVIP: {Tone: "gold", Icon: "diamond"}, reception.MarkAlarm: {Tone: "red", Icon: "alert-triangle"},
	reception.MarkDeposit: {Tone: "yellow", Icon: "wallet"},
	reception.MarkDebt:    {Tone: "yellow", Icon: "coin-yuan"}, reception.MarkLast: {Tone: "purple", Icon: "ticket"},
	reception.MarkAsk: {Tone: "red", Icon: "stethoscope"}, reception.MarkOverlap: {Tone: "yellow", Icon: "stack-2"},
}

func itemText(b reception.BookingRow, lang words.Lang) string {
	if b.Item == "" {
		return lang.T("booking.talk")
	}
	return words.Text{ZH: b.Item, EN: b.ItemEN}.In(lang)
}

func placeText(b reception.BookingRow) string {
	return strings.Join(slices.DeleteFunc([]string{b.Room, b.Device}, func(s string) bool { return s == "" }), " · ")
}
