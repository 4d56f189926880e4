package kit

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
)

// Said is why a posted form was not taken, to be drawn on the form's own page with what was
// typed: the wrong fields, or the refusal of a gate.
type Said struct {
	Status  int
	Faults  fault.Fields
	Refusal *Refusal
	// Stale says that somebody else saved the record meanwhile: the form is drawn by Against.
	Stale bool
}

// Refused turns the error of a deed into what the form's page shows; ok is false for errors
// that belong to no form (not found, forbidden, defects, a double post).
func Refused(c echo.Context, err error) (Said, bool) {
	if faults, wrong := fault.FieldsOf(err); wrong {
		return Said{Status: http.StatusUnprocessableEntity, Faults: faults}, true
	}
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.KindRefused && e.Kind != fault.KindConflict {
		return Said{}, false
	}
	return Said{Status: http.StatusConflict, Refusal: RefusalOf(c, e)}, true
}

// RefusalOf is a fault as the panel that the reader of the page sees. Who has the duty oneself is
// not sent to ask for it, and no link leads to the page on which it stands.
func RefusalOf(c echo.Context, e *fault.Error) *Refusal {
	by := Who(c)
	r := &Refusal{Sentence: e.Sentence(by.Lang), Rule: e.Basis(), Where: e.Where}
	if e.Who != "" {
		r.Who, r.Own = by.Lang.T("access.role."+e.Who), by.SignedIn() && by.Holds(e.Who)
	}
	if e.Where == c.Request().URL.Path {
		r.Where = ""
	}
	return r
}

// Outdated is Refused for a page that shows what is decided on beside the form: drawn anew it
// shows that as it stands now, so what was typed may go with the next post.
func Outdated(c echo.Context, err error) (Said, bool) {
	var e *fault.Error
	if errors.As(err, &e) && e.Kind == fault.KindStale {
		return Said{Status: http.StatusConflict, Refusal: RefusalOf(c, e), Stale: true}, true
	}
	return Refused(c, err)
}

// Prefixed renames the faults for a page with several forms, whose inputs carry a prefix so
// that no two of them share an id.
func (s Said) Prefixed(prefix string) Said {
	renamed := make(fault.Fields, len(s.Faults))
	for i, f := range s.Faults {
		f.Name = prefix + f.Name
		renamed[i] = f
	}
	s.Faults = renamed
	return s
}
