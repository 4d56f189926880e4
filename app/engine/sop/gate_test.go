package sop

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// clinic reads the shipped template; defaults imports this package, so it is read as a file.
func clinic(t *testing.T) *Template {
	t.Helper()
	raw, err := os.ReadFile("../../defaults/sop/clinic.json")
	require.NoError(t, err)
	parsed, err := Parse(raw)
	require.NoError(t, err)
	return parsed
}

var noon = term.At(time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC))

func sheetOf(t *testing.T, f Facts, done ...string) *sheet {
	t.Helper()
	sh := &sheet{
		t: clinic(t), facts: f, on: Subject{Visit: 1}, now: noon, marks: map[cell]mark{}, proofs: map[cell]Proof{},
	}
	for _, id := range done {
		s, ok := sh.t.Step(id)
		require.True(t, ok, id)
		for _, c := range sh.t.cells(s, sh.on, f) {
			sh.marks[c] = mark{State: store.StampDone, DoneAt: noon}
		}
	}
	return sh
}

func steps(gaps Gaps) (list []string) {
	for _, g := range gaps {
		list = append(list, g.Step)
	}
	return list
}

var (
	exam  = Facts{}
	toxin = Facts{Kinds: []string{"botulinum"}, Treatments: []Treated{{ID: 7, Kind: "botulinum", Tags: []string{"sided", "observation"}}}}
	laser = Facts{Kinds: []string{"hair_removal"}, Treatments: []Treated{{ID: 8, Kind: "hair_removal"}}}
	minor = Facts{Tags: []string{"minor"}, Kinds: []string{"skincare"}}
)

var beforePreop = []string{
	"S1-05", "S1-06", "S2-02", "S2-03", "S2-05", "S2-07", "S2-11", "S3-01", "S3-02", "S3-05", "S3-06", "S3-07",
}

func TestMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		facts Facts
		done  []string
		upto  string
		want  []string
	}{
		{"no privacy consent, no file", exam, nil, "file", []string{"S1-05"}},
		{"the consent opens the file", exam, []string{"S1-05"}, "file", nil},
		{"no examination, no order", toxin, []string{"S1-05", "S1-06", "S2-02", "S2-11", "S3-01"}, "order", []string{"S2-05"}},
		{
			"behind a missing step its own needs are named too", toxin, nil, "order",
			[]string{"S1-05", "S1-06", "S2-02", "S2-05", "S2-11", "S3-01"},
		},
		{
			"a minor needs a guardian before paying", minor,
			[]string{"S1-05", "S1-06", "S2-02", "S2-05", "S2-07", "S2-11", "S3-01", "S3-02", "S3-05"},
			"S3-06",
			[]string{"S3-04", "S3-07"},
		},
		{
			"toxin wants everything before it starts", toxin, beforePreop, "start",
			[]string{"S4-01", "S4-02", "S4-03", "S4-05", "S4-06", "S4-07", "S4-08", "S4-10", "S4-11", "S5-01"},
		},
		{
			"hair removal wants less (L1)", laser, beforePreop, "start",
			[]string{"S4-01", "S4-03", "S4-05", "S4-06", "S4-09", "S4-10"},
		},
		{"the start step asks what the door asks", laser, beforePreop, "S5-02", []string{"S4-01", "S4-03", "S4-05", "S4-06", "S4-09", "S4-10"}},
		{"finishing wants record, counts and sign-out", toxin, append(beforePreop, "S5-02"), "finish", []string{"S5-03", "S5-06", "S5-07", "S5-08"}},
		{"a light item finishes with its record", laser, append(beforePreop, "S5-02"), "finish", []string{"S5-03"}},
		{"nobody leaves before the observation is over", toxin, []string{"S5-03", "S5-08", "S6-01", "S6-02"}, "leave", []string{"S5-10"}},
		{"without a treatment one may leave", exam, nil, "leave", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			gaps, err := sheetOf(t, c.facts, c.done...).missing(c.upto)
			require.NoError(t, err)
			require.Equal(t, c.want, steps(gaps))
		})
	}
}

