package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	office "meixu/app/admin"
	"meixu/app/fault"
	"meixu/app/jobs"
	"meixu/ui/kit"
)

func profileEdit(lacks office.Lack) kit.Edit {
	return kit.Edit{Action: "/profile", CancelURL: "/", Fields: []kit.Field{
		{Name: "old", Kind: kit.Password, LabelKey: "admin.profile.old", Required: true, Wide: true},
		{Name: "password", Kind: kit.Password, LabelKey: "admin.profile.new", HelpKey: "admin.password.help", Required: lacks.Password},
		{Name: "pin", Kind: kit.PIN, LabelKey: "admin.profile.pin", HelpKey: "admin.pin.help", Required: lacks.PIN},
	}}
}

func (h desk) profileForm(c echo.Context) error {
	return h.drawProfile(c, http.StatusOK, nil, nil)
}

func (h desk) drawProfile(c echo.Context, status int, typed url.Values, bad fault.Fields) error {
	lacks, err := h.Office.Lacks(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	view := formView{LeadKey: "admin.profile.lead", Edit: profileEdit(lacks)}
	if lacks.Password {
		view.LeadKey = "admin.profile.first"
	}
	second, err := h.Office.Second(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	view.Second, view.Sessions = second.May && !lacks.Password, !lacks.Password
	if typed != nil {
		view.Edit = view.Edit.Filled(typed, bad)
	}
	return formPage.Draw(c, status, "admin.profile.title", view)
}

func (h desk) profile(c echo.Context) error {
	f := kit.Read(c)
	token, err := h.Office.ChangeSecrets(c.Request().Context(), kit.Who(c), office.Secrets{
		Old: f.Values().Get("old"), Password: f.Values().Get("password"), PIN: f.Text("pin"),
	})
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawProfile(c, http.StatusUnprocessableEntity, f.Values(), bad)
	}
	if err != nil {
		return err
	}
	turnTo(c, token)
	return kit.Done(c, "admin.profile.done", nil, "/")
}

type staffView struct {
	People []office.Person
	Code   string // one-time password, shown once
	For    string // login, and the name that belongs to it
	Name   string
	Until  string // words key of how long it opens
}

var staffPage = kit.New[staffView](pages, "staff.html")

func (h desk) staff(c echo.Context) error {
	return h.drawStaff(c, staffView{})
}

func (h desk) drawStaff(c echo.Context, view staffView) error {
	people, err := h.Office.Staff(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	view.People = people
	for _, p := range people {
		if p.Login == view.For {
			view.Name = p.Name
		}
	}
	return staffPage.Draw(c, http.StatusOK, "admin.staff.title", view)
}

// staffEdit asks for a person; for roles only of whom may give them, and for those that are hers
// to give or that the person has.
func staffEdit(by access.Actor, have []string) kit.Edit {
	e := kit.Edit{Action: "/admin/staff/new", CancelURL: "/admin/staff", Fields: []kit.Field{
		{Name: "name", Kind: kit.Text, LabelKey: "admin.staff.name", Required: true, Focus: true},
		{Name: "login", Kind: kit.Text, LabelKey: "admin.login.name", Required: true},
		{Name: "title", Kind: kit.Text, LabelKey: "admin.staff.jobtitle"},
	}}
	if by.May(access.StaffGrant) {
		e.Fields = append(e.Fields, roleFields(by, have)...)
	}
	return e
}

// roleFields ask for the roles that are the actor's to give or that the person has.
func roleFields(by access.Actor, have []string) []kit.Field {
	var roles []kit.Option
	for _, r := range access.Roles {
		if office.MayGive(by, r) || slices.Contains(have, string(r)) {
			roles = append(roles, kit.Option{Value: string(r), LabelKey: r.Key()})
		}
	}
	return []kit.Field{
		{Name: "roles", Kind: kit.Chips, LabelKey: "admin.staff.roles", Options: roles, Many: true, Required: true, Wide: true},
		{Name: "lead", Kind: kit.Check, LabelKey: "access.role.lead_physician"},
	}
}

// newStaff is the page of a new person.
func newStaff(by access.Actor) plain {
	p := plain{"admin.staff.add", "admin.staff.lead", func(echo.Context) (kit.Edit, error) { return staffEdit(by, nil), nil }}
	if !by.May(access.StaffGrant) {
		p.lead = "admin.staff.lead.bare"
	}
	return p
}

func (h desk) staffForm(c echo.Context) error { return newStaff(kit.Who(c)).draw(c) }

func (h desk) staffAdd(c echo.Context) error {
	f, by := kit.Read(c), kit.Who(c)
	in := office.NewStaff{
		Login: f.Text("login"), Name: f.Text("name"), Title: f.Text("title"), Lead: f.Bool("lead"), Lang: by.Lang, Roles: rolesIn(f),
	}
	_, code, err := h.Office.AddStaff(c.Request().Context(), by, in)
	if err != nil {
		return newStaff(by).refused(c, f, err)
	}
	return h.drawStaff(c, staffView{Code: code, For: in.Login, Until: "admin.code.day"})
}

func (h desk) staffReset(c echo.Context) error {
	login := kit.Read(c).Text("login")
	code, err := h.Office.ResetPassword(c.Request().Context(), kit.Who(c), login)
	if err != nil {
		return err
	}
	return h.drawStaff(c, staffView{Code: code, For: login, Until: "admin.code.quarter"})
}

type jobsView struct{ Lines []jobs.Line }

var jobsPage = kit.New[jobsView](pages, "jobs.html")

func (h desk) jobs(c echo.Context) error {
	lines, err := h.Jobs.Lines(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	return jobsPage.Draw(c, http.StatusOK, "admin.jobs.title", jobsView{lines})
}

func (h desk) jobRun(c echo.Context) error {
	n, err := h.Jobs.Run(c.Request().Context(), kit.Who(c), kit.Read(c).Text("job"))
	if err != nil {
		return err
	}
	return kit.Done(c, "admin.job.done", []any{n}, "/admin/jobs")
}

func clockEdit() kit.Edit {
	var options []kit.Option
	for _, minutes := range []int{10, 30, 60, 240, 1440, 2880, 10080} {
		text := strconv.Itoa(minutes)
		options = append(options, kit.Option{Value: text, LabelKey: "admin.clock." + text})
	}
	return kit.Edit{Action: "/admin/clock", CancelURL: "/", SubmitKey: "admin.clock.button", Fields: []kit.Field{
		{Name: "minutes", Kind: kit.Radio, LabelKey: "admin.clock.by", Options: options, Required: true, Wide: true},
	}}
}

func (h desk) clockForm(c echo.Context) error { return drawClock(c, http.StatusOK, nil, nil) }

func drawClock(c echo.Context, status int, typed url.Values, bad fault.Fields) error {
	return formPage.Draw(c, status, "admin.clock.title",
		formView{LeadKey: "admin.clock.lead", Edit: clockEdit().Filled(typed, bad)})
}

func (h desk) clock(c echo.Context) error {
	f := kit.Read(c)
	minutes := f.Int("minutes")
	err := f.Err()
	if err == nil {
		err = h.MoveClock(c.Request().Context(), kit.Who(c), time.Duration(minutes)*time.Minute)
	}
	if bad, ok := fault.FieldsOf(err); ok {
		return drawClock(c, http.StatusUnprocessableEntity, f.Values(), bad)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "admin.clock.done", []any{minutes}, "/admin/clock")
}
