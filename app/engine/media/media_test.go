package media_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/engine/media"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

type bench struct {
	t      *testing.T
	db     *store.DB
	clock  *storetest.Clock
	shelf  *media.Shelf
	client term.ClientID
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t}
	b.db, b.clock = storetest.New(t)
	b.shelf = media.New(b.db)
	b.write(func(tx *store.Tx) error {
		if err := tx.AddStaff(&store.Staff{Login: "nurse", Name: "nurse"}); err != nil {
			return err
		}
		c := store.Client{Name: "林清禾", Phone: "13800138000", Gender: "female", Birth: "1994-05-06"}
		err := tx.AddClient(&c)
		b.client = c.ID
		return err
	})
	return b
}

func (b *bench) write(fn func(tx *store.Tx) error) {
	b.t.Helper()
	require.NoError(b.t, b.db.Write(context.Background(), storetest.Act("media.test"), fn))
}

func (b *bench) take(raw []byte) (media.Prepared, error) {
	return b.shelf.Take(context.Background(), access.System("test"), b.client, bytes.NewReader(raw))
}

func (b *bench) keep(raw []byte) (m store.Media) {
	b.t.Helper()
	p, err := b.take(raw)
	require.NoError(b.t, err)
	b.write(func(tx *store.Tx) (err error) {
		m, err = media.Add(tx, access.Actor{Staff: 1}, p, media.Meta{Kind: "baseline", View: "front"})
		return err
	})
	return m
}

func (b *bench) files() (names []string) {
	err := filepath.WalkDir(filepath.Join(b.db.Dir(), media.Folder), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	require.NoError(b.t, err)
	return names
}

// picture is red at the left and blue at the right.
func picture(wide, tall int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, wide, tall))
	for y := range tall {
		for x := range wide {
			c := color.RGBA{200, 30, 30, 255}
			if x >= wide/2 {
				c = color.RGBA{30, 30, 200, 255}
			}
			m.Set(x, y, c)
		}
	}
	return m
}

func jpegOf(t *testing.T, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, jpeg.Encode(&out, m, nil))
	return out.Bytes()
}

// withEXIF puts an EXIF segment with orientation and a place into a JPEG.
func withEXIF(raw []byte, orientation uint16) []byte {
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	tiff = binary.BigEndian.AppendUint16(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	body = append(body, []byte("GPSLatitude 30.2741 GPSLongitude 120.1551 <script>alert(1)</script>")...)
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(len(body)+2))
	return append(append(append([]byte{}, raw[:2]...), append(segment, body...)...), raw[2:]...)
}

