package media_test

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"image/jpeg"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"meixu/ui/uitest"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/media"
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest/day"
)

// heapGoal is how far the heap may grow above where it stood, in bytes.
const heapGoal = 128 << 20

// answers are what a hostile file may be told: taken, not a picture, too big, no form at all.
var answers = []int{http.StatusSeeOther, http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge, http.StatusBadRequest}

// TestTR24HostileUploads posts files that mean harm to the photo route: none ends the program,
// none is opened beyond its limits, and what is kept is a JPEG of our own with nothing of the
// file in it but pixels. It runs before the parallel tests of the package, because the heap it
// measures is everybody's.
func TestTR24HostileUploads(t *testing.T) { //nolint:paralleltest // measures the heap of the process
	d := day.New(t).To(day.Arrived)
	list := corpus(t)
	names := map[string]bool{}
	for _, h := range list {
		require.False(t, names[h.what], "twice: %s", h.what)
		names[h.what] = true
	}
	require.GreaterOrEqual(t, len(list), 120)
	kept, refused, grown, longest := 0, 0, int64(0), time.Duration(0)
	for _, h := range list {
		before := newest(d)
		peak := watchHeap(t)
		start := time.Now() //nolint:forbidigo // told, not judged
		status, body := h.post(t, d)
		longest = max(longest, time.Since(start))
		more := peak()
		require.Less(t, more, int64(heapGoal), "%s: the heap grew by %d MB", h.what, more>>20)
		grown = max(grown, more)
		require.Contains(t, answers, status, "%s: %.300s", h.what, body)
		require.NotContains(t, body, "meixu-defect", h.what)
		require.NotContains(t, body, evil, "%s: an answer repeats the file", h.what)
		after := newest(d)
		if status != http.StatusSeeOther {
			require.NotEqual(t, mustKeep, h.want, "%s was refused", h.what)
			require.Equal(t, before, after, h.what)
			refused++
			continue
		}
		require.NotEqual(t, mustRefuse, h.want, "%s was kept", h.what)
		require.Greater(t, after, before, h.what)
		for _, part := range []string{"", "/thumb"} {
			answer := d.As("nurse").Get("/media/" + itoa(after) + part).Want(http.StatusOK)
			require.Equal(t, "image/jpeg", answer.Header.Get("Content-Type"))
			clean(t, h.what, []byte(answer.Body))
		}
		kept++
	}
	onlyOurNames(t, d)
	d.As("nurse").Get(d.Fill("/media/new?visit={visit}")).Want(http.StatusOK).Not(evil, "etc/passwd", "onerror")
	t.Logf("TR-24: %d files, %d refused, %d kept clean, 0 crashes, heap +%d MB, slowest %d ms", len(list), refused, kept, grown>>20, longest.Milliseconds())
}

// TestTR24NoTwoBombsAtOnce: pictures that are each allowed do not together go beyond the bound.
func TestTR24NoTwoBombsAtOnce(t *testing.T) { //nolint:paralleltest // measures the heap of the process
	d := day.New(t).To(day.Arrived)
	big := hostile{what: "a picture of 48 megapixels", name: "a.jpg", body: flatJPEG(8064, 6048), want: mustKeep}
	peak := watchHeap(t)
	var posts sync.WaitGroup
	for range 4 {
		posts.Go(func() {
			if status, body := big.post(t, d); status != http.StatusSeeOther {
				t.Errorf("%d: %s", status, body)
			}
		})
	}
	posts.Wait()
	grown := peak()
	require.Less(t, grown, int64(2*heapGoal), "the heap grew by %d MB", grown>>20)
	t.Logf("TR-24: 4 pictures of 48 megapixels at once, heap +%d MB", grown>>20)
}

// watchHeap looks at the heap until it is asked how far it grew.
func watchHeap(t *testing.T) func() int64 {
	t.Helper()
	read := func() int64 {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(sample)
		return int64(sample[0].Value.Uint64())
	}
	runtime.GC()
	stop, done := make(chan struct{}), make(chan int64)
	start := read()
	go func() {
		tick, most := time.NewTicker(time.Millisecond), start
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				most = max(most, read())
			case <-stop:
				done <- max(most, read()) - start
				return
			}
		}
	}()
	return func() int64 {
		close(stop)
		return <-done
	}
}

