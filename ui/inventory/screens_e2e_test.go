//go:build e2e

package inventory_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	shelf "meixu/app/inventory"
	"meixu/ui/uitest"
)

// TestScreens opens the shelf in a real browser: no serious fault of access, and a count of
// one person appears on another's screen by itself.
func TestE2EScreens(t *testing.T) {
	s := uitest.New(t)
	lot := filler(s)
	_, err := s.App.Rooms.Stock.Receive(t.Context(), s.Actor("stock"), shelf.Receive{
		Product: productOf(s, "P-BTX").ID, Lot: "C4821", Expires: "2026-12-31", Packs: 6, Supplier: "国药", Invoice: "F-2",
		Registration: "国药准字S20171003", Celsius: "4.5", Codes: []string{"81234567890123456789"}, Second: s.StaffID("manager"), SecondPIN: uitest.PIN,
	})
	require.NoError(t, err)
	desk := s.Screen("stock", uitest.PC)
	desk.Open("/stock").Axe().Shot("stock")
	require.NoError(t, s.App.Rooms.Stock.Hold(t.Context(), s.Actor("nurse"), shelf.Hold{Lot: lot, State: shelf.StateQuarantine, Reason: "破损"}))
	desk.WaitText("待查隔离")
	desk.Open("/stock/receive").Axe().Shot("receive")
	desk.Open("/stock/lot/" + id(lot)).Axe().Shot("lot")
	desk.Open("/stock/lot/" + id(lot) + "/label?n=6").Shot("label")
	labels := desk.Sheets()
	require.Len(t, labels, 6, "a label a sheet")
	require.InDelta(t, 40/25.4*72, labels[0].Width, 2, "40 mm wide")
	require.InDelta(t, 30/25.4*72, labels[0].Height, 2, "30 mm high")
	s.As("nurse").Post("/stock/lot/"+id(lot)+"/count", "count_qty", "1.5", "count_note", "二层").Want(http.StatusOK)
	s.Screen("manager", uitest.PC).Open("/stock/counts").Axe().Shot("counts")
}
