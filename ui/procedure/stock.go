package procedure

import (
	"errors"
	"fmt"
	"net/http"
	"sort"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/app/photos"
	suite "meixu/app/procedure"
	"meixu/store/term"
	"meixu/ui/kit"
)

// lotsView is the page where product is taken.
type lotsView struct {
	editView
}

// moreReason is asked for once more was wanted than a treatment can want.
const moreReason = "more_reason"

var lotsPage = kit.New[lotsView](pages, "lots.html")

func (h room) lots(c echo.Context) error { return h.drawLots(c, nil, kit.Said{}) }

func (h room) drawLots(c echo.Context, f *kit.Form, said kit.Said) error {
	choices, err := h.Choose(c.Request().Context(), kit.Who(c), idOf(c))
	if err != nil {
		return err
	}
	base := suite.Path(idOf(c))
	v := lotsView{editView: editView{Choices: choices, Base: base, Refusal: said.Refusal}}
	lot := kit.Field{Name: "lot", Kind: kit.Select, LabelKey: "procedure.f.lot", Value: c.QueryParam("lot")}
	for _, l := range choices.Lots {
		hint := l.Balance.String() + " " + kit.Who(c).Lang.Unit(l.Product.Unit) + " · " + string(l.Lot.ExpiresOn)
		lot.Options = append(lot.Options, kit.Option{Value: text(l.Lot.ID), Label: l.Product.Name + " " + l.Lot.Lot, Hint: hint})
	}
	v.Edit = kit.Edit{Action: base + "/lots", CancelURL: base, SubmitKey: "procedure.lots.submit", Fields: []kit.Field{
		{Name: "code", Kind: kit.Scan, LabelKey: "procedure.f.code", HelpKey: "procedure.f.code.help", Focus: true}, lot,
	}}
	v.Edit.Fields = append(v.Edit.Fields, secondFields(choices.Stock, "procedure.f.second.toxin")...) // beside the lot, above the fold
	v.Edit.Fields = append(v.Edit.Fields,
		kit.Field{Name: "qty", Kind: kit.Decimal, LabelKey: "procedure.f.qty", HelpKey: "procedure.f.qty.help"},
		kit.Field{Name: "why", Kind: kit.Text, LabelKey: "procedure.f.why", HelpKey: "procedure.f.why.help"})
	if f != nil && f.Has(moreReason) {
		v.Edit.Fields = append(v.Edit.Fields,
			kit.Field{Name: moreReason, Kind: kit.Text, LabelKey: "procedure.f.more", HelpKey: "procedure.f.more.help", Required: true, Wide: true})
	}
	status := http.StatusOK
	if said.Status != 0 {
		status = said.Status
	}
	if f != nil {
		v.Edit = v.Edit.Filled(f.Values(), said.Faults)
	}
	return lotsPage.Draw(c, status, "procedure.lots.title", v)
}

func (h room) take(c echo.Context) error {
	f := kit.Read(c)
	in := suite.Take{
		Treatment: idOf(c), Code: f.Text("code"), Lot: term.LotID(f.ID("lot")), Qty: f.Text("qty"), Reason: f.Text("why"), More: f.Text(moreReason),
		Second: secondOf(f),
	}
	if in.Code != "" {
		in.Lot = 0 // what was scanned wins over what was chosen before
	}
	err := f.Err()
	if err == nil {
		_, err = h.TakeLot(c.Request().Context(), kit.Who(c), in)
	}
	if suite.WantsMore(err) {
		f.Values().Set(moreReason, f.Text(moreReason))
	}
	if err != nil {
		if said, ok := kit.Refused(c, err); ok {
			return h.drawLots(c, f, said)
		}
		return err
	}
	return kit.Done(c, "procedure.done.lots", nil, "%s/lots", suite.Path(in.Treatment))
}

// backBuild is the page on which two put a toxic drug back.
func backBuild(use int64) build {
	return build{
		title: "procedure.back.title", lead: "procedure.back.lead", path: fmt.Sprintf("/lots/%d/back", use), submit: "procedure.lots.back",
		fields: func(c suite.Choices) []kit.Field { return secondFields(c.Stock, "procedure.f.second.back") },
	}
}

func (h room) back(c echo.Context) error {
	return h.show(c, backBuild(kit.ParamID(c, "use")), nil, kit.Said{})
}

