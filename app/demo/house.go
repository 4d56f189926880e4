package demo

import (
	"fmt"
	"strings"

	"meixu/app/defaults"
	"meixu/app/premises"
)

// rooms of the practice clinic, one of each kind that the catalogue asks for and the desks.
var rooms = []struct{ name, kind string }{
	{"咨询室一", "咨询室"},
	{"咨询室二", "咨询室"},
	{"面诊室", "面诊室"},
	{"注射室一", "注射室"},
	{"注射室二", "注射室"},
	{"光电室一", "光电治疗室"},
	{"光电室二", "光电治疗室"},
	{"治疗室", "治疗室"},
	{"手术室", "手术室"},
	{"护理室", "皮肤护理室"},
	{"皮肤检测室", "皮肤检测室"},
	{"口腔诊室", "口腔诊室"},
	{"中医治疗室", "中医治疗室"},
}

// kindOf is an item kind with the operator it asks for.
type kindOf struct{ kind, operator string }

// kinds lists the kinds of items in the order of the catalogue.
func (m *maker) kinds() (list []kindOf) {
	seen := map[string]bool{}
	for _, i := range defaults.Items() {
		if !seen[i.Kind] {
			seen[i.Kind] = true
			list = append(list, kindOf{i.Kind, i.Operator})
		}
	}
	return list
}

// house furnishes rooms and devices, as the manager enters them.
func (m *maker) house() error {
	for _, r := range rooms {
		id, err := m.app.Rooms.House.AddRoom(m.ctx, m.by["manager"], premises.RoomIn{Name: r.name, Kind: r.kind})
		if err != nil {
			return err
		}
		m.rooms[r.name] = id
		if m.rooms[r.kind] == 0 {
			m.rooms[r.kind] = id
		}
	}
	return m.machines()
}

// machines adds one device of every kind; the oldest is overdue for maintenance.
func (m *maker) machines() error {
	n := 0
	for _, i := range defaults.Items() {
		if i.DeviceKind == "" || m.devices[i.DeviceKind] != 0 {
			continue
		}
		n++
		due := m.today().Add(200 + 20*n)
		if strings.Contains(i.DeviceKind, "冷冻") {
			due = m.today().Add(80) // overdue by the time the story ends
		}
		class := "2"
		if i.DeviceClass3 {
			class = "3"
		}
		id, err := m.app.Rooms.House.AddDevice(m.ctx, m.by["manager"], premises.DeviceIn{
			Number: fmt.Sprintf("SB-%03d", n), Name: i.DeviceKind, Kind: i.DeviceKind,
			Registration: fmt.Sprintf("国械注准2023%s09%04d", class, 1000+n), Room: m.rooms[i.RoomKind],
			Maintenance: due, Calibration: due.Add(30),
		})
		if err != nil {
			return fmt.Errorf("device %d: %w", n, err)
		}
		m.devices[i.DeviceKind] = id
		m.kindsOfDevice = append(m.kindsOfDevice, i.DeviceKind)
	}
	return nil
}
