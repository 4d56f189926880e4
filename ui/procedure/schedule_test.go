package procedure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/live"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

// signal gives a signal of another room, as its deed would.
func (h *house) signal(kind string) {
	h.t.Helper()
	visit := h.now().Visit
	h.write(func(tx *store.Tx) error {
		return h.App.Engines.SOP.Prove(tx, access.System("test"), sop.Subject{Visit: visit}, kind, store.Subject{Noun: "visit", ID: int64(visit)})
	})
}

func (h *house) treatments() (list []store.Treatment) {
	h.t.Helper()
	h.read(func(r *store.Read) (err error) {
		list, err = r.TreatmentsOf(h.now().Visit)
		return err
	})
	return list
}

// line adds a line with paid sessions to the visit's order.
func (h *house) line(sessions int) (l store.OrderLine) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		first, err := tx.OrderLine(h.now().Line)
		if err != nil {
			return err
		}
		l = store.OrderLine{Order: first.Order, Item: h.item.ID, Sessions: max(sessions, 1), PriceFen: 100, TotalFen: term.Fen(100 * max(sessions, 1))}
		if err := tx.AddOrderLine(&l); err != nil || sessions == 0 {
			return err
		}
		_, err = tx.Move(store.Account{Kind: "session", ID: int64(l.ID)}, int64(sessions), store.Subject{Noun: "payment", ID: 1})
		return err
	})
	return l
}

func TestAPaidOrderOpensOneTreatmentALine(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	l := h.line(3)
	h.line(0) // refunded: nothing is left on it
	h.signal("order.paid")
	h.signal("order.paid")
	list := h.treatments()
	require.Len(t, list, 2, "one for each paid line, once")
	require.Equal(t, l.ID, list[1].Line)
	require.Equal(t, 1, list[1].SessionNo)
	require.Equal(t, term.TreatmentScheduled, list[1].State)
}

func TestASessionLeftIsUsedInALaterVisit(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	l := h.line(2)
	h.write(func(tx *store.Tx) error {
		v, err := tx.Visit(h.now().Visit)
		if err != nil {
			return err
		}
		v.Wanted = []term.OrderLineID{l.ID}
		return tx.SaveVisit(&v)
	})
	h.signal("session.wanted")
	require.Len(t, h.treatments(), 2)

	used := h.line(1)
	h.As("nurse").Direct().Post("/procedure/schedule", "visit", itoa(h.now().Visit), "line", itoa(used.ID)).Want(303)
	require.Len(t, h.treatments(), 3)
	empty := h.line(0)
	h.As("nurse").Post("/procedure/schedule", "visit", itoa(h.now().Visit), "line", itoa(empty.ID)).Want(409, "REG-FEE-08")
	h.write(func(tx *store.Tx) error {
		_, err := storetest.Treat(tx, h.item.ID)
		return err
	})
	other := h.otherVisit()
	h.As("nurse").Post("/procedure/schedule", "visit", itoa(other), "line", itoa(used.ID)).Want(409, "REG-FEE-08")
	h.As("cashier").Post("/procedure/schedule", "visit", itoa(other), "line", itoa(used.ID)).Want(403)
}

func (h *house) otherVisit() (id term.VisitID) {
	h.t.Helper()
	h.read(func(r *store.Read) error {
		all, err := r.OpenVisits()
		for _, v := range all {
			if v.ID != h.now().Visit {
				id = v.ID
			}
		}
		return err
	})
	return id
}

func TestAVisitThatEndsCallsOffWhatHasNotBegun(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.ready()
	h.signal("visit.ended")
	require.Equal(t, term.TreatmentCancelled, h.now().State)
	h.balances(1, h.lot.ReceivedQty)
	h.refused("S5-02", "nurse", "/start")
}

func TestAVoidedPaymentCallsOff(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.signal("payment.voided")
	require.Equal(t, term.TreatmentScheduled, h.now().State, "the session is still there")
	h.write(func(tx *store.Tx) error {
		_, err := tx.Move(store.Account{Kind: "session", ID: int64(h.now().Line)}, -1, store.Subject{Noun: "payment", ID: 2})
		return err
	})
	h.signal("payment.voided")
	require.Equal(t, term.TreatmentCancelled, h.now().State)
}

