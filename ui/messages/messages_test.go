package messages_test

import (
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/message"
	"meixu/app/engine/message/gateway"
	"meixu/app/reception"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

type house struct {
	*uitest.Site
	t *testing.T
}

func open(t *testing.T) house {
	t.Helper()
	h := house{uitest.New(t), t}
	h.write(func(tx *store.Tx) error { return tx.SaveSetting("clinic.name", "美序") })
	return h
}

func (h house) write(fn func(*store.Tx) error) {
	h.t.Helper()
	require.NoError(h.t, h.App.DB.Write(h.t.Context(), storetest.Act("test.prepare"), fn))
}

func (h house) client(name, gender, phone string, birth term.Day) (id term.ClientID) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		c := store.Client{Name: name, Gender: gender, Phone: phone, Birth: birth, Source: "walk_in", Tier: "normal", State: "active"}
		err := tx.AddClient(&c)
		id = c.ID
		return err
	})
	return id
}

// book books a confirmed slot so many hours from the start of the test's day, which is nine.
func (h house) book(client term.ClientID, hours int) term.AppointmentID {
	h.t.Helper()
	id, err := h.App.Rooms.Desk.Book(h.t.Context(), h.Actor("front"), reception.Booking{
		Client: client, Start: term.At(storetest.Start.Add(time.Duration(hours) * time.Hour)), Minutes: 30, Confirmed: true, Staff: h.StaffID("consultant"),
	})
	require.NoError(h.t, err)
	return id
}

func (h house) run(job string) {
	h.t.Helper()
	_, err := h.App.Jobs.Run(h.t.Context(), access.System("test"), job)
	require.NoError(h.t, err)
}

// states are kind, state and reason of all messages in their order.
func (h house) states() (list []string) {
	h.t.Helper()
	require.NoError(h.t, h.App.DB.Read(h.t.Context(), func(r *store.Read) error {
		for id := int64(1); ; id++ {
			m, err := r.Message(id)
			if err != nil {
				return nil //nolint:nilerr // the list ends
			}
			list = append(list, strings.TrimSpace(m.Kind+" "+m.State+" "+m.Why))
		}
	}))
	return list
}

func (h house) message(id int64) (m store.Message) {
	h.t.Helper()
	require.NoError(h.t, h.App.DB.Read(h.t.Context(), func(r *store.Read) (err error) {
		m, err = r.Message(id)
		return err
	}))
	return m
}

func (h house) version(id int64) string { return fmt.Sprint(h.message(id).Version) }

