package documents_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

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
		path := fmt.Sprintf("/doc/%d", d.Paper(kind).ID)
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
			require.Equal(t, status, d.As(login).Get(fmt.Sprintf("/doc/%d", d.Paper(kind).ID)).Status, "%s %s", kind, login)
		}
	}
}

// TestTheClientsPaperSaysNothingOfTheReview: that a text waits for the clinic's physician is
// told to the staff, beside the paper, and neither on the tablet nor in print.
func TestTheClientsPaperSaysNothingOfTheReview(t *testing.T) {
	t.Parallel()
	const badge = "文本须由本店医师审定"
	d := day.New(t).To(day.Papered)
	p := d.Paper("consent")
	path := fmt.Sprintf("/doc/%d", p.ID)
	page := d.As("consultant").Get(path).Want(http.StatusOK, badge, "data-document")
	_, sheet, _ := strings.Cut(page.Body, "data-document")
	require.NotContains(t, sheet, badge, "not on the paper itself")
	d.As("consultant").Get(path+"/print").Want(http.StatusOK, p.Number).Not(badge)
	one := d.OnTablet("consultant")
	one.Post(path + "/handover").Want(http.StatusOK)
	one.Get(path).Want(http.StatusOK, p.Number).Not(badge)
	all := d.OnTablet("consultant")
	all.Post(d.Fill("/papers/{plan}/handover")).Want(http.StatusOK)
	all.Get(d.Fill("/papers/{plan}/")+fmt.Sprint(p.ID)).Want(http.StatusOK, p.Number).Not(badge)
}

// TestTheCareGuideIsPrintedAtTheDesk: a client asks the desk for another copy of the guide
// (S6-01); it is closed to those who may not open the hand-over of the guide.
func TestTheCareGuideIsPrintedAtTheDesk(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Locked)
	path := fmt.Sprintf("/doc/%d", d.Paper("guide").ID)
	d.As("front").Get(d.Fill("/visit/{visit}")).Want(http.StatusOK, `href="`+path+`"`)
	d.As("nurse").Get(d.Fill("/visit/{visit}")).Want(http.StatusOK, `href="`+path+`"`).Not(fmt.Sprintf(`href="/doc/%d"`, d.Paper("contract").ID))
	for _, login := range []string{"front", "nurse", "manager"} {
		d.As(login).Get(path+"/print").Want(http.StatusOK, "术后")
	}
	for _, login := range []string{"cashier", "stock", "owner"} {
		d.As(login).Get(path).Want(http.StatusForbidden)
	}
}

// TestAPaperKeepsItsLanguage: a signed paper is printed in the language in which it was signed,
// also around the frozen text; the page around it is the reader's.
func TestAPaperKeepsItsLanguage(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Locked)
	path := fmt.Sprintf("/doc/%d", d.Paper("consent").ID)
	reader := d.As("nurse")
	reader.Post("/lang", "lang", "en", "back", path)
	for _, at := range []string{path, path + "/print"} {
		page := reader.Get(at).Want(http.StatusOK, "doc-a4")
		_, paper, _ := strings.Cut(page.Body, `<article class="doc doc-a4" lang="zh"`)
		paper, _, _ = strings.Cut(paper, "</article>")
		require.Contains(t, paper, "医师", at)
		require.NotContains(t, paper, "Physician", at)
		require.NotContains(t, paper, "Client", at)
	}
}
