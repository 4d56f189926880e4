// Package media keeps the clinic's pictures: decode limits before decoding, everything but
// the pixels stripped by encoding again, a thumbnail, both sealed in files of random name
// under data/media, the row after the file. Looking at a picture is an act; the room that
// shows it checks the permission.
package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	_ "image/png" // PNG is accepted
	"io"
	"runtime"
	"slices"

	xdraw "golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // WebP is accepted
	"golang.org/x/sync/semaphore"
)

// Limits of an upload (trust.md row 19, T24).
const (
	// MaxBytes is the largest upload, 25 MB.
	MaxBytes = 25 << 20
	// MaxPixels is the largest picture, 50 megapixels.
	MaxPixels = 50_000_000
	// MaxSide is the longest side in pixels.
	MaxSide = 12_000
	// Kept is the longest side of what is kept; more shows no more of a skin.
	Kept = 3600
	// ThumbSide is the longest side of a thumbnail.
	ThumbSide = 320
	quality   = 88
	// heavy is the memory from which a picture's garbage is taken away before the next is opened.
	heavy = 32 << 20
)

// Refusals of an upload.
var (
	// ErrEmpty says that nothing came.
	ErrEmpty = errors.New("media: the file is empty")
	// ErrTooBig says that the upload is larger than MaxBytes.
	ErrTooBig = errors.New("media: the file is too big")
	// ErrTooMany says that the picture has more pixels than are decoded.
	ErrTooMany = errors.New("media: the picture has too many pixels")
	// ErrNoPicture says that the bytes are no whole JPEG, PNG or WebP.
	ErrNoPicture = errors.New("media: not a whole JPEG, PNG or WebP picture")
)

var accepted = []string{"jpeg", "png", "webp"}

// Picture is an upload made clean: two JPEGs without any metadata.
type Picture struct {
	JPEG, Thumb   []byte
	Width, Height int
}

// gate lets decoders run at once while their memory fits.
type gate struct{ *semaphore.Weighted }

func newGate() gate { return gate{semaphore.NewWeighted(WorkBytes)} }

// clean reads an upload and makes it a clean picture. The size is read from the header
// before anything is decoded, so that a bomb is refused unopened.
func (g gate) clean(ctx context.Context, from io.Reader) (Picture, error) {
	raw, err := whole(from)
	if err != nil {
		return Picture{}, err
	}
	weight, err := inspect(raw)
	if err != nil {
		return Picture{}, err
	}
	if err := g.Acquire(ctx, weight); err != nil {
		return Picture{}, err
	}
	defer g.Release(weight)
	if weight > heavy {
		defer runtime.GC() // or one big picture after another adds up until the collector thinks of it
	}
	return decode(raw)
}

// whole reads an upload; of one that says how long it is, into one piece.
func whole(from io.Reader) ([]byte, error) {
	var into bytes.Buffer
	if file, ok := from.(io.Seeker); ok {
		size, err := file.Seek(0, io.SeekEnd)
		if err == nil {
			_, err = file.Seek(0, io.SeekStart)
		}
		if err != nil {
			return nil, fmt.Errorf("media: reading the upload: %w", err)
		}
		if size > MaxBytes {
			return nil, ErrTooBig
		}
		into.Grow(int(size) + bytes.MinRead)
	}
	if _, err := into.ReadFrom(io.LimitReader(from, MaxBytes+1)); err != nil {
		return nil, fmt.Errorf("media: reading the upload: %w", err)
	}
	return into.Bytes(), nil
}

// inspect refuses by size, kind, dimensions and passes, decoding nothing, and gives the memory
// that decoding takes.
func inspect(raw []byte) (weight int64, err error) {
	switch {
	case len(raw) == 0:
		return 0, ErrEmpty
	case len(raw) > MaxBytes:
		return 0, ErrTooBig
	}
	head, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || !slices.Contains(accepted, kind) || head.Width < 1 || head.Height < 1 {
		return 0, ErrNoPicture
	}
	if head.Width > MaxSide || head.Height > MaxSide || int64(head.Width)*int64(head.Height) > MaxPixels {
		return 0, ErrTooMany
	}
	if kind == "jpeg" && manyScans(raw) || kind == "png" && manyChunks(raw) {
		return 0, ErrNoPicture
	}
	if weight = work(raw, head, kind); weight > WorkBytes {
		return 0, ErrTooMany
	}
	return weight, nil
}

// decode turns, shrinks and encodes again: nothing of the original file but its pixels is
// left, no place, no camera, no comment, no appended data.
func decode(raw []byte) (p Picture, err error) {
	defer func() {
		if caught := recover(); caught != nil { // a decoder that panics on a crafted file
			p, err = Picture{}, ErrNoPicture
		}
	}()
	source, kind, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return p, ErrNoPicture
	}
	turn := 1
	if kind == "jpeg" {
		turn = orientation(raw)
	}
	full := turned(shrink(source, Kept), turn)
	p.Width, p.Height = full.Bounds().Dx(), full.Bounds().Dy()
	if p.JPEG, err = encode(full); err != nil {
		return p, err
	}
	p.Thumb, err = encode(shrink(full, ThumbSide))
	return p, err
}

func encode(m image.Image) ([]byte, error) {
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("media: encoding: %w", err)
	}
	return out.Bytes(), nil
}

// shrink fits a picture into a square of the side, on white where it is transparent. It
// always gives a picture of our own.
func shrink(m image.Image, side int) *image.RGBA {
	wide, tall := fit(m.Bounds().Dx(), m.Bounds().Dy(), side)
	out := image.NewRGBA(image.Rect(0, 0, wide, tall))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	if wide == m.Bounds().Dx() && tall == m.Bounds().Dy() {
		draw.Draw(out, out.Bounds(), m, m.Bounds().Min, draw.Over)
		return out
	}
	xdraw.ApproxBiLinear.Scale(out, out.Bounds(), m, m.Bounds(), draw.Over, nil)
	return out
}

// turned applies an EXIF orientation, 1 to 8.
func turned(m *image.RGBA, orientation int) *image.RGBA {
	if orientation <= 1 || orientation > 8 {
		return m
	}
	wide, tall := m.Bounds().Dx(), m.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, wide, tall))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, tall, wide))
	}
	for y := range tall {
		for x := range wide {
			to := [...]image.Point{
				2: {wide - 1 - x, y}, 3: {wide - 1 - x, tall - 1 - y}, 4: {x, tall - 1 - y},
				5: {y, x}, 6: {tall - 1 - y, x}, 7: {tall - 1 - y, wide - 1 - x}, 8: {y, wide - 1 - x},
			}[orientation]
			copy(out.Pix[out.PixOffset(to.X, to.Y):][:4], m.Pix[m.PixOffset(x, y):][:4])
		}
	}
	return out
}
