package catalog

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	list "meixu/app/catalog"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

type formView struct {
	Name    words.Text
	Back    string
	Lead    string
	Edit    kit.Edit
	Refusal *kit.Refusal
}

var formPage = kit.New[formView](pages, "form.html")

func (h room) describeForm(c echo.Context) error {
	return h.drawDescribe(c, kit.Said{Status: http.StatusOK}, nil)
}

// drawDescribe draws the form of an item: as it stands, as it was typed with what was wrong, or
// beside what somebody else saved meanwhile.
func (h room) drawDescribe(c echo.Context, said kit.Said, typed url.Values) error {
	d, err := h.detail(c)
	if err != nil {
		return err
	}
	e, err := h.describeEdit(c, d.Item)
	if err != nil {
		return err
	}
	e = over(e, said, typed)
	return formPage.Draw(c, said.Status, "catalog.describe", formView{nameOf(d.Item), pathOf(d.Item.ID), "catalog.describe.lead", e, said.Refusal})
}

// over lays what was typed over a form.
func over(e kit.Edit, said kit.Said, typed url.Values) kit.Edit {
	if said.Stale {
		return e.Over(typed)
	}
	return e.Filled(typed, said.Faults)
}

func (h room) describeEdit(c echo.Context, i list.Item) (kit.Edit, error) {
	choices, err := h.Choices(c.Request().Context(), kit.Who(c))
	lang := kit.Who(c).Lang
	return kit.Edit{Action: pathOf(i.ID) + "/edit", CancelURL: pathOf(i.ID), DraftKey: "item-" + idText(i.ID), Fields: []kit.Field{
		{Name: "version", Kind: kit.Hidden, Value: number(i.Version)},
		{Name: "name", Kind: kit.Text, LabelKey: "catalog.f.name", Value: i.Name, Required: true, Focus: true},
		{Name: "name_en", Kind: kit.Text, LabelKey: "catalog.f.name_en", Value: i.NameEN},
		{Name: "scope", Kind: kit.Select, LabelKey: "catalog.scope", Value: i.Scope, Options: keyed("catalog.scope.", list.Scopes), Required: i.Enabled},
		{Name: "level", Kind: kit.Select, LabelKey: "catalog.level", Value: i.Level, Options: keyed("catalog.level.", list.Levels), Required: true},
		{Name: "operator", Kind: kit.Select, LabelKey: "catalog.operator", Value: i.Operator, Options: keyed("term.role.", list.Operators), Required: true},
		{Name: "minutes", Kind: kit.Number, LabelKey: "catalog.minutes", Value: number(i.Minutes), Min: "5", Max: "480", Required: true},
		{Name: "before", Kind: kit.Number, LabelKey: "catalog.f.before", HelpKey: "catalog.f.before.help", Value: number(i.BeforeMinutes), Min: "0", Max: "240"},
		{Name: "after", Kind: kit.Number, LabelKey: "catalog.f.after", Value: number(i.AfterMinutes), Min: "0", Max: "240"},
		{Name: "room", Kind: kit.Select, LabelKey: "catalog.f.room", Value: i.RoomKind, Options: kinds(lang, choices.Rooms), Required: i.Enabled},
		{Name: "device", Kind: kit.Select, LabelKey: "catalog.f.device", HelpKey: "catalog.f.device.help", Value: i.DeviceKind, Options: kinds(lang, choices.Devices)},
		{Name: "anaesthesia", Kind: kit.Select, LabelKey: "catalog.anaesthesia", Value: i.Anaesthesia, Options: kinds(lang, choices.Anaesthesias)},
		{Name: "sessions", Kind: kit.Number, LabelKey: "catalog.f.sessions", Value: number(i.Sessions), Min: "1", Max: "50", Required: true},
		{Name: "interval", Kind: kit.Number, LabelKey: "catalog.f.interval", Value: number(i.IntervalDays), Min: "0", Max: "730", Unit: lang.T("unit.days")},
		{Name: "observe", Kind: kit.Number, LabelKey: "catalog.observe", Value: number(i.ObserveMinutes), Min: "0", Max: "1440"},
		{Name: "recovery_days", Kind: kit.Number, LabelKey: "catalog.f.recovery_days", HelpKey: "catalog.f.recovery_days.help", Value: known(i.RecoveryDays), Min: "0", Max: "365", Unit: lang.T("unit.days"), Required: i.Enabled},
		{Name: "contraindications", Kind: kit.Chips, Many: true, Wide: true, LabelKey: "catalog.contraindications", HelpKey: "catalog.f.contraindications.help", Values: i.Contraindications, Options: contraindications(lang, choices.Contraindications)},
		{Name: "unsuitable_note", Kind: kit.Area, Wide: true, Rows: 2, LabelKey: "catalog.unsuitable", HelpKey: "catalog.f.unsuitable.help", Value: i.About.ZH.Unsuitable},
		{Name: "suitable_note", Kind: kit.Area, Wide: true, LabelKey: "catalog.suitable", Value: i.About.ZH.Suitable, Required: i.Enabled},
		{Name: "principle_note", Kind: kit.Area, Wide: true, LabelKey: "catalog.principle", Value: i.About.ZH.Principle, Required: i.Enabled},
		{Name: "steps_note", Kind: kit.Area, Wide: true, Rows: 7, LabelKey: "catalog.steps", HelpKey: "catalog.f.steps.help", Value: strings.Join(i.About.ZH.Steps, "\n"), Required: i.Enabled},
		{Name: "recovery_note", Kind: kit.Area, Wide: true, LabelKey: "catalog.recovery", Value: i.About.ZH.Recovery, Required: i.Enabled},
		{Name: "suitable_en_note", Kind: kit.Area, Wide: true, LabelKey: "catalog.f.suitable_en", Value: i.About.EN.Suitable},
		{Name: "unsuitable_en_note", Kind: kit.Area, Wide: true, Rows: 2, LabelKey: "catalog.f.unsuitable_en", Value: i.About.EN.Unsuitable},
		{Name: "principle_en_note", Kind: kit.Area, Wide: true, LabelKey: "catalog.f.principle_en", Value: i.About.EN.Principle},
		{Name: "steps_en_note", Kind: kit.Area, Wide: true, Rows: 5, LabelKey: "catalog.f.steps_en", Value: strings.Join(i.About.EN.Steps, "\n")},
		{Name: "recovery_en_note", Kind: kit.Area, Wide: true, LabelKey: "catalog.f.recovery_en", Value: i.About.EN.Recovery},
		{Name: "remark", Kind: kit.Text, Wide: true, LabelKey: "catalog.remark", Value: i.Remark},
	}}, err
}

