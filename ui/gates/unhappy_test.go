package gates_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
	"meixu/ui/uitest/day"
)

// ends is how things stand when a day ended otherwise (rulings 31).
type ends struct {
	visit     term.VisitState
	order     term.OrderState     // "" where nothing was ordered
	treatment term.TreatmentState // "" where nothing was to be done
	paid      bool                // the money is in the house still
	sessions  int64               // paid and not used
	gone      term.Qty            // of the lot, used or thrown away
}

// unhappy is one way in which a day does not go to its end.
type unhappy struct {
	name   string
	stands func(*day.Day)
	deed   func(*day.Day) *uitest.Answer
	ends   ends
}

// post is a deed of one post.
func post(login, path string, form ...string) func(*day.Day) *uitest.Answer {
	return func(d *day.Day) *uitest.Answer { return d.Post(login, path, form...) }
}

var unhappies = []unhappy{
	{
		name: "the client refuses a consent at the desk", stands: to(day.Assigned),
		deed: post("front", "/reception/visit/{visit}/refuse", "reason", "不愿填写健康信息"),
		ends: ends{visit: term.VisitConsentRefused},
	},
	{
		name: "the doctor says no", stands: to(day.Skin),
		deed: func(d *day.Day) *uitest.Answer {
			d.With("F15", "verdict", "refuse", "verdict.detail", "期望不现实")
			return d.Post("doctor", "/consultation/{visit}/exam", d.Sheet("F15")...)
		},
		ends: ends{visit: term.VisitDoctorRefused},
	},
	{
		name: "the client wants to think about the plan", stands: to(day.Planned),
		deed: post("consultant", "/plan/{plan}/decline", "outcome", "pending", "reason", "与家人商量"),
		ends: ends{visit: term.VisitLeft},
	},
	{
		name: "the client refuses the informed consent", stands: to(day.Papered),
		deed: post("doctor", "/plan/{plan}/line/{line}/refused", "reason", "担心风险", "then", "end"),
		ends: ends{visit: term.VisitConsentRefused},
	},
	{
		name: "the client leaves before paying", stands: to(day.Billed),
		deed: post("front", "/reception/visit/{visit}/leave", "reason", "临时有事"),
		ends: ends{visit: term.VisitLeft, order: term.OrderCancelled},
	},
	{
		name: "the client leaves after paying, before the treatment: the session waits", stands: to(day.Paid),
		deed: post("front", "/reception/visit/{visit}/leave", "reason", "临时有事"),
		ends: ends{visit: term.VisitLeft, order: term.OrderPaid, treatment: term.TreatmentCancelled, paid: true, sessions: 1},
	},
	{
		name: "a payment is voided", stands: to(day.Paid),
		deed: post("cashier", "/till/payment/{payment}/void", append(pin("approver", "manager"), "reason", "录错")...),
		ends: ends{visit: term.VisitOpen, order: term.OrderOpen, treatment: term.TreatmentCancelled},
	},
	{
		name: "a payment is voided when everything stands ready: the product goes back", stands: to(day.Green),
		deed: post("cashier", "/till/payment/{payment}/void", append(pin("approver", "manager"), "reason", "录错")...),
		ends: ends{visit: term.VisitOpen, order: term.OrderOpen, treatment: term.TreatmentCancelled},
	},
	{
		name: "stopped before the start: the product goes back, the session waits", stands: to(day.Green),
		deed: post("nurse", "/procedure/{treatment}/stop", append(second("stock"), "reason", "客户改变主意")...),
		ends: ends{visit: term.VisitOpen, order: term.OrderPaid, treatment: term.TreatmentCancelled, paid: true, sessions: 1},
	},
	{
		name: "stopped midway: opened toxin is destroyed by two, the doctor gives the session back", stands: to(day.Started),
		deed: func(d *day.Day) *uitest.Answer {
			form := append(d.Counts("0", "100", "0"), second("nurse")...)
			return d.Post("doctor", "/procedure/{treatment}/stop", append(form, "reason", "晕针", "session", "back")...)
		},
		ends: ends{visit: term.VisitOpen, order: term.OrderPaid, treatment: term.TreatmentStopped, paid: true, sessions: 1, gone: 100_000},
	},
	{
		name: "stopped midway: the doctor counts the session as used", stands: to(day.Started),
		deed: func(d *day.Day) *uitest.Answer {
			form := append(d.Counts("10", "90", "0"), second("nurse")...)
			return d.Post("doctor", "/procedure/{treatment}/stop", append(form, "reason", "客户要求停止", "session", "used")...)
		},
		ends: ends{visit: term.VisitOpen, order: term.OrderPaid, treatment: term.TreatmentStopped, paid: true, gone: 100_000},
	},
}

