package readiness

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"meixu/app/access"
	round "meixu/app/readiness"
	"meixu/store/term"
	"meixu/ui/kit"
)

type deviceView struct {
	Name, Number string
	Badge        kit.Badge
	Edit         kit.Edit
	Refusal      *kit.Refusal
}

// PageTitle is the name of the device.
func (v deviceView) PageTitle() string { return v.Name }

var devicePage = kit.New[deviceView](pages, "device.html")

func (h room) device(c echo.Context) error { return h.drawDevice(c, http.StatusOK, nil, kit.Said{}) }

func (h room) drawDevice(c echo.Context, status int, f *kit.Form, said kit.Said) error {
	by := kit.Who(c)
	d, err := h.Device(c.Request().Context(), by, term.DeviceID(kit.ParamID(c, "id")))
	if err != nil {
		return err
	}
	state := kit.Field{Name: "state", Kind: kit.Chips, LabelKey: "readiness.f.state", Required: true, Wide: true, Asks: true}
	fields := []kit.Field{{Name: "version", Kind: kit.Hidden, Value: strconv.Itoa(d.Version)}}
	for _, s := range []string{round.DeviceInUse, round.DeviceStopped, round.DeviceRepair, round.DeviceRetired} {
		if s == round.DeviceStopped || s == round.DeviceRepair || by.May(access.DeviceReturn) {
			state.Options = append(state.Options, kit.Option{Value: s, LabelKey: "readiness.device." + s})
		}
	}
	fields = append(fields, state)
	if by.May(access.DeviceReturn) {
		fields = append(fields,
			kit.Field{Name: "maintenance", Kind: kit.Day, LabelKey: "readiness.f.maintenance", HelpKey: "readiness.f.due.help", Value: string(d.MaintenanceDueOn)},
			kit.Field{Name: "calibration", Kind: kit.Day, LabelKey: "readiness.f.calibration", Value: string(d.CalibrationDueOn)})
	}
	fields = append(fields, kit.Field{Name: "reason", Kind: kit.Text, LabelKey: "kit.reason", Required: true, Wide: true, Asks: true})
	edit := kit.Edit{Action: "/ready/device/" + c.Param("id"), CancelURL: "/ready", Fields: fields}
	switch {
	case f != nil && said.Stale:
		edit = edit.Over(f.Values())
	case f != nil:
		edit = edit.Filled(f.Values(), said.Faults)
	}
	return devicePage.Draw(c, status, "readiness.device.title", deviceView{
		Name: d.Name, Number: d.Number, Badge: deviceBadge(d.State), Edit: edit, Refusal: said.Refusal,
	})
}

func deviceBadge(state string) kit.Badge {
	b := kit.Badge{Key: "readiness.device." + state, Tone: "green", Icon: "circle-check", State: state}
	if state != round.DeviceInUse {
		b.Tone, b.Icon = "red", "ban"
	}
	return b
}

func (h room) setDevice(c echo.Context) error {
	f := kit.Read(c)
	in := round.DeviceState{
		Device: term.DeviceID(kit.ParamID(c, "id")), Version: f.Int("version"), State: f.Text("state"),
		Maintenance: f.Day("maintenance"), Calibration: f.Day("calibration"), Reason: f.Text("reason"),
	}
	err := f.Err()
	if err == nil {
		err = h.SetDevice(c.Request().Context(), kit.Who(c), in)
	}
	if said, ok := kit.Outdated(c, err); ok {
		return h.drawDevice(c, said.Status, f, said)
	}
	if err != nil {
		return err
	}
	return kit.Done(c, "readiness.done.state", nil, "/ready")
}

type historyView struct{ Stamps []round.Stamp }

var historyPage = kit.New[historyView](pages, "history.html")

func (h room) history(c echo.Context) error {
	list, err := h.History(c.Request().Context(), kit.Who(c))
	if err != nil {
		return err
	}
	return historyPage.Draw(c, http.StatusOK, "readiness.history", historyView{list})
}
