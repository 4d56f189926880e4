package documents_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest/day"
)

// TestPapersOfAClientWantTheClientsFile: the storekeeper may open papers but no client's file,
// so that notices and consents stay shut to her, on screen and in print; who meets the client
// reads them.
func TestPapersOfAClientWantTheClientsFile(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Arrived)
	d.Post("consultant", "/consultation/{visit}/photo-consent", "allow_photo_record", "on").Want(http.StatusOK)
	for _, kind := range []string{"privacy", "health_consent", "photo"} {
		path := fmt.Sprintf("/doc/%d", paper(d, kind).ID)
		for _, at := range []string{path, path + "/print"} {
			d.As("stock").Get(at).Want(http.StatusForbidden).Not("林清禾")
			for _, login := range []string{"front", "consultant", "doctor", "nurse", "aftercare", "quality", "manager"} {
				d.As(login).Get(at).Want(http.StatusOK, "林清禾")
			}
		}
		d.As("stock").Post(path + "/printed").Want(http.StatusForbidden)
	}
}

// TestOtherPapersAreRuledByTheirField: money to those who see money, health to those who see
// answers, whoever may open the client's file.
func TestOtherPapersAreRuledByTheirField(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Papered)
	for kind, who := range map[string]map[string]int{
		"quote":   {"front": 200, "consultant": 200, "cashier": 200, "nurse": 403, "aftercare": 403, "stock": 403},
		"consent": {"nurse": 200, "consultant": 200, "doctor": 200, "quality": 200, "front": 403, "cashier": 403, "stock": 403},
	} {
		for login, status := range who {
			require.Equal(t, status, d.As(login).Get(fmt.Sprintf("/doc/%d", paper(d, kind).ID)).Status, "%s %s", kind, login)
		}
	}
}

// paper is the client's newest paper of a kind.
func paper(d *day.Day, kind string) (p store.Document) {
	d.T.Helper()
	d.Read(func(r *store.Read) error {
		list, err := r.Documents(store.DocumentFilter{Client: d.Client, Kind: kind, NotVoid: true, Limit: 1})
		require.Len(d.T, list, 1, kind)
		p = list[0]
		return err
	})
	return p
}
