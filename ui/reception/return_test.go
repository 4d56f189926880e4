package reception_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
)

// TestABookingComesBackAsANewOne: a booking that was given up takes its slot again only where a new one
// could: not beside somebody who has it, also while it runs, and not for whom or with whom nothing may be
// booked any more.
func TestABookingComesBackAsANewOne(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	li, wang := withFile(t, l.Site, "李静", "13800008817"), withFile(t, l.Site, "王敏", "13800008818")
	gone := func(in term.ClientID, day, hour, minute int) string {
		a, err := l.book(t, l.want(in, march(l.Site, day, hour, minute)))
		require.NoError(t, err)
		path := fmt.Sprintf("/reception/appointments/%d", a.ID)
		l.As("front").Post(path+"/cancel", "_reason", "改期").Want(http.StatusOK)
		return path
	}
	first, later := gone(li, 0, 14, 0), gone(li, 1, 14, 0)
	_, err := l.book(t, l.want(wang, march(l.Site, 0, 14, 20)))
	require.NoError(t, err)

	l.As("front").Post(first+"/restore", "_reason", "又能来了").Want(http.StatusConflict, "王敏")
	until(l.Site, 14, 5)
	l.As("front").Post(first+"/restore", "_reason", "又能来了").Want(http.StatusConflict, "王敏")
	until(l.Site, 16, 0)
	l.As("front").Post(first+"/restore", "_reason", "其实来过").Want(http.StatusOK)

	blocked := func(state string) {
		written(t, l.Site, func(tx *store.Tx) error {
			c, err := tx.Client(li)
			if err != nil {
				return err
			}
			c.State = state
			return tx.SaveClient(&c)
		})
	}
	blocked("blocked")
	l.As("front").Post(later+"/restore", "_reason", "又能来了").Want(http.StatusConflict, "不能预约")
	blocked("active")
	works := func(active bool) {
		written(t, l.Site, func(tx *store.Tx) error {
			s, err := tx.Staff(l.StaffID("doctor"))
			if err != nil {
				return err
			}
			s.Active = active
			return tx.SaveStaff(&s)
		})
	}
	works(false)
	l.As("front").Post(later+"/restore", "_reason", "又能来了").Want(http.StatusConflict)
	require.Equal(t, term.AppointmentCancelled, slotOf(t, l.Site, 2).State)
	works(true)
	l.As("front").Post(later+"/restore", "_reason", "又能来了").Want(http.StatusOK)
	require.Equal(t, term.AppointmentConfirmed, slotOf(t, l.Site, 2).State)
}

// TestAnOverlappedBookingIsUnconfirmed: what a manager let in beside another booking holds its slot, and
// is set back from confirmed all the same.
func TestAnOverlappedBookingIsUnconfirmed(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	li, wang := withFile(t, l.Site, "李静", "13800008817"), withFile(t, l.Site, "王敏", "13800008818")
	_, err := l.book(t, l.want(li, march(l.Site, 0, 14, 0)))
	require.NoError(t, err)
	in := l.want(wang, march(l.Site, 0, 14, 10))
	in.Overlap, in.Confirmed = true, true
	manager := l.Actor("manager")
	manager.Reason = "一起来的"
	id, err := l.App.Rooms.Desk.Book(t.Context(), manager, in)
	require.NoError(t, err)
	l.As("front").Post(fmt.Sprintf("/reception/appointments/%d/restore", id), "_reason", "点错").Want(http.StatusOK)
	require.Equal(t, term.AppointmentRequested, slotOf(t, l.Site, id).State)
}
