package lan

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/app/lan"
	"meixu/store/term"
	"meixu/ui/kit"
)

// inviteEdit asks what a browser is to be called.
func inviteEdit() kit.Edit {
	return kit.Edit{Action: "/lan/invite", SubmitKey: "lan.invite", Fields: []kit.Field{
		{Name: "name", Kind: kit.Text, LabelKey: "lan.f.name", HelpKey: "lan.f.name.help", Required: true},
		{Name: "kind", Kind: kit.Select, LabelKey: "lan.f.kind", Required: true, Value: lan.Tablet, Options: []kit.Option{
			{Value: lan.Tablet, LabelKey: "lan.kind.tablet"}, {Value: lan.Desk, LabelKey: "lan.kind.desk"},
		}},
		{Name: "here", Kind: kit.Check, LabelKey: "lan.f.here", HelpKey: "lan.f.here.help", Wide: true},
	}}
}

// invitation is a code on the screen of the administrator.
type invitation struct {
	lan.Invitation
	Address string
	QR      *kit.QR // nil where no other device gets to the address
}

// invite enrols this browser, or shows the code with which another one enrols itself.
func (h room) invite(c echo.Context) error {
	f, by := kit.Read(c), kit.Who(c)
	in := lan.Enrolment{Name: f.Text("name"), Kind: f.Text("kind")}
	if f.Bool("here") {
		err := h.EnrolAs(c.Request().Context(), by, in, kit.Station(c))
		if bad, ok := fault.FieldsOf(err); ok {
			return h.draw(c, http.StatusUnprocessableEntity, inviteEdit().Filled(f.Values(), bad), nil)
		}
		if err != nil {
			return err
		}
		return kit.Done(c, "lan.done.enrolled", []any{in.Name}, "/lan#workstations")
	}
	i, err := h.Invite(c.Request().Context(), by, in)
	if bad, ok := fault.FieldsOf(err); ok {
		return h.draw(c, http.StatusUnprocessableEntity, inviteEdit().Filled(f.Values(), bad), nil)
	}
	if err != nil {
		return err
	}
	shown := &invitation{Invitation: i, Address: h.staffDoor(c) + "/enrol"}
	if lan.Reached(shown.Address) {
		code, err := kit.NewQR(shown.Address + "?code=" + url.QueryEscape(i.Code))
		if err != nil {
			return err
		}
		shown.QR = &code
	}
	return h.draw(c, http.StatusOK, inviteEdit(), shown)
}

// staffDoor is the staff's door as another device reaches it: by address, because a name is
// not found everywhere.
func (h room) staffDoor(c echo.Context) string {
	if list := h.URLs(); len(list) > 1 {
		return list[1]
	}
	return c.Scheme() + "://" + c.Request().Host
}

func (h room) retire(c echo.Context) error {
	f, by := kit.Read(c), kit.Who(c)
	err := h.Retire(c.Request().Context(), by, term.WorkstationID(kit.ParamID(c, "id")), f.Int("version"))
	if err != nil {
		return err
	}
	return kit.Done(c, "lan.done.retired", nil, "/lan#workstations")
}

type enrolView struct{ Edit kit.Edit }

var enrolPage = kit.New[enrolView](pages, "enrol.html").As(kit.Login)

func enrolEdit() kit.Edit {
	return kit.Edit{Action: "/enrol", SubmitKey: "lan.enrol.button", Fields: []kit.Field{
		{Name: "code", Kind: kit.Text, LabelKey: "lan.f.code", HelpKey: "lan.f.code.help", Required: true, Focus: true, Wide: true},
	}}
}

// enrolForm is opened on the device that is to be known; the code of the QR code is in it.
func (h room) enrolForm(c echo.Context) error {
	typed := url.Values{"code": {c.QueryParam("code")}}
	return enrolPage.Draw(c, http.StatusOK, "lan.enrol.title", enrolView{enrolEdit().Filled(typed, nil)})
}

func (h room) enrol(c echo.Context) error {
	f := kit.Read(c)
	err := h.Enrol(c.Request().Context(), f.Text("code"), kit.Station(c))
	if bad, ok := fault.FieldsOf(err); ok {
		return enrolPage.Draw(c, http.StatusUnprocessableEntity, "lan.enrol.title", enrolView{enrolEdit().Filled(f.Values(), bad)})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "lan.done.here", nil, "/login")
}
