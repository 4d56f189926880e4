package reception

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

const intakesPath = "/reception/intakes"

// intakeRoutes registers what guests tell of themselves: their own pages and the desk's.
func (h desk) intakeRoutes(r *kit.Routes) {
	r.GET(intakesPath, access.IntakeView, h.intakes)
	r.GET(intakesPath+"/poster", access.IntakeView, h.helloPoster)
	r.GET(intakesPath+"/:id", access.IntakeView, h.intake)
	r.POST(intakesPath+"/:id/take", access.IntakeTake, h.takeIntake)
	r.POST(intakesPath+"/:id/drop", access.IntakeDrop, h.dropIntake)
	r.Guest.GET("/hello", h.hello)
	r.Guest.POST("/hello", h.tell)
	r.Guest.GET("/hello/:token", h.told)
	r.Guest.GET("/way/:token/info", h.hello)
	r.Guest.POST("/way/:token/info", h.tell)
}

// intakesView is the list of what guests told.
type intakesView struct {
	List  []crm.IntakeRow
	Empty kit.Empty
}

// Masked is a number as lists show it.
func (intakesView) Masked(phone string) string { return term.MaskPhone(phone) }

var intakesPage = kit.New[intakesView](pages, "intakes.html")

func (h desk) intakes(c echo.Context) error {
	list, err := h.files.Intakes(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	v := intakesView{List: list, Empty: kit.Empty{
		TitleKey: "intake.none", HintKey: "intake.none.hint", Icon: "id", Link: intakesPath + "/poster", ActionKey: "request.poster",
	}}
	return intakesPage.Draw(c, http.StatusOK, "intake.title", v)
}

// reviewView is what one guest told, beside the file that may be the guest's.
type reviewView struct {
	crm.Review
	Faults  fault.Fields
	Refused *kit.Refusal
	Again   bool     // it comes back, because the file was changed meanwhile
	Chosen  []string // what was ticked then
}

// Say prints the word of a field: sexes have words of their own.
func (reviewView) Say(f kit.Frame, field, value string) string {
	if field == "gender" && value != "" {
		return f.T("term.gender." + value)
	}
	return value
}

// Ticked says that a field is taken over unless somebody says otherwise: what the file lacks.
func (v reviewView) Ticked(d crm.Difference) bool {
	if v.Again {
		return slices.Contains(v.Chosen, d.Field)
	}
	return d.Has == ""
}

// Masked is a number as lists show it.
func (reviewView) Masked(phone string) string { return term.MaskPhone(phone) }

var reviewPage = kit.New[reviewView](pages, "intake.html")

func (h desk) intake(c echo.Context) error {
	return h.drawIntake(c, kit.Said{Status: http.StatusOK})
}

func (h desk) drawIntake(c echo.Context, said kit.Said) error {
	f := kit.Read(c)
	v, err := h.files.Review(c.Request().Context(), kit.Who(c), term.IntakeID(kit.ParamID(c, "id")), term.ClientID(f.ID("client")))
	if err != nil {
		return err
	}
	return reviewPage.Draw(c, said.Status, "intake.review", reviewView{v, said.Faults, said.Refusal, said.Stale, f.List("field")})
}

// takeIntake takes the ticked fields into the file and goes on to the arrival.
func (h desk) takeIntake(c echo.Context) error {
	f := kit.Read(c)
	client := term.ClientID(f.ID("client"))
	visit, err := h.files.TakeIntake(c.Request().Context(), kit.Who(c), term.IntakeID(kit.ParamID(c, "id")), crm.Taking{Client: client, Version: f.Int("version"), Fields: f.List("field"), Document: documentOf(f)})
	if said, ok := kit.Outdated(c, err); ok && (said.Stale || len(said.Faults) > 0 || said.Refusal.Rule != "") {
		return h.drawIntake(c, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "intake.done.taken", nil, "%s", afterClient(client, visit))
}

// documentOf is the kind of the document that was compared; nothing unless that was ticked.
func documentOf(f *kit.Form) string {
	if !f.Bool("compared") {
		return ""
	}
	return cmp.Or(f.Text("document"), "none")
}

// Documents are the kinds of documents that can be compared.
func (reviewView) Documents() []string { return crm.IDKinds }

func (h desk) dropIntake(c echo.Context) error {
	if err := h.files.DropIntake(c.Request().Context(), kit.Who(c), term.IntakeID(kit.ParamID(c, "id"))); err != nil {
		return err
	}
	return kit.Done(c, "intake.done.dropped", nil, intakesPath)
}

// helloPoster is the paper on the counter that leads new guests to the form.
func (h desk) helloPoster(c echo.Context) (err error) {
	v := posterView{Address: kit.GuestBase(c) + "/hello", Self: intakesPath, Hello: true, Small: c.QueryParam("size") == "a5"}
	if v.Code, err = kit.NewQR(v.Address); err != nil {
		return err
	}
	return posterPage.Draw(c, http.StatusOK, "request.poster", v)
}

// toldValues is what a guest told, as the form of a new client has it.
func toldValues(t crm.Told) url.Values {
	source := t.Source
	if source == "" {
		source = "walk_in"
	}
	return url.Values{"name": {t.Name}, "phone": {t.Phone}, "no_phone": {t.NoPhone}, "gender": {t.Gender}, "birth": {string(t.Birth)}, "source": {source}}
}
