package floor_test

import (
	"net/http"
	"testing"

	"meixu/ui/uitest/day"
)

// TestHomeNamesWhoseTurnItIs holds the first page to the SOP: whoever has to do the next hard
// step finds the client there, wherever the client sits.
func TestHomeNamesWhoseTurnItIs(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Talked)
	page := `href="` + d.Fill("/consultation/{visit}") + `"`

	d.As("nurse").Get("/home").Want(http.StatusOK, "林清禾", "S2-02", page)
	d.As("doctor").Get("/home").Want(http.StatusOK).Not("林清禾")

	d.Post("consultant", "/consultation/{visit}/plan").Want(http.StatusOK)
	d.To(day.Skin)
	d.As("nurse").Get("/home").Want(http.StatusOK).Not("林清禾")
	d.As("doctor").Get("/home").Want(http.StatusOK, "林清禾", "S2-05", page)
}
