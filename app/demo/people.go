package demo

import (
	"encoding/json"
	"fmt"

	"meixu/app/access"
	"meixu/app/admin"
	"meixu/app/people"
	"meixu/app/words"
	"meixu/store/term"
)

// person is one member of the practice clinic's staff.
type person struct {
	login, name, title, pin string
	lead                    bool
	roles                   []access.Role
	paper                   string // medical paper held
	expired                 bool   // its registration has ended
}

var staff = []person{
	{"front", "陈静", "前台主管", "100101", false, []access.Role{access.Reception}, "", false},
	{"consultant", "林悦", "高级咨询顾问", "100102", false, []access.Role{access.Consultant}, "", false},
	{"doctor", "周明远", "副主任医师", "100103", true, []access.Role{access.Physician}, people.PaperPhysician, false},
	{"nurse", "吴晓燕", "护士长", "100104", false, []access.Role{access.Nurse}, people.PaperNurse, false},
	{"cashier", "赵丽", "收银员", "100105", false, []access.Role{access.Cashier}, "", false},
	{"stock", "孙强", "库管员", "100106", false, []access.Role{access.Storekeeper}, "", false},
	{"aftercare", "黄敏", "售后专员", "100107", false, []access.Role{access.Aftercare}, "", false},
	{"quality", "何慧", "质控专员", "100108", false, []access.Role{access.Quality}, "", false},
	{"manager", "郑涛", "店长", "100109", false, []access.Role{access.Manager}, "", false},
	{"owner", "沈若兰", "负责人", "100110", false, []access.Role{access.Owner, access.SysAdmin, access.SecAdmin}, "", false},
	{"consultant2", "许佳", "咨询顾问", "100111", false, []access.Role{access.Consultant}, "", false},
	{"nurse2", "马琳", "护士", "100112", false, []access.Role{access.Nurse}, people.PaperNurse, false},
	{"doctor2", "高翔", "医师", "100113", false, []access.Role{access.Physician}, people.PaperPhysician, false},
	{"doctor3", "梁博文", "医师(注册已暂停)", "100114", false, []access.Role{access.Physician}, people.PaperPhysician, true},
}

// people hires everybody and keeps the PINs for the login cards.
func (m *maker) people() error {
	system := access.System("demo")
	for _, p := range staff {
		_, _, err := m.app.Admin.AddStaff(m.ctx, system, admin.NewStaff{
			Login: p.login, Name: p.name, Title: p.title, Password: admin.DemoPassword, PIN: p.pin, Lead: p.lead, Roles: p.roles, Lang: words.ZH,
		})
		if err != nil {
			return fmt.Errorf("%s: %w", p.login, err)
		}
		m.pins[p.login] = p.pin
		if m.by[p.login], err = m.app.Admin.ActorOf(m.ctx, p.login); err != nil {
			return err
		}
	}
	pins, err := json.Marshal(m.pins)
	if err != nil {
		return err
	}
	for name, text := range map[string]string{
		admin.SettingPINs: string(pins), admin.SettingClinic: "美序医疗美容诊所(练习)",
		"clinic.address": "杭州市西湖区示例路 88 号", "clinic.phone": "0571-88888888", "clinic.dpo": "沈若兰",
		"clinic.emergency": "0571-88880120",
	} {
		if err := m.app.Admin.SaveSetting(m.ctx, system, name, text); err != nil {
			return fmt.Errorf("setting %s: %w", name, err)
		}
	}
	return nil
}

// papers enters the licences, lets a second person check them, and grants the rights.
func (m *maker) papers() error {
	for i, p := range staff {
		if p.paper == "" {
			continue
		}
		if err := m.paper(p, i); err != nil {
			return fmt.Errorf("%s: %w", p.login, err)
		}
	}
	return m.rights()
}

func (m *maker) paper(p person, n int) error {
	office, id := m.app.Rooms.People, m.by[p.login].Staff
	from := m.today().Add(-900)
	var until term.Day
	if p.paper == people.PaperNurse {
		until = from.Add(5 * 365)
	}
	papers := []people.PaperIn{{
		Staff: id, Kind: p.paper, Number: fmt.Sprintf("11033010000%04d", 2100+n), Scope: "医疗美容科", PlaceHere: true, From: from, Until: until,
	}}
	if p.lead {
		papers = append(papers, people.PaperIn{
			Staff: id, Kind: people.PaperLead, Number: fmt.Sprintf("ZJMR%04d", 300+n), Scope: "美容外科 · 美容皮肤科", PlaceHere: true, From: from,
		})
	}
	for _, in := range papers {
		paper, err := office.AddLicence(m.ctx, m.by["manager"], in)
		if err != nil {
			return err
		}
		if err := office.CheckLicence(m.ctx, m.by["quality"], paper); err != nil {
			return err
		}
		if p.expired {
			if err := office.SuspendLicence(m.ctx, m.by["manager"], paper, true, "定期考核周期已过，暂停执业"); err != nil {
				return err
			}
		}
	}
	return nil
}

// rights lets the lead physician do everything on his own, the other physician the light
// devices, the nurses the care items.
func (m *maker) rights() error {
	for _, i := range m.kinds() {
		for login, level := range rightsOf(i.kind, i.operator) {
			err := m.app.Rooms.People.GrantRight(m.ctx, m.by["manager"], people.Grant{
				Staff: m.by[login].Staff, ItemKind: i.kind, Level: level, Until: m.today().Add(700),
			})
			if err != nil {
				return fmt.Errorf("%s %s: %w", login, i.kind, err)
			}
		}
	}
	return nil
}

func rightsOf(_, operator string) map[string]string {
	switch operator {
	case "nurse":
		return map[string]string{"doctor": "independent", "nurse": "independent", "nurse2": "independent"}
	case "physician":
		return map[string]string{"doctor": "independent", "doctor2": "independent", "doctor3": "independent"}
	}
	return map[string]string{"doctor": "independent", "doctor2": "supervised"}
}
