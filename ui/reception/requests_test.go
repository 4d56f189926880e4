package reception_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/reception"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
)

var secretIn = regexp.MustCompile(`name="secret" value="([A-Z2-7]{26})"`)

// wishing opens the form of an item on a guest's phone and gives the secret in it.
func wishing(t *testing.T, b *uitest.Browser, item term.ItemID) string {
	t.Helper()
	found := secretIn.FindStringSubmatch(b.Post("/book/item", "item", fmt.Sprint(item)).Want(http.StatusOK, "什么时间方便").Body)
	require.Len(t, found, 2)
	return found[1]
}

func asked(t *testing.T, l laser) (list []store.BookingRequest) {
	t.Helper()
	require.NoError(t, l.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
		list, err = r.BookingRequests(store.RequestWaiting, 500)
		return err
	}))
	return list
}

// TestAGuestAsksForABooking is row:A9: a guest without an account asks, the desk takes or answers.
func TestAGuestAsksForABooking(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	doctor := l.StaffID("doctor")
	booked, err := l.book(t, l.want(withFile(t, l.Site, "李静", "13800008817"), march(l.Site, 1, 10, 0)))
	require.NoError(t, err)
	written(t, l.Site, func(tx *store.Tx) error {
		hidden := store.Item{Code: "OFF-X", Name: "停售项目", Category: "光电", Level: "none", Kind: "x", Operator: "nurse", Minutes: 30, Sessions: 1, CareTemplate: "AC", FormCode: "F7", Depth: "L1", RiskTier: 1}
		return tx.AddItem(&hidden)
	})
	phone, front := l.AsGuest(), l.As("front")
	first := phone.Get("/book").Want(http.StatusOK, "皮秒", "面谈咨询")
	first.Not("停售项目", "¥", "李静", "T-doctor")
	phone.Post("/book/item", "item", "99999").Want(http.StatusUnprocessableEntity, "不能预约")
	front.Get("/reception/requests").Want(http.StatusOK, "没有待确认的申请", "柜台二维码")

	secret := wishing(t, phone, l.item.ID)
	phone.Post("/book/item", "item", fmt.Sprint(l.item.ID)).Not("李静", "13800008817", "T-doctor", "皮秒激光")
	typed := []string{"secret", secret, "item", fmt.Sprint(l.item.ID), "name", "李 静", "phone", "138 0000 8817"}
	form := append(slices.Clone(typed), "at", "2026-03-03@0")
	phone.Post("/book", "secret", secret, "item", fmt.Sprint(l.item.ID), "name", "李静").
		Want(http.StatusUnprocessableEntity, "请填写手机号码", "请选一个时间", `value="李静"`, secret)
	for _, at := range []string{"2026-03-01@0", "2026-04-01@0", "2026-03-03@77", "x"} {
		phone.Post("/book", append(slices.Clone(typed), "at", at)...).Want(http.StatusUnprocessableEntity)
	}
	require.Empty(t, asked(t, l))

	t.Run("two taps are one request, whose page names nobody", func(*testing.T) {
		phone.Post("/book", form...).Want(http.StatusOK, "已收到，等待确认", "Y20260302-001").At("/book/"+secret).Not("李静", "13800008817", "皮秒")
		phone.Post("/book", form...).At("/book/" + secret)
		phone.Post("/book", append(slices.Clone(typed), "at", "2026-03-04@0")...).Want(http.StatusConflict, "Y20260302-001 已经提交过", secret)
		require.Len(t, asked(t, l), 1)
		phone.Get("/book/" + strings.Repeat("A", 26)).Want(http.StatusNotFound)
		phone.Get("/book/"+secret+"/now").Want(http.StatusOK, "Y20260302-001")
	})
	t.Run("a number that the house does not know gets the same answer", func(*testing.T) {
		other := wishing(t, phone, 0)
		phone.Post("/book", "secret", other, "item", "0", "at", "2026-03-03@720", "name", "新客", "phone", "13800001234").
			Want(http.StatusOK, "已收到，等待确认").At("/book/" + other)
	})
	t.Run("the desk sees it, with the file of the number, and books it with one click", func(*testing.T) {
		front.Get("/reception/requests/strip").Want(http.StatusOK, "2 个线上预约申请待确认")
		page := front.Get("/reception/requests").Want(http.StatusOK, "李 静", "138****8817", "皮秒", "未建档，记为线索").Not("13800008817")
		slot := fmt.Sprintf("%d@2026-03-03T", doctor)
		require.Contains(t, page.Body, slot)
		require.NotContains(t, page.Body, slot+"10:00", "the time that is taken is not offered")
		accept := "/reception/requests/1/accept"
		front.Post(accept, "at", slot+"09:00").Want(http.StatusUnprocessableEntity, "请先选预约给谁")
		front.Post(accept, "who", "99", "at", slot+"09:00").Want(http.StatusUnprocessableEntity, "没有这份档案")
		front.Post(accept, "who", fmt.Sprint(booked.Client), "at", slot+"10:00").Want(http.StatusConflict, "S1-02")
		for _, login := range []string{"doctor", "nurse", "cashier"} {
			l.As(login).Post(accept, "who", "new", "at", slot+"09:00").Want(http.StatusForbidden)
			l.As(login).Get("/reception/requests").Want(http.StatusForbidden)
		}
		require.Len(t, asked(t, l), 2)
		front.Post(accept, "who", fmt.Sprint(booked.Client), "at", slot+"09:00").Want(http.StatusOK, "李静").At("/reception/appointments/2")
		front.Post(accept, "who", fmt.Sprint(booked.Client), "at", slot+"09:00").Want(http.StatusConflict, "已接受")
		phone.Get("/book/"+secret).Want(http.StatusOK, "预约成功", "09:00").Not("李静")
		l.As("front").Get("/messages").Want(http.StatusOK, "预约确认")
	})
	t.Run("or answers with other times; a guest without a file is an inquiry", func(*testing.T) {
		front.Post("/reception/requests/2/decline", "answer", "x").Want(http.StatusUnprocessableEntity)
		front.Post("/reception/requests/2/decline", "answer", "other").Want(http.StatusOK, "没有待确认的申请", "已答复")
		front.Post("/reception/requests/2/decline", "answer", "sorry").Want(http.StatusConflict)
		l.As("front").Get("/messages").Want(http.StatusOK, "目前可约")
		l.As("front").Get("/reception/leads").Want(http.StatusOK, "新客")
	})
	t.Run("somebody without a file is booked as an inquiry, once", func(*testing.T) {
		third := wishing(t, phone, l.item.ID)
		phone.Post("/book", "secret", third, "item", fmt.Sprint(l.item.ID), "at", "2026-03-04@720", "name", "新客", "phone", "13800001234").Want(http.StatusOK)
		front.Post("/reception/requests/3/accept", "who", "new", "at", fmt.Sprintf("%d@2026-03-04T14:00", doctor)).Want(http.StatusOK, "新客")
		require.NoError(t, l.App.DB.Read(t.Context(), func(r *store.Read) error {
			leads, err := r.LeadsByPhone("13800001234")
			require.Len(t, leads, 1)
			return err
		}))
	})
	t.Run("one address asks only so often, and learns nothing by it", func(*testing.T) {
		ask := func(number string, from string) *uitest.Answer {
			s := strings.Repeat("B", 23) + number[len(number)-3:]
			return phone.Post("/book", "secret", s, "item", "0", "at", "2026-03-0"+from+"@720", "name", "客", "phone", number)
		}
		for n := range 3 {
			ask(fmt.Sprintf("1390000077%d", n), "5").Want(http.StatusOK)
		}
		known, unknown := ask("13800008817", "5").Want(http.StatusConflict, "提交得太频繁"), ask("13900009999", "5").Want(http.StatusConflict, "提交得太频繁")
		require.Equal(t, known.Status, unknown.Status)
		l.Clock.Forward(time.Hour)
		ask("13800008818", "5").Want(http.StatusOK)
	})
	front = l.As("front")
	front.Get("/reception/requests/poster").Want(http.StatusOK, "/book", "扫码预约")
	front.Get("/reception/requests/poster?size=a5").Want(http.StatusOK, `poster small`)
}

