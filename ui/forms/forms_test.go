package forms_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/engine/form"
	"meixu/app/fault"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// strokes is a signature as the pad posts it.
const strokes = `{"width":300,"height":120,"strokes":[[[10,10,0],[20,20,10],[30,25,20],[40,30,30],[50,32,40],[60,35,50],[70,38,60],[80,40,70],[90,44,80]]]}`

// came opens a visit of a client who gave the consents named.
func came(t *testing.T, s *uitest.Site, consents ...term.Purpose) (term.ClientID, term.VisitID) {
	t.Helper()
	c := store.Client{Name: "李静", Phone: "13800008817", Gender: "female", Birth: "1990-05-06", Source: "walk_in", IDKind: "id_card", IDNumber: "110101199005060028"}
	v := store.Visit{State: term.VisitOpen, Stage: term.StageReception, Station: term.AtWaiting}
	err := s.App.DB.Write(t.Context(), store.Act{Role: "system", Station: "test", Action: "visit.arrive"}, func(tx *store.Tx) error {
		if err := tx.AddClient(&c); err != nil {
			return err
		}
		for _, p := range consents {
			if err := tx.AddConsent(&store.Consent{Client: c.ID, Purpose: p, GivenAt: tx.Now()}); err != nil {
				return err
			}
		}
		v.Client, v.ArrivedAt, v.GreetedAt, v.StationAt = c.ID, tx.Now(), tx.Now(), tx.Now()
		if err := tx.AddVisit(&v); err != nil {
			return err
		}
		return s.App.Engines.SOP.Start(tx, v.ID)
	})
	require.NoError(t, err)
	return c.ID, v.ID
}

func answerOf(t *testing.T, s *uitest.Site, visit term.VisitID, code string) (f form.Filled) {
	t.Helper()
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
		row, err := r.VisitAnswer(visit, code)
		if err != nil {
			return err
		}
		f, err = form.Fill(r, row)
		return err
	}))
	return f
}

func clientOf(t *testing.T, s *uitest.Site, id term.ClientID) (c store.Client) {
	t.Helper()
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		c, err = r.Client(id)
		return err
	}))
	return c
}

func stamped(t *testing.T, s *uitest.Site, visit term.VisitID, step string) bool {
	t.Helper()
	done := false
	require.NoError(t, s.App.DB.Read(t.Context(), func(r *store.Read) error {
		stamps, err := r.SOPStamps(visit)
		for _, x := range stamps {
			done = done || x.Step == step && x.State == store.StampDone
		}
		return err
	}))
	return done
}

func TestNeedCardIsFilledSavedSignedAndLocked(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy)
	b := s.As("consultant")
	path := fmt.Sprintf("/form/new?code=F17&visit=%d", visit)
	b.Get(path).Want(http.StatusOK, "需求卡", "李静")

	b.Post(path, "_step", "done", "q.fear", "怕疼").Want(http.StatusUnprocessableEntity, "怕疼", "请填写", "f-q.goal")
	b.Post(path, "_step", "save", "q.fear", "怕疼", "_once", "new-1").Want(http.StatusOK, "怕疼", "草稿已保存")
	f := answerOf(t, s, visit, "F17")
	again := s.As("consultant").Direct().Post(path, "_step", "save", "q.fear", "怕疼", "_once", "new-1").Want(http.StatusSeeOther)
	require.Equal(t, fmt.Sprintf("/form/%d", f.Row.ID), again.Header.Get("Location"), "the second post of one form leads where the first one led")
	require.Equal(t, store.AnswerDraft, f.Row.State)
	require.False(t, stamped(t, s, visit, "S2-01"))
	b.Get(path).At(fmt.Sprintf("/form/%d", f.Row.ID))

	own := fmt.Sprintf("/form/%d", f.Row.ID)
	b.Post(own, "_step", "done", "_version", fmt.Sprint(f.Row.Version), "q.goal", "想淡化法令纹", "q.fear", "怕疼").
		Want(http.StatusOK, "想淡化法令纹", "已签署并锁定", "填写：T-consultant", "签署：T-consultant，2026-03-02 09:00")
	f = answerOf(t, s, visit, "F17")
	require.Equal(t, store.AnswerSigned, f.Row.State)
	require.True(t, stamped(t, s, visit, "S2-01"))
	b.Post(own, "_step", "save", "q.goal", "改一改").Want(http.StatusConflict, "REG-EMR-01")
	b.Get(own+"/print").Want(http.StatusOK, "想淡化法令纹", "李静")

	b.Post(own+"/amend", "_step", "done", "q.goal", "想淡化法令纹和颈纹").Want(http.StatusUnprocessableEntity, "请写明理由", "颈纹")
	b.Post(own+"/amend", "_step", "done", "q.goal", "想淡化法令纹和颈纹", "_reason", "客户补充").
		Want(http.StatusOK, "颈纹", "客户补充", "2 处与上次", "怕疼", "签署：T-consultant")
	b.Get(own).Want(http.StatusOK, "已被更正")
}

