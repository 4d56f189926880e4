package media_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func segment(marker byte, body []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(body)+2)), body...)
}

// inserted puts segments behind the beginning of a JPEG.
func inserted(raw []byte, segments ...[]byte) []byte {
	return bytes.Join(append([][]byte{raw[:2:2]}, append(segments, raw[2:])...), nil)
}

// polyglots are whole pictures that are something else as well.
func polyglots(t *testing.T) []hostile {
	t.Helper()
	tail := func(raw []byte, more string) []byte { return append(raw[:len(raw):len(raw)], more...) }
	zip := "PK\x03\x04\x14\x00" + strings.Repeat("\x00", 24) + evil + "PK\x05\x06" + strings.Repeat("\x00", 18)
	one, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	require.NoError(t, err)
	return []hostile{
		{"JPEG and HTML behind it", "photo.jpg", tail(photo(t), script), mustKeep, 0},
		{"JPEG and a zip behind it", "photo.jpg", tail(photo(t), zip), mustKeep, 0},
		{"JPEG and PHP behind it", "photo.php.jpg", tail(photo(t), "<?php /* "+evil+" */"), mustKeep, 0},
		{"JPEG and another JPEG behind it", "photo.jpg", tail(photo(t), string(photo(t))), mustKeep, 0},
		{"JPEG and 1 MB behind it", "photo.jpg", tail(photo(t), strings.Repeat(evil, 60_000)), mustKeep, 0},
		{"JPEG with HTML as its comment", "photo.html", inserted(photo(t), segment(0xFE, []byte("-->"+script))), mustKeep, 0},
		{"JPEG that is JavaScript", "photo.js", inserted(photo(t), segment(0xE0, []byte("/*"+strings.Repeat("\x00", 9000)+"*/=alert('"+evil+"')/*"))), mustKeep, 0},
		{"PNG and HTML behind it", "photo.png", tail(drawing(t), script), mustKeep, 0},
		{"PNG and a zip behind it", "photo.png", tail(drawing(t), zip), mustKeep, 0},
		{"PNG with HTML as its text", "photo.png", bytes.Join([][]byte{drawing(t)[:33], chunk("tEXt", []byte("a\x00"+script)), drawing(t)[33:]}, nil), mustKeep, 0},
		{"PNG with a chunk of its own", "photo.png", bytes.Join([][]byte{drawing(t)[:33], chunk("evIl", []byte(evil)), drawing(t)[33:]}, nil), mustKeep, 0},
		{"WebP and HTML behind it", "photo.webp", tail(one, script), mustKeep, 0},
	}
}

// exif is an EXIF segment of text entries.
func exif(order string, texts map[uint16]string) []byte {
	var o binary.AppendByteOrder = binary.BigEndian
	if order == "II" {
		o = binary.LittleEndian
	}
	head := o.AppendUint32(o.AppendUint16([]byte(order), 42), 8)
	head = o.AppendUint16(head, uint16(len(texts)))
	values, at := []byte{}, 8+2+12*len(texts)+4
	for tag, text := range texts {
		head = o.AppendUint32(o.AppendUint16(o.AppendUint16(head, tag), 2), uint32(len(text)))
		head = o.AppendUint32(head, uint32(at+len(values)))
		values = append(values, text...)
	}
	return segment(0xE1, append(append([]byte("Exif\x00\x00"), head...), append([]byte{0, 0, 0, 0}, values...)...))
}

// metadata are pictures that tell more than their pixels, or whose metadata mean harm.
func metadata(t *testing.T) (list []hostile) {
	t.Helper()
	raw := photo(t)
	add := func(what string, segments ...[]byte) {
		list = append(list, hostile{"metadata: " + what, "photo.jpg", inserted(raw, segments...), mustKeep, 0})
	}
	add("a place and a camera", exif("MM", map[uint16]string{0x8825: "GPSLatitude 30.2741 " + evil, 0x010F: "camera " + evil, 0x0132: "2026:01:01"}))
	add("a script as the artist", exif("II", map[uint16]string{0x013B: script, 0x010E: script, 0x8298: "<img onerror=alert(1)>"}))
	add("an orientation of 65535", segment(0xE1, []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\xff\xff\x00\x00")))
	add("a directory far beyond the end", segment(0xE1, []byte("Exif\x00\x00MM\x00\x2a\xff\xff\xff\xff")))
	add("a directory of 65535 entries", segment(0xE1, []byte("Exif\x00\x00II\x2a\x00\x08\x00\x00\x00\xff\xff")))
	add("a directory that leads to itself", segment(0xE1, []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x00\x00\x00\x00\x08")))
	add("XMP with a script", segment(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>"+script+"</x:xmpmeta>")))
	add("XMP with an entity", segment(0xE1, []byte(`http://ns.adobe.com/xap/1.0/`+"\x00"+`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>`)))
	add("a thumbnail that is another picture", segment(0xE1, append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00"), raw...)))
	add("Photoshop's record with a path", segment(0xED, []byte("Photoshop 3.0\x008BIM"+evil)))
	add("a colour profile of rubbish", segment(0xE2, []byte("ICC_PROFILE\x00\x01\x01"+evil)))
	add("a mark of Adobe that lies", segment(0xEE, []byte("Adobe\x00\x64\x00\x00\x00\x00\x07")))
	return list
}

// truncated are good pictures that end too early.
func truncated(t *testing.T) (list []hostile) {
	t.Helper()
	for name, raw := range map[string][]byte{"photo.jpg": photo(t), "photo.png": drawing(t)} {
		for part := range 10 {
			at := max(1, len(raw)*part/10)
			list = append(list, hostile{fmt.Sprintf("%s cut off at %d of %d bytes", name, at, len(raw)), name, raw[:at], mustRefuse, 0})
		}
		list = append(list, hostile{name + " without its last byte", name, raw[:len(raw)-1], mustRefuse, 0})
	}
	return list
}

// named are good pictures whose names mean harm.
func named(t *testing.T) (list []hostile) {
	t.Helper()
	for _, name := range []string{
		"../../../../etc/passwd", `..\..\..\evil.exe`, "/etc/cron.d/evil", `C:\Windows\System32\evil.dll`, `\\evil\share\x.jpg`, "evil.jpg\x00.php",
		"evil.php", "evil.jpg.exe", "evil.svg", "evil.html", ".htaccess-evil", "..", ".", "", " ", "CON", "NUL.jpg", "aux", "evil:stream.jpg", "evil.jpg::$DATA",
		"evil;rm -rf ~.jpg", "$(touch evil).jpg", "`touch evil`.jpg", "evil|calc.jpg", "evil\u202egpj.exe", "<img src=x onerror=alert(1)>.jpg",
		`evil"; filename="x.php`, strings.Repeat("evil", 5000) + ".jpg", "%2e%2e%2fevil", "..%c0%afevil", "=HYPERLINK(evil).jpg", "meixu.db", "-rf evil",
	} {
		list = append(list, hostile{fmt.Sprintf("name %.40q (%d)", name, len(name)), name, photo(t), either, 0})
	}
	return list
}
