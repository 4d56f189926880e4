package message

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"meixu/app/defaults"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

var texts = defaults.Messages()

// Text is the template of one kind of message as it stands.
type Text struct {
	Kind  string `json:"-"`
	Class string `json:"-"`
	On    bool   `json:"on"`
	ZH    string `json:"zh"`
	EN    string `json:"en"`
}

// Places are what a template may name; nothing of them tells what is done.
var Places = []string{"name", "clinic", "day", "time", "staff", "phone", "times"}

func settingOf(kind string) string { return "message.template." + kind }

// Template reads the template of a kind: as the manager saved it, else as the product brings it.
func Template(r *store.Read, kind string) (Text, error) {
	usual, known := texts.Templates[kind]
	if !known {
		return Text{}, fmt.Errorf("message: unknown kind %q", kind)
	}
	t := Text{Kind: kind, Class: usual.Class, On: true, ZH: usual.ZH, EN: usual.EN}
	saved, err := r.Setting(settingOf(kind))
	if err != nil || saved == "" {
		return t, err
	}
	return t, json.Unmarshal([]byte(saved), &t)
}

// Templates lists all templates in the order of the page.
func Templates(r *store.Read) (list []Text, err error) {
	for _, kind := range Kinds {
		t, err := Template(r, kind)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

// SaveTemplate is the step that saves the template of a kind.
func SaveTemplate(tx *store.Tx, t Text) error {
	if err := t.check(tx.Read); err != nil {
		return err
	}
	saved, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return tx.SaveSetting(settingOf(t.Kind), string(saved))
}

var place = regexp.MustCompile(`\{(\w*)\}`)

// longText is the most characters of a text: two parts of an SMS.
const longText = 130

// check: only known places, the clinic always named, no medical word and no item of the catalogue,
// and in marketing the way to refuse (REG-ADV-16).
func (t Text) check(r *store.Read) error {
	usual, known := texts.Templates[t.Kind]
	if !known {
		return fault.NotFound("template")
	}
	items, err := r.Items(false)
	if err != nil {
		return err
	}
	names := slices.Clone(texts.Medical)
	for _, i := range items {
		names = append(names, i.Name, i.NameEN)
	}
	var f fault.Fields
	for _, one := range []struct{ field, text, refuse string }{
		{"zh", t.ZH, texts.Unsubscribe.ZH}, {"en", t.EN, texts.Unsubscribe.EN},
	} {
		low := strings.ToLower(one.text)
		for _, m := range place.FindAllStringSubmatch(one.text, -1) {
			if !slices.Contains(Places, m[1]) {
				f.Add(one.field, "message.template.place", m[0])
			}
		}
		switch n := utf8.RuneCountInString(one.text); {
		case n < 10 || n > longText:
			f.Add(one.field, "message.template.long", longText)
		case !strings.Contains(one.text, "{clinic}"):
			f.Add(one.field, "message.template.clinic")
		case usual.Class == Marketing && !strings.Contains(low, strings.ToLower(one.refuse)):
			f.Add(one.field, "message.template.refuse", one.refuse)
		}
		for _, word := range names {
			if word != "" && strings.Contains(place.ReplaceAllString(low, ""), strings.ToLower(word)) {
				f.Add(one.field, "message.template.medical", word)
				break
			}
		}
	}
	return f.Err()
}

// fill prints the text and lists what was put in, in the order of the text.
func (t Text) fill(lang words.Lang, facts map[string]string) (string, []store.Fact) {
	text := words.Text{ZH: t.ZH, EN: t.EN}.In(lang)
	var list []store.Fact
	return place.ReplaceAllStringFunc(text, func(found string) string {
		name := strings.Trim(found, "{}")
		list = append(list, store.Fact{Name: name, Value: facts[name]})
		return facts[name]
	}), list
}

// Registered is the text as an SMS company wants it registered: ${name} for Aliyun, {1} for Tencent.
func (t Text) Registered(numbered bool) string {
	n := 0
	return place.ReplaceAllStringFunc(t.ZH, func(found string) string {
		if n++; numbered {
			return "{" + strconv.Itoa(n) + "}"
		}
		return "$" + found
	})
}

// factsOf are what may stand in a text to the person about the appointment, if any.
func factsOf(r *store.Read, to person, a store.Appointment) (map[string]string, error) {
	facts := map[string]string{"name": to.title(), "staff": texts.Somebody.In(to.lang)}
	for name, setting := range map[string]string{"clinic": "clinic.name", "phone": "clinic.phone"} {
		text, err := r.Setting(setting)
		if err != nil {
			return nil, err
		}
		facts[name] = text
	}
	if facts["phone"] == "" {
		facts["phone"] = texts.Desk.In(to.lang)
	}
	if a.StartsAt.IsZero() {
		return facts, nil
	}
	facts["day"], facts["time"] = dayOf(a.StartsAt.Time().In(r.Zone()), to.lang), a.StartsAt.Clock(r.Zone())
	if a.Staff != 0 {
		s, err := r.Staff(a.Staff)
		if err != nil {
			return nil, err
		}
		facts["staff"] = surname(s.Name) + texts.Colleague.In(to.lang)
	}
	return facts, nil
}

// Sample fills a template with an invented person, for the editor and the test of a gateway.
func Sample(r *store.Read, t Text, lang words.Lang) (string, []store.Fact, error) {
	facts, err := factsOf(r, person{name: texts.Somebody.In(lang), lang: lang}, store.Appointment{ID: -1, StartsAt: tomorrow(r)})
	if err != nil {
		return "", nil, err
	}
	facts["times"] = timesOf([]term.Instant{tomorrow(r)}, lang, r.Zone())
	text, list := t.fill(lang, facts)
	return text, list, nil
}

// timesOf prints free times as people say them.
func timesOf(times []term.Instant, lang words.Lang, zone *time.Location) string {
	said := make([]string, 0, len(times))
	for _, at := range times {
		said = append(said, dayOf(at.Time().In(zone), lang)+at.Clock(zone))
	}
	return strings.Join(said, texts.And.In(lang))
}

func tomorrow(r *store.Read) term.Instant { return r.Today().Add(1).Start(r.Zone()).Add(14 * 3600e9) }
