package feedback

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/banner"
	"meixu/app/feedback"
	"meixu/store/term"
	"meixu/ui/kit"
)

// alertsView is the list of open red flags.
type alertsView struct{ Lines []feedback.Line }

var alertsPage = kit.New[alertsView](pages, "alerts.html", "bar.html")

func (h office) drawAlerts(c echo.Context, block string) error {
	lines, err := h.Alerts(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	if block != "" {
		return alertsPage.Part(c, http.StatusOK, block, alertsView{lines})
	}
	return alertsPage.Draw(c, http.StatusOK, "feedback.alerts", alertsView{lines})
}

func (h office) alerts(c echo.Context) error    { return h.drawAlerts(c, "") }
func (h office) alertRows(c echo.Context) error { return h.drawAlerts(c, "alert-rows") }
func (h office) bar(c echo.Context) error       { return h.drawAlerts(c, "alert-bar") }

// alertView is one red flag with its emergency card.
type alertView struct {
	feedback.Alert
	CloseForm kit.Edit
	Refusal   *kit.Refusal
}

// ClientBanner hangs the person into the frame.
func (v alertView) ClientBanner() *banner.View { return v.Banner }

// Clock is the time since the red flag was found, against the limit.
func (v alertView) Clock() kit.Clock {
	return kit.Clock{Since: v.OpenedAt, Limit: int(v.Due.Sub(v.OpenedAt).Minutes())}
}

var alertPage = kit.New[alertView](pages, "alert.html")

func eventID(c echo.Context) term.EventID { return term.EventID(kit.ParamID(c, "id")) }

func (h office) alert(c echo.Context) error { return h.drawAlert(c, http.StatusOK, nil, kit.Said{}) }

func (h office) drawAlert(c echo.Context, status int, f *kit.Form, said kit.Said) error {
	a, err := h.Open(c.Request().Context(), kit.Who(c), eventID(c))
	if err != nil {
		return err
	}
	severity := kit.Field{Name: "severity", Kind: kit.Chips, LabelKey: "feedback.severity", Required: true, Wide: true}
	for _, s := range []string{"A", "B", "C", "D", "E"} {
		severity.Options = append(severity.Options, kit.Option{Value: s, LabelKey: "feedback.severity." + s})
	}
	v := alertView{Alert: a, Refusal: said.Refusal, CloseForm: kit.Edit{
		Action: feedback.Path(a.ID) + "/close", SubmitKey: "feedback.close", DraftKey: feedback.Path(a.ID)[1:] + "/close", Fields: []kit.Field{
			{Name: "outcome", Kind: kit.Area, LabelKey: "feedback.outcome", Required: true, Wide: true},
			severity,
			{Name: "_version", Kind: kit.Hidden, Value: strconv.Itoa(a.Version)},
		},
	}}
	if f != nil {
		v.CloseForm = v.CloseForm.Filled(f.Values(), said.Faults)
	}
	return alertPage.Draw(c, status, "feedback.alert", v)
}

// after answers a deed on a red flag: its page again, with what was refused.
func (h office) after(c echo.Context, f *kit.Form, err error, flash string) error {
	if said, ok := kit.Refused(c, err); ok {
		return h.drawAlert(c, said.Status, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, flash, nil, "%s", feedback.Path(eventID(c)))
}

func (h office) take(c echo.Context) error {
	return h.after(c, nil, h.Take(c.Request().Context(), kit.Who(c), eventID(c)), "feedback.taken")
}

func (h office) step(c echo.Context) error {
	f := kit.Read(c)
	err := h.Stamp(c.Request().Context(), kit.Who(c), feedback.Done{Event: eventID(c), Card: f.Text("card"), No: f.Int("no")})
	return h.after(c, nil, err, "")
}

func (h office) closeAlert(c echo.Context) error {
	f := kit.Read(c)
	in := feedback.Closing{Event: eventID(c), Version: f.Int("_version"), Outcome: f.Text("outcome"), Severity: f.Text("severity")}
	return h.after(c, f, h.Close(c.Request().Context(), kit.Who(c), in), "feedback.closed")
}

func (h office) report(c echo.Context) error {
	id, err := h.Report(c.Request().Context(), kit.Who(c), eventID(c))
	if err != nil {
		return h.after(c, nil, err, "")
	}
	return kit.Done(c, "feedback.report.begun", nil, "/form/%d", id)
}
