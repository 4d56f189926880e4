package web_test

import (
	"testing"

	"meixu/ui/uitest"
)

// TestAClientInHandLocksNobodyOut: whoever holds a handed-over tablet guesses at that tablet alone. The
// person who gave it unlocks and confirms by PIN elsewhere as before, and takes the tablet back by the
// password.
func TestAClientInHandLocksNobodyOut(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tablet, desk := site.OnTablet("nurse").Direct(), site.As("nurse")
	tablet.HandOver("/form/7")
	for range 5 {
		tablet.Post("/reclaim", "pin", "9713").Want(422)
	}
	tablet.Post("/reclaim", "pin", uitest.PIN).Want(429)
	desk.Post("/lock")
	desk.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(200).At("/profile")
	tablet.Post("/reclaim", "pin", uitest.PIN).Want(429) // what opens elsewhere gives the client no new tries
	tablet.Post("/reclaim", "password", uitest.Password).Want(303)
	tablet.HandOver("/form/8")
	tablet.Post("/reclaim", "pin", uitest.PIN).Want(303)
}
