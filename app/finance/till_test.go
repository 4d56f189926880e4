package finance_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/defaults"
	"meixu/app/engine/document"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/finance"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

const pin = "258013"

// pins knows the PIN of everybody; the real ones are tested in app/admin and ui/finance.
type pins struct{}

func (pins) ConfirmPIN(_ context.Context, _ access.Actor, _ term.StaffID, typed string) error {
	if typed == pin {
		return nil
	}
	var f fault.Fields
	f.Add("pin", "admin.pin.wrong")
	return f.Err()
}

// house is a clinic with a client who stands at the till with one order: three sessions of
// 3333.33 yuan and one of 0.01 yuan, 10000.00 in all.
type house struct {
	*testing.T
	db       *store.DB
	clock    *storetest.Clock
	till     *finance.Till
	flow     *sop.Engine
	cashier  access.Actor
	manager  access.Actor
	visit    store.Visit
	order    store.Order
	lines    []store.OrderLine
	item     term.ItemID
	signals  []string
	approval finance.Approval
}

func open(t *testing.T) *house {
	t.Helper()
	h := &house{T: t, flow: sop.New()}
	h.db, h.clock = storetest.New(t)
	h.till = finance.New(deed.Doer{DB: h.db}, h.flow, pins{})
	h.flow.Facts(func(_ *store.Read, visits []term.VisitID) (map[term.VisitID]sop.Facts, error) {
		facts := map[term.VisitID]sop.Facts{}
		for _, v := range visits {
			facts[v] = sop.Facts{Kinds: []string{"skincare"}}
		}
		return facts, nil
	})
	for _, kind := range []string{finance.ProvePaid, finance.SignalVoided, finance.SignalRefunded} {
		h.flow.On(kind, func(*store.Tx, access.Actor, sop.Subject) error {
			h.signals = append(h.signals, kind)
			return nil
		})
	}
	h.cashier = h.hire("cashier", access.Cashier)
	h.manager = h.hire("manager", access.Manager)
	h.approval = finance.Approval{Staff: h.manager.Staff, PIN: pin}
	h.write(func(tx *store.Tx) error {
		require.NoError(t, sop.Publish(tx, defaults.SOP()))
		require.NoError(t, document.Seed(tx, defaults.Documents()))
		c := store.Client{Name: "林清禾", Phone: "13800138000", Gender: "female", Birth: "1994-05-06"}
		require.NoError(t, tx.AddClient(&c))
		h.visit = store.Visit{
			Client: c.ID, State: term.VisitOpen, Stage: term.StagePlan, Station: term.AtTill, StationAt: tx.Now(), ArrivedAt: tx.Now(),
		}
		require.NoError(t, tx.AddVisit(&h.visit))
		require.NoError(t, h.flow.Start(tx, h.visit.ID))
		item := store.Item{
			Code: "FAC-1", Name: "补水护理", Category: "护理", Level: "none", Kind: "skincare", Operator: "nurse",
			CareTemplate: "AC-BTX", FormCode: "F7", Depth: "L1", RiskTier: 1, Enabled: true,
		}
		require.NoError(t, tx.AddItem(&item))
		h.item = item.ID
		return nil
	})
	h.order = h.place(finance.Line{Item: h.item, Sessions: 3, Price: 333333}, finance.Line{Item: h.item, Sessions: 1, Price: 1})
	return h
}

func (h *house) hire(login string, role access.Role) access.Actor {
	h.Helper()
	s := store.Staff{Login: login, Name: login, Roles: []string{string(role)}}
	h.write(func(tx *store.Tx) error { return tx.AddStaff(&s) })
	return access.Actor{Staff: s.ID, Name: login, Roles: []access.Role{role}, Lang: words.ZH}
}

func (h *house) place(lines ...finance.Line) (o store.Order) {
	h.Helper()
	h.write(func(tx *store.Tx) (err error) {
		o, err = finance.PlaceOrder(tx, finance.NewOrder{Client: h.visit.Client, Visit: h.visit.ID, Lines: lines})
		return err
	})
	h.read(func(r *store.Read) (err error) {
		h.lines, err = r.OrderLines(o.ID)
		return err
	})
	return o
}

// signed proves what other rooms prove before the door "pay", then issues the statement.
func (h *house) signed() {
	h.Helper()
	h.write(func(tx *store.Tx) error {
		on := sop.Subject{Visit: h.visit.ID}
		for _, kind := range []string{"discount.approved", "plan.signed", "contract.signed"} {
			require.NoError(h, h.flow.Prove(tx, h.cashier, on, kind, store.Subject{Noun: "document", ID: 1}))
		}
		return nil
	})
	_, err := h.till.IssueStatement(h.Context(), h.cashier, h.order.ID)
	require.NoError(h, err)
}

func (h *house) write(fn func(*store.Tx) error) {
	h.Helper()
	require.NoError(h, h.try(fn))
}

func (h *house) try(fn func(*store.Tx) error) error {
	return h.db.Write(context.Background(), storetest.Act("visit.work"), fn)
}

func (h *house) read(fn func(*store.Read) error) {
	h.Helper()
	require.NoError(h, h.db.Read(context.Background(), fn))
}

func (h *house) balance(kind string, id int64) (n int64) {
	h.Helper()
	h.read(func(r *store.Read) (err error) {
		n, err = r.Balance(kind, id)
		return err
	})
	return n
}

func (h *house) state() (o store.Order, v store.Visit) {
	h.Helper()
	h.read(func(r *store.Read) (err error) {
		if o, err = r.Order(h.order.ID); err != nil {
			return err
		}
		v, err = r.Visit(h.visit.ID)
		return err
	})
	return o, v
}

func (h *house) sound() {
	h.Helper()
	h.read(func(r *store.Read) error {
		faults, err := r.CheckLedger()
		require.Empty(h, faults)
		return err
	})
}

// pay takes the whole sum by card and cash.
func (h *house) pay() term.PaymentID {
	h.Helper()
	id, err := h.till.Take(h.Context(), h.cashier, h.whole())
	require.NoError(h, err)
	return id
}

func (h *house) whole() finance.Take {
	return finance.Take{Order: h.order.ID, Legs: []finance.Leg{
		{Method: term.Card, Amount: 600000, Reference: "8817"}, {Method: term.Cash, Amount: 400000, Tendered: 500000},
	}}
}

// treat opens a treatment of the first line and takes its session.
func (h *house) treat() (id term.TreatmentID) {
	h.Helper()
	h.write(func(tx *store.Tx) error {
		x := store.Treatment{
			Visit: h.visit.ID, Client: h.visit.Client, Line: h.lines[0].ID, Item: h.item, SessionNo: 1,
			State: term.TreatmentScheduled,
		}
		require.NoError(h, tx.AddTreatment(&x))
		id = x.ID
		return finance.UseSession(tx, x.Line, id)
	})
	return id
}

func ruleOf(t *testing.T, err error) string {
	t.Helper()
	var refused *fault.Error
	require.ErrorAs(t, err, &refused, "%v", err)
	require.NotContains(t, refused.Say(words.ZH), "⟦")
	return refused.Rule
}

func fieldsOf(t *testing.T, err error) (names []string) {
	t.Helper()
	fields, ok := fault.FieldsOf(err)
	require.True(t, ok, "%v", err)
	for _, f := range fields {
		require.NotContains(t, f.Say(words.ZH), "⟦")
		names = append(names, f.Name)
	}
	return names
}
