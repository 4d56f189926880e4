package reception_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest"
)

// TestADocumentIsComparedWithWhatWasShown: who the client is was corrected after the page was opened; the
// document was compared with the old words, so nothing is noted.
func TestADocumentIsComparedWithWhatWasShown(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	id := filed(t, s, "林晚秋", "13800008817")
	v := fmt.Sprint(arrived(t, s, id))
	front, path := s.As("front"), fmt.Sprintf("/reception/clients/%d/identity", id)
	change := func(with func(*store.Client)) {
		written(t, s, func(tx *store.Tx) error {
			c, err := tx.Client(id)
			if err != nil {
				return err
			}
			with(&c)
			return tx.SaveClient(&c)
		})
	}
	seen := front.Seen("/reception/visit/"+v, path)
	require.NotEmpty(t, seen)
	change(func(c *store.Client) { c.Name = "林婉秋" })
	front.Post(path, "visit", v, "id_kind", "passport", "_seen", seen).Want(http.StatusConflict)
	front.Post(path, "visit", v, "id_kind", "passport", "_seen", "").Want(http.StatusConflict)
	require.True(t, correctedFile(t, s, id).IDCheckedAt.IsZero())

	change(func(c *store.Client) { c.IDKind, c.IDNumber = "id_card", "11010519491231002X" })
	change(func(c *store.Client) { c.WeChat = "wx" }) // says nothing of who she is
	front.Post(path, "visit", v, "id_kind", "passport").At("/reception/visit/" + v)
	now := correctedFile(t, s, id)
	require.False(t, now.IDCheckedAt.IsZero())
	require.Equal(t, "passport", now.IDKind)
	require.Empty(t, now.IDNumber, "the number of a card is none of a passport")
}

// TestANewFileHasAConsultantWhoIsThere: the list of an old form, or a post by hand, gives nobody a client
// who does not consult here any more.
func TestANewFileHasAConsultantWhoIsThere(t *testing.T) {
	t.Parallel()
	s := uitest.New(t)
	gone, front := addConsultant(t, s), s.As("front")
	written(t, s, func(tx *store.Tx) error {
		x, err := tx.Staff(gone)
		if err != nil {
			return err
		}
		x.Active = false
		return tx.SaveStaff(&x)
	})
	for _, who := range []string{"99999", "-3", fmt.Sprint(s.StaffID("nurse")), fmt.Sprint(gone)} {
		front.PostForm("/reception/clients/new", person("consultant", who)).Want(http.StatusUnprocessableEntity, `id="f-consultant-fault"`, "林晚秋")
	}
	front.PostForm("/reception/clients/new", person("consultant", fmt.Sprint(s.StaffID("consultant")))).At("/reception/arrive?client=1")
}
