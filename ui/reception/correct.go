package reception

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/engine/banner"
	"meixu/store/term"
	"meixu/ui/kit"
)

func (h desk) correctRoutes(r *kit.Routes) {
	r.GET("/reception/clients/:id/correct", access.ClientCorrect, h.correctForm)
	r.POST("/reception/clients/:id/correct", access.ClientCorrect, h.correct)
	r.POST("/reception/clients/:id/correct/twins", access.ClientCorrect, h.correctTwins)
}

// correctView is the form on which name, birthday, phone and document of a client are corrected.
type correctView struct {
	crm.CorrectSheet
	Edit    kit.Edit
	Twins   []twin
	Other   kit.Field
	Refusal *kit.Refusal
}

// ClientBanner hangs the person into the frame.
func (v correctView) ClientBanner() *banner.View { return v.Banner }

var correctPage = kit.New[correctView](pages, "correct.html")

func (h desk) correctForm(c echo.Context) error {
	return h.drawCorrect(c, kit.Said{Status: http.StatusOK}, nil, nil)
}

// drawCorrect draws the form: as the file stands, as it was typed with what was wrong, or beside what
// somebody else saved meanwhile.
func (h desk) drawCorrect(c echo.Context, said kit.Said, typed url.Values, twins []twin) error {
	id := term.ClientID(kit.ParamID(c, "id"))
	sheet, err := h.files.CorrectSheet(c.Request().Context(), kit.Who(c), id)
	if err != nil {
		return err
	}
	e := kit.Edit{Action: correctPath(id), CancelURL: fmt.Sprintf("/client/%d", id), Fields: correctFields(sheet.Client)}
	if said.Stale {
		e = e.Over(typed)
	} else {
		e = e.Filled(typed, said.Faults)
	}
	v := correctView{CorrectSheet: sheet, Edit: e, Twins: twins, Other: otherField(typed.Get("other")), Refusal: said.Refusal}
	return correctPage.Draw(c, said.Status, "crm.correct.title", v)
}

func correctPath(id term.ClientID) string { return fmt.Sprintf("/reception/clients/%d/correct", id) }

// correctFields are the words of the file; its numbers are not shown whole and stay when left empty.
func correctFields(c crm.Client) []kit.Field {
	noPhone := noPhoneField()
	if c.NoPhone == term.NoPhoneFormer { // it may stay until somebody asks, and nobody can choose it
		noPhone.Options = append(noPhone.Options, options("term.no_phone.", []string{c.NoPhone})...)
	}
	noPhone.HelpKey, noPhone.Value = "crm.correct.no_phone.help", c.NoPhone
	checked := kit.Field{Name: "id_checked", Kind: kit.Check, LabelKey: "crm.correct.checked", HelpKey: "crm.correct.checked.help", Wide: true, Asks: true}
	return []kit.Field{
		{Name: "version", Kind: kit.Hidden, Value: fmt.Sprint(c.Version)},
		{Name: "name", Kind: kit.Text, LabelKey: "reception.client.name", Value: c.Name, Required: true, Focus: true},
		{Name: "gender", Kind: kit.Chips, LabelKey: "reception.client.gender", Options: options("term.gender.", crm.Genders), Value: c.Gender, Required: true},
		{Name: "birth", Kind: kit.Day, LabelKey: "reception.client.birth", Value: string(c.Birth), Required: true},
		{Name: "phone", Kind: kit.Phone, LabelKey: "crm.correct.phone", HelpKey: "crm.correct.keep", Hint: term.MaskPhone(c.Phone), Asks: true},
		noPhone,
		{Name: "id_kind", Kind: kit.Select, LabelKey: "reception.client.id_kind", Options: options("reception.id.", crm.IDKinds), Value: c.IDKind},
		{Name: "id_number", Kind: kit.Text, LabelKey: "crm.correct.number", HelpKey: "crm.correct.keep", Hint: term.MaskNumber(c.IDNumber), Asks: true},
		checked,
		{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", HelpKey: "crm.correct.reason.help", Wide: true, Asks: true},
	}
}

func readCorrection(c echo.Context) (crm.Correction, *kit.Form) {
	f := kit.Read(c)
	in := crm.Correction{
		Client: term.ClientID(kit.ParamID(c, "id")), Version: f.Int("version"), Name: f.Text("name"), Gender: f.Text("gender"),
		Birth: f.Day("birth"), Phone: f.Text("phone"), NoPhone: f.Text("no_phone"), IDKind: f.Text("id_kind"), IDNumber: f.Text("id_number"),
		IDChecked: f.Bool("id_checked"), Other: f.Text("other"), Reason: f.Text("reason"),
	}
	in.Shape = f.Fields
	return in, f
}

// correctTwins shows whose file the correction would resemble, while it is typed.
func (h desk) correctTwins(c echo.Context) error {
	in, _ := readCorrection(c)
	people, err := h.files.CorrectTwins(c.Request().Context(), kit.Who(c), in)
	if err != nil {
		return err
	}
	v := correctView{CorrectSheet: crm.CorrectSheet{Client: crm.Client{ID: in.Client}}, Twins: twinsOf(people), Other: otherField(in.Other)}
	return correctPage.Part(c, http.StatusOK, "correct-twins", v)
}

func (h desk) correct(c echo.Context) error {
	in, f := readCorrection(c)
	err := h.files.Correct(c.Request().Context(), kit.Who(c), in)
	var twins *crm.Twins
	if errors.As(err, &twins) {
		said := kit.Said{Status: http.StatusConflict, Refusal: kit.RefusalOf(c, twins.Refusal)}
		return h.drawCorrect(c, said, f.Values(), twinsOf(twins.People))
	}
	if said, ok := kit.Outdated(c, err); ok {
		return h.drawCorrect(c, said, f.Values(), nil)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "crm.correct.done", nil, "/client/%d", in.Client)
}
