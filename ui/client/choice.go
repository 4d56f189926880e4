package client

import (
	"fmt"

	"github.com/labstack/echo/v4"

	"meixu/app/client"
	"meixu/store/term"
	"meixu/ui/kit"
)

// choiceEdit is the form of what the client does not want to get.
func choiceEdit(v client.View) kit.Edit {
	tick := func(name, key string, on bool) kit.Field {
		f := kit.Field{Name: "choice_" + name, Kind: kit.Check, LabelKey: key, Wide: true}
		if on {
			f.Value = "on"
		}
		return f
	}
	return kit.Edit{Action: fmt.Sprintf("/client/%d/choice", v.Client.ID), CancelURL: fmt.Sprintf("/client/%d", v.Client.ID), Fields: []kit.Field{
		{Name: "choice_version", Kind: kit.Hidden, Value: fmt.Sprint(v.Choice.Version)},
		tick("marketing", "message.choice.marketing", v.Choice.NoMarketing),
		tick("service", "message.choice.service", v.Choice.NoService),
		{Name: "choice_lang", Kind: kit.Radio, LabelKey: "message.choice.lang", Value: v.Choice.Lang, Options: []kit.Option{
			{Value: "zh", LabelKey: "message.choice.lang.zh"}, {Value: "en", LabelKey: "message.choice.lang.en"},
		}},
	}}
}

func (h room) choose(c echo.Context) error {
	f := kit.Read(c)
	in := client.Choice{
		Client: term.ClientID(kit.ParamID(c, "id")), Version: f.Int("choice_version"), Lang: f.Text("choice_lang"),
		NoMarketing: f.Bool("choice_marketing"), NoService: f.Bool("choice_service"),
	}
	err := f.Err()
	if err == nil {
		err = h.Choose(c.Request().Context(), kit.Who(c), in)
	}
	if err != nil {
		return h.refused(c, "choice", err)
	}
	return kit.Done(c, "message.choice.done", nil, "/client/%d", in.Client)
}
