package procedure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/readiness"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// other puts another client's treatment into a state, in a room with a device.
func (h *house) other(state term.TreatmentState, room term.RoomID, device term.DeviceID) (t store.Treatment) {
	h.t.Helper()
	h.write(func(tx *store.Tx) (err error) {
		if t, err = storetest.Treat(tx, h.item.ID); err != nil {
			return err
		}
		t.State, t.Room, t.Device, t.Operator, t.StartedAt = state, room, device, h.StaffID("nurse"), tx.Now()
		return tx.SaveTreatment(&t)
	})
	return t
}

// A room in which a client lies is neither assigned, nor disinfected, nor used by the next one;
// after that client it is disinfected anew (REG-INF-01).
func TestARoomHoldsOneClient(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.gated()
	lying := h.other(term.TreatmentTimedOut, h.room, 0)
	h.fill("doctor", "timeout", timeOutAnswers, h.second("nurse")...).Want(409, "REG-INF-01", lying.Number)
	h.As("nurse").Get(h.path("")).Want(200, "正在使用", lying.Number).Not("全部就绪")
	h.As("nurse").Get(h.path("/assign")).Want(200, "✗ T-room", lying.Number).Not("✓ T-room")
	h.As("nurse").Post(h.path("/assign"), "operator", itoa(h.StaffID("doctor")), "nurse", itoa(h.StaffID("nurse")), "room", itoa(h.room)).
		Want(409, "REG-INF-01", lying.Number)
	ready := "/ready/room/" + itoa(h.room)
	h.As("nurse").Post(ready, "method", "wipe", "minutes", "30").Want(409, "REG-INF-01", lying.Number)
	h.As("nurse").Post("/ready/rooms", "room", itoa(h.room)).Want(409, "REG-INF-01", lying.Number)

	h.write(func(tx *store.Tx) error { // that client leaves the room
		now, err := tx.Treatment(lying.ID)
		require.NoError(t, err)
		now.State = term.TreatmentSignedOut
		require.NoError(t, tx.SaveTreatment(&now))
		return readiness.UseRoom(tx, h.room)
	})
	h.fill("doctor", "timeout", timeOutAnswers, h.second("nurse")...).Want(409, "REG-INF-01")
	h.As("nurse").Direct().Post(ready, "method", "wipe", "minutes", "30").Want(303)
	h.fill("doctor", "timeout", timeOutAnswers, h.second("nurse")...).Want(303)
	h.post("nurse", "/start")
	h.fill("doctor", "record", recordAnswers).Want(303)
	h.post("nurse", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	h.As("nurse").Post(ready, "method", "wipe", "minutes", "30").Want(409, "REG-INF-01")
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(303)
	h.read(func(r *store.Read) error {
		require.Error(t, readiness.RoomReady(r, h.room), "the end of a use ends the disinfection")
		require.NoError(t, readiness.RoomFree(r, h.room, 0))
		return nil
	})
}

// A device is with one client at a time.
func TestADeviceServesOneClient(t *testing.T) {
	t.Parallel()
	h := open(t, "LSR-QS-PIG")
	var machine store.Device
	var elsewhere store.Room
	h.write(func(tx *store.Tx) error {
		machine = store.Device{
			Number: "D-7", Name: "激光", Kind: h.item.DeviceKind, Registration: "R", State: "in_use",
			MaintenanceDueOn: "2027-01-01", CalibrationDueOn: "2027-01-01",
		}
		elsewhere = store.Room{Name: "T-other", Kind: h.item.RoomKind, State: "open"}
		if err := tx.AddRoom(&elsewhere); err != nil {
			return err
		}
		return tx.AddDevice(&machine)
	})
	lying := h.other(term.TreatmentInProgress, elsewhere.ID, machine.ID)
	form := []string{"operator", itoa(h.StaffID("doctor")), "room", itoa(h.room), "device", itoa(machine.ID)}
	h.As("nurse").Post(h.path("/assign"), form...).Want(409, "REG-DEV-13", lying.Number)
	h.As("nurse").Get(h.path("/assign")).Want(200, "✗ 激光", lying.Number)
	h.write(func(tx *store.Tx) error {
		now, err := tx.Treatment(lying.ID)
		now.State = term.TreatmentObserving
		require.NoError(t, err)
		return tx.SaveTreatment(&now)
	})
	h.post("nurse", "/assign", form...)
}

// That the operator does another treatment is a red row before the time-out, which is refused
// too; it is not found out at the start.
func TestTheOperatorIsFreeBeforeTheTimeOut(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.gated()
	busy := h.other(term.TreatmentScheduled, 0, 0)
	h.write(func(tx *store.Tx) error {
		busy.State, busy.Operator = term.TreatmentInProgress, h.StaffID("doctor")
		return tx.SaveTreatment(&busy)
	})
	h.As("nurse").Get(h.path("")).Want(200, "操作者空闲", busy.Number).Not("全部就绪")
	h.fill("doctor", "timeout", timeOutAnswers, h.second("nurse")...).Want(409, "S5-02", busy.Number)
	h.write(func(tx *store.Tx) error {
		busy.State = term.TreatmentObserving
		return tx.SaveTreatment(&busy)
	})
	h.As("nurse").Get(h.path("")).Want(200).Not("操作者空闲")
	h.fill("doctor", "timeout", timeOutAnswers, h.second("nurse")...).Want(303)
	h.post("nurse", "/start")
}
