package admin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/message"
	"meixu/app/engine/patience"
	"meixu/app/fault"
	"meixu/store"
)

// Setting is one thing that the owner sets for the whole clinic. Its label is the words key
// admin.setting.<Name>, its help the same with .help.
type Setting struct {
	Name    string
	Value   string
	Must    bool
	Options []string // "" for free text; their labels are admin.setting.<Name>.<option>
	Many    bool     // several options, joined by commas
	shape   *regexp.Regexp
}

var (
	anyText   = regexp.MustCompile(`^[^\r\n]{0,120}$`)
	phoneText = regexp.MustCompile(`^[0-9+ -]{3,20}$`)
	hourText  = regexp.MustCompile(`^([0-9]|1[0-9]|2[0-4])$`)
	countText = regexp.MustCompile(`^[0-9]{1,6}$`)
	capText   = regexp.MustCompile(`^([1-9]|1[0-9]|20)$`)
	pointText = regexp.MustCompile(`^(0|[1-9][0-9]{0,3})$`)
	worthText = regexp.MustCompile(`^[1-9][0-9]{0,4}$`)
	shareText = regexp.MustCompile(`^([0-9]|[1-8][0-9]|90)$`)
	yuanText  = regexp.MustCompile(`^[1-9][0-9]{0,7}$`)
	daysText  = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2}( *, *\d{4}-\d{2}-\d{2})*)?$`)
	// minutesText are 1 to 240 minutes.
	minutesText = regexp.MustCompile(`^([1-9]|[1-9][0-9]|1[0-9][0-9]|2[0-3][0-9]|240)$`)
)

// settings lists what the page shows, in its order. What a document prints (name, address,
// phones, privacy officer) must be there; the institution kind decides which levels of item
// may be done (REG-LVL-03).
func settings() []Setting {
	list := []Setting{
		{Name: "clinic.name", Must: true, shape: anyText},
		{Name: "clinic.kind", Must: true, Options: []string{"clinic", "outpatient", "outpatient_anaesthesia", "aesthetic_hospital", "tertiary"}},
		{Name: "clinic.scopes", Must: true, Many: true, Options: []string{"surgery", "dermatology", "dentistry", "tcm"}},
		{Name: "clinic.address", Must: true, shape: anyText},
		{Name: "clinic.phone", Must: true, shape: phoneText},
		{Name: "clinic.emergency", Must: true, shape: phoneText},
		{Name: "clinic.dpo", Must: true, shape: anyText},
		{Name: "clinic.opens", Must: true, shape: hourText},
		{Name: "clinic.closes", Must: true, shape: hourText},
		{Name: "clinic.closed", shape: daysText},
		{Name: "export.most", shape: countText},
		{Name: "lead.opening", Options: []string{"yes", "no"}},
		{Name: "message.quiet_from", shape: hourText},
		{Name: "message.quiet_to", shape: hourText},
		{Name: message.SettingCap, Must: true, shape: capText},
		{Name: "crm.tier.silver", Must: true, shape: yuanText},
		{Name: "crm.tier.gold", Must: true, shape: yuanText},
		{Name: "crm.tier.diamond", Must: true, shape: yuanText},
		{Name: "points.normal", Must: true, shape: pointText},
		{Name: "points.silver", Must: true, shape: pointText},
		{Name: "points.gold", Must: true, shape: pointText},
		{Name: "points.diamond", Must: true, shape: pointText},
		{Name: "points.worth", Must: true, shape: worthText},
		{Name: "points.cap", Must: true, shape: shareText},
		{Name: "guest.book", Options: []string{"yes", "no"}},
		{Name: "guest.hello", Options: []string{"yes", "no"}},
		{Name: "finance.partial", Must: true, Options: []string{"no", "yes"}},
		{Name: SettingSecond, Must: true, Options: []string{"no", "yes"}},
		{Name: SettingDevices, Must: true, Options: []string{"all", "admins", "no"}},
	}
	for _, kind := range patience.Kinds {
		for _, level := range patience.Levels {
			list = append(list, Setting{Name: patience.Setting(kind, level), Must: true, shape: minutesText})
		}
	}
	return list
}

// settingDefaults stand where nothing was set yet.
var settingDefaults = map[string]string{
	"clinic.kind": "clinic", "clinic.scopes": "surgery,dermatology,dentistry,tcm", "clinic.opens": "9", "clinic.closes": "20", "finance.partial": "no",
	"lead.opening": "yes", "guest.book": "yes", "guest.hello": "yes", "message.quiet_from": "21", "message.quiet_to": "9", message.SettingCap: strconv.Itoa(message.CapUsual), "export.most": "100", SettingSecond: "no",
	SettingDevices: "all", "crm.tier.silver": "10000", "crm.tier.gold": "50000", "crm.tier.diamond": "200000",
	"points.normal": "100", "points.silver": "100", "points.gold": "100", "points.diamond": "100", "points.worth": "100", "points.cap": "30",
}

// settingDefault is what stands where nothing was set yet.
func settingDefault(name string) string {
	for _, kind := range patience.Kinds {
		for _, level := range patience.Levels {
			if name == patience.Setting(kind, level) {
				return strconv.Itoa(patience.Standard(kind, level))
			}
		}
	}
	return settingDefaults[name]
}

// Settings lists the clinic's settings with their values; seen is the fingerprint of all of them,
// which whoever saves them carries (access.Actor.Seen).
func (o *Office) Settings(ctx context.Context, by access.Actor) (list []Setting, seen string, err error) {
	err = o.Read(ctx, by, access.SettingsView, func(r *store.Read) error {
		list, err = readSettings(r)
		return err
	})
	return list, settingsSeen(list), err
}

// settingsSeen tells two states of the settings apart.
func settingsSeen(list []Setting) string {
	var said []byte
	for _, s := range list {
		said = fmt.Appendf(said, "%q %q\n", s.Name, s.Value)
	}
	sum := sha256.Sum256(said)
	return hex.EncodeToString(sum[:16])
}

func readSettings(r *store.Read) ([]Setting, error) {
	list, set := settings(), map[string]map[string]string{}
	for i := range list {
		family, _, _ := strings.Cut(list[i].Name, ".") // each is read at once
		if set[family] == nil {
			all, err := r.SettingsUnder(family + ".")
			if err != nil {
				return nil, err
			}
			set[family] = all
		}
		text := set[family][list[i].Name]
		if text == "" {
			text = settingDefault(list[i].Name)
		}
		list[i].Value = text
	}
	return list, nil
}

// SaveSettings checks all values and saves those that changed, in one act. What somebody else saved
// since the page was opened is not overwritten by it.
func (o *Office) SaveSettings(ctx context.Context, by access.Actor, values map[string]string) error {
	list, err := checked(values)
	if err != nil {
		return err
	}
	return o.Write(ctx, by, access.SettingsSave, func(tx *store.Tx) error {
		tx.Publish("settings")
		have, err := readSettings(tx.Read)
		if err != nil {
			return err
		}
		if by.Seen != settingsSeen(have) {
			return store.ErrStale
		}
		for i, s := range list {
			if s.Value == have[i].Value {
				continue
			}
			if err := tx.SaveSetting(s.Name, s.Value); err != nil {
				return err
			}
		}
		return nil
	})
}

// checked are the settings with the values typed, or every wrong one.
func checked(values map[string]string) ([]Setting, error) {
	var f fault.Fields
	list := settings()
	for i := range list {
		list[i].Value = strings.TrimSpace(values[list[i].Name])
		if key := list[i].wrong(); key != "" {
			f.Add(list[i].Name, key)
		}
	}
	opens, bad := strconv.Atoi(strings.TrimSpace(values["clinic.opens"]))
	closes, worse := strconv.Atoi(strings.TrimSpace(values["clinic.closes"]))
	if bad == nil && worse == nil && opens >= closes {
		f.Add("clinic.closes", "admin.setting.bad.hours")
	}
	return list, f.Err()
}

// wrong is the words key of what is wrong with the value, "" when it is good.
func (s Setting) wrong() string {
	switch {
	case s.Value == "" && s.Must:
		return "admin.required"
	case s.Value == "":
		return ""
	case len(s.Options) > 0 && !s.among():
		return "kit.bad.choice"
	case s.shape != nil && !s.shape.MatchString(s.Value):
		return "admin.setting.bad." + s.bad()
	}
	return ""
}

// among says that what was chosen is offered, each once.
func (s Setting) among() bool {
	if !s.Many {
		return slices.Contains(s.Options, s.Value)
	}
	chosen := strings.Split(s.Value, ",")
	for i, one := range chosen {
		if !slices.Contains(s.Options, one) || slices.Contains(chosen[:i], one) {
			return false
		}
	}
	return true
}

func (s Setting) bad() string {
	switch s.shape {
	case phoneText:
		return "phone"
	case hourText:
		return "hour"
	case daysText:
		return "days"
	case countText:
		return "count"
	case minutesText:
		return "minutes"
	}
	return "text"
}
