package seal

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestQuestionsAfterTheSheet: two groups of the printed code answer a question however they are
// typed; other ones, those of the other question and those of another sheet do not, and the file
// holds no groups in clear.
func TestQuestionsAfterTheSheet(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	ring, code, err := Create(dir)
	require.NoError(t, err)
	r, err := ReadRecovery(dir)
	require.NoError(t, err)
	groups := strings.Split(code, "-")
	asked := map[int]bool{}
	for n := range questions {
		q, ok := r.Question(n)
		require.True(t, ok)
		first, second := groups[q[0]-1], groups[q[1]-1]
		require.NoError(t, r.Answer(n, first, second))
		require.NoError(t, r.Answer(n+questions, " "+strings.ToLower(first), second+" "), "they come in turn, and case counts for nothing")
		require.ErrorIs(t, r.Answer(n+1, first, second), ErrCode, "the other question asks other groups")
		require.ErrorIs(t, r.Answer(n, second+"0", first), ErrTyped)
		require.ErrorIs(t, r.Answer(n, "", ""), ErrTyped)
		for _, g := range q {
			require.False(t, asked[g], "no group is asked twice")
			asked[g] = true
			require.LessOrEqual(t, g, groupsAsked, "the last one holds the check characters")
		}
	}
	for i := range len(groups) - 1 {
		require.NotContains(t, string(r.Text()), groups[i]+"-"+groups[i+1])
	}
	_, err = ring.Renew(dir)
	require.NoError(t, err)
	renewed, err := ReadRecovery(dir)
	require.NoError(t, err)
	q, _ := r.Question(0)
	require.Error(t, renewed.Answer(0, groups[q[0]-1], groups[q[1]-1]), "a new sheet, new questions")
}
