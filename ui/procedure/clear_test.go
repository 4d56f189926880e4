package procedure_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The final check shows what stands out and folds the plain "no"; it may end in "not today",
// with the reason, which keeps the gate red and takes an earlier clearance back.
func TestTheFinalCheckMayHold(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.readiness()
	h.fill("nurse", "today", with(todayAnswers, "menstruating", "yes", "ate", "no")).Want(303)
	page := h.As("doctor").Get(h.path("/clear")).Want(200, "全部为否的 8 项", "暂不治疗").Body
	told, folded, _ := strings.Cut(page, "全部为否的 8 项")
	require.Contains(t, told, "月经期</dt>")
	require.Contains(t, told, "已进食")
	require.NotContains(t, told, "感冒发热")
	require.Contains(t, folded, "感冒发热")
	require.NotContains(t, page, `checked=""`, "the verdict is hers alone")
	h.As("doctor").Post(h.path("/clear"), "note", "量少，客户坚持").Want(422, "请选择结论", "量少，客户坚持")
	require.Contains(t, h.As("doctor").Get(h.path("")).Want(200).Body, `id="step-S4-05"`)
	h.As("doctor").Post(h.path("/clear"), "verdict", "hold", "note", "").Want(422, "为什么暂不治疗")
	h.post("doctor", "/clear", "verdict", "pass", "note", "量少，客户坚持")
	require.NotContains(t, h.As("doctor").Get(h.path("")).Want(200).Body, `id="step-S4-05"`)
	h.post("doctor", "/clear", "verdict", "hold", "note", "头晕，改日")
	h.As("nurse").Get(h.path("")).Want(200, `id="step-S4-05"`, "判定暂不治疗：头晕，改日")
	h.post("doctor", "/clear", "verdict", "pass", "note", "休息后好转")
	require.NotContains(t, h.As("doctor").Get(h.path("")).Want(200).Body, `id="step-S4-05"`)
}
