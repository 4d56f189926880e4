package reports

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/task"
	"meixu/app/words"
	"meixu/store"
)

// schemaTables are the tables of the schema whose changes stand in the trail, with the text of
// their columns.
func schemaTables(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../testdata/schema.sql")
	require.NoError(t, err)
	unaudited := []string{
		"act_now", "acts", "act_changes", "act_seals", "schema_migrations", "counters",
		"sessions", "drafts", "import_files", "job_runs", "login_attempts", "class_keys",
	}
	tables := map[string]string{}
	for _, m := range regexp.MustCompile(`(?s)CREATE TABLE (\w+) ?\((.*?)\n\)`).FindAllStringSubmatch(string(text), -1) {
		if !slices.Contains(unaudited, m[1]) {
			tables[m[1]] = m[2]
		}
	}
	require.Greater(t, len(tables), 40)
	return tables
}

var (
	columnLine = regexp.MustCompile(`(?m)^\s*(\w+)\s+(?:INTEGER|TEXT|BLOB|REAL|ANY)\b(.*)$`)
	oneOf      = regexp.MustCompile(`CHECK \(\w+ IN \(([^)]*)\)`)
	quoted     = regexp.MustCompile(`'([\w-]+)'`)
)

// Who reads a trail reads words: every deed, every table, every column and every state of it.
func TestTheTrailHasWords(t *testing.T) {
	t.Parallel()
	for _, lang := range []words.Lang{words.ZH, words.EN} {
		p := printer{lang: lang}
		for _, deed := range access.All() {
			require.True(t, lang.Has("reports.act."+string(deed)), "%s: the deed %s", lang, deed)
		}
		for table, body := range schemaTables(t) {
			require.True(t, lang.Has("reports.tbl."+table), "%s: the table %s", lang, table)
			for _, m := range columnLine.FindAllStringSubmatch(body, -1) {
				column := m[1]
				if slices.Contains(dull, column) || slices.Contains(technical, column) {
					continue
				}
				require.True(t, lang.Has("reports.field."+column), "%s: the column %s of %s", lang, column, table)
				for _, list := range oneOf.FindAllStringSubmatch(m[2], -1) {
					for _, value := range quoted.FindAllStringSubmatch(list[1], -1) {
						key := "reports.value." + table + "." + column + "." + value[1]
						require.True(t, lang.Has(key) || p.text(table, column, value[1]) != value[1], "%s: %s", lang, key)
					}
				}
			}
		}
	}
}

// Codes without a list in the schema are said in words as well.
func TestTheTrailSaysCodesInWords(t *testing.T) {
	t.Parallel()
	zh, en := printer{lang: words.ZH}, printer{lang: words.EN}
	for _, x := range [][4]string{
		{"events", "code", "ESC-TOXIN", "肉毒扩散/中毒样"},
		{"events", "code", "ESC-REVIEW", "需医师查看"},
		{"tasks", "kind", "escalation", "红旗处置"},
		{"tasks", "outcome", "redflag", "红旗（立即）"},
		{"answers", "form_code", "F2", "健康问卷"},
		{"documents", "kind", "consent", "知情同意书"},
	} {
		require.Equal(t, x[3], zh.text(x[0], x[1], x[2]))
		require.NotEqual(t, x[2], en.text(x[0], x[1], x[2]))
	}
	for _, kind := range []string{
		task.Followup, task.Escalation, task.CallBack, task.SignRecord, task.Approval, task.Adverse, task.Rating, task.Licence,
		task.Device, ClockTask, "lead_answer",
	} {
		require.True(t, words.ZH.Has("task.kind."+kind) && words.EN.Has("task.kind."+kind), kind)
	}
	for _, outcome := range []string{
		"normal", "advice", "revisit", "redflag", "unreached", "done", "arranged", "declined", "answered", "signed", "handled",
		"rated", "sent",
	} {
		key := "reports.value.tasks.outcome." + outcome
		require.True(t, words.ZH.Has(key) && words.EN.Has(key), outcome)
	}
	require.Equal(t, "X-1", zh.text("items", "code", "X-1"), "what nobody has words for is not hidden")
}

func TestTrailFields(t *testing.T) {
	t.Parallel()
	p := printer{lang: words.ZH}
	list, rest := p.fields(store.Change{Table: "events", Op: "U", Changes: `{"state":["open","taken"],"steps":["[]","[{\"no\":1}]"]}`})
	require.Zero(t, rest)
	require.Equal(t, TrailField{Column: "state", Old: "无人接手", New: "已接手"}, list[0])
	require.Equal(t, "× 1", list[1].New)
	list, rest = p.fields(store.Change{Table: "tasks", Op: "I", Changes: `{"title_key":[null,"task.title.followup"],"title_args_sealed":[null,"0A1B"],"ladder":[null,"[]"],"key":[null,"x"]}`})
	require.Equal(t, 3, rest, "what only the program reads is counted")
	require.Len(t, list, 1)
	require.Equal(t, "术后第 … 天回访", list[0].New)
	require.NotContains(t, list[0].New, "%")
	list, rest = p.fields(store.Change{Table: "lot_uses", Op: "I", Changes: `{"taken_qty":[null,2500],"ref_noun":[null,"answer"]}`})
	require.Equal(t, 1, rest)
	require.Equal(t, "2.5", list[0].New, "thousandths are kept, units are read")
	for kind, want := range map[string]string{"stock": "-0.5", "money": "-¥5.00", "session": "-500"} {
		list, _ = p.fields(store.Change{Table: "ledger", Op: "I", Changes: `{"kind":[null,"` + kind + `"],"amount":[null,-500]}`})
		require.Contains(t, list[0].New, want, kind)
	}
}
