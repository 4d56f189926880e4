package catalog

import (
	"slices"
	"strings"

	"meixu/app/defaults"
	"meixu/app/fault"
	"meixu/store"
)

// SettingScopes lists the subjects that the house registered, as "surgery,dermatology".
const SettingScopes = "clinic.scopes"

// DefaultScopes are taken as registered where the setting was never saved.
const DefaultScopes = "surgery,dermatology,dentistry,tcm"

// settingKind is the setting that names the kind of house by its licence.
const settingKind = "clinic.kind"

// House is what decides which items may be done here at all.
type House struct {
	Kind   defaults.Institution
	Scopes []string // registered subjects (REG-ORG-02)
}

// HouseOf reads the kind of the house and its registered subjects.
func HouseOf(r *store.Read) (House, error) {
	h := House{Kind: defaults.Clinic}
	kind, err := r.Setting(settingKind)
	if err != nil {
		return h, err
	}
	if kind != "" {
		h.Kind = defaults.Institution(kind)
	}
	scopes, err := r.Setting(SettingScopes)
	if scopes == "" {
		scopes = DefaultScopes
	}
	h.Scopes = strings.Split(scopes, ",")
	return h, err
}

// May refuses an item whose level this kind of house may not perform (REG-LVL-03, REG-LVL-07)
// or whose subject it has not registered (REG-ORG-02, REG-ORG-07).
func (h House) May(i store.Item) error {
	if !defaults.LevelAllowed(h.Kind, i.Level) {
		return fault.Refuse("REG-LVL-03, REG-LVL-07", "catalog.refuse.level", i.Name, fault.Word("catalog.level."+i.Level)).
			Ask("manager").At("/admin/settings")
	}
	if i.Scope != "" && !slices.Contains(h.Scopes, i.Scope) {
		return fault.Refuse("REG-ORG-02, REG-ORG-07", "catalog.refuse.scope", i.Name, fault.Word("catalog.scope."+i.Scope)).
			Ask("owner").At("/admin/settings")
	}
	return nil
}

func offerable(r *store.Read, i store.Item) error {
	h, err := HouseOf(r)
	if err != nil {
		return err
	}
	return mayOffer(i, h)
}