func TestTheEveningBefore(t *testing.T) {
	t.Parallel()
	h := open(t)
	lin := h.client("林晚秋", "female", "13800008817", "1990-03-03")
	ouyang := h.client("欧阳明", "male", "13800008818", "1990-01-01")
	guli := h.client("阿依古丽·买买提", "unstated", "13800008819", "1990-01-01")
	first := h.book(lin, 29)
	h.book(ouyang, 30)
	h.book(guli, 31)
	front := h.As("front")
	page := front.Get("/messages").Want(200, "林女士您好", "欧阳先生您好", "阿依古丽·买买提您好", "3月3日周二14:00", "138****8817")
	page.Not("阿依古丽女士", "13800008817")
	h.As("doctor").Get("/messages").Want(403)
	h.As("doctor").Post("/messages/1/sent", "version", "1").Want(403)

	// one click marks; ten seconds take it back, by the same person
	front.Post("/messages/1/sent?state=waiting", "version", "1").At("/messages?state=waiting").Want(200, "/messages/1/undo")
	front.Post("/messages/1/sent", "version", "1").Want(409)
	h.As("manager").Post("/messages/1/undo").Want(409)
	front.Post("/messages/1/undo").Want(200)
	require.Equal(t, "ready", h.message(1).State)
	front.Post("/messages/1/sent", "version", "1").Want(409) // stale: the row was touched meanwhile
	front.Post("/messages/1/sent", "version", h.version(1)).Want(200)
	h.Clock.Forward(13 * time.Second)
	front.Post("/messages/1/undo").Want(409)

	// in the evening one reminder each, however often the job runs
	h.Clock.Forward(9*time.Hour + time.Minute)
	front = h.As("front") // the desk locked itself meanwhile
	h.run("messages-prepare")
	h.run("messages-prepare")
	require.Equal(t, []string{"confirm sent", "confirm ready", "confirm ready"}, h.states()[:3])
	require.Len(t, h.states(), 3, "who is told of exactly this time today is not reminded in the evening")

	// moved: what waits has the old time and goes; the client hears of the new one once
	h.write(func(tx *store.Tx) error {
		a, err := tx.Appointment(first)
		require.NoError(t, err)
		was := a
		a.StartsAt, a.EndsAt = a.StartsAt.Add(5*time.Hour), a.EndsAt.Add(5*time.Hour)
		require.NoError(t, tx.SaveAppointment(&a))
		require.NoError(t, message.Follow(tx, was, a))
		return message.Follow(tx, was, a)
	})
	require.Equal(t, []string{"confirm sent", "confirm ready", "confirm ready", "change ready"}, h.states())
	require.Contains(t, h.message(4).Text, "已改为3月3日周二19:00")
	by := h.Actor("front")
	by.Reason = "客户出差"
	require.NoError(t, h.App.Rooms.Desk.Change(t.Context(), by, first, reception.BookingCancel))
	require.Equal(t, []string{"change dropped over", "cancelled ready"}, h.states()[3:])
	front.Post("/messages/4/sent", "version", h.version(4)).Want(409)

	// quiet hours: nine in the evening is too late, also by hand
	h.Clock.Forward(3 * time.Hour)
	front = h.As("front")
	front.Post("/messages/2/sent", "version", h.version(2)).Want(409, "现在是安静时段，09:00 以后才能发，请到时再记")
	front.Get("/messages").Want(200, "2026-03-03 09:00 以后才能记为已发", "只复制", "现在可以先复制文字").Not(`action="/messages/2/sent`)
	h.Clock.Forward(12 * time.Hour)
	front = h.As("front")
	front.Post("/messages/2/sent", "version", h.version(2)).Want(200)

	// what ran out is dropped by the clock
	h.Clock.Forward(24 * time.Hour)
	front = h.As("front")
	h.run("messages-deliver")
	require.Equal(t, "confirm dropped late", h.states()[2])
	front.Get("/messages?state=dropped").Want(200, "已过时间")
	front.Get("/messages?state=all&kind=confirm").Want(200, "欧阳先生").Not("已取消。需要")
}

func TestWhoSaidNoGetsNothing(t *testing.T) {
	t.Parallel()
	h := open(t)
	lin := h.client("林晚秋", "female", "13800008817", "1990-03-03")
	twin := h.client("林晚春", "female", "13800008817", "1990-03-03")
	h.book(lin, 29)
	h.book(twin, 30)
	front := h.As("front")
	front.Get("/client/1/edit").Want(200, "不收营销消息")
	h.As("nurse").Post("/client/1/choice", "choice_service", "on", "choice_lang", "zh", "choice_version", "0").Want(403)
	front.Post("/client/1/choice", "choice_service", "on", "choice_lang", "fr", "choice_version", "0").Want(422)
	front.Post("/client/1/choice", "choice_service", "on", "choice_lang", "zh", "choice_version", "0").At("/client/1").Want(200, "不收服务消息")
	front.Post("/client/1/choice", "choice_lang", "zh", "choice_version", "0").Want(409)
	require.Equal(t, []string{"confirm dropped refused", "confirm ready"}, h.states())
	// the other one has the same number: honoured when it is to be sent
	front.Post("/messages/2/sent", "version", h.version(2)).Want(409, "REG-ADV-16", "已退订")
	front.Post("/messages/1/sent", "version", h.version(1)).Want(409)
	front.Post("/messages/1/settle", "version", h.version(1)).Want(409)
	h.run("messages-prepare")
	require.Len(t, h.states(), 2)

	// a wish wants consent, when it is made and when it goes
	front.Post("/client/1/choice", "choice_lang", "en", "choice_version", "1").Want(200)
	var consent store.Consent
	h.write(func(tx *store.Tx) error {
		consent = store.Consent{Client: lin, Purpose: term.ForMarketing, GivenAt: tx.Now()}
		return tx.AddConsent(&consent)
	})
	front.Post("/messages/prepare").Want(200)
	all := h.states()
	require.Equal(t, "birthday ready", all[len(all)-1], "%v", all)
	wish := int64(len(all))
	require.Contains(t, h.message(wish).Text, "Dear Ms 林晚秋")
	front.Post("/messages/"+fmt.Sprint(wish)+"/sent", "version", "1").Want(200)
	front.Post("/messages/" + fmt.Sprint(wish) + "/undo").Want(200)
	h.write(func(tx *store.Tx) error {
		consent.WithdrawnAt, consent.WithdrawReason = tx.Now(), "x"
		return tx.SaveConsent(&consent)
	})
	front.Post("/messages/"+fmt.Sprint(wish)+"/sent", "version", h.version(wish)).Want(409, "REG-ADV-16")
}

