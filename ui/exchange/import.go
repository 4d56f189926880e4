package exchange

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"meixu/app/exchange"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

type uploadView struct {
	Faults  fault.Fields
	Refusal *kit.Refusal
	Codes   []string
}

var uploadPage = kit.New[uploadView](pages, "upload.html")

func (h door) upload(c echo.Context) error {
	return uploadPage.Draw(c, http.StatusOK, "exchange.import.new", uploadView{Codes: exchange.Codes})
}

// read takes the uploaded table.
func (h door) read(c echo.Context) error {
	name, body, err := uploaded(kit.Read(c))
	if err != nil {
		return err
	}
	id, err := h.ReadFile(c.Request().Context(), kit.Who(c), name, body)
	if said, again := kit.Refused(c, err); again {
		return uploadPage.Draw(c, said.Status, "exchange.import.new", uploadView{said.Faults, said.Refusal, exchange.Codes})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "", nil, "/exchange/imports/%d", id)
}

// uploaded reads the file of a form; the body of a request is bounded before it gets here.
func uploaded(f *kit.Form) (name string, body []byte, err error) {
	files := f.Files("file")
	if len(files) == 0 {
		return "", nil, nil
	}
	opened, err := files[0].Open()
	if err != nil {
		return "", nil, fault.Defect("opening an upload", err)
	}
	defer opened.Close() //nolint:errcheck // only read
	body, err = io.ReadAll(opened)
	if err != nil {
		return "", nil, fault.Defect("reading an upload", err)
	}
	return files[0].Filename, body, nil
}

type importView struct {
	exchange.ImportPage
	Edit    kit.Edit
	Columns []column
	Faults  fault.Fields
	Undo    kit.Edit
	Refusal *kit.Refusal
	Tabs    []kit.Tab // reasons for which rows do not come in
	Pager   *kit.Pager
}

// column is one column of the table with its first cells and what it is.
type column struct {
	Letter  string
	Heading string
	Samples []string
	Field   kit.Field
}

var importPage = kit.New[importView](pages, "import.html")

func importID(c echo.Context) term.ImportID { return term.ImportID(kit.ParamID(c, "id")) }

func (h door) show(c echo.Context) error { return h.drawImport(c, http.StatusOK, nil, kit.Said{}) }

func (h door) drawImport(c echo.Context, status int, f *kit.Form, said kit.Said) error {
	v, err := h.importView(c)
	if err != nil {
		return err
	}
	v.Refusal, v.Faults = said.Refusal, said.Faults
	if f != nil {
		v.Undo = v.Undo.Filled(f.Values(), said.Faults)
	}
	return importPage.Draw(c, status, "exchange.import.title", v)
}

func (h door) importView(c echo.Context) (v importView, err error) {
	q := kit.ReadQuery(c)
	v.Pager = kit.NewPager(fmt.Sprintf("/exchange/imports/%d", importID(c)), c.QueryParams(), exchange.WrongShown)
	why := q.Text("why")
	v.ImportPage, err = h.Import(c.Request().Context(), kit.Who(c), importID(c), exchange.Look{Why: why, Page: v.Pager.Page})
	v.Pager.Total = v.Trial.Wrong
	v.Tabs = reasonTabs(v.ImportPage, why, kit.Who(c).Lang)
	v.Columns = columnsOf(v.ImportPage)
	v.Edit.Fields = choices(v.ImportPage)
	v.Undo = kit.Edit{Action: fmt.Sprintf("/exchange/imports/%d/undo", v.ID), SubmitKey: "exchange.undo.send", Danger: true, Fields: []kit.Field{
		{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true},
	}}
	return v, err
}

// reasonTabs lead to the wrong rows of one reason alone.
func reasonTabs(p exchange.ImportPage, why string, lang words.Lang) []kit.Tab {
	self := fmt.Sprintf("/exchange/imports/%d", p.ID)
	tabs := []kit.Tab{{Key: "kit.all", Link: self + "#trial", Here: why == ""}}
	for _, r := range p.Trial.Reasons {
		label := lang.T("exchange.short." + r.Key)
		if r.Column != "" {
			label = r.Column + " " + r.Heading + " · " + label
		}
		tabs = append(tabs, kit.Tab{Label: label, Count: r.Cells, Link: self + "?why=" + url.QueryEscape(r.Code()) + "#trial", Here: why == r.Code()})
	}
	return tabs
}

