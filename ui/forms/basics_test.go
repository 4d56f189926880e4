package forms_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// basics is a good F1, changed by the pairs; an empty value leaves the question out.
func basics(change ...string) []string {
	good := map[string]string{
		"name": "李静", "gender": "female", "birth_date": "1990-05-06", "id_doc_type": "idcard", "id_doc_no": "110101199005060028",
		"phone": "13800008817", "source": "walkin",
	}
	for i := 0; i < len(change); i += 2 {
		good[change[i]] = change[i+1]
	}
	pairs := []string{"_step", "done"}
	for link, v := range good {
		if v != "" {
			pairs = append(pairs, "q."+link, v)
		}
	}
	return pairs
}

func TestBasicsAreCheckedFieldByField(t *testing.T) {
	t.Parallel()
	const (
		document = "证件号码不正确"
		phone    = "电话号码不正确"
	)
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	path := fmt.Sprintf("/form/new?code=F1&visit=%d", visit)
	b := s.As("front")
	for _, c := range []struct {
		why    string
		change []string
		want   []string // sentences and the fields on which they stand
	}{
		{"a wrong check digit", []string{"id_doc_no", "110101199005060029"}, []string{document, `id="f-q.id_doc_no"`}},
		{"another birth day", []string{"birth_date", "1990-05-07"}, []string{"出生日期与填写的不一致"}},
		{"another sex", []string{"gender", "male"}, []string{"性别与填写的不一致"}},
		{"a permit that is none", []string{"id_doc_type", "hkmt", "id_doc_no", "A1"}, []string{document, `value="A1"`}},
		{"a second phone that is none", []string{"alt_phone", "12345"}, []string{phone, `value="12345"`}},
		{"no number and no reason", []string{"id_doc_type", "none", "id_doc_no", ""}, []string{"请填“不登记的原因", `href="#f-q.id_doc_type.detail"`}},
		{"everything wrong at once", []string{
			"name", "", "id_doc_no", "1", "phone", "1380000", "emergency_name", "王强", "emergency_phone", "abc",
		}, []string{
			"5 处", "请填写", document, phone, `href="#f-q.name"`, `href="#f-q.id_doc_no"`, `href="#f-q.phone"`,
			`href="#f-q.emergency_relation"`, `href="#f-q.emergency_phone"`, `value="1380000"`, `value="abc"`, `value="王强"`,
		}},
	} {
		b.Post(path, basics(c.change...)...).Want(http.StatusUnprocessableEntity, c.want...)
	}
	b.Post(path, basics("phone", "+86 138-0000-8817", "alt_phone", "0571-88886666", "emergency_name", "王强",
		"emergency_relation", "丈夫", "emergency_phone", "+1 (415) 555-0100")...).Want(http.StatusOK, "已签署并锁定")
	f := answerOf(t, s, visit, "F1")
	require.Equal(t, []string{"13800008817", "057188886666", "+14155550100"},
		[]string{f.Answers.Value("phone"), f.Answers.Value("alt_phone"), f.Answers.Value("emergency_phone")})
}

func TestADocumentNumberMayBeWithheldWithAReason(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	for name, change := range map[string][]string{
		"shown at the desk":     {"id_doc_type", "none", "id_doc_type.detail", "已当面核对", "id_doc_no", ""},
		"a passport":            {"id_doc_type", "passport", "id_doc_no", "e 1234 5678"},
		"a permit of Hong Kong": {"id_doc_type", "hkmt", "id_doc_no", "H12345678"},
	} {
		_, visit := came(t, s, term.ForPrivacy, term.ForHealth)
		s.As("front").Post(fmt.Sprintf("/form/new?code=F1&visit=%d", visit), basics(change...)...).Want(http.StatusOK, "已签署并锁定")
		require.Equal(t, store.AnswerSigned, answerOf(t, s, visit, "F1").Row.State, name)
	}
}

// TestBannedWordsDoNotHideWhatIsMissing signs a talk that promises too much and says too little:
// both come back, beside a missing reason when a signed one is amended.
func TestBannedWordsDoNotHideWhatIsMissing(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	s.As("consultant").Post(fmt.Sprintf("/consultation/%d/record", visit), "_step", "done", "q.discussion", "零风险", "q.expected", "x").
		Want(http.StatusUnprocessableEntity, "零风险", `href="#f-q.discussion"`, `href="#f-q.client_goal"`, `href="#f-q.decision"`, "不可使用", "请填写", "这里要填数字")
}

func TestAmendingNamesEveryFaultAtOnce(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	_, visit := came(t, s, term.ForPrivacy, term.ForHealth)
	s.As("front").Post(fmt.Sprintf("/form/new?code=F1&visit=%d", visit), basics()...).Want(http.StatusOK, "已签署并锁定")
	id := answerOf(t, s, visit, "F1").Row.ID
	s.As("front").Post(fmt.Sprintf("/form/%d/amend", id), basics("phone", "1", "name", "")...).
		Want(http.StatusUnprocessableEntity, "请写明理由", "电话号码不正确", `href="#f-q.name"`, `value="1"`)
}
