package catalog

import (
	"slices"
	"strings"

	"meixu/app/defaults"
	"meixu/app/engine/licence"
	"meixu/app/fault"
	"meixu/store"
)

// Scopes are the registered subjects under which items fall (REG-ORG-02).
var Scopes = []string{"surgery", "dermatology", "dentistry", "tcm"}

// Levels of an item as the law counts them (REG-LVL-01).
var Levels = []string{"none", "1", "2", "3", "4"}

// Operators are who may perform an item, from the strictest.
var Operators = []string{"lead_physician", "physician", "nurse"}

// Missing names the fields without which an item must not be on sale (row:E1): under which
// subject it falls, for whom it is and for whom not, how it works, its steps and its recovery.
func Missing(i store.Item) (fields []string) {
	about := i.About.ZH
	for _, f := range []struct {
		name  string
		there bool
	}{
		{"scope", slices.Contains(Scopes, i.Scope)},
		{"operator", slices.Contains(Operators, i.Operator)},
		{"room", i.RoomKind != ""},
		{"minutes", i.Minutes > 0},
		{"suitable", about.Suitable != ""},
		{"contraindications", len(i.Contraindications) > 0 || about.Unsuitable != ""},
		{"principle", about.Principle != ""},
		{"steps", len(about.Steps) > 0},
		{"recovery", about.Recovery != ""},
		{"recovery_days", i.RecoveryDays >= 0},
		{"price", i.PriceFen > 0},
	} {
		if !f.there {
			fields = append(fields, f.name)
		}
	}
	return fields
}

// mayOffer refuses to put an item on sale that is incomplete (row:E1), or that the house may
// not perform.
func mayOffer(i store.Item, h licence.House) error {
	if err := absent(i, nil).Err(); err != nil {
		return err
	}
	return MayHere(h, i)
}

// absent are the missing fields as faults, without those that are wrong already.
func absent(i store.Item, wrong fault.Fields) (f fault.Fields) {
	for _, name := range Missing(i) {
		if _, known := wrong.Of(name); !known {
			f.Add(name, "catalog.missing."+name)
		}
	}
	return f
}

// check names every wrong field of a description. A level wants a lead physician (REG-STF-01),
// and a nurse performs only what defaults let her.
func (in Description) check() fault.Fields {
	f := slices.Clone(in.Shape)
	bad := func(wrong bool, field, key string) {
		if _, known := f.Of(field); wrong && !known {
			f.Add(field, key)
		}
	}
	bad(strings.TrimSpace(in.Name) == "", "name", "catalog.wrong.name")
	bad(in.Scope != "" && !slices.Contains(Scopes, in.Scope), "scope", "kit.bad.choice")
	bad(!slices.Contains(Levels, in.Level), "level", "kit.bad.choice")
	bad(!slices.Contains(Operators, in.Operator), "operator", "kit.bad.choice")
	bad(in.Level != "none" && in.Operator != "lead_physician", "operator", "catalog.wrong.operator")
	bad(in.Level != "none" && in.Scope != "" && in.Scope != "surgery", "level", "catalog.wrong.level")
	bad(in.Minutes < 5 || in.Minutes > 8*60, "minutes", "catalog.wrong.minutes")
	bad(in.Before < 0 || in.Before > mostBuffer, "before", "catalog.wrong.buffer")
	bad(in.After < 0 || in.After > mostBuffer, "after", "catalog.wrong.buffer")
	bad(in.Sessions < 1 || in.Sessions > 50, "sessions", "catalog.wrong.sessions")
	bad(in.Interval < 0 || in.Interval > 730, "interval", "catalog.wrong.interval")
	bad(in.Sessions > 1 && in.Interval == 0, "interval", "catalog.wrong.interval.course")
	bad(in.Observe < 0 || in.Observe > 24*60, "observe", "catalog.wrong.observe")
	bad(in.RecoveryDays < -1 || in.RecoveryDays > 365, "recovery_days", "catalog.wrong.recovery_days")
	for _, w := range in.Contraindications {
		_, known := defaults.Contraindications().Word(w)
		bad(!known, "contraindications", "kit.bad.choice")
	}
	return f
}

// mostBuffer bounds the minutes before and after an item.
const mostBuffer = 240