func TestMissingKnowsProvers(t *testing.T) {
	t.Parallel()
	t.Run("an old stamp does not open the gate when the evidence is gone", func(t *testing.T) {
		t.Parallel()
		sh := sheetOf(t, exam, "S1-05")
		sh.proofs[cell{"S1-05", 0}] = Proof{Key: "sop.state.red", Where: "/client/3/consent"}
		gaps, err := sh.missing("file")
		require.NoError(t, err)
		require.Len(t, gaps, 1)
		require.Equal(t, "/client/3/consent", gaps[0].Where)
		require.Equal(t, "REG-PII-01", gaps[0].Rule)
		require.Equal(t, "reception", gaps[0].Role)
		require.True(t, gaps[0].Hard)
		require.Contains(t, func() *fault.Error {
			target := &fault.Error{}
			_ = errors.As(gaps.Err(), &target)
			return target
		}().Say(words.ZH), "证据已失效")
	})
	t.Run("what has served may age: yesterday's check of the kit keeps nobody", func(t *testing.T) {
		t.Parallel()
		sh := sheetOf(t, toxin, append(beforePreop, "S4-11")...)
		s, _ := sh.t.Step("S4-11")
		c := cell{"S4-11", sh.facts.Treatments[0].ID}
		sh.proofs[c] = Proof{}
		require.False(t, sh.satisfied(s, c), "before the start it must hold now")
		require.Equal(t, "red", sh.state(c))
		sh.marks[cell{"S5-02", c.treatment}] = mark{State: store.StampDone}
		require.True(t, sh.satisfied(s, c))
		require.Equal(t, "done", sh.state(c))
		delete(sh.marks, c)
		require.False(t, sh.satisfied(s, c), "one that never was done has served nothing")
	})
	t.Run("living evidence needs no stamp", func(t *testing.T) {
		t.Parallel()
		sh := sheetOf(t, exam)
		sh.proofs[cell{"S1-05", 0}] = Proof{Done: true}
		gaps, err := sh.missing("file")
		require.NoError(t, err)
		require.NoError(t, gaps.Err())
	})
	t.Run("a soft step is skipped, a hard one never", func(t *testing.T) {
		t.Parallel()
		sh := sheetOf(t, laser, append(beforePreop, "S4-01", "S4-03", "S4-05", "S4-09")...)
		sh.marks[cell{"S4-06", 8}] = mark{State: store.StampSkipped}
		sh.marks[cell{"S4-10", 8}] = mark{State: store.StampSkipped}
		gaps, err := sh.missing("start")
		require.NoError(t, err)
		require.Equal(t, []string{"S4-10"}, steps(gaps))
	})
	t.Run("an undone stamp counts no longer", func(t *testing.T) {
		t.Parallel()
		sh := sheetOf(t, exam)
		sh.marks[cell{"S1-05", 0}] = mark{State: store.StampUndone}
		gaps, err := sh.missing("file")
		require.NoError(t, err)
		require.Equal(t, []string{"S1-05"}, steps(gaps))
	})
}

func TestMissingKnowsTreatments(t *testing.T) {
	t.Parallel()
	t.Run("each treatment has boxes of its own", func(t *testing.T) {
		t.Parallel()
		sh := sheetOf(t, toxin, "S5-08", "S5-10", "S6-01", "S6-02")
		sh.facts.Treatments = append(sh.facts.Treatments, Treated{ID: 9, Kind: "botulinum", Tags: []string{"observation"}})
		sh.on.Treatment = 7
		gaps, err := sh.missing("leave")
		require.NoError(t, err)
		require.Empty(t, gaps)
		sh.on.Treatment = 0
		gaps, err = sh.missing("leave")
		require.NoError(t, err)
		for _, g := range gaps {
			if g.Treatment != 0 {
				require.Equal(t, term.TreatmentID(9), g.Treatment)
			}
		}
		require.Contains(t, steps(gaps), "S5-10")
	})
	t.Run("an unknown step is an error", func(t *testing.T) {
		t.Parallel()
		_, err := sheetOf(t, exam).missing("S9-99")
		require.Error(t, err)
	})
}

