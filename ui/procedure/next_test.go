package procedure_test

import (
	"strings"
	"testing"

	"meixu/app/engine/form"
	"meixu/store"
	"meixu/store/term"

	"github.com/stretchr/testify/require"
)

// The big button is the own next step; another's step is waited for by name.
func TestTheBigButtonIsTheOwnStep(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	bar := h.path("/now?part=bar")
	big := func(login, path string) {
		h.As(login).Get(bar).Want(200, `class="button primary large" href="`+h.path(path))
	}
	h.post("nurse", "/assign", "operator", itoa(h.StaffID("doctor")), "nurse", itoa(h.StaffID("nurse")), "room", itoa(h.room))
	h.fill("nurse", "today", todayAnswers).Want(303)
	big("nurse", "/form/signin")
	h.As("doctor").Get(bar).Want(200, "等待护士：术前核对")
	big("doctor", "/clear")
	h.gated()
	big("doctor", "/form/timeout")
	h.As("nurse").Get(bar).Want(200, "等待医师：动手前核对").Not("button primary")
	h.fill("doctor", "timeout", timeOutAnswers, h.second("nurse")...).Want(303)
	h.As("doctor").Get(bar).Want(200, "等待护士：开始操作").Not("button primary")
	h.post("nurse", "/start")
	h.fill("doctor", "record", recordAnswers).Want(303)
	big("nurse", "/counts")
	h.post("nurse", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(303)
	big("nurse", "/form/observe")
	h.As("doctor").Get(bar).Want(200, "等待护士：记录观察", h.path("/sign"), "button primary large")
	h.post("doctor", "/sign")
	page := h.As("nurse").Get(h.path("/form/record")).Want(200, `id="signed"`, "T-doctor 签署于").Body
	require.Less(t, strings.Index(page, `id="signed"`), strings.Index(page, "皱眉肌"), "said at the top")
}

// The name of the second checker is the one whose PIN was given; it is nowhere typed.
func TestTheSecondCheckerIsNotTyped(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.gated()
	name := `name="` + form.Name("second_person")
	h.As("doctor").Get(h.path("/form/timeout")).Want(200, `name="second_pin"`).Not(name)
	h.fill("doctor", "timeout", timeOutAnswers).Want(422, `name="second_pin"`).Not(name)
	typed := with(timeOutAnswers, "second_person", "王小二")
	h.fill("doctor", "timeout", typed, h.second("nurse")...).Want(303)
	h.As("doctor").Get(h.path("/form/timeout")).Want(200, "T-nurse").Not("王小二")
}

// Whose deed it is not learns nothing about another's PIN by it, and spoils none of its tries.
func TestNobodyGuessesAPINByAnothersForm(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.gated()
	second := []string{"second", itoa(h.StaffID("nurse")), "second_pin", "9999"}
	for _, login := range []string{"front", "consultant"} {
		for _, which := range []string{"mark", "today", "skintest", "signin", "timeout", "record", "signout", "observe"} {
			h.fill(login, which, timeOutAnswers, second...).Want(403).Not("PIN 码不对")
		}
	}
	h.fill("doctor", "timeout", timeOutAnswers, h.second("nurse")...).Want(303)
}

// What is recited at the time-out stands on its page.
func TestTheTimeOutShowsWhatIsRecited(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.gated()
	h.write(func(tx *store.Tx) error {
		c, err := tx.Client(h.now().Client)
		require.NoError(t, err)
		c.Allergies = []string{"利多卡因"}
		return tx.SaveClient(&c)
	})
	h.As("doctor").Get(h.path("/form/timeout")).
		Want(200, "请大声复述", h.item.Name, "L-FIRST", "100 U", "效期 2026-12-31", "利多卡因")
	require.Equal(t, term.TreatmentSignedIn, h.now().State)
}
