package admin

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	office "meixu/app/admin"
	"meixu/app/fault"
	"meixu/ui/kit"
)

func asFault(err error) (*fault.Error, bool) {
	var e *fault.Error
	ok := errors.As(err, &e)
	return e, ok
}

func (h desk) reclaimForm(c echo.Context) error {
	return h.drawReclaim(c, http.StatusOK, url.Values{"next": {safeNext(c, c.QueryParam("next"))}}, nil, nil)
}

func (h desk) drawReclaim(c echo.Context, status int, typed url.Values, bad fault.Fields, refused *kit.Refusal) error {
	e, err := h.unlockEdit(c, "/reclaim")
	if err != nil {
		return err
	}
	e = e.Filled(typed, bad)
	e.CancelURL = kit.Who(c).Guest.Path // a client who came here by mistake goes back
	return doorPage.Draw(c, status, "admin.reclaim.title", doorView{
		LeadKey: "admin.reclaim.lead", Name: kit.Who(c).Name, Edit: e, Refused: refused,
	})
}

func (h desk) reclaim(c echo.Context) error {
	f, by := kit.Read(c), kit.Who(c)
	token, err := h.Office.Reclaim(c.Request().Context(), by, proofOf(c, f))
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawReclaim(c, http.StatusUnprocessableEntity, f.Values(), bad, nil)
	}
	if err != nil && fault.KindOf(err) == fault.KindRefused {
		return h.drawReclaim(c, http.StatusTooManyRequests, f.Values(), nil, refusal(c, err))
	}
	if err != nil {
		return err
	}
	turnTo(c, token)
	next := safeNext(c, f.Text("next"))
	if next == "/" {
		next = by.Guest.Path
	}
	return kit.Done(c, "", nil, "%s", next)
}

// sheetView is the end of the set-up: the recovery code, and what a new clinic enters next.
type sheetView struct {
	Code string
	Next []officeDoor
}

// firstSteps are what a new clinic enters, in this order: a device stands in a room, a right is
// given to a person, and only then there is somebody to take the stock in.
var firstSteps = []officeDoor{
	{"/keeping#sheet", "key", "admin.first.sheet", "admin.first.sheet.help"},
	{"/premises/room/new", "door-enter", "admin.first.rooms", "admin.first.rooms.help"},
	{"/premises/device/new", "activity", "admin.first.devices", "admin.first.devices.help"},
	{"/admin/staff/new", "user-plus", "admin.first.staff", "admin.first.staff.help"},
	{"/people/licence/new", "certificate", "admin.first.papers", "admin.first.papers.help"},
	{"/stock", "packages", "admin.first.stock", "admin.first.stock.help"},
}

var sheetPage = kit.New[sheetView](pages, "sheet.html").As(kit.Login)

func setupEdit() kit.Edit {
	return kit.Edit{Action: "/setup", SubmitKey: "admin.setup.button", Fields: []kit.Field{
		{Name: "token", Kind: kit.Text, LabelKey: "admin.setup.token", HelpKey: "admin.setup.token.help", Required: true, Wide: true},
		{Name: "clinic", Kind: kit.Text, LabelKey: "admin.setup.clinic", Required: true, Wide: true},
		{Name: "name", Kind: kit.Text, LabelKey: "admin.staff.name", Required: true},
		{Name: "login", Kind: kit.Text, LabelKey: "admin.login.name", Required: true},
		{Name: "password", Kind: kit.Password, LabelKey: "admin.login.password", HelpKey: "admin.password.help", Required: true},
		{Name: "pin", Kind: kit.PIN, LabelKey: "admin.pin", HelpKey: "admin.pin.help", Required: true},
	}}
}

func (h desk) setupForm(c echo.Context) error {
	needs, err := h.Office.NeedsSetup(c.Request().Context())
	if err != nil {
		return err
	}
	if !needs {
		return c.Redirect(http.StatusSeeOther, "/login")
	}
	return drawSetup(c, http.StatusOK, nil, nil)
}

func drawSetup(c echo.Context, status int, typed url.Values, bad fault.Fields) error {
	return doorPage.Draw(c, status, "admin.setup.title", doorView{
		LeadKey: "admin.setup.lead", Edit: setupEdit().Filled(typed, bad),
	})
}

func (h desk) setup(c echo.Context) error {
	f := kit.Read(c)
	sheet, err := h.Office.SetUp(c.Request().Context(), office.Setup{
		Token: f.Text("token"), Clinic: f.Text("clinic"), Name: f.Text("name"), Login: f.Text("login"),
		Password: f.Values().Get("password"), PIN: f.Text("pin"), Meta: meta(c),
	})
	if bad, ok := fault.FieldsOf(err); ok {
		return drawSetup(c, http.StatusUnprocessableEntity, f.Values(), bad)
	}
	if err != nil {
		return err
	}
	return sheetPage.Draw(c, http.StatusOK, "admin.sheet.title", sheetView{sheet, firstSteps})
}
