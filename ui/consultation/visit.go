package consultation

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	desk "meixu/app/consultation"
	"meixu/app/engine/form"
	"meixu/store/term"
	"meixu/ui/kit"
)

type visitView struct {
	desk.Sheet
	Cards    []card
	PhotoAsk []kit.Field
}

// Primary is the one action of the page that stands out: "receive", the code of a form, or
// "plan"; "" while somebody else is to act.
func (v visitView) Primary() string {
	switch v.Next {
	case desk.NextReceive:
		return "receive"
	case desk.NextPlan, desk.NextApprove, desk.NextPapers, desk.NextSign, desk.NextOrder:
		return "plan"
	}
	return desk.FormOf(v.Next)
}

// card is one form of the visit on the page.
type card struct {
	desk.Paper
	Key  string // words key of what it is
	Link string // page on which it is filled; "" when the actor may not
	Read *form.View
}

var visitPage = kit.New[visitView](pages, "visit.html")

func (h room) visit(c echo.Context) error {
	s, err := h.Sheet(c.Request().Context(), kit.Who(c), visitID(c))
	if err != nil {
		return err
	}
	return visitPage.Draw(c, http.StatusOK, "consultation.visit", h.visitView(c, s))
}

func (h room) visitView(c echo.Context, s desk.Sheet) visitView {
	by := kit.Who(c)
	v := visitView{Sheet: s, PhotoAsk: photoFields(s)}
	for _, code := range []string{desk.FormNeed, desk.FormHealth, desk.FormNurse, desk.FormSkin, desk.FormExam, desk.FormTalk} {
		p := s.Forms[code]
		x := card{Paper: p, Key: "consultation.card." + code}
		if s.Visit.Open() {
			x.Link = linkOf(by, s.Visit.ID, p)
		}
		if p.Begun() && by.ReadsForm(code) {
			read := form.NewView(p.Filled.Template, p.Filled.Answers, form.Options{Mode: form.ModeRead, Sees: form.Seer(by)})
			x.Read = &read
		}
		v.Cards = append(v.Cards, x)
	}
	return v
}

// linkOf is where a form of an open visit is filled by who is signed in, "" for nowhere.
func linkOf(by access.Actor, visit term.VisitID, p desk.Paper) string {
	if p.Code == desk.FormHealth && !p.Signed && by.BeginsForm(p.Code) {
		if p.Begun() {
			return "/form/" + idText(p.Row.ID)
		}
		return "/form/new?code=" + p.Code + "&visit=" + idText(visit)
	}
	for page, f := range formPages {
		if f.code == p.Code && by.May(f.need) {
			return desk.VisitPath(visit) + "/" + page
		}
	}
	return ""
}

func photoFields(s desk.Sheet) (fields []kit.Field) {
	for _, p := range []term.Purpose{term.ForPhotoRecord, term.ForPhotoCase, term.ForPhotoPublic} {
		f := kit.Field{Name: "allow_" + string(p), Kind: kit.Check, LabelKey: p.Key()}
		if _, ok := s.Consents[p]; ok {
			f.Value = "on"
		}
		fields = append(fields, f)
	}
	return fields
}

func (h room) askPhotos(c echo.Context) error {
	f := kit.Read(c)
	in := desk.AskPhotos{Visit: visitID(c)}
	for _, p := range []term.Purpose{term.ForPhotoRecord, term.ForPhotoCase, term.ForPhotoPublic} {
		if f.Bool("allow_" + string(p)) {
			in.Allowed = append(in.Allowed, p)
		}
	}
	id, err := h.AskPhotos(c.Request().Context(), kit.Who(c), in)
	if err != nil {
		return err
	}
	return kit.Done(c, "consultation.photo.issued", nil, "/doc/%d", id)
}

func (h room) showCase(c echo.Context) error {
	visit, id := visitID(c), term.CaseID(kit.ParamID(c, "case"))
	if err := h.ShowCase(c.Request().Context(), kit.Who(c), visit, id); err != nil {
		return err
	}
	return kit.Done(c, "", nil, "/consultation/%d/case/%d", visit, id)
}

type caseView struct {
	desk.Frame
	Case  desk.CaseRow
	Staff string
}

var casePage = kit.New[caseView](pages, "case.html").ForClient()

// caseOf draws a case that was opened in this visit, with the watermark of who shows it.
func (h room) caseOf(c echo.Context) error {
	by := kit.Who(c)
	frame, shown, err := h.OpenedCase(c.Request().Context(), by, visitID(c), term.CaseID(kit.ParamID(c, "case")))
	if err != nil {
		return err
	}
	return casePage.Draw(c, http.StatusOK, "consultation.case", caseView{frame, shown, by.Name})
}

func (h room) openPlan(c echo.Context) error {
	id, err := h.OpenPlan(c.Request().Context(), kit.Who(c), visitID(c))
	if err != nil {
		return err
	}
	return kit.Done(c, "", nil, "/plan/%d", id)
}

// formPage is a form of a visit with a page of its own.
type formPage struct {
	code string
	need access.Permission
}

var formPages = map[string]formPage{
	"need":   {desk.FormNeed, access.NeedRecord},
	"record": {desk.FormTalk, access.ConsultRecord},
	"review": {desk.FormNurse, access.HealthReview},
	"skin":   {desk.FormSkin, access.SkinRecord},
	"exam":   {desk.FormExam, access.ExamSign},
}