// TestUnhappyPathsEndCleanly: money, sessions and stock are back where they belong.
func TestUnhappyPathsEndCleanly(t *testing.T) {
	t.Parallel()
	for _, u := range unhappies {
		t.Run(u.name, func(t *testing.T) {
			t.Parallel()
			d := day.New(t)
			full := d.Stock("L-FIRST")
			u.stands(d)
			u.deed(d).Want(200).Not("meixu-defect", "⟦")
			now := standing(d)
			now.gone = full - d.Stock("L-FIRST")
			require.Equal(t, u.ends, now)
		})
	}
}

// standing is how the day stands now.
func standing(d *day.Day) (e ends) {
	d.T.Helper()
	d.Read(func(r *store.Read) error {
		v, err := r.Visit(d.Visit)
		require.NoError(d.T, err)
		e.visit = v.State
		if d.Treatment != 0 {
			x, err := r.Treatment(d.Treatment)
			require.NoError(d.T, err)
			e.treatment = x.State
		}
		if d.Order == 0 {
			return nil
		}
		o, err := r.Order(d.Order)
		e.order = o.State
		return err
	})
	if d.Order != 0 {
		e.paid, e.sessions = d.Money() > 0, d.Left()
	}
	return e
}

func TestWhoDoesNotSignHasNoFile(t *testing.T) {
	t.Parallel()
	d := day.New(t)
	d.Post("front", "/reception/clients/decline", newcomer("reason", "")...).Want(422)
	d.Post("front", "/reception/clients/decline", append(newcomer(), "reason", "不愿留证件")...).Want(200)
	d.Read(func(r *store.Read) error {
		list, err := r.Findables(0, 1000, 100)
		require.Empty(t, list)
		return err
	})
}

func TestUnusedSessionsAreRefundedToTheFen(t *testing.T) {
	t.Parallel()
	d := day.New(t)
	d.Sessions = 3
	d.To(day.Locked)
	whole := d.Money()
	require.EqualValues(t, 2, d.Left())
	back := 2 * d.Item.PriceFen
	d.Post("cashier", "/till/{order}/refund", append(pin("approver", "manager"), "sessions.{session}", "2", "side", "client",
		"reason", "不再继续", "card", back.Plain())...).Want(200)
	require.Zero(t, d.Left())
	require.Equal(t, whole-back, d.Money())
}

// TestASecondVisitUsesASessionLeft: the client comes again for what was paid the first time.
func TestASecondVisitUsesASessionLeft(t *testing.T) {
	t.Parallel()
	d := day.New(t)
	d.Sessions = 2
	d.To(day.Locked)
	require.EqualValues(t, 1, d.Left())
	d.Post("manager", "/aftercare/close/{visit}", "reason", "全程未见异常反应").Want(200)
	d.Clock.Forward(time.Duration(d.Item.IntervalDays) * 24 * time.Hour)
	d.Again().To(day.Locked)
	require.Zero(t, d.Left())
	require.Equal(t, term.TreatmentReleased, standing(d).treatment)
	d.Post("front", "/reception/arrive", "client", "{client}", "line", "{session}").Want(409)
}
