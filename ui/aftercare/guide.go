package aftercare

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/aftercare"
	"meixu/app/engine/banner"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

// guideView is the hand-over of a guide.
type guideView struct {
	aftercare.Guide
	Tell    kit.Edit
	Refusal *kit.Refusal
}

// ClientBanner hangs the person into the frame.
func (v guideView) ClientBanner() *banner.View { return v.Banner }

// SOPStepper hangs the visit's stages into the frame.
func (v guideView) SOPStepper() *sop.Stepper { return v.Stepper }

var guidePage = kit.New[guideView](pages, "guide.html")

func treatmentID(c echo.Context) term.TreatmentID {
	return term.TreatmentID(kit.ParamID(c, "treatment"))
}

func (h desk) guide(c echo.Context) error { return h.drawGuide(c, http.StatusOK, nil, kit.Said{}) }

func (h desk) drawGuide(c echo.Context, status int, f *kit.Form, said kit.Said) error {
	g, err := h.Guide(c.Request().Context(), kit.Who(c), treatmentID(c))
	if err != nil {
		return err
	}
	v := guideView{Guide: g, Refusal: said.Refusal, Tell: kit.Edit{
		Action: aftercare.GuidePath(g.Treatment.ID) + "/told", SubmitKey: "aftercare.tell.button", Fields: []kit.Field{
			{Name: "signs", Kind: kit.Check, LabelKey: "aftercare.tell.signs", Wide: true},
			{Name: "phone", Kind: kit.Check, Label: kit.Who(c).Lang.T("aftercare.tell.phone", g.Urgent), Wide: true},
		},
	}}
	if f != nil {
		v.Tell = v.Tell.Filled(f.Values(), said.Faults)
	}
	return guidePage.Draw(c, status, "aftercare.guide.title", v)
}

func (h desk) hand(c echo.Context) error {
	doc, err := h.HandGuide(c.Request().Context(), kit.Who(c), treatmentID(c))
	if said, ok := kit.Refused(c, err); ok {
		return h.drawGuide(c, said.Status, nil, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "aftercare.guide.issued", nil, "/doc/%d", doc)
}

func (h desk) tell(c echo.Context) error {
	f := kit.Read(c)
	in := aftercare.Tell{Treatment: treatmentID(c), Signs: f.Bool("signs"), Phone: f.Bool("phone")}
	err := h.TellRedFlags(c.Request().Context(), kit.Who(c), in)
	if said, ok := kit.Refused(c, err); ok {
		return h.drawGuide(c, said.Status, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "aftercare.tell.done", nil, "/aftercare/guide/%d", in.Treatment)
}

// linkView shows the new link of a guide, once, to be scanned by the client's phone.
type linkView struct {
	URL  string
	Code kit.QR
	Back string
}

var linkPage = kit.New[linkView](pages, "link.html").ForClient()

func (h desk) link(c echo.Context) error {
	token, err := h.LinkGuide(c.Request().Context(), kit.Who(c), treatmentID(c))
	if said, ok := kit.Refused(c, err); ok {
		return h.drawGuide(c, said.Status, nil, said)
	}
	if err != nil {
		return err
	}
	url := kit.GuestBase(c) + "/care/" + token
	code, err := kit.NewQR(url)
	if err != nil {
		return fault.Defect("drawing a QR code", err)
	}
	return linkPage.Draw(c, http.StatusOK, "aftercare.link.title", linkView{url, code, aftercare.GuidePath(treatmentID(c))})
}

// phoneView is the guide on a client's phone.
type phoneView struct{ aftercare.Phone }

var phonePage = kit.New[phoneView](pages, "phone.html").As(kit.Guest)

func (h desk) phone(c echo.Context) error {
	p, err := h.PhoneGuide(c.Request().Context(), kit.Who(c).Lang, c.Param("token"))
	if err != nil {
		return err
	}
	return phonePage.Draw(c, http.StatusOK, "aftercare.guide.title", phoneView{p})
}
