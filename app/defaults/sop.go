package defaults

import (
	"embed"

	"meixu/app/engine/sop"
)

//go:embed sop/clinic.json
var sopFiles embed.FS

// SOP is the first edition of the clinic's SOP: all steps of domain/sop.md S1–S7, the
// doors, what the kinds of items bring with them, and the 23 touch points.
func SOP() *sop.Template {
	raw, err := sopFiles.ReadFile("sop/clinic.json")
	if err != nil {
		panic(err)
	}
	t, err := sop.Parse(raw)
	if err != nil {
		panic(err)
	}
	return t
}
