// Package tasks draws everybody's own work list.
package tasks

import (
	"embed"
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/tasks"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type list struct{ *tasks.List }

const pageSize = 40

// Routes registers the list.
func Routes(r *kit.Routes, l *tasks.List) {
	h := list{l}
	r.GET("/tasks", access.TaskView, h.mine)
	r.GET("/tasks/rows", access.TaskView, h.rows)
	r.GET("/tasks/:id", access.TaskView, h.task)
	r.POST("/tasks/:id/done", access.TaskDone, h.done)
	r.POST("/tasks/:id/move", access.TaskMove, h.move)
}

type mineView struct {
	tasks.Page
	Filter tasks.Filter
	Tabs   []kit.Tab
	Pager  *kit.Pager
	Query  string
}

var minePage = kit.New[mineView](pages, "mine.html")

func (h list) read(c echo.Context) (v mineView, err error) {
	f := kit.ReadQuery(c)
	v.Pager = kit.NewPager("/tasks", c.QueryParams(), pageSize)
	filter := tasks.Filter{
		Kind: f.Text("kind"), Late: f.Bool("late"), Today: f.Bool("today"), Limit: pageSize, Offset: v.Pager.Offset(),
	}
	v.Filter = filter
	v.Page, err = h.Mine(c.Request().Context(), kit.Who(c), filter)
	v.Pager.Total, v.Query = v.Total, c.QueryString()
	plain := filter.Kind == "" && !filter.Late && !filter.Today
	v.Tabs = []kit.Tab{
		{Key: "tasks.all", Link: "/tasks", Count: v.Counts.Open, Here: plain},
		{Key: "tasks.today", Link: "/tasks?today=1", Count: v.Counts.Due, Here: filter.Today},
		{Key: "tasks.late", Link: "/tasks?late=1", Count: v.Counts.Overdue, Here: filter.Late},
	}
	for _, kind := range v.Kinds {
		v.Tabs = append(v.Tabs, kit.Tab{Key: "task.kind." + kind, Link: "/tasks?kind=" + kind, Here: filter.Kind == kind})
	}
	return v, err
}

func (h list) mine(c echo.Context) error {
	v, err := h.read(c)
	if err != nil {
		return err
	}
	return minePage.Draw(c, http.StatusOK, "tasks.title", v)
}

func (h list) rows(c echo.Context) error {
	v, err := h.read(c)
	if err != nil {
		return err
	}
	return minePage.Part(c, http.StatusOK, "task-rows", v)
}

type taskView struct {
	tasks.Line
	DoneForm kit.Edit
	MoveForm kit.Edit
	Refusal  *kit.Refusal
}

var taskPage = kit.New[taskView](pages, "task.html")

func id(c echo.Context) term.TaskID { return term.TaskID(kit.ParamID(c, "id")) }

func (h list) task(c echo.Context) error { return h.draw(c, http.StatusOK, "", nil, kit.Said{}) }

func (h list) draw(c echo.Context, status int, which string, f *kit.Form, said kit.Said) error {
	line, err := h.Open(c.Request().Context(), kit.Who(c), id(c))
	if err != nil {
		return err
	}
	path := "/tasks/" + c.Param("id")
	outcome := kit.Field{Name: "outcome", Kind: kit.Chips, LabelKey: "tasks.outcome", Required: true, Wide: true}
	for _, o := range tasks.Outcomes {
		outcome.Options = append(outcome.Options, kit.Option{Value: o, LabelKey: "tasks.outcome." + o})
	}
	v := taskView{
		Line: line, Refusal: said.Refusal,
		DoneForm: kit.Edit{Action: path + "/done", SubmitKey: "tasks.done", Fields: []kit.Field{outcome}},
		MoveForm: kit.Edit{Action: path + "/move", SubmitKey: "tasks.move", Fields: []kit.Field{
			{Name: "due", Kind: kit.Instant, LabelKey: "tasks.due", Required: true},
			{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true},
		}},
	}
	switch {
	case f != nil && which == "done":
		v.DoneForm = v.DoneForm.Filled(f.Values(), said.Faults)
	case f != nil && which == "move":
		v.MoveForm = v.MoveForm.Filled(f.Values(), said.Faults)
	}
	return taskPage.Draw(c, status, "tasks.one", v)
}

func (h list) done(c echo.Context) error {
	f := kit.Read(c)
	err := h.Done(c.Request().Context(), kit.Who(c), id(c), f.Text("outcome"))
	if said, ok := kit.Refused(c, err); ok {
		return h.draw(c, said.Status, "done", f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "tasks.done.flash", nil, "/tasks")
}

func (h list) move(c echo.Context) error {
	f := kit.Read(c)
	due := f.Instant("due") // zero when it is no time: then the list refuses it as well
	err := h.Move(c.Request().Context(), kit.Who(c), id(c), due, f.Text("reason"))
	if err != nil {
		err = fault.Join(f.Err(), err)
	}
	if said, ok := kit.Refused(c, err); ok {
		return h.draw(c, said.Status, "move", f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "tasks.move.flash", nil, "/tasks")
}
