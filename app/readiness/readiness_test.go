package readiness_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/app/readiness"
	"meixu/store"
	"meixu/store/storetest"
)

type house struct {
	t              *testing.T
	db             *store.DB
	clock          *storetest.Clock
	round          *readiness.Round
	nurse, manager access.Actor
	front          access.Actor
	room           store.Room
	device         store.Device
	lot            store.Lot
	topics         *[]string
}

func open(t *testing.T) *house {
	t.Helper()
	clock, topics := storetest.NewClock(), []string{}
	db := storetest.Open(t, store.Options{Now: clock.Now, Topics: func(list []string) { topics = append(topics, list...) }})
	h := &house{t: t, db: db, clock: clock, round: readiness.New(deed.Doer{DB: db, Hub: live.New()}), topics: &topics}
	h.write(func(tx *store.Tx) error {
		h.nurse, h.manager, h.front = h.hire(tx, access.Nurse), h.hire(tx, access.Manager), h.hire(tx, access.Reception)
		h.room = store.Room{Name: "注射室 1", Kind: "注射室", State: "open"}
		require.NoError(t, tx.AddRoom(&h.room))
		h.device = store.Device{Number: "D1", Name: "光子机", Kind: "ipl", Room: h.room.ID, MaintenanceDueOn: "2026-03-02", State: "in_use"}
		require.NoError(t, tx.AddDevice(&h.device))
		p := store.Product{Code: "P-HYAL", Name: "玻璃酸酶", Kind: "药品", UseKind: "hyaluronidase", Unit: "单位", PackQty: 1_500_000}
		require.NoError(t, tx.AddProduct(&p))
		h.lot = store.Lot{Product: p.ID, Lot: "H1", ExpiresOn: "2026-03-03", ReceivedAt: tx.Now(), ReceivedBy: h.nurse.Staff, ReceivedQty: 6_000_000, State: "ok"}
		require.NoError(t, tx.AddLot(&h.lot))
		_, err := tx.Move(store.Account{Kind: "stock", ID: int64(h.lot.ID)}, 6_000_000, store.Subject{Noun: "lot", ID: int64(h.lot.ID)})
		return err
	})
	return h
}

func (h *house) hire(tx *store.Tx, role access.Role) access.Actor {
	s := store.Staff{Login: string(role), Name: "T-" + string(role), Roles: []string{string(role)}}
	require.NoError(h.t, tx.AddStaff(&s))
	return access.Actor{Staff: s.ID, Name: s.Name, Roles: []access.Role{role}}
}

func (h *house) write(fn func(*store.Tx) error) {
	h.t.Helper()
	require.NoError(h.t, h.db.Write(h.t.Context(), storetest.Act("test.prepare"), fn))
}

func (h *house) ask(fn func(*store.Read) error) (err error) {
	h.t.Helper()
	require.NoError(h.t, h.db.Read(h.t.Context(), func(r *store.Read) error {
		err = fn(r)
		return nil
	}))
	return err
}

func (h *house) roomReady() error {
	return h.ask(func(r *store.Read) error { return readiness.RoomReady(r, h.room.ID) })
}

func (h *house) deviceReady() error {
	return h.ask(func(r *store.Read) error { return readiness.DeviceReady(r, h.device.ID) })
}

// version is that of the device as a page would show it now.
func (h *house) version() (n int) {
	_ = h.ask(func(r *store.Read) error {
		d, err := r.Device(h.device.ID)
		n = d.Version
		return err
	})
	return n
}

func (h *house) kitReady() error { return h.ask(readiness.KitReady) }

func ruleOf(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Rule
	}
	return ""
}

func fieldsOf(err error) (names []string) {
	fields, _ := fault.FieldsOf(err)
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return names
}

