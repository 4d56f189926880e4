package kit

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/form"
)

// Filling is a posted form of the form engine (ui/kit/form_render.html).
type Filling struct {
	// Answers is what was typed, as it was typed.
	Answers form.Answers
	// Step is the group to show next on a handed-over tablet, -1 when none was asked for.
	Step int
	// Done says that the person wants to submit or sign; otherwise it is kept as a draft.
	Done bool
	// Shown is the filling that the page was drawn from, none when unknown.
	Shown form.Shown
	// Reason is why a signed record is amended.
	Reason string
}

// ReadFilling reads a posted form.
func ReadFilling(c echo.Context) Filling {
	f := Read(c)
	in := Filling{Answers: form.Bind(f.Values()), Step: -1, Reason: f.Text("_reason"), Shown: form.ParseShown(f.Text("_version"))}
	in.Done = f.Text("_step") == "done"
	if n, err := strconv.Atoi(f.Text("_step")); err == nil && n >= 0 {
		in.Step = n
	}
	return in
}
