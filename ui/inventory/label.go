package inventory

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/store/term"
	"meixu/ui/kit"
)

// labelsMost bounds the labels of one print.
const labelsMost = 60

// labelView are the labels of a lot, 40 × 30 mm each.
type labelView struct {
	Lot      term.LotID
	Product  string
	Number   string
	Expires  term.Day
	Received term.Instant
	Storage  string
	Code     kit.QR
	Count    int
}

// Labels is one entry a label.
func (v labelView) Labels() []struct{} { return make([]struct{}, v.Count) }

// Counts are how many labels are offered.
func (labelView) Counts() []int { return []int{1, 6, 12, 24} }

var labelPage = kit.New[labelView](pages, "label.html").As(kit.Print)

// label draws the labels of a lot, with a code that the house's scanner reads.
func (h room) label(c echo.Context) error {
	found, err := h.Lot(c.Request().Context(), kit.Who(c), lotID(c))
	if err != nil {
		return err
	}
	v := labelView{
		Lot: found.Lot.ID, Product: found.Product.Name, Number: found.Lot.Lot, Expires: found.Lot.ExpiresOn,
		Received: found.Lot.ReceivedAt, Storage: found.Product.Storage,
		Count: min(max(kit.ReadQuery(c).Int("n"), 1), labelsMost),
	}
	text, gs1 := found.Elements()
	draw := kit.NewQR
	if gs1 {
		draw = kit.NewGS1
	}
	if v.Code, err = draw(text); err != nil {
		return err
	}
	return labelPage.Draw(c, http.StatusOK, "inventory.label", v)
}
