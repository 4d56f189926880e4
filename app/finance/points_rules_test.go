package finance

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store/term"
)

var standard = PointRule{Earn: map[string]int64{"normal": 100, "gold": 125}, Worth: 100, Cap: 30}

func TestPointsEarned(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		tier  string
		money term.Fen
		want  int64
	}{
		"one for a yuan":                   {"normal", 100, 1},
		"parts of a point are not given":   {"normal", 19999, 199},
		"a tier earns more":                {"gold", 40000, 500},
		"a tier nobody set earns nothing":  {"jade", 40000, 0},
		"nothing for nothing":              {"normal", 0, 0},
		"an amount longer than 64 bits":    {"gold", 9_000_000_000_000_000_00, 11_250_000_000_000_000},
		"money below zero earns no points": {"normal", -500, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, standard.For(c.tier, c.money))
		})
	}
}

func TestPointsMost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rule             PointRule
		total, used, due term.Fen
		balance          int64
		want             term.Fen
	}{
		"thirty percent of the bill":             {standard, 10000, 0, 10000, 99999, 3000},
		"whole yuan only":                        {standard, 9999, 0, 9999, 99999, 2900},
		"what earlier payments used counts":      {standard, 10000, 2000, 8000, 99999, 1000},
		"never more than is due":                 {standard, 10000, 0, 250, 99999, 200},
		"never more than the member has":         {standard, 10000, 0, 10000, 1234, 1200},
		"a dearer yuan":                          {PointRule{Worth: 50, Cap: 30}, 10000, 0, 10000, 1234, 2400},
		"none below zero":                        {standard, 10000, 0, 10000, -40, 0},
		"a clinic that takes no points":          {PointRule{Worth: 100}, 10000, 0, 10000, 99999, 0},
		"a cap that was lowered in the meantime": {PointRule{Worth: 100, Cap: 5}, 10000, 2000, 8000, 99999, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, c.rule.Most(c.total, c.used, c.due, c.balance))
		})
	}
}

func TestPointsBack(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		s      standing
		amount term.Fen
		want   giveBack
	}{
		"all of it":                   {standing{Money: 7001, Points: 3000, Earned: 70, Burned: 3000}, 10001, giveBack{3000, 3000, 70}},
		"half of it":                  {standing{Money: 7000, Points: 3000, Earned: 70, Burned: 3000}, 5000, giveBack{1500, 1500, 35}},
		"a third, rounded down":       {standing{Money: 7000, Points: 3000, Earned: 70, Burned: 1000}, 3333, giveBack{999, 333, 23}},
		"one fen moves no point":      {standing{Money: 7000, Points: 3000, Earned: 70, Burned: 3000}, 1, giveBack{}},
		"without points in the bill":  {standing{Money: 10000, Earned: 100}, 2500, giveBack{Earned: 25}},
		"a bill that earned nothing":  {standing{Money: 10000}, 10000, giveBack{}},
		"of money that is long as it": {standing{Money: 1 << 62, Earned: 1 << 55}, 1 << 61, giveBack{Earned: 1 << 54}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, c.s.back(c.amount))
		})
	}
}

// TestPointsNeitherLostNorMade gives bills back in steps at random: whatever the steps, in the end
// exactly what was burned is back and exactly what was earned is gone, and on the way neither goes
// below zero, nor does more money go back than came.
func TestPointsNeitherLostNorMade(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(6, 6))
	for range 2000 {
		points := term.Fen(random.Int64N(3000) * 100)
		was := standing{
			Money: term.Fen(1 + random.Int64N(1_000_000)), Points: points,
			Earned: random.Int64N(10_000), Burned: int64(points) / 100 * (1 + random.Int64N(200)),
		}
		now := was
		for now.Money+now.Points > 0 {
			amount := term.Fen(1 + random.Int64N(int64(now.Money+now.Points)))
			b := now.back(amount)
			now.Money -= amount - b.Fen
			now.Points -= b.Fen
			now.Burned -= b.Burned
			now.Earned -= b.Earned
			require.True(t, now.Money >= 0 && now.Points >= 0 && now.Burned >= 0 && now.Earned >= 0, "%+v after %d of %+v", now, amount, was)
		}
		require.Equal(t, standing{}, now, "%+v", was)
	}
}
