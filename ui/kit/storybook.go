package kit

import (
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	"meixu/app/engine/banner"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store/term"
)

// sampleState is a state for samples that carries its own words key.
type sampleState string

// Key is the words key of the sample.
func (s sampleState) Key() string { return "kit.sample.state." + string(s) }

type storyView struct {
	Lang     words.Lang
	States   []sampleState
	Fields   []Field
	Edit     Edit
	Table    Table
	Empty    Empty
	Tiles    []Tile
	Tabs     []Tab
	Timeline []Event
	Clocks   []Clock
	Refusal  Refusal
}

// ClientBanner shows a sample client.
func (v storyView) ClientBanner() *banner.View {
	return &banner.View{
		ClientID: 1, Name: v.Lang.T("kit.sample.name"), Number: "M20260001", BirthYear: 1991, Age: 34, Gender: "female",
		Phone: "138****8817", Allergies: []string{v.Lang.T("kit.sample.allergy")}, Tier: v.Lang.T("kit.sample.tier"), DebtFen: 128000,
		PrivacyOK: true, Badges: []banner.Badge{{Key: "kit.sample.first", Tone: "info", Icon: "sparkles"}},
	}
}

// SOPStepper shows a sample visit.
func (v storyView) SOPStepper() *sop.Stepper {
	return &sop.Stepper{Stages: []sop.StepperStage{
		{ID: "S1", Title: v.Lang.T("kit.sample.stage.1"), State: "done", Minutes: 6},
		{ID: "S2", Title: v.Lang.T("kit.sample.stage.2"), State: "done", Minutes: 24},
		{ID: "S3", Title: v.Lang.T("kit.sample.stage.3"), State: "now", Minutes: 12, Missing: 2, Who: v.Lang.T("kit.sample.doctor")},
		{ID: "S4", Title: v.Lang.T("kit.sample.stage.4"), State: "blocked", Missing: 1},
		{ID: "S5", Title: v.Lang.T("kit.sample.stage.5"), State: "todo"},
		{ID: "S6", Title: v.Lang.T("kit.sample.stage.6"), State: "todo"},
	}}
}

var storyPage = New[storyView](widgets, "story/story.html")

// Storybook registers /kit, which shows every widget with samples; dev mode only.
func Storybook(r *Routes) {
	r.GET("/kit", access.Anyone, func(c echo.Context) error {
		return storyPage.Draw(c, http.StatusOK, "kit.sample.title", story(Who(c).Lang, setupOf(c)))
	})
}

func story(l words.Lang, s Setup) storyView {
	now := term.Instant{}
	if s.Now != nil {
		now = s.Now()
	}
	v := storyView{
		Lang:   l,
		States: []sampleState{"unconfirmed", "confirmed", "arrived", "serving", "to_pay", "done", "no_show", "missing", "draft"},
		Fields: storyFields(l),
		Table:  storyTable(),
		Empty:  Empty{TitleKey: "kit.sample.empty", HintKey: "kit.sample.empty.hint", Icon: "calendar", Link: "#", ActionKey: "kit.sample.empty.do"},
		Tabs:   []Tab{{Key: "kit.sample.tab.1", Link: "#", Here: true, Count: 3}, {Key: "kit.sample.tab.2", Link: "#"}, {Key: "kit.sample.tab.3", Link: "#"}},
		Clocks: []Clock{{Since: now.Add(-8 * 60e9), Limit: 30}, {Since: now.Add(-17 * 60e9), Limit: 30}, {Since: now.Add(-41 * 60e9), Limit: 30}, {Since: now, Due: now.Add(95 * 60e9)}},
		Refusal: Refusal{
			Sentence: l.T("kit.sample.refusal"), Who: l.T("kit.sample.doctor"), Where: "#", Rule: "REG-CON-03", Request: "8f2c1a",
		},
	}
	var bad fault.Fields
	bad.Add("price", "kit.bad.money")
	v.Edit = Edit{Action: "/kit", DraftKey: "kit-sample", CancelURL: "/kit", Fields: v.Fields}.Filled(nil, bad)
	v.Tiles = []Tile{
		{Key: "kit.sample.tile.1", Icon: "phone-incoming", Value: "96", Unit: "%", Note: l.T("kit.sample.tile.note"), Link: "#", Tone: "good", Trend: []float64{82, 88, 85, 91, 93, 90, 96}},
		{Key: "kit.sample.tile.2", Icon: "heart-handshake", Value: "91", Unit: "%", Note: l.T("kit.sample.tile.note"), Link: "#", Tone: "warn", Trend: []float64{97, 96, 95, 96, 93, 92, 91}},
		{Key: "kit.sample.tile.3", Icon: "receipt-yuan", Value: "¥38,420", Link: "#", Note: l.T("kit.sample.tile.note"), Trend: []float64{20, 31, 28, 34, 30, 41, 38}},
		{Key: "kit.sample.tile.4", Icon: "database", Value: "02:10", Link: "#", Tone: "good", Note: l.T("kit.sample.tile.note")},
	}
	v.Timeline = []Event{
		{At: now.Add(-90 * 60e9), Key: "kit.sample.stage.1", Who: l.T("kit.sample.doctor"), Icon: "map-pin", Tone: "good"},
		{At: now.Add(-60 * 60e9), Key: "kit.sample.stage.2", Who: l.T("kit.sample.doctor"), Icon: "message-2-heart"},
		{At: now.Add(-20 * 60e9), Key: "kit.sample.stage.4", Text: l.T("kit.sample.refusal"), Icon: "ban", Tone: "danger"},
	}
	return v
}

