package procedure_test

import (
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/task"
	"meixu/app/feedback"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// with gives the answers with some of them changed.
func with(answers map[string]string, pairs ...string) map[string]string {
	now := maps.Clone(answers)
	for i := 0; i < len(pairs); i += 2 {
		now[pairs[i]] = pairs[i+1]
	}
	return now
}

// begun is a treatment in progress.
func begun(t *testing.T) *house {
	t.Helper()
	h := open(t, toxin)
	h.ready()
	h.post("nurse", "/start")
	return h
}

func (h *house) stock1() (left int64) {
	h.t.Helper()
	h.read(func(r *store.Read) (err error) {
		left, err = r.Balance("stock", int64(h.lot.ID))
		return err
	})
	return left
}

func TestCountsWaitForTheRecord(t *testing.T) {
	t.Parallel()
	h := begun(t)
	wrong := append(h.countPairs("0", "100", "0"), h.second("stock")...)
	h.refused("S5-03", "nurse", "/counts", wrong...)
	h.fill("doctor", "record", recordAnswers).Want(303)
	h.refused("S5-07", "nurse", "/counts", wrong...)
	h.post("nurse", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	require.Equal(t, store.StampDone, h.stamps()["S5-07"])
}

// The doctor corrects the record after the count: the lot is counted anew with a reason and
// two persons, and stock and record agree to the unit.
func TestACountIsToldAnew(t *testing.T) {
	t.Parallel()
	h := begun(t)
	h.fill("doctor", "record", recordAnswers).Want(303)
	h.post("nurse", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	before := h.stock1()
	h.fill("doctor", "record", with(recordAnswers, "products.0.used", "30", "points.0.units", "30", "discarded_units", "70")).Want(303)
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(409, "S5-07")
	h.As("nurse").Get(h.path("/counts")).Want(200, `value="30"`, `value="70"`, "改核对的理由", "用 20 弃 80 退 0")
	again := append(h.countPairs("30", "70", "0"), h.second("stock")...)
	h.refused("S5-07", "nurse", "/counts", again...)
	h.refused("REG-DRG-03", "nurse", "/counts", append(h.countPairs("30", "70", "0"), "reason", "记录更正")...)
	h.post("nurse", "/counts", append(again, "reason", "记录更正")...)
	require.Equal(t, before, h.stock1())
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(303)
	h.post("doctor", "/sign")
	h.refused("REG-EMR-01", "nurse", "/counts", append(again, "reason", "再改")...)
	h.read(func(r *store.Read) error {
		wrong, err := r.CheckLedger()
		require.Empty(t, wrong)
		return err
	})
}

func TestNumbersOfTheRecordAgree(t *testing.T) {
	t.Parallel()
	h := begun(t)
	h.fill("doctor", "record", with(recordAnswers, "products.0.used", "50", "points.0.units", "60", "discarded_units", "50")).
		Want(422, "点位合计 60 U，产品使用量 50 U")
	h.fill("doctor", "record", with(recordAnswers, "discarded_units", "10")).Want(422, "领用 100，但使用 20、弃置 10、退回 0", "弃置应为 80")
	h.fill("doctor", "record", with(recordAnswers, "products.0.used", "120", "points.0.units", "120", "discarded_units", "0")).
		Want(422, "用的不能比领的多")
	h.fill("doctor", "record", recordAnswers).Want(303)
	h.As("nurse").Post(h.path("/counts"), append(h.countPairs("30", "70", "0"), h.second("stock")...)...).
		Want(409, "S5-07", h.path("/form/record"))
	h.refused("REG-DRG-03", "nurse", "/counts", append(h.countPairs("20", "30", "50"), h.second("stock")...)...)
}

func TestAToxicVialGoesBackBeforeTwo(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.post("nurse", "/lots", append([]string{"code", "L-FIRST"}, h.second("stock")...)...)
	before := h.stock1()
	h.As("nurse").Get(h.path("/lots")).Want(200, "/lots/1/back")
	h.As("nurse").Get(h.path("/lots/1/back")).Want(200, "退回毒性药品", "second_pin")
	h.refused("REG-DRG-03", "nurse", "/lots/1/back")
	h.As("nurse").Post(h.path("/lots/1/back"), "second", itoa(h.StaffID("stock")), "second_pin", "9999").Want(422, "PIN 码不对")
	h.post("nurse", "/lots/1/back", h.second("stock")...)
	require.Equal(t, before+100_000, h.stock1())
	h.As("nurse").Get(h.path("")).Want(200).Not("100 U</td>")
}

// suspend takes a person's papers away for today.
func (h *house) suspend(login string) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		papers, err := tx.Licences(h.StaffID(login))
		for _, p := range papers {
			p.Suspended = true
			if err := tx.SaveLicence(&p); err != nil {
				return err
			}
		}
		return err
	})
}

