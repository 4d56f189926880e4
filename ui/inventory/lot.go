package inventory

import (
	"net/http"

	"github.com/labstack/echo/v4"

	shelf "meixu/app/inventory"
	"meixu/store/term"
	"meixu/ui/kit"
)

type lotView struct {
	shelf.LotView
	Badge   kit.Badge
	HeldBy  kit.Badge
	Hold    kit.Edit
	Release kit.Edit
	Count   kit.Edit
	Refusal *kit.Refusal
}

// PageTitle is the product and the lot.
func (v lotView) PageTitle() string { return v.Product.Name + " · " + v.Lot.Lot }

var lotPage = kit.New[lotView](pages, "lot.html", "counts_rows.html")

func lotID(c echo.Context) term.LotID { return term.LotID(kit.ParamID(c, "id")) }

func (h room) lot(c echo.Context) error {
	return h.drawLot(c, http.StatusOK, nil, kit.Said{})
}

func (h room) drawLot(c echo.Context, status int, f *kit.Form, said kit.Said) error {
	id := lotID(c)
	found, err := h.Lot(c.Request().Context(), kit.Who(c), id)
	if err != nil {
		return err
	}
	v := lotView{LotView: found, Badge: expiryBadges[found.Expiry], HeldBy: heldBadge(found.State), Refusal: said.Refusal}
	base := "/stock/lot/" + c.Param("id")
	v.Hold = kit.Edit{Action: base + "/hold", SubmitKey: "inventory.hold.do", Danger: true, Fields: []kit.Field{
		{Name: "hold_state", Kind: kit.Chips, LabelKey: "inventory.hold.as", Required: true, Value: shelf.StateQuarantine, Options: []kit.Option{
			{Value: shelf.StateQuarantine, LabelKey: "inventory.lot.quarantine"}, {Value: shelf.StateRecalled, LabelKey: "inventory.lot.recalled"},
		}},
		{Name: "hold_reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true},
	}}
	v.Release = kit.Edit{Action: base + "/release", SubmitKey: "inventory.release.do", Fields: []kit.Field{
		{Name: "release_reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true},
	}}
	v.Count = kit.Edit{Action: base + "/count", SubmitKey: "inventory.count.do", Seen: found.Seen, Fields: []kit.Field{
		{Name: "count_qty", Kind: kit.Decimal, LabelKey: "inventory.count.f", HelpKey: "inventory.count.help", Required: true, Unit: found.Product.Unit},
		{Name: "count_note", Kind: kit.Text, LabelKey: "inventory.count.note"},
	}}
	if f != nil {
		for _, e := range []*kit.Edit{&v.Hold, &v.Release, &v.Count} {
			if f.Has(e.Fields[0].Name) || f.Has(e.Fields[len(e.Fields)-1].Name) {
				*e = e.Filled(f.Values(), said.Faults)
			}
		}
	}
	return lotPage.Draw(c, status, "inventory.lot.title", v)
}

// answer redraws the lot's page with what was wrong, or goes on.
func (h room) answer(c echo.Context, f *kit.Form, err error, prefix, flash string) error {
	if said, ok := kit.Outdated(c, err); ok {
		said = said.Prefixed(prefix)
		return h.drawLot(c, said.Status, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, flash, nil, "/stock/lot/%d", lotID(c))
}

func (h room) hold(c echo.Context) error {
	f := kit.Read(c)
	in := shelf.Hold{Lot: lotID(c), State: f.Text("hold_state"), Reason: f.Text("hold_reason")}
	return h.answer(c, f, h.Hold(c.Request().Context(), kit.Who(c), in), "hold_", "inventory.hold.done")
}

func (h room) release(c echo.Context) error {
	f := kit.Read(c)
	err := h.Release(c.Request().Context(), kit.Who(c), lotID(c), f.Text("release_reason"))
	return h.answer(c, f, err, "release_", "inventory.release.done")
}

func (h room) count(c echo.Context) error {
	f := kit.Read(c)
	in := shelf.Count{Lot: lotID(c), Qty: f.Text("count_qty"), Note: f.Text("count_note")}
	_, err := h.Count(c.Request().Context(), kit.Who(c), in)
	return h.answer(c, f, err, "count_", "inventory.count.done")
}

type countsView struct {
	Counts  []shelf.CountLine
	Refusal *kit.Refusal
	Faults  kit.Said
	Bad     int64 // the count whose form was wrong
	Typed   string
}

var countsPage = kit.New[countsView](pages, "counts.html")

func (h room) counts(c echo.Context) error {
	return h.drawCounts(c, http.StatusOK, countsView{})
}

func (h room) drawCounts(c echo.Context, status int, v countsView) (err error) {
	if v.Counts, err = h.OpenCounts(c.Request().Context(), kit.Who(c)); err != nil {
		return err
	}
	return countsPage.Draw(c, status, "inventory.counts.title", v)
}

func (h room) decide(c echo.Context) error {
	f := kit.Read(c)
	in := shelf.Decide{Count: kit.ParamID(c, "id"), Approve: f.Text("answer") == "approve", Reason: f.Text("reason")}
	err := h.Decide(c.Request().Context(), kit.Who(c), in)
	if said, ok := kit.Outdated(c, err); ok {
		return h.drawCounts(c, said.Status, countsView{Refusal: said.Refusal, Faults: said, Bad: in.Count, Typed: in.Reason})
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "inventory.counts.done", nil, "/stock/counts")
}