// bomb is a PNG whose header promises the given size and whose body is tiny.
func bomb(wide, tall uint32) []byte {
	head := binary.BigEndian.AppendUint32([]byte("IHDR"), wide)
	head = append(binary.BigEndian.AppendUint32(head, tall), 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

func TestTakeKeepsACleanSealedPicture(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := b.keep(withEXIF(jpegOf(t, picture(800, 400)), 1))
	require.Equal(t, 800, m.Width)
	require.Len(t, b.files(), 2, "picture and thumbnail")
	for _, path := range b.files() {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		require.False(t, bytes.Contains(raw, []byte{0xFF, 0xD8, 0xFF}), "sealed on disk: %s", path)
		require.NotContains(t, path, m.Hash[:8], "the name is no hash (rulings 16)")
	}
	reader, row, err := b.shelf.Open(context.Background(), storetest.Act("media.view"), m.ID, media.Full)
	require.NoError(t, err)
	require.Equal(t, m.ID, row.ID)
	plain, err := io.ReadAll(reader)
	require.NoError(t, err)
	for _, trace := range []string{"Exif", "GPS", "script"} {
		require.NotContains(t, string(plain), trace)
	}
	thumb, _, err := b.shelf.Open(context.Background(), storetest.Act("media.view"), m.ID, media.Thumb)
	require.NoError(t, err)
	small, err := jpeg.Decode(thumb)
	require.NoError(t, err)
	require.Equal(t, image.Pt(320, 160), small.Bounds().Size())
}

func TestOrientationIsAppliedBeforeItIsDropped(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	at := func(raw []byte, x, y int) (image.Point, bool) {
		m := b.keep(raw)
		reader, _, err := b.shelf.Open(context.Background(), storetest.Act("media.view"), m.ID, media.Full)
		require.NoError(t, err)
		got, err := jpeg.Decode(reader)
		require.NoError(t, err)
		red, _, blue, _ := got.At(x, y).RGBA()
		return got.Bounds().Size(), red > blue
	}
	raw := jpegOf(t, picture(200, 100))
	for orientation, want := range map[uint16]struct {
		size     image.Point
		x, y     int
		redThere bool
	}{
		1: {image.Pt(200, 100), 20, 50, true},
		2: {image.Pt(200, 100), 20, 50, false},
		3: {image.Pt(200, 100), 20, 50, false},
		4: {image.Pt(200, 100), 20, 50, true},
		5: {image.Pt(100, 200), 50, 20, true},
		6: {image.Pt(100, 200), 50, 20, true},
		7: {image.Pt(100, 200), 50, 20, false},
		8: {image.Pt(100, 200), 50, 20, false},
		9: {image.Pt(200, 100), 20, 50, true},
	} {
		size, red := at(withEXIF(raw, orientation), want.x, want.y)
		require.Equal(t, want.size, size, "orientation %d", orientation)
		require.Equal(t, want.redThere, red, "orientation %d", orientation)
	}
}

func TestHostileUploadsAreRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	good := jpegOf(t, picture(64, 64))
	for name, upload := range map[string]struct {
		raw []byte
		key string
	}{
		"0 byte":                 {nil, "media.empty"},
		"text":                   {[]byte("hello"), "media.no_picture"},
		"html as jpg":            {[]byte("<html><script>alert(1)</script></html>"), "media.no_picture"},
		"svg as jpg":             {[]byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), "media.no_picture"},
		"gif":                    {[]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"), "media.no_picture"},
		"exe":                    {[]byte("MZ\x90\x00"), "media.no_picture"},
		"jpeg magic and html":    {append([]byte{0xFF, 0xD8, 0xFF, 0xE0}, "<script>"...), "media.no_picture"},
		"truncated jpeg":         {good[:len(good)/2], "media.no_picture"},
		"header only":            {good[:20], "media.no_picture"},
		"bomb 50,000 x 50,000":   {bomb(50000, 50000), "media.too_many"},
		"bomb one long side":     {bomb(12001, 1), "media.too_many"},
		"bomb just too many":     {bomb(10000, 5001), "media.too_many"},
		"bomb within the limits": {bomb(100, 100), "media.no_picture"},
		"zero wide":              {bomb(0, 100), "media.no_picture"},
		"too long":               {append(append([]byte{}, good...), make([]byte, media.MaxBytes)...), "media.too_big"},
	} {
		_, err := b.take(upload.raw)
		var refused *fault.Error
		require.ErrorAs(t, err, &refused, "%s: %v", name, err)
		require.Equal(t, upload.key, refused.Key, name)
		require.NotContains(t, refused.Say(words.ZH), "⟦", name)
	}
	require.Empty(t, b.files(), "nothing of a refused upload is kept")
}

func TestPolyglotLosesItsTail(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := b.keep(append(jpegOf(t, picture(40, 40)), "<script>alert(1)</script>PK\x03\x04"...))
	reader, _, err := b.shelf.Open(context.Background(), storetest.Act("media.view"), m.ID, media.Full)
	require.NoError(t, err)
	plain, err := io.ReadAll(reader)
	require.NoError(t, err)
	require.NotContains(t, string(plain), "script")
}

func TestPNGIsTaken(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, picture(5000, 10)))
	m := b.keep(out.Bytes())
	require.Equal(t, media.Kept, m.Width, "shrunk to what is kept")
	require.Equal(t, 7, m.Height)
}

