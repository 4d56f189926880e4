package media

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"meixu/app/photos"
	"meixu/store/term"
	"meixu/ui/kit"
)

var caseBadges = map[string]kit.Badge{
	photos.CaseShown:     {Key: "cases.state.shown", Tone: "green", Icon: "circle-check", State: photos.CaseShown},
	photos.CaseExpired:   {Key: "cases.state.expired", Tone: "orange", Icon: "calendar-x", State: photos.CaseExpired},
	photos.CaseRevoked:   {Key: "cases.state.revoked", Tone: "red", Icon: "hand-stop", State: photos.CaseRevoked},
	photos.CaseSpoilt:    {Key: "cases.state.spoilt", Tone: "orange", Icon: "photo", State: photos.CaseSpoilt},
	photos.CaseWithdrawn: {Key: "cases.state.withdrawn", Tone: "grey", Icon: "archive", State: photos.CaseWithdrawn},
}

type libraryView struct {
	photos.Library
	Tabs   []kit.Tab
	Choice kit.Field
}

// Badge is how a case stands.
func (libraryView) Badge(state string) kit.Badge { return caseBadges[state] }

var libraryPage = kit.New[libraryView](pages, "cases.html", "case_parts.html")

func (h room) library(c echo.Context) error {
	state := c.QueryParam("state")
	if !slices.Contains(photos.CaseStates, state) {
		state = ""
	}
	l, err := h.Library(c.Request().Context(), kit.Who(c), c.QueryParam("kind"), state)
	if err != nil {
		return err
	}
	v := libraryView{Library: l, Choice: kit.Field{Name: "kind", Kind: kit.Select, LabelKey: "cases.kind", Value: l.Kind, All: true}}
	for _, k := range l.Kinds {
		v.Choice.Options = append(v.Choice.Options, kit.Option{Value: k, LabelKey: "people.kind." + k})
	}
	for _, s := range append([]string{""}, photos.CaseStates...) {
		tab := kit.Tab{Key: "cases.state." + s, Count: l.Counts[s], Here: s == state, Link: "/cases?" + url.Values{"kind": {l.Kind}, "state": {s}}.Encode()}
		if s == "" {
			tab.Key = "cases.all"
		}
		if s == "" || tab.Count > 0 || tab.Here {
			v.Tabs = append(v.Tabs, tab)
		}
	}
	return libraryPage.Draw(c, http.StatusOK, "cases.title", v)
}

type caseView struct {
	photos.Case
	Badge    kit.Badge
	Withdraw kit.Edit
	Refusal  *kit.Refusal
}

// PageTitle is the title of the case.
func (v caseView) PageTitle() string { return v.Title }

// Out says that the house took the case out.
func (v caseView) Out() bool { return v.Standing == photos.CaseWithdrawn }

var casePage = kit.New[caseView](pages, "case.html", "case_parts.html").ForClient()

func (h room) casePage(c echo.Context) error {
	return h.drawCase(c, nil, kit.Said{Status: http.StatusOK})
}

