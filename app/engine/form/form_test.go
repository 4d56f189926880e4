package form_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/form"
)

const sample = `{"code":"F1","title":{"zh":"表","en":"Form"},"audience":"staff","groups":[
 {"linkId":"a","title":{"zh":"甲","en":"A"},"items":[
  {"linkId":"name","type":"text","text":{"zh":"姓名","en":"Name"},"required":true,"maxLength":5},
  {"linkId":"units","type":"decimal","text":{"zh":"量","en":"Amount"},"min":0.5,"max":10,"unit":"U"},
  {"linkId":"count","type":"integer","text":{"zh":"数","en":"Count"}},
  {"linkId":"day","type":"date","text":{"zh":"日","en":"Day"}},
  {"linkId":"at","type":"time","text":{"zh":"时","en":"Time"}},
  {"linkId":"ill","type":"yesno","text":{"zh":"病","en":"Ill"},"required":true,"detail":{"zh":"何病","en":"Which"},"detailRequired":true,
   "hits":[{"whenAnswer":"yes","contraindication":"illness","level":"H"}]},
  {"linkId":"drug","type":"multi","text":{"zh":"药","en":"Drugs"},"enableWhen":[{"question":"ill","answer":"yes"}],"required":true,
   "options":[{"code":"none","text":{"zh":"无","en":"None"},"exclusive":true},{"code":"x","text":{"zh":"甲药","en":"X"},"score":2},{"code":"y","text":{"zh":"乙药","en":"Y"},"score":3}]},
  {"linkId":"dose","type":"text","text":{"zh":"剂量","en":"Dose"},"requiredWhen":[{"question":"drug","operator":"!=","answer":"none"}]},
  {"linkId":"her","type":"yesno","text":{"zh":"孕","en":"Pregnant"},"enableWhen":[{"question":"$gender","operator":"!=","answer":"male"}]},
  {"linkId":"pain","type":"scale","text":{"zh":"痛","en":"Pain"},"min":0,"max":10,
   "redFlag":[{"whenAnswer":"7","operator":">=","escalation":"ESC-REVIEW","urgency":"24h"},{"whenAnswer":"10","escalation":"ESC-VO","urgency":"now"}]}]},
 {"linkId":"b","title":{"zh":"乙","en":"B"},"items":[
  {"linkId":"pts","type":"table","text":{"zh":"点","en":"Points"},"minRows":1,"columns":[
   {"linkId":"ml","type":"decimal","text":{"zh":"量","en":"ml"},"required":true,"max":5},{"linkId":"note","type":"text","text":{"zh":"注","en":"Note"}}]},
  {"linkId":"sum","type":"decimal","text":{"zh":"总","en":"Sum"},"sumOf":"pts.ml"},
  {"linkId":"safe","type":"choice","text":{"zh":"核","en":"Safe"},"must":["yes"],"options":[{"code":"yes","text":{"zh":"是","en":"Yes"}},{"code":"no","text":{"zh":"否","en":"No"}}]}]}],
 "scores":[{"code":"s","title":{"zh":"分","en":"Score"},"method":"sum","items":["drug"],"bands":[{"from":0,"text":{"zh":"低","en":"low"}},{"from":5,"text":{"zh":"高","en":"high"},"alarm":true}]}]}`

func parsed(t testing.TB) form.Template {
	t.Helper()
	tpl, err := form.Parse([]byte(sample))
	require.NoError(t, err)
	return tpl
}