func (h room) putBack(c echo.Context) error {
	f := kit.Read(c)
	err := f.Err()
	if err == nil {
		err = h.PutBack(c.Request().Context(), kit.Who(c), suite.Back{
			Treatment: idOf(c), Use: kit.ParamID(c, "use"), Second: secondOf(f),
		})
	}
	if err != nil {
		if said, ok := kit.Refused(c, err); ok {
			return h.show(c, backBuild(kit.ParamID(c, "use")), f, said)
		}
		return err
	}
	return kit.Done(c, "procedure.done.back", nil, "%s/lots", suite.Path(idOf(c)))
}

// countLine is one use on the page of counts.
type countLine struct {
	Use                    int64
	Product, Lot, Unit     string
	Taken, Record          term.Qty
	Told                   *suite.Told // how it was counted before
	Used, Wasted, Returned kit.Field
}

// countLines are the uses to be told, those that were told before too, with what the record
// says; the rest is proposed as waste.
func countLines(p suite.Page, f *kit.Form, faults fault.Fields) []countLine {
	left := map[string]term.Qty{}
	for _, t := range p.Tallies {
		left[t.Lot] += t.Record
	}
	var lines []countLine
	for _, u := range p.Counted() {
		l := lineOf(u, left)
		if f != nil {
			fields := kit.Fill([]kit.Field{l.Used, l.Wasted, l.Returned}, f.Values(), faults)
			l.Used, l.Wasted, l.Returned = fields[0], fields[1], fields[2]
		}
		lines = append(lines, l)
	}
	return lines
}

// lineOf proposes what became of one use; left is what the record says of each lot and no line
// before it has taken. What went back stays where it is.
func lineOf(u suite.UseRow, left map[string]term.Qty) countLine {
	used := min(left[u.Lot.Lot], u.Use.TakenQty-u.Use.ReturnedQty)
	left[u.Lot.Lot] -= used
	id := strconv.FormatInt(u.Use.ID, 10)
	amount := func(name string, value term.Qty) kit.Field {
		return kit.Field{
			Name: name + "." + id, Kind: kit.Decimal, LabelKey: "procedure.f." + name, Value: value.String(), Required: true,
		}
	}
	l := countLine{
		Use: u.Use.ID, Product: u.Product.Name, Lot: u.Lot.Lot, Unit: u.Product.Unit, Taken: u.Use.TakenQty, Record: used,
		Used: amount("used", used), Wasted: amount("wasted", u.Use.TakenQty-u.Use.ReturnedQty-used), Returned: amount("returned", u.Use.ReturnedQty),
	}
	if !u.Open() {
		l.Told = &u.Use
	}
	return l
}

// countsOf reads the posted lines, in the order of the uses.
func countsOf(f *kit.Form) []suite.Count {
	var lines []suite.Count
	for name := range f.Values() {
		rest, ok := strings.CutPrefix(name, "used.")
		id, err := strconv.ParseInt(rest, 10, 64)
		if !ok || err != nil {
			continue
		}
		lines = append(lines, suite.Count{Use: id, Used: f.Text("used." + rest), Wasted: f.Text("wasted." + rest), Returned: f.Text("returned." + rest)})
	}
	sort.Slice(lines, func(i, j int) bool { return lines[i].Use < lines[j].Use })
	return lines
}

var countsBuild = build{
	title: "procedure.counts.title", lead: "procedure.counts.lead", path: "/counts", submit: "procedure.counts.submit", counts: true,
	seen: func(c suite.Choices) string { return c.Page.Seen },
	fields: func(c suite.Choices) []kit.Field {
		var fields []kit.Field
		if c.Page.Recounts() {
			fields = append(fields, kit.Field{Name: "reason", Kind: kit.Text, LabelKey: "procedure.f.recount", Required: true, Wide: true})
		}
		if !c.Page.Toxic() {
			return fields
		}
		return append(fields, secondFields(c.Stock, "procedure.f.second.waste")...)
	},
}

func (h room) counts(c echo.Context) error { return h.show(c, countsBuild, nil, kit.Said{}) }