func TestFormsAreForTheirRoles(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	exam := fmt.Sprintf("/form/new?code=F15&visit=%d", visit)
	for _, step := range []string{"save", "done"} {
		s.As("doctor").Post(exam+"&again=1", "_step", step, "q.complaint", "x").
			Want(http.StatusConflict, "REG-EMR-04", fmt.Sprintf("/consultation/%d", visit))
	}
	s.As("doctor").Get(exam).Want(http.StatusConflict, "REG-EMR-04")
	s.As("front").Get(exam).Want(http.StatusForbidden)
	s.As("consultant").Post(exam, "_step", "save", "q.complaint", "x").Want(http.StatusForbidden)
	s.As("stock").Get(exam).Want(http.StatusForbidden)

	s.As("nurse").Post(fmt.Sprintf("/form/new?code=F2&visit=%d", visit), "_step", "save", "q.pregnant", "yes").Want(http.StatusOK)
	id := answerOf(t, s, visit, "F2").Row.ID
	for login, status := range map[string]int{
		"doctor": http.StatusOK, "consultant": http.StatusOK, "front": http.StatusForbidden, "cashier": http.StatusForbidden, "manager": http.StatusForbidden,
	} {
		require.Equal(t, status, s.As(login).Get(fmt.Sprintf("/form/%d", id)).Status, login)
	}
	s.As("front").Get(fmt.Sprintf("/form/new?code=F2&visit=%d", visit)).At(fmt.Sprintf("/form/visit/%d", visit))
	s.As("front").Post(fmt.Sprintf("/form/%d", id), "_step", "save", "q.pregnant", "no").Want(http.StatusForbidden)
	s.As("front").Get(fmt.Sprintf("/form/visit/%d", visit)).Want(http.StatusOK, "健康问卷").Not(fmt.Sprintf(`href="/form/%d"`, id))
}

func TestHealthFormsNeedTheirConsent(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, none := came(t, s)
	s.As("consultant").Post(fmt.Sprintf("/form/new?code=F17&visit=%d", none), "_step", "save", "q.goal", "x").
		Want(http.StatusConflict, "REG-PII-01")
	s.OnTablet("front").Post(fmt.Sprintf("/form/visit/%d/handover", none)).Want(http.StatusConflict, "REG-PII-01")
}

// fillAll answers every question that is asked of a form so that it can be signed, but with
// the answers given in own.
func fillAll(f form.Filled, own map[string]string) url.Values {
	out := url.Values{}
	a := f.Answers
	for range 3 {
		on := f.Template.Enabled(a)
		for _, g := range f.Template.Groups {
			for _, it := range g.Items {
				if !on[it.LinkID] || it.SumOf != "" {
					continue
				}
				if v := example(it, own[it.LinkID], a.Value(it.LinkID)); v != "" {
					a.Set(it.LinkID, v)
					out.Set(form.Name(it.LinkID), v)
					out.Set(form.Name(it.LinkID)+".detail", "手写说明")
				}
			}
		}
	}
	return out
}

