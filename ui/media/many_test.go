package media_test

import (
	"bytes"
	"crypto/rand"
	"mime/multipart"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/ui/uitest/day"
)

// TestNoPictureIsDroppedInSilence: thirteen pictures in one post are refused as a whole, none
// is left out behind the person's back.
func TestNoPictureIsDroppedInSilence(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Arrived)
	require.Equal(t, http.StatusUnprocessableEntity, send(t, d, 13))
	require.Zero(t, kept(d))
	require.Equal(t, http.StatusSeeOther, send(t, d, 12))
	require.Equal(t, 12, kept(d))
}

func kept(d *day.Day) (n int) {
	d.Read(func(r *store.Read) error {
		list, err := r.MediaList(store.MediaFilter{Client: d.Client})
		n = len(list)
		return err
	})
	return n
}

// send posts n portraits at once and gives the status.
func send(t *testing.T, d *day.Day, n int) int {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, v := range map[string]string{"visit": d.Fill("{visit}"), "kind": "face", "view": "front", "_once": rand.Text()} {
		require.NoError(t, form.WriteField(name, v))
	}
	for i := range n {
		part, err := form.CreateFormFile("photo", strconv.Itoa(i)+".jpg")
		require.NoError(t, err)
		_, err = part.Write(day.Picture())
		require.NoError(t, err)
	}
	require.NoError(t, form.Close())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+"/media/new", &body)
	require.NoError(t, err)
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.AddCookie(d.Cookie("nurse"))
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}
