package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
)

// sample draws a neutral picture that is nobody's photo: a face of simple shapes on grey,
// with the marks for "sample" in a corner. The number varies the tones.
func sample(n int, view string) []byte {
	const width, height = 480, 600
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{214, 218, 222, 255}), image.Point{}, draw.Src)
	tone := uint8(n * 7 % 30)
	skin := color.RGBA{236 - tone, 208 - tone, 188 - tone, 255}
	shift := map[string]float64{"left45": -36, "right45": 36, "left90": -64, "right90": 64}[view]
	disc(img, 240, 480, 150, 170, color.RGBA{176, 188, 196, 255})
	disc(img, 240, 210, 160, 180, color.RGBA{82, 72, 68, 255})
	disc(img, 240+shift/3, 270, 130, 168, skin)
	for _, side := range []float64{-1, 1} {
		disc(img, 240+shift+side*52, 248, 22, 9, color.RGBA{250, 250, 250, 255})
		disc(img, 240+shift+side*52, 248, 8, 8, color.RGBA{60, 48, 44, 255})
		disc(img, 240+shift+side*52, 222, 30, 4, color.RGBA{92, 78, 70, 255})
	}
	disc(img, 240+shift*1.2, 300, 10, 24, color.RGBA{224 - tone, 192 - tone, 172 - tone, 255})
	disc(img, 240+shift, 366, 38, 10, color.RGBA{196, 120, 116, 255})
	mark(img)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 82}); err != nil {
		panic(err) // a buffer takes everything
	}
	return out.Bytes()
}

// disc fills an ellipse.
func disc(img *image.RGBA, x, y, rx, ry float64, c color.RGBA) { //nolint:revive // an ellipse has a place, two radii and a colour
	for py := int(y - ry); py <= int(y+ry); py++ {
		span := 1 - math.Pow((float64(py)-y)/ry, 2)
		if span < 0 {
			continue
		}
		half := rx * math.Sqrt(span)
		draw.Draw(img, image.Rect(int(x-half), py, int(x+half)+1, py+1), image.NewUniform(c), image.Point{}, draw.Src)
	}
}

// glyphs are the two characters of "示例", 16 by 16, a bit a point.
var glyphs = [2][16]uint16{
	{0x0000, 0x3ff8, 0x0000, 0x0000, 0x0000, 0xfffe, 0x0100, 0x0100, 0x1110, 0x1108, 0x2104, 0x4102, 0x8102, 0x0100, 0x0500, 0x0200},
	{0x0804, 0x0be4, 0x0884, 0x1094, 0x1094, 0x31f4, 0x3114, 0x5214, 0x9294, 0x1554, 0x1054, 0x1094, 0x1084, 0x1104, 0x1214, 0x1408},
}

// mark writes "示例" across the lower edge.
func mark(img *image.RGBA) {
	const size = 5
	draw.Draw(img, image.Rect(0, 500, 480, 600), image.NewUniform(color.RGBA{255, 255, 255, 210}), image.Point{}, draw.Over)
	ink := image.NewUniform(color.RGBA{150, 40, 40, 255})
	for g, glyph := range glyphs {
		for y, row := range glyph {
			for x := range 16 {
				if row&(1<<(15-x)) == 0 {
					continue
				}
				px, py := 150+g*100+x*size, 510+y*size
				draw.Draw(img, image.Rect(px, py, px+size, py+size), ink, image.Point{}, draw.Src)
			}
		}
	}
}