func (h room) closeCounts(c echo.Context) error {
	return h.post(c, countsBuild, "procedure.done.counts", func(f *kit.Form) error {
		in := suite.Counts{Treatment: idOf(c), Lines: countsOf(f), Reason: f.Text("reason"), Second: secondOf(f)}
		if err := f.Err(); err != nil {
			return err
		}
		return h.CloseCounts(c.Request().Context(), kit.Who(c), in)
	})
}

// photosView is the page of baseline and immediate photos.
type photosView struct {
	editView
	Kind string
	None kit.Edit
}

var photosPage = kit.New[photosView](pages, "photos.html")

func (h room) photos(c echo.Context) error { return h.drawPhotos(c, nil, kit.Said{}) }

func (h room) drawPhotos(c echo.Context, f *kit.Form, said kit.Said) error {
	choices, err := h.Choose(c.Request().Context(), kit.Who(c), idOf(c))
	if err != nil {
		return err
	}
	base := suite.Path(idOf(c))
	v := photosView{editView: editView{Choices: choices, Base: base, Refusal: said.Refusal}, Kind: "immediate"}
	list := choices.Views
	if choices.Page.Before() {
		v.Kind = "baseline"
	}
	if len(list) == 0 || v.Kind == "immediate" {
		list = photos.Views
	}
	view := kit.Field{Name: "view", Kind: kit.Chips, LabelKey: "procedure.f.view", Required: true, Wide: true, Value: list[0]}
	for _, name := range list {
		view.Options = append(view.Options, kit.Option{Value: name, LabelKey: "procedure.view." + name})
	}
	v.Edit = kit.Edit{Action: base + "/photos", CancelURL: base, SubmitKey: "procedure.photo.submit", Fields: []kit.Field{
		{Name: "kind", Kind: kit.Hidden, Value: v.Kind},
		view,
		{Name: "photo", Kind: kit.Photo, LabelKey: "procedure.f.photo", Required: true, Wide: true},
	}}
	v.None = kit.Edit{Action: base + "/nophoto", SubmitKey: "procedure.photo.none", Fields: []kit.Field{
		{Name: "reason", Kind: kit.Text, LabelKey: "procedure.f.nophoto", Required: true, Wide: true, Value: choices.Page.PhotoReason},
	}}
	status := http.StatusOK
	if said.Status != 0 {
		status = said.Status
	}
	if f != nil {
		v.Edit, v.None = v.Edit.Filled(f.Values(), said.Faults), v.None.Filled(f.Values(), said.Faults)
	}
	return photosPage.Draw(c, status, "procedure.photo.title", v)
}

var errNoUpload = errors.New("procedure: no picture in the form")

// uploaded prepares and keeps each picture of the field under the kind and view.
func (h room) uploaded(c echo.Context, f *kit.Form, name, kind, view string) error {
	files := f.Files(name)
	if len(files) == 0 {
		return errNoUpload
	}
	for _, file := range files {
		from, err := file.Open()
		if err != nil {
			return fault.Defect("opening an upload", err)
		}
		ready, err := h.Prepare(c.Request().Context(), kit.Who(c), idOf(c), from)
		_ = from.Close() // read only
		if err != nil {
			return err
		}
		by := kit.Who(c)
		if len(files) > 1 {
			by.Once = "" // one post keeps several pictures
		}
		if err := h.AddPhoto(c.Request().Context(), by, idOf(c), ready, kind, view); err != nil {
			return err
		}
	}
	return nil
}

func (h room) addPhoto(c echo.Context) error {
	f := kit.Read(c)
	err := h.uploaded(c, f, "photo", f.Text("kind"), f.Text("view"))
	if errors.Is(err, errNoUpload) {
		f.Fields.Add("photo", "procedure.photo.missing")
		err = f.Err()
	}
	if err != nil {
		if said, ok := kit.Refused(c, err); ok {
			return h.drawPhotos(c, f, said)
		}
		return err
	}
	return kit.Done(c, "procedure.done.photo", nil, "%s/photos", suite.Path(idOf(c)))
}

func (h room) noPhoto(c echo.Context) error {
	f := kit.Read(c)
	if err := h.NoPhoto(c.Request().Context(), kit.Who(c), idOf(c), f.Text("reason")); err != nil {
		if said, ok := kit.Refused(c, err); ok {
			return h.drawPhotos(c, f, said)
		}
		return err
	}
	return kit.Done(c, "procedure.done.nophoto", nil, "%s", suite.Path(idOf(c)))
}
