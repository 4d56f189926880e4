package messages

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"meixu/app/engine/message"
	"meixu/app/engine/message/gateway"
	"meixu/app/messages"
	"meixu/ui/kit"
)

type textsView struct {
	List    []textForm
	Places  []string
	Refusal *kit.Refusal
}

type textForm struct {
	messages.Text
	Edit kit.Edit
}

var textsPage = kit.New[textsView](pages, "texts.html")

func (h room) texts(c echo.Context) error { return h.drawTexts(c, http.StatusOK, "", kit.Said{}) }

// drawTexts draws the editor; kind names the form that came back.
func (h room) drawTexts(c echo.Context, status int, kind string, said kit.Said) error {
	list, err := h.Texts(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	v := textsView{Places: message.Places, Refusal: said.Refusal}
	for _, t := range list {
		p := t.Kind + "_"
		on := ""
		if t.On {
			on = "on"
		}
		edit := kit.Edit{Action: "/messages/texts/" + t.Kind, Seen: messages.SeenText(t.Text), Fields: []kit.Field{
			{Name: p + "on", Kind: kit.Check, LabelKey: "message.text.on", Value: on, Wide: true},
			{Name: p + "zh_note", Kind: kit.Area, LabelKey: "message.text.zh", Value: t.ZH, Rows: 3, Required: true, Wide: true},
			{Name: p + "en_note", Kind: kit.Area, LabelKey: "message.text.en", Value: t.EN, Rows: 3, Required: true, Wide: true},
		}}
		if t.Kind == kind {
			for i := range said.Faults {
				said.Faults[i].Name = p + said.Faults[i].Name + "_note"
			}
			typed := kit.Read(c).Values()
			if said.Stale {
				edit = edit.Over(typed)
			} else {
				edit = edit.Filled(typed, said.Faults)
			}
		}
		v.List = append(v.List, textForm{t, edit})
	}
	return textsPage.Draw(c, status, "message.texts", v)
}

func (h room) saveText(c echo.Context) error {
	f, kind := kit.Read(c), c.Param("kind")
	p := kind + "_"
	err := h.SaveText(c.Request().Context(), kit.Who(c), message.Text{
		Kind: kind, On: f.Bool(p + "on"), ZH: f.Text(p + "zh_note"), EN: f.Text(p + "en_note"),
	})
	if said, ok := refused(c, err); ok {
		return h.drawTexts(c, said.Status, kind, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "message.text.done", nil, "/messages/texts")
}

type gatewaysView struct {
	Ways       kit.Edit
	List       []gatewayForm
	Refusal    *kit.Refusal
	ExampleKey string
}

type gatewayForm struct {
	messages.Setup
	Edit kit.Edit
	Try  kit.Edit
}

var gatewaysPage = kit.New[gatewaysView](pages, "gateways.html")

func (h room) gateways(c echo.Context) error { return h.drawGateways(c, http.StatusOK, "", kit.Said{}) }

// drawGateways draws all forms; form names the one that came back.
func (h room) drawGateways(c echo.Context, status int, form string, said kit.Said) error {
	list, ways, err := h.Setups(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	back := func(name, prefix string, e kit.Edit) kit.Edit {
		switch {
		case name == form && said.Stale:
			return e.Over(kit.Read(c).Values())
		case name == form:
			return e.Filled(kit.Read(c).Values(), said.Prefixed(prefix).Faults)
		}
		return e
	}
	v := gatewaysView{Refusal: said.Refusal, ExampleKey: messages.ExampleKey, Ways: back("ways", "", kit.Edit{Action: "/messages/gateways", Fields: []kit.Field{
		{Name: "clients", Kind: kit.Select, LabelKey: "message.way.clients", HelpKey: "message.way.clients.help", Value: ways.Clients, Options: gatewayOptions(messages.ToClients)},
		{Name: "house", Kind: kit.Select, LabelKey: "message.way.house", HelpKey: "message.way.house.help", Value: ways.House, Options: gatewayOptions(messages.ToHouse)},
	}})}
	for _, s := range list {
		p := s.Name + "_"
		try := kit.Edit{Action: "/messages/gateways/" + s.Name + "/try", SubmitKey: "message.try"}
		if slices.Contains(messages.ToClients, s.Name) {
			try.Fields = []kit.Field{{Name: p + "try_phone", Kind: kit.Phone, LabelKey: "message.try.phone", Required: true}}
		}
		v.List = append(v.List, gatewayForm{
			s, back(s.Name, p, kit.Edit{Action: "/messages/gateways/" + s.Name, Seen: s.Seen, Fields: setupFields(s)}),
			back(s.Name+"/try", p+"try_", try),
		})
	}
	return gatewaysPage.Draw(c, status, "message.gateways", v)
}

func gatewayOptions(names []string) []kit.Option {
	list := []kit.Option{{Value: "", LabelKey: "message.way.none"}}
	for _, name := range names {
		list = append(list, kit.Option{Value: name, LabelKey: "message.gateway." + name})
	}
	return list
}

// setupFields are the fields of a gateway; each carries its name before its own, so that no two of
// the page share an id.
func setupFields(s messages.Setup) []kit.Field {
	p := s.Name + "_"
	text := func(name, value string) kit.Field {
		return kit.Field{Name: p + name, Kind: kit.Text, LabelKey: "message.gateway.field." + s.Name + "." + name, Value: value}
	}
	tick := func(name string, on bool) kit.Field {
		f := kit.Field{Name: p + name, Kind: kit.Check, LabelKey: "message.gateway.field." + name, Wide: true}
		if on {
			f.Value = "on"
		}
		return f
	}
	secret := kit.Field{Name: p + "secret", Kind: kit.Password, LabelKey: "message.gateway.field." + s.Name + ".secret"}
	if s.Kept {
		secret.HelpKey = "message.gateway.secret.kept"
	}
	switch s.Name {
	case gateway.WeCom:
		f := text("address", s.Address)
		f.Wide, f.Kind, f.HelpKey = true, kit.Password, secret.HelpKey
		return []kit.Field{f}
	case gateway.Webhook:
		return []kit.Field{text("address", s.Address), secret, tick("inside", s.Inside)}
	case gateway.Mail:
		return []kit.Field{
			text("address", s.Address), tick("implied", s.Implied), text("id", s.ID), secret, text("from", s.From), text("to", s.To),
			tick("inside", s.Inside),
		}
	}
	list := []kit.Field{text("id", s.ID), secret, text("sign", s.Sign)}
	if s.Name == gateway.Tencent {
		list = append(list, text("app", s.App))
	}
	for _, kind := range message.Kinds {
		list = append(list, kit.Field{Name: p + "code_" + kind, Kind: kit.Text, LabelKey: "message.code." + kind, Value: s.Codes[kind]})
	}
	return list
}

func (h room) saveSetup(c echo.Context) error {
	f, name := kit.Read(c), c.Param("name")
	p := name + "_"
	s := messages.Setup{Name: name, Config: gateway.Config{
		ID: f.Text(p + "id"), Secret: f.Text(p + "secret"), App: f.Text(p + "app"), Sign: f.Text(p + "sign"), Address: f.Text(p + "address"),
		From: f.Text(p + "from"), To: f.Text(p + "to"), Implied: f.Bool(p + "implied"), Inside: f.Bool(p + "inside"),
	}}
	for _, kind := range message.Kinds {
		if code := strings.TrimSpace(f.Text(p + "code_" + kind)); code != "" {
			if s.Codes == nil {
				s.Codes = map[string]string{}
			}
			s.Codes[kind] = code
		}
	}
	err := h.SaveSetup(c.Request().Context(), kit.Who(c), s)
	return h.gatewayDone(c, name, err, "message.gateway.done")
}

func (h room) saveWays(c echo.Context) error {
	f := kit.Read(c)
	err := h.SaveWays(c.Request().Context(), kit.Who(c), messages.Ways{Clients: f.Text("clients"), House: f.Text("house")})
	return h.gatewayDone(c, "ways", err, "message.way.done")
}

func (h room) try(c echo.Context) error {
	name := c.Param("name")
	err := h.Try(c.Request().Context(), kit.Who(c), name, kit.Read(c).Text(name+"_try_phone"))
	return h.gatewayDone(c, name+"/try", err, "message.try.done")
}

func (h room) gatewayDone(c echo.Context, form string, err error, said string) error {
	if said, ok := refused(c, err); ok {
		return h.drawGateways(c, said.Status, form, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, said, nil, "/messages/gateways")
}
