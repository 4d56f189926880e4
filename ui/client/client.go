// Package client draws the file of one person: banner, contact, consents, red words, what is
// left of prepaid sessions, and the timeline of everything.
package client

import (
	"embed"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/client"
	"meixu/app/engine/banner"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct {
	*client.File
	routes *kit.Routes
}

// Routes registers the file.
func Routes(r *kit.Routes, f *client.File) {
	h := room{f, r}
	r.GET("/client/:id", access.ClientView, h.show)
	r.GET("/client/:id/edit", access.ClientView, h.editPage)
	r.POST("/client/:id/phone", access.ClientReveal, h.reveal)
	r.POST("/client/:id/choice", access.ContactChoose, h.choose)
	r.POST("/client/:id/alerts", access.ClientAlert, h.alert)
	r.POST("/client/:id/consent/:consent/withdraw", access.ConsentWithdraw, h.withdraw)
}

type fileView struct {
	client.View
	Tabs   []kit.Tab
	Events []event
	Coming []event // what is still to come
	Whole  bool    // nothing is filtered
	Pager  pager
	Page   int
	Ways   []way
	Shown  string // the whole phone number, once
	Edit   string // path of the page with the forms; "" for those who may change nothing
}

// event is one entry of the timeline, ready to draw.
type event struct {
	client.Happening
	Icon, Tone, Link string
	Key              string // words key of the state
}

type pager struct{ Prev, Next string }

type way struct{ Key, Icon, Path string }

// ClientBanner hangs the person into the frame.
func (v fileView) ClientBanner() *banner.View { return v.Banner }

// PageTitle is the person's member number: a tab of the browser names nobody.
func (v fileView) PageTitle() string { return v.Client.Number }

// Unsigned says that notice and separate consent are still to be signed, as of who came with an
// import (S1-05).
func (v fileView) Unsigned() bool {
	return v.Banner != nil && (!v.Banner.PrivacyOK || !v.Banner.HealthOK)
}

// Older is the number of the next page.
func (v fileView) Older() int { return v.Page + 1 }

var filePage = kit.New[fileView](pages, "file.html")

func (h room) show(c echo.Context) error {
	v, err := h.file(c)
	if err != nil {
		return err
	}
	return filePage.Draw(c, http.StatusOK, "client.title", v)
}

func (h room) file(c echo.Context) (v fileView, err error) {
	by, f := kit.Who(c), kit.Read(c)
	id := term.ClientID(kit.ParamID(c, "id"))
	ask := client.Ask{Client: id, Kind: c.QueryParam("show"), Page: max(1, min(f.Int("page"), 1000))}
	if v.View, err = h.Show(c.Request().Context(), by, ask); err != nil {
		return v, err
	}
	self := fmt.Sprintf("/client/%d", id)
	v.Tabs = append(v.Tabs, kit.Tab{Key: "client.tab.all", Link: self, Here: ask.Kind == ""})
	for _, k := range client.Kinds(by) {
		v.Tabs = append(v.Tabs, kit.Tab{Key: "client.tab." + k.Name, Link: self + "?show=" + k.Name, Here: ask.Kind == k.Name})
	}
	for _, happening := range v.Timeline {
		v.Events = append(v.Events, h.event(by, happening))
	}
	for _, happening := range v.Ahead {
		v.Coming = append(v.Coming, h.event(by, happening))
	}
	v.Page, v.Whole = ask.Page, ask.Kind == ""
	if ask.Page > 1 || !v.Whole && ask.Kind != "treatment" { // what is left stands with what is to come
		v.Sessions = nil
	}
	page := func(n int) string { return fmt.Sprintf("%s?show=%s&page=%d", self, ask.Kind, n) }
	if ask.Page > 1 {
		v.Pager.Prev = page(ask.Page - 1)
	}
	if v.More {
		v.Pager.Next = page(ask.Page + 1)
	}
	if edits(by) {
		v.Edit = self + "/edit"
	}
	h.ways(by, &v)
	return v, nil
}

// edits says that the page with the forms has one for the actor.
func edits(by access.Actor) bool {
	return by.May(access.ClientAlert) || by.May(access.ConsentWithdraw) || by.May(access.ClientReveal) || by.May(access.ContactChoose)
}

// ways are the pages of other rooms about the client.
func (h room) ways(by access.Actor, v *fileView) {
	ways := []way{
		{"client.go.visit", "route", fmt.Sprintf("/visit/%d", v.Open.ID)},
		{"client.go.arrive", "door-enter", fmt.Sprintf("/reception/arrive?client=%d", v.Client.ID)},
		{"client.go.book", "calendar-plus", fmt.Sprintf("/reception/appointments/new?client=%d", v.Client.ID)},
		{"client.go.wait", "hourglass", fmt.Sprintf("/reception/waits/new?client=%d", v.Client.ID)},
		{"client.go.correct", "id", fmt.Sprintf("/reception/clients/%d/correct", v.Client.ID)},
		{"client.go.merge", "users", fmt.Sprintf("/clients/%d/merge", v.Client.ID)},
		{"client.go.trail", "history", fmt.Sprintf("/client/%d/trail", v.Client.ID)},
	}
	for i, w := range ways {
		if (i == 0) == (v.Open.ID == 0) && i < 2 {
			continue
		}
		if h.routes.Reaches(by, w.Path) {
			v.Ways = append(v.Ways, w)
		}
	}
}

// look is how one noun of the timeline is drawn: icon, page of its Ref, key of its states.
type look struct{ icon, path, key string }

var looks = map[string]look{
	"visit": {"door-enter", "/visit/%d", "term.visit."}, "appointment": {"calendar", "/reception/appointments/%d", "term.appointment."},
	"lead": {"phone-incoming", "", "term.lead."}, "wait": {"clock", "", "client.wait."},
	"talk": {"message", "/form/%d", "client.answer."}, "skin": {"microscope", "/form/%d", "client.answer."},
	"answer": {"clipboard-text", "/form/%d", "client.answer."}, "exam": {"stethoscope", "/form/%d", "consultation.verdict."},
	"plan": {"list-check", "/plan/%d", "term.plan."}, "order": {"receipt", "/till/%d", "term.order."},
	"document": {"file-text", "/doc/%d", "client.document."}, "consent": {"shield-check", "", "client.consent."},
	"withdrawal": {"circle-x", "", "client.consent."}, "treatment": {"needle", "/procedure/%d", "term.treatment."},
	"lot": {"package", "/procedure/%d", "client.lot."}, "redeem": {"ticket", "/procedure/%d", "client.redeem."},
	"payment": {"coin-yuan", "/till/%d", "client.payment."}, "media": {"photo", "/media/%d/view", "client.photo."},
	"task": {"checklist", "", "task.state."}, "event": {"urgent", "/alerts/%d", "client.event."},
	"complaint": {"message-report", "/form/%d", "task.state."},
	"rating":    {"star", "/form/%d", "client.rating."}, "message": {"send", "", "message.state."},
}

func (h room) event(by access.Actor, x client.Happening) event {
	look := looks[x.Noun]
	e := event{Happening: x, Icon: look.icon, Key: look.key + x.State}
	if look.path != "" && !x.Shut && x.Ref != 0 {
		if path := fmt.Sprintf(look.path, x.Ref); h.routes.Reaches(by, path) {
			e.Link = path
		}
	}
	switch x.Noun {
	case "event", "withdrawal", "complaint":
		e.Tone = "danger"
	case "treatment", "visit":
		e.Tone = "good"
	}
	if x.Extra == "red" {
		e.Tone = "danger"
	}
	return e
}

// Explains says that the further text of the entry is for the eyes.
func (e event) Explains() bool {
	return e.Extra != "" && (e.Noun == "visit" || e.Noun == "event" || e.Noun == "payment")
}

type editView struct {
	client.View
	Phone     *kit.Edit
	Alerts    *kit.Edit
	Choice    *kit.Edit
	Withdraws []withdrawForm
	Refusal   *kit.Refusal
}

type withdrawForm struct {
	client.Consent
	Edit kit.Edit
}

// ClientBanner hangs the person into the frame.
func (v editView) ClientBanner() *banner.View { return v.Banner }

var editPage = kit.New[editView](pages, "edit.html")

func (h room) editPage(c echo.Context) error { return h.drawEdit(c, http.StatusOK, "", kit.Said{}) }

// drawEdit draws the forms of the file; form names the one that came back with faults.
func (h room) drawEdit(c echo.Context, status int, form string, said kit.Said) error {
	by, id := kit.Who(c), term.ClientID(kit.ParamID(c, "id"))
	if !edits(by) { // the page would be empty
		return c.Redirect(http.StatusSeeOther, fmt.Sprintf("/client/%d", id))
	}
	base, err := h.Show(c.Request().Context(), by, client.Ask{Client: id, Kind: client.None})
	if err != nil {
		return err
	}
	v := editView{View: base, Refusal: said.Refusal}
	back := func(name string, e kit.Edit) *kit.Edit {
		switch {
		case name == form && said.Stale:
			e = e.Over(kit.Read(c).Values())
		case name == form:
			e = e.Filled(kit.Read(c).Values(), said.Prefixed(form+"_").Faults)
		}
		return &e
	}
	if by.May(access.ClientReveal) {
		v.Phone = back("phone", phoneEdit(id))
	}
	if by.May(access.ClientAlert) {
		v.Alerts = back("alerts", alertsEdit(base))
	}
	if by.May(access.ContactChoose) {
		v.Choice = back("choice", choiceEdit(base))
	}
	for _, consent := range base.Consents {
		if by.May(access.ConsentWithdraw) && consent.WithdrawnAt.IsZero() {
			name := withdrawName(consent.ID)
			v.Withdraws = append(v.Withdraws, withdrawForm{consent, *back(name, withdrawEdit(id, consent.ID))})
		}
	}
	return editPage.Draw(c, status, "client.edit", v)
}

// reasonField asks why; each form of the page has its own name for it, so that no two inputs
// share an id.
func reasonField(form string) kit.Field {
	return kit.Field{Name: form + "_reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true, Asks: true}
}

func phoneEdit(id term.ClientID) kit.Edit {
	return kit.Edit{Action: fmt.Sprintf("/client/%d/phone", id), SubmitKey: "client.phone.show", Fields: []kit.Field{reasonField("phone")}}
}

func alertsEdit(v client.View) kit.Edit {
	return kit.Edit{Action: fmt.Sprintf("/client/%d/alerts", v.Client.ID), CancelURL: fmt.Sprintf("/client/%d", v.Client.ID), Fields: []kit.Field{
		{Name: "alerts_version", Kind: kit.Hidden, Value: fmt.Sprint(v.Client.Version)},
		{Name: "alerts_allergies", Kind: kit.Area, LabelKey: "kit.allergies", HelpKey: "client.words.help", Value: strings.Join(v.Client.Allergies, "\n"), Rows: 2},
		{Name: "alerts_alerts", Kind: kit.Area, LabelKey: "kit.contraindications", HelpKey: "client.words.help", Value: strings.Join(v.Client.Alerts, "\n"), Rows: 2},
		reasonField("alerts"),
	}}
}

// withdrawName is the form that takes one consent back.
func withdrawName(consent int64) string { return fmt.Sprintf("withdraw%d", consent) }

func withdrawEdit(id term.ClientID, consent int64) kit.Edit {
	return kit.Edit{
		Action: fmt.Sprintf("/client/%d/consent/%d/withdraw", id, consent), SubmitKey: "client.consent.withdraw", Danger: true,
		Fields: []kit.Field{reasonField(withdrawName(consent))},
	}
}

func (h room) reveal(c echo.Context) error {
	id := term.ClientID(kit.ParamID(c, "id"))
	phone, err := h.Reveal(c.Request().Context(), kit.Who(c), id, kit.Read(c).Text("phone_reason"))
	if err != nil {
		return h.refused(c, "phone", err)
	}
	v, err := h.file(c)
	if err != nil {
		return err
	}
	v.Shown = phone
	return filePage.Draw(c, http.StatusOK, "client.title", v)
}

func (h room) alert(c echo.Context) error {
	f := kit.Read(c)
	in := client.Alerts{
		Client: term.ClientID(kit.ParamID(c, "id")), Version: f.Int("alerts_version"), Reason: f.Text("alerts_reason"),
		Allergies: client.Split(f.Text("alerts_allergies")), Alerts: client.Split(f.Text("alerts_alerts")),
	}
	err := f.Err()
	if err == nil {
		err = h.Alert(c.Request().Context(), kit.Who(c), in)
	}
	if err != nil {
		return h.refused(c, "alerts", err)
	}
	return kit.Done(c, "client.alerts.done", nil, "/client/%d", in.Client)
}

func (h room) withdraw(c echo.Context) error {
	consent := kit.ParamID(c, "consent")
	in := client.Withdraw{
		Client: term.ClientID(kit.ParamID(c, "id")), Consent: consent, Reason: kit.Read(c).Text(withdrawName(consent) + "_reason"),
	}
	if err := h.Withdraw(c.Request().Context(), kit.Who(c), in); err != nil {
		return h.refused(c, withdrawName(in.Consent), err)
	}
	return kit.Done(c, "client.consent.done", nil, "/client/%d", in.Client)
}

// refused brings the form back with what was typed, when the error belongs to it.
func (h room) refused(c echo.Context, form string, err error) error {
	if said, ok := kit.Outdated(c, err); ok {
		return h.drawEdit(c, said.Status, form, said)
	}
	return err
}
