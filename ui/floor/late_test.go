package floor_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/words"
	"meixu/ui/uitest/day"
)

// The top bar counts the reader's own tasks, the board what ran out in the whole house: both say
// so, each is as long as the list to which it leads, and one matter is told once.
func TestTheNumberIsThatOfItsList(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Locked)
	d.Clock.Forward(72 * time.Hour)
	n, err := d.App.Rooms.Reports.RaiseClocks(t.Context(), access.System("test"))
	require.NoError(t, err)
	require.Positive(t, n)

	board := d.As("manager").Get("/board").Want(http.StatusOK, words.ZH.T("access.role.aftercare")).Body
	_, list, found := strings.Cut(board, `id="late"`)
	require.True(t, found)
	list, _, _ = strings.Cut(list, "</section>")
	require.Contains(t, board, words.ZH.T("floor.late", strings.Count(list, "<li>")))
	require.Equal(t, 1, strings.Count(list, "48 小时内"), "the call and the clock of the call are one matter")

	mine := regexp.MustCompile(`我的超时 \d+ 项`).FindString(board)
	tasks := d.As("manager").Get("/tasks?late=1").Want(http.StatusOK, mine).Body
	require.Equal(t, words.ZH.T("kit.late", strings.Count(tasks, "<tr")-1), mine)
}
