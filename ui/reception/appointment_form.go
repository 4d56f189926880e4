package reception

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/engine/banner"
	"meixu/app/fault"
	"meixu/app/reception"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

// localMinute is how browsers send a local day and minute.
const localMinute = "2006-01-02T15:04"

// bookView is a booking to be made or moved.
type bookView struct {
	reception.BookingSheet
	Action  string
	Fields  []kit.Field
	Hidden  map[string]string
	Faults  fault.Fields
	Refused *kit.Refusal
	Taken   []reception.Holder
	Free    []freeSlot
	Overlap bool // the manager may book nevertheless
	Reason  kit.Field
	Typed   string // what was looked for
	Found   []crm.Found
	Chosen  bool        // somebody is chosen
	Day     term.Day    // today; of a new booking the day that was asked for
	Was     []kit.Field // a standing booking as the form was drawn from it
	// WaitLink puts whom the slot was for on the wait list.
	WaitLink string
	// Cancel and Restore are the forms that ask why.
	Cancel, Restore kit.Edit
	zone            *time.Location
}

// freeSlot is a free slot that one tap takes.
type freeSlot struct {
	Value string
	At    term.Instant
}

// ClientBanner hangs debt, allergies and consents into the frame before anything is booked.
func (v bookView) ClientBanner() *banner.View { return v.Banner }

// DayOf is the day on which the booking stands.
func (v bookView) DayOf() term.Day {
	if v.zone == nil {
		return ""
	}
	return v.Row.StartsAt.Day(v.zone)
}

// Restorable says that a booking that was given up may come back.
func (v bookView) Restorable() bool {
	return v.Row.State == term.AppointmentCancelled || v.Row.State == term.AppointmentNoShow
}

// Came says that the client arrived by this booking.
func (v bookView) Came() bool {
	return v.Row.State == term.AppointmentArrived && v.Visit.ID != 0
}

// Undoable says that the arrival is of today and may be taken back.
func (v bookView) Undoable() bool {
	return v.Came() && v.Visit.Open() && v.Visit.ArrivedAt.Day(v.zone) == v.Day
}

// Movable says that the booking can still be changed.
func (v bookView) Movable() bool { return v.Row.Open() }

var (
	bookPage    = kit.New[bookView](pages, "appointment_new.html", "appointment_form.html")
	bookingPage = kit.New[bookView](pages, "appointment.html", "appointment_form.html")
)

// readBooking reads what was typed; a tapped free slot wins over the time typed.
func (h desk) readBooking(f *kit.Form) reception.Booking {
	in := reception.Booking{
		Client: term.ClientID(f.ID("client")), Lead: term.LeadID(f.ID("lead")), Item: term.ItemID(f.ID("item")),
		Line: term.OrderLineID(f.ID("line")), Staff: term.StaffID(f.ID("staff")), Room: term.RoomID(f.ID("room")),
		Device: term.DeviceID(f.ID("device")), Start: f.Instant("start"), Minutes: f.Int("minutes"), Note: f.Text("note"),
		AskDoctor: f.Bool("ask_doctor"), Confirmed: f.Bool("confirmed"), Overlap: f.Bool("overlap"),
	}
	if f.Text("_at") != "" {
		f.Values().Set("start", f.Text("_at"))
		in.Start = f.Instant("start")
	}
	return in
}

// bookWho looks for the client of a booking.
func (h desk) bookWho(c echo.Context) error {
	path, q := "/reception/appointments/new", url.Values{}
	if day := cmp.Or(kit.Read(c).Day("day"), kit.ReadQuery(c).Day("day")); day != "" {
		q.Set("day", string(day))
	}
	if kit.WantsPart(c) {
		return h.soughtHere(c, path, q)
	}
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return h.asked.Go(c, path)
}

