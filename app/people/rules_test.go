package people

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"meixu/app/defaults"
	"meixu/app/engine/licence"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/storetest"
	"meixu/store/term"
)

var checked = term.At(storetest.Start)

func ruleOf(err error) string {
	var e *fault.Error
	if errors.As(err, &e) {
		return e.Rule
	}
	return ""
}

func TestMayOperate(t *testing.T) {
	t.Parallel()
	toxin := store.Item{Name: "眉间纹", Level: "1", Kind: "botulinum", Operator: "lead_physician"}
	laser := store.Item{Name: "光子", Level: "none", Kind: "ipl", Operator: "physician"}
	care := store.Item{Name: "清洁", Level: "none", Kind: "skincare", Operator: "nurse"}
	lead := func() Facts {
		return Facts{
			Staff: store.Staff{ID: 1, Name: "陈医生", Active: true, Lead: true}, House: licence.House{Kind: defaults.Clinic}, Today: "2026-03-02",
			Licences: []store.Licence{{Kind: PaperPhysician, PlaceHere: true, ValidFrom: "2020-01-01", CheckedAt: checked}},
			Rights: map[string]store.StaffRight{
				"botulinum": {Level: RightIndependent}, "ipl": {Level: RightIndependent}, "skincare": {Level: RightIndependent},
			},
		}
	}
	nurse := func() Facts {
		f := lead()
		f.Staff.Lead = false
		f.Licences[0].Kind, f.Licences[0].ValidUntil = PaperNurse, "2026-03-02"
		return f
	}
	for name, c := range map[string]struct {
		facts  func() Facts
		change func(*Facts)
		item   store.Item
		want   string
	}{
		"lead physician":                 {lead, func(*Facts) {}, toxin, ""},
		"nobody":                         {lead, func(f *Facts) { f.Staff = store.Staff{} }, toxin, "REG-STF-01"},
		"works here no more":             {lead, func(f *Facts) { f.Staff.Active = false }, toxin, "REG-STF-04"},
		"no paper at all":                {lead, func(f *Facts) { f.Licences = nil }, toxin, "REG-STF-10"},
		"registered elsewhere":           {lead, func(f *Facts) { f.Licences[0].PlaceHere = false }, toxin, "REG-STF-04"},
		"suspended":                      {lead, func(f *Facts) { f.Licences[0].Suspended = true }, toxin, "REG-STF-04"},
		"ended yesterday":                {lead, func(f *Facts) { f.Licences[0].ValidUntil = "2026-03-01" }, toxin, "REG-STF-04"},
		"begins tomorrow":                {lead, func(f *Facts) { f.Licences[0].ValidFrom = "2026-03-03" }, toxin, "REG-STF-04"},
		"not checked by a second person": {lead, func(f *Facts) { f.Licences[0].CheckedAt = term.Instant{} }, toxin, "REG-STF-04"},
		"a second good paper helps": {lead, func(f *Facts) {
			good := f.Licences[0]
			f.Licences[0].Suspended = true
			f.Licences = append(f.Licences, good)
		}, toxin, ""},
		"assistant physician":             {lead, func(f *Facts) { f.Licences[0].Kind = PaperAssistant }, laser, "REG-STF-06"},
		"not a lead physician":            {lead, func(f *Facts) { f.Staff.Lead = false }, toxin, "REG-STF-01"},
		"lead registration suspended":     {lead, func(f *Facts) { f.Licences = append(f.Licences, store.Licence{Kind: PaperLead, Suspended: true}) }, toxin, "REG-STF-03"},
		"physician's item, no lead":       {lead, func(f *Facts) { f.Staff.Lead = false }, laser, ""},
		"no right":                        {lead, func(f *Facts) { delete(f.Rights, "ipl") }, laser, "REG-STF-04"},
		"right withdrawn":                 {lead, func(f *Facts) { f.Rights["ipl"] = store.StaffRight{Level: RightNone} }, laser, "REG-STF-04"},
		"still learning":                  {lead, func(f *Facts) { f.Rights["ipl"] = store.StaffRight{Level: RightLearning} }, laser, "REG-STF-04"},
		"right ended":                     {lead, func(f *Facts) { f.Rights["ipl"] = store.StaffRight{Level: RightIndependent, ValidUntil: "2026-03-01"} }, laser, "REG-STF-04"},
		"supervised without a lead":       {lead, func(f *Facts) { f.Rights["ipl"] = store.StaffRight{Level: RightSupervised} }, laser, "REG-STF-01"},
		"supervised with a lead":          {lead, func(f *Facts) { f.LeadHere = true; f.Rights["ipl"] = store.StaffRight{Level: RightSupervised} }, laser, ""},
		"nurse, nurse's item, last day":   {nurse, func(*Facts) {}, care, ""},
		"nurse's paper ended":             {nurse, func(f *Facts) { f.Licences[0].ValidUntil = "2026-03-01" }, care, "REG-STF-07"},
		"nurse, laser":                    {nurse, func(*Facts) {}, laser, "REG-STF-10"},
		"physician does a nurse's item":   {lead, func(*Facts) {}, care, ""},
		"no paper, nurse's item":          {lead, func(f *Facts) { f.Licences = nil }, care, "REG-STF-07"},
		"level 2 in a clinic":             {lead, func(*Facts) {}, store.Item{Level: "2", Kind: "botulinum", Operator: "lead_physician"}, "REG-LVL-03, REG-LVL-07"},
		"level 2 in an outpatient house":  {lead, func(f *Facts) { f.House.Kind = defaults.OutpatientAnaesth }, store.Item{Level: "2", Kind: "botulinum", Operator: "lead_physician"}, ""},
		"unknown kind of house: nothing":  {lead, func(f *Facts) { f.House.Kind = "salon" }, care, "REG-LVL-03, REG-LVL-07"},
		"consultant with other paper":     {lead, func(f *Facts) { f.Licences[0].Kind = PaperOther }, laser, "REG-STF-10"},
		"nurse not registered here":       {nurse, func(f *Facts) { f.Licences[0].PlaceHere = false }, care, "REG-STF-07"},
		"suspended physician's own nurse": {lead, func(f *Facts) { f.Licences[0].Suspended = true }, care, "REG-STF-07"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := c.facts()
			c.change(&f)
			o := Operator{Why: MayOperate(f, c.item)}
			require.Equal(t, c.want, ruleOf(o.Why))
			require.Equal(t, c.want == "", o.Brief() == "")
			if c.want != "" {
				require.NotContains(t, words.EN.T(o.Brief())+words.ZH.T(o.Brief()), "⟦", "each refusal is said in a few words too")
			}
		})
	}
}

func TestStateOf(t *testing.T) {
	t.Parallel()
	good := store.Licence{PlaceHere: true, CheckedAt: checked}
	for want, change := range map[Paper]func(*store.Licence){
		PaperGood: func(*store.Licence) {}, PaperEnding: func(l *store.Licence) { l.ValidUntil = "2026-08-28" },
		PaperGone: func(l *store.Licence) { l.ValidUntil = "2026-03-01" }, PaperSuspended: func(l *store.Licence) { l.Suspended = true },
		PaperAbroad: func(l *store.Licence) { l.PlaceHere = false }, PaperUnchecked: func(l *store.Licence) { l.CheckedAt = term.Instant{} },
	} {
		l := good
		change(&l)
		require.Equal(t, want, stateOf(l, "2026-03-02"))
	}
}
