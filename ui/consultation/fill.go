package consultation

import (
	"mime/multipart"
	"net/http"

	"github.com/labstack/echo/v4"

	desk "meixu/app/consultation"
	"meixu/app/engine/form"
	"meixu/app/engine/media"
	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

type fillView struct {
	desk.Form
	View    form.View
	Health  *form.View
	Refusal *kit.Refusal
	Reds    []desk.Red
	Keep    bool          // wording was warned about: a reason is asked for
	Stands  *form.Answers // what somebody else saved meanwhile
	Page    string
}

var fillPage = kit.New[fillView](pages, "fill.html")

// maxPhotos is how many pictures one form may bring.
const maxPhotos = 12

// fill draws the page of a form.
func (h room) fill(page string) echo.HandlerFunc {
	return func(c echo.Context) error {
		f, err := h.Form(c.Request().Context(), kit.Who(c), visitID(c), formPages[page].code)
		if err != nil {
			return err
		}
		return h.drawFill(c, http.StatusOK, fillView{Form: f, Page: page}, nil)
	}
}

func (h room) drawFill(c echo.Context, status int, v fillView, faults fault.Fields) error {
	by, f := kit.Who(c), v.Form
	draft := f.Code + ":" + idText(f.Visit.ID)
	if f.Signed {
		draft += ":amend:" + idText(f.Row.ID)
	}
	v.Reds = f.Reds
	v.View = form.NewView(f.Template, f.Answers, form.Options{
		Action: desk.VisitPath(f.Visit.ID) + "/" + v.Page, Faults: faults, From: form.ShownOf(f.Row), Stands: v.Stands, Seen: f.Seen, DraftKey: draft,
		CancelURL: desk.VisitPath(f.Visit.ID), Reason: f.Signed || v.Keep, Why: kit.Read(c).Text("_reason"), Sees: form.Seer(by), Phrases: f.Code == desk.FormTalk,
	})
	if f.Health.Begun() && (f.Code == desk.FormNurse || f.Code == desk.FormExam) {
		read := form.NewView(f.Health.Filled.Template, f.Health.Filled.Answers, form.Options{Mode: form.ModeRead, Sees: form.Seer(by)})
		v.Health = &read
	}
	return fillPage.Draw(c, status, "consultation.card."+f.Code, v)
}

// filled keeps or signs what was typed; a refused form comes back with everything in it.
func (h room) filled(page string) echo.HandlerFunc {
	return func(c echo.Context) error {
		typed := kit.ReadFilling(c)
		in := desk.Fill{
			Visit: visitID(c), Code: formPages[page].code, Shown: typed.Shown, Answers: typed.Answers, Sign: typed.Done,
			Keep: typed.Reason,
		}
		err := h.takePhotos(c, &in)
		if err == nil {
			_, err = h.Fill(c.Request().Context(), kit.Who(c), in)
		}
		if err == nil {
			if in.Sign {
				return kit.Done(c, "consultation.signed", nil, "/consultation/%d", in.Visit)
			}
			return kit.Done(c, "consultation.kept", nil, "/consultation/%d/"+page, in.Visit)
		}
		said, ok := kit.Outdated(c, err)
		if !ok {
			return err
		}
		f, bad := h.Form(c.Request().Context(), kit.Who(c), in.Visit, in.Code)
		if bad != nil {
			return bad
		}
		v := fillView{Form: f, Page: page, Refusal: said.Refusal}
		if v.Answers = in.Answers.Keep(f.Answers); said.Stale {
			v.Stands, v.Answers = &f.Answers, f.Template.Merged(in.Answers, f.Answers)
		}
		_, v.Keep = said.Faults.Of("_reason")
		v.Keep = v.Keep || in.Keep != ""
		return h.drawFill(c, said.Status, v, said.Faults)
	}
}

// takePhotos cleans and keeps the pictures before the write. Without the client's consent
// nothing is kept at all (REG-PII-01).
func (h room) takePhotos(c echo.Context, in *desk.Fill) error {
	in.Photos = map[string][]media.Prepared{}
	f, err := h.Form(c.Request().Context(), kit.Who(c), in.Visit, in.Code)
	if err != nil {
		return err
	}
	for link, files := range photoFiles(kit.Read(c), f.Template) {
		if !f.PhotoOK {
			return desk.NoPhotos(desk.VisitPath(in.Visit))
		}
		if in.Photos[link], err = h.develop(c, f.Client.ID, files); err != nil {
			return err
		}
	}
	return nil
}

// photoFiles are the pictures that were posted for the photo questions of a form.
func photoFiles(typed *kit.Form, t form.Template) map[string][]*multipart.FileHeader {
	posted := map[string][]*multipart.FileHeader{}
	for _, g := range t.Groups {
		for _, it := range g.Items {
			files := typed.Files(form.Name(it.LinkID))
			if it.Type == form.Photo && len(files) > 0 {
				posted[it.LinkID] = files[:min(len(files), maxPhotos)]
			}
		}
	}
	return posted
}

// develop cleans the pictures of one question.
func (h room) develop(c echo.Context, client term.ClientID, files []*multipart.FileHeader) (list []media.Prepared, err error) {
	for _, file := range files {
		open, err := file.Open()
		if err != nil {
			return nil, fault.Defect("reading an upload", err)
		}
		taken, err := h.shelf.Take(c.Request().Context(), kit.Who(c), client, open)
		_ = open.Close() // read to the end or given up
		if err != nil {
			return nil, err
		}
		list = append(list, taken)
	}
	return list, nil
}