// TestNobodyShutsOthersOut: who asks with another's number, from ever new addresses, shuts the other out of
// nothing; the desk sees two of a number and the others folded. What floods the house makes room for itself,
// then what no file vouches for; where all have a file the house is full, and says so.
func TestNobodyShutsOthersOut(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	ask := func(n int, phone string) error {
		return l.App.Rooms.Desk.Ask(t.Context(), access.Actor{Request: rand.Text(), Lang: words.ZH}, reception.RequestIn{
			Secret: fmt.Sprintf("%026d", n), Peer: fmt.Sprint(n), Name: "李静", Phone: phone, Item: l.item.ID, Day: "2026-03-05", From: 12 * 60,
		})
	}
	withFile(t, l.Site, "李静", "13800008817")
	for n := range 9 {
		require.NoError(t, ask(n, "13800008817"), "the ninth is answered as the first")
	}
	page := l.As("front").Get("/reception/requests").Want(http.StatusOK, "同一号码的其他申请（7 份）")
	shown, folded, _ := strings.Cut(page.Body, `id="folded"`)
	require.Equal(t, 2, strings.Count(shown, `id="request-found-`))
	require.Equal(t, 7, strings.Count(folded, `id="request-found-`))

	write(t, l.Site, func(tx *store.Tx) error { // as many as may wait, each of another number
		for n := range 191 {
			q := store.BookingRequest{Item: l.item.ID, TokenHash: []byte(fmt.Sprint(n)), Name: "客", Phone: fmt.Sprintf("139%08d", n), Day: "2026-03-05", From: 720, To: 1020, Minutes: 30, State: store.RequestWaiting}
			if err := tx.AddBookingRequest(&q); err != nil {
				return err
			}
		}
		return nil
	})
	state := func(number string) (waiting int) {
		for _, q := range asked(t, l) {
			if q.Phone == number {
				waiting++
			}
		}
		return waiting
	}
	for n := range 8 {
		require.NoError(t, ask(100+n, fmt.Sprintf("137%08d", n)))
	}
	require.Equal(t, 2, state("13800008817"), "the crowd made room, down to what is shown")
	require.Equal(t, 0, state("13900000000"), "then the oldest that no file vouches for")
	require.Equal(t, 1, state("13900000001"))
	require.Len(t, asked(t, l), 200)
}

