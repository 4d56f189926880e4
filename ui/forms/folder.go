package forms

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

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
	return folderPage.Draw(c, http.StatusOK, "forms.folder", folderView{
		Folder: f, LeftTitles: titlesOf(f.Left, kit.Who(c).Lang),
	})
}

// titlesOf lists the titles of forms, as to be read.
func titlesOf(forms []form.Template, lang words.Lang) string {
	titles := make([]string, len(forms))
	for i, t := range forms {
		titles[i] = t.Title.In(lang)
	}
	return strings.Join(titles, " + ")
}
