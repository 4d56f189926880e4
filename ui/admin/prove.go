package admin

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	office "meixu/app/admin"
	"meixu/app/fault"
	"meixu/ui/kit"
)

// proveView is the question before a deed. What was posted is carried in the page, without any
// PIN or password, and goes on with the answer.
type proveView struct {
	LeadKey string
	Action  string
	Once    string // the key of the post, so that going back and sending it again is no second deed
	Carried url.Values
	Fields  []kit.Field
	Refused *kit.Refusal
}

var provePage = kit.New[proveView](pages, "prove.html")

// Names of the answer; both end as secrets do, so that they are kept nowhere.
const (
	provePIN      = "_proof_pin"
	provePassword = "_proof_password"
)

// prove asks for PIN or password, or takes them and lets the deed go on.
func (h desk) prove(c echo.Context, need access.Proof) (bool, error) {
	f := kit.Read(c)
	in := office.Proof{
		Token: kit.SessionToken(c), Station: kit.Station(c),
		PIN: f.Text(provePIN), Password: f.Values().Get(provePassword),
	}
	if in.PIN == "" && in.Password == "" {
		var bad fault.Fields
		if asked := f.Values(); asked.Has(provePIN) {
			bad.Add(provePIN, "admin.required")
		} else if asked.Has(provePassword) {
			bad.Add(provePassword, "admin.required")
		}
		return false, h.drawProve(c, http.StatusForbidden, need, bad, nil)
	}
	token, err := h.Office.Prove(c.Request().Context(), kit.Who(c), need, in)
	if err == nil {
		turnTo(c, token)
	}
	if bad, ok := fault.FieldsOf(err); ok {
		for i := range bad {
			bad[i].Name = "_proof_" + bad[i].Name
		}
		return false, h.drawProve(c, http.StatusUnprocessableEntity, need, bad, nil)
	}
	if err != nil && fault.KindOf(err) == fault.KindRefused {
		return false, h.drawProve(c, http.StatusTooManyRequests, need, nil, refusal(c, err))
	}
	return err == nil, err
}

func (h desk) drawProve(c echo.Context, status int, need access.Proof, bad fault.Fields, refused *kit.Refusal) error {
	known, err := h.Office.KnowsStation(c.Request().Context(), kit.Who(c).Station)
	if err != nil {
		return err
	}
	password := kit.Field{Name: provePassword, Kind: kit.Password, LabelKey: "admin.login.password", Required: true, Focus: true, Wide: true}
	view := proveView{
		LeadKey: "admin.prove.password", Action: c.Request().URL.RequestURI(),
		Once: kit.Who(c).Once, Carried: kit.Read(c).Carried(),
		Fields: []kit.Field{password}, Refused: refused,
	}
	if known && need == access.ByPIN {
		view.LeadKey = "admin.prove.pin"
		password.LabelKey, password.Required, password.Focus = "admin.unlock.password", false, false
		view.Fields = []kit.Field{{Name: provePIN, Kind: kit.PIN, LabelKey: "admin.pin", Focus: true, Wide: true}, password}
	}
	view.Fields = kit.Fill(view.Fields, nil, bad)
	return provePage.Draw(c, status, "admin.prove.title", view)
}
