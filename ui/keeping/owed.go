package keeping

import (
	"github.com/labstack/echo/v4"

	"meixu/app/fault"
	"meixu/app/keeping"
	"meixu/ui/kit"
)

// badShown is how many refused photos the page names.
const badShown = 50

// owing is how the photos of a restore stand, for the page.
type owing struct {
	keeping.Owed
	LeftSize string
	Bad      []badPhoto
}

// badPhoto names a photo that was refused, and why.
type badPhoto struct{ Name, Key string }

func owingOf(o keeping.Owed) (v owing) {
	v.Owed, v.LeftSize = o, size(o.BytesLeft)
	for _, b := range o.Bad[:min(badShown, len(o.Bad))] {
		key := "keeping.owed.refused.changed"
		if b.Missing {
			key = "keeping.owed.refused.missing"
		}
		v.Bad = append(v.Bad, badPhoto{b.Name, key})
	}
	return v
}

func (v view) owedForm() kit.Edit {
	fields := append([]kit.Field{
		{Name: "address", Kind: kit.Text, LabelKey: "keeping.f.owed", HelpKey: "keeping.f.address.help", Wide: true, Required: true, Value: v.Owed.Address},
	}, secrets(v.Owed.HasSecrets)...)
	return kit.Edit{Action: "/keeping/owed", SubmitKey: "keeping.owed.place.save", Fields: fields}
}

func endForm() kit.Edit {
	return kit.Edit{Action: "/keeping/owed/end", SubmitKey: "keeping.owed.end", Danger: true, Fields: []kit.Field{
		{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", HelpKey: "keeping.owed.reason", Required: true, Wide: true},
	}}
}

// owedPlace takes photos that are owed from another place.
func (h room) owedPlace(c echo.Context) error {
	f := kit.Read(c)
	in := keeping.PlaceForm{Address: f.Text("address"), Keep: f.Bool("keep"), Secrets: typedSecrets(f)}
	err := h.MoveOwed(c.Request().Context(), kit.Who(c), in)
	return h.saved(c, err, "keeping.done.owed", func(v *view, faults fault.Fields) { v.From = v.From.Filled(f.Values(), faults) })
}

// owedEnd gives up what nobody can bring.
func (h room) owedEnd(c echo.Context) error {
	f := kit.Read(c)
	err := h.GiveUpOwed(c.Request().Context(), kit.Who(c), f.Text("reason"))
	return h.saved(c, err, "keeping.done.owed.end", func(v *view, faults fault.Fields) { v.End = v.End.Filled(f.Values(), faults) })
}