func TestRefusalNamesEveryRule(t *testing.T) {
	t.Parallel()
	gaps, err := sheetOf(t, toxin, beforePreop...).missing("start")
	require.NoError(t, err)
	var refused *fault.Error
	require.ErrorAs(t, gaps.Err(), &refused)
	require.Equal(t, fault.KindRefused, refused.Kind)
	for _, rule := range []string{"S4-01", "REG-DEV-06", "REG-DRG-03", "REG-INF-01", "S5-01"} {
		require.Contains(t, refused.Rule, rule)
	}
	require.Contains(t, refused.Say(words.ZH), "身份双核对")
	require.Contains(t, refused.Say(words.EN), "Time-out")
}

func TestScore(t *testing.T) {
	t.Parallel()
	t.Run("what lies ahead does not count", func(t *testing.T) {
		t.Parallel()
		sh := sheetOf(t, exam, "S1-04", "S1-05", "S1-06")
		require.Equal(t, Score{Satisfied: 3, Pending: sh.score().Pending}, sh.score())
		require.Equal(t, 100, sh.score().Percent())
	})
	t.Run("what was passed by is missed", func(t *testing.T) {
		t.Parallel()
		s := sheetOf(t, exam, "S1-05", "S1-06", "S2-02").score()
		require.Equal(t, 3, s.Satisfied)
		require.Equal(t, 2, s.Missed) // S1-04, S1-07
		require.Equal(t, 60, s.Percent())
	})
	t.Run("skipped is missed, stamped by hand is satisfied and told apart", func(t *testing.T) {
		t.Parallel()
		sh := sheetOf(t, exam, "S1-05", "S1-06")
		sh.marks[cell{"S1-04", 0}] = mark{State: store.StampSkipped}
		sh.marks[cell{"S1-07", 0}] = mark{State: store.StampManual}
		s := sh.score()
		require.Equal(t, []int{3, 1, 1}, []int{s.Satisfied, s.Missed, s.Manual})
		require.Equal(t, 75, s.Percent())
	})
	t.Run("late counts as satisfied but is told", func(t *testing.T) {
		t.Parallel()
		sh := sheetOf(t, exam, "S1-05")
		sh.marks[cell{"S1-04", 0}] = mark{State: store.StampDone, DueAt: noon.Add(-time.Minute), DoneAt: noon}
		require.Equal(t, 1, sh.score().Late)
	})
	t.Run("a clock that runs is pending even after the visit, then missed", func(t *testing.T) {
		t.Parallel()
		sh := sheetOf(t, toxin, append(beforePreop, "S5-03", "S6-01")...)
		sh.ended = true
		sh.marks[cell{"S6-03", 7}] = mark{State: store.StampOpen, DueAt: noon.Add(time.Hour)}
		before := sh.score()
		sh.now = noon.Add(2 * time.Hour)
		after := sh.score()
		require.Equal(t, before.Missed+1, after.Missed)
		require.Equal(t, before.Pending-1, after.Pending)
		require.Equal(t, "late", sh.state(cell{"S6-03", 7}))
	})
	t.Run("nothing done yet is no failure", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, 100, sheetOf(t, exam).score().Percent())
	})
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	clinic := clinic(t)
	body, err := json.Marshal(clinic)
	require.NoError(t, err)
	again, err := Parse(body)
	require.NoError(t, err)
	require.Equal(t, clinic, again, "nothing is lost in the database")
	require.Len(t, clinic.steps, 66)
	require.Len(t, clinic.TouchPoints, 23)
	for i, p := range clinic.TouchPoints {
		require.Equal(t, i+1, p.No)
		require.NotEmpty(t, p.Title.EN)
	}
	for _, s := range clinic.steps {
		want := s.ID[:2]
		require.Equal(t, want, clinic.Stages[s.stage].ID)
		require.Equal(t, want == "S7", s.Scope == OfClinic, s.ID)
		require.NotEmpty(t, s.Source, s.ID)
		for _, role := range append([]string{s.Role}, s.With...) {
			require.True(t, access.Role(role).Known(), s.ID)
		}
		require.True(t, s.EscalateTo == "" || access.Role(s.EscalateTo).Known(), s.ID)
		for _, e := range s.Evidence {
			require.True(t, words.ZH.Has("sop.evidence."+e), s.ID)
		}
	}
	require.Len(t, clinic.Kinds, 29)
	first, _ := clinic.Step("S6-03")
	require.Equal(t, 48*60, first.Limit)
	require.Equal(t, 24*60, first.Remind)
	for name, broken := range map[string]string{
		"an unknown field":    `{"code":"x","edition":1,"colour":"red"}`,
		"no steps":            `{"code":"x","edition":1,"stages":[]}`,
		"an unknown need":     `{"code":"x","edition":1,"stages":[{"id":"S1","steps":[` + line("S1-01", `"needs":["S9"]`) + `]}]}`,
		"a step twice":        `{"code":"x","edition":1,"stages":[{"id":"S1","steps":[` + line("S1-01", `"needs":[]`) + `,` + line("S1-01", `"needs":[]`) + `]}]}`,
		"a clock from naught": `{"code":"x","edition":1,"stages":[{"id":"S1","steps":[` + line("S1-01", `"limit":5`) + `]}]}`,
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			t.Parallel()
			_, err := Parse([]byte(broken))
			require.Error(t, err)
		})
	}
	_, err = Parse([]byte(`{"code":"x","edition":1,"stages":[{"id":"S1","steps":[` + line("S1-01", `"needs":[]`) + `]}]}`))
	require.NoError(t, err)
}

