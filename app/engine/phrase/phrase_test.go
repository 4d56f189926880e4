package phrase_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/app/engine/phrase"
)

func checker(t testing.TB) *phrase.Checker {
	c, err := phrase.New(defaults.Phrases())
	require.NoError(t, err)
	return c
}

func TestEveryExampleOfTheLexicon(t *testing.T) {
	t.Parallel()
	c := checker(t)
	rules := defaults.Phrases().Rules
	require.Len(t, rules, 256)
	negatives := 0
	for _, rule := range rules {
		scope := rule.Scope
		one, err := phrase.New(phrase.Lexicon{Rules: []phrase.Rule{rule}, Grammar: defaults.Phrases().Grammar})
		require.NoError(t, err)
		hits := one.Check(rule.Positive, scope).Hits
		require.NotEmpty(t, hits, "%s must hit %q", rule.Pattern, rule.Positive)
		require.Equal(t, rule.Severity, hits[0].Severity, "%s is not let off in %q", rule.Pattern, rule.Positive)
		if rule.Negative != "" {
			negatives++
			require.Empty(t, c.Check(rule.Negative, phrase.Both).Hits, "%q must hit nothing", rule.Negative)
		}
	}
	require.GreaterOrEqual(t, negatives, 100)
}

// TestCommonPromisesDoNotPassInATalk: what a consultant types into the record of a talk is
// stopped or asked for a reason; what a physician advises with similar words is not.
func TestCommonPromisesDoNotPassInATalk(t *testing.T) {
	t.Parallel()
	c := checker(t)
	for _, text := range []string{
		"效果最好", "这个效果是最好的", "最好的效果", "保证无痛", "效果永久", "永久有效", "做一次就永久了", "减脂不反弹", "绝不反弹", "效果最佳",
		"最先进的设备", "无效退款", "唯一的选择", "国家级专家", "包您满意", "做一次包好", "一次见效", "终身有效", "永不反弹", "永不下垂",
	} {
		require.True(t, c.Check(text, phrase.Talk).Blocked(), text)
	}
	require.True(t, c.Check("永久脱毛", phrase.Talk).NeedsReason())
	for _, text := range []string{
		"术后最好避免日晒", "最好在复诊前停用", "最近两周做过光电", "下颌有永久性填充物", "最佳复诊时间是两周后", "终身保存植入记录",
		"请包好敷料", "客户编号唯一", "永久保存病历", "这个方案最好提前一天确认", "效果一般在两周后最明显",
	} {
		require.Empty(t, c.Check(text, phrase.Talk).Hits, text)
	}
	for _, text := range []string{"不保证无痛", "不能保证不反弹", "不是永久有效"} {
		require.False(t, c.Check(text, phrase.Talk).Blocked(), text)
	}
}

func TestDenialAndQuotation(t *testing.T) {
	t.Parallel()
	c := checker(t)
	for text, blocked := range map[string]bool{
		"我们不承诺100%有效":           false,
		"没有绝对安全的手术":             false,
		"不是一般有效, 而是100%有效":      true,
		"不得使用‘国家级’等用语":          false,
		"不可能没有任何风险":             false,
		"谁说不能一次到位":              true,
		"并非永久有效":                false,
		"不仅安全无风险还便宜":            true,
		"我们的团队全国最好":             true,
		"做完没有任何副作用":             true,
		"不能不保证变美":               true,
		"不痛绝对安全":                true,
		"不用担心绝对安全":              true,
		"培训资料: “顶级”“国家级”等违规用语":  false,
		"难道不能一次到位":              true,
		"我们是“国家级”机构":            true,
		"没有人能保证变美":              false,
		"医生说：不承诺；我说100%有效":      true,
		"不是普通的而是100%有效":         true,
		"不得不说绝对安全":              true,
		"任何治疗都不可能绝对安全，请您读完再决定":  false,
		"不会承诺永久有效, 但我们保证治愈您的痘痘": true,
	} {
		result := c.Check(text, phrase.Both)
		require.NotEmpty(t, result.Hits, text)
		require.Equal(t, blocked, result.Blocked(), "%s: %+v", text, result.Hits)
	}
}

func TestDisguisesAreFoldedAway(t *testing.T) {
	t.Parallel()
	c := checker(t)
	for _, text := range []string{
		"绝 对 安 全", "绝\u200b对\u200b安全", "绝.对.安.全", "绝-对*安_全", "绝，对，安，全", "绝“对”安全",
		"１００％有效", "１ ０ ０ %", "絕對安全", "百 分 百", "美国ｆｄａ", "零風險",
	} {
		require.True(t, c.Check(text, phrase.Both).Blocked() || c.Check(text, phrase.Both).NeedsReason(), text)
	}
	require.Empty(t, c.Check("好，我，们，慢慢说", phrase.Both).Hits)
	require.Empty(t, c.Check("", phrase.Both).Hits)
}

func TestHitsPointIntoTheTypedText(t *testing.T) {
	t.Parallel()
	hits := checker(t).Check("您好，这是 绝 对 安 全 的，也很便宜", phrase.Talk).Hits
	require.Len(t, hits, 1)
	require.Equal(t, "绝 对 安 全", hits[0].Text)
	require.Equal(t, 6, hits[0].Start)
	require.Equal(t, 13, hits[0].End)
	require.NotEmpty(t, hits[0].Suggestion)
	require.NotEmpty(t, hits[0].Why)
}

func TestOverlappingHitsLeaveOneMark(t *testing.T) {
	t.Parallel()
	c, err := phrase.New(phrase.Lexicon{Grammar: defaults.Phrases().Grammar, Rules: []phrase.Rule{
		{Pattern: "永久", Severity: phrase.Block, Scope: phrase.Both, Why: "短"},
		{Pattern: "永久有效", Severity: phrase.Warn, Scope: phrase.Both, Why: "长"},
		{Pattern: "有效期", Severity: phrase.Warn, Scope: phrase.Both, Why: "尾"},
	}})
	require.NoError(t, err)
	hits := c.Check("一次永久有效期，永久", phrase.Both).Hits
	require.Len(t, hits, 2)
	require.Equal(t, "永久有效", hits[0].Text, "the longest wins")
	require.Equal(t, phrase.Block, hits[0].Severity, "and excuses nothing that lies under it")
	require.Equal(t, "永久", hits[1].Text)
}

func TestScopeDividesTalkFromAdvertising(t *testing.T) {
	t.Parallel()
	c := checker(t)
	require.Empty(t, c.Check("肉毒除皱", phrase.Talk).Hits, "a consultant may name the medicine")
	require.True(t, c.Check("肉毒除皱", phrase.Ad).Blocked(), "an advertisement may not")
	require.True(t, c.Check("我给你定剂量", phrase.Talk).Blocked())
	require.Empty(t, c.Check("我给你定剂量", phrase.Ad).Hits)
}

func TestBadLexiconIsRefused(t *testing.T) {
	t.Parallel()
	for _, pattern := range []string{"re:(", "", "re:"} {
		_, err := phrase.New(phrase.Lexicon{Rules: []phrase.Rule{{Pattern: pattern}}})
		require.Error(t, err, pattern)
	}
}

func BenchmarkCheck500(b *testing.B) {
	c := checker(b)
	text := string([]rune(strings.Repeat("客户希望改善眼周细纹，已说明注射后可能出现淤青与肿胀，个体差异大，不承诺效果。", 20))[:490]) + "这里绝对安全一次见效"
	b.ReportAllocs()
	for b.Loop() {
		if len(c.Check(text, phrase.Talk).Hits) == 0 {
			b.Fatal("nothing found")
		}
	}
}
