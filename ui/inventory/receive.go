package inventory

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	shelf "meixu/app/inventory"
	"meixu/store/term"
	"meixu/ui/kit"
)

type receiveView struct {
	Edit    kit.Edit
	Refusal *kit.Refusal
}

var receivePage = kit.New[receiveView](pages, "receive.html")

func (h room) receiveForm(c echo.Context) error {
	return h.drawReceive(c, http.StatusOK, nil, kit.Said{})
}

func (h room) drawReceive(c echo.Context, status int, f *kit.Form, said kit.Said) error {
	edit, err := h.receiveEdit(c)
	if err != nil {
		return err
	}
	if f != nil {
		edit = edit.Filled(f.Values(), said.Faults)
	}
	return receivePage.Draw(c, status, "inventory.receive.title", receiveView{edit, said.Refusal})
}

func (h room) receiveEdit(c echo.Context) (kit.Edit, error) {
	ctx, by := c.Request().Context(), kit.Who(c)
	products, err := h.Choices(ctx, by)
	if err != nil {
		return kit.Edit{}, err
	}
	people, err := h.Witnesses(ctx, by)
	if err != nil {
		return kit.Edit{}, err
	}
	product := kit.Field{Name: "product", Kind: kit.Select, LabelKey: "inventory.f.product", Required: true, Focus: true, Value: c.QueryParam("product")}
	for _, p := range products {
		product.Options = append(product.Options, kit.Option{
			Value: strconv.FormatInt(int64(p.ID), 10), Label: p.Name, Hint: p.Code + " · " + p.PackQty.String() + p.Unit,
		})
	}
	second := kit.Field{Name: "second", Kind: kit.Select, LabelKey: "inventory.f.second", HelpKey: "inventory.f.second.help"}
	for _, p := range people {
		second.Options = append(second.Options, kit.Option{Value: strconv.FormatInt(int64(p.ID), 10), Label: p.Name, Hint: p.Title})
	}
	return kit.Edit{Action: "/stock/receive", SubmitKey: "inventory.receive.do", CancelURL: "/stock", DraftKey: "lot.receive", Fields: []kit.Field{
		product,
		{Name: "lot", Kind: kit.Scan, LabelKey: "inventory.f.lot", HelpKey: "inventory.f.lot.help", Required: true},
		{Name: "expires", Kind: kit.Day, LabelKey: "inventory.f.expires"},
		{Name: "packs", Kind: kit.Number, LabelKey: "inventory.f.packs", Required: true, Value: "1"},
		{Name: "supplier", Kind: kit.Text, LabelKey: "inventory.f.supplier", Required: true},
		{Name: "invoice", Kind: kit.Text, LabelKey: "inventory.f.invoice", Required: true},
		{Name: "registration", Kind: kit.Text, LabelKey: "inventory.f.registration", HelpKey: "inventory.f.registration.help", Required: true},
		{Name: "celsius", Kind: kit.Decimal, LabelKey: "inventory.f.celsius", HelpKey: "inventory.f.celsius.help", Unit: "℃"},
		{Name: "traces", Kind: kit.Area, LabelKey: "inventory.f.codes", HelpKey: "inventory.f.codes.help", Wide: true, Rows: 4},
		second,
		{Name: "pin", Kind: kit.PIN, LabelKey: "inventory.f.second_pin"},
	}}, nil
}

func (h room) receive(c echo.Context) error {
	f := kit.Read(c)
	in := shelf.Receive{
		Product: term.ProductID(f.ID("product")), Lot: f.Text("lot"), Expires: f.Day("expires"), Packs: f.Int("packs"),
		Supplier: f.Text("supplier"), Invoice: f.Text("invoice"), Registration: f.Text("registration"),
		Celsius: f.Text("celsius"), Codes: strings.Split(f.Text("traces"), "\n"),
		Second: term.StaffID(f.ID("second")), SecondPIN: f.Text("pin"),
	}
	err := f.Err()
	var id term.LotID
	if err == nil {
		id, err = h.Receive(c.Request().Context(), kit.Who(c), in)
	}
	if said, ok := kit.Refused(c, err); ok {
		return h.drawReceive(c, said.Status, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "inventory.receive.done", nil, "/stock/lot/%d", id)
}
