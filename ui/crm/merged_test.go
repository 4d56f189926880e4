package crm_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
)

// A file that was merged takes no deed, from whatever page; a consent that both files gave ends in both.
func TestAMergedFileTakesNoDeed(t *testing.T) {
	t.Parallel()
	from, into := twoFiles(t)
	old, page := fmt.Sprintf("/client/%d", from.Client), fmt.Sprintf("/clients/%d/merge", into.Client)
	var cases [2]store.Consent
	from.Write(func(tx *store.Tx) error {
		for i, id := range []term.ClientID{from.Client, into.Client} {
			cases[i] = store.Consent{Client: id, Purpose: term.ForPhotoCase, GivenAt: tx.Now()}
			if err := tx.AddConsent(&cases[i]); err != nil {
				return err
			}
		}
		return nil
	})
	manager, front := from.As("manager"), from.As("front")
	manager.Post(page, merging(from, into)...).Want(http.StatusOK)
	number := client(from, into.Client).Number
	before := client(from, from.Client)

	t.Run("a page from before the merge is led to the file that stayed", func(t *testing.T) {
		for path, form := range map[string][]string{
			old + "/tag":    {"tag", "1", "on", "yes"},
			old + "/choice": {"choice_marketing", "on", "choice_lang", "zh", "choice_version", "0"},
			fmt.Sprintf("%s/consent/%d/withdraw", old, cases[0].ID):    {fmt.Sprintf("withdraw%d_reason", cases[0].ID), "不想再展示"},
			fmt.Sprintf("/reception/clients/%d/identity", from.Client): {"id_kind", "passport", "id_number", ""},
			fmt.Sprintf("/reception/clients/%d/consent", from.Client):  {"seen_privacy", "x", "seen_health", "x"},
		} {
			front.Post(path, form...).Want(http.StatusConflict, before.Number, number)
		}
		from.As("nurse").Post(old+"/alerts", "alerts_version", fmt.Sprint(before.Version), "alerts_allergies", "花粉", "alerts_reason", "自述").
			Want(http.StatusConflict, number)
		require.Equal(t, before, client(from, from.Client))
	})
	t.Run("the finder leads from the former name as before", func(t *testing.T) {
		people := from.App.Engines.Find.Search(before.Name, 5)
		require.Len(t, people, 1)
		require.Equal(t, into.Client, people[0].ID)
	})
	t.Run("what is taken back in the file that stayed ends beneath it too", func(t *testing.T) {
		front.Post(fmt.Sprintf("/client/%d/consent/%d/withdraw", into.Client, cases[1].ID), fmt.Sprintf("withdraw%d_reason", cases[1].ID), "不想再展示").Want(http.StatusOK)
		from.Read(func(r *store.Read) error {
			for _, one := range cases {
				c, err := r.Consent(one.ID)
				require.NoError(t, err)
				require.False(t, c.WithdrawnAt.IsZero(), "a case of the library rests on it")
				require.Equal(t, "不想再展示", c.WithdrawReason)
			}
			return nil
		})
	})
	t.Run("the merge can still be undone", func(*testing.T) {
		var merge store.Merge
		from.Read(func(r *store.Read) (err error) { merge, err = r.MergeOf(from.Client); return err })
		manager.Post(fmt.Sprintf("/clients/%d/split/%d", into.Client, merge.ID), fmt.Sprintf("split%d_reason", merge.ID), "弄错了").Want(http.StatusOK)
		front.Post(old+"/choice", "choice_marketing", "on", "choice_lang", "zh", "choice_version", "1").Want(http.StatusOK)
	})
}
