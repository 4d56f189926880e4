package media_test

import (
	"bytes"
	"encoding/base64"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/engine/media"
)

// FuzzTR25Picture cleans any bytes: what is taken is a JPEG within its bounds that decodes.
func FuzzTR25Picture(f *testing.F) {
	var whole, drawn bytes.Buffer
	require.NoError(f, jpeg.Encode(&whole, picture(16, 12), nil))
	require.NoError(f, png.Encode(&drawn, picture(9, 7)))
	for _, text := range []string{
		"UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==", "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA",
		"UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7mtQAAAA==",
	} {
		raw, err := base64.StdEncoding.DecodeString(text)
		require.NoError(f, err)
		f.Add(raw)
	}
	f.Add(whole.Bytes())
	f.Add(drawn.Bytes())
	f.Add(withEXIF(whole.Bytes(), 6))
	f.Add(bomb(7000, 7000))
	f.Add([]byte("GIF89a"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := media.Clean(raw)
		if err != nil {
			return
		}
		for _, part := range [][]byte{p.JPEG, p.Thumb} {
			m, err := jpeg.Decode(bytes.NewReader(part))
			require.NoError(t, err)
			require.LessOrEqual(t, max(m.Bounds().Dx(), m.Bounds().Dy()), media.Kept)
		}
	})
}
