package web_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/ui/uitest"
)

func TestDrafts(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	b := site.As("doctor")
	b.Get("/draft?form=visit:1:exam").Want(204)
	b.PostJSON("/draft", `{"form":"visit:1:exam","values":{"note":["x"]}}`).Want(204)
	b.Get("/draft?form=visit:1:exam").Want(200, `"note":["x"]`)
	site.As("nurse").Get("/draft?form=visit:1:exam").Want(204)
	b.PostJSON("/draft", `{"form":"visit:1:exam","values":null}`).Want(204)
	b.Get("/draft?form=visit:1:exam").Want(204)

	typed := func(form string, size int) string {
		return `{"form":"` + form + `","values":{"note":["` + strings.Repeat("x", size) + `"]}}`
	}
	b.PostJSON("/draft", typed("largest", 255<<10)).Want(204)
	for _, size := range []int{256 << 10, 300 << 10} {
		b.PostJSON("/draft", typed("larger", size)).Want(422, "内容太大")
	}
	b.Get("/draft?form=larger").Want(204)
	for n := range 61 {
		b.PostJSON("/draft", typed(fmt.Sprint("f", n), 1)).Want(204)
		site.Clock.Forward(time.Second)
	}
	b.Get("/draft?form=largest").Want(204)
	b.Get("/draft?form=f0").Want(204)
	b.Get("/draft?form=f60").Want(200)
}

// TestTheKeyOfDraftsIsOnesOwn: pages bring the key of what the browser keeps while no server is there:
// always the same one to a person, another one to a colleague and to a device in a client's hands, and
// none to a stranger.
func TestTheKeyOfDraftsIsOnesOwn(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	in := regexp.MustCompile(`data-draft-key="([0-9a-f]{32})"`)
	key := func(b *uitest.Browser) string {
		found := in.FindStringSubmatch(b.Get("/profile").Body)
		if found == nil {
			return ""
		}
		return found[1]
	}
	front, again, doctor := key(site.As("front")), key(site.As("front")), key(site.As("doctor"))
	require.NotEmpty(t, front)
	require.Equal(t, front, again)
	require.NotEqual(t, front, doctor)
	require.Empty(t, key(site.Stranger()))
	by := site.Actor("front")
	require.Equal(t, front, site.App.Admin.DraftKey(by))
	by.Guest = access.GuestScope{Kind: "form", Subject: 7, Path: "/form/7"}
	require.NotEqual(t, front, site.App.Admin.DraftKey(by))
}
