package reception

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/app/reception"
	"meixu/store/term"
	"meixu/ui/kit"
)

// carryView is the drawer that opens when a card could not be moved where it was dropped.
type carryView struct {
	bookView
	Hidden  map[string]string
	Stale   bool
	Changed []changedLine
	Last    reception.LastDeed
	To      term.Instant
	Place   string
}

// changedLine is one fact that somebody changed meanwhile.
type changedLine struct{ Key, Was, Is string }

var carryPage = kit.New[carryView](pages, "calendar_carry.html", "calendar_refused.html")

// carry moves a card as it was dragged, and answers with the reason when it may not lie there.
func (h desk) carry(c echo.Context) error {
	f := kit.Read(c)
	to, _ := reception.ParsePlace(f.Text("at"))
	if f.Text("_at") != "" {
		f.Values().Set("start", f.Text("_at"))
	}
	in := reception.Carry{
		Version: f.Int("_version"), Start: f.Instant("start"), Minutes: f.Int("minutes"), To: to, Overlap: f.Bool("overlap"),
	}
	err := f.Err()
	if err == nil {
		err = h.Carry(c.Request().Context(), kit.Who(c), bookingID(c), in)
	}
	if err == nil {
		return donePage.Part(c, http.StatusOK, "done", doneView{Key: "booking.moved", ID: bookingID(c), Version: in.Version + 1})
	}
	if !redrawn(err) {
		return err
	}
	return h.drawCarry(c, f, in, err)
}

func (h desk) drawCarry(c echo.Context, f *kit.Form, in reception.Carry, wrong error) error {
	ctx, by, id := c.Request().Context(), kit.Who(c), bookingID(c)
	sheet, err := h.Booking(ctx, by, id)
	if err != nil {
		return err
	}
	v := carryView{bookView: bookView{BookingSheet: sheet, Chosen: true, zone: h.DB.Zone()}, To: in.Start}
	v.Action = fmt.Sprintf("%s/booking/%d/carry", calendarPath, id)
	status := h.refused(c, &v.bookView, wrong)
	v.Hidden = map[string]string{
		"_version": fmt.Sprint(sheet.Row.Version), "at": f.Text("at"), "minutes": f.Text("minutes"), "start": f.Text("start"),
	}
	if v.Stale = fault.KindOf(wrong) == fault.KindStale; v.Stale {
		if v.Last, err = h.LastOn(ctx, by, id); err != nil {
			return err
		}
		v.Changed = h.changed(f, sheet.Row, by.Lang.T)
	}
	return carryPage.Part(c, status, "carry", v)
}

// changed compares the card as the screen showed it with the booking as it stands.
func (h desk) changed(f *kit.Form, now reception.BookingRow, say func(string, ...any) string) (lines []changedLine) {
	zone := h.DB.Zone()
	is := map[string]string{
		"time":  now.StartsAt.Stamp(zone) + "–" + now.EndsAt.Clock(zone),
		"staff": now.Staff, "place": placeText(now), "state": say(now.State.Key()),
	}
	for _, key := range []string{"time", "staff", "place", "state"} {
		was := f.Text("seen_" + key)
		if was != is[key] && f.Has("seen_"+key) {
			lines = append(lines, changedLine{"calendar.seen." + key, was, is[key]})
		}
	}
	return lines
}

// changePage is the drawer in which every field of a booking can be changed.
var changePage = kit.New[bookView](pages, "calendar_change.html", "calendar_refused.html")

// changeDrawer opens the drawer that changes a booking.
func (h desk) changeDrawer(c echo.Context) error {
	if !inCalendar(c) {
		return c.Redirect(http.StatusSeeOther, fmt.Sprintf("/reception/appointments/%d", bookingID(c)))
	}
	return h.drawChange(c, nil, nil)
}

func (h desk) drawChange(c echo.Context, typed url.Values, wrong error) error {
	v, status, err := h.changing(c, typed, wrong)
	if err != nil {
		return err
	}
	v.Hidden["drawer"] = idOf(bookingID(c))
	return changePage.Part(c, status, "change", v)
}

// backToChange ends a change that was done in the drawer.
func (h desk) backToChange(c echo.Context, f *kit.Form, err error) error {
	if err == nil {
		return donePage.Part(c, http.StatusOK, "done", doneView{Key: "booking.moved", ID: bookingID(c)})
	}
	if !redrawn(err) {
		return err
	}
	return h.drawChange(c, f.Values(), err)
}

// DraftKey is under which what is typed into the drawer is kept: apart for every state of the
// booking, so that no draft is laid over what somebody else saved since.
func (v bookView) DraftKey() string { return v.Action + "-v" + v.Hidden["_version"] }
