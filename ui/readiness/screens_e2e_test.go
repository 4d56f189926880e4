//go:build e2e

package readiness_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	round "meixu/app/readiness"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/ui/uitest"
)

// TestScreens stamps a room with one tap on a tablet, with targets for gloves.
func TestE2EScreens(t *testing.T) {
	s := open(t)
	require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.prepare"), func(tx *store.Tx) error {
		for _, name := range []string{"注射室 2", "光电治疗室"} {
			require.NoError(t, tx.AddRoom(&store.Room{Name: name, Kind: "治疗室", State: "open"}))
		}
		return tx.AddDevice(&store.Device{Number: "D2", Name: "射频仪", Kind: "rf", MaintenanceDueOn: "2026-02-01", State: "in_use"})
	}))
	_, err := s.App.Rooms.Ready.LogFridge(t.Context(), s.Actor("nurse"), "4.5", "")
	require.NoError(t, err)
	b := s.Screen("nurse", uitest.Tablet)
	b.Open("/ready").Axe().Shot("ready")
	b.Click("#room-1 form button.primary")
	b.WaitText("已登记消毒")
	b.Fill("#form-fridge input[name=celsius]", "3.5")
	_, err = s.App.Rooms.Ready.Disinfect(t.Context(), s.Actor("doctor"), round.Disinfect{Room: 2, Method: "uv", Minutes: 30})
	require.NoError(t, err)
	b.WaitFor("#room-2.good")
	b.Shot("ready-typed")
	b.Click(".numpad .ok")
	b.Click("#form-fridge button.primary")
	b.WaitText("温度已登记") // what was typed outlived the news from the other room
	b.WaitText("3.5")
	b.Axe().Shot("ready-stamped")
	b.Open("/ready/history").Axe().Shot("history")
	b.Open("/ready/device/1").Axe().Shot("device")
}