func (h room) drawCase(c echo.Context, f *kit.Form, said kit.Said) error {
	k, err := h.Case(c.Request().Context(), kit.Who(c), term.CaseID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	v := caseView{Case: k, Badge: caseBadges[k.Standing], Refusal: said.Refusal}
	v.Withdraw = kit.Edit{Action: fmt.Sprintf("/cases/%d/withdraw", k.ID), SubmitKey: "cases.withdraw", Fields: []kit.Field{
		{Name: "version", Kind: kit.Hidden, Value: fmt.Sprint(k.Version)},
		{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true, Asks: true},
	}}
	switch {
	case f != nil && said.Stale:
		v.Withdraw = v.Withdraw.Over(f.Values())
	case f != nil:
		v.Withdraw = v.Withdraw.Filled(f.Values(), said.Faults)
	}
	return casePage.Draw(c, said.Status, "cases.title", v)
}

func (h room) caseWithdraw(c echo.Context) error {
	f, id := kit.Read(c), term.CaseID(kit.ParamID(c, "id"))
	err := h.WithdrawCase(c.Request().Context(), kit.Who(c), id, f.Int("version"), f.Text("reason"))
	if said, ok := kit.Outdated(c, err); ok {
		return h.drawCase(c, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "cases.done.withdrawn", nil, "/cases/%d", id)
}

type newCaseView struct {
	photos.Draft
	Edit    kit.Edit // words and day
	Picks   []pick
	Refusal *kit.Refusal
}

// pick is the choice of one of the two pictures.
type pick struct {
	Name, Key string
	Chosen    string
	Fault     *kit.Field
	File      kit.Field
}

// Chose says that the picture is taken.
func (p pick) Chose(id term.MediaID) bool { return p.Chosen == text(id) }

var newCasePage = kit.New[newCaseView](pages, "case_new.html")

func (h room) caseForm(c echo.Context) error {
	return h.drawNewCase(c, nil, kit.Said{Status: http.StatusOK})
}

func (h room) drawNewCase(c echo.Context, f *kit.Form, said kit.Said) error {
	in := kit.Read(c)
	d, err := h.DraftCase(c.Request().Context(), kit.Who(c), term.ClientID(in.ID("client")))
	if again, ok := kit.Refused(c, err); ok { // the consent is gone: choose anew
		said = again
		d, err = h.DraftCase(c.Request().Context(), kit.Who(c), 0)
	}
	if err != nil {
		return err
	}
	v := newCaseView{Draft: d, Refusal: said.Refusal}
	if d.Client.ID != 0 {
		v.Edit = caseEdit(c, d)
		if f != nil {
			v.Edit = v.Edit.Filled(f.Values(), said.Faults)
		}
		for _, name := range []string{"before", "after"} {
			v.Picks = append(v.Picks, pickOf(name, in.Text(name), said))
		}
	}
	return newCasePage.Draw(c, said.Status, "cases.new", v)
}

func pickOf(name, chosen string, said kit.Said) pick {
	p := pick{Name: name, Key: "cases.f." + name, Chosen: chosen}
	p.File = kit.Field{Name: name + "_file", Kind: kit.Photo, LabelKey: "cases.f.upload"}
	if bad, ok := said.Faults.Of(name); ok {
		p.Fault = &kit.Field{Name: name, ErrorKey: bad.Key, ErrorArgs: bad.Args}
	}
	return p
}

func caseEdit(c echo.Context, d photos.Draft) kit.Edit {
	kind := kit.Field{Name: "kind", Kind: kit.Select, LabelKey: "cases.kind", Required: true}
	for _, k := range d.Kinds {
		kind.Options = append(kind.Options, kit.Option{Value: k, LabelKey: "people.kind." + k})
	}
	until := min(d.Today.Add(365), d.Last)
	return kit.Edit{Action: "/cases/new", DraftKey: "cases/new/" + text(d.Client.ID), CancelURL: "/cases", Fields: []kit.Field{
		{Name: "client", Kind: kit.Hidden, Value: text(d.Client.ID)},
		kind,
		{
			Name: "until", Kind: kit.Day, LabelKey: "cases.f.until", Help: kit.Who(c).Lang.T("cases.f.until.help", d.Last), Required: true,
			Value: string(until), Min: string(d.Today), Max: string(d.Last),
		},
		{Name: "title", Kind: kit.Text, LabelKey: "cases.f.title", HelpKey: "cases.f.title.help", Required: true, Wide: true},
		{Name: "story", Kind: kit.Area, LabelKey: "cases.f.story", HelpKey: "cases.f.story.help", Required: true, Wide: true, Rows: 4, Phrases: true},
	}}
}

func (h room) caseAdd(c echo.Context) error {
	f := kit.Read(c)
	in := photos.NewCase{
		Client: term.ClientID(f.ID("client")), ItemKind: f.Text("kind"), Title: f.Text("title"), Story: f.Text("story"),
		Before: term.MediaID(f.ID("before")), After: term.MediaID(f.ID("after")),
		BeforeFile: fileOf(f, "before_file"), AfterFile: fileOf(f, "after_file"), Until: f.Day("until"),
	}
	in.Shape = f.Fields
	id, err := h.AddCase(c.Request().Context(), kit.Who(c), in)
	if said, ok := kit.Refused(c, err); ok {
		return h.drawNewCase(c, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "cases.done.added", nil, "/cases/%d", id)
}

// fileOf is the uploaded file of the field, nil when none was chosen.
func fileOf(f *kit.Form, name string) photos.Upload {
	for _, file := range f.Files(name) {
		if file.Size > 0 {
			return uploads(f.Files(name))[0]
		}
	}
	return nil
}
