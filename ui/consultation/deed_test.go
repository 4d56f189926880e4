package consultation_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/consultation"
	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/term"
)

// acts lists the actions of the trail on a subject's rows, newest first.
func (c *clinic) acts() (actions []string) {
	c.T.Helper()
	require.NoError(c.T, c.App.DB.Flush(c.T.Context()))
	c.read(func(r *store.Read) error {
		list, err := r.Acts(store.ActFilter{Limit: 200})
		for _, a := range list {
			actions = append(actions, a.Act.Action)
		}
		return err
	})
	return actions
}

func TestDeedsLeaveATrailAndNews(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.examined()
	news, stop := c.App.Hub.Listen()
	t.Cleanup(stop)
	p, _ := c.planned(toxin)
	heard := map[string]bool{}
	for drained := false; !drained; {
		select {
		case e := <-news:
			heard[e.Topic] = true
		default:
			drained = true
		}
	}
	for _, topic := range []string{"board", "queue", fmt.Sprintf("visit:%d", c.visit.ID)} {
		require.True(t, heard[topic], topic)
	}
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
	actions := c.acts()
	for _, action := range []string{"health.review", "exam.sign", "plan.draft", "plan.approve", "consult.view"} {
		require.Contains(t, actions, action)
	}
}

func TestDoublePostMakesOnePlanLine(t *testing.T) {
	t.Parallel()
	c := open(t)
	p, _ := c.planned(toxin)
	i := c.item(toxin)
	for range 2 {
		c.As("consultant").Post(planPath(p, "/line"), "_once", "ONE", "item", fmt.Sprint(i.ID), "area", "前额", "sessions", "1",
			"price", i.PriceFen.Plain()).Want(200).At(planPath(p, ""))
	}
	c.read(func(r *store.Read) error {
		lines, err := r.PlanItems(p.ID)
		require.Len(t, lines, 2)
		return err
	})
}

func TestTwoChangeTheSameLine(t *testing.T) {
	t.Parallel()
	c := open(t)
	_, l := c.planned(toxin)
	post := func(login, area string) int {
		return c.As(login).Post(linePath(l, ""), "item", fmt.Sprint(l.Item), "area", area, "sessions", "1",
			"price", l.PriceFen.Plain(), "version", fmt.Sprint(l.Version)).Status
	}
	require.Equal(t, 200, post("consultant", "前额"))
	require.Equal(t, 409, post("doctor", "鱼尾纹"))
	for _, unread := range [][]string{nil, {"version", ""}, {"version", "0"}} { // who did not read the line
		form := append([]string{"item", fmt.Sprint(l.Item), "area", "鱼尾纹", "sessions", "1", "price", l.PriceFen.Plain()}, unread...)
		require.Equal(t, 409, c.As("doctor").Post(linePath(l, ""), form...).Status)
	}
}

// versionOf is the version of a plan's line as a page would carry it now.
func (c *clinic) versionOf(l store.PlanItem) string {
	c.T.Helper()
	c.read(func(r *store.Read) (err error) {
		l, err = r.PlanItem(l.ID)
		return err
	})
	return fmt.Sprint(l.Version)
}

// gate asks the SOP for the gaps before the start, as the treatment room does.
func (c *clinic) rules(treatment term.TreatmentID) map[string]string {
	c.T.Helper()
	rules := map[string]string{}
	c.read(func(r *store.Read) error {
		gaps, err := c.App.Engines.SOP.Gate(r, sop.Subject{Visit: c.visit.ID, Treatment: treatment}, "start")
		for _, g := range gaps {
			rules[g.Rule] = g.Key
		}
		return err
	})
	return rules
}

func TestConsentHoldsForItemAreaAndTime(t *testing.T) {
	t.Parallel()
	c := open(t)
	p, l := c.ready(toxin)
	c.As("consultant").Post(planPath(p, "/cases"), "reason", "暂无已授权案例").Want(200)
	c.As("consultant").Post(planPath(p, "/order")).Want(200)
	var x store.Treatment
	c.write(func(tx *store.Tx) error {
		orders, err := tx.OrdersOfVisit(c.visit.ID)
		if err != nil {
			return err
		}
		lines, err := tx.OrderLines(orders[0].ID)
		if err != nil {
			return err
		}
		x = store.Treatment{
			Visit: c.visit.ID, Client: c.client.ID, Line: lines[0].ID, Item: l.Item, PlanItem: l.ID, SessionNo: 1, Area: "眉间",
			State: term.TreatmentScheduled,
		}
		return tx.AddTreatment(&x)
	})
	require.NotContains(t, c.rules(x.ID), "REG-CON-03", "signed for this item and area")
	c.write(func(tx *store.Tx) error {
		x.Area = "鱼尾纹"
		return tx.SaveTreatment(&x)
	})
	require.Equal(t, "consultation.gap.consent_stale", c.rules(x.ID)["REG-CON-03"], "another area than was agreed to")
	c.write(func(tx *store.Tx) error {
		x.Area = "眉间"
		return tx.SaveTreatment(&x)
	})
	c.Clock.Forward(181 * 24 * time.Hour)
	require.Equal(t, "consultation.gap.consent_stale", c.rules(x.ID)["REG-CON-03"], "180 days are over")
}

func TestPlaceOrderGivesTheOrder(t *testing.T) {
	t.Parallel()
	c := open(t)
	p, l := c.ready(toxin)
	ctx, by := t.Context(), c.Actor("consultant")
	require.NoError(t, c.App.Rooms.Consult.WaiveCases(ctx, by, p.ID, "暂无已授权案例"))
	_, err := c.App.Rooms.Consult.PlaceOrder(ctx, by, p.ID)
	require.ErrorIs(t, err, store.ErrStale, "who has not read the plan")
	by.Seen, err = c.App.Rooms.Consult.Seen(ctx, by, p.ID)
	require.NoError(t, err)
	id, err := c.App.Rooms.Consult.PlaceOrder(ctx, by, p.ID)
	require.NoError(t, err)
	c.read(func(r *store.Read) error {
		lines, err := r.OrderLines(id)
		require.Len(t, lines, 1)
		require.Equal(t, l.ID, lines[0].PlanItem)
		now, _ := r.Plan(p.ID)
		require.Equal(t, term.PlanOrdered, now.State)
		return err
	})
	_, err = c.App.Rooms.Consult.PlaceOrder(ctx, by, p.ID)
	require.Error(t, err, "an order is placed once")
	_, err = c.App.Rooms.Consult.SaveLine(ctx, by, consultation.Line{Plan: p.ID, Item: l.Item, Area: "前额", Sessions: 1})
	require.Error(t, err, "an ordered plan stands")
}
