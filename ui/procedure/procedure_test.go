package procedure_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// toxin is an item of the deepest check: time-out, two persons, counts and sign-out.
const toxin = "INJ-BTX-GL"

func TestATreatmentFromTheGateToLeaving(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.As("nurse").Get("/procedure").Want(200, "林晚秋")
	h.As("nurse").Get(h.path("")).Want(200, "还没有核对身份", "S4-01")

	h.ready()
	h.As("nurse").Get(h.path("")).Want(200, "全部就绪", "开始操作")
	h.post("nurse", "/start")
	require.Equal(t, term.TreatmentInProgress, h.now().State)

	h.Clock.Forward(5 * time.Minute)
	h.post("nurse", "/react", "sign", "pain", "pain", "3")
	h.fill("doctor", "record", recordAnswers).Want(303)
	h.As("nurse").Get(h.path("/counts")).Want(200, "L-FIRST", `value="20"`, `value="80"`)
	h.post("nurse", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(303)

	got := h.now()
	require.False(t, got.FinishedAt.IsZero())
	if h.item.ObserveMinutes > 0 {
		require.Equal(t, term.TreatmentObserving, got.State)
		h.refused("S5-10", "nurse", "/release")
		h.Clock.Forward(time.Duration(h.item.ObserveMinutes) * time.Minute)
		h.fill("nurse", "observe", observeAnswers).Want(303)
	}
	h.post("nurse", "/release")
	require.Equal(t, term.TreatmentReleased, h.now().State)
	h.post("doctor", "/sign")
	require.True(t, h.now().Locked())

	stamps := h.stamps()
	for _, step := range []string{"S4-01", "S4-03", "S4-05", "S4-07", "S4-08", "S5-01", "S5-02", "S5-03", "S5-04", "S5-06", "S5-07", "S5-08", "S5-09"} {
		require.Equal(t, store.StampDone, stamps[step], step)
	}
	require.Equal(t, store.StampSkipped, stamps["S4-06"])
	acts := h.acts()
	for _, word := range []string{"identity.check", "treatment.signin", "treatment.timeout", "procedure.start", "reaction.log", "counts.close", "treatment.signout", "treatment.release", "record.sign"} {
		require.Contains(t, acts, word)
	}
	h.read(func(r *store.Read) error {
		left, err := r.Balance("session", int64(got.Line))
		require.Zero(t, left, "the session was used")
		require.NoError(t, err)
		stock, err := r.Balance("stock", int64(h.lot.ID))
		require.EqualValues(t, h.lot.ReceivedQty-100_000, stock)
		v, err2 := r.Visit(got.Visit)
		require.NoError(t, err2)
		require.Equal(t, term.AtLeaving, v.Station)
		return err
	})
	h.As("doctor").Get(h.path("")).Want(200, "T-doctor")
	h.As("doctor").Get(h.path("/form/record")).Want(200, "皱眉肌")
}

func TestTheGateHoldsAgainstPostsOfItsOwn(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.refused("S5-02", "nurse", "/start")
	h.refused("S5-08", "nurse", "/counts")
	h.refused("S5-10", "nurse", "/release")
	h.refused("S5-09", "doctor", "/sign")
	h.fill("doctor", "timeout", timeOutAnswers, h.second("nurse")...).Want(409, "S5-01")
	h.fill("nurse", "signin", signInAnswers, h.second("doctor")...).Want(409, "S5-02")
	h.As("doctor").Post(h.path("/clear"), "verdict", "pass", "note", "x").Want(409, "S4-03", "可以找护士处理")
	h.refused("S4-01", "nurse", "/identity", "way", "birth", "birth", "1991-05-01")
	h.refused("REG-STF-10", "nurse", "/assign", "operator", itoa(h.StaffID("nurse")), "room", itoa(h.room))
	h.As("nurse").Get(h.path("/assign")).Want(200, `" disabled="">✗ T-nurse · 没有医师执业证书</option>`, "✓ T-doctor")
	require.Equal(t, term.TreatmentScheduled, h.now().State)
}

func TestLotsThatMayNotBeTaken(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.refused("REG-DEV-06", "nurse", "/lots", append([]string{"code", "NOBODY-KNOWS"}, h.second("stock")...)...)
	h.refused("REG-DRG-06", "nurse", "/lots", append([]string{"code", "L-OLD"}, h.second("stock")...)...)
	h.refused("S4-07", "nurse", "/lots", append([]string{"code", "L-LATER"}, h.second("stock")...)...)
	h.refused("REG-DRG-03", "nurse", "/lots", "code", "L-FIRST")
	h.As("nurse").Post(h.path("/lots"), "code", "L-FIRST", "qty", "abc", "second", itoa(h.StaffID("stock")), "second_pin", "9999").
		Want(422, "L-FIRST", `value="abc"`, "数量不对", "PIN 码不对")
	h.post("nurse", "/lots", append([]string{"code", "L-FIRST"}, h.second("stock")...)...)
	h.As("nurse").Get(h.path("/lots")).Want(200, "T-nurse + T-stock")
}

func TestTheStartWantsEverythingNow(t *testing.T) {
	t.Parallel()
	t.Run("yesterday's disinfection does not count", func(t *testing.T) {
		t.Parallel()
		h := open(t, toxin)
		h.ready()
		h.Clock.Forward(5 * time.Hour)
		h.refused("REG-INF-01", "nurse", "/start")
		h.As("nurse").Post(h.path("/start")).Want(409, "这由您（护士）处理").Not("可以找护士") // nobody is sent to herself
	})
	t.Run("a right that was taken away stops the operator", func(t *testing.T) {
		t.Parallel()
		h := open(t, toxin)
		h.ready()
		h.write(func(tx *store.Tx) error {
			rights, err := tx.StaffRights(h.StaffID("doctor"))
			right := rights[h.item.Kind]
			if err != nil {
				return err
			}
			right.Level = "learning"
			return tx.SaveStaffRight(&right)
		})
		h.refused("REG-STF-04", "nurse", "/start")
	})
	t.Run("an operator does one treatment at a time", func(t *testing.T) {
		t.Parallel()
		h := open(t, toxin)
		h.ready()
		h.write(func(tx *store.Tx) error {
			other := h.now()
			other.State, other.Operator, other.StartedAt = term.TreatmentInProgress, h.StaffID("doctor"), tx.Now()
			return tx.AddTreatment(&other)
		})
		h.refused("S5-02", "nurse", "/start")
	})
	t.Run("a lot held meanwhile closes the gate", func(t *testing.T) {
		t.Parallel()
		h := open(t, toxin)
		h.ready()
		h.write(func(tx *store.Tx) error {
			lot, err := tx.Lot(h.lot.ID)
			if err != nil {
				return err
			}
			lot.State = "recalled"
			return tx.SaveLot(&lot)
		})
		h.refused("REG-DEV-06", "nurse", "/start")
	})
}

func TestSignOutWantsRecordAndStockToAgree(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.ready()
	h.post("nurse", "/start")
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(409, "S5-03")
	h.fill("doctor", "record", recordAnswers).Want(303)
	h.refused("S5-07", "nurse", "/counts", append(h.countPairs("30", "70", "0"), h.second("stock")...)...)
	h.refused("REG-DRG-03", "nurse", "/counts", h.countPairs("20", "80", "0")...)
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(409, "S5-07", "REG-DRG-03")
	require.Equal(t, term.TreatmentInProgress, h.now().State)
}

func TestAFormGivesBackWhatWasTypedWithAllFaults(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.fill("nurse", "today", map[string]string{"still": "no", "fever": "yes"}).
		Want(422, `id="f-q.same"`, "data-focus").Not("meixu-defect")
	h.ready()
	h.fill("doctor", "timeout", timeOutAnswers, h.second("nurse")...).Want(409, "S5-01")
	h.post("nurse", "/start")
	h.fill("doctor", "record", map[string]string{"operator": "T-doctor", "vas": "99", "area": "眉间与额"}).
		Want(422, `value="眉间与额"`, "q.position", "q.vas")
	h.fill("doctor", "signout", signOutAnswers, "second", itoa(h.StaffID("nurse")), "second_pin", "9999").Want(422, "PIN 码不对")
	h.fill("doctor", "signout", signOutAnswers, "second", itoa(h.StaffID("doctor")), "second_pin", uitest.PIN).Want(422, "另一个人")
}

func TestARecordIsLockedAndAmended(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.through()
	h.refused("REG-EMR-02", "nurse", "/sign")
	h.post("doctor", "/sign")
	h.fill("doctor", "record", recordAnswers).Want(409, "REG-EMR-01")
	first := h.now().Record

	amended := map[string]string{}
	for k, v := range recordAnswers {
		amended[k] = v
	}
	amended["area"] = "眉间与鼻根"
	posted := func() (form []string) {
		for k, v := range amended {
			form = append(form, "q."+k, v)
		}
		return form
	}
	page := h.As("doctor").Get(h.path("/amend")).Want(200, `data-draft="procedure.amend.`).Body
	require.Less(t, strings.Index(page, `name="_reason"`), strings.Index(page, `name="q.`), "the reason comes first")
	h.As("doctor").Post(h.path("/amend"), posted()...).Want(422, "修订的理由", "请签名", "眉间与鼻根")
	h.As("doctor").Post(h.path("/amend"), append(posted(), "_reason", "部位写漏了")...).Want(422, "请签名", "部位写漏了")
	amended["operator_sign"] = strings.Replace(drawn, "30", "31", 1)
	require.NotEqual(t, drawn, amended["operator_sign"])
	h.As("doctor").Post(h.path("/amend"), append(posted(), "_reason", "部位写漏了", "_version", "")...).Want(409, "刚刚被别人改过")
	require.Equal(t, first, h.now().Record)
	h.post("doctor", "/amend", append(posted(), "_reason", "部位写漏了")...)
	require.NotEqual(t, first, h.now().Record)
	h.As("doctor").Get(h.path("")).Want(200, "修订前的版本")
	h.read(func(r *store.Read) error {
		old, err := r.Answer(first)
		require.Equal(t, store.AnswerAmended, old.State)
		return err
	})
}

func TestStopping(t *testing.T) {
	t.Parallel()
	t.Run("before the start product goes back and no session is used", func(t *testing.T) {
		t.Parallel()
		h := open(t, toxin)
		h.ready()
		h.As("nurse").Post(h.path("/stop")).Want(422, "停止的原因")
		h.refused("REG-DRG-03", "nurse", "/stop", "reason", "客户改变主意")
		h.post("nurse", "/stop", append(h.second("stock"), "reason", "客户改变主意")...)
		h.As("nurse").Get(h.path("")).Want(200).Not(h.path("/photos"), h.path("/form/record"))
		require.Equal(t, term.TreatmentCancelled, h.now().State)
		h.balances(1, h.lot.ReceivedQty)
	})
	t.Run("after the start a physician decides about the session", func(t *testing.T) {
		t.Parallel()
		h := open(t, toxin)
		h.ready()
		h.post("nurse", "/start")
		h.refused("S5-05", "nurse", "/stop", "reason", "晕针", "session", "back")
		h.As("doctor").Post(h.path("/stop"), "reason", "晕针").Want(422, "晕针", "退回还是已使用")
		h.refused("S5-07", "doctor", "/stop", "reason", "晕针", "session", "back")
		pairs := append(h.countPairs("0", "100", "0"), "reason", "晕针", "session", "back")
		h.refused("REG-DRG-03", "doctor", "/stop", pairs...)
		h.post("doctor", "/stop", append(pairs, h.second("nurse")...)...)
		require.Equal(t, term.TreatmentStopped, h.now().State)
		h.balances(1, h.lot.ReceivedQty-100_000)
		require.Equal(t, store.StampDone, h.stamps()["S5-05"])
	})
}

// balances demands what is left of sessions and of the lot taken.
func (h *house) balances(sessions int64, stock term.Qty) {
	h.t.Helper()
	h.read(func(r *store.Read) error {
		left, err := r.Balance("session", int64(h.now().Line))
		require.NoError(h.t, err)
		require.Equal(h.t, sessions, left)
		qty, err := r.Balance("stock", int64(h.lot.ID))
		require.EqualValues(h.t, stock, qty)
		return err
	})
}

func TestAnAlarmShowsTheEmergencyCard(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.ready()
	h.post("nurse", "/start")
	h.As("nurse").Post(h.path("/react"), "sign", "vitals", "pulse", "900").Want(422, `value="900"`, "20 到 250")
	h.As("nurse").Post(h.path("/react"), "sign", "blanching", "pain", "8").Want(200, "血管栓塞", "立即停针")
	require.Equal(t, store.StampDone, h.stamps()["S5-04"])
}

func TestWhoMay(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.As("cashier").Get("/procedure").Want(403)
	h.As("front").Post(h.path("/identity"), "way", "birth").Want(403)
	h.As("nurse").Post(h.path("/clear")).Want(403)
	h.As("front").Post(h.path("/form/signin"), "_step", "done").Want(403)
	h.As("nurse").Get("/procedure/999999").Want(404)
	h.As("nurse").Get(h.path("/form/nonsense")).Want(200).At(h.path("")) // the page above it
}

func TestTheClientLeavesWithGuideAndCard(t *testing.T) {
	t.Parallel()
	h := open(t, toxin, "S4", "S5", "S6")
	h.through()
	h.Clock.Forward(time.Duration(h.item.ObserveMinutes) * time.Minute)
	h.fill("nurse", "observe", observeAnswers).Want(303)
	h.refused("S6-01", "nurse", "/release")
	require.NotEqual(t, term.TreatmentReleased, h.now().State)
}

func TestRowsLeadOnlyWhereOneMayGo(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.As("nurse").Get(h.path("")).Want(200, h.path("/identity")).Not(h.path("/clear"))
	h.As("doctor").Get(h.path("")).Want(200, h.path("/clear"))
}

// The room's row leads to where a room is chosen, then to that room's card and back; what is
// still to do stands above what is done.
func TestRowsLeadToTheVeryCard(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Paid)
	gate := func() string { return d.As("nurse").Get(d.Fill("/procedure/{treatment}")).Want(200).Body }
	require.NotContains(t, gate(), "#room-")
	require.Contains(t, gate(), d.Fill("/ready?from={treatment}#kit"))
	require.Less(t, strings.Index(gate(), `id="step-S5-01"`), strings.Index(gate(), "gate-row ok"))
	d.Without(day.Disinfect).To(day.Staffed)
	require.Contains(t, gate(), d.Fill("/ready?from={treatment}#room-{room}"))
}

// A reaction that was never noted leads nowhere once the client has left.
func TestNoWayToReactionsAfterLeaving(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.SignedOut)
	page := d.Fill("/procedure/{treatment}")
	d.As("nurse").Get(page).Want(200, page+"#reactions")
	d.To(day.Released)
	d.As("nurse").Get(page).Want(200).Not(page + "#reactions")
}
