package admin_test

import (
	"net/http"
	"net/url"
	"testing"

	"meixu/ui/uitest"
)

// The set-up ends with what a new clinic enters next, and its owner reaches every step through
// the door: nothing of it needs the command line.
func TestTheSetUpLeadsOn(t *testing.T) {
	t.Parallel()
	site := uitest.Empty(t)
	token := site.App.Admin.OpenSetup("AAAA-BBBB")
	b := site.Stranger()
	steps := []string{"/premises/room/new", "/premises/device/new", "/admin/staff/new", "/people/licence/new", "/stock"}
	said := []string{"AAAA-BBBB", "接下来", `href="/keeping#sheet"`}
	for _, path := range steps {
		said = append(said, `href="`+path+`"`)
	}
	const password = "a good long password"
	b.Post("/setup", "token", token, "clinic", "T-clinic", "name", "T-owner", "login", "boss", "password", password, "pin", "258013").
		Want(http.StatusOK, said...)
	b.Get(steps[0]).At("/login?next=" + url.QueryEscape(steps[0]))
	b.Post("/login", "login", "boss", "password", password, "next", steps[0]).Want(http.StatusOK, "登记房间").At(steps[0])
	for _, path := range steps {
		b.Get(path).Want(http.StatusOK).At(path)
	}
	b.Post("/premises/room/new", "name", "注射室", "kind", "注射室").Want(http.StatusOK, "已登记“注射室”", "还没有设备")
	b.Get("/admin").Want(http.StatusOK, `href="/premises"`, `href="/people"`)
}