func TestDamagedAndExchangedFilesAreSeen(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	one, two := b.keep(jpegOf(t, picture(60, 40))), b.keep(jpegOf(t, picture(40, 60)))
	path := func(m store.Media) string {
		return filepath.Join(b.db.Dir(), media.Folder, m.File[:2], m.File+".bin")
	}
	first, err := os.ReadFile(path(one))
	require.NoError(t, err)
	second, err := os.ReadFile(path(two))
	require.NoError(t, err)
	flipped := append([]byte{}, first...)
	flipped[len(flipped)/2] ^= 1
	for name, bad := range map[string][]byte{"flipped": flipped, "cut": first[:len(first)-1], "exchanged": second, "empty": nil} {
		require.NoError(t, os.WriteFile(path(one), bad, 0o600))
		_, _, err := b.shelf.Open(context.Background(), storetest.Act("media.view"), one.ID, media.Full)
		var refused *fault.Error
		require.ErrorAs(t, err, &refused, name)
		require.Equal(t, "media.damaged", refused.Key, name)
	}
	require.NoError(t, os.Remove(path(one)))
	_, _, err = b.shelf.Open(context.Background(), storetest.Act("media.view"), one.ID, media.Full)
	require.Equal(t, fault.KindRefused, fault.KindOf(err))
	_, _, err = b.shelf.Open(context.Background(), storetest.Act("media.view"), 99, media.Full)
	require.Equal(t, fault.KindNotFound, fault.KindOf(err))
	_, _, err = b.shelf.Open(context.Background(), storetest.Act("media.view"), two.ID, "/../x")
	require.Equal(t, fault.KindNotFound, fault.KindOf(err))
}

func TestLookingIsAnAct(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := b.keep(jpegOf(t, picture(60, 40)))
	_, _, err := b.shelf.Open(context.Background(), storetest.Act("media.view"), m.ID, media.Thumb)
	require.NoError(t, err)
	require.NoError(t, b.db.Flush(context.Background()))
	require.NoError(t, b.db.Read(context.Background(), func(r *store.Read) error {
		acts, err := r.Acts(store.ActFilter{Action: "media.view"})
		require.NoError(t, err)
		require.Len(t, acts, 1)
		require.Equal(t, store.Subject{Noun: "client", ID: int64(b.client)}, acts[0].Act.Subject, "the client's trail shows it")
		require.Equal(t, "media:1", acts[0].Act.Reason)
		return nil
	}))
}

func TestSweepTakesOrphansAfterADay(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	kept := b.keep(jpegOf(t, picture(60, 40)))
	orphan, err := b.take(jpegOf(t, picture(40, 60)))
	require.NoError(t, err)
	left := filepath.Join(b.db.Dir(), media.Folder, kept.File[:2], kept.File+".bin.partial")
	require.NoError(t, os.WriteFile(left, []byte("x"), 0o600))
	age := func(d time.Duration) {
		for _, path := range b.files() {
			require.NoError(t, os.Chtimes(path, b.clock.Now().Add(-d), b.clock.Now().Add(-d)))
		}
	}
	age(23 * time.Hour)
	n, err := b.shelf.Sweep(context.Background())
	require.NoError(t, err)
	require.Zero(t, n, "a young one may yet get its row")
	age(25 * time.Hour)
	b.write(func(tx *store.Tx) error { return media.Void(tx, access.Actor{Staff: 1}, kept.ID, "对焦不清") })
	n, err = b.shelf.Sweep(context.Background())
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.Len(t, b.files(), 2, "a voided photo keeps its files")
	require.NotContains(t, strings.Join(b.files(), " "), orphan.File)
}

func TestAnEmptyShelfIsSwept(t *testing.T) {
	t.Parallel()
	n, err := newBench(t).shelf.Sweep(context.Background())
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestVoidNeedsAReason(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	m := b.keep(jpegOf(t, picture(60, 40)))
	err := b.db.Write(context.Background(), storetest.Act("media.void"), func(tx *store.Tx) error {
		return media.Void(tx, access.Actor{Staff: 1}, m.ID, " ")
	})
	require.Equal(t, fault.KindInvalid, fault.KindOf(err))
}