func TestTreatedWith(t *testing.T) {
	t.Parallel()
	clinic := clinic(t)
	x := TreatedWith(7, store.Item{
		Kind: "botulinum", Depth: "L2", RiskTier: 4, SideMark: true, ObserveMinutes: 30, ProductKinds: []string{"BTX"},
	})
	require.Equal(t, []string{"observation", "product", "sided"}, x.Tags)
	have := clinic.ofTreatment(x)
	require.Equal(t, 2, have.depth, "the item stands above its kind")
	require.Equal(t, 4, have.tier)
	require.Contains(t, have.tags, "toxin")
	plain := clinic.ofTreatment(Treated{Kind: "botulinum"})
	require.Equal(t, []int{3, 3}, []int{plain.depth, plain.tier})
	sided, _ := clinic.Step("S4-02")
	require.True(t, sided.applies(have))
	require.False(t, sided.applies(plain))
	require.Zero(t, clinic.ofTreatment(Treated{Kind: "unheard of"}).depth)
	require.Zero(t, depthOf("L9"))
}

func line(id, more string) string {
	return `{"id":"` + id + `","title":{"zh":"一","en":"one"},"role":"nurse","evidence":["form"],"gate":"H","scope":"visit","prove":"x",` + more + `}`
}

// A gap that a room found itself has no title: among several it is named by what it says,
// with its words in the reader's language, never by a hole between two strokes.
func TestAGapWithoutATitleIsNamedByWhatItSays(t *testing.T) {
	t.Parallel()
	gaps := Gaps{
		{Rule: "S3-05", Title: words.Text{ZH: "合同", EN: "Contract"}, Key: "sop.gap.missing", Args: []any{words.Text{ZH: "合同"}}},
		{Rule: "S4-06", Key: "procedure.gap.photo", Args: []any{fault.Word("procedure.view.left45"), 2}},
		{Rule: "S4-06", Key: "procedure.gap.photo", Args: []any{fault.Word("procedure.view.left45"), 2}},
	}
	var refused *fault.Error
	require.ErrorAs(t, gaps.Err(), &refused)
	for _, lang := range []words.Lang{words.ZH, words.EN} {
		said := fault.Refuse("", "procedure.gap.photo", fault.Word("procedure.view.left45"), 2).Sentence(lang)
		text := refused.Say(lang)
		require.Contains(t, text, " / "+strings.TrimRight(said, "。."))
		require.Contains(t, text, lang.T("procedure.view.left45"))
		require.Equal(t, 1, strings.Count(text, " / "), text)
	}
}
