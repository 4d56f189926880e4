package crm

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/store"
	"meixu/store/term"
)

const today = term.Day("2026-03-02")

func good() NewClient {
	return NewClient{Name: "林晚秋", Phone: "13800008817", Gender: "female", Birth: "1994-05-06", Source: "walk_in"}
}

func TestPhonesHaveOneForm(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"138 0000 8817": "13800008817", "138-0000-8817": "13800008817", "+86 13800008817": "13800008817",
		"１３８００００８８１７": "13800008817", "+1 415 5550100": "+14155550100", "0571-88886666": "057188886666", "": "",
	} {
		require.Equal(t, want, Phone(typed), typed)
		require.Equal(t, typed != "", goodPhone(Phone(typed)), typed)
	}
	for _, bad := range []string{"123", "23800008817", "1380000881", "138000088171"} {
		require.False(t, goodPhone(bad), bad)
	}
}

func TestANewClientIsChecked(t *testing.T) {
	t.Parallel()
	require.Empty(t, good().check(today))
	cases := map[string]struct {
		change func(*NewClient)
		field  string
	}{
		"a name of one character":            {func(c *NewClient) { c.Name = "林" }, "name"},
		"a gender nobody knows":              {func(c *NewClient) { c.Gender = "x" }, "gender"},
		"a birth day after today":            {func(c *NewClient) { c.Birth = "2026-03-03" }, "birth"},
		"no birth day":                       {func(c *NewClient) { c.Birth = "" }, "birth"},
		"a phone that is none":               {func(c *NewClient) { c.Phone = "123" }, "phone"},
		"a source nobody knows":              {func(c *NewClient) { c.Source = "tv" }, "source"},
		"a document compared without a kind": {func(c *NewClient) { c.IDChecked = true }, "id_kind"},
		"a card with a wrong check digit":    {func(c *NewClient) { c.IDKind, c.IDNumber = "id_card", "110105194912310021" }, "id_number"},
		"a card with another birth day":      {func(c *NewClient) { c.IDKind, c.IDNumber = "id_card", "11010519491231002X" }, "id_number"},
		"a card of the other sex": {func(c *NewClient) {
			c.IDKind, c.IDNumber, c.Gender = "id_card", "11010519491231002X", "male"
			c.Birth = "1949-12-31"
		}, "id_number"},
		"a passport with signs":    {func(c *NewClient) { c.IDKind, c.IDNumber = "passport", "E12#4567" }, "id_number"},
		"a minor without guardian": {func(c *NewClient) { c.Birth = "2010-01-01" }, "guardian_name"},
		"her own guardian": {func(c *NewClient) {
			c.Guardian = store.Contact{Name: c.Name + " ", Relation: "本人", Phone: "13900139000"}
		}, "guardian_name"},
		"a guardian whom nobody sees": {func(c *NewClient) {
			c.Guardian = store.Contact{Name: "\u3164\u3164", Relation: "父亲", Phone: "13900139000"}
		}, "guardian_name"},
		"a relation that nobody sees": {func(c *NewClient) {
			c.Guardian = store.Contact{Name: "林父", Relation: "\u200d", Phone: "13900139000"}
		}, "guardian_relation"},
		"a guardian without phone": {func(c *NewClient) { c.Guardian = store.Contact{Name: "林父", Relation: "父亲"} }, "guardian_phone"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := good()
			c.change(&in)
			_, found := in.check(today).Of(c.field)
			require.True(t, found, "%v", in.check(today))
		})
	}
}

func TestBothTextsMustBeSigned(t *testing.T) {
	t.Parallel()
	pen := `[[[10,10,0],[20,30,1],[40,12,2],[60,40,3],[80,20,4],[100,44,5],[120,22,6],[140,50,7],[160,30,8]]]`
	other := strings.ReplaceAll(pen, "60,40,3", "60,44,3")
	cases := []struct {
		strokes  Strokes
		guardian bool
		rule     string
		birth    term.Day
	}{
		{Strokes{}, false, "REG-PII-01", ""},
		{Strokes{Privacy: pen}, false, "REG-PII-01", ""},
		{Strokes{Health: pen}, false, "REG-PII-01", ""},
		{Strokes{Privacy: pen, Health: "[[[1,1,0]]]"}, false, "REG-PII-01", ""},
		{Strokes{Privacy: pen, Health: pen}, true, "REG-CON-04", ""},
		{Strokes{Privacy: pen, Health: pen, GuardianPrivacy: pen}, true, "REG-CON-04", ""},
		{Strokes{Privacy: pen, Health: pen}, false, "", ""},
		{Strokes{Privacy: pen, Health: pen, GuardianPrivacy: other, GuardianHealth: other}, true, "", ""},
		{Strokes{Privacy: pen, Health: pen, GuardianPrivacy: other, GuardianHealth: " " + pen}, true, "REG-CON-04", ""},
		{Strokes{GuardianPrivacy: pen, GuardianHealth: pen}, true, "REG-PII-01", "2018-03-02"},
		{Strokes{GuardianPrivacy: pen, GuardianHealth: pen}, true, "", "2018-03-03"},
		{Strokes{Privacy: pen, Health: pen, GuardianPrivacy: pen}, true, "REG-CON-04", "2018-03-03"},
	}
	for i, c := range cases {
		who := store.Client{Birth: c.birth}
		if c.guardian {
			who.Guardian.Name = "林父"
		}
		err := c.strokes.signed(who, "2026-03-02")
		if c.rule == "" {
			require.NoError(t, err, i)
			continue
		}
		require.ErrorContains(t, err, c.rule, i)
	}
}

func TestALeadHoldsNothingMedicalAndIsChecked(t *testing.T) {
	t.Parallel()
	in := NewLead{Name: "周女士", Phone: "138 0000 8818", Channel: "phone", Need: "光子嫩肤"}
	in.trim()
	require.Empty(t, in.check())
	bad := NewLead{Channel: "fax"}
	fields := bad.check()
	for _, name := range []string{"name", "phone", "channel"} {
		_, found := fields.Of(name)
		require.True(t, found, name)
	}
}
