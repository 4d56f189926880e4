package web_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
)

// TestStrangersLeaveNothingBehind: what somebody without a login sends is small, is not kept
// when nobody could have that name, and uses up nobody's tries.
func TestStrangersLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	b := site.Stranger()
	tries := func(name string) (n int) {
		require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
			f, err := r.FailuresOf(name)
			n = f.Count
			return err
		}))
		return n
	}
	long := strings.Repeat("z", 200)
	b.Post("/login", "login", long, "password", "x").Want(422, "登录名或密码不对")
	require.Zero(t, tries(long))
	b.Post("/login", "login", strings.Repeat("z", 100_000), "password", "x").Want(422).Not("登录名或密码不对")
	b.Post("/login", "login", "front", "password", strings.Repeat("x", 2000)).Want(422)
	require.Zero(t, tries("front"))

	doctor := site.As("doctor")
	doctor.Post("/lock")
	name := "pin:" + idOf(site.StaffID("doctor"))
	for range 6 {
		b.Post("/login", "login", name, "password", "x").Want(422)
	}
	doctor.Post("/unlock", "pin", uitest.PIN, "next", "/profile").Want(200).At("/profile")
}

// TestAOneTimeKeyIsForOneDeedOfOnePerson: a second post of the same person leads to the first
// result; anybody else's, or another deed's, is told that nothing was saved.
func TestAOneTimeKeyIsForOneDeedOfOnePerson(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	lead := func(login, name string) *uitest.Answer {
		return site.As(login).Direct().Post("/reception/leads", "_once", "key-of-the-front", "name", name, "phone", "13890000001",
			"channel", "phone", "need", "咨询", "owner", idOf(site.StaffID("consultant")))
	}
	lead("front", "甲").Want(303)
	lead("front", "甲").Want(303)
	lead("consultant", "丙").Want(409, "没有保存")
	changed := lead("front", "乙").Want(409, "已经保存过", "改动的内容没有保存")
	fresh := onceOf(changed)
	require.NotEmpty(t, fresh)
	require.NotEqual(t, "key-of-the-front", fresh, "to send it as a new deed")
	require.NoError(t, site.App.DB.Read(t.Context(), func(r *store.Read) error {
		list, err := r.OpenLeads(10)
		require.Len(t, list, 1)
		return err
	}))
	site.As("front").Post("/reception/leads", "_once", strings.Repeat("k", 100), "name", "丁", "phone", "13890000002", "channel", "phone").Want(422)
	site.As("front").Post("/reception/leads", "_reason", strings.Repeat("因", 3000), "name", "丁", "phone", "13890000002", "channel", "phone").Want(422)
}

// TestAKeyIsForOnePlace: the same fields under the same key, sent to another address, are not taken
// for the first post.
func TestAKeyIsForOnePlace(t *testing.T) {
	t.Parallel()
	site := uitest.New(t)
	edit := func(login string) *uitest.Answer {
		return site.As("owner").Direct().Post("/admin/staff/"+idOf(site.StaffID(login)), "_once", "key-of-the-owner",
			"version", "1", "name", "T-new", "roles", "nurse", "active", "on")
	}
	edit("nurse").Want(303)
	edit("nurse").Want(303) // the second click
	edit("cashier").Want(409)
	require.Equal(t, 1, acted(t, site, "staff.save"))
}

// onceOf is the fresh one-time key that an answer brings: with the form drawn anew, or for the
// page that stays.
func onceOf(a *uitest.Answer) string {
	if fresh := a.Header.Get("X-Meixu-Once"); fresh != "" {
		return fresh
	}
	_, after, _ := strings.Cut(a.Body, `name="_once" value="`)
	fresh, _, _ := strings.Cut(after, `"`)
	return fresh
}

func idOf[I ~int64](id I) string { return strconv.FormatInt(int64(id), 10) }
