package people_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/live"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// holdings gives the person one thing of every kind, and n clients.
func holdings(t *testing.T, s *uitest.Site, id term.StaffID, n int) (clients []term.ClientID) {
	t.Helper()
	require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.hold"), func(tx *store.Tx) error {
		for i := range n {
			c := store.Client{
				Number: fmt.Sprintf("C2026-%03d", i), Name: fmt.Sprintf("周客%d", i), Phone: fmt.Sprintf("1380000%04d", i), Gender: "female",
				Birth: "1990-01-01", Consultant: id, Tier: "normal", State: "active", Source: "walk_in",
			}
			require.NoError(t, tx.AddClient(&c))
			clients = append(clients, c.ID)
		}
		at := tx.Now().Add(30 * time.Hour)
		lead := store.Lead{Name: "吴女士", Phone: "13911112222", Channel: "phone", Owner: id, State: "open"}
		require.NoError(t, tx.AddLead(&lead))
		a := store.Appointment{Client: clients[0], Staff: id, StartsAt: at, EndsAt: at.Add(time.Hour), State: term.AppointmentConfirmed}
		require.NoError(t, tx.AddAppointment(&a))
		w := store.Wait{Client: clients[0], Staff: id, FromDay: "2026-03-03", ToDay: "2026-03-09", To: 1440, Minutes: 30, State: store.WaitWaiting}
		require.NoError(t, tx.AddWait(&w))
		v := store.Visit{Client: clients[0], State: "open", Stage: "S1", Station: "waiting", StationAt: tx.Now(), ArrivedAt: tx.Now(), Consultant: id, Physician: id}
		require.NoError(t, tx.AddVisit(&v))
		e := store.Event{Kind: "red_flag", Code: "ESC-VO", Client: clients[0], State: "taken", OpenedAt: tx.Now(), TakenAt: tx.Now(), TakenBy: id}
		require.NoError(t, tx.AddEvent(&e))
		task := store.Task{Kind: "call_back", Key: "x/1", Client: clients[0], TitleKey: "task.title.call_back", Role: "consultant", Staff: id, DueAt: at, Day: -1}
		return tx.AddTask(&task)
	}))
	return clients
}

func heldBy(t *testing.T, s *uitest.Site, id term.StaffID) (n int) {
	t.Helper()
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
		held, err := r.HeldBy(id)
		n = len(held)
		return err
	}))
	return n
}

// Disabling leaves nothing with the person, and every client hears of the successor (row:C7).
func TestNobodyLeavesWithClients(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	leaver, doctor := s.StaffID("consultant"), s.StaffID("doctor")
	clients := holdings(t, s, leaver, 4)
	owner, m := s.As("owner"), s.As("manager")
	person, page := fmt.Sprintf("/admin/staff/%d", leaver), fmt.Sprintf("/people/handover/%d", leaver)
	owner.Post(person, "version", "1", "name", "T-consultant", "roles", "consultant").Want(http.StatusConflict, "没有交接不能停用", page).Not("row:C7")
	owner.Post(person, "version", "1", "name", "T-consultant", "roles", "consultant", "emergency", "on").Want(http.StatusUnprocessableEntity, "紧急停用必须写明原因")
	s.As("front").Get(page).Want(http.StatusForbidden)
	s.As("front").Post(page, "to_files", "1").Want(http.StatusForbidden)
	m.Get(page).Want(http.StatusOK, "周客0", "吴女士", "顾客 4", "已接手红旗 1", "全部交接（11 项）")
	m.Post(page).Want(http.StatusUnprocessableEntity, "请选择至少一位接手人")
	boss := fmt.Sprint(int64(s.StaffID("manager")))
	m.Post(page, "to_files", fmt.Sprint(int64(leaver)), "to_care", fmt.Sprint(int64(doctor))).Want(http.StatusUnprocessableEntity, "请换一位")
	require.Equal(t, 11, heldBy(t, s, leaver))
	news, stop := s.App.Hub.Listen()
	m.Post(page, "to_files", boss, "to_files", fmt.Sprint(int64(s.StaffID("owner"))), "to_care", fmt.Sprint(int64(doctor)), "to_tasks", boss).
		Want(http.StatusOK, "已交接 11 项；4 位顾客", "1 个预约转前台改约", "没有待交接的事项")
	stop()
	heard := map[string]bool{}
	for n := range news {
		heard[n.Topic] = true
	}
	require.True(t, heard[live.Board] && heard[live.Appointments], "the board shows whose a booking is")
	require.Zero(t, heldBy(t, s, leaver))
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
		load, err := r.LoadOf()
		require.Equal(t, map[term.StaffID]int{s.StaffID("manager"): 2, s.StaffID("owner"): 2}, load, "split evenly")
		introduced := 0
		for _, id := range clients {
			c, err := r.Client(id)
			require.NoError(t, err)
			list, err := r.TasksOfClient(id, 10)
			require.NoError(t, err)
			for _, k := range list {
				if k.Kind == "introduction" {
					introduced++
					require.Equal(t, c.Consultant, k.Staff)
					require.False(t, k.DueAt.After(r.Now().Add(48*time.Hour)))
				}
			}
		}
		require.Equal(t, len(clients), introduced)
		return err
	}))
	owner.Post(person, "version", "1", "name", "T-consultant", "roles", "consultant").Want(http.StatusOK, "已停用")
}

