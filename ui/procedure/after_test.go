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
	h.fill("nurse", "observe", observeAnswers).Want(409, "S5-10")
	h.Clock.Forward(29 * time.Minute)
	h.refused("S5-10", "nurse", "/release")
	h.Clock.Forward(time.Minute)
	h.fill("nurse", "observe", observeAnswers).Want(303)
	require.Equal(t, store.StampDone, h.stamps()["S5-10"])
}

// A draft of the observation lets nobody leave; red answers alarm the physicians, even in a
// draft, and hold the client until a physician closed them or a further observation is clean.
func TestNobodyLeavesOnADraftOfTheObservation(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.through()
	page := h.path("/form/observe")
	red := with(observeAnswers, "colour", "pale")
	h.fill("nurse", "observe", red).Want(409, "S5-10") // too early to be signed
	require.Len(t, h.flags(), 1, "the alarm is given at once all the same")
	h.fill("nurse", "observe", observeAnswers, "_step", "save").Want(303)
	h.Clock.Forward(time.Duration(h.item.ObserveMinutes) * time.Minute)
	h.refused("S5-10", "nurse", "/release")
	require.Equal(t, store.StampOpen, h.stamps()["S5-10"])
	h.As("nurse").Get(h.path("")).Want(200, "草稿不算", page)

	h.fill("nurse", "observe", red).Want(303)
	h.refused("S5-10", "nurse", "/release")
	h.fill("nurse", "observe", observeAnswers).Want(303)
	h.refused("S6-07", "nurse", "/release")
	h.As("doctor").Direct().Post(h.flags()[0].Path() + "/take").Want(303)
	h.As("nurse").Get(page).Want(200).Not("data-submit")
	h.post("nurse", "/release")
	require.Equal(t, term.TreatmentReleased, h.now().State)
	h.As("nurse").Get(page).Want(200, "离店条件").Not("data-submit")
	h.fill("nurse", "observe", red).Want(409, "S5-10")
	h.read(func(r *store.Read) error {
		list, err := r.SOPStamps(h.now().Visit)
		for _, s := range list {
			if s.Step == "S5-10" {
				require.Equal(t, "answer", s.Ref.Noun, "the evidence is the form")
			}
		}
		return err
	})
}

// Red answers from a page that is older than what a colleague saved are an alarm all the same; the
// form is drawn anew with what was typed, and what the colleague saved stands where nothing was.
func TestARedAnswerOfAnOldPageIsAnAlarm(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.through()
	stale := []string{"_version", "77", "_seen", "x"}
	h.fill("nurse", "observe", observeAnswers, append(stale, "_step", "save")...).Want(409, "刚刚被别人改过", `data-submit`)
	require.Empty(t, h.flags(), "a clean form alarms nobody")
	h.fill("doctor", "observe", with(observeAnswers, "vitals.0.pulse", "71"), "_step", "save").Want(303)
	red := map[string]string{"colour": "pale"}
	again := h.fill("nurse", "observe", red, append(stale, "_step", "save")...).Want(409, "刚刚被别人改过", `value="71"`)
	require.Regexp(t, `value="pale"[^>]*checked`, again.Body)
	require.Len(t, h.flags(), 1)
	h.fill("nurse", "observe", map[string]string{"vision_ok": "no"}, stale...).Want(409, "刚刚被别人改过")
	require.Len(t, h.flags(), 2, "another sign has another card")
	h.fill("nurse", "observe", map[string]string{"colour": "?", "vision_ok": "no"}, stale...).Want(409)
	require.Len(t, h.flags(), 2, "the same sign belongs to the open event")
	h.Clock.Forward(time.Duration(h.item.ObserveMinutes) * time.Minute)
	h.fill("nurse", "observe", with(observeAnswers, "colour", "pale")).Want(303)
	require.Len(t, h.flags(), 2)
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
