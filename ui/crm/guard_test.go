package crm_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest/day"
)

// parted takes the merge of the two files back.
func parted(t *testing.T, from, into *day.Day) {
	t.Helper()
	var merge store.Merge
	from.Read(func(r *store.Read) (err error) { merge, err = r.MergeOf(from.Client); return err })
	from.As("manager").Post(fmt.Sprintf("/clients/%d/split/%d", into.Client, merge.ID), fmt.Sprintf("split%d_reason", merge.ID), "弄错了").Want(http.StatusOK)
}

// TestWhatMustFailNobodyBothHave: red words and a no to messages that were said of the joined file stand in
// both when they are parted, because nobody knows any more of whom they were said.
func TestWhatMustFailNobodyBothHave(t *testing.T) {
	t.Parallel()
	from, into := twoFiles(t)
	into.Write(func(tx *store.Tx) error { // only the other file ever chose
		c, err := tx.ContactChoice(into.Client)
		require.NoError(t, err)
		c.NoMarketing = false
		return tx.SaveContactChoice(&c)
	})
	page := fmt.Sprintf("/clients/%d/merge", into.Client)
	from.As("manager").Post(page, merging(from, into)...).Want(http.StatusOK)
	from.As("manager").Get(page).Want(http.StatusOK).Not("同时写入两份档案")
	from.Clock.Forward(time.Hour)
	joined := client(from, into.Client)
	from.As("nurse").Post(fmt.Sprintf("/client/%d/alerts", into.Client), "alerts_version", fmt.Sprint(joined.Version), "alerts_allergies", "利多卡因、青霉素、花粉",
		"alerts_alerts", "怀孕", "alerts_reason", "自述").Want(http.StatusOK)
	from.As("manager").Get(page).Want(http.StatusOK, "同时写入两份档案")
	parted(t, from, into)
	require.Contains(t, client(from, into.Client).Allergies, "花粉")
	now := client(from, from.Client)
	require.Equal(t, []string{"青霉素", "花粉"}, now.Allergies, "its own, and what was learnt since")
	require.Equal(t, []string{"怀孕"}, now.Alerts)
}

// TestANoToMessagesIsLostToNobody: the file that stayed had chosen nothing; what was chosen in it since
// lies on the row of the other one, which takes it along.
func TestANoToMessagesIsLostToNobody(t *testing.T) {
	t.Parallel()
	from := day.New(t).To(day.Filed)
	into := from.Beside("林婉秋", "13900008801").To(day.Filed)
	from.Write(func(tx *store.Tx) error {
		return tx.AddContactChoice(&store.ContactChoice{Client: from.Client, Phone: client(from, from.Client).Phone, Lang: "zh"})
	})
	from.As("manager").Post(fmt.Sprintf("/clients/%d/merge", into.Client), merging(from, into)...).Want(http.StatusOK)
	from.Clock.Forward(time.Hour)
	from.As("front").Post(fmt.Sprintf("/client/%d/choice", into.Client), "choice_marketing", "on", "choice_lang", "zh", "choice_version", "1").Want(http.StatusOK)
	parted(t, from, into)
	for _, id := range []term.ClientID{from.Client, into.Client} {
		from.Read(func(r *store.Read) error {
			c, err := r.ContactChoice(id)
			require.True(t, c.NoMarketing, id)
			return err
		})
	}
}

// TestAConsentThatWasGivenAnewLetsFilesBeParted: the merge ended a consent because the person had taken it
// back in the other file; she gave it anew since, and the old one must not stand beside it.
func TestAConsentThatWasGivenAnewLetsFilesBeParted(t *testing.T) {
	t.Parallel()
	from := day.New(t).To(day.Filed)
	into := from.Beside("林婉秋", "13900008801").To(day.Filed)
	old := store.Consent{Client: into.Client, Purpose: term.ForMarketing}
	from.Write(func(tx *store.Tx) error {
		old.GivenAt = tx.Now().Add(-2 * time.Hour)
		require.NoError(t, tx.AddConsent(&old))
		return tx.AddConsent(&store.Consent{
			Client: from.Client, Purpose: term.ForMarketing, GivenAt: tx.Now().Add(-3 * time.Hour), WithdrawnAt: tx.Now().Add(-time.Hour), WithdrawReason: "不想收",
		})
	})
	from.As("manager").Post(fmt.Sprintf("/clients/%d/merge", into.Client), merging(from, into)...).Want(http.StatusOK)
	anew := store.Consent{Client: into.Client, Purpose: term.ForMarketing}
	from.Write(func(tx *store.Tx) error { anew.GivenAt = tx.Now(); return tx.AddConsent(&anew) })
	parted(t, from, into)
	from.Read(func(r *store.Read) error {
		given, err := r.Consents(into.Client)
		require.Equal(t, anew.ID, given[term.ForMarketing].ID)
		return err
	})
}
