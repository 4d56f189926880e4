package reception

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/reception"
	"meixu/store/term"
	"meixu/ui/kit"
)

// slotView is the drawer of a new booking: first whom it is for, then the booking itself.
type slotView struct {
	bookView
	Start term.Instant
	At    string // the column that was clicked
	Place string // its name
	Again string // the address of the drawer without a client

	StartText string // as a field holds it
	Begun     string // the cell that the drawer was opened on
}

// DraftKey is under which what is typed is kept: apart for every cell and everybody.
func (v slotView) DraftKey() string {
	return strings.Join([]string{v.Action, v.Hidden["client"], v.Hidden["lead"], v.At, v.Begun}, ":")
}

// refusing is what a drawer tells of a slot that is taken.
type refusing struct {
	Refused *kit.Refusal
	Taken   []reception.Holder
	Free    []freeSlot
	Overlap bool
	Reason  kit.Field
}

// Refusing is the part of the view that says who holds the slot and what is free.
func (v bookView) Refusing() refusing {
	return refusing{v.Refused, v.Taken, v.Free, v.Overlap, v.Reason}
}

// Find says that the drawer still asks for whom the booking is.
func (v slotView) Find() bool { return !v.Chosen }

// doneView tells the calendar that a deed is done.
type doneView struct {
	Key     string
	ID      term.AppointmentID
	Version int // of the booking after the deed; 0 when nothing is to be taken back
}

var (
	slotPage = kit.New[slotView](pages, "calendar_slot.html", "calendar_refused.html")
	donePage = kit.New[doneView](pages, "calendar_done.html")
)

// inCalendar says that the calendar asks for a drawer; everybody else is sent to the page.
func inCalendar(c echo.Context) bool { return c.Request().Header.Get("HX-Request") == "true" }

// slotOf reads the slot that was clicked: when, and in which column.
func slotOf(f *kit.Form) (in reception.Booking, at reception.Place) {
	in = reception.Booking{Client: term.ClientID(f.ID("client")), Lead: term.LeadID(f.ID("lead")), Start: f.Instant("start")}
	at, _ = reception.ParsePlace(f.Text("at"))
	switch at.In {
	case "room":
		in.Room = term.RoomID(at.ID)
	case "device":
		in.Device = term.DeviceID(at.ID)
	case "staff":
		in.Staff = term.StaffID(at.ID)
	}
	return in, at
}

// slotDrawer opens the drawer of an empty cell.
func (h desk) slotDrawer(c echo.Context) error {
	if !inCalendar(c) {
		return c.Redirect(http.StatusSeeOther, calendarPath)
	}
	f := kit.Read(c)
	in, _ := slotOf(f)
	if err := f.Err(); err != nil {
		return err
	}
	sheet, out, err := h.Propose(c.Request().Context(), kit.Who(c), in)
	if err != nil {
		return err
	}
	v := slotView{bookView: bookView{BookingSheet: sheet, Chosen: in.Client != 0 || in.Lead != 0}}
	return h.drawSlot(c, v, out, h.typedOf(out), nil)
}

// typedOf is a booking as the fields of its form hold it.
func (h desk) typedOf(b reception.Booking) url.Values {
	v := url.Values{
		"staff": {idOf(b.Staff)}, "room": {idOf(b.Room)}, "device": {idOf(b.Device)}, "line": {idOf(b.Line)},
		"client": {idOf(b.Client)}, "lead": {idOf(b.Lead)},
	}
	if b.Line == 0 {
		v.Set("item", idOf(b.Item))
	}
	if !b.Start.IsZero() {
		v.Set("start", b.Start.Time().In(h.DB.Zone()).Format(localMinute))
	}
	return v
}

func (h desk) drawSlot(c echo.Context, v slotView, in reception.Booking, typed url.Values, wrong error) error {
	v.Action, v.Start = calendarPath+"/book", in.Start
	v.Hidden = map[string]string{"client": idOf(in.Client), "lead": idOf(in.Lead), "at": kit.Read(c).Text("at")}
	v.Fields = bookingFields(v.BookingSheet, true, kit.Who(c).Lang)
	status := h.refused(c, &v.bookView, wrong)
	v.Fields = kit.Fill(v.Fields, typed, v.Faults)
	v.At, v.StartText = v.Hidden["at"], typed.Get("start")
	v.Begun = cmp.Or(typed.Get("begun"), v.StartText)
	v.Hidden["begun"] = v.Begun
	v.Place = v.nameOf(v.At)
	v.Again = slotLink(typed.Get("start"), v.At, 0)
	return slotPage.Part(c, status, "slot", v)
}

