package reception_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest/day"
)

// TestAPausedPhysicianGetsNoClient: who may not practise today is neither offered nor taken.
func TestAPausedPhysicianGetsNoClient(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Arrived)
	option := d.Fill(`<option value="{staff:doctor}"`)
	d.As("front").Get(d.Fill("/reception/visit/{visit}")).Want(http.StatusOK, option)

	d.Write(func(tx *store.Tx) error {
		papers, err := tx.Licences(d.StaffID("doctor"))
		if err != nil {
			return err
		}
		papers[0].Suspended = true
		return tx.SaveLicence(&papers[0])
	})
	d.As("front").Get(d.Fill("/reception/visit/{visit}")).Want(http.StatusOK).Not(option)
	d.Post("front", "/reception/visit/{visit}/assign", "to", "physician", "physician", "{staff:doctor}").Want(http.StatusConflict, "REG-STF-04")
	d.Read(func(r *store.Read) error {
		v, err := r.Visit(d.Visit)
		require.Zero(t, v.Physician)
		return err
	})
}