// post sends the file as the page does and gives what came back.
func (x hostile) post(t *testing.T, d *day.Day) (status int, text string) {
	t.Helper()
	var head, tail bytes.Buffer // the file itself is not copied: its room would count as the server's
	form := multipart.NewWriter(&head)
	for name, v := range map[string]string{"visit": d.Fill("{visit}"), "kind": "face", "view": "front", "_once": rand.Text()} {
		require.NoError(t, form.WriteField(name, v))
	}
	about := textproto.MIMEHeader{"Content-Type": {"image/jpeg"}}
	about.Set("Content-Disposition", `form-data; name="photo"; filename="`+strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", "", "\n", "").Replace(x.name)+`"`)
	_, err := form.CreatePart(about)
	require.NoError(t, err)
	tail.WriteString("\r\n--" + form.Boundary() + "--\r\n")
	body := io.MultiReader(&head, bytes.NewReader(x.body), io.LimitReader(zeros{}, int64(x.more)), &tail)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+"/media/new", body)
	require.NoError(t, err)
	req.ContentLength = int64(head.Len() + len(x.body) + x.more + tail.Len())
	req.Header.Set("Content-Type", form.FormDataContentType())
	req.AddCookie(d.Cookie("nurse"))
	client := &http.Client{Transport: uitest.Wire, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	require.NoError(t, err)
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode, string(answer)
}

// zeros reads as zeros without end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// newest is the newest picture of the client, 0 when there is none.
func newest(d *day.Day) (id term.MediaID) {
	d.Read(func(r *store.Read) error {
		pictures, err := r.MediaList(store.MediaFilter{Client: d.Client})
		for _, m := range pictures {
			id = max(id, m.ID)
		}
		return err
	})
	return id
}

func itoa(id term.MediaID) string { return strconv.FormatInt(int64(id), 10) }

// clean demands a JPEG with pixels only: no application segment, no comment, nothing after its
// end, no word of the file.
func clean(t *testing.T, what string, raw []byte) {
	t.Helper()
	picture, err := jpeg.Decode(bytes.NewReader(raw))
	require.NoError(t, err, what)
	require.LessOrEqual(t, max(picture.Bounds().Dx(), picture.Bounds().Dy()), media.Kept, what)
	require.Equal(t, []byte{0xFF, 0xD8}, raw[:2], what)
	require.Equal(t, []byte{0xFF, 0xD9}, raw[len(raw)-2:], what)
	at := 2
	for raw[at+1] != 0xDA {
		require.Contains(t, []byte{0xDB, 0xC0, 0xC4}, raw[at+1], "%s: segment %x", what, raw[at+1])
		at += 2 + int(binary.BigEndian.Uint16(raw[at+2:]))
	}
	require.Equal(t, 1, bytes.Count(raw[at:], []byte{0xFF, 0xD9}), "%s: something stands behind the end", what)
	for _, trace := range []string{evil, "Exif", "GPS", "<script", "PK\x03\x04", "http://", "<?php"} {
		require.NotContains(t, string(raw), trace, what)
	}
}

var ours = regexp.MustCompile(`^media/[0-9a-f]{2}/[0-9a-f]{32}\.(bin|thumb)$`)

// onlyOurNames demands that no name of a file made a file.
func onlyOurNames(t *testing.T, d *day.Day) {
	t.Helper()
	root := d.App.DB.Dir()
	found := 0
	require.NoError(t, filepath.WalkDir(filepath.Dir(root), func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		inside, err := filepath.Rel(root, path)
		require.NoError(t, err)
		require.NotContains(t, inside, "evil")
		if !entry.IsDir() && strings.HasPrefix(inside, media.Folder) {
			require.Regexp(t, ours, filepath.ToSlash(inside))
			found++
		}
		return nil
	}))
	require.Positive(t, found)
}