func TestTheSecondPersonHasGoodPapers(t *testing.T) {
	t.Parallel()
	t.Run("when a toxic drug is taken and at the sign-in", func(t *testing.T) {
		t.Parallel()
		h := open(t, toxin)
		h.suspend("doctor")
		h.As("nurse").Get(h.path("/lots")).Want(200).Not("T-doctor</option>")
		h.refused("REG-STF-04", "nurse", "/lots", append([]string{"code", "L-FIRST"}, h.second("doctor")...)...)
		h.refused("REG-STF-04", "nurse", "/identity", append([]string{"way", "second"}, h.second("doctor")...)...)
		h.fill("nurse", "signin", signInAnswers, h.second("doctor")...).Want(409, "REG-STF-04")
	})
	t.Run("at counts and sign-out", func(t *testing.T) {
		t.Parallel()
		h := begun(t)
		h.fill("doctor", "record", recordAnswers).Want(303)
		h.suspend("nurse")
		h.refused("REG-STF-07", "doctor", "/counts", append(h.countPairs("20", "80", "0"), h.second("nurse")...)...)
		h.post("doctor", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
		h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(409, "REG-STF-07")
	})
	t.Run("nobody who left", func(t *testing.T) {
		t.Parallel()
		h := open(t, toxin)
		h.write(func(tx *store.Tx) error {
			who, err := tx.Staff(h.StaffID("stock"))
			if err != nil {
				return err
			}
			who.Active = false
			return tx.SaveStaff(&who)
		})
		h.As("nurse").Post(h.path("/lots"), append([]string{"code", "L-FIRST"}, h.second("stock")...)...).Not("T-nurse + T-stock")
		require.Equal(t, int64(h.lot.ReceivedQty), h.stock1())
	})
}

func (h *house) flags() (list []feedback.Sighting) {
	h.t.Helper()
	h.read(func(r *store.Read) (err error) {
		list, err = feedback.Seen(r, h.now().Client, h.id)
		return err
	})
	return list
}

func TestARedFlagOnTheTableIsAnEscalation(t *testing.T) {
	t.Parallel()
	h := begun(t)
	where := h.As("nurse").Direct().Post(h.path("/react"), "sign", "blanching", "pain", "8").Want(303).Header.Get("Location")
	require.True(t, strings.HasSuffix(where, "#emergency"), where)
	flags := h.flags()
	require.Len(t, flags, 1)
	require.Equal(t, "ESC-VO", flags[0].Code)
	h.As("doctor").Get("/alerts/bar").Want(200, "林晚秋")
	h.As("doctor").Get(h.path("/now?part=top")).Want(200, "血管栓塞", "立即停针")
	h.As("doctor").Get(h.path("/now")).Want(200, "皮肤苍白花斑")
	h.post("nurse", "/react", "sign", "blanching", "pain", "9")
	require.Len(t, h.flags(), 1, "the same sign once more is the same red flag")

	h.fill("doctor", "record", recordAnswers).Want(422, "并发症不能选“无”")
	h.fill("doctor", "record", with(recordAnswers, "complication", "blanching", "complication.detail", "苍白一处，已处理")).Want(303)
	h.post("nurse", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	h.As("doctor").Get(h.path("/form/signout")).Want(200, flags[0].Number, `name="handled"`)
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(422, flags[0].Number)
	handled := append(h.second("nurse"), "handled", "停针、热敷、透明质酸酶，再充盈恢复")
	h.fill("doctor", "signout", signOutAnswers, handled...).Want(303)
	require.Equal(t, h.StaffID("doctor"), h.flags()[0].TakenBy)
	h.As("nurse").Get(h.path("")).Want(200, "再充盈恢复")
}

func TestAStopTellsTheTruth(t *testing.T) {
	t.Parallel()
	t.Run("no sign-out is claimed, F11 is offered with a task", func(t *testing.T) {
		t.Parallel()
		h := begun(t)
		h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(409, "S5-03")
		pairs := append(h.countPairs("0", "100", "0"), "reason", "晕针", "session", "back")
		h.post("doctor", "/stop", append(pairs, h.second("nurse")...)...)
		require.Equal(t, store.StampNotApplicable, h.stamps()["S5-08"])
		h.As("doctor").Get(h.path("")).Want(200, "不适用", "填写不良事件表 F11")
		var open store.Task
		h.read(func(r *store.Read) error {
			list, err := r.TasksOfVisit(h.now().Visit)
			for _, x := range list {
				if x.Kind == task.Adverse {
					open = x
				}
			}
			return err
		})
		require.Equal(t, h.StaffID("doctor"), open.Staff)
		h.As("doctor").Get("/tasks").Want(200, "填写不良事件表")
		h.As("doctor").Get("/tasks/"+itoa(open.ID)).Want(200, h.path("")+"#report")
		where := h.As("doctor").Direct().Post(h.path("/report")).Want(303).Header.Get("Location")
		h.As("doctor").Get(where).Want(200, "晕针")
		again := h.As("doctor").Direct().Post(h.path("/report")).Want(303).Header.Get("Location")
		require.Equal(t, where, again)
		h.As("nurse").Get(h.path("")).Want(200, where)
	})
	t.Run("a record written after the stop must say what the stock says", func(t *testing.T) {
		t.Parallel()
		h := begun(t)
		pairs := append(h.countPairs("0", "100", "0"), "reason", "晕针", "session", "used")
		h.post("doctor", "/stop", append(pairs, h.second("nurse")...)...)
		h.fill("doctor", "record", recordAnswers).Want(303)
		h.refused("S5-07", "doctor", "/sign")
		h.post("nurse", "/counts", append(append(h.countPairs("20", "80", "0"), h.second("stock")...), "reason", "补记用量")...)
		h.post("doctor", "/sign")
		require.True(t, h.now().Locked())
	})
	t.Run("a complete record binds the stop", func(t *testing.T) {
		t.Parallel()
		h := begun(t)
		h.fill("doctor", "record", recordAnswers).Want(303)
		pairs := append(h.countPairs("0", "100", "0"), "reason", "晕针", "session", "used")
		h.refused("S5-07", "doctor", "/stop", append(pairs, h.second("nurse")...)...)
		require.Equal(t, term.TreatmentInProgress, h.now().State)
	})
}

// amendment posts a corrected record.
func (h *house) amendment(answers map[string]string, more ...string) *uitest.Answer {
	h.t.Helper()
	form := append([]string{"_reason", "剂量写错", "q.operator_sign", strings.Replace(drawn, "30", "31", 1)}, more...)
	for k, v := range answers {
		if k != "operator_sign" {
			form = append(form, "q."+k, v)
		}
	}
	return h.As("doctor").Direct().Post(h.path("/amend"), form...)
}

func TestAnAmendmentIsCheckedSignedAndShown(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.through()
	h.post("doctor", "/sign")
	h.amendment(with(recordAnswers, "points.0.units", "21")).Want(422, "点位合计 21 U，产品使用量 20 U")
	twentyOne := with(recordAnswers, "points.0.units", "21", "products.0.used", "21")
	h.amendment(with(twentyOne, "discarded_units", "79")).Want(409, "REG-DRG-03")
	h.amendment(twentyOne, h.second("stock")...).Want(422, "弃置应为 79")
	before := h.stock1()
	h.amendment(with(twentyOne, "discarded_units", "79"), h.second("stock")...).Want(303)
	require.Equal(t, before, h.stock1())
	h.read(func(r *store.Read) error {
		uses, err := r.LotUses(h.id)
		require.EqualValues(t, 21_000, uses[0].UsedQty)
		require.EqualValues(t, 79_000, uses[0].WastedQty)
		row, err2 := r.Answer(h.now().Record)
		require.NoError(t, err2)
		require.Equal(t, store.AnswerSigned, row.State)
		return err
	})
	require.True(t, h.now().Locked())
	h.As("doctor").Get(h.path("")).Want(200, "已签署").Not(`data-state="draft"`)
	h.As("nurse").Get(h.path("/form/record")).Want(200, "第 2 版", "第 1 版", "剂量写错", "T-doctor 签署于", "<del>20</del>", "<b>21</b>")
	h.fill("doctor", "record", recordAnswers).Want(409, "REG-EMR-01")
}

func TestOthersChangesReachTheOpenPage(t *testing.T) {
	t.Parallel()
	h := begun(t)
	page := h.As("nurse").Get(h.path("")).Want(200).Body
	for _, part := range []string{"top", "now", "side", "bar"} {
		require.Contains(t, page, h.path("/now?part="+part))
	}
	require.Contains(t, page, `data-live="visit:`+strconv.FormatInt(int64(h.now().Visit), 10))
	require.NotContains(t, page, "part=watch", "typed reactions are never replaced")
	h.fill("doctor", "record", recordAnswers).Want(303)
	h.As("nurse").Get(h.path("/now?part=bar")).Want(200, "核对用量与弃置")
	h.post("nurse", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(303)
	h.As("nurse").Get(h.path("/now?part=top")).Want(200).Not("操作中")
	h.As("nurse").Get(h.path("/now?part=main")).Want(404)
	h.Clock.Forward(time.Hour)
	h.fill("nurse", "observe", observeAnswers).Want(303)
	h.post("nurse", "/release")
	h.As("nurse").Get(h.path("")).Want(200, "part=watch")
}

// running puts the treatment on the table, whatever its gate says.
func (h *house) running(tx *store.Tx) error {
	at, err := tx.Treatment(h.id)
	if err != nil {
		return err
	}
	at.State, at.Operator, at.StartedAt = term.TreatmentInProgress, h.StaffID("nurse"), tx.Now()
	return tx.SaveTreatment(&at)
}
