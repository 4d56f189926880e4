package reception

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

func (h desk) leadRoutes(r *kit.Routes) {
	r.GET("/reception/leads", access.LeadView, h.leads)
	r.GET("/reception/leads/rows", access.LeadView, h.leadRows)
	r.GET("/reception/leads/answers", access.LeadFigures, h.answers)
	r.POST("/reception/leads", access.LeadAdd, h.addLead)
	r.POST("/reception/leads/known", access.LeadAdd, h.knownPhone)
	r.POST("/reception/leads/:id/reply", access.LeadReply, h.replyLead)
	r.POST("/reception/leads/:id/lose", access.LeadLose, h.loseLead)
}

// leadsView is the list of inquiries with the intake beside it.
type leadsView struct {
	Rows   []crm.LeadRow
	Tabs   []kit.Tab
	State  string
	Edit   kit.Edit
	Known  []crm.Found
	Leads  []crm.Lead  // inquiries of the same phone that are open
	GoOn   bool        // the known phone was shown; the button says "take it in anyway"
	LostID term.LeadID // whose reason was missing
	Say    fault.Fields
}

// Due is the clock of the first answer.
func (leadsView) Due(l crm.LeadRow) kit.Clock { return kit.Clock{Since: l.Start(), Limit: 5} }

// Ways are the ways of answering, the usual one of the inquiry's channel first.
func (leadsView) Ways(l crm.LeadRow) []string {
	usual := crm.UsualWay(l.Channel)
	list := []string{usual}
	for _, way := range crm.LeadWays {
		if way != usual {
			list = append(list, way)
		}
	}
	return list
}

var leadsPage = kit.New[leadsView](pages, "leads.html")

func leadEdit(owners []kit.Option) kit.Edit {
	return kit.Edit{Action: "/reception/leads", SubmitKey: "reception.lead.add", Fields: []kit.Field{
		{Name: "phone", Kind: kit.Phone, LabelKey: "reception.client.phone", Required: true, Focus: true},
		{Name: "name", Kind: kit.Text, LabelKey: "reception.lead.name", Required: true},
		{Name: "channel", Kind: kit.Chips, LabelKey: "reception.client.source", Options: options("term.channel.", crm.Channels), Value: "phone", Required: true, Wide: true},
		{Name: "need", Kind: kit.Area, LabelKey: "reception.lead.need", HelpKey: "reception.lead.need.help", Wide: true, Rows: 2},
		{Name: "owner", Kind: kit.Select, LabelKey: "reception.lead.owner", Options: owners, Wide: true},
		{Name: "ask_doctor", Kind: kit.Check, LabelKey: "reception.lead.ask", Wide: true},
		{Name: "answered", Kind: kit.Check, LabelKey: "reception.lead.answered", Wide: true},
	}}
}

func (h desk) leads(c echo.Context) error { return h.drawLeads(c, http.StatusOK, leadsView{}, nil) }

func (h desk) leadRows(c echo.Context) error {
	v := leadsView{State: kit.Read(c).Text("state")}
	rows, err := h.files.Leads(c.Request().Context(), kit.Who(c), v.State)
	if err != nil {
		return err
	}
	v.Rows = rows
	return leadsPage.Part(c, http.StatusOK, "lead-rows", v)
}