func TestScreensHearOfADeed(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	news, cancel := h.App.Hub.Listen()
	defer cancel()
	h.post("nurse", "/identity", "way", "second", "second", itoa(h.StaffID("doctor")), "second_pin", "258013")
	heard := map[string]bool{}
	for !heard[live.Board] || !heard["visit:"+itoa(h.now().Visit)] {
		select {
		case e := <-news:
			heard[e.Topic] = true
		case <-t.Context().Done():
			t.Fatal("nobody heard")
		}
	}
	h.As("nurse").Get(h.path("/now")).Want(200, "T-nurse")
	h.As("nurse").Get("/procedure/rows").Want(200, "林晚秋").Not("<html")
}

func TestASkinTestIsWatchedBeforeItIsRead(t *testing.T) {
	t.Parallel()
	h := open(t, "INJ-HYAL")
	reading := map[string]string{
		"needed": "yes", "drug": "1500 IU/ml", "done_at": "09:00", "read_at": "09:20", "result": "negative", "asked": "yes", "reader": "T-nurse, T-doctor",
	}
	h.fill("nurse", "skintest", reading).Want(409, "S4-04")
	h.As("nurse").Post(h.path("/skintest"), "drug", " ").Want(422, "药品与浓度")
	h.post("nurse", "/skintest", "drug", "1500 IU/ml")
	h.fill("nurse", "skintest", reading).Want(409, "S4-04", "20 分钟")
	h.Clock.Forward(20 * time.Minute)
	h.As("nurse").Get(h.path("/form/skintest")).Want(200, "1500 IU/ml", `value="09:20"`)
	reading["result"] = "positive"
	h.fill("nurse", "skintest", reading).Want(422, "q.result")
	reading["result"] = "negative"
	h.fill("nurse", "skintest", reading).Want(303)
	require.Equal(t, store.StampDone, h.stamps()["S4-04"])
}

func TestContraindicationsAreClearedByALeadPhysicianOnly(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	pregnant := map[string]string{}
	for k, v := range todayAnswers {
		pregnant[k] = v
	}
	pregnant["pregnant"] = "yes"
	h.fill("nurse", "today", pregnant).Want(303)
	h.As("doctor").Get(h.path("/clear")).Want(200, "绝对禁忌")
	h.refused("S4-05", "doctor", "/clear", "verdict", "pass", "note", "坚持")
	h.write(func(tx *store.Tx) error {
		who, err := tx.Staff(h.StaffID("doctor"))
		if err != nil {
			return err
		}
		who.Lead = false
		return tx.SaveStaff(&who)
	})
	h.fill("nurse", "today", todayAnswers).Want(303)
	h.refused("S4-05", "doctor", "/clear", "verdict", "pass", "note", "")
	if h.item.SideMark {
		h.fill("doctor", "mark", markAnswers).Want(409, "S4-02")
	}
}

func TestNewAnswersUndoAClearance(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.ready()
	h.Clock.Forward(time.Minute)
	h.fill("nurse", "today", todayAnswers).Want(303)
	h.refused("S4-05", "nurse", "/start")
	h.post("doctor", "/clear", "verdict", "pass", "note", "")
	h.post("nurse", "/start")
}

func TestGeneralFormPagesCannotPassTheGates(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.ready()
	h.post("nurse", "/start")
	h.fill("doctor", "record", recordAnswers).Want(303)
	var record term.AnswerID
	h.read(func(*store.Read) error {
		record = h.now().Record
		return nil
	})
	form := []string{"_step", "done"}
	for k, v := range recordAnswers {
		form = append(form, "q."+k, v)
	}
	h.As("doctor").Post("/form/"+itoa(record), form...).Want(409, "S5-02")
	h.As("nurse").Post("/form/"+itoa(record)+"/void", "_reason", "x").Want(409, "S5-02")
	for _, code := range []string{"F16-TODAY", "F16-MARK", "F18", "F7-OBS"} {
		for _, step := range []string{"save", "done"} {
			h.As("nurse").Post("/form/new?code="+code+"&again=1&treatment="+itoa(h.now().ID), "_step", step).Want(409, "S5-02")
		}
	}
	require.False(t, h.now().Locked())
}