// good is a complete filling of the sample.
func good() form.Answers {
	a := form.Answers{}.Set("name", "王芳").Set("ill", form.No).Set("safe", "yes")
	a["pts"] = form.Answer{Rows: []form.Row{{"ml": "0.05"}, {"ml": "1.2"}}}
	return a
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string][2]string{
		"an unknown field":                 {`"unit":"U"`, `"units":"U"`},
		"a doubled linkId":                 {`"linkId":"count"`, `"linkId":"name"`},
		"a condition on a later question":  {`"question":"ill","answer":"yes"`, `"question":"pain","answer":"7"`},
		"a condition on an unknown answer": {`"question":"ill","answer":"yes"`, `"question":"ill","answer":"maybe"`},
		"an unknown fact":                  {`$gender`, `$shoe`},
		"an unknown type":                  {`"type":"scale"`, `"type":"slider"`},
		"a choice without options":         {`"type":"date"`, `"type":"choice"`},
		"min above max":                    {`"min":0.5`, `"min":50`},
		"a text in one language only":      {`{"zh":"病","en":"Ill"}`, `{"zh":"病"}`},
		"a red flag without a plan":        {`"escalation":"ESC-VO"`, `"escalation":"VO"`},
		"a sum of nothing":                 {`"sumOf":"pts.ml"`, `"sumOf":"pts.note"`},
		"a score of nothing":               {`"items":["drug"]`, `"items":["none"]`},
		"a must that cannot be":            {`"must":["yes"]`, `"must":["sure"]`},
		"something after the template":     {`"alarm":true}]}]}`, `"alarm":true}]}]} {}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			broken := strings.Replace(sample, change[0], change[1], 1)
			require.NotEqual(t, sample, broken)
			_, err := form.Parse([]byte(broken))
			require.Error(t, err)
		})
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	tpl := parsed(t)
	for name, c := range map[string]struct {
		change   func(form.Answers)
		complete bool
		want     map[string]string
	}{
		"a whole filling passes":            {func(form.Answers) {}, true, nil},
		"an empty draft passes":             {func(a form.Answers) { clear(a) }, false, nil},
		"an empty record lists all missing": {func(a form.Answers) { clear(a) }, true, map[string]string{"q.name": "form.error.required", "q.ill": "form.error.choose", "q.pts": "form.error.rows", "q.safe": "form.error.choose"}},
		"text in a number":                  {func(a form.Answers) { a.Set("units", "12a") }, false, map[string]string{"q.units": "form.error.number"}},
		"full-width digits are numbers":     {func(a form.Answers) { a.Set("units", "２．５") }, false, nil},
		"exponents are not":                 {func(a form.Answers) { a.Set("units", "1e3") }, false, map[string]string{"q.units": "form.error.number"}},
		"too much":                          {func(a form.Answers) { a.Set("units", "10.1") }, false, map[string]string{"q.units": "form.error.max"}},
		"too little":                        {func(a form.Answers) { a.Set("units", "0.1") }, false, map[string]string{"q.units": "form.error.min"}},
		"a broken number":                   {func(a form.Answers) { a.Set("count", "1.5") }, false, map[string]string{"q.count": "form.error.whole"}},
		"a day that does not exist":         {func(a form.Answers) { a.Set("day", "2026-02-30") }, false, map[string]string{"q.day": "form.error.date"}},
		"a time that does not exist":        {func(a form.Answers) { a.Set("at", "25:00") }, false, map[string]string{"q.at": "form.error.time"}},
		"a name too long":                   {func(a form.Answers) { a.Set("name", "一二三四五六") }, false, map[string]string{"q.name": "form.error.long"}},
		"two answers where one fits":        {func(a form.Answers) { a.Set("name", "a", "b") }, false, map[string]string{"q.name": "form.error.one"}},
		"an answer nobody offered":          {func(a form.Answers) { a.Set("safe", "perhaps") }, false, map[string]string{"q.safe": "form.error.option"}},
		"an item nobody asked":              {func(a form.Answers) { a.Set("ghost", "x") }, false, map[string]string{"q.ghost": "form.error.unknown"}},
		"unasked is not no":                 {func(a form.Answers) { a.Set("ill", form.Unasked) }, true, map[string]string{"q.ill": "form.error.unasked"}},
		"yes asks for detail and more":      {func(a form.Answers) { a.Set("ill", form.Yes) }, true, map[string]string{"q.ill.detail": "form.error.detail", "q.drug": "form.error.choose"}},
		"none stands alone":                 {func(a form.Answers) { a.Set("ill", form.Yes).Set("drug", "none", "x") }, false, map[string]string{"q.drug": "form.error.exclusive"}},
		"required when another answer":      {func(a form.Answers) { a["ill"] = form.Answer{Values: []string{"yes"}, Detail: "x"}; a.Set("drug", "x") }, true, map[string]string{"q.dose": "form.error.required"}},
		"hidden questions are not checked":  {func(a form.Answers) { a.Set("drug", "ghost") }, true, nil},
		"a cell missing and one too big": {func(a form.Answers) {
			a["pts"] = form.Answer{Rows: []form.Row{{"note": "x"}, {"ml": "6"}}}
		}, true, map[string]string{"q.pts.0.ml": "form.error.cell", "q.pts.1.ml": "form.error.max"}},
		"a checklist's no stops":           {func(a form.Answers) { a.Set("safe", "no") }, true, map[string]string{"q.safe": "form.error.must"}},
		"a checklist's no may be a draft":  {func(a form.Answers) { a.Set("safe", "no") }, false, nil},
		"rows where a word belongs refuse": {func(a form.Answers) { a["name"] = form.Answer{Rows: []form.Row{{"x": "1"}}} }, false, map[string]string{"q.name": "form.error.shape"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := good()
			c.change(a)
			got := map[string]string{}
			for _, f := range form.Validate(tpl, a, c.complete) {
				got[f.Name] = f.Key
			}
			if c.want == nil {
				c.want = map[string]string{}
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	tpl := parsed(t)
	a := good()
	require.Empty(t, form.Hits(tpl, a))
	a["ill"] = form.Answer{Values: []string{form.Yes}, Detail: "哮喘"}
	hits := form.Hits(tpl, a)
	require.Len(t, hits, 1)
	require.Equal(t, "illness", hits[0].Contraindication)
	require.Equal(t, "哮喘", hits[0].Detail)

	a.Set("pain", "10")
	flags := form.RedFlags(tpl, a)
	require.Len(t, flags, 2)
	require.Equal(t, "ESC-VO", flags[0].Escalation, "the most urgent comes first")

	_, ok := form.Score(tpl, a)
	require.False(t, ok, "no answer, no score")
	a.Set("drug", "x", "y")
	value, ok := form.Score(tpl, a)
	require.True(t, ok)
	require.InDelta(t, 5, value, 0)
	require.True(t, form.Scores(tpl, a)[0].Band.Alarm)

	require.Len(t, form.NotAsked(tpl, a.Know("$gender", "female")), 1)
	require.Empty(t, form.NotAsked(tpl, a.Know("$gender", "male")))
}

func TestSettleDropsWhatIsNotAskedAndAddsUp(t *testing.T) {
	t.Parallel()
	tpl := parsed(t)
	a := good().Set("drug", "x").Know("$gender", "male").Set("her", form.Yes).Set("sum", "999")
	settled := tpl.Settle(a)
	require.NotContains(t, settled, "drug")
	require.NotContains(t, settled, "her")
	require.Equal(t, "1.25", settled.Value("sum"), "0.05 + 1.2, exactly, whatever was posted")
	require.EqualValues(t, 1250, a.Sum("pts", "ml"))
	require.Equal(t, "male", settled.Value("$gender"))
}

func TestDiff(t *testing.T) {
	t.Parallel()
	tpl := parsed(t)
	old, now := good(), good()
	require.Empty(t, form.Diff(tpl, old, now))
	now.Set("name", "王方")
	now["pts"] = form.Answer{Rows: []form.Row{{"ml": "0.05"}, {"ml": "1.3"}}}
	changed := form.Diff(tpl, old, now)
	require.Len(t, changed, 2)
	require.Equal(t, "name", changed[0].LinkID)
	require.Equal(t, []string{"王芳"}, changed[0].Old.Values)
	require.Equal(t, "pts", changed[1].LinkID)
}

func TestBindKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	a := form.Bind(url.Values{
		"q.units": {" 12a "}, "q.drug": {"x", "", "y"}, "q.ill": {"yes"}, "q.ill.detail": {"a\r\nb"},
		"q.pts.10.ml": {"3"}, "q.pts.2.ml": {"2"}, "q.blank": {"  "}, "_once": {"k"}, "q.$gender": {"male"},
		"q.pts.999.ml": {"9"}, "q.Bad": {"x"},
	})
	require.Equal(t, form.Answers{
		"units": {Values: []string{" 12a "}}, "drug": {Values: []string{"x", "y"}},
		"ill": {Values: []string{"yes"}, Detail: "a\nb"}, "pts": {Rows: []form.Row{{"ml": "2"}, {"ml": "3"}}},
	}, a)
}

func FuzzTR25Answers(f *testing.F) {
	f.Add("q.name=a&q.pts.0.ml=1&q.ill=yes&q.ill.detail=x")
	f.Add("q.units=１２&q.pts.199.ml=\x00\xff&q.$gender=male")
	tpl := parsed(f)
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return // no query string: it never reaches Bind
		}
		a := form.Bind(values)
		form.Validate(tpl, a, true)
		form.Hits(tpl, a)
		form.NewView(tpl, a, form.Options{Mode: form.ModeHandover})
		raw, err := tpl.Settle(a).Canonical()
		require.NoError(t, err)
		again, err := form.Read(raw)
		require.NoError(t, err)
		second, err := again.Canonical()
		require.NoError(t, err)
		require.Equal(t, string(raw), string(second))
		for link := range a {
			require.NotContains(t, link, "$", "facts cannot be posted")
		}
	})
}

func TestHandoverShowsOneGroupAndSkipsWhatIsNotAsked(t *testing.T) {
	t.Parallel()
	tpl := parsed(t)
	v := form.NewView(tpl, form.Answers{}, form.Options{Mode: form.ModeHandover})
	require.False(t, v.Sections[0].Hidden)
	require.True(t, v.Sections[1].Hidden)
	require.Equal(t, 1, v.Next())
	require.Equal(t, -1, v.Prev())
	require.Equal(t, 2, v.Steps)

	bad := form.Validate(tpl, good().Set("safe", "no"), true)
	v = form.NewView(tpl, good(), form.Options{Mode: form.ModeHandover, Faults: bad})
	require.True(t, v.Sections[0].Hidden, "the page with the wrong answer comes up")
	require.Equal(t, 2, v.At())
	require.Equal(t, "#f-q.safe", v.Problems[0].Link)
}

// TestASectionComesWithItsQuestions: the page shows a section again when the answer it hangs
// on changes; questions without a condition of their own must not stay behind.
func TestASectionComesWithItsQuestions(t *testing.T) {
	t.Parallel()
	tpl, err := form.Parse([]byte(strings.Replace(sample, `"en":"B"},"items"`, `"en":"B"},"enableWhen":[{"question":"ill","answer":"yes"}],"items"`, 1)))
	require.NoError(t, err)
	v := form.NewView(tpl, form.Answers{}, form.Options{})
	require.True(t, v.Sections[1].Off)
	require.NotEmpty(t, v.Sections[1].When)
	for _, f := range v.Sections[1].Fields {
		require.False(t, f.Off, f.LinkID)
	}
	drug := v.Sections[0].Fields[6]
	require.True(t, drug.Off, "a question with a condition of its own waits for it")
}

func TestViewHidesWhatARoleMayNotSee(t *testing.T) {
	t.Parallel()
	v := form.NewView(parsed(t), good(), form.Options{Mode: form.ModeRead, Sees: func(level string) bool { return level == "P0" }})
	for _, s := range v.Sections {
		for _, f := range s.Fields {
			require.True(t, f.Masked, f.LinkID)
			require.Empty(t, f.Value, f.LinkID)
			require.Empty(t, f.Rows, f.LinkID)
		}
	}
}

func TestSeer(t *testing.T) {
	t.Parallel()
	sees := func(role access.Role, level string) bool {
		return form.Seer(access.Actor{Staff: 1, Roles: []access.Role{role}})(level)
	}
	require.True(t, sees(access.Physician, "P3"))
	require.True(t, sees(access.Consultant, "P2"))
	require.False(t, sees(access.Consultant, "P3"))
	require.False(t, sees(access.Cashier, "P2"))
	require.True(t, sees(access.Cashier, "P0"))
	require.True(t, form.Seer(access.Actor{Staff: 1, Guest: access.GuestScope{Kind: "form"}})("P3"))
}

// TestAFaultInATableNamesRowAndColumn: "not less than 30" alone says nothing among many cells.
func TestAFaultInATableNamesRowAndColumn(t *testing.T) {
	t.Parallel()
	tpl := parsed(t)
	answers := form.Bind(url.Values{"q.pts.0.ml": {"1"}, "q.pts.1.ml": {"9"}})
	v := form.NewView(tpl, answers, form.Options{Faults: form.Validate(tpl, answers, false)})
	require.Len(t, v.Problems, 1)
	require.Equal(t, "点 · 第 2 行 · 量", v.Problems[0].Label.ZH)
	require.Equal(t, "Points · row 2 · ml", v.Problems[0].Label.EN)
	require.Equal(t, "#f-q.pts.1.ml", v.Problems[0].Link)
}
