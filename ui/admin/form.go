package admin

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"meixu/ui/kit"
)

// formView is any plain form of the office.
type formView struct {
	LeadKey string
	Edit    kit.Edit
	Refusal *kit.Refusal
	Second  bool // leads on to the second step of the login
	// Sessions leads on to where one is signed in.
	Sessions bool
}

var formPage = kit.New[formView](pages, "form.html")

// plain is a page that is one form: title, what it is for, and how the form is made anew.
type plain struct {
	title, lead string
	edit        func(c echo.Context) (kit.Edit, error)
}

func (p plain) draw(c echo.Context) error { return p.filled(c, kit.Said{Status: http.StatusOK}, nil) }

// refused draws the form with what was typed and what was wrong with it, or beside what somebody
// else saved meanwhile; an error that belongs to no field stays one.
func (p plain) refused(c echo.Context, f *kit.Form, err error) error {
	said, ok := kit.Outdated(c, err)
	if !ok || len(said.Faults) == 0 && !said.Stale {
		return err
	}
	return p.filled(c, said, f.Values())
}

func (p plain) filled(c echo.Context, said kit.Said, typed url.Values) error {
	e, err := p.edit(c)
	if err != nil {
		return err
	}
	switch {
	case said.Stale:
		e = e.Over(typed)
	case typed != nil:
		e = e.Filled(typed, said.Faults)
	}
	return formPage.Draw(c, said.Status, p.title, formView{LeadKey: p.lead, Edit: e, Refusal: said.Refusal})
}