func example(it form.Item, own, have string) string {
	switch {
	case own != "":
		return own
	case have != "":
		return have
	}
	switch it.Type {
	case form.YesNo:
		return form.No
	case form.Choice, form.Multi:
		return it.Options[0].Code
	case form.Boolean:
		return form.True
	case form.Signature:
		return strokes
	case form.Integer, form.Decimal, form.Scale:
		if it.Min != nil {
			return fmt.Sprint(*it.Min)
		}
		return "1"
	case form.Text, form.TextArea:
		if strings.Contains(it.LinkID, "phone") {
			return "13900001111"
		}
		return "手写"
	default:
		return ""
	}
}

var stepOf = regexp.MustCompile(`name="_step" value="([0-9]+|done)" data-submit`)

// walk presses "next" until the form is done.
func walk(t *testing.T, b *uitest.Browser, path string, values url.Values) *uitest.Answer {
	t.Helper()
	page := b.Get(path).Want(http.StatusOK)
	for range 20 {
		m := stepOf.FindStringSubmatch(page.Body)
		require.NotNil(t, m, page.Body)
		values.Set("_step", m[1])
		action := regexp.MustCompile(`action="(/form/[^"]+)"`).FindStringSubmatch(page.Body)
		require.NotNil(t, action)
		page = b.PostForm(strings.ReplaceAll(action[1], "&amp;", "&"), values).Want(http.StatusOK)
		if m[1] == "done" {
			return page
		}
	}
	t.Fatal("the form has no end")
	return nil
}

func TestClientFillsTheTabletAndCannotLeave(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	client, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	b := s.OnTablet("front")
	home := fmt.Sprintf("/form/handover/%d", visit)
	b.Get(fmt.Sprintf("/form/visit/%d", visit)).Want(http.StatusOK, "请客户在平板上填写").Not(`id="next-step"`)
	b.Post(fmt.Sprintf("/form/visit/%d/handover", visit)).Want(http.StatusOK, "李静，您好", "基本信息", "健康问卷").At(home)

	for _, path := range []string{"/reception", "/admin/staff", "/profile", "/form/1/print", fmt.Sprintf("/client/%d", client), "/form/visit/1", "/"} {
		b.Get(path).At(home)
	}
	b.Post("/logout").Want(http.StatusForbidden)
	b.Post("/form/1/void", "_reason", "x").Want(http.StatusForbidden)
	f1, f2 := answerOf(t, s, visit, "F1"), answerOf(t, s, visit, "F2")

	first := fmt.Sprintf("%s/%d", home, f1.Row.ID)
	b.Get(first).Want(http.StatusOK, "李静", "第 1 页").Not("topbar")
	b.Post(first+"?step=0", "_step", "1", "q.gender", "female").Want(http.StatusUnprocessableEntity, "请填写", "f-q.name")
	walk(t, b, first, fillAll(f1, map[string]string{"emergency_name": "王强"})).At(home)
	require.Equal(t, "王强", clientOf(t, s, client).Emergency.Name)

	page := walk(t, b, fmt.Sprintf("%s/%d", home, f2.Row.ID), fillAll(f2, map[string]string{"pregnant": "yes", "al_lidocaine": "yes", "al_other": "penicillin"}))
	page.At(home).Want(http.StatusOK, "填好了", "交还给工作人员")
	f2 = answerOf(t, s, visit, "F2")
	require.Equal(t, store.AnswerSigned, f2.Row.State)
	require.Equal(t, "client", f2.Row.FilledBy)
	c := clientOf(t, s, client)
	require.Contains(t, c.Alerts, "妊娠")
	require.NotContains(t, c.Alerts, "利多卡因过敏")
	require.Contains(t, strings.Join(c.Allergies, "|"), "利多卡因过敏")
	require.Contains(t, strings.Join(c.Allergies, "|"), "青霉素")
	b.Post(fmt.Sprintf("%s/%d?step=0", home, f2.Row.ID), "_step", "1", "q.pregnant", "no").Want(http.StatusConflict, "REG-EMR-01")

	b.Post("/reclaim", "pin", "1111", "next", fmt.Sprintf("/form/visit/%d", visit)).Want(http.StatusUnprocessableEntity)
	b.Get("/reception").At(home)
	b.Post("/reclaim", "pin", uitest.PIN, "next", fmt.Sprintf("/form/visit/%d", visit)).
		Want(http.StatusOK, "已签署", "客户本人", "有健康警示", `id="next-step"`, "下一步：回到接待页", fmt.Sprintf(`<a class="button primary large" href="/reception/visit/%d">`, visit)).
		Not("妊娠", "请客户在平板上填写").At(fmt.Sprintf("/form/visit/%d", visit))
	manager, run := s.As("manager"), fmt.Sprintf("/visit/%d", visit)
	manager.Get(run).Want(http.StatusOK, "客户本人<small>平板由T-front交付</small>").Not("T-front<small>客户</small>")
	s.As("nurse").Get(run).Want(http.StatusOK, "F2 · 客户本人 · 平板由T-front交付").Not("F2 · T-front")
	manager.Get(run+"/step/S2-06").Want(http.StatusOK, "客户本人 · 平板由T-front交付")
	s.As("owner").Get(fmt.Sprintf("/client/%d/trail", client)).Want(http.StatusOK, "客户本人<small>平板由T-front交付")
	b.Post(fmt.Sprintf("/form/visit/%d/handover", visit)).Want(http.StatusConflict, "S2-02")
}

