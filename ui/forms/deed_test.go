package forms_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/app/forms"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// acts are the deeds of the trail under a word.
func acts(t *testing.T, s *uitest.Site, action string) (list []store.ActRow) {
	t.Helper()
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		list, err = r.Acts(store.ActFilter{Action: action, Limit: 50})
		return err
	}))
	return list
}

// heard collects topics until all wanted ones came.
func heard(t *testing.T, s *uitest.Site, do func(), wanted ...string) {
	t.Helper()
	events, cancel := s.App.Hub.Listen()
	defer cancel()
	do()
	missing := map[string]bool{}
	for _, topic := range wanted {
		missing[topic] = true
	}
	for len(missing) > 0 {
		select {
		case e := <-events:
			delete(missing, e.Topic)
		case <-t.Context().Done():
			require.Empty(t, missing)
		}
	}
}

func TestSigningLeavesTrailTopicsAndStamp(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	by := s.Actor("consultant")
	start := forms.Start{Code: "F17", Subject: form.Subject{Visit: visit}}
	var id term.AnswerID
	heard(t, s, func() {
		var err error
		id, err = s.App.Rooms.Forms.BeginSigned(t.Context(), by, start, forms.Typed{Answers: form.Answers{}.Set("goal", "提亮")})
		require.NoError(t, err)
	}, fmt.Sprintf("visit:%d", visit))
	require.Len(t, acts(t, s, "form.sign"), 1)
	require.Equal(t, by.Staff, acts(t, s, "form.sign")[0].Act.Staff)
	require.True(t, stamped(t, s, visit, "S2-01"))

	_, err := s.App.Rooms.Forms.BeginDraft(t.Context(), by, start, forms.Typed{})
	require.Equal(t, fault.KindConflict, fault.KindOf(err), "one of a kind a visit")
	require.ErrorContains(t, err, "forms.standing")
	read := answerOf(t, s, visit, "F17").Row.Version
	_, err = s.App.Rooms.Forms.Correct(t.Context(), by, forms.Typed{ID: id, Version: read, Answers: form.Answers{}.Set("goal", "提亮祛黄")})
	require.Equal(t, fault.KindInvalid, fault.KindOf(err), "no reason")
	by.Reason = "补充"
	_, err = s.App.Rooms.Forms.Correct(t.Context(), by, forms.Typed{ID: id, Answers: form.Answers{}.Set("goal", "没看过就改")})
	require.Equal(t, fault.KindStale, fault.KindOf(err), "who has not read it does not write over it")
	now, err := s.App.Rooms.Forms.Correct(t.Context(), by, forms.Typed{ID: id, Version: read, Answers: form.Answers{}.Set("goal", "提亮祛黄")})
	require.NoError(t, err)
	require.NotEqual(t, id, now)
	require.Equal(t, "补充", acts(t, s, "form.amend")[0].Act.Reason)
	require.Empty(t, acts(t, s, "form.begin"))
}

func TestLookingAtAFormIsNoted(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	s.As("consultant").Post(fmt.Sprintf("/form/new?code=F17&visit=%d", visit), "_step", "save", "q.goal", "提亮").Want(http.StatusOK)
	before := len(acts(t, s, "form.view"))
	s.As("doctor").Get(fmt.Sprintf("/form/%d", answerOf(t, s, visit, "F17").Row.ID)).Want(http.StatusOK)
	require.Eventually(t, func() bool { return len(acts(t, s, "form.view")) > before }, 5*time.Second, 50*time.Millisecond)
}

func TestAmendedAllergyLeavesTheBanner(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	client, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	nurse := s.As("nurse")
	path := fmt.Sprintf("/form/new?code=F2&visit=%d", visit)
	nurse.Post(path, "_step", "save", "q.shock", "no").Want(http.StatusOK)
	f := answerOf(t, s, visit, "F2")
	own := fmt.Sprintf("/form/%d", f.Row.ID)
	values := fillAll(f, map[string]string{"al_lidocaine": "yes", "sun_4w": "yes"})
	values.Set("_step", "done")
	values.Set("q.al_other.detail", "芒果")
	nurse.PostForm(own, values).Want(http.StatusOK, "利多卡因过敏", "近4周暴晒")
	c := clientOf(t, s, client)
	require.Equal(t, []string{"利多卡因过敏: 手写说明", "芒果"}, c.Allergies)
	require.Equal(t, []string{"近4周暴晒"}, c.Alerts)

	values.Set("q.al_lidocaine", "no")
	values.Set("q.sun_4w", "no")
	values.Del("q.al_other.detail")
	page := nurse.Get(own + "/amend").Want(http.StatusOK).Body
	require.Less(t, strings.Index(page, `name="_reason"`), strings.Index(page, `name="q.`), "the reason comes first")
	require.NotContains(t, page, "[[10,10,0]", "no signature is carried over")
	require.Contains(t, page, "data-draft=", "what is typed is kept")
	nurse.PostForm(own+"/amend", values).Want(http.StatusUnprocessableEntity, "请写明理由", "请签名")
	values.Set("_reason", "客户记错")
	nurse.PostForm(own+"/amend", values).Want(http.StatusUnprocessableEntity, "请签名", "客户记错")
	for name := range values {
		if values.Get(name) == strokes {
			values.Set(name, strings.Replace(strokes, "[10,10,0]", "[11,12,0]", 1))
		}
	}
	nurse.PostForm(own+"/amend", values).Want(http.StatusOK, "客户记错")
	c = clientOf(t, s, client)
	require.Empty(t, c.Allergies)
	require.Empty(t, c.Alerts)
}