func TestRoom(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := open(t)
	in := readiness.Disinfect{Room: h.room.ID, Method: "wipe", Minutes: 10}
	require.Equal(t, "REG-INF-01", ruleOf(h.roomReady()))
	_, err := h.round.Disinfect(ctx, h.nurse, readiness.Disinfect{Room: h.room.ID})
	require.Equal(t, []string{"method", "minutes"}, fieldsOf(err))
	_, err = h.round.Disinfect(ctx, h.front, in)
	require.Equal(t, fault.KindForbidden, fault.KindOf(err))
	_, err = h.round.Disinfect(ctx, h.nurse, in)
	require.NoError(t, err)
	require.NoError(t, h.roomReady())
	require.Contains(t, *h.topics, live.Rooms)
	h.clock.Forward(4 * time.Hour)
	require.Equal(t, "REG-INF-01", ruleOf(h.roomReady()), "four hours")
	_, err = h.round.Disinfect(ctx, h.nurse, in)
	require.NoError(t, err)
	h.write(func(tx *store.Tx) error { return readiness.UseRoom(tx, h.room.ID) })
	require.Equal(t, "REG-INF-01", ruleOf(h.roomReady()), "somebody was treated in it")
	h.write(func(tx *store.Tx) error { return tx.SaveSetting(readiness.SettingDisinfection, "1") })
	_, err = h.round.Disinfect(ctx, h.nurse, in)
	require.NoError(t, err)
	h.clock.Forward(time.Hour)
	require.Equal(t, "REG-INF-01", ruleOf(h.roomReady()), "the setting says one hour")
	h.write(func(tx *store.Tx) error {
		h.room.State = "closed"
		return tx.SaveRoom(&h.room)
	})
	_, err = h.round.Disinfect(ctx, h.nurse, in)
	require.Equal(t, "REG-INF-01", ruleOf(err), "a closed room")
	require.NoError(t, h.ask(func(r *store.Read) error {
		acts, err := r.History("checks", 1)
		require.Equal(t, "room.disinfect", acts[0].Act.Action)
		return err
	}))
}

func TestDevice(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := open(t)
	good := readiness.DeviceCheck{Device: h.device.ID, OK: true, Passed: readiness.DevicePoints}
	require.Equal(t, "REG-DEV-13", ruleOf(h.deviceReady()))
	_, err := h.round.CheckDevice(ctx, h.nurse, readiness.DeviceCheck{Device: h.device.ID, OK: true, Passed: []string{"power"}})
	require.Equal(t, []string{"passed"}, fieldsOf(err))
	_, err = h.round.CheckDevice(ctx, h.nurse, good)
	require.NoError(t, err)
	require.NoError(t, h.deviceReady(), "maintenance is due today: still good")
	h.clock.Forward(15 * time.Hour)
	_, err = h.round.CheckDevice(ctx, h.nurse, good)
	require.Equal(t, "REG-DEV-13", ruleOf(err), "maintenance was due yesterday")
	require.Equal(t, "REG-DEV-13", ruleOf(h.deviceReady()))
	back := readiness.DeviceState{Device: h.device.ID, State: readiness.DeviceInUse, Reason: "已保养"}
	require.Equal(t, fault.KindStale, fault.KindOf(h.round.SetDevice(ctx, h.manager, back)), "who has not read it does not write over it")
	back.Version = h.version()
	require.Equal(t, "REG-DEV-13", ruleOf(h.round.SetDevice(ctx, h.manager, back)), "the new date is missing")
	back.Maintenance = "2026-09-02"
	require.NoError(t, h.round.SetDevice(ctx, h.manager, back))
	_, err = h.round.CheckDevice(ctx, h.nurse, good)
	require.NoError(t, err)

	_, err = h.round.CheckDevice(ctx, h.nurse, readiness.DeviceCheck{Device: h.device.ID})
	require.Equal(t, []string{"note"}, fieldsOf(err))
	*h.topics = nil
	_, err = h.round.CheckDevice(ctx, h.nurse, readiness.DeviceCheck{Device: h.device.ID, Note: "制冷失灵"})
	require.NoError(t, err)
	require.Subset(t, *h.topics, []string{live.Alerts, live.Tasks})
	require.Equal(t, "REG-DEV-14", ruleOf(h.deviceReady()), "a bad check stops it")
	require.Equal(t, fault.KindForbidden, fault.KindOf(h.round.SetDevice(ctx, h.nurse, back)))
	require.Equal(t, fault.KindForbidden, fault.KindOf(h.round.SetDevice(ctx, h.nurse,
		readiness.DeviceState{Device: h.device.ID, State: readiness.DeviceRetired, Reason: "报废"})))
	require.NoError(t, h.round.SetDevice(ctx, h.manager, readiness.DeviceState{Device: h.device.ID, Version: h.version(), State: readiness.DeviceRetired, Reason: "报废"}))
	back.Version = h.version()
	require.Equal(t, "REG-DEV-14", ruleOf(h.round.SetDevice(ctx, h.manager, back)), "retired is retired")
	require.Equal(t, []string{"state", "reason"}, fieldsOf(h.round.SetDevice(ctx, h.manager, readiness.DeviceState{Device: h.device.ID, Version: h.version()})))
}

