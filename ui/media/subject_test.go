package media_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest/day"
)

// TestAPictureBelongsToOneVisit: a treatment of another visit, of another client at that, is
// refused, and nothing is kept with either of them.
func TestAPictureBelongsToOneVisit(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Paid)
	other := d.Beside("周晓岚", "13900001234").To(day.Asked)
	before, beside := kept(d), kept(other)
	mixed := []string{"visit", other.Fill("{visit}"), "treatment", "{treatment}", "kind", "baseline", "view", "front"}
	d.PostPhoto("nurse", "/media/new", mixed...).Want(http.StatusNotFound)
	d.As("nurse").Get(d.Fill("/media/new?treatment={treatment}&visit=") + other.Fill("{visit}")).Want(http.StatusNotFound).Not("林清禾")
	require.Equal(t, []int{before, beside}, []int{kept(d), kept(other)})
	for _, visit := range []string{"{visit}", ""} { // the same visit, or none told
		mixed[1] = visit
		d.PostPhoto("nurse", "/media/new", mixed...).Want(http.StatusOK)
	}
	require.Equal(t, before+2, kept(d))
	d.Read(func(r *store.Read) error {
		list, err := r.MediaList(store.MediaFilter{Treatment: d.Treatment})
		require.Len(t, list, 2)
		return err
	})
}
