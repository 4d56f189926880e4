//go:build e2e

package floor_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/live"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// full is a clinic with clients at all stations, one of them treated and paid.
func full(t *testing.T) (*uitest.Site, []store.Visit) {
	t.Helper()
	site := uitest.New(t)
	stations := []term.Station{
		term.AtWaiting, term.AtWaiting, term.AtConsultation, term.AtExamination, term.AtPlan, term.AtTill, term.AtPreOp, term.AtProcedure, term.AtObservation,
	}
	names := []string{"林晚秋", "周若兰", "陈思颖", "吴佩珊", "郑雨桐", "孙可馨", "许静怡", "何梦洁", "罗诗涵"}
	var visits []store.Visit
	for i, s := range stations {
		visits = append(visits, open(t, site, names[i], s))
		site.Clock.Forward(4 * time.Minute)
	}
	require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("test.prepare"), func(tx *store.Tx) error {
		items, err := tx.Items(true)
		require.NoError(t, err)
		v := visits[7]
		o := store.Order{Client: v.Client, Visit: v.ID, TotalFen: 390000, State: term.OrderOpen}
		require.NoError(t, tx.AddOrder(&o))
		l := store.OrderLine{Order: o.ID, Item: items[0].ID, Sessions: 3, PriceFen: 130000, TotalFen: 390000}
		require.NoError(t, tx.AddOrderLine(&l))
		_, err = tx.Move(store.Account{Kind: "session", ID: int64(l.ID)}, 3, store.Subject{Noun: "order", ID: int64(o.ID)})
		require.NoError(t, err)
		require.NoError(t, tx.AddTreatment(&store.Treatment{
			Visit: v.ID, Client: v.Client, Line: l.ID, Item: items[0].ID, SessionNo: 1, State: term.TreatmentInProgress,
			Operator: site.StaffID("doctor"), StartedAt: tx.Now(),
		}))
		require.NoError(t, tx.AddConsent(&store.Consent{Client: v.Client, Purpose: term.ForHealth, GivenAt: tx.Now()}))
		require.NoError(t, tx.AddAppointment(&store.Appointment{
			Client: v.Client, Item: items[0].ID, Staff: site.StaffID("doctor"), StartsAt: tx.Now().Add(time.Hour), EndsAt: tx.Now().Add(2 * time.Hour), State: term.AppointmentConfirmed,
		}))
		tx.Publish(live.Board)
		return nil
	}))
	return site, visits
}

// TestScreens looks at the pages of manager and owner, and at a change made elsewhere.
func TestE2EScreens(t *testing.T) {
	site, visits := full(t)
	page := fmt.Sprintf("/visit/%d", visits[7].ID)
	b := site.Screen("manager", uitest.PC)
	b.Open("/board").Axe().Shot("floor-board")
	open(t, site, "新来的客户", term.AtWaiting)
	b.WaitText("新来的客户") // without a reload
	b.Open(page).Axe().Shot("floor-visit")
	b.Open(page + "/step/S2-09").Axe().Shot("floor-step")
	b.Fill("textarea[name=skip_reason]", "没有口头推介")
	b.Click("form[action$=skip] button.primary")
	b.WaitThat("location.hash.startsWith('#step-S2-09') && document.readyState === 'complete'")
	b.Open(fmt.Sprintf("/client/%d", visits[7].Client)).Axe().Shot("floor-client")
	o := site.Screen("owner", uitest.PC)
	o.Open("/owner").Axe().Shot("floor-owner")
	o.Open("/owner/sop").Axe().Shot("floor-drill")
	o.Open(fmt.Sprintf("/client/%d/trail", visits[7].Client)).Axe().Shot("floor-trail")
	site.Screen("front", uitest.PC).Open("/home").Axe().Shot("floor-home-front")
	tablet := site.Screen("doctor", uitest.Tablet)
	tablet.Open("/home").Axe().Shot("floor-home-doctor")
	tablet.Open("/board").Axe().Shot("floor-board-tablet")
	tablet.Open(page).Axe().Shot("floor-visit-tablet")
	site.Screen("nurse", uitest.Tablet).Open(fmt.Sprintf("/client/%d/edit", visits[7].Client)).Axe().Shot("floor-edit")
}
