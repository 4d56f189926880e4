package procedure_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/photos"
	"meixu/app/words"
	"meixu/ui/uitest/day"
)

// TestEveryKindOfPhotoHasItsWord: whatever was taken of the treatment is captioned in words,
// and what the caption prints is in both languages.
func TestEveryKindOfPhotoHasItsWord(t *testing.T) {
	t.Parallel()
	for _, lang := range []words.Lang{words.ZH, words.EN} {
		for _, kind := range photos.Kinds {
			require.True(t, lang.Has("media.kind."+kind), "%s %s", lang, kind)
		}
		for _, view := range photos.Views {
			require.True(t, lang.Has("procedure.view."+view), "%s %s", lang, view)
		}
	}
	d := day.New(t).To(day.Paid)
	var captions []string
	for _, kind := range photos.Kinds {
		d.PostPhoto("nurse", "/media/new", "treatment", "{treatment}", "kind", kind, "view", "left45").Want(http.StatusOK)
		captions = append(captions, words.ZH.T("media.kind."+kind)+" · 左 45°")
	}
	for _, page := range []string{"/procedure/{treatment}", "/procedure/{treatment}/photos"} {
		d.As("nurse").Get(d.Fill(page)).Want(http.StatusOK, captions...).Not("⟦")
	}
}

// TestTheConsultationsPhotosCountAtTheGate: baseline photos that were taken before there was
// a treatment show the same face before; those of another treatment do not.
func TestTheConsultationsPhotosCountAtTheGate(t *testing.T) {
	t.Parallel()
	d := day.New(t).Without(day.Baseline).To(day.Examined)
	d.PostPhoto("nurse", "/media/new", "visit", "{visit}", "kind", "baseline", "view", "left45").Want(http.StatusOK)
	d.To(day.SignedIn)
	d.Post("nurse", "/procedure/{treatment}/start").Want(http.StatusConflict, "S4-06")
	gate := d.Fill("/procedure/{treatment}")
	d.As("nurse").Get(gate).Want(http.StatusOK, "基线 · 左 45°", "还缺右 45°等 1 张照片")
	d.PostPhoto("nurse", "/media/new", "visit", "{visit}", "kind", "review", "view", "right45").Want(http.StatusOK)
	d.Post("nurse", "/procedure/{treatment}/start").Want(http.StatusConflict, "S4-06")
	d.PostPhoto("nurse", "/media/new", "visit", "{visit}", "kind", "baseline", "view", "right45").Want(http.StatusOK)
	d.As("nurse").Get(gate).Want(http.StatusOK, "基线 · 右 45°")
	d.To(day.Started)
}

// TestTheRecordNamesWhosePINWasTyped: the toxin was taken by the nurse and, with the PIN, by
// the storekeeper; the record offers her name, and no lot stands as trace code.
func TestTheRecordNamesWhosePINWasTyped(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Started)
	page := d.As("doctor").Get(d.Fill("/procedure/{treatment}/form/record")).Want(http.StatusOK)
	require.Equal(t, "T-stock", typed(t, page.Body, "second_person"))
	require.Empty(t, typed(t, page.Body, "vial_trace"))
}

// typed is what stands in an input of a page.
func typed(t *testing.T, page, name string) string {
	t.Helper()
	input := regexp.MustCompile(`<input[^>]*name="q\.` + name + `"[^>]*>`).FindString(page)
	require.NotEmpty(t, input, name)
	value := regexp.MustCompile(`value="([^"]*)"`).FindStringSubmatch(input)
	if value == nil {
		return ""
	}
	return value[1]
}