// posted are the names of the form's fields where the room calls them otherwise.
var posted = map[string]string{
	"suitable": "suitable_note", "principle": "principle_note", "steps": "steps_note", "recovery": "recovery_note",
}

func asPosted(bad fault.Fields) fault.Fields {
	for i, wrong := range bad {
		if name, other := posted[wrong.Name]; other {
			bad[i].Name = name
		}
	}
	return bad
}

func (h room) describe(c echo.Context) error {
	f := kit.Read(c)
	in := list.Description{
		Item: term.ItemID(kit.ParamID(c, "id")), Version: f.Int("version"), Name: f.Text("name"), NameEN: f.Text("name_en"),
		Scope: f.Text("scope"), Level: f.Text("level"), Operator: f.Text("operator"), Minutes: f.Int("minutes"),
		Before: f.Int("before"), After: f.Int("after"),
		RoomKind: f.Text("room"), DeviceKind: f.Text("device"), Anaesthesia: f.Text("anaesthesia"),
		Sessions: f.Int("sessions"), Interval: f.Int("interval"), Observe: f.Int("observe"),
		Contraindications: f.List("contraindications"), RecoveryDays: -1, Remark: f.Text("remark"),
		About: list.About{
			ZH: list.AboutText{Suitable: f.Text("suitable_note"), Unsuitable: f.Text("unsuitable_note"), Principle: f.Text("principle_note"), Steps: lines(f.Text("steps_note")), Recovery: f.Text("recovery_note")},
			EN: list.AboutText{Suitable: f.Text("suitable_en_note"), Unsuitable: f.Text("unsuitable_en_note"), Principle: f.Text("principle_en_note"), Steps: lines(f.Text("steps_en_note")), Recovery: f.Text("recovery_en_note")},
		},
	}
	if f.Text("recovery_days") != "" {
		in.RecoveryDays = f.Int("recovery_days")
	}
	in.Shape = f.Fields
	err := h.Describe(c.Request().Context(), kit.Who(c), in)
	if said, ok := kit.Outdated(c, err); ok {
		said.Faults = asPosted(said.Faults)
		return h.drawDescribe(c, said, f.Values())
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "catalog.described", []any{words.Text{ZH: in.Name, EN: in.NameEN}.In(kit.Who(c).Lang)}, "/catalog/%d", in.Item)
}