func (h desk) bookForm(c echo.Context) error {
	f := kit.Read(c)
	in := h.readBooking(f)
	v := bookView{Typed: h.asked.Of(c), Day: f.Day("day")}
	if in.Client == 0 && in.Lead == 0 && v.Typed != "" {
		found, err := h.files.Find(c.Request().Context(), kit.Who(c), v.Typed)
		if err != nil {
			return err
		}
		v.Found = found
	}
	typed := f.Values()
	if !typed.Has("start") {
		typed.Set("start", h.firstOf(cmp.Or(v.Day, h.DB.Now().Day(h.DB.Zone()))))
	}
	if in.Client != 0 && !typed.Has("item") && !typed.Has("line") {
		_, usual, err := h.Propose(c.Request().Context(), kit.Who(c), reception.Booking{Client: in.Client, Staff: in.Staff})
		if err != nil {
			return err
		}
		typed.Set("item", idOf(usual.Item))
		typed.Set("line", idOf(usual.Line))
	}
	return h.drawBook(c, in, v, typed, nil)
}

// firstOf is the time that a new booking of a day begins with: ten o'clock, of today nothing that is past.
func (h desk) firstOf(day term.Day) string {
	const quarter = 15 * time.Minute
	ten, now := day.Start(h.DB.Zone()).Add(10*time.Hour), h.DB.Now()
	if day == now.Day(h.DB.Zone()) && ten.Before(now) {
		ten = term.At(now.Time().Add(quarter - 1).Truncate(quarter))
	}
	return ten.Time().In(h.DB.Zone()).Format(localMinute)
}

func (h desk) drawBook(c echo.Context, in reception.Booking, v bookView, typed url.Values, wrong error) error {
	sheet, err := h.BookingFor(c.Request().Context(), kit.Who(c), in.Client, in.Lead)
	if err != nil {
		return err
	}
	v.BookingSheet, v.Chosen = sheet, in.Client != 0 || in.Lead != 0
	v.Action, v.Hidden = "/reception/appointments/new", map[string]string{"client": idOf(in.Client), "lead": idOf(in.Lead)}
	v.Fields = bookingFields(sheet, true, kit.Who(c).Lang)
	status := h.refused(c, &v, wrong)
	if v.Refused != nil {
		v.WaitLink = "/reception/waits/new?" + url.Values{
			"client": {idOf(in.Client)}, "lead": {idOf(in.Lead)}, "item": {idOf(in.Item)}, "staff": {idOf(in.Staff)},
		}.Encode()
	}
	v.Fields = kit.Fill(v.Fields, typed, v.Faults)
	v.Fields[0].Focus = wrong == nil
	return bookPage.Draw(c, status, "booking.new", v)
}

// refused puts what was wrong into the view and says with which status the page answers.
func (h desk) refused(c echo.Context, v *bookView, wrong error) int {
	v.Reason = kit.Field{Name: "_reason", Kind: kit.Text, LabelKey: "booking.overlap.reason", Wide: true}
	var taken *reception.Taken
	var e *fault.Error
	bad, fields := fault.FieldsOf(wrong)
	v.Faults = bad
	switch {
	case wrong == nil:
		return http.StatusOK
	case errors.As(wrong, &taken):
		v.Taken, v.Refused = taken.Holders, kit.RefusalOf(c, taken.Refusal)
		v.Overlap = taken.Override && kit.Who(c).May(access.AppointmentOverlap)
		for _, at := range taken.Free {
			v.Free = append(v.Free, freeSlot{at.Time().In(h.DB.Zone()).Format(localMinute), at})
		}
		return http.StatusConflict
	case fields:
		if _, why := bad.Of("_reason"); why {
			v.Overlap = true
			v.Reason = kit.Fill([]kit.Field{v.Reason}, nil, bad)[0]
		}
		return http.StatusUnprocessableEntity
	case errors.As(wrong, &e):
		v.Refused = kit.RefusalOf(c, e)
	}
	return http.StatusConflict
}

