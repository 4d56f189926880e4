package procedure_test

import (
	"testing"
	"time"

	"meixu/store"
	"meixu/store/term"
)

// beside adds a further treatment of the visit; one that was begun ago is over.
func (h *house) beside(code, area string, begun ...time.Duration) term.TreatmentID {
	h.t.Helper()
	first := h.now()
	t := store.Treatment{Visit: first.Visit, Client: first.Client, Line: first.Line, SessionNo: 1, Area: area, State: term.TreatmentScheduled}
	h.write(func(tx *store.Tx) error {
		item, err := tx.ItemByCode(code)
		if err != nil {
			return err
		}
		t.Item = item.ID
		for _, ago := range begun {
			t.State, t.StartedAt = term.TreatmentReleased, tx.Now().Add(-ago)
			t.FinishedAt, t.ReleasedAt = t.StartedAt, t.StartedAt
		}
		return tx.AddTreatment(&t)
	})
	return t.ID
}

// TestLaserAfterAnInjectionWantsAReason: toxin a few minutes ago on the same face stands against
// light today; the lead physician goes on with a written reason, and a further injection asks
// again (aftercare.md section 3).
func TestLaserAfterAnInjectionWantsAReason(t *testing.T) {
	t.Parallel()
	h := open(t, "LSR-IPL")
	h.beside(toxin, "眉间", 10*time.Minute)
	h.fill("nurse", "today", todayAnswers).Want(303)
	h.As("doctor").Get(h.path("/clear")).Want(200, "肉毒毒素注射·眉间纹", "光电治疗应间隔 24 小时", "相对禁忌")
	h.As("doctor").Post(h.path("/clear"), "verdict", "pass", "note", "").Want(422, "请写明为什么仍可治疗")
	h.post("doctor", "/clear", "verdict", "pass", "note", "避开注射区，低能量")
	h.As("nurse").Get(h.path("")).Want(200).Not(`id="step-S4-05"`)
	h.beside("INJ-HA-CHIN", "颏部", time.Minute)
	h.As("nurse").Get(h.path("")).Want(200, `id="step-S4-05"`, "透明质酸填充·颏部", "应间隔 14 天")
	h.post("doctor", "/clear", "verdict", "pass", "note", "避开注射区，低能量")
	h.As("nurse").Get(h.path("")).Want(200).Not(`id="step-S4-05"`)
}
