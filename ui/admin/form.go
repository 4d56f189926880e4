package admin

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/ui/kit"
)

// formView is any plain form of the office.
type formView struct {
	LeadKey string
	Edit    kit.Edit
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

func (p plain) draw(c echo.Context) error { return p.filled(c, http.StatusOK, nil, nil) }

// refused draws the form with what was typed and what was wrong with it; an error that belongs to
// no field stays one.
func (p plain) refused(c echo.Context, f *kit.Form, err error) error {
	bad, ok := fault.FieldsOf(err)
	if !ok {
		return err
	}
	return p.filled(c, http.StatusUnprocessableEntity, f.Values(), bad)
}

func (p plain) filled(c echo.Context, status int, typed url.Values, bad fault.Fields) error {
	e, err := p.edit(c)
	if err != nil {
		return err
	}
	if typed != nil {
		e = e.Filled(typed, bad)
	}
	return formPage.Draw(c, status, p.title, formView{LeadKey: p.lead, Edit: e})
}
