package admin

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/labstack/echo/v4"

	office "meixu/app/admin"
	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

// askEdit asks for the second step of the login.
func askEdit() kit.Edit {
	return kit.Edit{Action: "/login/code", SubmitKey: "admin.login.button", CancelURL: kit.LoginPath, Fields: []kit.Field{
		{Name: "pin", Kind: kit.Code, LabelKey: "admin.second.code", HelpKey: "admin.second.code.help", Required: true, Focus: true, Wide: true},
		{Name: "ask", Kind: kit.Hidden},
		{Name: "next", Kind: kit.Hidden},
	}}
}

func (h desk) drawAsk(c echo.Context, status int, typed url.Values, bad fault.Fields, refused *kit.Refusal) error {
	typed.Set("next", safeNext(c, typed.Get("next")))
	return doorPage.Draw(c, status, "admin.second.title", doorView{
		LeadKey: "admin.second.ask", Edit: askEdit().Filled(typed, bad), Refused: refused,
	})
}

func (h desk) loginCode(c echo.Context) error {
	f := kit.Read(c)
	token, err := h.Office.LoginSecond(c.Request().Context(), f.Text("ask"), f.Text("pin"), meta(c))
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawAsk(c, http.StatusUnprocessableEntity, f.Values(), bad, nil)
	}
	if err != nil && fault.KindOf(err) == fault.KindRefused {
		return h.drawAsk(c, http.StatusTooManyRequests, f.Values(), nil, refusal(c, err))
	}
	if err != nil {
		return err
	}
	SetToken(c, token)
	return kit.Done(c, "", nil, "%s", safeNext(c, f.Text("next")))
}

// secondView is the page of one's own second step: how it stands, a new key to scan, or the
// recovery codes, each of the two shown once.
type secondView struct {
	office.Second
	Begin, Confirm, Drop kit.Edit
	Key                  string // in groups of four
	QR                   kit.QR
	Codes                []string
}

var secondPage = kit.New[secondView](pages, "second.html")

// provedFields ask for the password, and for a code where the login asks for one already.
func provedFields(asked bool) []kit.Field {
	fields := []kit.Field{{Name: "password", Kind: kit.Password, LabelKey: "admin.profile.old", Required: true}}
	if asked {
		fields = append(fields, kit.Field{
			Name: "pin", Kind: kit.Code, LabelKey: "admin.second.code", HelpKey: "admin.second.code.help", Required: true,
		})
	}
	return fields
}

func (h desk) secondView(c echo.Context) (v secondView, err error) {
	v.Second, err = h.Office.Second(c.Request().Context(), kit.Who(c))
	asked := !v.SetAt.IsZero()
	v.Begin = kit.Edit{Action: "/profile/second", SubmitKey: "admin.second.begin", Fields: provedFields(asked)}
	v.Drop = kit.Edit{Action: "/profile/second/off", SubmitKey: "admin.second.off", Danger: true, Fields: provedFields(asked)}
	v.Confirm = kit.Edit{Action: "/profile/second/confirm", SubmitKey: "admin.second.confirm", CancelURL: "/profile/second", Fields: []kit.Field{
		{Name: "pin", Kind: kit.Code, LabelKey: "admin.second.code", Required: true, Focus: true},
	}}
	return v, err
}

func (h desk) second(c echo.Context) error {
	v, err := h.secondView(c)
	if err != nil {
		return err
	}
	return secondPage.Draw(c, http.StatusOK, "admin.second.title", v)
}

func (h desk) beginSecond(c echo.Context) error {
	f := kit.Read(c)
	key, err := h.Office.BeginSecond(c.Request().Context(), kit.Who(c), f.Values().Get("password"), f.Text("pin"))
	if err != nil {
		return h.secondRefused(c, err, func(v *secondView) *kit.Edit { return &v.Begin })
	}
	v, err := h.secondView(c)
	if err != nil {
		return err
	}
	if v.QR, err = kit.NewQR(key.URL); err != nil {
		return err
	}
	v.Key = grouped(key.Key)
	return secondPage.Draw(c, http.StatusOK, "admin.second.title", v)
}

// grouped parts a long text into groups of four, to be typed.
func grouped(text string) (out string) {
	for i, r := range text {
		if i > 0 && i%4 == 0 {
			out += " "
		}
		out += string(r)
	}
	return out
}

func (h desk) confirmSecond(c echo.Context) error {
	codes, err := h.Office.ConfirmSecond(c.Request().Context(), kit.Who(c), kit.Read(c).Text("pin"))
	if err != nil {
		return h.secondRefused(c, err, func(v *secondView) *kit.Edit { return &v.Confirm })
	}
	v, err := h.secondView(c)
	if err != nil {
		return err
	}
	v.Codes = codes
	return secondPage.Draw(c, http.StatusOK, "admin.second.title", v)
}

func (h desk) dropSecond(c echo.Context) error {
	f := kit.Read(c)
	err := h.Office.DropSecond(c.Request().Context(), kit.Who(c), f.Values().Get("password"), f.Text("pin"))
	if err != nil {
		return h.secondRefused(c, err, func(v *secondView) *kit.Edit { return &v.Drop })
	}
	return kit.Done(c, "admin.second.dropped", nil, "/profile/second")
}

// secondRefused draws the page anew with what was wrong beside the form that was sent.
func (h desk) secondRefused(c echo.Context, err error, which func(*secondView) *kit.Edit) error {
	bad, wrong := fault.FieldsOf(err)
	if !wrong {
		return err
	}
	v, err := h.secondView(c)
	if err != nil {
		return err
	}
	e := which(&v)
	if *e = e.Filled(kit.Read(c).Values(), bad); e == &v.Confirm {
		v.Key = "·" // the key was shown already; only the code is asked for again
	}
	return secondPage.Draw(c, http.StatusUnprocessableEntity, "admin.second.title", v)
}

func (h desk) clearForm(c echo.Context) error {
	s, err := h.Office.Person(c.Request().Context(), kit.Who(c), term.StaffID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	return formPage.Draw(c, http.StatusOK, "admin.second.clear", formView{LeadKey: "admin.second.clear.lead", Edit: kit.Edit{
		Action: "/admin/staff/" + strconv.FormatInt(int64(s.ID), 10) + "/second", CancelURL: "/admin/staff",
		SubmitKey: "admin.second.clear", Danger: true, Reason: true, Fields: []kit.Field{
			{Name: "name", Kind: kit.Static, LabelKey: "admin.staff.name", Value: s.Name},
			{Name: "login", Kind: kit.Static, LabelKey: "admin.login.name", Value: s.Login},
		},
	}})
}

func (h desk) clearSecond(c echo.Context) error {
	err := h.Office.ClearSecond(c.Request().Context(), kit.Who(c), term.StaffID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	return kit.Done(c, "admin.second.cleared", nil, "/admin/staff")
}
