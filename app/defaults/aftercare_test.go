package defaults_test

import (
	"regexp"
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
	require.Equal(t, "D3–D7", peel.StagesOn(5)[0].Label())
}
