// Package defaults holds what the product brings along as version 1: the SOP, forms,
// documents, catalogue, phrase rules and aftercare guides (rulings 13). The clinic changes its
// own copies in the database.
package defaults

import (
	"embed"
	"slices"

	"meixu/app/words"
)

//go:embed aftercare/*.json
var careFiles embed.FS

// Care is what a client is told and asked after a kind of treatment (aftercare.md). The
// clinic's lead physician has to approve it before use.
type Care struct {
	Code       string      `json:"code"` // AC-BTX
	Title      words.Text  `json:"title"`
	Sources    string      `json:"sources"`    // S-numbers of aftercare.md
	Confidence string      `json:"confidence"` // high, medium, low
	Note       string      `json:"note,omitempty"`
	Stages     []CareStage `json:"stages"`
	RedFlags   []RedFlag   `json:"red_flags"`
	Questions  []string    `json:"questions"` // must be asked at each follow-up
	Photos     CarePhotos  `json:"photos"`
	Limits     CareLimits  `json:"limits"`
	// Areas are the sentences that hold after a treatment of certain areas only, each with
	// the words of which one stands in the item's name or the treated area.
	Areas map[string][]string `json:"areas,omitempty"`
	// Repeat is the limit (injection, light) that the same treatment itself keeps: its time
	// is the interval of the catalogue item.
	Repeat string `json:"repeat,omitempty"`
}

// CareStage is what holds on a day (or from Day to Until) after the treatment.
type CareStage struct {
	Day    int      `json:"day"`
	Until  int      `json:"until,omitempty"`
	Points []string `json:"points"` // what the client is told
	Staff  []string `json:"staff,omitempty"`
}

// All is what staff read: what the client is told and what is asked and noted.
func (s CareStage) All() []string { return slices.Concat(s.Points, s.Staff) }

// Urgency says how soon a sign must be seen.
type Urgency string

// The urgencies: at once by an emergency card, on the same day, within a day.
const (
	AtOnce    Urgency = "now"
	SameDay   Urgency = "today"
	WithinDay Urgency = "24h"
)

// RedFlag is a group of signs and what follows from any of them.
type RedFlag struct {
	Signs   []string `json:"signs"`
	Urgency Urgency  `json:"urgency"`
	Action  string   `json:"action"`
	Cards   []string `json:"cards,omitempty"` // ESC-…
}

// CarePhotos says when photos are taken.
type CarePhotos struct {
	Text   string `json:"text"`
	Days   []int  `json:"days"`
	Before bool   `json:"before,omitempty"`
	After  bool   `json:"after,omitempty"` // immediately after the treatment
}

// CareLimits are the times until something is allowed again; physicians may change them.
type CareLimits struct {
	WaterHours    int `json:"water_hours"`
	MakeupHours   int `json:"makeup_hours"`
	ExerciseDays  int `json:"exercise_days"`
	AlcoholDays   int `json:"alcohol_days"`
	HeatDays      int `json:"heat_days"`
	SunDays       int `json:"sun_days"`
	LightDays     int `json:"light_days"`     // laser, light, radio frequency on the same area
	InjectionDays int `json:"injection_days"` // on the same area
	MassageDays   int `json:"massage_days"`
}

// CareQuestion is a question asked at every follow-up, whatever was done.
type CareQuestion struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// CareOutcome is a conclusion of a follow-up: normal, guidance, review, red_flag.
type CareOutcome struct {
	Code  string     `json:"code"`
	Title words.Text `json:"title"`
}

// CareCommon holds for all templates (aftercare.md section 0).
type CareCommon struct {
	Points     []string       `json:"points"`
	Questions  []CareQuestion `json:"questions"`
	Outcomes   []CareOutcome  `json:"outcomes"`
	Attempts   int            `json:"attempts"` // unanswered calls after which the manager hears of it
	PhotoViews []string       `json:"photo_views"`
}

// Card is an emergency card ESC-*: what to do, in this order, and how fast it must be
// answered. Doses are reminders; the physician decides.
type Card struct {
	Code          string     `json:"code"`
	Title         words.Text `json:"title"`
	Confidence    string     `json:"confidence"`
	Sources       string     `json:"sources,omitempty"`
	Steps         []string   `json:"steps"`
	Kit           []string   `json:"kit,omitempty"` // what must lie ready
	Call120       bool       `json:"call_120"`
	AnswerMinutes int        `json:"answer_minutes"`
}

var (
	careSheet = readCare()
	cardSheet = readCards()
)

type careFile struct {
	Common    CareCommon `json:"common"`
	Templates []Care     `json:"templates"`
}

type cardFile struct {
	Rules []string `json:"rules"`
	Cards []Card   `json:"cards"`
}

func readCare() (f careFile)  { readJSON(careFiles, "aftercare/care.json", &f); return f }
func readCards() (f cardFile) { readJSON(careFiles, "aftercare/cards.json", &f); return f }

// Cares lists all care templates.
func Cares() []Care { return slices.Clone(careSheet.Templates) }

// CareOf gives the care template of a code (procedures.csv "care_template").
func CareOf(code string) (Care, bool) {
	at := slices.IndexFunc(careSheet.Templates, func(c Care) bool { return c.Code == code })
	if at < 0 {
		return Care{}, false
	}
	return careSheet.Templates[at], true
}

// CareRules are the questions, outcomes and habits common to all templates.
func CareRules() CareCommon { return careSheet.Common }

// Cards lists all emergency cards.
func Cards() []Card { return slices.Clone(cardSheet.Cards) }

// CardOf gives the emergency card of a code, ESC-VO.
func CardOf(code string) (Card, bool) {
	at := slices.IndexFunc(cardSheet.Cards, func(c Card) bool { return c.Code == code })
	if at < 0 {
		return Card{}, false
	}
	return cardSheet.Cards[at], true
}

// CardRules are the principles printed above every emergency card, in the language of a page.
func CardRules(lang words.Lang) []string { return saidAll(cardSheet.Rules, lang) }

// StagesOn lists what is told on a day: the stages that begin on it or contain it.
func (c Care) StagesOn(day int) []CareStage {
	var list []CareStage
	for _, s := range c.Stages {
		if s.Day == day || s.Day < day && day <= s.Until {
			list = append(list, s)
		}
	}
	return list
}
