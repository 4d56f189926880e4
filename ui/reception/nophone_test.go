package reception_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// TestAFileWithoutAPhone: who has none is taken with a reason; the missing number makes nobody the
// twin of anybody, and every page that shows a number says that there is none.
func TestAFileWithoutAPhone(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	front := l.As("front")
	open := func(name, birth, why string, more ...string) *uitest.Answer {
		typed := append([]string{"name", name, "phone", "", "birth", birth, "no_phone", why, "id_kind", "", "id_checked", ""}, more...)
		return front.PostForm("/reception/clients/new", person(typed...))
	}
	open("王奶奶", "1937-01-01", "").Want(http.StatusUnprocessableEntity, "没有手机的，请选原因")
	open("王奶奶", "1937-01-01", "lost").Want(http.StatusUnprocessableEntity, `id="f-no_phone-fault"`)
	open("王奶奶", "1937-01-01", "child").Want(http.StatusUnprocessableEntity, "未满 18 岁")
	open("小朋友", "2020-01-01", "child").Want(http.StatusUnprocessableEntity, `id="f-guardian_phone-fault"`)
	open("王奶奶", "1937-01-01", "elderly").Want(http.StatusOK, "到店")
	open("李爷爷", "1938-01-01", "elderly").Want(http.StatusOK, "到店").Not("可能已有")
	open("王奶奶", "1937-01-01", "declined").Want(http.StatusConflict, "C20260302-001")
	front.Post("/reception/clients/twins", "name", "王奶奶", "phone", "", "birth", "1937-01-01").Want(http.StatusOK, "打开已有档案", "–")
	open("王奶奶", "1937-01-01", "declined", "other", "同名同生日").Want(http.StatusOK)

	front.Post("/find", "q", "王奶奶").Want(http.StatusOK, "C20260302-001")
	front.Get("/client/1").Want(http.StatusOK, "无手机（老人，不用手机）").Not("另有")
	front.Post("/client/1/choice", "choice_no_marketing", "on", "choice_lang", "zh", "choice_version", "0").Want(http.StatusOK)
	want := l.want(2, march(l.Site, 3, 10, 0))
	want.Confirmed = true
	booked, err := l.book(t, want)
	require.NoError(t, err)
	part(front).Get(fmt.Sprintf("%s/booking/%d", calendar, booked.ID)).Want(http.StatusOK, `<span class="num">–</span>`)
	l.As("front").Get("/messages").Want(http.StatusOK, "李爷爷", "–")
	written(t, l.Site, func(tx *store.Tx) error {
		c, err := tx.Client(1)
		require.NoError(t, err)
		require.Equal(t, []string{"", "elderly"}, []string{c.Phone, c.NoPhone})
		same, err := tx.ClientsByPhone("")
		require.Empty(t, same)
		require.NoError(t, err)
		c.Phone = "13800008817"
		require.NoError(t, tx.SaveClient(&c))
		require.Empty(t, c.NoPhone, "with a number the reason goes")
		return nil
	})
}

// TestAGuestWithoutAPhone tells of oneself on the tablet; the reason goes along into the file.
func TestAGuestWithoutAPhone(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	guest, front := s.AsGuest(), s.As("front")
	none, _ := telling(t, guest, "/hello", "phone", "")
	none.Want(http.StatusUnprocessableEntity, "没有手机的，请选原因")
	told, _ := telling(t, guest, "/hello", "phone", "", "no_phone", "foreign")
	told.Want(http.StatusOK, "请到前台")
	front.Get("/reception/intakes").Want(http.StatusOK, "苏晓", "–")
	front.Get("/reception/intakes/1").Want(http.StatusOK, "苏晓").Not("同一个号码")
	front.Get("/reception/clients/new?intake=1").Want(http.StatusOK, `value="foreign" selected`)
	form := person("name", "苏晓", "phone", "", "no_phone", "foreign", "birth", "1995-05-06", "intake", "1", "id_kind", "", "id_checked", "")
	front.PostForm("/reception/clients/new", form).Want(http.StatusOK, "到店")
	again, _ := telling(t, guest, "/hello", "phone", "13900002222")
	again.Want(http.StatusOK)
	front.Post("/reception/intakes/2/take", "client", "1", "version", "1", "field", "phone").Want(http.StatusOK)
	read(t, s, func(r *store.Read) error {
		c, err := r.Client(term.ClientID(1))
		require.Equal(t, []string{"13900002222", ""}, []string{c.Phone, c.NoPhone})
		return err
	})
}
