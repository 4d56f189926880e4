package procedure_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheGateBeginsWithTheSignIn(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	page := h.As("nurse").Get(h.path("")).Want(200, "术前核对还没有做").Body
	require.Less(t, strings.Index(page, `id="step-F18"`), strings.Index(page, `id="step-S5-01"`))
	h.ready()
	h.As("nurse").Get(h.path("")).Want(200).Not(`id="step-F18"`)
}

func TestTheFinalCheckShowsWhatItJudges(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.As("doctor").Get(h.path("/clear")).Want(200, "还没有今日回答")
	h.fill("nurse", "today", todayAnswers).Want(303)
	h.As("doctor").Get(h.path("/clear")).Want(200, "感冒发热").Not("还没有今日回答")
}

// Of two who start at once the second reads who did it and when.
func TestTheLoserOfARaceReadsWho(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.ready()
	h.post("nurse", "/start")
	h.As("nurse").Post(h.path("/start")).Want(409, "操作中", "T-nurse 在 09:00 完成了 S5-02", "不能再")
}

func TestTheChecksAreNumberedAsShown(t *testing.T) {
	t.Parallel()
	h := begun(t)
	h.As("doctor").Get(h.path("/form/signout")).Want(200, `data-form-code="F20"`).Not("①", "②", "④")
	h = open(t, toxin)
	h.As("doctor").Get(h.path("/form/timeout")).Want(200).Not("L1、L2")
}

func TestNothingTakenIsSaid(t *testing.T) {
	t.Parallel()
	h := open(t, "SK-ACNE")
	h.write(h.running)
	h.As("nurse").Get(h.path("/counts")).Want(200, "没有领用产品").Not("毒性药品弃置必须双人")
}

func TestASignedRecordDrawsItsPoints(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.through()
	h.post("doctor", "/sign")
	h.As("doctor").Get(h.path("/form/record")).Want(200, `class="spot" cx="0.5" cy="0.3"`).Not("横坐标")
}
