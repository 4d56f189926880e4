package defaults_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/app/engine/form"
)

// template finds a default form.
func template(t *testing.T, code string) form.Template {
	t.Helper()
	all := defaults.Forms()
	at := slices.IndexFunc(all, func(x form.Template) bool { return x.Code == code })
	require.GreaterOrEqual(t, at, 0, code)
	return all[at]
}

func TestFormsAreAllThere(t *testing.T) {
	t.Parallel()
	for _, code := range []string{
		"F1", "F2", "F2-NURSE", "F3", "F4", "F5", "F6", "F7-OBS", "F9", "F11", "F15", "F16-TODAY", "F16-SKINTEST",
		"F16-DEVICE", "F16-ROOM", "F16-KIT", "F16-PHOTO", "F16-MARK", "F17", "F18", "F19", "F20", "F21",
	} {
		template(t, code)
	}
	for _, care := range careTemplates {
		template(t, defaults.FollowUpForm(care))
	}
}

func TestFormsSurviveTheirCanonicalText(t *testing.T) {
	t.Parallel()
	for _, f := range defaults.Forms() {
		body, err := f.Canonical()
		require.NoError(t, err, f.Code)
		again, err := form.Parse(body)
		require.NoError(t, err, f.Code)
		second, err := again.Canonical()
		require.NoError(t, err, f.Code)
		require.Equal(t, string(body), string(second), f.Code)
	}
}

// A form never answers for the person: what was not asked is not passed.
func TestNothingIsAnsweredBeforehand(t *testing.T) {
	t.Parallel()
	for _, f := range defaults.Forms() {
		require.Empty(t, f.Blank(), f.Code)
	}
}

func TestEveryKindOfItemHasItsRecord(t *testing.T) {
	t.Parallel()
	for _, item := range defaults.Items() {
		code, ok := defaults.ProcedureForm(item.Kind)
		require.True(t, ok, "kind %s of %s", item.Kind, item.Code)
		require.Equal(t, code, item.FormCode, item.Code)
		template(t, code)
	}
}

func TestEveryContraindicationOfTheCatalogueIsInTheDictionary(t *testing.T) {
	t.Parallel()
	d := defaults.Contraindications()
	for _, item := range defaults.Items() {
		for _, word := range item.Contraindications {
			_, ok := d.Word(word)
			require.True(t, ok, "%s of %s", word, item.Code)
		}
	}
}

func TestDictionaryAndQuestionsAgree(t *testing.T) {
	t.Parallel()
	d := defaults.Contraindications()
	asked := map[string][]string{}
	for _, f := range defaults.Forms() {
		for _, g := range f.Groups {
			for _, it := range g.Items {
				for _, h := range it.Hits {
					_, ok := d.Code(h.Contraindication)
					require.True(t, ok, "%s.%s hits %s", f.Code, it.LinkID, h.Contraindication)
					asked[h.Contraindication] = append(asked[h.Contraindication], f.Code+"."+it.LinkID)
				}
			}
		}
	}
	for _, c := range d.All() {
		require.NotEmpty(t, c.Trigger, c.Code)
		for _, trigger := range c.Trigger {
			require.Contains(t, asked[c.Code], trigger, c.Code)
		}
	}
}

func TestDictionaryLevelsFollowTheKind(t *testing.T) {
	t.Parallel()
	d := defaults.Contraindications()
	for _, c := range []struct {
		code, kind string
		want       form.Level
	}{
		{"pregnancy", "peel", form.Hard},
		{"lactation", "botulinum", form.Hard},
		{"lactation", "ipl", form.Soft},
		{"anticoagulation", "filler_ha", form.Soft},
		{"anticoagulation", "surgery", form.Hard},
		{"keloid", "laser_ablative", form.Hard},
		{"keloid", "ipl", form.Soft},
		{"gold_salts", "laser_pigment", form.Hard},
		{"sun_4w", "ipl", form.Hard},
		{"sun_4w", "peel", form.Soft},
	} {
		word, ok := d.Code(c.code)
		require.True(t, ok, c.code)
		require.Equal(t, c.want, word.LevelFor(c.kind), "%s for %s", c.code, c.kind)
	}
}

