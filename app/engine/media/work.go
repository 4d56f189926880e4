package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
)

// WorkBytes bounds the memory that opening one picture takes, guessed from its header: what
// the decoder lays out and the shrunk copy beside it. A usual 48-megapixel photo of a phone
// fits. Pictures are opened together only while their sum fits.
const WorkBytes = 108 << 20

// maxScans bounds the passes of a progressive JPEG: cameras and editors write about ten, and
// each pass walks the whole picture, so that a small file of ten thousand would take hours.
const maxScans = 64

// work guesses the memory for opening a picture, in bytes.
func work(raw []byte, head image.Config, kind string) int64 {
	pixels := int64(head.Width) * int64(head.Height)
	wide, tall := fit(head.Width, head.Height, Kept)
	kept := 4 * int64(wide) * int64(tall)
	switch kind {
	case "jpeg":
		return pixels*jpegBits(raw)/8 + kept
	case "png":
		layout := pixels * pngBytes(head.ColorModel)
		if len(raw) > 28 && raw[28] != 0 { // interlaced: the passes lie beside the whole
			layout *= 2
		}
		return layout + kept
	}
	return pixels*webpBytes(raw) + kept
}

// jpegBits is what a JPEG's decoder lays out for a pixel.
func jpegBits(raw []byte) int64 {
	frame, progressive := frameOf(raw)
	if frame == nil {
		return 64
	}
	most, sum := int64(1), int64(0)
	parts := int(frame[5])
	for i := 0; i < parts && 6+3*i+1 < len(frame); i++ {
		across, down := int64(frame[7+3*i]>>4), int64(frame[7+3*i]&15)
		most, sum = max(most, across*down), sum+across*down
	}
	bits := 8 * sum / most
	if progressive { // every coefficient is kept as four bytes until the last pass
		bits *= 5
	}
	if parts == 4 || parts == 3 && (frame[6] == 'R' || plainColours(raw)) {
		bits += 32 // put together as a second picture
	}
	return bits
}

// plainColours says that Adobe's mark tells of red, green and blue instead of brightness and hue.
func plainColours(raw []byte) bool {
	at := bytes.Index(raw, []byte("Adobe"))
	return at >= 0 && at+11 < len(raw) && raw[at+11] == 0
}

// frameOf is the body of a JPEG's frame header, nil when there is none.
func frameOf(raw []byte) (frame []byte, progressive bool) {
	for at := 2; at+4 <= len(raw); {
		if raw[at] != 0xFF || raw[at+1] == 0xFF || raw[at+1] == 0 {
			at++ // filling
			continue
		}
		marker, size := raw[at+1], int(binary.BigEndian.Uint16(raw[at+2:]))
		if at+2+size > len(raw) || size < 2 {
			return nil, false
		}
		if marker >= 0xC0 && marker <= 0xC2 && size >= 8 {
			return raw[at+4 : at+2+size], marker == 0xC2
		}
		at += 2 + size
	}
	return nil, false
}

// manyScans says that a JPEG has more passes than any camera writes. Within compressed data a
// 0xFF is always followed by a zero or a restart, so that the mark cannot be met by chance.
func manyScans(raw []byte) bool {
	return bytes.Count(raw, []byte{0xFF, 0xDA}) > maxScans
}

// maxChunks bounds the parts of a PNG; 25 MB of pictures come in a few thousand, and each costs
// the decoder memory of its own.
const maxChunks = 8192

// manyChunks says that a PNG has more parts than any program writes.
func manyChunks(raw []byte) bool {
	n := 0
	for at := 8; at+8 <= len(raw) && n <= maxChunks; n++ {
		at += 12 + int(binary.BigEndian.Uint32(raw[at:]))
	}
	return n > maxChunks
}

// pngBytes is what a PNG's decoder lays out for a pixel.
func pngBytes(model color.Model) int64 {
	switch model {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.NRGBAModel, color.RGBAModel:
		return 4
	case color.NRGBA64Model, color.RGBA64Model:
		return 8
	}
	return 4 // a palette; its transparency may widen it
}

// webpBytes is what a WebP's decoder lays out for a pixel.
func webpBytes(raw []byte) int64 {
	if len(raw) > 16 && string(raw[12:16]) == "VP8 " {
		return 2
	}
	return 10 // without loss, or with an alpha plane that is
}

// fit is the size of a picture shrunk into a square of the side.
func fit(wide, tall, side int) (int, int) {
	if longest := max(wide, tall); longest > side {
		return max(1, wide*side/longest), max(1, tall*side/longest)
	}
	return wide, tall
}
