package defaults_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/app/words"
)

// The care templates that procedures.csv names in its column care_template.
var careTemplates = []string{
	"AC-AXILLA", "AC-BTX", "AC-CRYO", "AC-DENT", "AC-EYELID", "AC-FILLER-NR", "AC-FRAC-A", "AC-FRAC-NA", "AC-HA",
	"AC-HAIR", "AC-HAIRTX", "AC-HIFU", "AC-HYAL", "AC-IPL", "AC-LASER-PIG", "AC-LIPO", "AC-MESO", "AC-MINORSURG",
	"AC-MN", "AC-PDT", "AC-PEEL", "AC-RF", "AC-SKINCARE", "AC-SPOT", "AC-TCM", "AC-THREAD", "AC-VASC",
}

func TestCare(t *testing.T) {
	t.Parallel()
	require.Len(t, defaults.Cares(), len(careTemplates))
	for _, code := range careTemplates {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			c, ok := defaults.CareOf(code)
			require.True(t, ok)
			require.NotEmpty(t, c.Title.ZH)
			require.NotEmpty(t, c.Title.EN)
			require.NotEmpty(t, c.StagesOn(0), "the day itself")
			require.NotEmpty(t, c.StagesOn(2), "the call within 48 hours")
			require.NotEmpty(t, c.Questions)
			require.NotEmpty(t, c.RedFlags)
			require.NotEmpty(t, c.Photos.Text)
			require.NotZero(t, c.Limits.WaterHours+c.Limits.MakeupHours)
			for i, s := range c.Stages {
				require.NotEmpty(t, s.All())
				require.True(t, i == 0 || s.Day >= c.Stages[i-1].Day, "in order of days")
			}
			for _, f := range c.RedFlags {
				require.NotEmpty(t, f.Signs)
				require.Contains(t, []defaults.Urgency{defaults.AtOnce, defaults.SameDay, defaults.WithinDay}, f.Urgency)
				require.Equal(t, regexp.MustCompile(`ESC-[A-Z]+`).FindAllString(f.Action, -1), f.Cards)
				for _, code := range f.Cards {
					_, ok := defaults.CardOf(code)
					require.True(t, ok, code)
				}
			}
		})
	}
}

func TestCards(t *testing.T) {
	t.Parallel()
	require.Equal(t, "肉毒扩散/中毒样", defaults.CardTitle("ESC-TOXIN").ZH)
	require.Equal(t, "To be seen by a physician", defaults.CardTitle("ESC-REVIEW").EN)
	require.Empty(t, defaults.CardTitle(""))
	require.Len(t, defaults.Cards(), 11)
	for _, c := range defaults.Cards() {
		require.NotEmpty(t, c.Title.ZH)
		require.NotEmpty(t, c.Title.EN)
		require.GreaterOrEqual(t, len(c.Steps), 2, c.Code)
		require.Positive(t, c.AnswerMinutes)
	}
	vo, _ := defaults.CardOf("ESC-VO")
	require.Contains(t, vo.Kit[0], "1500 IU")
	require.Contains(t, defaults.CardRules(words.ZH), "先救人后记录")
	require.Equal(t, 3, defaults.CareRules().Attempts)
	require.Len(t, defaults.CareRules().Questions, 7)
}

func TestCareNumbers(t *testing.T) {
	t.Parallel()
	btx, _ := defaults.CareOf("AC-BTX")
	require.Equal(t, defaults.CareLimits{
		WaterHours: 4, MakeupHours: 4, ExerciseDays: 1, AlcoholDays: 1, HeatDays: 2, LightDays: 1, InjectionDays: 90,
		MassageDays: 1,
	}, btx.Limits)
	require.Equal(t, []int{14, 90}, btx.Photos.Days)
	peel, _ := defaults.CareOf("AC-PEEL")
	require.Equal(t, [2]int{3, 7}, [2]int{peel.StagesOn(5)[0].Day, peel.StagesOn(5)[0].Until})
}

// What a client reads speaks of what was done: no other areas, no "by default", and one
// interval, that of the catalogue (aftercare.md section 1).
func TestCareForATreatment(t *testing.T) {
	t.Parallel()
	btx, _ := defaults.CareOf("AC-BTX")
	said := func(c defaults.Care) (all string) {
		for _, s := range c.Stages {
			all += strings.Join(s.Points, "\n") + "\n"
		}
		return all
	}
	glabella := btx.For(defaults.Treated{Where: "肉毒毒素注射·眉间纹 眉间", Interval: 120}, words.ZH)
	require.NotRegexp(t, "咬肌|小腿|斜方肌|轮廓变化", said(glabella))
	require.Contains(t, said(glabella), "间隔一般不少于 120 天")
	require.Equal(t, 120, glabella.Limits.InjectionDays)
	masseter := btx.For(defaults.Treated{Where: "肉毒毒素注射·咬肌", Interval: 180}, words.EN)
	require.Contains(t, said(masseter), "After masseter treatment chewing may feel weak")
	require.Contains(t, said(masseter), "Contours begin to change")
	require.Contains(t, said(masseter), "at least 180 days")
	once := btx.For(defaults.Treated{}, words.ZH)
	require.NotContains(t, said(once), "间隔", "what is done once has no next session")
	require.Equal(t, btx.Limits, once.Limits)
	require.Contains(t, said(btx), "咬肌", "the template itself stays whole")
	for _, c := range defaults.Cares() {
		for area := range c.Areas {
			require.Contains(t, said(c), area, "%s: %s is a sentence", c.Code, area)
		}
		for _, lang := range []words.Lang{words.ZH, words.EN} {
			require.NotRegexp(t, "默认|by default|[{}]", said(c.For(defaults.Treated{Where: "眉间", Interval: 30}, lang)), c.Code)
		}
	}
}
