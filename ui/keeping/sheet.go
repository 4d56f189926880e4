package keeping

import (
	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/app/keeping"
	"meixu/app/words"
	"meixu/ui/kit"
)

// sheetForm asks for two groups of the printed code, or for the whole of it where the recovery
// file knows no groups.
func (v view) sheetForm(l words.Lang) kit.Edit {
	e := kit.Edit{Action: "/keeping/sheet", SubmitKey: "keeping.sheet.answer"}
	if !v.Sheet.ByGroups() {
		e.Fields = []kit.Field{{Name: "first", Kind: kit.Text, LabelKey: "keeping.f.sheet.code", HelpKey: "keeping.f.sheet.help", Wide: true, Required: true}}
		return e
	}
	e.Fields = groupFields(l, v.Sheet.Groups)
	return e
}

// sheet takes the answer. What was typed is not given back: it is a part of the code.
func (h room) sheet(c echo.Context) error {
	f := kit.Read(c)
	in := keeping.SheetAnswer{First: f.Text("first"), Second: f.Text("second"), Code: f.Text("first")}
	err := h.AnswerSheet(c.Request().Context(), kit.Who(c), in)
	return h.saved(c, err, "keeping.done.sheet", func(v *view, faults fault.Fields) { v.Asked = v.Asked.Filled(nil, faults) })
}
