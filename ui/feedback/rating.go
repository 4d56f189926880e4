package feedback

import (
	"net/http"
	"regexp"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/app/feedback"
	"meixu/ui/kit"
)

const pageSize, ratingDays = 40, 90

// tabs are the pages of the room that the person may open.
func tabs(c echo.Context, here string) []kit.Tab {
	var list []kit.Tab
	by := kit.Who(c)
	for _, t := range []struct {
		key, link string
		may       bool
	}{
		{"feedback.title", "/feedback", by.May("feedback.view")},
		{"feedback.messages", "/feedback/messages", by.May("message.send")},
		{"feedback.adverse", "/feedback/adverse", by.May("adverse.view")},
		{"feedback.alerts", "/alerts", by.May("alert.view")},
	} {
		if t.may {
			list = append(list, kit.Tab{Key: t.key, Link: t.link, Here: t.link == here})
		}
	}
	return list
}

// ratingsView is what clients said.
type ratingsView struct {
	feedback.Ratings
	Tabs  []kit.Tab
	Pager *kit.Pager
	Days  int
}

var ratingsPage = kit.New[ratingsView](pages, "ratings.html")

func (h office) ratings(c echo.Context) error {
	v := ratingsView{Tabs: tabs(c, "/feedback"), Pager: kit.NewPager("/feedback", c.QueryParams(), pageSize), Days: ratingDays}
	var err error
	v.Ratings, err = h.Ratings(c.Request().Context(), kit.Who(c), ratingDays, v.Pager.Offset(), pageSize)
	if err != nil {
		return err
	}
	v.Pager.Total = v.Count
	return ratingsPage.Draw(c, http.StatusOK, "feedback.title", v)
}

// messagesView lists the texts that somebody has to send.
type messagesView struct {
	Letters []feedback.Letter
	Tabs    []kit.Tab
}

var messagesPage = kit.New[messagesView](pages, "messages.html")

func (h office) messages(c echo.Context) error { return h.drawMessages(c, 0, "") }

// drawMessages lists the letters; the number of one of them is whole when it was asked for.
func (h office) drawMessages(c echo.Context, asked int64, phone string) error {
	list, err := h.Letters(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	for i := range list {
		list[i].Text = kit.AtGuestDoor(c, list[i].Text)
		if list[i].ID == asked {
			list[i].Phone, list[i].Shown = phone, true
		}
	}
	return messagesPage.Draw(c, http.StatusOK, "feedback.messages", messagesView{list, tabs(c, "/feedback/messages")})
}

// codeView is the link of a message as a code, for a client who stands at the desk.
type codeView struct {
	URL  string
	Code kit.QR
}

var (
	codePage = kit.New[codeView](pages, "code.html").ForClient()
	linkIn   = regexp.MustCompile(`https?://\S+`)
)

func (h office) code(c echo.Context) error {
	m, err := h.Letter(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id"))
	if err != nil {
		return err
	}
	v := codeView{URL: linkIn.FindString(kit.AtGuestDoor(c, m.Text))}
	if v.URL == "" {
		return fault.NotFound("message")
	}
	if v.Code, err = kit.NewQR(v.URL); err != nil {
		return fault.Defect("drawing a QR code", err)
	}
	return codePage.Draw(c, http.StatusOK, "feedback.message.code", v)
}

// dial shows the number of one client, so that somebody can call or send.
func (h office) dial(c echo.Context) error {
	id := kit.ParamID(c, "id")
	phone, err := h.Dial(c.Request().Context(), kit.Who(c), id)
	if err != nil {
		return err
	}
	return h.drawMessages(c, id, phone)
}

func (h office) sent(c echo.Context) error {
	if err := h.Sent(c.Request().Context(), kit.Who(c), kit.ParamID(c, "id")); err != nil {
		return err
	}
	return kit.Done(c, "feedback.message.sent", nil, "/feedback/messages")
}

// adverseView is the register of adverse events.
type adverseView struct {
	List  []feedback.Report
	Tabs  []kit.Tab
	Pager *kit.Pager
}

var adversePage = kit.New[adverseView](pages, "adverse.html")

func (h office) adverse(c echo.Context) error {
	v := adverseView{Tabs: tabs(c, "/feedback/adverse"), Pager: kit.NewPager("/feedback/adverse", c.QueryParams(), pageSize)}
	list, err := h.Register(c.Request().Context(), kit.Who(c), v.Pager.Offset(), pageSize+1)
	if err != nil {
		return err
	}
	v.Pager.Total = v.Pager.Offset() + len(list)
	v.List = list[:min(len(list), pageSize)]
	return adversePage.Draw(c, http.StatusOK, "feedback.adverse", v)
}

// rateView is the rating on a client's phone.
type rateView struct {
	Form form.View
	Done bool
}

var ratePage = kit.New[rateView](pages, "rate.html").As(kit.Guest)

func (h office) rateForm(c echo.Context) error { return h.drawRate(c, http.StatusOK, nil, kit.Said{}) }

func (h office) drawRate(c echo.Context, status int, typed form.Answers, said kit.Said) error {
	s, err := h.RatingSheet(c.Request().Context(), c.Param("token"))
	if err != nil {
		return err
	}
	answers := s.Answers
	if typed != nil {
		answers = typed
	}
	o := form.Options{Action: "/rate/" + c.Param("token"), Faults: said.Faults}
	v := rateView{Form: form.NewView(s.Template, answers, o), Done: s.Done}
	return ratePage.Draw(c, status, "feedback.rate.title", v)
}

// overall is the question of the stars that everybody answers.
const overall = "s_overall"

// Ask is the question of the link id.
func (v rateView) Ask(link string) form.Field {
	for _, s := range v.Form.Sections {
		for _, f := range s.Fields {
			if f.LinkID == link {
				return f
			}
		}
	}
	return form.Field{}
}

// Overall is the question that everybody answers.
func (v rateView) Overall() form.Field { return v.Ask(overall) }

// Aspects are the stars of those who want to say more.
func (v rateView) Aspects() (list []form.Field) {
	for _, s := range v.Form.Sections {
		for _, f := range s.Fields {
			if f.Type == form.Choice && f.LinkID != overall {
				list = append(list, f)
			}
		}
	}
	return list
}

// More says that something of the folded part was answered.
func (v rateView) More() bool {
	for _, f := range v.Aspects() {
		if f.Value != "" {
			return true
		}
	}
	return v.Ask("best").Value != ""
}

func (h office) rate(c echo.Context) error {
	in := kit.ReadFilling(c)
	err := h.Rate(c.Request().Context(), c.Param("token"), in.Answers)
	if said, ok := kit.Refused(c, err); ok && said.Refusal == nil {
		return h.drawRate(c, said.Status, in.Answers, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "", nil, "/rate/%s", c.Param("token"))
}
