package reception_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/crm"
	"meixu/store"
)

// TestANoToMessagesFollowsTheNumber: what somebody does not want is asked by the number, whichever file or
// inquiry a message is for; it follows her to a new one by every way that a file gets one.
func TestANoToMessagesFollowsTheNumber(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	front := l.As("front")
	li := withFile(t, l.Site, "李静", "13800008817")
	file := func() store.Client { return correctedFile(t, l.Site, li) }
	front.Post(fmt.Sprintf("/client/%d/choice", li), "choice_marketing", "on", "choice_service", "on", "choice_lang", "zh", "choice_version", "0").Want(http.StatusOK)
	refused := func(phone string) (n int) {
		read(t, l.Site, func(r *store.Read) error {
			list, err := r.ContactChoicesOfPhone(phone)
			for _, c := range list {
				if c.NoMarketing && c.NoService {
					n++
				}
			}
			return err
		})
		return n
	}
	require.Equal(t, 1, refused("13800008817"))

	front.Post(fmt.Sprintf("/reception/clients/%d/correct", li), corrected(file(), "phone", "13800008818")...).Want(http.StatusOK)
	require.Equal(t, []int{0, 1}, []int{refused("13800008817"), refused("13800008818")}, "corrected")

	guest := l.AsGuest()
	guest.Post("/book", "secret", wishing(t, guest, l.item.ID), "item", fmt.Sprint(l.item.ID), "name", "李静", "phone", "13800008819", "at", "2026-03-03@0").Want(http.StatusOK)
	front.Post("/reception/requests/1/accept", "who", fmt.Sprintf("%d:take:%d", li, file().Version), "at", fmt.Sprintf("%d@2026-03-03T09:00", l.StaffID("doctor"))).Want(http.StatusOK)
	require.Equal(t, []int{0, 1}, []int{refused("13800008818"), refused("13800008819")}, "taken from a request")

	require.NoError(t, l.App.Rooms.Book.Introduce(t.Context(), l.front, crm.IntakeIn{Secret: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Agreed: true, Told: crm.Told{
		Name: "李静", Phone: "13800008820", Gender: "female", Birth: file().Birth,
	}}))
	now := file()
	front.Post("/reception/intakes/1/take", "client", fmt.Sprint(li), "version", fmt.Sprint(now.Version), "_version", fmt.Sprint(now.Version), "field", "phone").Want(http.StatusOK)
	require.Equal(t, "13800008820", file().Phone)
	require.Equal(t, []int{0, 1}, []int{refused("13800008819"), refused("13800008820")}, "taken from what a guest told")
}
