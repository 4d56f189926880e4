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
	"slices"

	xdraw "golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // WebP is accepted
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
	Kept = 4096
	// ThumbSide is the longest side of a thumbnail.
	ThumbSide = 320
	quality   = 88
	// decoders is how many pictures are decoded at once, to bound memory.
	decoders = 2
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

// gate lets a number of decoders run at once.
type gate chan struct{}

// clean reads an upload and makes it a clean picture. The size is read from the header
// before anything is decoded, so that a bomb is refused unopened.
func (g gate) clean(ctx context.Context, from io.Reader) (Picture, error) {
	raw, err := io.ReadAll(io.LimitReader(from, MaxBytes+1))
	if err != nil {
		return Picture{}, fmt.Errorf("media: reading the upload: %w", err)
	}
	if err := inspect(raw); err != nil {
		return Picture{}, err
	}
	select {
	case g <- struct{}{}:
		defer func() { <-g }()
	case <-ctx.Done():
		return Picture{}, ctx.Err()
	}
	return decode(raw)
}

// inspect refuses by size, kind and dimensions, reading the header only.
func inspect(raw []byte) error {
	switch {
	case len(raw) == 0:
		return ErrEmpty
	case len(raw) > MaxBytes:
		return ErrTooBig
	}
	head, kind, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil || !slices.Contains(accepted, kind) || head.Width < 1 || head.Height < 1 {
		return ErrNoPicture
	}
	if head.Width > MaxSide || head.Height > MaxSide || int64(head.Width)*int64(head.Height) > MaxPixels {
		return ErrTooMany
	}
	return nil
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
	wide, tall := m.Bounds().Dx(), m.Bounds().Dy()
	if longest := max(wide, tall); longest > side {
		wide, tall = max(1, wide*side/longest), max(1, tall*side/longest)
	}
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
