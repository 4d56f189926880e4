package aftercare_test

import (
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/sop"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// treated makes a filler treatment that was just signed out, with its follow-ups.
func treated(t *testing.T, site *uitest.Site) (tr store.Treatment) {
	t.Helper()
	require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("treatment.signout"), func(tx *store.Tx) error {
		items, err := tx.Items(true)
		require.NoError(t, err)
		var filler store.Item
		for _, i := range items {
			if i.CareTemplate == "AC-HA" && filler.ID == 0 {
				filler = i
			}
		}
		require.NotZero(t, filler.ID)
		if tr, err = storetest.Treat(tx, filler.ID); err != nil {
			return err
		}
		for _, purpose := range []term.Purpose{term.ForPrivacy, term.ForHealth} {
			if err := tx.AddConsent(&store.Consent{Client: tr.Client, Purpose: purpose, GivenAt: tx.Now()}); err != nil {
				return err
			}
		}
		if err := tx.SaveSetting("clinic.emergency", "0571-88880120"); err != nil {
			return err
		}
		tr.State, tr.StartedAt, tr.FinishedAt = term.TreatmentSignedOut, tx.Now(), tx.Now()
		tr.Operator, tr.ReleasedAt = site.StaffID("doctor"), term.Instant{}
		if err := tx.SaveTreatment(&tr); err != nil {
			return err
		}
		if err := site.App.Engines.SOP.Start(tx, tr.Visit); err != nil {
			return err
		}
		on := sop.Subject{Visit: tr.Visit, Treatment: tr.ID}
		for range 2 { // the hook bears running again
			if err := site.App.Engines.SOP.Prove(tx, access.System("test"), on, "procedure.finished", store.Subject{}); err != nil {
				return err
			}
		}
		return nil
	}))
	return tr
}

// dayTask is the follow-up of a day; there is exactly one.
func dayTask(t *testing.T, site *uitest.Site, tr store.Treatment, day int) (found store.Task) {
	t.Helper()
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		tasks, err := r.TasksOfVisit(tr.Visit)
		n := 0
		for _, x := range tasks {
			if x.Kind == "followup" && x.Day == day {
				found, n = x, n+1
			}
		}
		require.Equal(t, 1, n, "one follow-up of D%d", day)
		return err
	}))
	return found
}

// calm are the answers of a client who is well; pairs overrule them.
func calm(pairs ...string) []string {
	base := map[string]string{
		"q.channel": "phone", "q.reached": "yes", "q.pain": "1", "q.worse": "no", "q.look": "none", "q.fever": "no", "q.pus": "no",
		"q.blister": "no", "q.colour_same": "yes", "q.cold": "no", "q.vision": "no", "q.stroke": "no", "q.white_blister": "no",
		"q.breath": "no", "q.nodule": "no", "q.assessment": "normal", "_step": "done",
	}
	return uitest.Pairs(base, pairs...)
}

func TestFollowUp(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	d2 := dayTask(t, site, tr, 2)
	require.Equal(t, tr.FinishedAt.Add(48*time.Hour), d2.DueAt)
	path := fmt.Sprintf("/aftercare/%d", d2.ID)
	caller := site.As("aftercare")
	caller.Get("/aftercare?show=all").Want(200, "林晚秋", "48 小时内回访")
	caller.Get(path).Want(200, "打针的皮肤颜色和旁边一样")
	site.As("cashier").Post(path, calm()...).Want(403)
	// wrong: what was typed comes back, and every missing answer is marked
	caller.Post(path, calm("q.pain", "", "q.vision", "", "q.used", "外用修复霜")...).Want(422, "外用修复霜", "f-q.pain", "f-q.vision")
	// a red flag cannot be called normal
	caller.Post(path, calm("q.vision", "yes")...).Want(422, "S6-07")
	caller.Post(path, calm()...).Want(200).At("/aftercare")
	require.Equal(t, store.TaskDone, dayTask(t, site, tr, 2).State)
	caller.Post(path, calm()...).Want(409)
}

