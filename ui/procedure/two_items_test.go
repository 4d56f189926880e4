package procedure_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
)

// TestOneSetOfBaselinePhotosServesTheVisit: what shows the place before anything was done to it
// counts for every treatment; what was taken after an injection there is no baseline.
func TestOneSetOfBaselinePhotosServesTheVisit(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	first := h.id
	for _, view := range h.item.PhotoViews {
		require.Equal(t, http.StatusSeeOther, h.upload(view), view)
	}
	h.Clock.Forward(time.Minute)
	h.write(func(tx *store.Tx) error {
		x, err := tx.Treatment(first)
		if err != nil {
			return err
		}
		x.Area, x.State, x.StartedAt, x.Operator = "眉间", term.TreatmentInProgress, tx.Now(), h.StaffID("doctor")
		return tx.SaveTreatment(&x)
	})
	h.Clock.Forward(time.Minute)
	h.id = h.beside("INJ-BTX-UF", "上面部")
	h.As("nurse").Get(h.path("/photos")).Want(200, "基线 · 正面")
	h.As("nurse").Get(h.path("")).Want(200).Not("张照片", `id="step-S4-06"`)
	require.Equal(t, http.StatusConflict, h.upload("front"), "S4-06: the place was injected a minute ago")
	h.id = h.beside("INJ-HA-CHIN", "颏部")
	require.Equal(t, http.StatusSeeOther, h.upload("other"), "another place")

	late := open(t, "INJ-BTX-UF")
	late.beside(toxin, "眉间", time.Minute)
	late.write(func(tx *store.Tx) error {
		m := store.Media{
			Client: late.now().Client, Visit: late.now().Visit, Kind: "baseline", View: "front", File: "f", Hash: "00", Width: 1, Height: 1,
			Bytes: 1, TakenAt: tx.Now(), TakenBy: late.StaffID("nurse"), State: "kept",
		}
		return tx.AddMedia(&m)
	})
	late.As("nurse").Get(late.path("")).Want(200, `id="step-S4-06"`, "同一部位治疗之后才拍的照片不能作基线")
}