// fill answers every asked question of a form with an answer that lets it pass.
func fill(t form.Template, facts map[string]string) form.Answers {
	a := form.Answers{}
	for k, v := range facts {
		a.Know(k, v)
	}
	for _, g := range t.Groups {
		for _, it := range g.Items {
			if v, ok := passing(it); ok {
				a.Set(it.LinkID, v)
			}
			if len(it.Columns) > 0 {
				row := form.Row{}
				for _, c := range it.Columns {
					row[c.LinkID] = cell(c)
				}
				a[it.LinkID] = form.Answer{Rows: []form.Row{row}}
			}
			if ans := a[it.LinkID]; it.Detail.ZH != "" {
				ans.Detail = "x"
				a[it.LinkID] = ans
			}
		}
	}
	return t.Settle(a)
}

func passing(it form.Item) (string, bool) {
	switch it.Type {
	case form.Table, form.Points, form.Display:
		return "", false
	case form.Boolean:
		return form.True, true
	case form.YesNo:
		if len(it.Must) > 0 {
			return it.Must[0], true
		}
		return form.No, true
	case form.Choice, form.Multi:
		if len(it.Must) > 0 {
			return it.Must[0], true
		}
		return it.Options[0].Code, true
	case form.Date:
		return "2026-03-02", true
	case form.Time:
		return "09:30", true
	case form.Integer, form.Decimal, form.Scale:
		if it.Min != nil {
			return decimal(*it.Min), true
		}
		return "1", true
	default:
		if example, formatted := formats[it.Format]; formatted {
			return example, true
		}
		return "x", true
	}
}

// formats are answers of text items that must look like something. The document belongs to
// somebody born on the day, and of the sex, that fill answers.
var formats = map[string]string{form.FormatPhone: "13900001111", form.FormatDocument: "110101202603020020"}

func cell(c form.Column) string {
	switch c.Type {
	case form.Choice:
		return c.Options[0].Code
	case form.Date:
		return "2026-03-02"
	case form.Time:
		return "09:30"
	case form.Integer, form.Decimal:
		if c.Min != nil {
			return decimal(*c.Min)
		}
		return "1"
	default:
		return "x"
	}
}

func decimal(n float64) string { return form.FromThousandths(int64(n * 1000)) }

func TestEveryFormCanBeCompletedAndNoRequiredOneIsEmpty(t *testing.T) {
	t.Parallel()
	for _, facts := range []map[string]string{
		{"$gender": "female", "$age": "30", "$kind": "surgery", "$depth": "L3"},
		{"$gender": "male", "$age": "16", "$kind": "skincare", "$depth": "L1"},
	} {
		for _, f := range defaults.Forms() {
			a := fill(f, facts)
			require.Empty(t, form.Validate(f, a, true), f.Code)
			if f.Code == "F16-PHOTO" {
				continue
			}
			empty := form.Answers{}
			for k, v := range facts {
				empty.Know(k, v)
			}
			require.Empty(t, form.Validate(f, empty, false), f.Code)
			require.NotEmpty(t, form.Validate(f, empty, true), f.Code)
		}
	}
}

func TestHealthQuestionnaire(t *testing.T) {
	t.Parallel()
	f2 := template(t, "F2")
	a := fill(f2, map[string]string{"$gender": "female"})
	require.Empty(t, form.Hits(f2, a))

	a.Set("pregnant", form.Yes).Set("anticoag", "aspirin").Set("autoimmune", "active")
	a.Set("bdd_hour", form.Yes).Set("bdd_social", form.Yes)
	var codes []string
	for _, h := range form.Hits(f2, a) {
		codes = append(codes, h.Contraindication+":"+string(h.Level))
	}
	require.Equal(t, []string{"autoimmune_active:H", "anticoagulation:S", "pregnancy:H"}, codes)
	result := form.Scores(f2, a)
	require.Len(t, result, 1)
	require.InDelta(t, 2, result[0].Value, 0)
	require.True(t, result[0].Band.Alarm)

	man := a.Know("$gender", "male")
	for _, h := range form.Hits(f2, man) {
		require.NotEqual(t, "pregnancy", h.Contraindication)
	}
	require.False(t, f2.Enabled(man)["pregnant"], "men are not asked about pregnancy")

	d := defaults.Contraindications()
	found := d.Judge(form.Hits(f2, fill(f2, nil).Know("$gender", "female").Set("anticoag", "aspirin")), []string{"抗凝或凝血障碍"}, "surgery")
	require.Len(t, found, 1)
	require.Equal(t, form.Hard, found[0].Level, "before surgery blood thinners stop the item")
}