// slotLink is the address of the drawer of a slot, for somebody or still for nobody.
func slotLink(start, at string, client term.ClientID) string {
	q := url.Values{"start": {start}, "at": {at}}
	if client != 0 {
		q.Set("client", idOf(client))
	}
	return calendarPath + "/new?" + q.Encode()
}

// nameOf is the name of the column.
func (v slotView) nameOf(at string) string {
	p, _ := reception.ParsePlace(at)
	for _, s := range v.Staff {
		if p.In == "staff" && int64(s.ID) == p.ID {
			return s.Name
		}
	}
	for _, x := range v.Rooms {
		if p.In == "room" && int64(x.ID) == p.ID {
			return x.Name
		}
	}
	for _, x := range v.Devices {
		if p.In == "device" && int64(x.ID) == p.ID {
			return x.Name
		}
	}
	return ""
}

// foundView are the people that the drawer's finder found.
type foundView struct {
	Found []foundOne
	Typed bool
}

// foundOne is one of them with the drawer that books for her.
type foundOne struct {
	crm.Found
	Link string
}

var foundPage = kit.New[foundView](pages, "calendar_found.html")

// sought are those whom the finder knows by what was typed, each with the link that takes her.
func (h desk) sought(c echo.Context, link func(term.ClientID) string) (foundView, error) {
	typed := kit.Typed(c)
	v := foundView{Typed: typed != ""}
	if !v.Typed {
		return v, nil
	}
	found, err := h.files.Find(c.Request().Context(), kit.Who(c), typed)
	for _, x := range found[:min(len(found), 6)] {
		v.Found = append(v.Found, foundOne{x, link(x.ID)})
	}
	return v, err
}

// soughtHere answers the finder of a page while one types; links lead to the page with the client.
func (h desk) soughtHere(c echo.Context, path string, q url.Values) error {
	v, err := h.sought(c, func(id term.ClientID) string {
		q.Set("client", idOf(id))
		return path + "?" + q.Encode()
	})
	if err != nil {
		return err
	}
	return foundPage.Part(c, http.StatusOK, "found", v)
}

// slotWho looks for the client while one types, by initials or the tail of the phone.
func (h desk) slotWho(c echo.Context) error {
	f := kit.Read(c)
	v, err := h.sought(c, func(id term.ClientID) string { return slotLink(f.Text("start"), f.Text("at"), id) })
	if err != nil {
		return err
	}
	return foundPage.Part(c, http.StatusOK, "found", v)
}

// slotBook books the slot, or draws the drawer again with who holds it.
func (h desk) slotBook(c echo.Context) error {
	f := kit.Read(c)
	in := h.readBooking(f)
	err := f.Err()
	var id term.AppointmentID
	if err == nil {
		id, err = h.Book(c.Request().Context(), kit.Who(c), in)
	}
	if err == nil {
		return donePage.Part(c, http.StatusOK, "done", doneView{Key: "booking.booked", ID: id})
	}
	if !redrawn(err) {
		return err
	}
	sheet, readErr := h.BookingFor(c.Request().Context(), kit.Who(c), in.Client, in.Lead)
	if readErr != nil {
		return readErr
	}
	v := slotView{bookView: bookView{BookingSheet: sheet, Chosen: in.Client != 0 || in.Lead != 0}}
	return h.drawSlot(c, v, in, f.Values(), err)
}

// detailView is the drawer of one booking.
type detailView struct {
	bookView
	Reasons []reasonForm // the deeds that leave the usual way
	Visit   term.VisitID // that is open
	Today   bool         // the client may come
	Freed   []freedRow   // who waits and could take the time that was given up
}

// freedRow is somebody who waits, with the one press that books the time for her.
type freedRow struct {
	reception.WaitRow
	Action string
	Staff  term.StaffID
	At     string // as the form sends it
	Start  term.Instant
	Key    int // Alt and this digit books; 0 after the ninth
}