func storyFields(l words.Lang) []Field {
	return []Field{
		{Name: "name", Kind: Text, LabelKey: "kit.sample.f.name", Required: true, Value: l.T("kit.sample.name")},
		{Name: "phone", Kind: Phone, LabelKey: "kit.sample.f.phone", HelpKey: "kit.sample.f.phone.help"},
		{Name: "born", Kind: Day, LabelKey: "kit.sample.f.born"},
		{Name: "price", Kind: Money, LabelKey: "kit.sample.f.price", Value: "12.345"},
		{Name: "units", Kind: Number, LabelKey: "kit.sample.f.units", Unit: "U", Value: "20"},
		{Name: "source", Kind: Select, LabelKey: "kit.sample.f.source", Options: []Option{{Value: "a", LabelKey: "kit.sample.tab.1"}, {Value: "b", LabelKey: "kit.sample.tab.2"}}},
		{Name: "dose", Kind: Chips, LabelKey: "kit.sample.f.dose", Value: "20", Options: []Option{{Value: "10", Label: "10 U"}, {Value: "20", Label: "20 U"}, {Value: "50", Label: "50 U"}}},
		{Name: "asked", Kind: Radio, LabelKey: "kit.sample.f.asked", Options: []Option{{Value: "y", LabelKey: "kit.sample.yes"}, {Value: "n", LabelKey: "kit.sample.no"}}},
		{Name: "agree", Kind: Check, LabelKey: "kit.sample.f.agree"},
		{Name: "note", Kind: Area, LabelKey: "kit.sample.f.note", Wide: true, Phrases: true},
		{Name: "strokes", Kind: Sign, LabelKey: "kit.sample.f.sign", Wide: true, Required: true},
		{Name: "photos", Kind: Photo, LabelKey: "kit.sample.f.photo", Wide: true, Many: true},
	}
}

func storyTable() Table {
	t := Table{
		Columns: []Column{{Key: "kit.sample.f.name"}, {Key: "kit.sample.f.source"}, {Key: "kit.sample.f.price", Num: true}},
		Pager:   &Pager{Page: 2, Size: 20, Total: 61, Path: "/kit", Query: url.Values{}},
	}
	for i, s := range []sampleState{"arrived", "serving", "to_pay", "done", "missing"} {
		t.Rows = append(t.Rows, Row{Link: "#", Cells: []Cell{
			{Key: "kit.sample.name", Sub: "M2026000" + string(rune('1'+i)) + " · 1991 · 138****8817"},
			{State: s},
			{Text: term.Fen(128000 * (i + 1)).String(), Num: true},
		}})
	}
	return t
}