// TestAnItemThatIsTakenOffSale while a form is open: the guest hears it, and what was typed goes along to
// the next item; what is booked of it stays and can be moved.
func TestAnItemThatIsTakenOffSale(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	doctor := l.StaffID("doctor")
	phone, front := l.AsGuest(), l.As("front")
	li := withFile(t, l.Site, "李静", "13800008817")
	booking := func(start string, more ...string) []string {
		return append([]string{"client", fmt.Sprint(li), "item", fmt.Sprint(l.item.ID), "staff", fmt.Sprint(doctor), "room", fmt.Sprint(l.rooms[1]), "device", fmt.Sprint(l.device), "start", start, "note", "怕疼"}, more...)
	}
	front.Post("/reception/appointments/new", booking("2026-03-03T10:00")...).Want(http.StatusOK).At("/reception/appointments/1")
	secret := wishing(t, phone, l.item.ID)
	write(t, l.Site, func(tx *store.Tx) error {
		i, err := tx.Item(l.item.ID)
		if err != nil {
			return err
		}
		i.Enabled = false
		return tx.SaveItem(&i)
	})
	phone.Post("/book", "secret", secret, "item", fmt.Sprint(l.item.ID), "at", "2026-03-04@720", "name", "林晚秋", "phone", "13800001234").
		Want(http.StatusUnprocessableEntity, "目前不能预约", `name="name" value="林晚秋"`, `name="phone" value="13800001234"`, `name="at" value="2026-03-04@720"`)
	phone.Post("/book/item", "item", "0", "name", "林晚秋", "phone", "13800001234", "at", "2026-03-04@720").Want(http.StatusOK, `value="林晚秋"`, `value="13800001234"`)
	front.Post("/reception/appointments/new", booking("2026-03-03T14:00")...).Want(http.StatusUnprocessableEntity, l.item.Name+"”刚停售", "怕疼", "2026-03-03T14:00")
	front.Post("/reception/appointments/1/move", booking("2026-03-03T15:00", "_version", "1")...).Want(http.StatusOK, "15:00")
}

// TestGuestPagesAreSwitchedOff: with a setting off the guest reads whom to call, and what is posted
// all the same is refused.
func TestGuestPagesAreSwitchedOff(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	phone := s.AsGuest()
	phone.Get("/book").Want(http.StatusOK, "data-sift", "<details")
	write(t, s, func(tx *store.Tx) error {
		return errors.Join(tx.SaveSetting("guest.book", "no"), tx.SaveSetting("guest.hello", "no"), tx.SaveSetting("clinic.phone", "0571-88880120"))
	})
	phone.Get("/book").Want(http.StatusOK, "暂停", "0571-88880120").Not("<form")
	phone.Post("/book/item", "item", "0").Want(http.StatusOK, "暂停").Not("<form")
	phone.Post("/book", "item", "0", "secret", rand.Text(), "name", "林晚秋", "phone", "13800008817", "at", "2026-03-03@0").Not("预约编号")
	phone.Get("/hello").Want(http.StatusOK, "暂停").Not("<form")
	phone.Post("/hello", "secret", rand.Text(), "name", "林晚秋", "phone", "13800008817", "gender", "female", "birth", "1990-01-02", "agree", "on").Not("登记编号")
	read(t, s, func(r *store.Read) error {
		asked, err := r.CountBookingRequests()
		require.NoError(t, err)
		told, err := r.CountIntakes()
		require.Zero(t, asked+told)
		return err
	})
}

