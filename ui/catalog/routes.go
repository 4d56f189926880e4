// Package catalog draws the price list: what the clinic offers, at which price, and how the
// price came about.
package catalog

import (
	"embed"
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	list "meixu/app/catalog"
	"meixu/app/words"
	"meixu/store/term"
	"meixu/ui/kit"
)

//go:embed pages/*.html
var pages embed.FS

type room struct{ *list.List }

// Routes registers the price list.
func Routes(r *kit.Routes, l *list.List) {
	h := room{l}
	r.GET("/catalog", access.CatalogView, h.items)
	r.GET("/catalog/:id", access.CatalogView, h.item)
	r.POST("/catalog/:id/price", access.ItemReprice, h.reprice)
	r.GET("/catalog/:id/edit", access.ItemDescribe, h.describeForm)
	r.POST("/catalog/:id/edit", access.ItemDescribe, h.describe)
	r.POST("/catalog/:id/offer", access.ItemOffer, h.offer)
	r.POST("/catalog/:id/withdraw", access.ItemWithdraw, h.withdraw)
	r.GET("/catalog/:id/copy", access.ItemCopy, h.copyForm)
	r.POST("/catalog/:id/copy", access.ItemCopy, h.copy)
}

type itemsView struct {
	Table  kit.Table
	Text   string
	Kinds  []kit.Option
	Chosen string
}

var itemsPage = kit.New[itemsView](pages, "items.html")

func (h room) items(c echo.Context) error {
	f := kit.Read(c)
	filter := list.Filter{Text: f.Text("q"), Category: f.Text("category")}
	found, err := h.Items(c.Request().Context(), kit.Who(c), filter)
	if err != nil {
		return err
	}
	v := itemsView{Text: filter.Text, Chosen: filter.Category, Table: kit.Table{
		Columns: []kit.Column{
			{Key: "catalog.name"},
			{Key: "catalog.category"},
			{Key: "catalog.level"},
			{Key: "catalog.operator"},
			{Key: "catalog.minutes", Num: true},
			{Key: "catalog.price", Num: true},
			{Key: "catalog.band", Num: true},
			{Key: "catalog.state"},
		},
		Empty: kit.Empty{TitleKey: "catalog.none", HintKey: "catalog.none.hint", Icon: "list-details", Link: "/catalog", ActionKey: "catalog.all"},
		Pager: kit.NewPager("/catalog", c.QueryParams(), 50),
	}}
	v.Kinds, err = h.categories(c)
	if err != nil {
		return err
	}
	p, lang := v.Table.Pager, kit.Who(c).Lang
	p.Total = len(found)
	for _, i := range found[min(p.Offset(), len(found)):min(p.To(), len(found))] {
		state := "catalog.on"
		if !i.Enabled {
			state = "catalog.off"
		}
		v.Table.Rows = append(v.Table.Rows, kit.Row{Link: "/catalog/" + idText(i.ID), Cells: []kit.Cell{
			{Text: words.Text{ZH: i.Name, EN: i.NameEN}.In(lang), Sub: i.Code},
			{Text: lang.Kind(i.Category), Class: "nowrap"},
			{Key: "catalog.level." + i.Level, Class: "nowrap"},
			{Key: "term.role." + i.Operator, Class: "nowrap"},
			{Text: number(i.Minutes), Num: true},
			{Text: i.PriceFen.String(), Num: true},
			{Text: i.PriceLowFen.String() + " – " + i.PriceHighFen.String(), Num: true},
			{Key: state, Sub: i.Remark},
		}})
	}
	return itemsPage.Draw(c, http.StatusOK, "catalog.title", v)
}

func (h room) categories(c echo.Context) ([]kit.Option, error) {
	all, err := h.Items(c.Request().Context(), kit.Who(c), list.Filter{})
	var options []kit.Option
	seen := map[string]bool{}
	for _, i := range all {
		if !seen[i.Category] {
			seen[i.Category] = true
			options = append(options, kit.Option{Value: i.Category, Label: kit.Who(c).Lang.Kind(i.Category)})
		}
	}
	return options, err
}

type itemView struct {
	list.Detail
	About    list.AboutText // in the language of the page
	Edit     kit.Edit
	Offer    kit.Edit
	Withdraw kit.Edit
	Refusal  *kit.Refusal
}

var itemPage = kit.New[itemView](pages, "item.html")

func (h room) item(c echo.Context) error {
	return h.drawItem(c, kit.Said{Status: http.StatusOK}, func(*itemView) {})
}

func (h room) drawItem(c echo.Context, said kit.Said, change func(*itemView)) error {
	d, err := h.detail(c)
	if err != nil {
		return err
	}
	v := itemView{Detail: d, About: list.InLanguage(d.Item.About, kit.Who(c).Lang), Edit: priceEdit(d), Refusal: said.Refusal}
	version := kit.Field{Name: "version", Kind: kit.Hidden, Value: number(d.Item.Version)}
	v.Offer = kit.Edit{Action: pathOf(d.Item.ID) + "/offer", SubmitKey: "catalog.offer", Fields: []kit.Field{version}}
	v.Withdraw = kit.Edit{Action: pathOf(d.Item.ID) + "/withdraw", SubmitKey: "catalog.withdraw", Reason: true, Fields: []kit.Field{version}}
	change(&v)
	return itemPage.Draw(c, said.Status, "catalog.item", v)
}

func (h room) detail(c echo.Context) (list.Detail, error) {
	return h.Item(c.Request().Context(), kit.Who(c), term.ItemID(kit.ParamID(c, "id")))
}

func priceEdit(d list.Detail) kit.Edit {
	i := d.Item
	return kit.Edit{Action: "/catalog/" + idText(i.ID) + "/price", CancelURL: "/catalog", Fields: []kit.Field{
		{Name: "version", Kind: kit.Hidden, Value: number(i.Version)},
		{Name: "price", Kind: kit.Money, LabelKey: "catalog.price", Value: i.PriceFen.Plain(), Required: true},
		{Name: "low", Kind: kit.Money, LabelKey: "catalog.low", Value: i.PriceLowFen.Plain(), Required: true},
		{Name: "high", Kind: kit.Money, LabelKey: "catalog.high", Value: i.PriceHighFen.Plain(), Required: true},
		{Name: "_reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true, Asks: true},
	}}
}

func (h room) reprice(c echo.Context) error {
	d, err := h.detail(c)
	if err != nil {
		return err
	}
	f := kit.Read(c)
	in := list.Price{
		Item: d.Item.ID, Version: f.Int("version"), Price: f.Fen("price"), Low: f.Fen("low"), High: f.Fen("high"),
	}
	err = f.Err()
	if err == nil {
		err = h.Reprice(c.Request().Context(), kit.Who(c), in)
	}
	if said, ok := kit.Outdated(c, err); ok {
		return h.drawItem(c, said, func(v *itemView) { v.Edit = over(v.Edit, said, f.Values()) })
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "catalog.repriced", []any{words.Text{ZH: d.Item.Name, EN: d.Item.NameEN}.In(kit.Who(c).Lang)}, "/catalog/%d", d.Item.ID)
}
