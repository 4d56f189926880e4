package licence

import (
	"cmp"
	"slices"
	"strings"

	"meixu/app/defaults"
	"meixu/store"
)

// Settings that say what the house's own licence allows.
const (
	SettingKind   = "clinic.kind"   // kind of institution, a defaults.Institution
	SettingScopes = "clinic.scopes" // registered subjects, as "surgery,dermatology"
)

// DefaultScopes are taken as registered where the setting was never saved.
const DefaultScopes = "surgery,dermatology,dentistry,tcm"

// House is what the licence of the house allows (REG-ORG-02, REG-LVL-03).
type House struct {
	Kind   defaults.Institution
	Scopes []string // registered subjects
}

// HouseOf reads what the house's own licence allows: that of a plain clinic unless set. A page
// asks once.
func HouseOf(r *store.Read) (House, error) {
	return store.Recall(r, houseKey{}, func() (House, error) {
		set, err := r.SettingsUnder("clinic.")
		return House{
			Kind:   defaults.Institution(cmp.Or(set[SettingKind], string(defaults.Clinic))),
			Scopes: strings.Split(cmp.Or(set[SettingScopes], DefaultScopes), ","),
		}, err
	})
}

type houseKey struct{}

// Performs says whether this kind of house may do items of the level (REG-LVL-03, REG-LVL-07).
func (h House) Performs(level string) bool { return defaults.LevelAllowed(h.Kind, level) }

// Registered says whether the house registered the subject (REG-ORG-02, REG-ORG-07). An item
// without one asks for none.
func (h House) Registered(scope string) bool { return scope == "" || slices.Contains(h.Scopes, scope) }
