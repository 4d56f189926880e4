package media_test

import (
	"bytes"
	"crypto/rand"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"meixu/ui/uitest"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/media"
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

// TestNobodyFillsTheDisk: what one person keeps a day, and what is kept of one client, has an end,
// and the answer says which, why and who helps (ASVS 5.2.4).
func TestNobodyFillsTheDisk(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Arrived)
	nurse := d.Actor("nurse").Staff
	d.Write(func(tx *store.Tx) error {
		for i := range media.ClientFiles - 1 {
			m := store.Media{Client: d.Client, Kind: "face", File: "client" + strconv.Itoa(i), Hash: "00", TakenAt: tx.Now(), State: store.MediaKept}
			require.NoError(t, tx.AddMedia(&m))
		}
		for i := range media.PersonFiles - 2 {
			m := store.Media{Kind: "case", File: "person" + strconv.Itoa(i), Hash: "00", TakenAt: tx.Now(), TakenBy: nurse, State: store.MediaKept}
			require.NoError(t, tx.AddMedia(&m))
		}
		return nil
	})
	try := func(d *day.Day) (int, string) {
		return hostile{name: "photo.jpg", body: day.Picture()}.post(t, d)
	}
	status, _ := hostile{name: "photo.jpg", body: []byte("no picture")}.post(t, d)
	require.Equal(t, http.StatusUnprocessableEntity, status, "what is not kept counts for nothing")
	status, text := try(d)
	require.Equal(t, http.StatusSeeOther, status, text)
	before := newest(d)
	status, text = try(d)
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, text, "这位客户今天的照片已到上限（每位客户每天 200 张）")
	require.Contains(t, text, "主管")
	other := d.Beside("周晓岚", "13900001234").To(day.Arrived)
	status, text = try(other)
	require.Equal(t, http.StatusSeeOther, status, text)
	status, text = try(other)
	require.Equal(t, http.StatusConflict, status)
	require.Contains(t, text, "您今天保存的照片已到上限（每人每天 600 张、共 3 GB）")
	require.Equal(t, before, newest(d), "nothing was kept")
}

// TestEachPictureHasItsOwnView: one submit brings several positions, and a file that is no
// picture does not take the good ones with it.
func TestEachPictureHasItsOwnView(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Arrived)
	good := day.Picture()
	require.Equal(t, http.StatusUnprocessableEntity, post(t, d, [][]byte{good, []byte("no picture"), good}, "left45", "front", "right45"))
	require.Equal(t, []string{"left45", "right45"}, views(d))
	require.Equal(t, http.StatusUnprocessableEntity, post(t, d, [][]byte{good, good}, "front"), "one of them has no view")
	require.Equal(t, http.StatusUnprocessableEntity, post(t, d, [][]byte{good}, "behind"))
	require.Equal(t, http.StatusSeeOther, post(t, d, [][]byte{good, good}, "front", "left90"))
	require.Equal(t, []string{"front", "left45", "left90", "right45"}, views(d))
}

// views are the positions of the client's pictures.
func views(d *day.Day) (list []string) {
	d.Read(func(r *store.Read) error {
		pictures, err := r.MediaList(store.MediaFilter{Client: d.Client})
		for _, m := range pictures {
			list = append(list, m.View)
		}
		return err
	})
	slices.Sort(list)
	return list
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
	return post(t, d, slices.Repeat([][]byte{day.Picture()}, n))
}

// post posts files as portraits, each with its view when views are given.
func post(t *testing.T, d *day.Day, files [][]byte, chosen ...string) int {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, v := range map[string]string{"visit": d.Fill("{visit}"), "kind": "face", "view": "front", "_once": rand.Text()} {
		require.NoError(t, form.WriteField(name, v))
	}
	for _, view := range chosen {
		require.NoError(t, form.WriteField("photo_choice", view))
	}
	for i, file := range files {
		part, err := form.CreateFormFile("photo", strconv.Itoa(i)+".jpg")
		require.NoError(t, err)
		_, err = part.Write(file)
		require.NoError(t, err)
	}
	require.NoError(t, form.Close())
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+"/media/new", &body)
	require.NoError(t, err)
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.AddCookie(d.Cookie("nurse"))
	client := &http.Client{Transport: uitest.Wire, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}