func TestTexts(t *testing.T) {
	t.Parallel()
	h := open(t)
	manager := h.As("manager")
	h.As("front").Get("/messages/texts").Want(403)
	page := manager.Get("/messages/texts").Want(200, "${name}您好", "{1}您好")
	seen := regexp.MustCompile(`(?s)/messages/texts/birthday.*?name="_seen" value="(\w+)"`).FindStringSubmatch(page.Body)[1]
	save := func(zh, seen string) *uitest.Answer {
		return manager.Post("/messages/texts/birthday", "birthday_on", "on", "birthday_zh_note", zh,
			"birthday_en_note", "Dear {name}, {clinic} wishes you well! Reply STOP to unsubscribe.", "_seen", seen)
	}
	save("{name}您好，{clinic}祝您生日快乐，欢迎来店！", seen).Want(422, "如何拒收")
	save("{name}您好，{clinic}祝您生日快乐，光子嫩肤等您，拒收请回复退订", seen).Want(422, "医疗用语")
	save("{name}您好，{clinic}祝您生日快乐，{item}等您，拒收请回复退订", seen).Want(422, "没有这个占位")
	save("{name}您好，祝您生日快乐，拒收请回复退订", seen).Want(422, "必须写明诊所")
	save("{name}您好，{clinic}祝您生日快乐，万事如意！拒收请回复退订", "old").Want(409)
	save("{name}您好，{clinic}祝您生日快乐，万事如意！拒收请回复退订", seen).At("/messages/texts").Want(200, "万事如意")
	manager.Post("/messages/texts/none").Want(404)
}

// hook is a webhook's other side, which answers as it is told.
type hook struct {
	lock   sync.Mutex
	status int
	hang   bool
	got    []string
}

// answer says what it answers from now on; a lost answer is 0.
func (k *hook) answer(status int) {
	k.lock.Lock()
	defer k.lock.Unlock()
	k.status, k.hang = status, status == 0
}

// heard is how many calls came.
func (k *hook) heard() int {
	k.lock.Lock()
	defer k.lock.Unlock()
	return len(k.got)
}

func (k *hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.lock.Lock()
	k.got = append(k.got, r.Header.Get(gateway.HeaderSignature))
	status, hang := k.status, k.hang
	k.lock.Unlock()
	if hang {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server sees that the other side hung up
		<-r.Context().Done()
		return
	}
	w.WriteHeader(status)
}

func TestGatewaysSendAtMostOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	k := &hook{status: 204}
	server := httptest.NewTLSServer(k)
	t.Cleanup(server.Close)
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	h.App.Rooms.Mail.Outside.Roots, h.App.Rooms.Mail.Outside.Wait = pool, time.Second
	owner := h.As("owner")
	h.As("manager").Get("/messages/gateways").Want(403)
	h.As("manager").Post("/messages/gateways", "clients", "webhook").Want(403)
	page := owner.Get("/messages/gateways").Want(200)
	seen := regexp.MustCompile(`(?s)action="/messages/gateways/webhook".*?name="_seen" value="(\w+)"`).FindStringSubmatch(page.Body)[1]
	set := func(address, secret, seen string) *uitest.Answer {
		return owner.Post("/messages/gateways/webhook", "webhook_address", address, "webhook_secret", secret, "webhook_inside", "on", "_seen", seen)
	}
	set("http://"+server.Listener.Addr().String(), "s", seen).Want(422, "https")
	set(server.URL, "s3cr3t-word", "old").Want(409)
	set(server.URL, "s3cr3t-word", seen).At("/messages/gateways").Want(200, "已保存，不再显示").Not("s3cr3t-word")
	page = owner.Get("/messages/gateways")
	seen = regexp.MustCompile(`(?s)action="/messages/gateways/webhook".*?name="_seen" value="(\w+)"`).FindStringSubmatch(page.Body)[1]
	set("https://elsewhere.example", "", seen).Want(422, "请重新填写密钥") // a kept secret goes to no other address
	owner.Post("/messages/gateways", "clients", "wecom").Want(422)
	owner.Post("/messages/gateways", "clients", "webhook", "house", "webhook").Want(200)
	owner.Post("/messages/gateways/webhook/try", "webhook_try_phone", "1").Want(422)
	owner.Post("/messages/gateways/webhook/try", "webhook_try_phone", "13800009999").Want(200, "网关已收下")
	require.Equal(t, 1, k.heard())

	lin := h.client("林晚秋", "female", "13800008817", "1990-05-03")
	h.book(lin, 29)
	h.run("messages-deliver")
	h.run("messages-deliver")
	require.Equal(t, []string{"confirm sent"}, h.states())
	require.Equal(t, 2, k.heard())

	// refused for now: again later, not at once; then for good
	k.answer(429)
	h.book(h.client("甲乙", "male", "13800008820", "1990-05-03"), 30)
	h.run("messages-deliver")
	h.run("messages-deliver")
	require.Equal(t, 3, k.heard())
	require.Equal(t, "confirm ready answer", h.states()[1])
	h.Clock.Forward(61 * time.Second)
	k.answer(422)
	h.run("messages-deliver")
	require.Equal(t, "confirm failed answer", h.states()[1])

	// the answer is lost: nobody sends it again but a person
	k.answer(0)
	h.book(h.client("丙丁", "male", "13800008821", "1990-05-03"), 31)
	h.run("messages-deliver")
	h.run("messages-deliver")
	require.Equal(t, 5, k.heard())
	require.Equal(t, "confirm unsure lost", h.states()[2])
	front := h.As("front")
	front.Get("/messages?state=person").Want(200, "不确定是否送达", "网关没有回音")
	front.Post("/messages/3/sent", "version", h.version(3)).Want(409)
	front.Post("/messages/3/settle", "version", h.version(3), "arrived", "yes").Want(200)
	require.Equal(t, "confirm sent lost", h.states()[2])

	// the program died with one in hand
	k.answer(204)
	h.write(func(tx *store.Tx) error {
		m, err := tx.Message(2)
		require.NoError(t, err)
		m.State = store.MessageSending
		return tx.SaveMessage(&m)
	})
	h.run("messages-deliver")
	require.Equal(t, "confirm unsure died", h.states()[1])
	require.Equal(t, 5, k.heard())
	front.Post("/messages/2/settle", "version", h.version(2)).Want(200)
	h.run("messages-deliver")
	require.Equal(t, "confirm sent", h.states()[1])

	// quiet hours and enough for a day wait
	for n := range 4 {
		h.book(lin, 50+n)
	}
	h.run("messages-deliver")
	require.Equal(t, []string{"confirm sent", "confirm sent", "confirm ready", "confirm ready"}, h.states()[3:])
	sent := k.heard()
	h.Clock.Forward(13 * time.Hour)
	h.run("messages-deliver")
	require.Equal(t, sent, k.heard())
}

// A booking for tomorrow brings one word in an evening: the reminder that is there already stands for
// the confirmation.
func TestOneWordAnEvening(t *testing.T) {
	t.Parallel()
	h := open(t)
	lin := h.client("林晚秋", "female", "13800008817", "1990-03-03")
	id := h.book(lin, 29)
	h.write(func(tx *store.Tx) error { // asked for yesterday, and not confirmed yet
		a, err := tx.Appointment(id)
		require.NoError(t, err)
		a.State = term.AppointmentRequested
		require.NoError(t, tx.SaveAppointment(&a))
		m, err := tx.Message(1)
		require.NoError(t, err)
		m.State, m.Why = store.MessageDropped, message.WhyMoved
		return tx.SaveMessage(&m)
	})
	h.Clock.Forward(9*time.Hour + time.Minute)
	h.run("messages-prepare")
	require.Equal(t, []string{"confirm dropped moved", "reminder ready"}, h.states())
	require.NoError(t, h.App.Rooms.Desk.Change(t.Context(), h.Actor("front"), id, reception.BookingConfirm))
	require.Equal(t, []string{"confirm dropped moved", "reminder ready"}, h.states())
}

// TestAConfirmationThatWaitsIsTheReminder: nobody sent the confirmation of yesterday; a reminder
// beside it would say the same twice.
func TestAConfirmationThatWaitsIsTheReminder(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.book(h.client("林晚秋", "female", "13800008817", "1990-03-03"), 55)
	require.Equal(t, []string{"confirm ready"}, h.states())
	h.Clock.Forward(33*time.Hour + time.Minute) // the evening before
	h.run("messages-prepare")
	require.Equal(t, []string{"confirm ready"}, h.states())
}
