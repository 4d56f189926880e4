package premises

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	house "meixu/app/premises"
	"meixu/store/term"
	"meixu/ui/kit"
)

// formView is a page that is one form.
type formView struct {
	LeadKey string
	Edit    kit.Edit
	Refusal *kit.Refusal
}

var formPage = kit.New[formView](pages, "form.html")

// said is a post that was not taken: what was typed and why.
type said struct {
	kit.Said
	form *kit.Form
	part string // the form of the page: edit, state, service
}

// fill puts what was typed and what was wrong into the form if it was this one.
func (s said) fill(part string, e kit.Edit) kit.Edit {
	e = e.Within(part)
	if s.form == nil || s.part != part {
		return e
	}
	if s.Stale {
		return e.Over(s.form.Values())
	}
	return e.Filled(s.form.Values(), s.Faults)
}

func (s said) status() int {
	if s.form == nil {
		return http.StatusOK
	}
	return s.Status
}

// answer tells whether the post was refused in a way that belongs to its page.
func answer(c echo.Context, f *kit.Form, err error, part string) (said, bool) {
	why, ok := kit.Outdated(c, err)
	return said{why, f, part}, ok
}

func roomID(c echo.Context) term.RoomID { return term.RoomID(kit.ParamID(c, "id")) }

func (h room) roomFields(c echo.Context, r house.Room) (kit.Edit, error) {
	choices, err := h.Choices(c.Request().Context(), kit.Who(c))
	kind := kit.Field{Name: "kind", Kind: kit.Select, LabelKey: "premises.f.room_kind", HelpKey: "premises.f.room_kind.help", Required: true, Value: r.Kind}
	for _, k := range withOwn(choices.RoomKinds, r.Kind) {
		kind.Options = append(kind.Options, kit.Option{Value: k, Label: kit.Who(c).Lang.Kind(k)})
	}
	return kit.Edit{Action: "/premises/room/new", CancelURL: "/premises", Fields: []kit.Field{
		{Name: "name", Kind: kit.Text, LabelKey: "premises.f.room_name", HelpKey: "premises.f.room_name.help", Required: true, Focus: r.ID == 0, Value: r.Name},
		kind,
	}}, err
}

// withOwn adds what a row has, if the list no longer offers it.
func withOwn(list []string, own string) []string {
	for _, have := range list {
		if have == own || own == "" {
			return list
		}
	}
	return append(list, own)
}

func (h room) roomForm(c echo.Context) error { return h.drawRoomForm(c, said{}) }

func (h room) drawRoomForm(c echo.Context, s said) error {
	e, err := h.roomFields(c, house.Room{})
	if err != nil {
		return err
	}
	return formPage.Draw(c, s.status(), "premises.room.new", formView{"premises.room.lead", s.fill("edit", e), s.Refusal})
}

func readRoom(f *kit.Form) house.RoomIn {
	return house.RoomIn{Version: f.Int("version"), Name: f.Text("name"), Kind: f.Text("kind")}
}

func (h room) roomAdd(c echo.Context) error {
	f := kit.Read(c)
	in := readRoom(f)
	_, err := h.AddRoom(c.Request().Context(), kit.Who(c), in)
	if s, ok := answer(c, f, err, "edit"); ok {
		return h.drawRoomForm(c, s)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "premises.done.room_added", []any{in.Name}, "/premises#rooms")
}

type roomView struct {
	house.Room
	Badge   kit.Badge
	Edit    kit.Edit
	State   kit.Edit
	Refusal *kit.Refusal
}

// PageTitle is the name of the room.
func (v roomView) PageTitle() string { return v.Name }

// DeviceBadge is how a device of the room stands.
func (roomView) DeviceBadge(state string) kit.Badge { return badgeOf(state) }

var roomPage = kit.New[roomView](pages, "room.html", "parts.html")

func (h room) roomPage(c echo.Context) error { return h.drawRoom(c, said{}) }

func (h room) drawRoom(c echo.Context, s said) error {
	r, err := h.Room(c.Request().Context(), kit.Who(c), roomID(c))
	if err != nil {
		return err
	}
	v := roomView{Room: r, Badge: badgeOf(r.State), Refusal: s.Refusal}
	version := kit.Field{Name: "version", Kind: kit.Hidden, Value: text(r.Version)}
	if kit.Who(c).May(access.RoomEdit) {
		e, err := h.roomFields(c, r)
		if err != nil {
			return err
		}
		e.Action, e.Fields = "/premises/room/"+text(r.ID), append(e.Fields, version)
		v.Edit = s.fill("edit", e)
	}
	next, submit := house.RoomClosed, "premises.room.close"
	if r.State == house.RoomClosed {
		next, submit = house.RoomOpen, "premises.room.reopen"
	}
	v.State = s.fill("state", kit.Edit{Action: "/premises/room/" + text(r.ID) + "/state", SubmitKey: submit, Fields: []kit.Field{
		{Name: "state", Kind: kit.Hidden, Value: next},
		version,
		{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true, Asks: true},
	}})
	return roomPage.Draw(c, s.status(), "premises.room.title", v)
}

func (h room) roomEdit(c echo.Context) error {
	f := kit.Read(c)
	in := readRoom(f)
	in.ID = roomID(c)
	err := h.EditRoom(c.Request().Context(), kit.Who(c), in)
	if s, ok := answer(c, f, err, "edit"); ok {
		return h.drawRoom(c, s)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "premises.done.saved", []any{in.Name}, "/premises#rooms")
}

func (h room) roomState(c echo.Context) error {
	f := kit.Read(c)
	in := house.RoomState{Room: roomID(c), Version: f.Int("version"), State: f.Text("state"), Reason: f.Text("reason")}
	err := h.SetRoom(c.Request().Context(), kit.Who(c), in)
	if s, ok := answer(c, f, err, "state"); ok {
		return h.drawRoom(c, s)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "premises.done.room_"+in.State, nil, "/premises/room/%d", in.Room)
}
