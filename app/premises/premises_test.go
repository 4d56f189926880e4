package premises_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/deed"
	"meixu/app/fault"
	"meixu/app/live"
	"meixu/app/premises"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

type house struct {
	t                     *testing.T
	db                    *store.DB
	steward               *premises.Steward
	manager, nurse, front access.Actor
	topics                *[]string
}

// open makes a house with one item, whose device is a light, and nothing else.
func open(t *testing.T) *house {
	t.Helper()
	clock, topics := storetest.NewClock(), []string{}
	db := storetest.Open(t, store.Options{Now: clock.Now, Topics: func(list []string) { topics = append(topics, list...) }})
	h := &house{t: t, db: db, steward: premises.New(deed.Doer{DB: db, Hub: live.New()}, nil), topics: &topics}
	h.write(func(tx *store.Tx) error {
		h.manager, h.nurse, h.front = h.hire(tx, access.Manager), h.hire(tx, access.Nurse), h.hire(tx, access.Reception)
		return tx.AddItem(&store.Item{
			Code: "IPL", Name: "光子", Category: "光电", Level: "none", Kind: "ipl", Operator: "physician", DeviceKind: "强脉冲光",
			CareTemplate: "AC", FormCode: "F7", Depth: "L2", RiskTier: 3, Enabled: true,
		})
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

func (h *house) room(name string) term.RoomID {
	h.t.Helper()
	id, err := h.steward.AddRoom(h.t.Context(), h.manager, premises.RoomIn{Name: name, Kind: "光电治疗室"})
	require.NoError(h.t, err)
	return id
}

func (h *house) light(room term.RoomID) premises.DeviceIn {
	return premises.DeviceIn{
		Number: "SB-1", Name: "光子机", Kind: "强脉冲光", Registration: "国械注准 20233091001", Room: room, Maintenance: "2026-06-01",
	}
}

// names are the wrong fields of a refused form, in order.
func names(err error) (list []string) {
	fields, _ := fault.FieldsOf(err)
	for _, f := range fields {
		list = append(list, f.Name)
	}
	return list
}

func said(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

func TestRooms(t *testing.T) {
	t.Parallel()
	h, ctx := open(t), t.Context()
	id := h.room(" 光电室一 ")
	require.Contains(t, *h.topics, live.Rooms)

	t.Run("no two rooms have one name, and the kind is known; all faults at once", func(t *testing.T) {
		_, err := h.steward.AddRoom(ctx, h.manager, premises.RoomIn{Name: "光电室一", Kind: "车库"})
		require.ElementsMatch(t, []string{"name", "kind"}, names(err))
		_, err = h.steward.AddRoom(ctx, h.manager, premises.RoomIn{})
		require.ElementsMatch(t, []string{"name", "kind"}, names(err))
	})
	t.Run("only manager and owner enter rooms", func(t *testing.T) {
		for _, by := range []access.Actor{h.nurse, h.front} {
			_, err := h.steward.AddRoom(ctx, by, premises.RoomIn{Name: "库房", Kind: "治疗室"})
			require.Equal(t, fault.KindForbidden, fault.KindOf(err))
		}
		_, err := h.steward.Look(ctx, h.nurse)
		require.NoError(t, err)
		_, err = h.steward.Look(ctx, h.front)
		require.Equal(t, fault.KindForbidden, fault.KindOf(err))
	})
	t.Run("a room is mended over the version that was read", func(t *testing.T) {
		edit := premises.RoomIn{ID: id, Version: 1, Name: "光电室甲", Kind: "光电治疗室"}
		require.NoError(t, h.steward.EditRoom(ctx, h.manager, edit))
		require.Equal(t, fault.KindStale, fault.KindOf(h.steward.EditRoom(ctx, h.manager, edit)))
		edit.ID = 99
		require.Equal(t, fault.KindNotFound, fault.KindOf(h.steward.EditRoom(ctx, h.manager, edit)))
	})
	t.Run("closing wants a reason and stands in the trail", func(t *testing.T) {
		shut := premises.RoomState{Room: id, Version: 2, State: premises.RoomClosed}
		require.Equal(t, []string{"reason"}, names(h.steward.SetRoom(ctx, h.manager, shut)))
		shut.Reason = "装修"
		require.NoError(t, h.steward.SetRoom(ctx, h.manager, shut))
		room, err := h.steward.Room(ctx, h.manager, id)
		require.NoError(t, err)
		require.Equal(t, premises.RoomClosed, room.State)
		require.NoError(t, h.db.Read(ctx, func(r *store.Read) error {
			acts, err := r.History("rooms", int64(id))
			require.Equal(t, "装修", acts[len(acts)-1].Act.Reason)
			return err
		}))
		_, err = h.steward.AddDevice(ctx, h.manager, h.light(id))
		require.Equal(t, []string{"room"}, names(err), "no device goes into a closed room")
	})
}

func TestDevices(t *testing.T) {
	t.Parallel()
	h, ctx := open(t), t.Context()
	room := h.room("光电室")

	_, err := h.steward.AddDevice(ctx, h.manager, premises.DeviceIn{Registration: "123", Kind: "咖啡机", Room: 77})
	require.ElementsMatch(t, []string{"number", "name", "registration", "maintenance", "kind", "room"}, names(err))
	id, err := h.steward.AddDevice(ctx, h.manager, h.light(room))
	require.NoError(t, err)
	_, err = h.steward.AddDevice(ctx, h.manager, h.light(room))
	require.Equal(t, []string{"number"}, names(err), "no two devices have one number")
	_, err = h.steward.AddDevice(ctx, h.nurse, h.light(room))
	require.Equal(t, fault.KindForbidden, fault.KindOf(err))

	f, err := h.steward.Device(ctx, h.nurse, id)
	require.NoError(t, err)
	require.Equal(t, "国械注准20233091001", f.Registration, "blanks of the plate are left out")
	require.Equal(t, "光电室", f.RoomName)

	edit := h.light(room)
	edit.ID, edit.Version, edit.Name = id, 1, "光子机二代"
	require.NoError(t, h.steward.EditDevice(ctx, h.manager, edit))
	require.Equal(t, fault.KindStale, fault.KindOf(h.steward.EditDevice(ctx, h.manager, edit)))

	t.Run("a service moves the due day and stays in the file (REG-DEV-13)", func(t *testing.T) {
		bad := premises.Service{Device: id, Version: 2, Kind: "polish", On: "2026-03-03", Due: "2026-03-02"}
		require.ElementsMatch(t, []string{"kind", "on", "due", "note"}, names(h.steward.Serve(ctx, h.manager, bad)))
		done := premises.Service{Device: id, Version: 2, Kind: premises.Calibration, On: "2026-03-01", Due: "2027-03-01", Note: "计量院 2026-01"}
		require.NoError(t, h.steward.Serve(ctx, h.manager, done))
		require.Equal(t, fault.KindStale, fault.KindOf(h.steward.Serve(ctx, h.manager, done)))
		f, err := h.steward.Device(ctx, h.manager, id)
		require.NoError(t, err)
		require.Equal(t, term.Day("2027-03-01"), f.CalibrationDueOn)
		require.Equal(t, term.Day("2026-06-01"), f.MaintenanceDueOn)
		require.Len(t, f.Served, 1)
		require.Equal(t, "计量院 2026-01", f.Served[0].Note)
		require.Equal(t, h.manager.Name, f.Served[0].By)
	})
	t.Run("a retired device stays as it was (REG-DEV-14)", func(t *testing.T) {
		h.write(func(tx *store.Tx) error {
			d, err := tx.Device(id)
			d.State = premises.DeviceRetired
			return errors.Join(err, tx.SaveDevice(&d))
		})
		edit.Version = 4
		require.Equal(t, "premises.device.retired", said(h.steward.EditDevice(ctx, h.manager, edit)))
	})
}

func TestDueDaysTurnAmberAndRed(t *testing.T) {
	t.Parallel()
	h, ctx := open(t), t.Context()
	room := h.room("光电室")
	for i, due := range []term.Day{"2026-03-01", "2026-03-02", "2026-04-01", "2026-04-02"} {
		d := h.light(room)
		d.Number += string(rune('a' + i))
		d.Maintenance = due
		_, err := h.steward.AddDevice(ctx, h.manager, d)
		require.NoError(t, err)
	}
	v, err := h.steward.Look(ctx, h.manager)
	require.NoError(t, err)
	var tones []string
	for _, d := range v.Devices {
		tones = append(tones, d.Maintenance.Tone)
		require.Equal(t, "none", d.Calibration.Tone)
	}
	require.Equal(t, []string{"late", "soon", "soon", "good"}, tones)
	require.Equal(t, []int{1, 4, 0, 2, 1}, []int{v.Open, v.InUse, v.Out, v.Soon, v.Late})
	require.Len(t, v.Rooms[0].Devices, 4)
}

func TestARoomInUseStaysOpen(t *testing.T) {
	t.Parallel()
	h, ctx := open(t), t.Context()
	id := h.room("光电室")
	var visit store.Visit
	h.write(func(tx *store.Tx) error {
		tr, err := storetest.Treat(tx, 1)
		require.NoError(t, err)
		tr.State, tr.Room, tr.Nurse = term.TreatmentInProgress, id, h.nurse.Staff
		require.NoError(t, tx.SaveTreatment(&tr))
		visit, err = tx.Visit(tr.Visit)
		return err
	})
	shut := premises.RoomState{Room: id, Version: 1, State: premises.RoomClosed, Reason: "装修"}
	err := h.steward.SetRoom(ctx, h.manager, shut)
	require.Equal(t, "premises.room.treating", said(err))
	var e *fault.Error
	require.ErrorAs(t, err, &e)
	require.Contains(t, e.Say("zh"), "T-nurse", "the sentence says who holds it")

	h.write(func(tx *store.Tx) error {
		list, err := tx.RunningIn(id, 0)
		require.Len(t, list, 1)
		list[0].State = term.TreatmentReleased
		require.NoError(t, tx.SaveTreatment(&list[0]))
		visit.Room, visit.Consultant = id, h.manager.Staff
		return errors.Join(err, tx.SaveVisit(&visit))
	})
	err = h.steward.SetRoom(ctx, h.manager, shut)
	require.Equal(t, "premises.room.visited", said(err))
	require.ErrorAs(t, err, &e)
	require.Contains(t, e.Say("zh"), visit.Number)

	h.write(func(tx *store.Tx) error {
		visit.State = term.VisitCompleted
		return tx.SaveVisit(&visit)
	})
	require.NoError(t, h.steward.SetRoom(ctx, h.manager, shut))
	shut.Version, shut.State = 2, premises.RoomOpen
	require.NoError(t, h.steward.SetRoom(ctx, h.manager, shut))
}
