package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

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
