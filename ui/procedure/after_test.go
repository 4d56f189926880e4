package procedure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/task"
	"meixu/store"
	"meixu/store/term"
)

func (h *house) signTask() (found store.Task) {
	h.t.Helper()
	h.read(func(r *store.Read) error {
		list, err := r.TasksOfVisit(h.now().Visit)
		for _, x := range list {
			if x.Kind == task.SignRecord {
				found = x
			}
		}
		return err
	})
	return found
}

func TestAnUnsignedRecordIsATaskOfADay(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.through()
	got := h.signTask()
	require.Equal(t, store.TaskOpen, got.State)
	require.Equal(t, h.StaffID("doctor"), got.Staff)
	require.Equal(t, 24*time.Hour, got.DueAt.Sub(h.now().FinishedAt))

	h.Clock.Forward(25 * time.Hour)
	h.write(func(tx *store.Tx) error {
		n, err := task.Escalate(tx)
		require.Positive(t, n, "quality hears of it (REG-EMR-02)")
		return err
	})
	require.Equal(t, "quality", h.signTask().EscalatedTo)
	h.post("doctor", "/sign")
	require.Equal(t, store.TaskDone, h.signTask().State)
}

func TestObservation(t *testing.T) {
	t.Parallel()
	h := open(t, "INJ-HYAL")
	require.Positive(t, h.item.ObserveMinutes)
	h.write(func(tx *store.Tx) error {
		at := h.now()
		at.State, at.Operator = term.TreatmentObserving, h.StaffID("doctor")
		at.StartedAt, at.FinishedAt = tx.Now(), tx.Now()
		at.ObserveUntil = tx.Now().Add(time.Duration(h.item.ObserveMinutes) * time.Minute)
		return tx.SaveTreatment(&at)
	})
	h.As("nurse").Get(h.path("")).Want(200, "还需观察 30 分钟", "术中反应")
	h.post("nurse", "/react", "sign", "vitals", "pulse", "72", "spo2", "99", "high", "118", "low", "76")
	h.As("nurse").Get(h.path("")).Want(200, "118/76 mmHg", "SpO₂ 99%")
	answers := map[string]string{
		"vitals.0.at": "09:05", "vitals.0.pain": "1", "vitals.0.colour": "same", "colour": "same", "refill_s": "2", "vision_ok": "yes",
		"pain_odd": "no", "allergy": "no", "stable": "yes", "no_bleed": "yes", "guide": "yes", "redcard": "yes", "walk": "yes",
		"nurse_sign": drawn,
	}
	h.fill("nurse", "observe", answers).Want(409, "S5-10")
	h.Clock.Forward(29 * time.Minute)
	h.refused("S5-10", "nurse", "/release")
	h.Clock.Forward(time.Minute)
	h.fill("nurse", "observe", answers).Want(303)
	require.Equal(t, store.StampDone, h.stamps()["S5-10"])
}

func TestACompanionIsConfirmed(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.As("front").Post(h.path("/companion"), "name", "王先生", "call", "123").Want(422, `value="王先生"`, "打通的电话")
	h.As("front").Direct().Post(h.path("/companion"), "name", "王先生", "kin", "丈夫", "call", "13800001111").Want(303)
	h.read(func(r *store.Read) error {
		notes, err := r.TreatmentNotes(h.id)
		require.Len(t, notes, 1)
		require.Contains(t, notes[0].Body.Text, "王先生")
		return err
	})
}
