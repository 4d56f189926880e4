package rfm_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/rfm"
	"meixu/store"
	"meixu/store/term"
)

// TestWhy: an owner reads what was counted and what it is held against, also at the limits.
func TestWhy(t *testing.T) {
	t.Parallel()
	now := term.At(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))
	for _, tt := range []struct {
		days, visits int
		spent        term.Fen
		want         []string
	}{
		{0, 1, 0, []string{"最近到店：0 天前（30 天内来过）", "近一年到店：1 次（一年不到 2 次）", "近一年消费：¥0.00（一年没有消费）"}},
		{30, 2, 1, []string{"最近到店：30 天前（30 天内来过）", "近一年到店：2 次（一年 2 次）", "近一年消费：¥0.01（一年不到 ¥3,000）"}},
		{31, 4, 299_999, []string{"最近到店：31 天前（31–60 天前来过）", "近一年到店：4 次（一年 3–4 次）", "近一年消费：¥2,999.99（一年不到 ¥3,000）"}},
		{90, 7, 300_000, []string{"最近到店：90 天前（61–90 天前来过）", "近一年到店：7 次（一年 5–7 次）", "近一年消费：¥3,000.00（一年 ¥3,000–¥10,000）"}},
		{181, 8, 3_000_000, []string{"最近到店：181 天前（超过 180 天没来）", "近一年到店：8 次（一年 8 次以上）", "近一年消费：¥30,000.00（一年满 ¥30,000）"}},
	} {
		f := store.Figures{YearVisits: tt.visits, YearSpent: tt.spent, Last: now.Add(-time.Duration(tt.days) * 24 * time.Hour)}
		var said []string
		for _, text := range rfm.Why(f, now) {
			said = append(said, text.ZH)
			require.NotContains(t, text.EN, "%!")
		}
		require.Equal(t, tt.want, said)
	}
	require.Equal(t, "还没有到过店", rfm.Why(store.Figures{}, now)[0].ZH)
}
