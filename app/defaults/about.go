package defaults

import (
	"encoding/json"
	"fmt"
)

// About describes the items of one kind, or one item by its code (row:E1). The texts are the
// product's own general words; a physician of the house reads them before they count as hers.
type About struct {
	Key          string    `json:"key"`           // code of an item or a kind
	Scope        string    `json:"scope"`         // surgery, dentistry, dermatology, tcm (REG-ORG-02)
	RecoveryDays int       `json:"recovery_days"` // how long one is visibly marked, usually
	ZH           AboutText `json:"zh"`
	EN           AboutText `json:"en"`
}

// AboutText is a description in one language.
type AboutText struct {
	Suitable string `json:"suitable"`
	// Unsuitable is said beside the dictionary of contraindications, where that has no word.
	Unsuitable string   `json:"unsuitable,omitempty"`
	Principle  string   `json:"principle"`
	Steps      []string `json:"steps"`
	Recovery   string   `json:"recovery"`
}

type abouts map[string]About

func readAbouts() abouts {
	raw, err := catalogFiles.ReadFile("catalog/about.json")
	if err != nil {
		panic(fmt.Sprintf("defaults: %v", err))
	}
	var list []About
	if err := json.Unmarshal(raw, &list); err != nil {
		panic(fmt.Sprintf("defaults: about.json: %v", err))
	}
	byKey := abouts{}
	for _, a := range list {
		byKey[a.Key] = a
	}
	return byKey
}

// of is the description of the item itself, else that of its kind.
func (all abouts) of(code, kind string) About {
	if a, ok := all[code]; ok {
		return a
	}
	return all[kind]
}
