package reception_test

import (
	"fmt"
	"net/http"
	"testing"

	"meixu/ui/uitest"
)

// TestTheNumberOnPaper: a slip for the client's hand, without name, phone or what for.
func TestTheNumberOnPaper(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	visit := arrived(t, s, filed(t, s, "林晚秋", "13800008817"))
	page := fmt.Sprintf("/reception/visit/%d", visit)
	front := s.As("front")
	front.Get(page).Want(http.StatusOK, `action="`+page+`/ticket"`, "打印排队号")
	front.Post(page+"/ticket").Want(http.StatusOK, "C01", "扫码看进度").Not("补打")
	front.Post(page+"/ticket").Want(http.StatusOK, "补打")
	s.As("nurse").Post(page + "/ticket").Want(http.StatusForbidden)
	front.Get(page+"/ticket").Want(http.StatusOK, `class="slip slip-ticket"`, "C01", "林**", "2026-03-02 09:00").
		Not("林晚秋", "8817", "顾问", "⟦")
	front.Get(page+"/ticket?roll=58").Want(http.StatusOK, `class="slip narrow slip-ticket"`)
	front.Get("/reception/visit/999/ticket").Want(http.StatusNotFound)
	s.As("stock").Get(page + "/ticket").Want(http.StatusForbidden)
}
