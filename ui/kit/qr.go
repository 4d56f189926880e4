package kit

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/datamatrix"
	"github.com/boombuler/barcode/qr"
)

// QR is a QR code or DataMatrix as an SVG path: one module is one unit, with a quiet border.
type QR struct {
	Path string
	Size int
}

const qrQuiet = 4 // modules of white border that scanners want

// NewQR draws the text.
func NewQR(text string) (QR, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return QR{}, err
	}
	return drawn(code, qrQuiet), nil
}

// matrixQuiet is the border in modules that scanners want around a DataMatrix.
const matrixQuiet = 2

// NewGS1 draws GS1 element strings (identifier and value, in ASCII) as a GS1 DataMatrix.
func NewGS1(elements string) (QR, error) {
	code, err := datamatrix.Encode(string([]byte{datamatrix.FNC1}) + elements)
	if err != nil {
		return QR{}, err
	}
	return drawn(code, matrixQuiet), nil
}

// drawn is a code of modules as a path, with a border of so many of them.
func drawn(code barcode.Barcode, quiet int) QR {
	size := code.Bounds().Dx()
	var b strings.Builder
	for y := range size {
		for x := range size {
			if color.GrayModel.Convert(code.At(x, y)) == (color.Gray{Y: 0}) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return QR{Path: b.String(), Size: size + 2*quiet}
}
