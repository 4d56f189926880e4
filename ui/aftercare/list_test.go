package aftercare_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/app/engine/task"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// The list says how many there are on all its pages, and its pager leads to the last.
func TestTheListIsPaged(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	var total int
	require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("test.prepare"), func(tx *store.Tx) error {
		for i := range 90 {
			_, err := task.Open(tx, task.New{
				Kind: task.Followup, Subject: store.Subject{Noun: "treatment", ID: int64(tr.ID)}, Key: fmt.Sprintf("X%d", i), Client: tr.Client,
				Visit: tr.Visit, Treatment: tr.ID, Role: access.Aftercare, Due: tx.Now().Add(time.Duration(i+1) * time.Minute),
				TitleKey: "task.title.followup", Args: []string{"9"}, FormCode: "F8-AC-HA", Day: 9,
			})
			if err != nil {
				return err
			}
		}
		rows, err := tx.TasksOfVisit(tr.Visit)
		for _, x := range rows {
			if x.Kind == task.Followup {
				total++
			}
		}
		return err
	}))
	caller := site.As("aftercare")
	caller.Get("/aftercare?show=all").Want(200, fmt.Sprintf("待办 %d 项", total), "page=2")
	caller.Get("/aftercare?show=all&page=3").Want(200, "术后第 9 天回访").Not("没有待回访的客户")
	caller.Get("/aftercare").Want(200, "待办 91 项") // ninety, and D0
	caller.Get("/aftercare/rows?show=all&page=2").Want(200, "page=3")
}

// From the 36th hour the 48-hour call is amber, for the nurse hears of it then.
func TestTheThirtySixthHour(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	treated(t, site)
	site.Clock.Forward(35 * time.Hour)
	caller := site.As("aftercare")
	caller.Get("/aftercare?show=all").Want(200).Not("tag amber")
	site.Clock.Forward(61 * time.Minute)
	caller = site.As("aftercare")
	caller.Get("/aftercare?show=all").Want(200, `tag amber`, "tag amber")
	caller.Get("/tasks").Want(200, `tag amber`)
}

// Words around a client's data follow the reader's language.
func TestTheListInEnglish(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	caller := site.As("aftercare")
	caller.Get("/aftercare?show=all").Want(200, "我是T-clinic的术后专员")
	caller.Post("/lang", "lang", "en", "back", "/aftercare").Want(200)
	caller.Get("/aftercare?show=all").Want(200, "T-clinic").Not("术后专员", "可复制的话术")
	nurse := site.As("nurse")
	guide := fmt.Sprintf("/aftercare/guide/%d", tr.ID)
	nurse.Get(guide).Want(200, "突发剧痛或与操作不符的疼痛")
	nurse.Post("/lang", "lang", "en")
	nurse.Get(guide).Want(200, "Sudden severe pain, or pain out of proportion to the treatment").Not("突发剧痛")
}

// What was called off with a stopped treatment may be taken up again, with a reason.
func TestAFollowUpIsTakenUpAgain(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	var off store.Task
	require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("procedure.stop"), func(tx *store.Tx) error {
		row, err := tx.Treatment(tr.ID)
		if err != nil {
			return err
		}
		row.State = term.TreatmentStopped
		if err := tx.SaveTreatment(&row); err != nil {
			return err
		}
		on := sop.Subject{Visit: tr.Visit, Treatment: tr.ID}
		by := access.System("test")
		by.Lang = "zh"
		if err := site.App.Engines.SOP.Prove(tx, by, on, "procedure.stopped", store.Subject{}); err != nil {
			return err
		}
		rows, err := tx.TasksOfVisit(tr.Visit)
		for _, x := range rows {
			if x.State == store.TaskCancelled {
				off = x
			}
		}
		return err
	}))
	require.NotZero(t, off.ID, "a stop calls late follow-ups off")
	require.Greater(t, off.Day, 2)
	path := fmt.Sprintf("/aftercare/%d", off.ID)
	caller := site.As("aftercare")
	caller.Get(path).Want(200, "已取消：治疗中止", path+"/reopen")
	site.As("cashier").Post(path+"/reopen", "reason", "客户要求").Want(403)
	caller.Post(path+"/reopen", "reason", " ").Want(422, "请写明理由")
	caller.Post(path+"/reopen", "reason", "客户要求继续跟进").Want(200, "回访已恢复").At(path)
	caller.Post(path+"/reopen", "reason", "再来").Want(409)
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		got, err := r.Task(off.ID)
		require.Equal(t, store.TaskOpen, got.State)
		require.Equal(t, off.DueAt, got.DueAt)
		return err
	}))
}

// A booking that the desk takes after a treatment is its review (S6-06).
func TestAReviewIsBooked(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	state := func() (ref store.Subject, done bool) {
		require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
			all, err := r.SOPStamps(tr.Visit)
			for _, s := range all {
				if s.Step == "S6-06" && s.Treatment == tr.ID {
					ref, done = s.Ref, s.State == store.StampDone
				}
			}
			return err
		}))
		return ref, done
	}
	_, done := state()
	require.False(t, done)
	site.As("front").Post("/reception/appointments/new", "client", fmt.Sprint(tr.Client), "staff", fmt.Sprint(site.StaffID("consultant")),
		"start", "2026-03-16T10:00", "confirmed", "on").Want(200)
	ref, done := state()
	require.True(t, done)
	require.Equal(t, "appointment", ref.Noun)
	var a store.Appointment
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		a, err = r.Appointment(term.AppointmentID(ref.ID))
		return err
	}))
	require.Equal(t, tr.Client, a.Client)
}
