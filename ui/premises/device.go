package premises

import (
	"github.com/labstack/echo/v4"

	"meixu/app/access"
	house "meixu/app/premises"
	"meixu/store/term"
	"meixu/ui/kit"
)

func deviceID(c echo.Context) term.DeviceID { return term.DeviceID(kit.ParamID(c, "id")) }

func (h room) deviceFields(c echo.Context, d house.Device) (kit.Edit, error) {
	choices, err := h.Choices(c.Request().Context(), kit.Who(c))
	kind := kit.Field{Name: "kind", Kind: kit.Select, LabelKey: "premises.f.device_kind", HelpKey: "premises.f.device_kind.help", Required: true, Value: d.Kind}
	for _, k := range withOwn(choices.DeviceKinds, d.Kind) {
		kind.Options = append(kind.Options, kit.Option{Value: k, Label: kit.Who(c).Lang.Kind(k)})
	}
	place := kit.Field{Name: "room", Kind: kit.Select, LabelKey: "premises.f.room", Required: true, Value: c.QueryParam("room")}
	if d.Room != 0 {
		place.Value = text(d.Room)
	}
	for _, r := range choices.Rooms {
		if r.State == house.RoomOpen || r.ID == d.Room {
			place.Options = append(place.Options, kit.Option{Value: text(r.ID), Label: r.Name, Hint: kit.Who(c).Lang.Kind(r.Kind)})
		}
	}
	return kit.Edit{Action: "/premises/device/new", CancelURL: "/premises#devices", Fields: []kit.Field{
		{Name: "number", Kind: kit.Text, LabelKey: "premises.f.number", HelpKey: "premises.f.number.help", Required: true, Focus: d.ID == 0, Value: d.Number},
		{Name: "name", Kind: kit.Text, LabelKey: "premises.f.device_name", HelpKey: "premises.f.device_name.help", Required: true, Value: d.Name},
		kind,
		{Name: "registration", Kind: kit.Text, LabelKey: "premises.f.registration", HelpKey: "premises.f.registration.help", Required: true, Value: d.Registration},
		place,
		{Name: "maintenance", Kind: kit.Day, LabelKey: "premises.f.maintenance", HelpKey: "premises.f.maintenance.help", Required: true, Value: string(d.MaintenanceDueOn)},
		{Name: "calibration", Kind: kit.Day, LabelKey: "premises.f.calibration", HelpKey: "premises.f.calibration.help", Value: string(d.CalibrationDueOn)},
	}}, err
}

func (h room) deviceForm(c echo.Context) error { return h.drawDeviceForm(c, said{}) }

func (h room) drawDeviceForm(c echo.Context, s said) error {
	e, err := h.deviceFields(c, house.Device{})
	if err != nil {
		return err
	}
	return formPage.Draw(c, s.status(), "premises.device.new", formView{"premises.device.lead", s.fill("edit", e), s.Refusal})
}

func readDevice(f *kit.Form) house.DeviceIn {
	in := house.DeviceIn{
		Version: f.Int("version"), Number: f.Text("number"), Name: f.Text("name"), Kind: f.Text("kind"),
		Registration: f.Text("registration"), Room: term.RoomID(f.ID("room")),
		Maintenance: f.Day("maintenance"), Calibration: f.Day("calibration"),
	}
	in.Shape = f.Fields
	return in
}

func (h room) deviceAdd(c echo.Context) error {
	f := kit.Read(c)
	in := readDevice(f)
	_, err := h.AddDevice(c.Request().Context(), kit.Who(c), in)
	if s, ok := answer(c, f, err, "edit"); ok {
		return h.drawDeviceForm(c, s)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "premises.done.device_added", []any{in.Name}, "/premises#devices")
}

type deviceView struct {
	house.File
	Badge   kit.Badge
	Edit    kit.Edit
	Service kit.Edit
	Switch  kit.Edit
	Refusal *kit.Refusal
}

// PageTitle is the name of the device.
func (v deviceView) PageTitle() string { return v.Name }

// Due is how a due day stands.
func (deviceView) Due(d house.Due) kit.Badge { return dueBadge(d) }

// Retired says that the device left the house for good.
func (v deviceView) Retired() bool { return v.State == house.DeviceRetired }

var devicePage = kit.New[deviceView](pages, "device.html", "parts.html")

func (h room) devicePage(c echo.Context) error { return h.drawDevice(c, said{}) }

