package procedure_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/readiness"
	"meixu/store"
	"meixu/store/term"
)

var careAnswers = map[string]string{
	"operator": "T-nurse", "room": "T-room", "area": "面部", "position": "supine", "an_kind": "none", "steps.0.step": "清洁",
	"steps.0.minutes": "10", "skin_after": "calm", "vas": "0", "complication": "none", "photo_after_reason": "护理不拍",
	"left_condition": "good", "operator_sign": drawn,
}

// TestALightTreatment has no product, no time-out and no observation: a nurse does it, and
// the gate asks for no more than it must.
func TestALightTreatment(t *testing.T) {
	t.Parallel()
	h := open(t, "SK-ACNE")
	_, err := h.App.Rooms.Ready.Disinfect(t.Context(), h.Actor("nurse"), readiness.Disinfect{Room: h.room, Method: "wipe", Minutes: 30})
	require.NoError(t, err)
	h.As("nurse").Get(h.path("")).Want(200).Not("动手前核对", "急救物品")
	h.post("nurse", "/assign", "operator", itoa(h.StaffID("nurse")), "room", itoa(h.room))
	h.post("nurse", "/identity", "way", "birth", "birth", "1990-05-01")
	h.fill("nurse", "today", todayAnswers).Want(303)
	h.post("doctor", "/clear", "verdict", "pass", "note", "")
	h.post("nurse", "/nophoto", "reason", "护理不拍")
	h.fill("nurse", "signin", signInAnswers, h.second("doctor")...).Want(303)
	h.post("nurse", "/start")
	h.fill("nurse", "record", careAnswers).Want(303)
	h.fill("nurse", "signout", signOutAnswers, h.second("doctor")...).Want(303)
	require.Equal(t, term.TreatmentSignedOut, h.now().State)
	h.post("nurse", "/release")
	h.post("nurse", "/sign")
	require.Equal(t, h.StaffID("nurse"), h.now().RecordSignedBy)
}

func TestAWrongDeviceIsRefused(t *testing.T) {
	t.Parallel()
	h := open(t, "LSR-QS-PIG")
	var wrong, right store.Device
	h.write(func(tx *store.Tx) error {
		wrong = store.Device{Number: "D-1", Name: "W", Kind: "T-other", Registration: "R", State: "in_use"}
		right = store.Device{Number: "D-2", Name: "R", Kind: h.item.DeviceKind, Registration: "R", State: "in_use"}
		if err := tx.AddDevice(&wrong); err != nil {
			return err
		}
		return tx.AddDevice(&right)
	})
	base := []string{"operator", itoa(h.StaffID("doctor")), "room", itoa(h.room)}
	h.As("nurse").Post(h.path("/assign"), base...).Want(422, "选择设备")
	h.refused("REG-DEV-13", "nurse", "/assign", append(base, "device", itoa(wrong.ID))...)
	for _, version := range []string{"", "0", fmt.Sprint(h.now().Version + 1)} {
		h.As("nurse").Post(h.path("/assign"), append(base, "device", itoa(right.ID), "version", version)...).Want(409, "刚刚被别人改过")
	}
	require.Zero(t, h.now().Device)
	h.post("nurse", "/assign", append(base, "device", itoa(right.ID))...)
	h.As("nurse").Get(h.path("")).Want(200, "REG-DEV-13")
	h.As("nurse").Get(h.path("/assign")).Want(200, "✗ R D-2")
}

func TestPhotosOfEachView(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.As("nurse").Post(h.path("/photos"), "kind", "baseline", "view", "front").Want(422, "先拍一张")
	for _, view := range h.item.PhotoViews {
		require.Equal(t, http.StatusSeeOther, h.upload(view), view)
	}
	require.Equal(t, store.StampDone, h.stamps()["S4-06"])
	h.As("nurse").Get(h.path("")).Want(200, "基线 · 正面")
	h.withdrawPhotos()
	require.Equal(t, http.StatusConflict, h.upload("other"), "REG-PII-01")
}

// withdrawPhotos takes back the client's consent to photos.
func (h *house) withdrawPhotos() {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		consents, err := tx.Consents(h.now().Client)
		if err != nil {
			return err
		}
		c := consents[term.ForPhotoRecord]
		c.WithdrawnAt, c.WithdrawnBy, c.WithdrawReason = tx.Now(), h.StaffID("front"), "T"
		return tx.SaveConsent(&c)
	})
}

// upload posts one baseline photo.
func (h *house) upload(view string) int {
	h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	require.NoError(h.t, form.WriteField("kind", "baseline"))
	require.NoError(h.t, form.WriteField("_once", rand.Text()))
	require.NoError(h.t, form.WriteField("view", view))
	file, err := form.CreateFormFile("photo", "a.jpg")
	require.NoError(h.t, err)
	require.NoError(h.t, jpeg.Encode(file, image.NewRGBA(image.Rect(0, 0, 64, 64)), nil))
	require.NoError(h.t, form.Close())
	req, err := http.NewRequestWithContext(h.t.Context(), http.MethodPost, h.URL+h.path("/photos"), &body)
	require.NoError(h.t, err)
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.AddCookie(h.Cookie("nurse"))
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	require.NoError(h.t, err)
	require.NoError(h.t, resp.Body.Close())
	return resp.StatusCode
}