func TestMaskedAnswersStayWhenOthersSave(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	nurse := s.As("nurse")
	nurse.Post(fmt.Sprintf("/form/new?code=F2&visit=%d", visit), "_step", "save", "q.infect_consent", "yes", "q.infect", "hbv", "q.unwell", "no").Want(http.StatusOK)
	id := answerOf(t, s, visit, "F2").Row.ID
	s.As("consultant").Get(fmt.Sprintf("/form/%d", id)).Want(http.StatusOK, "您的岗位看不到这一项").Not("乙肝")
	s.As("doctor").Get(fmt.Sprintf("/form/%d", id)).Want(http.StatusOK, "乙肝")
}

func TestStaleDraftIsKeptOnTheScreen(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy)
	b := s.As("consultant")
	b.Post(fmt.Sprintf("/form/new?code=F17&visit=%d", visit), "_step", "save", "q.goal", "提亮").Want(http.StatusOK)
	f := answerOf(t, s, visit, "F17")
	own := fmt.Sprintf("/form/%d", f.Row.ID)
	b.Post(own, "_step", "save", "_version", fmt.Sprint(f.Row.Version), "q.goal", "先到的").Want(http.StatusOK)
	b.Post(own, "_step", "save", "_version", fmt.Sprint(f.Row.Version), "q.goal", "后到的").Want(http.StatusConflict, "后到的", "刚刚被别人改过")
	b.Post(own, "_step", "save", "_version", "", "q.goal", "没看过的").Want(http.StatusConflict, "没看过的", "刚刚被别人改过")
	b.Post(own, "_step", "done", "_version", "0", "q.goal", "没看过的").Want(http.StatusConflict, "没看过的", "刚刚被别人改过")
	require.Equal(t, "先到的", answerOf(t, s, visit, "F17").Answers.Value("goal"))
	b.Post(own, "_step", "save", "q.unknown", "x").Want(http.StatusUnprocessableEntity)
}

// Two who fill one form: what only one answered stays, what both answered is offered side by side,
// whoever began, saved or signed first (row:U3).
func TestTwoEditorsOfOneForm(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	b, path := s.As("front"), fmt.Sprintf("/form/new?code=F1&visit=%d", visit)
	save := func(answers ...string) []string { return append(basics(answers...)[2:], "_step", "save") }
	b.Post(path, save("phone", "13800008817", "emergency_name", "王强")...).Want(http.StatusOK)
	b.Post(path, save("phone", "13900001111", "id_doc_type", "none", "id_doc_type.detail", "忘带", "id_doc_no", "")...).
		Want(http.StatusConflict, "已有一份", `value="13900001111"`, "_take_q.phone", `name="_theirs_q.phone" value="13800008817"`, `value="王强"`,
			"_take_q.id_doc_type", "忘带").Not("_take_q.name", "_take_q.emergency_name", "_take_q.id_doc_no")
	f := answerOf(t, s, visit, "F1")
	require.Equal(t, "13800008817", f.Answers.Value("phone"))
	own, shown := fmt.Sprintf("/form/%d", f.Row.ID), fmt.Sprintf("%d.%d", f.Row.ID, f.Row.Version)
	taken := []string{"_version", shown, "_take_q.phone", "mine", "_theirs_q.phone", "13800008817", "_take_q.id_doc_type", "theirs", "_theirs_q.id_doc_type", "idcard"}
	b.Post(own, append(taken, save("phone", "13900001111", "id_doc_type", "none", "id_doc_type.detail", "忘带", "emergency_name", "王强")...)...).Want(http.StatusOK)
	f = answerOf(t, s, visit, "F1")
	require.Equal(t, []string{"13900001111", "idcard", "王强"}, []string{f.Answers.Value("phone"), f.Answers.Value("id_doc_type"), f.Answers.Value("emergency_name")})
	require.Empty(t, f.Answers["id_doc_type"].Detail, "theirs had no words beside it")

	b.Post(own, append(save("phone", "13700002222"), "_version", shown)...).
		Want(http.StatusConflict, "刚刚被别人改过", `value="13700002222"`, `name="_theirs_q.phone" value="13900001111"`, fmt.Sprintf(`name="_version" value="%d.%d"`, f.Row.ID, f.Row.Version))
	require.Equal(t, "13900001111", answerOf(t, s, visit, "F1").Answers.Value("phone"))

	b.Post(own, append(basics("phone", "13900001111"), "_version", fmt.Sprintf("%d.%d", f.Row.ID, f.Row.Version))...).Want(http.StatusOK, "已签署并锁定")
	b.Post(own, append(save("phone", "13700002222"), "_version", shown)...).
		Want(http.StatusConflict, "已经签署并锁定", own+"/amend", `value="13700002222"`, `name="_theirs_q.phone" value="13900001111"`, `name="_reason"`)
	require.Equal(t, "13900001111", answerOf(t, s, visit, "F1").Answers.Value("phone"))
}
