package catalog

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/access"
	"meixu/app/defaults"
	"meixu/app/engine/licence"
	"meixu/app/fault"
	"meixu/store"
)

func complete() store.Item {
	return store.Item{
		Name: "光子嫩肤", Scope: "dermatology", Level: "none", Operator: "physician", RoomKind: "光电治疗室", Minutes: 30,
		Contraindications: []string{"妊娠"}, RecoveryDays: 0, PriceFen: 88000,
		About: store.ItemAbout{ZH: store.AboutText{Suitable: "成年人", Principle: "光热", Steps: []string{"清洁"}, Recovery: "数小时"}},
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	require.Empty(t, Missing(complete()))
	for field, spoil := range map[string]func(*store.Item){
		"scope":             func(i *store.Item) { i.Scope = "" },
		"operator":          func(i *store.Item) { i.Operator = "" },
		"room":              func(i *store.Item) { i.RoomKind = "" },
		"minutes":           func(i *store.Item) { i.Minutes = 0 },
		"suitable":          func(i *store.Item) { i.About.ZH.Suitable = "" },
		"contraindications": func(i *store.Item) { i.Contraindications = nil },
		"principle":         func(i *store.Item) { i.About.ZH.Principle = "" },
		"steps":             func(i *store.Item) { i.About.ZH.Steps = nil },
		"recovery":          func(i *store.Item) { i.About.ZH.Recovery = "" },
		"recovery_days":     func(i *store.Item) { i.RecoveryDays = -1 },
		"price":             func(i *store.Item) { i.PriceFen = 0 },
	} {
		i := complete()
		spoil(&i)
		require.Equal(t, []string{field}, Missing(i), field)
	}
}

func TestEveryDefaultItemIsComplete(t *testing.T) {
	t.Parallel()
	for _, d := range defaults.Items() {
		i := itemOf(d)
		require.Empty(t, Missing(i), d.Code)
		require.NotEmpty(t, i.About.EN.Suitable, d.Code)
		require.Len(t, i.About.EN.Steps, len(i.About.ZH.Steps), d.Code)
		require.False(t, d.Level != "none" && i.Scope != "surgery" && d.Category != "注射", d.Code)
	}
}

func TestHouseMay(t *testing.T) {
	t.Parallel()
	all := licence.House{Kind: defaults.Clinic, Scopes: Scopes}
	i := complete()
	require.NoError(t, MayHere(all, i))
	require.Equal(t, "REG-ORG-02, REG-ORG-07", ruleOf(MayHere(licence.House{Kind: defaults.Clinic, Scopes: []string{"surgery"}}, i)))
	i.Level, i.Scope = "2", "surgery"
	require.Equal(t, "REG-LVL-03, REG-LVL-07", ruleOf(MayHere(all, i)))
	i = complete()
	i.Scope = ""
	require.Error(t, mayOffer(i, all))
}

func ruleOf(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Rule
	}
	return ""
}

func TestDescriptionCheck(t *testing.T) {
	t.Parallel()
	good := Description{Name: "光子", Scope: "dermatology", Level: "none", Operator: "nurse", Minutes: 30, Sessions: 1, Contraindications: []string{"妊娠"}}
	require.Empty(t, good.check())
	for field, spoil := range map[string]func(*Description){
		"name":              func(d *Description) { d.Name = " " },
		"scope":             func(d *Description) { d.Scope = "magic" },
		"operator":          func(d *Description) { d.Level, d.Scope, d.Operator = "1", "surgery", "nurse" },
		"level":             func(d *Description) { d.Level = "9" },
		"minutes":           func(d *Description) { d.Minutes = 2 },
		"before":            func(d *Description) { d.Before = 241 },
		"after":             func(d *Description) { d.After = -1 },
		"sessions":          func(d *Description) { d.Sessions = 0 },
		"interval":          func(d *Description) { d.Sessions = 3 },
		"observe":           func(d *Description) { d.Observe = -1 },
		"recovery_days":     func(d *Description) { d.RecoveryDays = 400 },
		"contraindications": func(d *Description) { d.Contraindications = []string{"不存在的词"} },
	} {
		d := good
		spoil(&d)
		names := []string{}
		for _, f := range d.check() {
			names = append(names, f.Name)
		}
		require.True(t, slices.Contains(names, field), "%s: %v", field, names)
	}
	require.Error(t, Copied{Code: "bad code", Name: "x", Price: 1, Low: 1, High: 1}.check(access.Actor{}))
}
