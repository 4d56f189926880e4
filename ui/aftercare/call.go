package aftercare

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/aftercare"
	"meixu/app/engine/banner"
	"meixu/app/engine/form"
	"meixu/app/engine/media"
	"meixu/app/fault"
	"meixu/app/forms"
	"meixu/store/term"
	"meixu/ui/kit"
)

// callView is one follow-up: whom, after what, and the script.
type callView struct {
	aftercare.Call
	Form form.View
	// Unsaved is what somebody typed for a call that was ended by another meanwhile; nil for none.
	Unsaved *form.View
	Reopen  kit.Edit
	Refusal *kit.Refusal
}

// ClientBanner hangs the person into the frame.
func (v callView) ClientBanner() *banner.View { return v.Banner }

// Open says that the follow-up waits for its call.
func (v callView) Open() bool { return v.Task.State == aftercare.TaskOpen }

// CalledOff says that the follow-up was given up and may be taken up again.
func (v callView) CalledOff() bool { return v.Task.State == aftercare.TaskCancelled }

var callPage = kit.New[callView](pages, "call.html")

func taskID(c echo.Context) term.TaskID { return term.TaskID(kit.ParamID(c, "task")) }

func (h desk) call(c echo.Context) error { return h.drawCall(c, http.StatusOK, nil, kit.Said{}) }

func (h desk) drawCall(c echo.Context, status int, typed form.Answers, said kit.Said) error {
	by := kit.Who(c)
	call, err := h.Open(c.Request().Context(), by, taskID(c))
	if err != nil {
		return err
	}
	code := call.Task.FormCode
	o := form.Options{
		Action: aftercare.TaskPath(call.Task.ID), Faults: said.Faults, DraftKey: aftercare.TaskPath(call.Task.ID)[1:],
		SubmitKey: "aftercare.call.finish", CancelURL: "/aftercare", NoSign: !by.SignsForm(code),
		Sees: func(level string) bool { return by.SeesLevel(code, level) },
	}
	if draft := call.Draft(); draft.ID != 0 {
		o.From = form.ShownOf(draft)
	}
	if call.Task.State != aftercare.TaskOpen || !by.FillsForm(code) {
		o.Mode = form.ModeRead
	}
	answers, unsaved := call.Answers, (*form.View)(nil)
	switch {
	case typed != nil && o.Mode == form.ModeRead: // what is recorded stands, what was typed beside it
		apart := form.NewView(call.Template, typed, form.Options{Mode: form.ModeRead, Sees: o.Sees})
		unsaved, o.Faults = &apart, nil
	case typed != nil:
		answers = typed.Keep(call.Answers)
	}
	v := callView{Call: call, Form: form.NewView(call.Template, answers, o), Unsaved: unsaved, Refusal: said.Refusal, Reopen: kit.Edit{
		Action: aftercare.TaskPath(call.Task.ID) + "/reopen", SubmitKey: "aftercare.reopen", Fields: []kit.Field{
			{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true},
		},
	}}
	if v.CalledOff() {
		v.Reopen = v.Reopen.Filled(nil, said.Faults)
	}
	return callPage.Draw(c, status, "aftercare.call.title", v)
}

func (h desk) finish(c echo.Context) error {
	f, by, ctx := kit.Read(c), kit.Who(c), c.Request().Context()
	filling := kit.ReadFilling(c)
	in := aftercare.Said{Task: taskID(c), Typed: forms.Typed{ID: filling.Shown.Row, Version: filling.Shown.Version, Answers: filling.Answers}}
	call, err := h.Open(ctx, by, in.Task)
	if err != nil {
		return err
	}
	if in.Typed.Photos, err = h.photos(c, f, call.Task.Client); err != nil {
		return err
	}
	if !filling.Done {
		err = h.Keep(ctx, by, in)
	}
	var out aftercare.Ended
	if filling.Done {
		out, err = h.Finish(ctx, by, in)
	}
	if said, ok := kit.Refused(c, err); ok {
		return h.drawCall(c, said.Status, filling.Answers, said)
	}
	switch {
	case err != nil:
		return err
	case !filling.Done:
		return kit.Done(c, "aftercare.call.kept", nil, "/aftercare/%d", in.Task)
	case out.Event != 0:
		return kit.Done(c, "aftercare.call.red", nil, "/aftercare/%d", in.Task)
	case !out.Reached:
		return kit.Done(c, "aftercare.call.tried", []any{out.Tries}, "/aftercare")
	case out.Next != 0 && f.Text("next") == "1":
		return kit.Done(c, "aftercare.call.done", nil, "/aftercare/%d", out.Next)
	}
	return kit.Done(c, "aftercare.call.done", nil, "/aftercare")
}

// photos takes the pictures that the client sent to the shelf, before the write.
func (h desk) photos(c echo.Context, f *kit.Form, client term.ClientID) (map[string][]media.Prepared, error) {
	all := map[string][]media.Prepared{}
	for _, name := range f.FileNames() {
		link, ok := strings.CutPrefix(name, "q.")
		if !ok {
			continue
		}
		for _, head := range f.Files(name) {
			file, err := head.Open()
			if err != nil {
				return nil, fault.Defect("opening an upload", err)
			}
			p, err := h.shelf.Take(c.Request().Context(), kit.Who(c), client, file)
			_ = file.Close()
			if err != nil {
				return nil, err
			}
			all[link] = append(all[link], p)
		}
	}
	return all, nil
}

func (h desk) unanswered(c echo.Context) error {
	tries, err := h.Unanswered(c.Request().Context(), kit.Who(c), taskID(c))
	if err != nil {
		return err
	}
	return kit.Done(c, "aftercare.call.tried", []any{tries}, "/aftercare")
}

// reopen takes up a follow-up again that was called off.
func (h desk) reopen(c echo.Context) error {
	err := h.Reopen(c.Request().Context(), kit.Who(c), taskID(c), kit.Read(c).Text("reason"))
	if said, ok := kit.Refused(c, err); ok {
		return h.drawCall(c, said.Status, nil, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "aftercare.reopen.done", nil, "/aftercare/%d", taskID(c))
}
