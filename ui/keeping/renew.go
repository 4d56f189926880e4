package keeping

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/keeping"
	"meixu/app/words"
	"meixu/ui/kit"
)

// renewal is the page of a new recovery sheet: the code, which is shown once, and the two groups
// of it that are typed from the paper.
type renewal struct {
	keeping.NewSheet
	Edit    kit.Edit
	Refusal *kit.Refusal
}

// Asks says that there is a sheet to confirm.
func (r renewal) Asks() bool { return r.Groups != [2]int{} }

var renewPage = kit.New[renewal](pages, "renew.html")

// groupFields asks for two groups of a printed code.
func groupFields(l words.Lang, groups [2]int) (fields []kit.Field) {
	for i, name := range []string{"first", "second"} {
		fields = append(fields, kit.Field{Name: name, Kind: kit.Text, Label: l.T("keeping.f.sheet.group", groups[i]), HelpKey: "keeping.f.sheet.help", Required: true})
	}
	return fields
}

func renewForm(l words.Lang, groups [2]int) kit.Edit {
	return kit.Edit{Action: "/keeping/sheet/renew", SubmitKey: "keeping.renew.do", Fields: groupFields(l, groups)}
}

// draft shows a new sheet.
func (h room) draft(c echo.Context) error {
	by := kit.Who(c)
	s, err := h.DraftSheet(c.Request().Context(), by)
	if err != nil {
		return err
	}
	return renewPage.Draw(c, http.StatusOK, "keeping.renew.title", renewal{NewSheet: s, Edit: renewForm(by.Lang, s.Groups)})
}

// renew puts it in force. What was typed is not given back, and the code is not shown again: the
// groups are to come from the paper.
func (h room) renew(c echo.Context) error {
	by, f := kit.Who(c), kit.Read(c)
	err := h.RenewSheet(c.Request().Context(), by, f.Text("first"), f.Text("second"))
	if said, ok := kit.Refused(c, err); ok {
		return drawRefused(c, h.DraftGroups(by), said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "keeping.done.renew", nil, "/keeping")
}

func drawRefused(c echo.Context, groups [2]int, said kit.Said) error {
	v := renewal{NewSheet: keeping.NewSheet{Groups: groups}, Refusal: said.Refusal}
	v.Edit = renewForm(kit.Who(c).Lang, groups).Filled(nil, said.Faults)
	return renewPage.Draw(c, said.Status, "keeping.renew.title", v)
}
