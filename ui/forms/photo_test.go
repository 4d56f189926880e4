package forms_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/ui/uitest/day"
)

// TestPhotoUseIsAskedOnce: who has agreed at the desk, or has answered on the photo
// authorisation, is not asked again by F1 on the tablet; who has said nothing is.
func TestPhotoUseIsAskedOnce(t *testing.T) {
	t.Parallel()
	agreed := day.New(t).To(day.Assigned)
	require.Contains(t, photoQuestion(agreed), " hidden")

	silent := agreed.Beside("周晓岚", "13900001234")
	silent.Person["photo"] = ""
	silent.To(day.Assigned)
	require.NotContains(t, photoQuestion(silent), " hidden")

	refused := agreed.Beside("何静", "13900005678")
	refused.Person["photo"] = ""
	refused.To(day.Assigned)
	refused.Post("consultant", "/consultation/{visit}/photo-consent").Want(http.StatusOK)
	refused.SignPaper(refused.Paper("photo"), "consultant")
	require.Contains(t, photoQuestion(refused), " hidden", "every use was refused on paper")
}

// photoQuestion hands the tablet over and gives the tag around F1's question what photos may
// be used for.
func photoQuestion(d *day.Day) string {
	d.T.Helper()
	tablet := d.OnTablet("front")
	tablet.Post(d.Fill("/form/visit/{visit}/handover")).Want(http.StatusOK)
	page := tablet.Get(d.Fill("/form/handover/{visit}/{form:F1}?step=9")).Want(http.StatusOK, "照片可以用于")
	found := regexp.MustCompile(`(<div class="form-item[^>]*>)\s*<fieldset[^>]*id="f-q\.photo_scope"`).FindStringSubmatch(page.Body)
	require.Len(d.T, found, 2)
	return found[1]
}
