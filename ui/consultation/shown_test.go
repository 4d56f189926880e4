package consultation_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
)

// TestTheRecordSaysHowManyCasesWereOpened: the record begins with the number of cases that
// were opened in the visit and names them; more than that is refused wherever it is signed.
func TestTheRecordSaysHowManyCasesWereOpened(t *testing.T) {
	t.Parallel()
	c := open(t)
	var ids []int64
	var numbers []string
	c.write(func(tx *store.Tx) error {
		for range 2 {
			k, err := storetest.Case(tx, c.client.ID, "botulinum")
			if err != nil {
				return err
			}
			ids, numbers = append(ids, int64(k.ID)), append(numbers, k.Number)
		}
		return nil
	})
	c.As("consultant").Get(c.page("/record")).Want(200, "实际打开案例 0 / 3", `value="none" checked`)
	for range 2 { // the same case twice is one
		c.As("consultant").Post(c.page(fmt.Sprintf("/case/%d", ids[0]))).Want(200)
	}
	c.As("doctor").Get(c.page(fmt.Sprintf("/case/%d", ids[0]))).Want(200).Not("/alerts/bar") // the client looks at it
	c.As("consultant").Get(c.page("/record")).Want(200, "实际打开案例 1 / 3", numbers[0], `value="1" checked`).Not(numbers[1])
	c.fill("consultant", "record", "F4", map[string]string{"cases_shown": "3"}).Want(422, "写展示了 3 个案例，本次就诊实际打开 1 个")
	c.read(func(r *store.Read) error {
		_, err := r.VisitAnswer(c.visit.ID, "F4")
		require.ErrorIs(t, err, store.ErrNotFound)
		return nil
	})
	c.fill("consultant", "record", "F4", map[string]string{"cases_shown": "1"}).Want(200)
}
