// Package consultation draws the pages of consultation, examination, plan and order: lists
// of who waits for whom, a visit at a glance, its forms, authorised cases, and the plan.
package consultation

import (
	"embed"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	desk "meixu/app/consultation"
	"meixu/app/engine/media"
	"meixu/app/engine/phrase"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

// room has the handlers.
type room struct {
	*desk.Desk
	shelf   *media.Shelf
	phrases *phrase.Checker
}

// Routes registers the room.
func Routes(r *kit.Routes, d *desk.Desk, shelf *media.Shelf, phrases *phrase.Checker) {
	h := room{d, shelf, phrases}
	r.GET("/consultation", access.ConsultView, h.list)
	r.GET("/consultation/rows", access.ConsultView, h.rows)
	r.GET("/consultation/plans", access.ConsultView, h.plans)
	r.POST("/consultation/phrases", access.PhraseCheck, h.mark)
	r.POST("/phrase", access.PhraseCheck, h.mark)
	r.GET("/consultation/:visit", access.ConsultView, h.visit)
	r.POST("/consultation/:visit/receive", access.VisitReceive, h.receive)
	for _, page := range []string{"need", "record", "review", "skin", "exam"} {
		r.GET("/consultation/:visit/"+page, formPages[page].need, h.fill(page))
		r.POST("/consultation/:visit/"+page, formPages[page].need, h.filled(page))
	}
	r.POST("/consultation/:visit/photo-consent", access.PhotoConsentAsk, h.askPhotos)
	r.POST("/consultation/:visit/case/:case", access.CaseShow, h.showCase)
	r.GET("/consultation/:visit/case/:case", access.CaseShow, h.caseOf)
	r.POST("/consultation/:visit/plan", access.PlanDraft, h.openPlan)
	h.planRoutes(r)
}

func (h room) planRoutes(r *kit.Routes) {
	r.GET("/plan/:plan", access.ConsultView, h.plan)
	r.GET("/plan/:plan/choices", access.PlanDraft, h.choices)
	r.POST("/plan/:plan/line", access.PlanDraft, h.saveLine)
	r.POST("/plan/:plan/line/:line", access.PlanDraft, h.saveLine)
	r.POST("/plan/:plan/line/:line/remove", access.PlanDraft, h.removeLine)
	r.POST("/plan/:plan/line/:line/rule", access.ContraRule, h.rule)
	r.POST("/plan/:plan/line/:line/price", access.PriceApprove, h.price)
	r.POST("/plan/:plan/line/:line/agree", access.PriceSecond, h.agree)
	r.POST("/plan/:plan/line/:line/refused", access.ConsentRefuse, h.refuseConsent)
	r.POST("/plan/:plan/cases", access.CaseWaive, h.waiveCases)
	r.POST("/plan/:plan/approve", access.PlanApprove, h.approve)
	r.POST("/plan/:plan/papers", access.PapersIssue, h.papers)
	r.POST("/plan/:plan/decline", access.PlanDecline, h.decline)
	r.POST("/plan/:plan/order", access.OrderPlace, h.order)
}

func visitID(c echo.Context) term.VisitID { return term.VisitID(kit.ParamID(c, "visit")) }
func planID(c echo.Context) term.PlanID   { return term.PlanID(kit.ParamID(c, "plan")) }
func lineID(c echo.Context) term.PlanItemID {
	return term.PlanItemID(kit.ParamID(c, "line"))
}

func idText[I ~int64](id I) string { return fmt.Sprint(int64(id)) }

type listView struct{ Rows []desk.Row }

var listPage = kit.New[listView](pages, "list.html")

func (h room) list(c echo.Context) error {
	rows, err := h.List(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	return listPage.Draw(c, http.StatusOK, "consultation.title", listView{rows})
}

func (h room) rows(c echo.Context) error {
	rows, err := h.List(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	return listPage.Part(c, http.StatusOK, "rows", listView{rows})
}

type plansView struct {
	Rows  []desk.PlanRow
	Money bool // who is signed in sees prices (rulings 32)
}

var plansPage = kit.New[plansView](pages, "plans.html")

func (h room) plans(c echo.Context) error {
	rows, err := h.Plans(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	return plansPage.Draw(c, http.StatusOK, "consultation.plans", plansView{rows, kit.Who(c).Sees(access.FieldMoney)})
}

type hitsView struct{ phrase.Result }

var hitsPage = kit.New[hitsView](pages, "hits.html")

// mark answers what is banned in a text while it is typed.
func (h room) mark(c echo.Context) error {
	text := []rune(kit.Read(c).Text("text"))
	v := hitsView{h.phrases.Check(string(text[:min(len(text), 5000)]), phrase.Talk)}
	return hitsPage.Part(c, http.StatusOK, "main", v)
}

func (h room) receive(c echo.Context) error {
	visit := visitID(c)
	if err := h.Receive(c.Request().Context(), kit.Who(c), visit); err != nil {
		return err
	}
	return kit.Done(c, "consultation.received", nil, "/consultation/%d", visit)
}
