package people

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	office "meixu/app/people"
	"meixu/store/term"
	"meixu/ui/kit"
)

// handoverView is what a person holds, and the choice of those who take it.
type handoverView struct {
	office.Handover
	Back     string
	Sections []handoverSection
	Refusal  *kit.Refusal
	// Close is the page on which the account is closed, for whoever may.
	Close string
}

type handoverSection struct {
	office.HandoverGroup
	Field kit.Field
}

// More counts what the section does not name.
func (s handoverSection) More() int { return s.N - len(s.Lines) }

var handoverPage = kit.New[handoverView](pages, "handover.html")

func (h room) handover(c echo.Context) error { return h.drawHandover(c, nil, kit.Said{}) }

func (h room) drawHandover(c echo.Context, f *kit.Form, said kit.Said) error {
	by, status := kit.Who(c), http.StatusOK
	found, err := h.HandoverOf(c.Request().Context(), by, term.StaffID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	v := handoverView{Handover: found, Back: "/people/roster", Refusal: said.Refusal}
	if by.May(access.StaffView) {
		v.Back = "/admin/staff"
	}
	if by.May(access.StaffSave) && found.Staff.Active && by.Staff != found.Staff.ID {
		v.Close = "/admin/staff/" + strconv.FormatInt(int64(found.Staff.ID), 10)
	}
	for _, g := range found.Groups {
		v.Sections = append(v.Sections, handoverSection{g, heirField(by, g)})
	}
	if f != nil {
		status = said.Status
		for i := range v.Sections {
			v.Sections[i].Field = kit.Fill([]kit.Field{v.Sections[i].Field}, f.Values(), said.Faults)[0]
		}
	}
	return handoverPage.Draw(c, status, "handover.title", v)
}

// heirField asks who takes a group; those of the duty are proposed.
func heirField(by access.Actor, g office.HandoverGroup) kit.Field {
	field := kit.Field{
		Name: "to_" + g.Group, Kind: kit.Chips, Many: true, Wide: true, Required: g.Must,
		LabelKey: "handover.to", HelpKey: "handover.help." + g.Group,
	}
	for _, p := range g.People {
		id := strconv.FormatInt(int64(p.Staff.ID), 10)
		hint := p.Staff.Title
		if g.Group == office.GroupFiles {
			hint = by.Lang.T("handover.load", p.Load)
		}
		field.Options = append(field.Options, kit.Option{Value: id, Label: p.Staff.Name, Hint: hint})
		if p.Proposed {
			field.Values = append(field.Values, id)
		}
	}
	return field
}

func (h room) handOver(c echo.Context) error {
	f, by, id := kit.Read(c), kit.Who(c), term.StaffID(kit.ParamID(c, "id"))
	to := map[string][]term.StaffID{}
	for _, group := range office.Groups {
		for _, text := range f.List("to_" + group) {
			n, _ := strconv.ParseInt(text, 10, 64)
			to[group] = append(to[group], term.StaffID(n))
		}
	}
	given, err := h.HandOver(c.Request().Context(), by, id, to)
	if said, ok := kit.Refused(c, err); ok {
		return h.drawHandover(c, f, said)
	}
	if err != nil {
		return err
	}
	key := "handover.done"
	if given.Loose > 0 {
		key = "handover.done.loose"
	}
	return kit.Done(c, key, []any{given.All, given.Clients, given.Loose}, "/people/handover/%d", id)
}