func choices(p exchange.ImportPage) []kit.Field {
	pick := func(name, value string, words []string) kit.Field {
		field := kit.Field{Name: name, Kind: kit.Radio, LabelKey: "exchange.plan." + name, HelpKey: "exchange.plan." + name + ".help", Value: value, Wide: true}
		for _, w := range words {
			field.Options = append(field.Options, kit.Option{Value: w, LabelKey: "exchange.plan." + name + "." + w})
		}
		return field
	}
	fields := []kit.Field{pick("twins", p.Plan.Twins, exchange.Twins), pick("shared", p.Plan.Shared, exchange.Shareds), pick("phoneless", cmp.Or(p.Plan.Phoneless, exchange.Skip), exchange.Phonelesses)}
	if len(p.Sheets) < 2 {
		return fields
	}
	sheets := kit.Field{Name: "sheet", Kind: kit.Select, LabelKey: "exchange.plan.sheet", Value: fmt.Sprint(p.Plan.Sheet), Required: true}
	for i, name := range p.Sheets {
		sheets.Options = append(sheets.Options, kit.Option{Value: fmt.Sprint(i), Label: name})
	}
	return append([]kit.Field{sheets}, fields...)
}

func columnsOf(p exchange.ImportPage) []column {
	list := make([]column, len(p.Heads))
	for i, heading := range p.Heads {
		field := kit.Field{Name: fmt.Sprintf("col_%d", i), Kind: kit.Select, All: true, Label: heading}
		if i < len(p.Plan.Columns) {
			field.Value = p.Plan.Columns[i]
		}
		for _, code := range exchange.Codes {
			field.Options = append(field.Options, kit.Option{Value: code, LabelKey: "exchange.field." + code})
		}
		list[i] = column{Letter: exchange.Letter(i), Heading: heading, Field: field}
		for _, row := range p.Samples {
			cell := ""
			if i < len(row) {
				cell = row[i]
			}
			list[i].Samples = append(list[i].Samples, cell)
		}
	}
	return list
}

// importState is how far it is, for the live update. Where it came to an end the page is drawn anew,
// because what can be done next stands beside it.
func (h door) importState(c echo.Context) error {
	v, err := h.importView(c)
	if err != nil {
		return err
	}
	if drawn := c.QueryParam("drawn"); drawn != "" && drawn != string(v.State) {
		c.Response().Header().Set("HX-Refresh", "true")
	}
	return importPage.Part(c, http.StatusOK, "import-state", v)
}

// plan takes what the columns are and what happens to people who have a file.
func (h door) plan(c echo.Context) error {
	f, ctx, by, id := kit.Read(c), c.Request().Context(), kit.Who(c), importID(c)
	p, err := h.Import(ctx, by, id, exchange.Look{})
	if err != nil {
		return err
	}
	plan := exchange.Plan{Sheet: p.Plan.Sheet, Twins: f.Text("twins"), Shared: f.Text("shared"), Phoneless: f.Text("phoneless")}
	if f.Has("sheet") {
		plan.Sheet = f.Int("sheet")
	}
	for i := range p.Heads {
		plan.Columns = append(plan.Columns, f.Text(fmt.Sprintf("col_%d", i)))
	}
	err = f.Err()
	if err == nil {
		err = h.Plan(ctx, by, id, plan)
	}
	return h.answer(c, f, err, "exchange.plan.done")
}

func (h door) run(c echo.Context) error {
	err := h.Run(c.Request().Context(), kit.Who(c), importID(c))
	return h.answer(c, nil, err, "")
}

func (h door) undo(c echo.Context) error {
	f := kit.Read(c)
	err := h.Undo(c.Request().Context(), kit.Who(c), importID(c), f.Text("reason"))
	return h.answer(c, f, err, "")
}

// answer ends a post about an import: on its page, anew when it was refused.
func (h door) answer(c echo.Context, f *kit.Form, err error, flash string) error {
	if said, again := kit.Refused(c, err); again {
		return h.drawImport(c, said.Status, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, flash, nil, "/exchange/imports/%d", importID(c))
}

func (h door) drop(c echo.Context) error {
	if err := h.Drop(c.Request().Context(), kit.Who(c), importID(c)); err != nil {
		return err
	}
	return kit.Done(c, "exchange.import.gone", nil, "/exchange")
}

// faults answers with the list of what is wrong with the rows.
func (h door) faults(c echo.Context) error {
	file, err := h.Faults(c.Request().Context(), kit.Who(c), importID(c))
	if err != nil {
		return err
	}
	return file.To(kit.Attach(c, nameOf(file), titleOf(c, file), ""))
}
