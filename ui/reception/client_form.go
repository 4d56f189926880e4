package reception

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/crm"
	"meixu/app/fault"
	"meixu/store/term"
	"meixu/ui/kit"
)

// typedClient is what was typed into the form of a new client and what came of it.
type typedClient struct {
	values  url.Values
	in      crm.NewClient
	lead    term.LeadID
	intake  term.IntakeID
	found   string
	faults  fault.Fields
	twins   []twin
	refusal *kit.Refusal
}

func (t typedClient) refusedBy(c echo.Context, e *fault.Error) typedClient {
	t.refusal = kit.RefusalOf(c, e)
	return t
}

// twin is a file that may be of the same person.
type twin struct{ crm.Client }

// Masked is the phone as lists show it.
func (t twin) Masked() string { return term.MaskPhone(t.Phone) }

func twinsOf(people []crm.Client) []twin {
	list := make([]twin, len(people))
	for i, p := range people {
		list[i] = twin{p}
	}
	return list
}

// drawClient draws the empty, the refilled and the refused form of a new client.
func (h desk) drawClient(c echo.Context, status int, t typedClient) error {
	t.in.Lead = t.lead
	sheet, err := h.files.NewSheet(c.Request().Context(), kit.Who(c), t.in)
	if err != nil {
		return err
	}
	if t.values == nil {
		t.values = url.Values{
			"name": {sheet.Lead.Name}, "phone": {sheet.Lead.Phone}, "source": {channelOf(sheet.Lead)},
		}
	}
	v := clientView{
		NewSheet: sheet, Lead: t.lead, Found: t.found, Intake: t.intake, Draft: draftKey(t), Faults: t.faults, Refusal: t.refusal, Twins: t.twins,
		Who: kit.Fill(whoFields(sheet.Consultants), t.values, t.faults), ID: kit.Fill(idFields(), t.values, t.faults),
		Guard: kit.Fill(guardianFields(), t.values, t.faults), Extra: kit.Fill(extraFields(), t.values, t.faults),
		Signs: signFields(t.values, t.faults), Open: t.values.Get("guardian_name") != "",
		Other: otherField(t.values.Get("other")),
		Decline: kit.Fill([]kit.Field{{
			Name: "reason", Kind: kit.Text, LabelKey: "reception.client.decline.reason", Wide: true,
		}}, t.values, t.faults)[0],
	}
	for _, f := range t.faults {
		v.Open = v.Open || strings.HasPrefix(f.Name, "guardian_")
	}
	return clientPage.Draw(c, status, "reception.client.title", v)
}

// otherField asks why this is another person, as twins with one phone are.
func otherField(typed string) kit.Field {
	return kit.Field{
		Name: "other", Kind: kit.Text, LabelKey: "reception.client.other", HelpKey: "reception.client.other.help", Value: typed, Wide: true,
	}
}

func channelOf(l crm.Lead) string {
	if l.Channel == "" {
		return "walk_in"
	}
	return l.Channel
}

func options(prefix string, values []string) []kit.Option {
	list := make([]kit.Option, len(values))
	for i, v := range values {
		list[i] = kit.Option{Value: v, LabelKey: prefix + v}
	}
	return list
}

func staffOptions(staff []crm.Staff) []kit.Option {
	list := make([]kit.Option, len(staff))
	for i, s := range staff {
		list[i] = kit.Option{Value: strconv.FormatInt(int64(s.ID), 10), Label: s.Name}
	}
	return list
}

func whoFields(consultants []crm.Staff) []kit.Field {
	return []kit.Field{
		{Name: "name", Kind: kit.Text, LabelKey: "reception.client.name", HelpKey: "reception.client.name.help", Required: true, Focus: true},
		{Name: "phone", Kind: kit.Phone, LabelKey: "reception.client.phone", HelpKey: "reception.client.phone.help", Hint: "13800000000"},
		{Name: "gender", Kind: kit.Chips, LabelKey: "reception.client.gender", Options: options("term.gender.", crm.Genders), Required: true},
		{Name: "birth", Kind: kit.Day, LabelKey: "reception.client.birth", Required: true},
		{Name: "source", Kind: kit.Select, LabelKey: "reception.client.source", Options: options("term.channel.", crm.Channels), Required: true},
		{Name: "consultant", Kind: kit.Select, LabelKey: "reception.client.consultant", HelpKey: "reception.client.consultant.help", Options: staffOptions(consultants)},
		noPhoneField(),
	}
}

// noPhoneField asks why somebody has no phone.
func noPhoneField() kit.Field {
	return kit.Field{Name: "no_phone", Kind: kit.Select, LabelKey: "reception.client.no_phone", Options: options("term.no_phone.", term.NoPhones)}
}

func idFields() []kit.Field {
	return []kit.Field{
		{Name: "id_kind", Kind: kit.Select, LabelKey: "reception.client.id_kind", Options: options("reception.id.", crm.IDKinds)},
		{Name: "id_number", Kind: kit.Text, LabelKey: "reception.client.id_number", HelpKey: "reception.client.id_number.help"},
		{Name: "id_checked", Kind: kit.Check, LabelKey: "reception.client.id_checked", Wide: true},
	}
}

func guardianFields() []kit.Field {
	return []kit.Field{
		{Name: "guardian_name", Kind: kit.Text, LabelKey: "reception.client.guardian.name"},
		{Name: "guardian_relation", Kind: kit.Text, LabelKey: "reception.client.guardian.relation"},
		{Name: "guardian_phone", Kind: kit.Phone, LabelKey: "reception.client.guardian.phone"},
	}
}

func extraFields() []kit.Field {
	return []kit.Field{
		{Name: "photo", Kind: kit.Check, LabelKey: "reception.client.photo", Wide: true},
		{Name: "recording", Kind: kit.Check, LabelKey: "reception.client.recording", Wide: true},
		{Name: "marketing", Kind: kit.Check, LabelKey: "reception.client.marketing", Wide: true},
	}
}

// signFields are the four pads, with what was drawn kept.
func signFields(values url.Values, faults fault.Fields) signs {
	one := func(name, label string) kit.Field {
		fields := []kit.Field{{Name: name, Kind: kit.Sign, LabelKey: label, Wide: true}}
		if values != nil || len(faults) > 0 {
			fields = kit.Fill(fields, values, faults)
		}
		return fields[0]
	}
	list := signs{
		Privacy: one("sign_privacy", "reception.sign.privacy"), Health: one("sign_health", "reception.sign.health"),
		GuardianPrivacy: one("sign_guardian_privacy", "reception.sign.guardian.privacy"),
		GuardianHealth:  one("sign_guardian_health", "reception.sign.guardian.health"),
	}
	list.GuardianPrivacy.HelpKey = "reception.sign.guardian.help"
	return list
}
