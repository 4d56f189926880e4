package procedure_test

import (
	"errors"
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
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
	for _, version := range []string{"", "0", fmt.Sprint(first.Version - 1), fmt.Sprint(first.Version + 1)} {
		h.As("nurse").Post(path, "_step", "save", "_version", version, "q.fever", "yes").Want(409, "刚刚被别人改过")
		h.As("nurse").Post(path, "_step", "done", "_version", version, "q.fever", "yes").Want(409, "刚刚被别人改过")
	}
	require.Equal(t, first, answer())
	h.As("nurse").Post(path, "_step", "save", "_version", fmt.Sprint(first.Version), "q.fever", "no").Want(200)
}

// TestNobodySignsARecordNotSeen: what was saved after the operator opened the page is not signed
// by the old page.
func TestNobodySignsARecordNotSeen(t *testing.T) {
	t.Parallel()
	h := begun(t)
	h.fill("doctor", "record", recordAnswers).Want(303)
	h.post("nurse", "/counts", append(h.countPairs("20", "80", "0"), h.second("stock")...)...)
	h.fill("doctor", "signout", signOutAnswers, h.second("nurse")...).Want(303)
	carried := regexp.MustCompile(`action="` + h.path("/sign") + `"[^>]*>.*?name="_seen" value="([^"]+)"`)
	seen := func() string {
		found := carried.FindStringSubmatch(h.As("doctor").Get(h.path("")).Want(200).Body)
		require.NotNil(t, found)
		return found[1]
	}
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
