// Package exchange draws the door for files: lists that go out, clients that come in.
package exchange

import (
	"embed"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/exchange"
	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type door struct{ *exchange.Office }

// Routes registers the room.
func Routes(r *kit.Routes, o *exchange.Office) {
	h := door{o}
	r.GET("/exchange", access.ExchangeView, h.look)
	r.POST("/exchange/exports/list", access.ExportList, h.take)
	r.POST("/exchange/exports/ask", access.ExportAsk, h.ask)
	r.POST("/exchange/exports", access.ExportPeople, h.request)
	r.GET("/exchange/exports/:id", access.ExchangeView, h.export)
	r.GET("/exchange/exports/:id/state", access.ExchangeView, h.exportState)
	r.POST("/exchange/exports/:id/decide", access.ExportDecide, h.decide)
	r.POST("/exchange/exports/:id/file", access.ExportFetch, h.fetch)
	r.GET("/exchange/imports/new", access.ImportRead, h.upload)
	r.POST("/exchange/imports", access.ImportRead, h.read)
	r.GET("/exchange/imports/:id", access.ImportRead, h.show)
	r.GET("/exchange/imports/:id/state", access.ImportRead, h.importState)
	r.POST("/exchange/imports/:id/plan", access.ImportPlan, h.plan)
	r.POST("/exchange/imports/:id/faults", access.ImportRead, h.faults)
	r.POST("/exchange/imports/:id/run", access.ImportRun, h.run)
	r.POST("/exchange/imports/:id/undo", access.ImportUndo, h.undo)
	r.POST("/exchange/imports/:id/drop", access.ImportDrop, h.drop)
}

type lookView struct{ exchange.Page }

var lookPage = kit.New[lookView](pages, "exchange.html")

func (h door) look(c echo.Context) error {
	p, err := h.Look(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	return lookPage.Draw(c, http.StatusOK, "exchange.title", lookView{p})
}

// filterOf reads what the list showed: fields that begin with f_.
func filterOf(f *kit.Form) exchange.Filter {
	filter := exchange.Filter{}
	for name := range f.Values() {
		if plain, ok := strings.CutPrefix(name, "f_"); ok {
			filter[plain] = f.Text(name)
		}
	}
	return filter
}

func nameOf(file exchange.File) string { return fmt.Sprintf("%s-%s.xlsx", file.List.Code, file.On) }

// titleOf is the name of the file in the language of the screen.
func titleOf(c echo.Context, file exchange.File) string {
	return fmt.Sprintf("%s-%s.xlsx", kit.Who(c).Lang.T("exchange.list."+file.List.Code), strings.ReplaceAll(string(file.On), "-", ""))
}

// take answers with the file of a list without personal data.
func (h door) take(c echo.Context) error {
	f := kit.Read(c)
	file, err := h.Take(c.Request().Context(), kit.Who(c), f.Text("list"), filterOf(f))
	if err != nil {
		return err
	}
	return file.To(kit.Attach(c, nameOf(file), titleOf(c, file), ""))
}

type askView struct {
	exchange.Ask
	Edit    kit.Edit
	Refusal *kit.Refusal
}

var askPage = kit.New[askView](pages, "ask.html")

func (h door) ask(c echo.Context) error {
	return h.drawAsk(c, http.StatusOK, kit.Read(c), kit.Said{})
}

func (h door) drawAsk(c echo.Context, status int, f *kit.Form, said kit.Said) error {
	a, err := h.Ask(c.Request().Context(), kit.Who(c), f.Text("list"), filterOf(f))
	if err != nil {
		return err
	}
	edit := kit.Edit{Action: "/exchange/exports", CancelURL: "/exchange", SubmitKey: "exchange.ask.send", Fields: []kit.Field{
		{Name: "list", Kind: kit.Hidden, Value: a.List.Code},
		{Name: "reason", Kind: kit.Text, LabelKey: "exchange.ask.reason", HelpKey: "exchange.ask.reason.help", Required: true, Wide: true, Focus: true},
	}}
	for name, value := range a.Filter {
		edit.Fields = append(edit.Fields, kit.Field{Name: "f_" + name, Kind: kit.Hidden, Value: value})
	}
	return askPage.Draw(c, status, "exchange.ask.title", askView{a, edit.Filled(f.Values(), said.Faults), said.Refusal})
}

func (h door) request(c echo.Context) error {
	f := kit.Read(c)
	id, err := h.Request(c.Request().Context(), kit.Who(c), f.Text("list"), filterOf(f), f.Text("reason"))
	if said, again := kit.Refused(c, err); again {
		return h.drawAsk(c, said.Status, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "", nil, "/exchange/exports/%d", id)
}

type exportView struct {
	exchange.ExportRow
	Decide  kit.Edit
	Refusal *kit.Refusal
}

var exportPage = kit.New[exportView](pages, "export.html")

func exportID(c echo.Context) term.ExportID { return term.ExportID(kit.ParamID(c, "id")) }

func (h door) export(c echo.Context) error { return h.drawExport(c, http.StatusOK, nil, kit.Said{}) }

func (h door) drawExport(c echo.Context, status int, f *kit.Form, said kit.Said) error {
	v, err := h.exportView(c)
	if err != nil {
		return err
	}
	v.Refusal = said.Refusal
	if f != nil {
		v.Decide = v.Decide.Filled(f.Values(), said.Faults)
	}
	return exportPage.Draw(c, status, "exchange.export.title", v)
}

func (h door) exportView(c echo.Context) (v exportView, err error) {
	v.ExportRow, err = h.Export(c.Request().Context(), kit.Who(c), exportID(c))
	v.Decide = kit.Edit{
		Action: fmt.Sprintf("/exchange/exports/%d/decide", v.ID), SubmitKey: "exchange.decide.send", Fields: []kit.Field{
			{Name: "word", Kind: kit.Chips, LabelKey: "exchange.decide.word", Required: true, Wide: true, Options: []kit.Option{
				{Value: "yes", LabelKey: "exchange.decide.yes"}, {Value: "no", LabelKey: "exchange.decide.no"},
			}},
			{Name: "reason", Kind: kit.Text, LabelKey: "exchange.decide.reason", Wide: true},
		},
	}
	return v, err
}

// exportState is the state alone, for the live update.
func (h door) exportState(c echo.Context) error {
	v, err := h.exportView(c)
	if err != nil {
		return err
	}
	return exportPage.Part(c, http.StatusOK, "state", v)
}

func (h door) decide(c echo.Context) error {
	f := kit.Read(c)
	word := f.Text("word")
	if word != "yes" && word != "no" {
		var bad fault.Fields
		bad.Add("word", "exchange.decide.missing")
		return h.drawExport(c, http.StatusUnprocessableEntity, f, kit.Said{Faults: bad})
	}
	id := exportID(c)
	err := h.Decide(c.Request().Context(), kit.Who(c), id, word == "yes", f.Text("reason"))
	if said, again := kit.Refused(c, err); again {
		return h.drawExport(c, said.Status, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "exchange.decide.done", nil, "/exchange/exports/%d", id)
}

func (h door) fetch(c echo.Context) error {
	id := exportID(c)
	file, err := h.Fetch(c.Request().Context(), kit.Who(c), id)
	if said, again := kit.Refused(c, err); again {
		return h.drawExport(c, said.Status, nil, said)
	}
	if err != nil {
		return err
	}
	return file.To(kit.Attach(c, nameOf(file), titleOf(c, file), fmt.Sprintf("/exchange/exports/%d", id)))
}