// TestARequestWithAnotherNumber: whose file has another number than the request is found by name or
// looked up, and somebody says which number the house calls from now on; nothing is overwritten silently.
func TestARequestWithAnotherNumber(t *testing.T) {
	t.Parallel()
	l := laserClinic(t)
	doctor := l.StaffID("doctor")
	same, other := withFile(t, l.Site, "李静", "13800008817"), withFile(t, l.Site, "古丽娜尔·买买提", "13900001111")
	phone, front := l.AsGuest(), l.As("front")
	for n := range 3 {
		phone.Post("/book", "secret", wishing(t, phone, l.item.ID), "item", fmt.Sprint(l.item.ID), "name", "李静", "phone", fmt.Sprintf("1370000220%d", n), "at", "2026-03-03@0").
			Want(http.StatusOK, "已收到")
	}
	slot := func(clock string) string { return fmt.Sprintf("%d@2026-03-03T%s", doctor, clock) }
	file := func(id term.ClientID) (c store.Client) {
		require.NoError(t, l.App.DB.Read(t.Context(), func(r *store.Read) (err error) {
			c, err = r.Client(id)
			return err
		}))
		return c
	}
	who := func(id term.ClientID, way string) string { return fmt.Sprintf("%d:%s:%d", id, way, file(id).Version) }

	front.Get("/reception/requests").Want(http.StatusOK, "档案电话 138****8817，与申请不同", `value="`+who(same, "take")+`"`).Not("13800008817", "137000022", "买买提")
	for _, unsaid := range []string{fmt.Sprint(same), who(same, "both"), who(same, "")} {
		front.Post("/reception/requests/1/accept", "who", unsaid, "at", slot("09:00")).
			Want(http.StatusUnprocessableEntity, "档案电话 138****8817 和申请电话 137****2200 不一样，请选沿用哪一个")
	}
	require.Len(t, asked(t, l), 3)

	front.Post("/reception/requests/1/accept", "who", who(same, "keep"), "at", slot("09:00")).Want(http.StatusOK).At("/reception/appointments/1")
	require.Equal(t, "13800008817", file(same).Phone)

	front.Post("/reception/requests/2/accept", "who", who(same, "take"), "at", "").Want(http.StatusUnprocessableEntity, `value="`+who(same, "take")+`" form="request-2" checked`)
	require.Equal(t, "13800008817", file(same).Phone, "what is not booked changes no file")
	seen := who(same, "take")
	written(t, l.Site, func(tx *store.Tx) error {
		c, err := tx.Client(same)
		c.Phone = "13600003333"
		return errors.Join(err, tx.SaveClient(&c))
	})
	front.Post("/reception/requests/2/accept", "who", seen, "at", slot("10:00")).Want(http.StatusUnprocessableEntity, "档案电话 136****3333")
	require.Equal(t, "13600003333", file(same).Phone, "a number that nobody was shown is not overwritten")
	front.Post("/reception/requests/2/accept", "who", who(same, "take"), "at", slot("10:00")).Want(http.StatusOK).At("/reception/appointments/2")
	require.Equal(t, "13700002201", file(same).Phone)
	front.Post("/find", "q", "2201").Want(http.StatusOK, "李静")

	l.As("nurse").Post("/reception/requests/3/who", "q", "1111").Want(http.StatusForbidden)
	link := fmt.Sprintf("/reception/requests?request=3&client=%d", other)
	front.Post("/reception/requests/3/who", "q", "1111").Want(http.StatusOK, "买买提", strings.ReplaceAll(link, "&", "&amp;"))
	front.Get(link).Want(http.StatusOK, "称呼也不一样", `value="`+who(other, "keep")+`"`)
	written(t, l.Site, func(tx *store.Tx) error {
		c, err := tx.Client(other)
		c.State = "blocked"
		return errors.Join(err, tx.SaveClient(&c))
	})
	front.Get(link).Want(http.StatusOK).Not("称呼也不一样")
	front.Post("/reception/requests/3/accept", "who", who(other, "keep"), "at", slot("11:00")).Want(http.StatusUnprocessableEntity, "没有这份档案，或档案已停用")
}
