package reception_test

import (
	"net/http"
	"testing"

	"meixu/ui/uitest/day"
)

// TestWhatIsSignedIsNotRefused: when every consent is signed the visit can be left, and nobody can
// record that one was refused, neither by the page nor by its route.
func TestWhatIsSignedIsNotRefused(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Papered)
	pages := []string{"/reception/visit/{visit}", "/visit/{visit}"}
	for _, page := range pages {
		d.As("front").Get(d.Fill(page)).Want(http.StatusOK, "客户拒签同意书", "客户提前离开")
	}
	d.To(day.Signed)
	for _, page := range pages {
		d.As("front").Get(d.Fill(page)).Want(http.StatusOK, "客户提前离开").Not("客户拒签同意书")
	}
	refused := d.As("front").Post(d.Fill("/reception/visit/{visit}/refuse"), "reason", "不想签")
	refused.Want(http.StatusConflict, "同意书都已签署", "REG-CON-03")
	d.As("front").Post(d.Fill("/reception/visit/{visit}/leave"), "reason", "临时有事").Want(http.StatusOK)
}
