package gates_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest/day"
)

// warned are the pages on which somebody is about to do something with a client: from the booking
// to the check-out (row:C4).
var warned = []string{
	"front /reception/appointments/new?client={client}", "front /reception/calendar/new?client={client}",
	"front /reception/appointments/{appointment}", "front /reception/calendar/booking/{appointment}",
	"front /reception/appointments/series?client={client}", "front /reception/waits/new?client={client}",
	"front /reception/arrive?client={client}", "front /reception/visit/{visit}", "front /client/{client}",
	"front /client/{client}/edit", "front /form/visit/{visit}", "consultant /consultation/{visit}", "doctor /consultation/{visit}",
	"consultant /consultation/{visit}/need", "doctor /consultation/{visit}/exam", "consultant /plan/{plan}", "doctor /plan/{plan}",
	"nurse /procedure/{treatment}", "doctor /procedure/{treatment}", "nurse /procedure/{treatment}/identity",
	"nurse /procedure/{treatment}/lots", "nurse /procedure/{treatment}/photos", "doctor /procedure/{treatment}/clear",
	"nurse /procedure/{treatment}/stop", "doctor /visit/{visit}", "cashier /till/{order}", "cashier /till/{order}/refund",
	"manager /clients/{client}/merge",
}

// TestNobodyOverlooksADanger opens each page as who works on it: whoever treats and advises reads
// the red words, everybody else is told that there are some, and no page has a way to put them away.
func TestNobodyOverlooksADanger(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Paid)
	slot := store.Appointment{Client: d.Client, Item: d.Item.ID, Staff: d.StaffID("doctor"), State: "confirmed"}
	d.Write(func(tx *store.Tx) error {
		c, err := tx.Client(d.Client)
		require.NoError(t, err)
		c.Allergies, c.Alerts, c.Tier = []string{"青霉素"}, []string{"妊娠期"}, "gold"
		c.Birth = "1994-" + tx.Today().Add(3)[5:]
		require.NoError(t, tx.SaveClient(&c))
		slot.StartsAt = tx.Now().Add(26 * time.Hour)
		slot.EndsAt = slot.StartsAt.Add(time.Hour)
		return tx.AddAppointment(&slot)
	})
	for _, line := range warned {
		login, path, _ := strings.Cut(line, " ")
		path = d.Fill(strings.ReplaceAll(path, "{appointment}", fmt.Sprint(slot.ID)))
		browser := d.As(login)
		if strings.HasPrefix(path, "/reception/calendar/") { // a drawer beside the calendar
			browser = browser.Direct().With("HX-Request", "true").With("HX-Request-Type", "partial")
		}
		page := browser.Get(path).Want(http.StatusOK)
		words := []string{"青霉素", "妊娠期"}
		if !d.Actor(login).Sees("allergies") {
			words = []string{"有健康警示"}
		}
		for _, word := range append(words, "金卡", "7 天内生日") {
			if !strings.Contains(page.Body, word) {
				t.Errorf("%s does not say %s", line, word)
			}
		}
	}
}
