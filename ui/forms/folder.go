package forms

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	service "meixu/app/forms"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

// folderView is the list of a visit's forms.
type folderView struct {
	service.Folder
	LeftTitles string // of the forms that a tablet would be locked to
	Back       string // page on which the visit goes on for who is signed in
	BackKey    string // what the way there is called
	NextKey    string // what comes next when the client has signed all
}

// ClientBanner hangs the person into the frame.
func (v folderView) ClientBanner() *banner.View { return v.Banner }

// SOPStepper hangs the visit's stages into the frame.
func (v folderView) SOPStepper() *sop.Stepper { return v.Stepper }

var folderPage = kit.New[folderView](pages, "folder.html")

func (h room) folder(c echo.Context) error {
	visit := term.VisitID(kit.ParamID(c, "visit"))
	f, err := h.Folder(c.Request().Context(), kit.Who(c), visit)
	if err != nil {
		return err
	}
	by := kit.Who(c)
	v := folderView{Folder: f, LeftTitles: titlesOf(f.Left, by.Lang)}
	v.goesOn(by)
	return folderPage.Draw(c, http.StatusOK, "forms.folder", v)
}

// goesOn says where the visit goes on: at the desk for the desk, in the consultation for those
// who consult, else on the page of the visit.
func (v *folderView) goesOn(by access.Actor) {
	page, to := "/visit/%d", "visit"
	switch {
	case by.May(access.DeskView) && by.May(access.VisitAssign):
		page, to = "/reception/visit/%d", "desk"
	case by.May(access.ConsultView):
		page, to = "/consultation/%d", "consultation"
	}
	v.Back, v.BackKey, v.NextKey = fmt.Sprintf(page, v.Visit.ID), "forms.back."+to, "forms.next."+to
}

// titlesOf lists the titles of forms, as to be read.
func titlesOf(forms []form.Template, lang words.Lang) string {
	titles := make([]string, len(forms))
	for i, t := range forms {
		titles[i] = t.Title.In(lang)
	}
	return strings.Join(titles, " + ")
}
