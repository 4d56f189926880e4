package procedure_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/photos"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest"
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
		if kind == "immediate" || kind == "review" {
			continue // after the start
		}
		d.PostPhoto("nurse", "/media/new", "treatment", "{treatment}", "kind", kind, "view", "left45").Want(http.StatusOK)
		captions = append(captions, words.ZH.T("media.kind."+kind)+" · 左 45°")
	}
	add := []string{"treatment", "{treatment}", "view", "left45", "kind"}
	for _, kind := range []string{"immediate", "review"} {
		d.PostPhoto("nurse", "/media/new", append(add, kind)...).Want(http.StatusConflict, "S5-02")
	}
	d.PostPhoto("consultant", "/media/new", append(add, "baseline")...).Want(http.StatusForbidden)
	whole := []string{"visit", "{visit}", "view", "left45", "kind"}
	d.PostPhoto("nurse", "/media/new", append(whole, "immediate")...).Want(http.StatusConflict, "S5-02", "还没有开始治疗")
	for _, kind := range []string{"baseline", "immediate"} {
		d.PostPhoto("consultant", "/media/new", append(whole, kind)...).Want(http.StatusForbidden)
	}
	d.PostPhoto("consultant", "/media/new", append(whole, "face")...).Want(http.StatusOK)
	d.PostPhoto("nurse", "/media/new", append(whole, "baseline")...).Want(http.StatusOK)
	d.To(day.Started)
	d.PostPhoto("nurse", "/media/new", append(whole, "baseline")...).Want(http.StatusConflict, "S4-06", "不能再作术前基线")
	d.As("nurse").Get(d.Fill("/media/new?visit={visit}")).Want(http.StatusOK, `value="immediate"`).Not(`value="baseline"`)
	d.PostPhoto("nurse", "/media/new", append(add, "baseline")...).Want(http.StatusConflict, "S4-06")
	d.PostPhoto("consultant", "/media/new", append(add, "immediate")...).Want(http.StatusForbidden)
	d.As("nurse").Get(d.Fill("/media/new?treatment={treatment}")).Want(http.StatusOK, `value="immediate"`).Not(`value="baseline"`)
	d.PostPhoto("nurse", "/media/new", append(add, "immediate")...).Want(http.StatusOK)
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

// TestACancelledTreatmentHasNoPhotos: of a treatment that was called off, and of a visit that is
// over, no way in takes pictures of a treatment.
func TestACancelledTreatmentHasNoPhotos(t *testing.T) {
	t.Parallel()
	d := day.New(t).To(day.Paid)
	d.Post("nurse", "/procedure/{treatment}/stop", "reason", "客户身体不适").Want(http.StatusOK)
	for _, kind := range []string{"baseline", "immediate", "mark", "review"} {
		d.PostPhoto("nurse", "/media/new", "treatment", "{treatment}", "kind", kind, "view", "front").Want(http.StatusConflict, "S5-02")
	}
	for _, kind := range []string{"baseline", "immediate"} {
		d.PostPhoto("nurse", "/procedure/{treatment}/photos", "kind", kind, "view", "front").Want(http.StatusConflict, "S5-02")
	}
	d.PostPhoto("nurse", "/media/new", "treatment", "{treatment}", "kind", "attachment", "view", "front").Want(http.StatusOK)
	d.Write(func(tx *store.Tx) error {
		v, err := tx.Visit(d.Visit)
		if err != nil {
			return err
		}
		v.State = term.VisitCompleted
		return tx.SaveVisit(&v)
	})
	for _, of := range []string{"visit", "treatment"} {
		for _, kind := range photos.Kinds {
			d.PostPhoto("nurse", "/media/new", of, "{"+of+"}", "kind", kind, "view", "front").Want(http.StatusConflict, "S1-03")
		}
		d.As("nurse").Get(d.Fill("/media/new?"+of+"={"+of+"}")).Want(http.StatusConflict, "S1-03")
	}
}

// shoot posts one photo of the treatment.
func (h *house) shoot(kind, view string) *uitest.Answer {
	h.t.Helper()
	return h.As("nurse").Direct().PostFile(h.path("/photos"), "photo", day.Picture(), "kind", kind, "view", view)
}

// shot counts the photos of a treatment of one kind.
func (h *house) shot(kind string) (n int) {
	h.t.Helper()
	h.read(func(r *store.Read) error {
		list, err := r.MediaList(store.MediaFilter{Treatment: h.id, Kind: kind, NotVoid: true})
		n = len(list)
		return err
	})
	return n
}

// TestPhotosRightAfter: photos right after a treatment want a known position, a treatment that
// has begun in a visit that is open, and the client's consent, with the record too; the reason
// for none is the way out.
func TestPhotosRightAfter(t *testing.T) {
	t.Parallel()
	h := open(t, toxin)
	h.shoot("immediate", "front").Want(409, "S5-02")
	h.ready()
	h.post("nurse", "/start")
	h.shoot("baseline", "front").Want(409, "S4-06")
	for _, view := range []string{"", "=cmd|x", strings.Repeat("x", 250)} {
		h.shoot("immediate", view).Want(422, "请选择机位")
	}
	require.Zero(t, h.shot("immediate"))
	h.shoot("immediate", "left45").Want(303)
	h.shoot("immediate", h.item.PhotoViews[0]).Want(303)

	state := func(s term.VisitState) {
		h.write(func(tx *store.Tx) error {
			v, err := tx.Visit(h.now().Visit)
			if err != nil {
				return err
			}
			v.State = s
			return tx.SaveVisit(&v)
		})
	}
	state(term.VisitCompleted)
	h.shoot("immediate", "front").Want(409, "S1-03")
	state(term.VisitOpen)

	h.withdrawPhotos()
	h.shoot("immediate", "front").Want(409, "REG-PII-01")
	record := []string{"_step", "save", "q.area", "眉间"}
	h.As("doctor").Direct().PostFile(h.path("/form/record"), "q.photo_after", day.Picture(), record...).Want(409, "REG-PII-01")
	require.Equal(t, 2, h.shot("immediate"))
	h.As("doctor").Direct().Post(h.path("/form/record"), append(record, "q.photo_after_reason", "客户不愿拍")...).Want(303)
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
