package aftercare_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/ui/uitest"
)

// flags are the red flags that stand.
func flags(t *testing.T, site *uitest.Site) (list []store.Event) {
	t.Helper()
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		list, err = r.OpenEvents(10)
		return err
	}))
	return list
}

// A red flag does not wait for the rest of the form (S6-07): the first post raises it, a draft
// or one that is refused, and only once.
func TestARedFlagDoesNotWaitForTheForm(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	path := fmt.Sprintf("/aftercare/%d", dayTask(t, site, tr, 2).ID)
	caller, doctor := site.As("aftercare"), site.OnTablet("doctor")
	caller.Post(path, calm("q.vision", "yes")...).Want(422, "S6-07", "本次回访发现红旗，已通知医师，还没有人接手")
	doctor.Get("/alerts/bar").Want(200, "视力症状/中风样", "林晚秋")
	caller.Post(path, calm("q.vision", "yes", "q.assessment", "redflag")...).Want(422)
	caller.Post(path, calm("q.vision", "yes", "q.stroke", "yes", "_step", "save")...).Want(200, "本次回访发现红旗")
	require.Len(t, flags(t, site), 1, "one call raises one red flag")
	require.Contains(t, flags(t, site)[0].Note, "言语不清", "what was heard later stands on the physician's screen too")
	caller.Post(path, calm("q.vision", "yes", "q.assessment", "redflag", "q.action", "马上到院")...).Want(200, "已立即通知医师")
	require.Len(t, flags(t, site), 1)
	require.Equal(t, store.TaskDone, dayTask(t, site, tr, 2).State)
	caller.Post(path, calm("q.vision", "yes")...).Want(409)
	require.Len(t, flags(t, site), 1)
	page := fmt.Sprintf("/alerts/%d", flags(t, site)[0].ID)
	doctor.Get(page).Want(200, `href="tel:13`)
	caller.Get(path).Want(200, "已通知医师，还没有人接手").Not("医师已收到", "已接手。")
	doctor.Post(page + "/take").Want(200)
	caller.Get(path).Want(200, "T-doctor 已接手", `id="call-flags" data-live="alerts"`).Not("还没有人接手")
	require.Contains(t, flags(t, site)[0].Note, "：是", "question and answer: a question alone may say the opposite")
	doctor.Post(page+"/report").Want(200, "：是", `value="T-aftercare"`) // who made the call found it
	site.As("quality").Get(page).Want(200).Not("tel:")
}

// A draft with a red flag is enough, also one that is refused for its shape.
func TestADraftRaisesTheRedFlag(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	path := fmt.Sprintf("/aftercare/%d", dayTask(t, site, tr, 2).ID)
	caller := site.As("aftercare")
	caller.Post(path, "q.reached", "yes", "q.vision", "no", "_step", "save").Want(200)
	require.Empty(t, flags(t, site))
	site.As("cashier").Post(path, "q.reached", "yes", "q.vision", "yes", "_step", "save").Want(403)
	require.Empty(t, flags(t, site))
	caller.Post(path, "q.reached", "yes", "q.vision", "yes", "q.pain", "viel", "_step", "save").Want(422)
	require.Len(t, flags(t, site), 1)
}

// What is required once another answer is given says so: the star comes with its condition.
func TestAConditionalAnswerIsStarred(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	path := fmt.Sprintf("/aftercare/%d", dayTask(t, site, tr, 2).ID)
	caller := site.As("aftercare")
	const star = `data-must-when="{&#34;any&#34;:false,&#34;rules&#34;:[{&#34;name&#34;:&#34;q.assessment&#34;,&#34;op&#34;:&#34;in&#34;,&#34;is&#34;:&#34;advice|revisit|redflag&#34;}]}"`
	caller.Get(path).Want(200, star+` hidden=""`)
	caller.Post(path, calm("q.assessment", "advice")...).Want(422, star).Not(star + ` hidden`)
}

// The client's guide has no notes for staff, and no call that was called off; staff read both.
func TestTheGuideIsForTheClient(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	d30 := dayTask(t, site, tr, 30)
	require.NoError(t, site.App.DB.Write(t.Context(), storetest.Act("task.cancel"), func(tx *store.Tx) error {
		row, err := tx.Task(d30.ID)
		if err != nil {
			return err
		}
		row.State = store.TaskCancelled
		return tx.SaveTask(&row)
	}))
	nurse := site.OnTablet("nurse")
	guide := nurse.Post(fmt.Sprintf("/aftercare/guide/%d", tr.ID)).Want(200, "术后护理单", "肿胀、轻瘀正常", "我们会打电话问候恢复情况")
	guide.Not("48h 回访", "重点排查", "护士签字", "第 30 天电话回访").Want(200, "术后第 2 天电话回访", "（术后第 ").Not("（D")
	nurse.Get(fmt.Sprintf("/aftercare/guide/%d", tr.ID)).Want(200).Not(fmt.Sprintf("/aftercare/%d\"", d30.ID))
	site.As("aftercare").Get(fmt.Sprintf("/aftercare/%d", dayTask(t, site, tr, 2).ID)).Want(200, "48h 回访：重点排查迟发血管问题")
}

// The second person who ends the same call sees what is recorded, and beside it what they typed
// themselves and what was not saved.
func TestTheLoserOfACallSeesWhatIsRecorded(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	tr := treated(t, site)
	path := fmt.Sprintf("/aftercare/%d", dayTask(t, site, tr, 2).ID)
	site.As("aftercare").Post(path, calm("q.pain", "1")...).Want(200)
	page := site.As("nurse").Post(path, calm("q.pain", "6")...).Want(409, "您填写的内容（未保存）").Body
	recorded, typed, found := strings.Cut(page, "您填写的内容（未保存）")
	require.True(t, found)
	pain := regexp.MustCompile(`(?s)<dt>[^<]*疼[^<]*</dt><dd>\s*<span[^>]*>(\d+)</span>`)
	require.Equal(t, "1", pain.FindStringSubmatch(recorded)[1])
	require.Equal(t, "6", pain.FindStringSubmatch(typed)[1])
	site.As("nurse").Get(path).Want(200).Not("您填写的内容（未保存）")
}
