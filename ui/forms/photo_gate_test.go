package forms_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest/day"
)

// TestFormsTakeNoPictureWithoutConsent posts pictures straight to the routes of forms: they are
// refused until the client has agreed to photos, as on the page of photos (REG-PII-01).
func TestFormsTakeNoPictureWithoutConsent(t *testing.T) {
	t.Parallel()
	agreed := day.New(t).To(day.Arrived)
	silent := agreed.Beside("周晓岚", "13900001234")
	silent.Person["photo"] = ""
	silent.To(day.Arrived)
	pictures := func(d *day.Day) (n int) {
		d.Read(func(r *store.Read) error {
			list, err := r.MediaList(store.MediaFilter{Client: d.Client})
			n = len(list)
			return err
		})
		return n
	}
	at := silent.Fill("/form/new?code=F11&visit={visit}")
	silent.As("aftercare").PostFile(at, "q.photos", day.Picture(), "_step", "save").Want(http.StatusConflict, "REG-PII-01", "照片·病历存档")
	require.Zero(t, pictures(silent))

	agreed.As("aftercare").PostFile(agreed.Fill("/form/new?code=F11&visit={visit}"), "q.photos", day.Picture(), "_step", "save").Want(http.StatusOK)
	require.Equal(t, 1, pictures(agreed))
	// Whoever names the client who agreed beside the visit of the one who did not gets no further.
	silent.As("aftercare").PostFile(silent.Fill("/form/new?code=F11&visit={visit}")+"&client="+agreed.Fill("{client}"), "q.photos", day.Picture(), "_step", "save").Not("forms.saved").Want(http.StatusConflict, "REG-PII-01")
	require.Zero(t, pictures(silent))
	require.Equal(t, 1, pictures(agreed))
}