func TestTabletTouchesNoOtherVisit(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	_, other := came2(t, s)
	b, nurse := s.OnTablet("front"), s.As("nurse")
	nurse.Post(fmt.Sprintf("/form/new?code=F2&visit=%d", other), "_step", "save", "q.pregnant", "yes").Want(http.StatusOK)
	foreign := answerOf(t, s, other, "F2").Row.ID
	b.Post(fmt.Sprintf("/form/visit/%d/handover", visit)).Want(http.StatusOK)
	b.Get(fmt.Sprintf("/form/handover/%d/%d", visit, foreign)).Want(http.StatusForbidden)
	b.Post(fmt.Sprintf("/form/handover/%d/%d?step=0", visit, foreign), "_step", "1", "q.pregnant", "no").Want(http.StatusForbidden)
	b.Get(fmt.Sprintf("/form/handover/%d", other)).At(fmt.Sprintf("/form/handover/%d", visit))
	require.Equal(t, "yes", answerOf(t, s, other, "F2").Answers.Value("pregnant"))
}

// What a client types is kept for the forms in the client's hands, as they stand, and for nothing else.
func TestTabletKeepsOnlyItsOwnDrafts(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	_, other := came2(t, s)
	s.As("nurse").Post(fmt.Sprintf("/form/new?code=F2&visit=%d", other), "_step", "save", "q.pregnant", "yes").Want(http.StatusOK)
	foreign := answerOf(t, s, other, "F2").Row
	b, staff := s.OnTablet("front"), s.As("front")
	staff.PostJSON("/draft", `{"form":"mine","values":{"x":["1"]}}`).Want(http.StatusNoContent)
	b.Post(fmt.Sprintf("/form/visit/%d/handover", visit)).Want(http.StatusOK)
	own := answerOf(t, s, visit, "F2").Row
	key := fmt.Sprintf("form-%d-v%d", own.ID, own.Version)
	b.Get(fmt.Sprintf("/form/handover/%d/%d", visit, own.ID)).Want(http.StatusOK, `data-draft="`+key+`"`)
	keep := func(key string) *uitest.Answer {
		return b.PostJSON("/draft", `{"form":"`+key+`","values":{"q.unwell":["yes"]}}`)
	}
	keep(key).Want(http.StatusNoContent)
	b.Get("/draft?form="+key).Want(http.StatusOK, "q.unwell")
	for _, wrong := range []string{
		"mine", "client.new.0", fmt.Sprintf("form-%d-v%d", own.ID, own.Version+1), fmt.Sprintf("form-%d-v%d-x", own.ID, own.Version),
		fmt.Sprintf("form-%d-amend", own.ID), fmt.Sprintf("%d-v%d", own.ID, own.Version), fmt.Sprintf("form-%d-v%d", foreign.ID, foreign.Version), "form-99-v1",
	} {
		keep(wrong).Want(http.StatusForbidden)
		b.Get("/draft?form=" + wrong).Want(http.StatusNoContent)
	}

	by := s.Actor("front")
	by.Guest = access.GuestScope{Kind: "form", Path: fmt.Sprintf("/form/handover/%d", visit)}
	for _, wrong := range []string{key, admin.Drawer(by) + "mine", fmt.Sprintf("handover:/form/handover/%d:%s", other, key)} {
		require.Equal(t, fault.KindForbidden, fault.KindOf(s.App.Admin.SaveDraft(t.Context(), by, wrong, "{}")), wrong)
	}
	require.Equal(t, fault.KindForbidden, fault.KindOf(s.App.Admin.SaveDraft(t.Context(), by, "mine", "")), "the drafts of the staff are not forgotten either")
	require.NoError(t, s.App.Admin.SaveDraft(t.Context(), by, admin.Drawer(by)+key, "{}"))
	large := s.App.Admin.SaveDraft(t.Context(), by, admin.Drawer(by)+key, strings.Repeat("x", admin.DraftLargest+1))
	require.Equal(t, fault.KindInvalid, fault.KindOf(large))
	staff.Get("/draft?form=mine").Want(http.StatusOK)
	staff.Get("/draft?form=" + key).Want(http.StatusNoContent)

	walk(t, b, fmt.Sprintf("/form/handover/%d/%d", visit, own.ID), fillAll(answerOf(t, s, visit, "F2"), nil))
	keep(fmt.Sprintf("form-%d-v%d", own.ID, answerOf(t, s, visit, "F2").Row.Version)).Want(http.StatusForbidden)
}