func (h room) drawDevice(c echo.Context, s said) error {
	by := kit.Who(c)
	file, err := h.Device(c.Request().Context(), by, deviceID(c))
	if err != nil {
		return err
	}
	v := deviceView{File: file, Badge: badgeOf(file.State), Refusal: s.Refusal}
	path, version := "/premises/device/"+text(file.ID), kit.Field{Name: "version", Kind: kit.Hidden, Value: text(file.Version)}
	if by.May(access.DeviceEdit) {
		e, err := h.deviceFields(c, file.Device)
		if err != nil {
			return err
		}
		e.Action, e.Fields = path, append(e.Fields, version)
		e.Field("maintenance").HelpKey = "premises.f.due.edit"
		v.Edit = s.fill("edit", e)
	}
	v.Service = s.fill("service", kit.Edit{Action: path + "/service", SubmitKey: "premises.service.do", Fields: append(serviceFields(file.Today), version)})
	v.Switch = s.fill("state", kit.Edit{Action: path + "/state", SubmitKey: "premises.state.do", Fields: append(stateFields(by, file), version)})
	return devicePage.Draw(c, s.status(), "premises.device.title", v)
}

func serviceFields(today term.Day) []kit.Field {
	kind := kit.Field{Name: "kind", Kind: kit.Chips, LabelKey: "premises.f.service", Required: true, Wide: true, Value: house.Maintenance, Asks: true}
	for _, k := range house.Services {
		kind.Options = append(kind.Options, kit.Option{Value: k, LabelKey: "readiness.kind." + k})
	}
	return []kit.Field{
		kind,
		{Name: "on", Kind: kit.Day, LabelKey: "premises.f.on", Required: true, Value: string(today), Max: string(today), Asks: true},
		{Name: "due", Kind: kit.Day, LabelKey: "premises.f.due", Required: true, Min: string(today.Add(1)), Asks: true},
		{Name: "note", Kind: kit.Text, LabelKey: "premises.f.note", HelpKey: "premises.f.note.help", Required: true, Wide: true, Asks: true},
	}
}

// stateFields offers the states that the person may set; putting back needs due days that are
// not past.
func stateFields(by access.Actor, file house.File) []kit.Field {
	state := kit.Field{Name: "state", Kind: kit.Chips, LabelKey: "readiness.f.state", Required: true, Wide: true, Asks: true}
	for _, s := range house.DeviceStates {
		free := s == house.DeviceStopped || s == house.DeviceRepair
		if s != file.State && (free || by.May(access.DeviceReturn)) {
			state.Options = append(state.Options, kit.Option{Value: s, LabelKey: "readiness.device." + s})
		}
	}
	fields := []kit.Field{state}
	if file.State != house.DeviceInUse && by.May(access.DeviceReturn) {
		fields = append(fields,
			kit.Field{Name: "maintenance", Kind: kit.Day, LabelKey: "readiness.f.maintenance", HelpKey: "readiness.f.due.help", Value: string(file.MaintenanceDueOn)},
			kit.Field{Name: "calibration", Kind: kit.Day, LabelKey: "readiness.f.calibration", Value: string(file.CalibrationDueOn)})
	}
	return append(fields, kit.Field{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true, Asks: true})
}

func (h room) deviceEdit(c echo.Context) error {
	f := kit.Read(c)
	in := readDevice(f)
	in.ID = deviceID(c)
	err := h.EditDevice(c.Request().Context(), kit.Who(c), in)
	return h.done(c, f, err, "edit")
}

func (h room) serve(c echo.Context) error {
	f := kit.Read(c)
	in := house.Service{
		Device: deviceID(c), Version: f.Int("version"), Kind: f.Text("kind"), On: f.Day("on"), Due: f.Day("due"), Note: f.Text("note"),
	}
	in.Shape = f.Fields
	err := h.Serve(c.Request().Context(), kit.Who(c), in)
	return h.done(c, f, err, "service")
}

func (h room) deviceState(c echo.Context) error {
	f := kit.Read(c)
	in := house.DeviceState{
		Device: deviceID(c), Version: f.Int("version"), State: f.Text("state"),
		Maintenance: f.Day("maintenance"), Calibration: f.Day("calibration"), Reason: f.Text("reason"),
	}
	err := f.Err()
	if err == nil {
		err = h.SetDevice(c.Request().Context(), kit.Who(c), in)
	}
	return h.done(c, f, err, "state")
}

// done goes back to the device's page, or draws it again with what was wrong.
func (h room) done(c echo.Context, f *kit.Form, err error, part string) error {
	if s, ok := answer(c, f, err, part); ok {
		return h.drawDevice(c, s)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "premises.done.device_"+part, nil, "/premises/device/%d", deviceID(c))
}