// bookingFields are the fields of a slot; item, session and screening only when it is new.
func bookingFields(s reception.BookingSheet, fresh bool, lang words.Lang) []kit.Field {
	items := kit.Field{Name: "item", Kind: kit.Select, LabelKey: "booking.item", HelpKey: "booking.item.help", Wide: true}
	for _, i := range s.Items {
		items.Options = append(items.Options, kit.Option{Value: idOf(i.ID), Label: lang.Kind(i.Category) + " · " + words.Text{ZH: i.Name, EN: i.NameEN}.In(lang), Hint: fmt.Sprintf("%d′", i.Minutes)})
	}
	lines := kit.Field{Name: "line", Kind: kit.Radio, LabelKey: "booking.line", Wide: true}
	for _, l := range s.Sessions {
		lines.Options = append(lines.Options, kit.Option{Value: idOf(l.Line.ID), Label: words.Text{ZH: l.Item.Name, EN: l.Item.NameEN}.In(lang), Hint: fmt.Sprintf("× %d", l.Left)})
	}
	staff := kit.Field{Name: "staff", Kind: kit.Select, LabelKey: "booking.staff"}
	for _, x := range s.Staff {
		staff.Options = append(staff.Options, kit.Option{Value: idOf(x.ID), Label: x.Name, Hint: x.Title})
	}
	rooms := kit.Field{Name: "room", Kind: kit.Select, LabelKey: "booking.room"}
	for _, x := range s.Rooms {
		rooms.Options = append(rooms.Options, kit.Option{Value: idOf(x.ID), Label: x.Name, Hint: x.Kind})
	}
	devices := kit.Field{Name: "device", Kind: kit.Select, LabelKey: "booking.device"}
	for _, x := range s.Devices {
		devices.Options = append(devices.Options, kit.Option{Value: idOf(x.ID), Label: x.Name, Hint: x.Number})
	}
	start := kit.Field{Name: "start", Kind: kit.Instant, LabelKey: "booking.start", Required: true, Step: "900"}
	minutes := kit.Field{Name: "minutes", Kind: kit.Number, LabelKey: "booking.minutes", HelpKey: "booking.minutes.help"}
	note := kit.Field{Name: "note", Kind: kit.Text, LabelKey: "booking.note", Wide: true}
	ask := kit.Field{Name: "ask_doctor", Kind: kit.Check, LabelKey: "booking.ask", HelpKey: "booking.ask.help", Wide: true}
	slot := []kit.Field{start, minutes, staff, rooms, devices}
	if !fresh {
		return append(slot, note, ask)
	}
	fields := []kit.Field{items}
	if len(lines.Options) > 0 {
		fields = []kit.Field{lines, items}
	}
	confirmed := kit.Field{Name: "confirmed", Kind: kit.Check, LabelKey: "booking.confirmed", Wide: true}
	return append(append(fields, slot...), note, ask, confirmed)
}

func (h desk) takeSlot(c echo.Context) error {
	f := kit.Read(c)
	in := h.readBooking(f)
	err := f.Err()
	var id term.AppointmentID
	if err == nil {
		id, err = h.Book(c.Request().Context(), kit.Who(c), in)
	}
	if err != nil && redrawn(err) {
		return h.drawBook(c, in, bookView{}, f.Values(), err)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "booking.booked", nil, "/reception/appointments/%d", id)
}

// redrawn says that the page comes back with what was typed.
func redrawn(err error) bool {
	switch fault.KindOf(err) {
	case fault.KindInvalid, fault.KindRefused, fault.KindConflict, fault.KindStale:
		return true
	default:
		return false
	}
}

func (h desk) booking(c echo.Context) error { return h.drawBooking(c, "", nil, nil) }

// drawBooking draws a booking; deed is what was tried beside moving it, so that what was wrong
// stands at the form in which it was typed.
func (h desk) drawBooking(c echo.Context, deed string, typed url.Values, wrong error) error {
	moving := wrong
	if deed != "" {
		moving = nil
	}
	v, status, err := h.changing(c, typed, moving)
	if err != nil {
		return err
	}
	of := func(own string) error {
		if own == deed {
			return wrong
		}
		return nil
	}
	v.Cancel = h.why(bookingID(c), reception.BookingCancel, of(reception.BookingCancel))
	v.Restore = h.why(bookingID(c), reception.BookingRestore, of(reception.BookingRestore))
	if deed != "" && wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	return bookingPage.Draw(c, status, "booking.one", v)
}