func TestFollowUpsRaiseTheRightAlarm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ code, link, answer, want, urgency string }{
		{"F8-AC-HA", "vision", form.Yes, "ESC-VISION", form.UrgencyNow},
		{"F8-AC-HA", "colour_same", form.No, "ESC-VO", form.UrgencyNow},
		{"F8-AC-HA", "refill_s", "4", "ESC-VO", form.UrgencyNow},
		{"F8-AC-FILLER-NR", "cold", form.Yes, "ESC-VO", form.UrgencyNow},
		{"F8-AC-BTX", "swallow", form.Yes, "ESC-TOXIN", form.UrgencyNow},
		{"F8-AC-EYELID", "ache", form.Yes, "ESC-ORBIT", form.UrgencyNow},
		{"F8-AC-LIPO", "chest", form.Yes, "ESC-EMBOLI", form.UrgencyNow},
		{"F8-AC-IPL", "white", form.Yes, "ESC-BURN", form.UrgencyNow},
		{"F8-AC-TCM", "faint", form.Yes, "ESC-SYNCOPE", form.UrgencyNow},
		{"F8-AC-HAIR", "pain", "8", "ESC-REVIEW", form.UrgencyDay},
		{"F7-OBS", "refill_s", "3.5", "ESC-VO", form.UrgencyNow},
	} {
		a := form.Answers{}.Set("reached", form.Yes).Set(c.link, c.answer)
		flags := form.RedFlags(template(t, c.code), a)
		require.NotEmpty(t, flags, "%s.%s", c.code, c.link)
		require.Equal(t, c.want, flags[0].Escalation, "%s.%s", c.code, c.link)
		require.Equal(t, c.urgency, flags[0].Urgency, "%s.%s", c.code, c.link)
	}
	unreached := form.Answers{}.Set("reached", form.No).Set("vision", form.Yes)
	require.Empty(t, form.RedFlags(template(t, "F8-AC-HA"), unreached), "who was not reached said nothing")
}

func TestChecklistDepths(t *testing.T) {
	t.Parallel()
	asked := func(code, depth string) (points int) {
		f := template(t, code)
		for link, on := range f.Enabled(form.Answers{}.Know("$depth", depth)) {
			if it, _ := f.Item(link); on && (len(it.Must) > 0 || link == "weight_kg") {
				points++
			}
		}
		return points
	}
	require.Equal(t, []int{3, 7, 9}, []int{asked("F18", "L1"), asked("F18", "L2"), asked("F18", "L3")})
	require.Equal(t, []int{1, 4, 7}, []int{asked("F20", "L1"), asked("F20", "L2"), asked("F20", "L3")})
	require.Equal(t, 7, asked("F19", "L3"))

	f := template(t, "F18")
	a := fill(f, map[string]string{"$depth": "L3"}).Set("identity", form.No)
	bad := form.Validate(f, a, true)
	require.Len(t, bad, 1)
	require.Equal(t, "form.error.must", bad[0].Key, "a “no” stops the check")
}

func TestBindRoundTripsEveryForm(t *testing.T) {
	t.Parallel()
	for _, f := range defaults.Forms() {
		a := fill(f, map[string]string{"$gender": "female", "$depth": "L3", "$age": "16"})
		posted := url.Values{}
		for link, ans := range a {
			if strings.HasPrefix(link, "$") {
				continue
			}
			posted[form.Name(link)] = ans.Values
			posted.Set(form.Name(link)+".detail", ans.Detail)
			for i, row := range ans.Rows {
				for col, v := range row {
					posted.Set(form.CellName(link, i, col), v)
				}
			}
		}
		want, err := a.Canonical()
		require.NoError(t, err)
		got, err := form.Bind(posted).Keep(a).Canonical()
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(got), f.Code)
	}
}