func came2(t *testing.T, s *uitest.Site) (term.ClientID, term.VisitID) {
	t.Helper()
	return came(t, s, term.ForPrivacy, term.ForHealth)
}

func TestVoidKeepsTheRow(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy)
	b := s.As("consultant")
	b.Post(fmt.Sprintf("/form/new?code=F17&visit=%d", visit), "_step", "done", "q.goal", "提亮").Want(http.StatusOK)
	id := answerOf(t, s, visit, "F17").Row.ID
	own := fmt.Sprintf("/form/%d", id)
	b.Post(own+"/void").Want(http.StatusConflict, "REG-EMR-01")
	s.As("cashier").Post(own+"/void", "_reason", "x").Want(http.StatusForbidden)
	b.Post(own+"/void", "_reason", "填错客户").Want(http.StatusOK, "已由T-consultant于", "填错客户", "已作废", "提亮")
}

func TestTabletLockedToOneForm(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	s.As("nurse").Post(fmt.Sprintf("/form/new?code=F2&visit=%d", visit), "_step", "save", "q.unwell", "no").Want(http.StatusOK)
	f := answerOf(t, s, visit, "F2")
	own := fmt.Sprintf("/form/%d", f.Row.ID)
	b := s.OnTablet("nurse")
	b.HandOver(own)
	b.Get(own).Want(http.StatusOK, "第 1 页").At(own)
	b.Get(own + "/print").Want(http.StatusForbidden)
	b.Get(own + "/amend").Want(http.StatusForbidden)
	b.Get(fmt.Sprintf("/form/handover/%d", visit)).At(own)
	walk(t, b, own, fillAll(f, nil)).At(own).Want(http.StatusOK, "填好了")
	require.Equal(t, "client", answerOf(t, s, visit, "F2").Row.FilledBy)
	b.Post("/reclaim", "pin", uitest.PIN).Want(http.StatusOK, "已签署", "平板由T-nurse交付", "提交：客户本人").Not("签署：T-nurse").At(own)
	s.As("manager").Get(fmt.Sprintf("/visit/%d", visit)).Want(http.StatusOK, "客户本人<small>平板由T-nurse交付</small>").
		Not("T-nurse<small>护士</small>")
}