func TestRedFlagStandsOnTheDoctorsScreen(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	path := fmt.Sprintf("/aftercare/%d", dayTask(t, site, tr, 2).ID)
	_, events, stop := site.App.Hub.ListenSince(-1)
	defer stop()
	site.As("aftercare").Post(path, calm("q.vision", "yes", "q.assessment", "redflag", "q.action", "马上到院")...).Want(200)
	heard := false
	for !heard {
		heard = (<-events).Topic == "alerts"
	}
	doctor := site.OnTablet("doctor")
	doctor.Get("/alerts/bar").Want(200, "视力症状/中风样", "林晚秋")
	doctor.Get("/tasks").Want(200, "红旗 视力症状/中风样")
	doctor.Get("/alerts/1").Want(200, "征象").Not("结论") // what was concluded is no sign
	site.As("cashier").Get("/alerts/bar").Want(403)
	doctor.Post("/alerts/1/step", "no", "1", "card", "ESC-VISION").Want(409, "S6-07")
	doctor.Post("/alerts/1/close", "outcome", "已转院", "severity", "D").Want(409, "S6-07")
	site.As("nurse").Post("/alerts/1/take").Want(403)
	doctor.Post("/alerts/1/take").Want(200, "呼叫 120")
	doctor.Post("/alerts/1/take").Want(409)
	doctor.Post("/alerts/1/step", "no", "1", "card", "ESC-VISION").Want(200)
	doctor.Post("/alerts/1/close", "outcome", "", "severity", "").Want(422, "请写明处置与结局", "请选择严重度")
	doctor.Post("/alerts/1/close", "outcome", "已转院", "severity", "D").Want(409, "REG-EVT-10")
	doctor.Post("/alerts/1/report").Want(200, tr.Number)
	doctor.Post("/alerts/1/close", "outcome", "复查正常", "severity", "A").Want(200)
	doctor.Get("/alerts/bar").Want(200).Not("视力症状/中风样")
}

func TestGuide(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	path := fmt.Sprintf("/aftercare/guide/%d", tr.ID)
	nurse := site.OnTablet("nurse")
	nurse.Get(path).Want(200, "0571-88880120", "未签收")
	nurse.Post(path+"/link").Want(409, "S6-01")
	site.As("cashier").Post(path).Want(403)
	nurse.Post(path).Want(200, "术后护理单")
	nurse.Post(path+"/told", "signs", "on").Want(422, "请告知应急电话后勾选")
	nurse.Post(path+"/told", "signs", "on", "phone", "on").Want(200, "已告知")
	page := nurse.Post(path+"/link").Want(200, "<path")
	token := regexp.MustCompile(`/care/[A-Z0-9]+`).FindString(page.Body)
	require.NotEmpty(t, token)
	site.AsGuest().Get(token).Want(200, "0571-88880120").Not("林晚秋")
	site.AsGuest().Get("/care/WRONG").Want(404)
	nurse.Post(path + "/link").Want(200)
	site.AsGuest().Get(token).Want(404)
}

func TestCloseRefusesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	site.As("nurse").Post(fmt.Sprintf("/aftercare/close/%d", tr.Visit)).Want(409, "S5-10")
}

func TestThreeUnansweredCalls(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	path := fmt.Sprintf("/aftercare/%d/unanswered", dayTask(t, site, tr, 2).ID)
	for try := range 3 {
		site.As("aftercare").Post(path).Want(200, fmt.Sprintf("第 %d 次", try+1))
		site.As("aftercare").Post(path).Want(409, "30 分钟以上再打")
		require.Equal(t, try+1, dayTask(t, site, tr, 2).Attempts, "clicks are no calls")
		if try == 1 {
			site.As("manager").Get("/tasks").Want(200).Not("三次未接通")
		}
		site.Clock.Forward(30 * time.Minute)
	}
	site.As("manager").Get("/tasks").Want(200, "三次未接通")
}
