package procedure_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/form"
	"meixu/store"
	"meixu/store/term"
)

// A form is begun by whoever saves first; who has not read what stands does not write over it.
func TestAFormIsNotWrittenOverUnread(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	path := h.path("/form/today")
	answer := func() (row store.Answer) {
		h.read(func(r *store.Read) (err error) {
			row, err = r.TreatmentAnswer(h.id, "F16-TODAY")
			if errors.Is(err, store.ErrNotFound) {
				err = nil
			}
			return err
		})
		return row
	}
	h.As("nurse").Get(path).Want(200).Not(`name="_version"`)
	h.As("nurse").Post(path, "_step", "save", "_version", "3", "q.fever", "no").Want(409)
	require.Zero(t, answer().ID, "what was begun in a refused post is gone with it")
	h.As("nurse").Post(path, "_step", "save", "q.fever", "no").Want(200)
	first := answer()
	require.NotZero(t, first.ID)
	shown := func(row term.AnswerID, version int) string { return form.Shown{Row: row, Version: version}.String() }
	for _, version := range []string{
		"", "0", fmt.Sprint(first.Version), shown(first.ID, first.Version-1), shown(first.ID, first.Version+1), shown(first.ID+1, first.Version),
	} {
		h.As("nurse").Post(path, "_step", "save", "_version", version, "q.fever", "yes").Want(409, "刚刚被别人改过")
		h.As("nurse").Post(path, "_step", "done", "_version", version, "q.fever", "yes").Want(409, "刚刚被别人改过")
	}
	require.Equal(t, first, answer())
	h.As("nurse").Post(path, "_step", "save", "_version", shown(first.ID, first.Version), "q.fever", "no").Want(200)
}

// TestNobodySignsARecordNotSeen: what was saved after the operator opened the page is not signed
// by the old page.
func TestNobodySignsARecordNotSeen(t *testing.T) {
	t.Parallel()
	h := begun(t)
	h.fill("doctor", "record", recordAnswers).Want(303)
	h.post("nurse", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(303)
	seen := func() string { return h.As("doctor").Seen(h.path(""), h.path("/sign")) }
	old := seen()
	h.fill("nurse", "record", with(recordAnswers, "area", "前额")).Want(303)
	for _, unseen := range []string{old, "", "x"} {
		h.As("doctor").Post(h.path("/sign"), "_seen", unseen).Want(409, "刚刚被别人改过")
	}
	h.read(func(r *store.Read) error {
		now, err := r.Treatment(h.id)
		require.True(t, now.RecordSignedAt.IsZero())
		return err
	})
	h.post("doctor", "/sign", "_seen", seen())
}

// TestNobodySignsWhatIsNotSeen: whoever clears, reads aloud, counts, lets go or amends does it for
// what the page showed. What was changed meanwhile is refused, and what was typed stays.
func TestNobodySignsWhatIsNotSeen(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	unread := func(login, rest, old string, pairs ...string) {
		t.Helper()
		require.NotEmpty(t, old, rest)
		for _, seen := range []string{old, "", "x"} {
			h.As(login).Post(h.path(rest), append(pairs, "_seen", seen)...).Want(409, "刚刚被别人改过")
		}
	}
	seen := func(login, rest string) string { return h.As(login).Seen(h.path(rest), h.path(rest)) }

	h.fill("nurse", "today", todayAnswers).Want(303)
	old := seen("doctor", "/clear")
	h.fill("nurse", "today", with(todayAnswers, "sun", "yes")).Want(303)
	unread("doctor", "/clear", old, "verdict", "pass", "note", "量少，客户坚持")
	h.As("doctor").Post(h.path("/clear"), "_seen", old, "verdict", "pass", "note", "量少，客户坚持").Want(409, "量少，客户坚持</textarea>", "日晒")
	h.fill("nurse", "today", todayAnswers).Want(303)

	h.gated()
	old = seen("doctor", "/form/timeout")
	h.write(func(tx *store.Tx) error {
		c, err := tx.Client(h.now().Client)
		if err != nil {
			return err
		}
		c.Allergies = append(c.Allergies, "利多卡因")
		return tx.SaveClient(&c)
	})
	h.fill("doctor", "timeout", timeOutAnswers, append(h.second("nurse"), "_seen", old)...).Want(409, "刚刚被别人改过")
	h.fill("doctor", "timeout", timeOutAnswers, h.second("nurse")...).Want(303)
	h.post("nurse", "/start")

	h.fill("doctor", "record", recordAnswers).Want(303)
	old = seen("nurse", "/counts")
	h.fill("doctor", "record", with(recordAnswers, "area", "前额")).Want(303)
	unread("nurse", "/counts", old, append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	h.post("nurse", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(303)

	h.Clock.Forward(time.Duration(h.item.ObserveMinutes) * time.Minute)
	h.fill("nurse", "observe", observeAnswers).Want(303)
	old = h.As("nurse").Seen(h.path(""), h.path("/release"))
	h.post("nurse", "/react", "sign", "pain", "pain", "2")
	unread("nurse", "/release", old)
	h.post("nurse", "/release")

	h.post("doctor", "/sign")
	old = seen("doctor", "/amend")
	amend := func(area string) (form []string) {
		for k, v := range with(recordAnswers, "area", area, "operator_sign", strings.Replace(drawn, "30", "31", 1)) {
			form = append(form, "q."+k, v)
		}
		return append(append(form, "_reason", "部位写漏了"), h.second("stock")...)
	}
	h.post("doctor", "/amend", amend("眉间")...)
	first := h.now().Record
	unread("doctor", "/amend", old, amend("鼻根")...)
	require.Equal(t, first, h.now().Record)
}