// offer puts the item on sale; what is missing leads to the form with those fields marked.
func (h room) offer(c echo.Context) error {
	f, id := kit.Read(c), term.ItemID(kit.ParamID(c, "id"))
	err := h.Offer(c.Request().Context(), kit.Who(c), id, f.Int("version"))
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawDescribe(c, kit.Said{Status: http.StatusUnprocessableEntity, Faults: asPosted(bad)}, nil)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "catalog.offered", nil, "/catalog/%d", id)
}

func (h room) withdraw(c echo.Context) error {
	f, id := kit.Read(c), term.ItemID(kit.ParamID(c, "id"))
	err := h.Withdraw(c.Request().Context(), kit.Who(c), id, f.Int("version"))
	if said, ok := kit.Outdated(c, err); ok {
		return h.drawItem(c, said, func(v *itemView) { v.Withdraw = over(v.Withdraw, said, f.Values()) })
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "catalog.withdrawn", nil, "/catalog/%d", id)
}

func (h room) copyForm(c echo.Context) error {
	return h.drawCopy(c, http.StatusOK, func(e kit.Edit) kit.Edit { return e })
}

func (h room) drawCopy(c echo.Context, status int, fill func(kit.Edit) kit.Edit) error {
	d, err := h.detail(c)
	if err != nil {
		return err
	}
	i := d.Item
	e := kit.Edit{Action: pathOf(i.ID) + "/copy", CancelURL: pathOf(i.ID), SubmitKey: "catalog.copy.make", Fields: []kit.Field{
		{Name: "code", Kind: kit.Text, LabelKey: "catalog.code", HelpKey: "catalog.f.code.help", Hint: i.Code + "-2", Required: true, Focus: true},
		{Name: "name", Kind: kit.Text, LabelKey: "catalog.f.name", Required: true},
		{Name: "name_en", Kind: kit.Text, LabelKey: "catalog.f.name_en"},
		{Name: "price", Kind: kit.Money, LabelKey: "catalog.price", Value: i.PriceFen.Plain(), Required: true},
		{Name: "low", Kind: kit.Money, LabelKey: "catalog.low", Value: i.PriceLowFen.Plain(), Required: true},
		{Name: "high", Kind: kit.Money, LabelKey: "catalog.high", Value: i.PriceHighFen.Plain(), Required: true},
	}}
	return formPage.Draw(c, status, "catalog.copy", formView{Name: nameOf(i), Back: pathOf(i.ID), Lead: "catalog.copy.lead", Edit: fill(e)})
}

func (h room) copy(c echo.Context) error {
	f := kit.Read(c)
	in := list.Copied{
		From: term.ItemID(kit.ParamID(c, "id")), Code: f.Text("code"), Name: f.Text("name"), NameEN: f.Text("name_en"),
		Price: f.Fen("price"), Low: f.Fen("low"), High: f.Fen("high"),
	}
	in.Shape = f.Fields
	id, err := h.Copy(c.Request().Context(), kit.Who(c), in)
	if bad, ok := fault.FieldsOf(err); ok {
		return h.drawCopy(c, http.StatusUnprocessableEntity, func(e kit.Edit) kit.Edit { return e.Filled(f.Values(), bad) })
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "catalog.copied", nil, "/catalog/%d/edit", id)
}

func keyed(stem string, values []string) (options []kit.Option) {
	for _, v := range values {
		options = append(options, kit.Option{Value: v, LabelKey: stem + v})
	}
	return options
}

func kinds(lang words.Lang, values []string) (options []kit.Option) {
	for _, v := range values {
		options = append(options, kit.Option{Value: v, Label: lang.Kind(v)})
	}
	return options
}

func contraindications(lang words.Lang, dictionary []words.Text) (options []kit.Option) {
	for _, w := range dictionary {
		options = append(options, kit.Option{Value: w.ZH, Label: w.In(lang)})
	}
	return options
}

// lines are the steps typed, one a line.
func lines(text string) (steps []string) {
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			steps = append(steps, line)
		}
	}
	return steps
}

func known(days int) string {
	if days < 0 {
		return ""
	}
	return number(days)
}

func nameOf(i list.Item) words.Text { return words.Text{ZH: i.Name, EN: i.NameEN} }

func pathOf(id term.ItemID) string { return "/catalog/" + idText(id) }