// drawLeads draws list and intake; typed is what was typed, nil for an empty intake.
func (h desk) drawLeads(c echo.Context, status int, v leadsView, typed *kit.Form) (err error) {
	ctx, by, query := c.Request().Context(), kit.Who(c), c.QueryParam("state")
	if query == "closed" || query == "mine" {
		v.State = query
	}
	if v.Rows, err = h.files.Leads(ctx, by, v.State); err != nil {
		return err
	}
	v.Tabs = []kit.Tab{
		{Key: "reception.lead.tab.open", Link: "/reception/leads", Here: v.State == ""},
		{Key: "reception.lead.tab.mine", Link: "/reception/leads?state=mine", Here: v.State == "mine"},
		{Key: "reception.lead.tab.closed", Link: "/reception/leads?state=closed", Here: v.State == "closed"},
	}
	if !by.May(access.LeadAdd) {
		return leadsPage.Draw(c, status, "reception.lead.title", v)
	}
	sheet, err := h.files.LeadSheet(ctx, by, "")
	if err != nil {
		return err
	}
	faults := v.Edit.Faults
	v.Edit = leadEdit(staffOptions(sheet.Owners))
	if sheet.Proposed != 0 {
		v.Edit.Field("owner").Value = fmt.Sprint(sheet.Proposed)
	}
	if typed != nil {
		v.Edit = v.Edit.Filled(typed.Values(), faults)
	}
	if v.GoOn {
		v.Edit.SubmitKey = "reception.lead.goon"
		v.Edit.Fields = append(v.Edit.Fields, kit.Field{Name: "go_on", Kind: kit.Hidden, Value: goOn(typed.Text("phone"))})
	}
	return leadsPage.Draw(c, status, "reception.lead.title", v)
}

// goOn is the word to take an inquiry in anyway: it holds for the number whose file was shown, and is
// no id of a row, so that the draft of the form stays the same one.
func goOn(phone string) string { return "tel:" + crm.Phone(phone) }

// addLead takes an inquiry in. A phone that has a file shows the file first.
func (h desk) addLead(c echo.Context) error {
	f := kit.Read(c)
	ctx, by := c.Request().Context(), kit.Who(c)
	in := crm.NewLead{
		Name: f.Text("name"), Phone: f.Text("phone"), Channel: f.Text("channel"), Need: f.Text("need"),
		Owner: term.StaffID(f.ID("owner")), AskDoctor: f.Bool("ask_doctor"), Answered: f.Bool("answered"),
	}
	seen := f.Text("go_on") == goOn(in.Phone)
	if !seen {
		sheet, err := h.files.LeadSheet(ctx, by, in.Phone)
		if err != nil {
			return err
		}
		if len(sheet.Known) > 0 {
			return h.drawLeads(c, http.StatusConflict, leadsView{Known: sheet.Known, GoOn: true}, f)
		}
	}
	err := f.Err()
	var id term.LeadID
	if err == nil {
		id, err = h.files.AddLead(ctx, by, in)
	}
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawLeads(c, http.StatusUnprocessableEntity, leadsView{Edit: kit.Edit{Faults: bad}, GoOn: seen}, f)
	}
	if err != nil {
		return err
	}
	from, running, err := h.files.LeadClock(ctx, by, id)
	switch {
	case err != nil:
		return err
	case from.IsZero():
		return kit.Done(c, "reception.lead.done.answered", nil, "/reception/leads")
	case !running:
		return kit.Done(c, "reception.lead.done.closed", []any{from.Stamp(h.DB.Zone())}, "/reception/leads")
	}
	return kit.Done(c, "reception.lead.done", nil, "/reception/leads")
}

// knownPhone shows whose phone is being typed, while it is typed.
func (h desk) knownPhone(c echo.Context) error {
	sheet, err := h.files.LeadSheet(c.Request().Context(), kit.Who(c), kit.Read(c).Text("phone"))
	if err != nil {
		return err
	}
	return leadsPage.Part(c, http.StatusOK, "lead-known", leadsView{Known: sheet.Known, Leads: sheet.Leads})
}

func (h desk) replyLead(c echo.Context) error {
	err := h.files.ReplyLead(c.Request().Context(), kit.Who(c), term.LeadID(kit.ParamID(c, "id")), kit.Read(c).Text("way"))
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawLeads(c, http.StatusUnprocessableEntity, leadsView{Say: bad}, nil)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "reception.lead.replied", nil, "/reception/leads")
}

func (h desk) loseLead(c echo.Context) error {
	f := kit.Read(c)
	id := kit.ParamID(c, "id")
	err := h.files.LoseLead(c.Request().Context(), kit.Who(c), term.LeadID(id), f.Text("reason"))
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawLeads(c, http.StatusUnprocessableEntity, leadsView{LostID: term.LeadID(id), Say: bad}, nil)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "reception.lead.lost", nil, "/reception/leads")
}
