package web_test

import (
	"net/http"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/live"
	"meixu/ui/uitest"
)

// TestAPageSaysFromWhenItsNewsBegin: what happens between the request of a page and the moment
// in which its browser listens is told to it, because its stream begins at the page's number.
func TestAPageSaysFromWhenItsNewsBegin(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	b := site.As("front")
	site.App.Hub.Send([]string{live.Board})
	page := b.Get("/reception").Want(http.StatusOK)
	found := regexp.MustCompile(`data-live-at="(\d+)"`).FindStringSubmatch(page.Body)
	require.Len(t, found, 2)
	at, err := strconv.ParseInt(found[1], 10, 64)
	require.NoError(t, err)
	require.Equal(t, site.App.Hub.Newest(), at)
	site.App.Hub.Send([]string{"till", "queue"})
	tab := listenTo(t, site.URL+"/live?last="+found[1], site.Cookie("front"))
	require.True(t, tab.hears("till") && tab.hears("queue"), "what came while the page was on its way")
	site.App.Hub.Send([]string{live.Stock})
	require.True(t, tab.hears(live.Stock), "and what comes now")
	ahead := listenTo(t, site.URL+"/live?last="+strconv.FormatInt(at+100, 10), site.Cookie("front"))
	require.True(t, ahead.hears(live.Resync), "a number of a house that was started anew")
}
