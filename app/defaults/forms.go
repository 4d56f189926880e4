package defaults

import (
	"embed"
	"io/fs"
	"sync"

	"meixu/app/engine/form"
)

//go:embed forms contraindications.json
var formFiles embed.FS

// FormFiles are the embedded form templates and the contraindication dictionary.
func FormFiles() fs.FS { return formFiles }

// Forms are the first editions of the clinic's forms: F1–F9, F11 and F15–F20 (rulings 28),
// to be approved by the clinic's lead physician before use.
func Forms() []form.Template { return forms() }

var forms = sync.OnceValue(func() []form.Template {
	all, err := form.Library(formFiles)
	if err != nil {
		panic(err)
	}
	return all
})

// Contraindications is the dictionary of csv_notes.md section 1.1.
func Contraindications() form.Dictionary { return contraindications() }

var contraindications = sync.OnceValue(func() form.Dictionary {
	d, err := form.ReadDictionary(formFiles)
	if err != nil {
		panic(err)
	}
	return d
})

// procedureForms says which procedure record (F7) belongs to a kind of procedures.csv.
var procedureForms = map[string]string{
	"botulinum": "F7-BTX", "filler_ha": "F7-HA", "filler_nonha": "F7-HA", "mesotherapy": "F7-INJ",
	"dissolve": "F7-INJ", "injection": "F7-INJ", "ipl": "F7-LASER", "laser_pigment": "F7-LASER",
	"laser_frac": "F7-LASER", "laser_vascular": "F7-LASER", "laser_ablative": "F7-LASER",
	"hair_removal": "F7-LASER", "light": "F7-LASER", "rf": "F7-RF", "microneedle": "F7-MN",
	"hifu": "F7-HIFU", "cryo": "F7-CRYO", "pdt": "F7-PDT", "exam": "F7-CARE", "skincare": "F7-CARE",
	"dressing": "F7-CARE", "peel": "F7-PEEL", "thread": "F7-THREAD", "surgery": "F7-SURG",
	"hairgraft": "F7-SURG", "liposuction": "F7-LIPO", "fatgraft": "F7-LIPO", "dental": "F7-DENT",
	"tcm": "F7-TCM",
}

// ProcedureForm is the code of the procedure record for a kind of procedure.
func ProcedureForm(kind string) (code string, ok bool) {
	code, ok = procedureForms[kind]
	return code, ok
}

// FollowUpForm is the code of the follow-up form of a care template: AC-HA has F8-AC-HA.
func FollowUpForm(care string) string { return "F8-" + care }
