package consultation_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
	"meixu/ui/uitest"
)

// picture is a small real photo.
func picture(t testing.TB) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 120, 160))
	for x := range 120 {
		for y := range 160 {
			img.Set(x, y, color.RGBA{uint8(x * 2), uint8(y), 120, 255})
		}
	}
	var out bytes.Buffer
	require.NoError(t, jpeg.Encode(&out, img, nil))
	return out.Bytes()
}

// upload posts a picture of the visit as the browser does.
func (c *clinic) upload(login, path string) *uitest.Answer {
	c.T.Helper()
	return c.send(login, path, picture(c.T))
}

func (c *clinic) send(login, path string, file []byte) *uitest.Answer {
	c.T.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for _, p := range [][2]string{{"visit", fmt.Sprint(c.visit.ID)}, {"kind", "baseline"}, {"view", "front"}, {"_once", rand.Text()}} {
		require.NoError(c.T, w.WriteField(p[0], p[1]))
	}
	part, err := w.CreateFormFile("photo", "photo.jpg")
	require.NoError(c.T, err)
	_, err = part.Write(file)
	require.NoError(c.T, err)
	require.NoError(c.T, w.Close())
	req, err := http.NewRequestWithContext(c.T.Context(), http.MethodPost, c.URL+path, &body)
	require.NoError(c.T, err)
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.AddCookie(c.Cookie(login))
	client := &http.Client{Transport: uitest.Wire, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	require.NoError(c.T, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(c.T, err)
	return &uitest.Answer{T: c.T, Status: resp.StatusCode, Path: path, Body: string(text), Header: resp.Header}
}

func TestPhotosWithConsent(t *testing.T) {
	t.Parallel()
	c := open(t)
	a := c.As("consultant").Post(c.page("/photo-consent"), "allow_photo_record", "on")
	var d store.Document
	c.read(func(r *store.Read) error {
		docs, err := r.Documents(store.DocumentFilter{Kind: "photo", Client: c.client.ID})
		d = docs[0]
		return err
	})
	path := fmt.Sprintf("/doc/%d", d.ID)
	a.Want(200, d.SHA256, "照片·病历存档").At(path)
	c.As("consultant").Post(path+"/sign", "role", "client", "name", "", "strokes", "[]", "_seen", d.SHA256).Want(422, "请填写签名人姓名", "手写")
	c.As("consultant").Post(path+"/sign", "role", "client", "name", "林清禾", "strokes", pen, "_seen", "0000").Want(409)
	c.As("consultant").Post(path+"/sign", "role", "client", "name", "林清禾", "strokes", pen).Want(409)
	c.As("consultant").Post(path+"/sign", "role", "client", "name", "林清禾", "strokes", pen, "_seen", "").Want(409)
	c.As("consultant").Post(path+"/sign", "role", "client", "name", "林清禾", "strokes", pen, "_seen", d.SHA256).Want(200).At(path)
	c.upload("nurse", "/media/new").Want(http.StatusSeeOther)
	c.send("nurse", "/media/new", []byte("no picture")).Want(422, "JPEG")
	c.fill("nurse", "skin", "F3", nil).Want(200).At(c.page(""))
	var photos []store.Media
	c.read(func(r *store.Read) error {
		var err error
		photos, err = r.MediaList(store.MediaFilter{Visit: c.visit.ID})
		require.Len(t, photos, 1)
		stamps, _ := r.SOPStamps(c.visit.ID)
		done := false
		for _, s := range stamps {
			done = done || s.Step == "S2-03" && s.State == store.StampDone
		}
		require.True(t, done, "S2-03 is proved by consent, photo and analysis")
		return err
	})
	full := c.As("doctor").Get(fmt.Sprintf("/media/%d", photos[0].ID)).Want(200)
	require.Equal(t, "no-store", full.Header.Get("Cache-Control"))
	require.Equal(t, "image/jpeg", full.Header.Get("Content-Type"))
	require.NoError(t, c.App.DB.Flush(t.Context()))
	c.As("nurse").Get(fmt.Sprintf("/media/%d/view", photos[0].ID)).Want(200)
	c.As("nurse").Post(fmt.Sprintf("/media/%d/void", photos[0].ID), "reason", "").Want(422)
	c.As("nurse").Post(fmt.Sprintf("/media/%d/void", photos[0].ID), "reason", "拍糊了").Want(200, "拍糊了")
}

func TestNoToPhotosIsSignedToo(t *testing.T) {
	t.Parallel()
	c := open(t)
	c.As("consultant").Post(c.page("/photo-consent")).Want(200)
	var d store.Document
	c.read(func(r *store.Read) error {
		docs, err := r.Documents(store.DocumentFilter{Kind: "photo", Client: c.client.ID})
		d = docs[0]
		return err
	})
	path := fmt.Sprintf("/doc/%d", d.ID)
	c.As("consultant").Post(path+"/sign", "role", "client", "name", "林清禾", "strokes", pen, "_seen", d.SHA256).Want(200)
	c.upload("nurse", "/media/new").Want(409, "REG-PII-01")
	c.fill("nurse", "skin", "F3", nil).Want(200)
}

func TestCasesAreShownWithWatermark(t *testing.T) {
	t.Parallel()
	c := open(t)
	var ids []int64
	c.write(func(tx *store.Tx) error {
		for range 3 {
			k, err := storetest.Case(tx, c.client.ID, "botulinum")
			if err != nil {
				return err
			}
			ids = append(ids, int64(k.ID))
		}
		return nil
	})
	c.planned(toxin)
	c.As("consultant").Get(c.page(fmt.Sprintf("/case/%d", ids[0]))).Want(409, "S2-07")
	for _, id := range ids {
		path := c.page(fmt.Sprintf("/case/%d", id))
		c.As("consultant").Post(path).Want(200, "个体差异", "T-consultant").At(path)
	}
	c.As("consultant").Get(c.page("")).Want(200, "已展示 3 / 3")
}

// A case on the shelf without the paper of the person in it is no authorised case (REG-ADV-17),
// nor is one whose person agreed to the record alone.
func TestACaseWithoutConsentIsNeitherShownNorCounted(t *testing.T) {
	t.Parallel()
	c := open(t)
	var bare, record store.Case
	c.write(func(tx *store.Tx) error {
		paper := store.Consent{Client: c.client.ID, Purpose: term.ForPhotoRecord, GivenAt: tx.Now()}
		require.NoError(t, tx.AddConsent(&paper))
		bare = store.Case{ItemKind: "botulinum", Title: "眉间纹", State: "shown"}
		record = store.Case{ItemKind: "botulinum", Title: "眉间纹二", State: "shown", Consent: paper.ID}
		return errors.Join(tx.AddCase(&bare), tx.AddCase(&record))
	})
	c.planned(toxin)
	for _, k := range []store.Case{bare, record} {
		c.As("consultant").Post(c.page(fmt.Sprintf("/case/%d", k.ID))).Want(409, "REG-ADV-17")
	}
	c.As("consultant").Get(c.page("")).Want(200, "已展示 0 / 3").Not("眉间纹二")
}

func TestHandedOverPaper(t *testing.T) {
	t.Parallel()
	c := open(t)
	p, _ := c.planned(toxin)
	c.examined()
	c.As("doctor").Post(planPath(p, "/approve")).Want(200)
	c.As("consultant").Post(planPath(p, "/papers")).Want(200)
	var contract store.Document
	c.read(func(r *store.Read) error {
		docs, err := r.Documents(store.DocumentFilter{Plan: p.ID, Kind: "contract"})
		contract = docs[0]
		return err
	})
	path := fmt.Sprintf("/doc/%d", contract.ID)
	tablet := c.OnTablet("consultant")
	tablet.Post(path+"/handover").Want(200, contract.SHA256, "交还工作人员").At(path)
	tablet.Get(planPath(p, "")).At(path)
	tablet.Post(path+"/sign", "role", "consultant", "name", "某某", "strokes", pen, "_seen", contract.SHA256).Want(422)
	c.As("consultant").Get(path).Want(200, path+"/handover")
	tablet.Post(path+"/sign", "role", "client", "name", "林清禾", "strokes", pen, "_seen", contract.SHA256).Want(200, "交还工作人员")
	c.As("consultant").Get(path).Want(200).Not(path + "/handover") // nobody of the client's side is left
	c.As("front").Post(path+"/sign", "role", "consultant", "name", "T-consultant", "strokes", pen,
		"staff", fmt.Sprint(c.StaffID("consultant")), "pin", "9999", "_seen", contract.SHA256).Want(422)
	c.As("nurse").Post(path+"/sign", "role", "consultant", "name", "T-consultant", "strokes", pen,
		"staff", fmt.Sprint(c.StaffID("consultant")), "pin", uitest.PIN, "_seen", contract.SHA256).Want(403)
	c.As("front").Post(path+"/sign", "role", "consultant", "name", "T-consultant", "strokes", pen,
		"staff", fmt.Sprint(c.StaffID("consultant")), "pin", uitest.PIN, "_seen", contract.SHA256).Want(200)
	c.As("front").Get(path+"/print").Want(200, contract.Number)
	c.As("nurse").Get(path).Want(403)
}
