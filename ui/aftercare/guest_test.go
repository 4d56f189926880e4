package aftercare_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/kit"
	"meixu/ui/uitest/day"
)

// The pages on a client's phone are reached at the guests' door, and name nobody. Not
// parallel: the address of that door is one for the whole process.
func TestPagesOnAPhoneNameNobody(t *testing.T) {
	d := day.New(t).To(day.Locked)
	old := kit.GuestURL
	kit.GuestURL = d.GuestURL
	defer func() { kit.GuestURL = old }()

	page := d.Post("nurse", "/aftercare/guide/{treatment}/link").Want(200, d.GuestURL+"/care/", "<path").Not("/alerts/bar")
	care := regexp.MustCompile(`/care/[A-Z0-9]+`).FindString(page.Body)
	d.Post("nurse", "/aftercare/close/{visit}", "reason", "全程未见异常反应").Want(200)
	page = d.As("aftercare").Get("/feedback/messages").Want(200, d.GuestURL+"/rate/")
	kit.GuestURL = "http://192.168.7.7:9000"
	d.As("aftercare").Get("/feedback/messages").Want(200, "http://192.168.7.7:9000/rate/").Not(d.GuestURL)
	kit.GuestURL = d.GuestURL
	rate := regexp.MustCompile(`/rate/[A-Z0-9]+`).FindString(page.Body)
	var personal []string
	d.Read(func(r *store.Read) error {
		c, err := r.Client(d.Client)
		require.NoError(t, err)
		v, err := r.Visit(d.Visit)
		require.NoError(t, err)
		tr, err := r.Treatment(d.Treatment)
		personal = []string{c.Name, c.Phone, c.Number, string(c.Birth), v.Number, tr.Number, "T-doctor"}
		return err
	})
	phone := d.AsGuest()
	for _, link := range []string{care, rate} {
		phone.Get(link).Want(200).Not(personal...)
	}
	phone.Get(care).Want(200, "0571-88880120", "出现这些情况，请立即来电", "吞咽", "tel:", "不少于 120 天", "120 天后").Not("默认", "咬肌", "小腿", "90 天后")
	phone.With("Cookie", "meixu_lang=en").Get(care).Want(200, "Call at once if you notice", "after 1 days (from 2026-03-03)").Not("多久以后可以")
	d.AsGuest().Get("/aftercare").Want(404)
}
