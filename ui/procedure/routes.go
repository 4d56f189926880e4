// Package procedure draws the treatment rooms: today's list, the page of a treatment with
// its gate, the checks and forms, lots, reactions, counts, observation and the record.
package procedure

import (
	"embed"
	"net/http"
	"slices"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/banner"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	suite "meixu/app/procedure"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct{ *suite.Suite }

// Routes registers the treatment rooms.
func Routes(r *kit.Routes, s *suite.Suite) {
	h := room{s}
	r.GET("/procedure", access.ProcedureView, h.list)
	r.GET("/procedure/rows", access.ProcedureView, h.rows)
	r.POST("/procedure/schedule", access.TreatmentSchedule, h.schedule)
	r.GET("/procedure/:id", access.ProcedureView, h.page)
	r.GET("/procedure/:id/now", access.ProcedureView, h.now)
	r.GET("/procedure/:id/identity", access.IdentityCheck, h.identity)
	r.POST("/procedure/:id/identity", access.IdentityCheck, h.checkIdentity)
	r.GET("/procedure/:id/clear", access.ContraClear, h.clear)
	r.POST("/procedure/:id/clear", access.ContraClear, h.cleared)
	r.GET("/procedure/:id/companion", access.CompanionConfirm, h.companion)
	r.POST("/procedure/:id/companion", access.CompanionConfirm, h.confirmCompanion)
	r.POST("/procedure/:id/skintest", access.SkinTest, h.startSkinTest)
	r.GET("/procedure/:id/photos", access.TreatmentPhoto, h.photos)
	r.POST("/procedure/:id/photos", access.TreatmentPhoto, h.addPhoto)
	r.POST("/procedure/:id/nophoto", access.TreatmentPhoto, h.noPhoto)
	r.GET("/procedure/:id/assign", access.TreatmentAssign, h.assign)
	r.POST("/procedure/:id/assign", access.TreatmentAssign, h.assigned)
	r.GET("/procedure/:id/lots", access.LotTake, h.lots)
	r.POST("/procedure/:id/lots", access.LotTake, h.take)
	r.GET("/procedure/:id/lots/:use/back", access.LotTake, h.back)
	r.POST("/procedure/:id/lots/:use/back", access.LotTake, h.putBack)
	r.GET("/procedure/:id/form/:which", access.ProcedureView, h.form)
	r.POST("/procedure/:id/form/:which", access.ProcedureView, h.fill)
	r.POST("/procedure/:id/start", access.ProcedureStart, h.start)
	r.POST("/procedure/:id/react", access.ReactionLog, h.react)
	r.GET("/procedure/:id/counts", access.CountsClose, h.counts)
	r.POST("/procedure/:id/counts", access.CountsClose, h.closeCounts)
	r.POST("/procedure/:id/sign", access.RecordSign, h.sign)
	r.GET("/procedure/:id/amend", access.RecordAmend, h.amend)
	r.POST("/procedure/:id/amend", access.RecordAmend, h.amended)
	r.GET("/procedure/:id/stop", access.TreatmentStop, h.stop)
	r.POST("/procedure/:id/stop", access.TreatmentStop, h.stopped)
	r.POST("/procedure/:id/report", access.AdverseReport, h.report)
	r.POST("/procedure/:id/release", access.TreatmentRelease, h.release)
}

func idOf(c echo.Context) term.TreatmentID { return term.TreatmentID(kit.ParamID(c, "id")) }

func text[I ~int64](id I) string { return strconv.FormatInt(int64(id), 10) }

// pageView is the page of one treatment.
type pageView struct {
	suite.Page
	Base    string
	Refusal *kit.Refusal
	Signs   []suite.Sign
	Card    *defaults.Card
	Rules   []string
	React   []kit.Field
	Next    next
	title   string
}

// OpenRows are the requirements of the gate still to be met.
func (v pageView) OpenRows() []suite.Row { return v.rows(false) }

// MetRows are the requirements that are met: one folded line of the gate.
func (v pageView) MetRows() []suite.Row { return v.rows(true) }

func (v pageView) rows(done bool) (list []suite.Row) {
	for _, r := range v.Gate {
		if r.Done == done {
			list = append(list, r)
		}
	}
	return list
}

// ClientBanner hangs the banner into the frame.
func (v pageView) ClientBanner() *banner.View { return v.Banner }

// SOPStepper hangs the stepper into the frame.
func (v pageView) SOPStepper() *sop.Stepper { return v.Stepper }

// PageTitle names the item in the reader's language.
func (v pageView) PageTitle() string { return v.title }

var treatmentPage = kit.New[pageView](pages, "treatment.html", "rows.html")

func (h room) page(c echo.Context) error { return h.drawPage(c, nil, kit.Said{Status: http.StatusOK}) }

func (h room) drawPage(c echo.Context, f *kit.Form, said kit.Said) error {
	v, err := h.viewOf(c)
	if err != nil {
		return err
	}
	v.Refusal = said.Refusal
	if f != nil {
		v.React = kit.Fill(v.React, f.Values(), said.Faults)
	}
	return treatmentPage.Draw(c, said.Status, "procedure.title", v)
}

// liveParts are the parts of the page that others can change while one looks at it. The
// reactions' fields are one only until they are shown: what is typed there stays.
var liveParts = map[string]bool{"top": true, "watch": true, "now": true, "side": true, "bar": true}

// now draws one of the live parts of the page, the rows of the gate when none is named.
func (h room) now(c echo.Context) error {
	part := c.QueryParam("part")
	if part == "" {
		part = "now"
	}
	if !liveParts[part] {
		return fault.NotFound("page")
	}
	v, err := h.viewOf(c)
	if err != nil {
		return err
	}
	return treatmentPage.Part(c, http.StatusOK, part, v)
}

func (h room) viewOf(c echo.Context) (pageView, error) {
	p, err := h.Look(c.Request().Context(), kit.Who(c), idOf(c))
	if err != nil {
		return pageView{}, err
	}
	if p.State == term.TreatmentCancelled { // nothing waits any more; what was done can be looked at
		p.Gate, p.Run = slices.DeleteFunc(p.Gate, undone), slices.DeleteFunc(p.Run, undone)
	}
	v := pageView{Page: p, Base: suite.Path(p.ID), Signs: suite.Signs, React: reactFields(), Next: nextFor(p, kit.Who(c))}
	v.title = words.Text{ZH: p.Item.Name, EN: p.Item.NameEN}.In(kit.Who(c).Lang)
	if code := p.Alarm(); code != "" && !p.Before() && p.ReleasedAt.IsZero() {
		lang := kit.Who(c).Lang
		v.Rules = defaults.CardRules(lang)
		if card, ok := defaults.CardOf(code); ok {
			card = card.In(lang)
			v.Card = &card
		}
	}
	return v, err
}

func undone(r suite.Row) bool { return !r.Done }

func reactFields() []kit.Field {
	pain := kit.Field{Name: "pain", Kind: kit.Chips, LabelKey: "procedure.f.pain", Wide: true}
	for n := range 11 {
		pain.Options = append(pain.Options, kit.Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
	}
	return []kit.Field{
		pain,
		{Name: "high", Kind: kit.Number, LabelKey: "procedure.f.high", Unit: "mmHg"},
		{Name: "low", Kind: kit.Number, LabelKey: "procedure.f.low", Unit: "mmHg"},
		{Name: "pulse", Kind: kit.Number, LabelKey: "procedure.f.pulse", Unit: "/min"},
		{Name: "spo2", Kind: kit.Number, LabelKey: "procedure.f.spo2", Unit: "%"},
		{Name: "text", Kind: kit.Text, LabelKey: "procedure.f.text", Wide: true},
	}
}

// deed runs a deed that has no form of its own: what refuses is shown on the treatment's page.
func (h room) deed(c echo.Context, flash string, do func() error) error {
	if err := do(); err != nil {
		if said, ok := kit.Refused(c, err); ok {
			return h.drawPage(c, nil, said)
		}
		return err
	}
	return kit.Done(c, flash, nil, "%s", suite.Path(idOf(c)))
}

func (h room) start(c echo.Context) error {
	return h.deed(c, "procedure.done.start", func() error {
		return h.Start(c.Request().Context(), kit.Who(c), idOf(c))
	})
}

func (h room) sign(c echo.Context) error {
	return h.deed(c, "procedure.done.sign", func() error {
		return h.SignRecord(c.Request().Context(), kit.Who(c), idOf(c))
	})
}

func (h room) release(c echo.Context) error {
	return h.deed(c, "procedure.done.release", func() error {
		return h.Release(c.Request().Context(), kit.Who(c), idOf(c))
	})
}

// report begins the adverse event form of a treatment that was stopped.
func (h room) report(c echo.Context) error {
	id, err := h.Report(c.Request().Context(), kit.Who(c), idOf(c))
	if err != nil {
		if said, ok := kit.Refused(c, err); ok {
			return h.drawPage(c, nil, said)
		}
		return err
	}
	return kit.Done(c, "procedure.done.report", nil, "/form/%d", id)
}

// painOf is the pain as told; nothing chosen is nothing told, never a zero.
func painOf(f *kit.Form) *int {
	if f.Text("pain") == "" {
		return nil
	}
	return new(f.Int("pain"))
}

func (h room) react(c echo.Context) error {
	f := kit.Read(c)
	in := suite.Reaction{
		Treatment: idOf(c), Sign: f.Text("sign"), Pain: painOf(f), Pulse: f.Int("pulse"), SpO2: f.Int("spo2"),
		High: f.Int("high"), Low: f.Int("low"), Text: f.Text("text"),
	}
	err := f.Err()
	alarm := false
	if err == nil {
		alarm, err = h.React(c.Request().Context(), kit.Who(c), in)
	}
	if err != nil {
		if said, ok := kit.Refused(c, err); ok {
			return h.drawPage(c, f, said)
		}
		return err
	}
	if alarm { // the emergency card, not the buttons, is what one must see now
		return kit.Done(c, "procedure.done.alarm", nil, "%s#emergency", suite.Path(in.Treatment))
	}
	return kit.Done(c, "procedure.done.react", nil, "%s#reactions", suite.Path(in.Treatment))
}
