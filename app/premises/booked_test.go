package premises_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/fault"
	"meixu/app/premises"
	"meixu/store"
	"meixu/store/term"
)

// A room in which clients are still expected is closed only when they were moved elsewhere.
func TestARoomWithBookingsStaysOpen(t *testing.T) {
	t.Parallel()
	h := open(t)
	id, other := h.room("光电室"), h.room("备用室")
	list := []store.Appointment{{State: term.AppointmentConfirmed}, {State: term.AppointmentRequested}, {State: term.AppointmentCancelled}}
	h.write(func(tx *store.Tx) error {
		lead := store.Lead{Name: "李静", Phone: "13800008817", Channel: "phone", State: "open"}
		require.NoError(t, tx.AddLead(&lead))
		for i := range list {
			a := &list[i]
			a.Lead, a.Room, a.StartsAt = lead.ID, id, tx.Now().Add(time.Duration(i+1)*24*time.Hour)
			a.EndsAt = a.StartsAt.Add(time.Hour)
			require.NoError(t, tx.AddAppointment(a))
		}
		return nil
	})
	shut := premises.RoomState{Room: id, Version: 1, State: premises.RoomClosed, Reason: "装修"}
	err := h.steward.SetRoom(t.Context(), h.manager, shut)
	require.Equal(t, "premises.room.booked", said(err))
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	require.Contains(t, e.Say("zh"), "2 个预约")
	require.Equal(t, "/reception/appointments?day=2026-03-03&room=1", e.Where)

	h.write(func(tx *store.Tx) error {
		list[0].Room, list[1].State = other, term.AppointmentNoShow
		require.NoError(t, tx.SaveAppointment(&list[0]))
		return tx.SaveAppointment(&list[1])
	})
	require.NoError(t, h.steward.SetRoom(t.Context(), h.manager, shut))
}