func TestKit(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := open(t)
	require.Equal(t, "REG-CON-09", ruleOf(h.kitReady()))
	ok, err := h.round.CheckKit(ctx, h.nurse, readiness.KitCheck{Present: []string{"oxygen"}})
	require.NoError(t, err)
	require.False(t, ok)
	require.Contains(t, *h.topics, live.Alerts)
	require.Equal(t, "REG-CON-09", ruleOf(h.kitReady()))
	ok, err = h.round.CheckKit(ctx, h.nurse, readiness.KitCheck{Present: readiness.KitItems})
	require.NoError(t, err)
	require.True(t, ok)
	require.NoError(t, h.kitReady())
	h.write(func(tx *store.Tx) error {
		_, err := tx.Move(store.Account{Kind: "stock", ID: int64(h.lot.ID)}, -1000, store.Subject{Noun: "lot_use", ID: 1})
		return err
	})
	require.Equal(t, "REG-CON-09", ruleOf(h.kitReady()), "the shelf proves the hyaluronidase, live")
	ok, err = h.round.CheckKit(ctx, h.nurse, readiness.KitCheck{Present: readiness.KitItems})
	require.NoError(t, err)
	require.False(t, ok)
	h.write(func(tx *store.Tx) error {
		_, err := tx.Move(store.Account{Kind: "stock", ID: int64(h.lot.ID)}, 1000, store.Subject{Noun: "lot", ID: 1})
		return err
	})
	_, err = h.round.CheckKit(ctx, h.nurse, readiness.KitCheck{Present: readiness.KitItems})
	require.NoError(t, err)
	require.NoError(t, h.kitReady())
	h.clock.Forward(24 * time.Hour)
	require.Equal(t, "REG-CON-09", ruleOf(h.kitReady()), "24 hours")
}

func TestFridge(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	h := open(t)
	for _, text := range []string{"", "warm", "4.25", "99"} {
		_, err := h.round.LogFridge(ctx, h.nurse, text, "")
		require.Equal(t, []string{"celsius"}, fieldsOf(err), text)
	}
	for text, want := range map[string]bool{"2": true, "8.0": true, "4.5": true, "1.9": false, "8.1": false, "-1": false} {
		ok, err := h.round.LogFridge(ctx, h.nurse, text, "")
		require.NoError(t, err)
		require.Equal(t, want, ok, text)
	}
	_, err := h.round.LogFridge(ctx, h.nurse, "9", "")
	require.NoError(t, err)
	require.Contains(t, *h.topics, live.Alerts)
	v, err := h.round.Look(ctx, h.nurse)
	require.NoError(t, err)
	require.Equal(t, "REG-DRG-06", v.Fridge.Why.Rule)
	require.Equal(t, 4, v.Red)
	_, err = h.round.LogFridge(ctx, h.nurse, "4", "")
	require.NoError(t, err)
	v, err = h.round.Look(ctx, h.nurse)
	require.NoError(t, err)
	require.True(t, v.Fridge.Ready)
	require.Equal(t, "4", v.Fridge.Last.Body.Celsius)
	h.clock.Forward(12 * time.Hour)
	v, err = h.round.Look(ctx, h.nurse)
	require.NoError(t, err)
	require.Equal(t, "REG-DEV-04", v.Fridge.Why.Rule)
	list, err := h.round.History(ctx, h.nurse)
	require.NoError(t, err)
	require.Len(t, list, 8)
	require.Equal(t, "T-nurse", list[0].Who)
	require.EqualValues(t, 0, list[0].Room)
}