// changing is the form that changes a booking: as it stands, or as it was typed; where somebody else
// changed it meanwhile, mine or theirs is chosen field by field (row:U3).
func (h desk) changing(c echo.Context, typed url.Values, wrong error) (v bookView, status int, err error) {
	id := bookingID(c)
	sheet, err := h.Booking(c.Request().Context(), kit.Who(c), id)
	if err != nil {
		return v, 0, err
	}
	v = bookView{BookingSheet: sheet, Chosen: true, zone: h.DB.Zone(), Day: h.DB.Now().Day(h.DB.Zone()), Action: fmt.Sprintf("/reception/appointments/%d/move", id)}
	v.Hidden = map[string]string{"_version": fmt.Sprint(sheet.Row.Version)}
	v.Fields = bookingFields(sheet, false, kit.Who(c).Lang)
	status = h.refused(c, &v, wrong)
	stands := h.standing(sheet.Row)
	v.Was = kit.Fill(v.Fields, stands, nil)
	switch {
	case typed == nil:
		v.Fields = kit.Fill(v.Fields, stands, v.Faults)
	case fault.KindOf(wrong) == fault.KindStale:
		v.Fields = kit.Against(kit.Fill(v.Fields, stands, nil), typed)
	default:
		v.Fields = kit.Fill(v.Fields, typed, v.Faults)
	}
	return v, status, nil
}

// standing is the booking as its form shows it when nobody typed yet.
func (h desk) standing(a reception.BookingRow) url.Values {
	v := url.Values{
		"start": {a.StartsAt.Time().In(h.DB.Zone()).Format(localMinute)}, "staff": {idOf(a.Appointment.Staff)},
		"minutes": {fmt.Sprint(int(a.EndsAt.Sub(a.StartsAt).Minutes()))}, "room": {idOf(a.Appointment.Room)},
		"device": {idOf(a.Appointment.Device)}, "note": {a.Note},
	}
	if a.AskDoctor {
		v.Set("ask_doctor", "on")
	}
	return v
}

// why is the small form that asks for the reason of a deed.
func (h desk) why(id term.AppointmentID, deed string, wrong error) kit.Edit {
	bad, _ := fault.FieldsOf(wrong)
	return kit.Edit{
		Action: fmt.Sprintf("/reception/appointments/%d/%s", id, deed), SubmitKey: "booking." + deed, Danger: deed == "cancel",
		Fields: []kit.Field{{Name: "_reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true}},
	}.Filled(nil, bad)
}

func (h desk) moveBooking(c echo.Context) error {
	f := kit.Read(c)
	in := h.readBooking(f)
	err := f.Err()
	if err == nil {
		err = h.Move(c.Request().Context(), kit.Who(c), bookingID(c), f.Int("_version"), in)
	}
	if drawer := fromDrawer(c); drawer != 0 {
		return h.backToChange(c, f, err)
	}
	if err != nil && redrawn(err) {
		return h.drawBooking(c, "", f.Values(), err)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "booking.moved", nil, "/reception/appointments/%d", bookingID(c))
}

// change does a one-click deed and returns to where it was clicked.
func (h desk) change(c echo.Context, deed string) error {
	err := h.Change(c.Request().Context(), kit.Who(c), bookingID(c), deed)
	if drawer := fromDrawer(c); drawer != 0 {
		return h.backToDrawer(c, bookingID(c), cmp.Or(kit.Read(c).Text("as"), deed), err)
	}
	f := kit.Read(c)
	if bad, ok := fault.FieldsOf(err); ok && f.Text("why") != "" {
		return h.drawWhyBooking(c, http.StatusUnprocessableEntity, bad)
	}
	if err != nil && fault.KindOf(err) == fault.KindInvalid {
		return h.drawBooking(c, deed, nil, err)
	}
	if err != nil {
		return err
	}
	from, id := f.Text("back"), bookingID(c)
	if deed == reception.BookingRestore || !kit.Who(c).May(access.AppointmentRestore) {
		return kit.Done(c, "booking.done."+deed, nil, "%s", h.bookingBack(from, id))
	}
	undo := whyPath(fmt.Sprintf("/reception/appointments/%d/undo", id), "back", from)
	return kit.DoneUndo(c, "booking.done."+deed, undo, "%s", h.bookingBack(from, id))
}

// dayOf is the day of the list from which a deed was done: day:2026-03-02.
func dayOf(from string) (term.Day, bool) {
	day, ok := strings.CutPrefix(from, "day:")
	d, err := term.ParseDay(day)
	return d, ok && err == nil && d != ""
}