// freed lists who waits for a time that was given up, urgent before others, then the oldest.
func (h desk) freed(c echo.Context, id term.AppointmentID) (rows []freedRow, err error) {
	list, err := h.Waits(c.Request().Context(), kit.Who(c), id)
	for i, w := range list.Rows {
		slot := w.Matches[0]
		row := freedRow{
			WaitRow: w, Action: "/reception/waits/" + idOf(w.ID) + "/book", Staff: slot.Staff, Start: slot.Start,
			At: slot.Start.Time().In(h.DB.Zone()).Format(localMinute),
		}
		if i < 9 {
			row.Key = i + 1
		}
		rows = append(rows, row)
	}
	return rows, err
}

// reasonForm is a small form that asks why.
type reasonForm struct {
	Action, Key, Icon string
	Name              string // of the field
	Open              bool   // the reason was missing
	Drawer            string
}

var detailPage = kit.New[detailView](pages, "calendar_detail.html")

// cardDrawer opens the drawer of a card.
func (h desk) cardDrawer(c echo.Context) error {
	if !inCalendar(c) {
		return c.Redirect(http.StatusSeeOther, "/reception/appointments/"+c.Param("id"))
	}
	return h.drawDetail(c, bookingID(c), "", nil)
}

// drawDetail draws the drawer of a booking; deed is what was just tried, and what was wrong with it.
func (h desk) drawDetail(c echo.Context, id term.AppointmentID, deed string, wrong error) error {
	sheet, err := h.Booking(c.Request().Context(), kit.Who(c), id)
	if err != nil {
		return err
	}
	v := detailView{bookView: bookView{BookingSheet: sheet, Chosen: true, zone: h.DB.Zone()}}
	status := h.refused(c, &v.bookView, wrong)
	by, state := kit.Who(c), sheet.Row.State
	v.Today = v.DayOf() == h.DB.Now().Day(h.DB.Zone())
	add := func(may bool, f reasonForm) {
		if f.Open, f.Drawer = f.Key == deed && wrong != nil, idOf(id); may {
			v.Reasons = append(v.Reasons, f)
		}
	}
	if sheet.Waiters > 0 {
		if v.Freed, err = h.freed(c, id); err != nil {
			return err
		}
	}
	own := "/reception/appointments/" + idOf(id)
	add(state == term.AppointmentConfirmed && by.May(access.AppointmentRestore), reasonForm{Action: own + "/restore", Key: "unconfirm", Icon: "arrow-back-up", Name: "_reason"})
	add(v.Restorable() && by.May(access.AppointmentRestore), reasonForm{Action: own + "/restore", Key: "restore", Icon: "arrow-back-up", Name: "_reason"})
	add(sheet.Row.Open() && by.May(access.AppointmentCancel), reasonForm{Action: own + "/cancel", Key: "cancel", Icon: "x", Name: "_reason"})
	if sheet.Visit.Open() {
		v.Visit = sheet.Visit.ID
		add(by.May(access.VisitUndo), reasonForm{Action: "/reception/visit/" + idOf(v.Visit) + "/undo", Key: "undo_arrival", Icon: "arrow-back-up", Name: "reason"})
	}
	return detailPage.Part(c, status, "detail", v)
}

// fromDrawer is the booking whose drawer a deed was done in; 0 for other pages.
func fromDrawer(c echo.Context) term.AppointmentID {
	if !inCalendar(c) || !kit.Who(c).May(access.AppointmentView) {
		return 0
	}
	return term.AppointmentID(kit.Read(c).ID("drawer"))
}

// gaveUp says that a deed gave the time of a booking up.
func gaveUp(deed string) bool { return deed == "cancel" || deed == "no_show" }

// backToDrawer ends a deed that was done in the drawer of a booking: done, or drawn again with
// what was wrong.
func (h desk) backToDrawer(c echo.Context, id term.AppointmentID, deed string, err error) error {
	if err == nil && gaveUp(deed) { // the drawer stays while somebody waits for that time
		sheet, err := h.Booking(c.Request().Context(), kit.Who(c), id)
		if err != nil {
			return err
		}
		if sheet.Waiters > 0 {
			return h.drawDetail(c, id, "", nil)
		}
	}
	if err == nil {
		return donePage.Part(c, http.StatusOK, "done", doneView{Key: "calendar.done." + deed, ID: id})
	}
	if !redrawn(err) {
		return err
	}
	return h.drawDetail(c, id, deed, err)
}