// In an emergency the account is closed at once, and the manager has everything until it is handed over.
func TestAnEmergencyClosesAtOnce(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	leaver := s.StaffID("consultant")
	holdings(t, s, leaver, 2)
	own := s.As("consultant")
	own.Get("/home").Want(http.StatusOK)
	s.As("owner").Post(fmt.Sprintf("/admin/staff/%d", leaver), "version", "1", "name", "T-consultant", "roles", "consultant", "emergency", "on", "reason", "拿走了名单").
		Want(http.StatusOK, "已紧急停用", "待交接")
	own.Direct().Get("/home").Want(http.StatusSeeOther)
	m, page := s.As("manager"), fmt.Sprintf("/people/handover/%d", leaver)
	m.Get("/tasks").Want(http.StatusOK, "T-consultant 已紧急停用", page)
	ids := fmt.Sprint(int64(s.StaffID("manager")))
	m.Post(page, "to_files", ids, "to_care", fmt.Sprint(int64(s.StaffID("doctor")))).Want(http.StatusOK, "账号已停用，交接已完成")
	m.Get("/tasks").Want(http.StatusOK).Not(page)
	require.Zero(t, heldBy(t, s, leaver))
}

// A booking goes to nobody who has another one then, however far ahead: bookings reach two years.
func TestABookingFarAheadIsHandedToWhoIsFree(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	leaver, heir := s.StaffID("consultant"), term.StaffID(0)
	require.NoError(t, s.App.DB.Write(t.Context(), storetest.Act("test.hold"), func(tx *store.Tx) error {
		who := store.Staff{Login: "second", Name: "李二", OnShift: true, Roles: []string{"consultant"}}
		require.NoError(t, tx.AddStaff(&who))
		heir = who.ID
		for i, staff := range []term.StaffID{leaver, heir} {
			c := store.Client{Name: fmt.Sprintf("周客%d", i), Phone: fmt.Sprintf("1380000%04d", i), Gender: "female", Birth: "1990-01-01", Source: "walk_in"}
			require.NoError(t, tx.AddClient(&c))
			at := tx.Now().Add(500*24*time.Hour + time.Duration(i)*10*time.Minute)
			require.NoError(t, tx.AddAppointment(&store.Appointment{Client: c.ID, Staff: staff, StartsAt: at, EndsAt: at.Add(time.Hour), State: term.AppointmentConfirmed}))
		}
		return nil
	}))
	s.As("manager").Post(fmt.Sprintf("/people/handover/%d", leaver), "to_bookings", fmt.Sprint(int64(heir))).Want(http.StatusOK, "1 个预约转前台改约")
}
