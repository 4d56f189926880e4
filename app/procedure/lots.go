package procedure

import (
	_ "embed"
	"encoding/json"
	"slices"

	"meixu/store"
)

//go:embed lot_kinds.json
var lotKindsFile []byte

// lotKinds are the kinds of product whose lot must be on record for whom it went into
// (REG-DEV-06, REG-DRG-04): drugs and class III devices. Gloves and gel are not.
var lotKinds = func() (kinds []string) {
	if err := json.Unmarshal(lotKindsFile, &kinds); err != nil {
		panic("procedure: lot_kinds.json: " + err.Error())
	}
	return kinds
}()

// WantsLot says that the item itself calls for product whose lot must be recorded; what the
// kind of the item calls for stands in the SOP's template.
func WantsLot(r *store.Read, item store.Item) (bool, error) {
	tracked, err := r.TrackedKinds()
	for _, use := range item.ProductKinds {
		for _, kind := range tracked[use] {
			if slices.Contains(lotKinds, kind) {
				return true, err
			}
		}
	}
	return false, err
}
