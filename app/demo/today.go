package demo

import (
	"errors"
	"fmt"
	"time"

	"meixu/app/access"
	"meixu/app/crm"
	"meixu/app/reception"
	"meixu/store"
	"meixu/store/term"
)

const day = 24 * time.Hour

// today are the visits of the last day: how many minutes ago each client came decides how far
// the visit has got by now.
var todays = []struct {
	ago    float64
	client int
	wish   string
	twist  string
	until  float64 // the step after which nothing happens any more
	room   string
	booked bool
}{
	{290, 33, "btx", "", 0, "", true},           // closed, two items
	{205, 34, "clean", "", 0, "", true},         // closed
	{156.5, 35, "peel", "", 0, "", true},        // leaving
	{135, 36, "btx", "", 0, "", true},           // observed
	{131, 37, "hydra", twistLeft, 0, "", false}, // left
	{118, 38, "hydra", "", 0, "", true},         // in procedure
	{112, 39, "ipl", "", 0, "", true},           // in procedure
	{107, 40, "btx", "", 0, "注射室二", true},       // in procedure
	{96.5, 41, "masseter", "", 0, "", false},    // pre-op, gate half green
	{84.5, 42, "pico", "", 0, "", true},         // pre-op
	{73.5, 43, "clean", "", 0, "", true},        // statement out, to pay
	{69, 44, "filler", "", 0, "", false},        // ordered, to pay
	{62, 45, "ipl", "", 0, "", true},            // papers to be signed
	{54, 46, "peel", "", 0, "", false},          // plan waits for the physician
	{45, 47, "btx", "", 0, "", true},            // with the physician
	{40, 48, "repair", "", 0, "", true},         // waits for the examination
	{21, 49, "pico", "", 0, "", false},          // consultation
	{19, 50, "clean", "", 3, "", false},         // waits too long
	{4, 51, "btx", "", 0, "", true},             // waits
	{2.5, 52, "hydra", "", 0, "", false},        // just came
}

// twoItems is the client of today who had two items in one visit: toxin, and then a peel, which
// no interval forbids (aftercare.md section 3).
const twoItems = 33

// now plans the last day.
func (m *maker) now() {
	m.plan(m.ago(322), "kit", m.checkKit)
	m.plan(m.ago(321), "fridge", m.readFridge)
	m.plan(m.ago(318), "rooms", m.cleanRooms)
	m.plan(m.ago(312), "devices", m.checkDevices)
	for _, t := range todays {
		s := m.newStay(t.client, t.wish)
		s.twist, s.second, s.until = t.twist, t.room, t.until
		at := m.ago(t.ago)
		if t.booked {
			m.plan(m.on(1, 17, 0), "book today", func() error { return s.book(at) })
		}
		if t.client == twoItems {
			s.and("peel")
		}
		s.squeeze(t.ago)
	}
	m.leads()
	m.plan(m.on(1, 16, 0), "roster", m.roster)
	m.plan(m.on(1, 17, 30), "bookings", m.bookings)
	m.plan(m.ago(0.4), "days ahead", m.ahead)
	m.plan(m.ago(0.2), "on duty", m.onDuty)
	m.plan(m.ago(9), "red flag", m.hearRedFlag)
	m.plan(m.ago(35), "no answer", m.nobodyAnswers)
	day := 0
	if m.on(day, 4, 0).After(m.end) {
		day = 1 // the small hours: the last whole night was the one before
	}
	for _, job := range []struct {
		name         string
		hour, minute int
	}{{"backup", 2, 30}, {"backup-drill", 4, 0}} {
		m.plan(m.on(day, job.hour, job.minute), job.name, func() error {
			_, err := m.app.Jobs.Run(m.ctx, access.System("demo"), job.name)
			return err
		})
	}
}

// squeeze plans the visit so that its steps lie before the end as ago draws them together.
func (s *stay) squeeze(came float64) {
	for _, b := range s.beats() {
		if s.until > 0 && b.minute > s.until || b.minute > came {
			continue
		}
		s.maker.plan(s.ago(came-b.minute), fmt.Sprintf("client %d %s", s.n, b.name), b.do)
	}
}

// cleanRooms disinfects the rooms in the morning, all but the operating room.
func (m *maker) cleanRooms() error {
	for _, r := range rooms {
		if r.kind == "手术室" {
			continue
		}
		if err := m.readyFor(m.rooms[r.name], 0); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return nil
}

// checkDevices checks the devices; the one whose maintenance is overdue cannot be checked,
// and one was forgotten.
func (m *maker) checkDevices() error {
	for i, kind := range m.kindsOfDevice {
		if i == 6 {
			continue
		}
		err := m.readyFor(m.rooms["咨询室"], m.devices[kind])
		if err != nil && !refused(err) {
			return fmt.Errorf("%s: %w", kind, err)
		}
	}
	return nil
}

// book books the talk of a visit a day before; a slot outside opening hours or taken is left.
func (s *stay) book(at time.Time) error {
	by, start := s.by["front"], at.Truncate(15*time.Minute).Add(15*time.Minute)
	id, err := s.app.Rooms.Desk.Book(s.ctx, by, reception.Booking{
		Client: s.clients[s.n], Staff: s.by["consultant"].Staff, Start: term.At(start), Minutes: 15, Note: s.item.Name, Confirmed: true,
	})
	var taken *reception.Taken
	if errors.As(err, &taken) {
		return nil
	}
	s.appointment = id
	return err
}

// bookings fill the rest of today and the next days.
func (m *maker) bookings() error {
	for i, b := range []struct {
		days, hour, minute, client int
		wish, login, room          string
	}{
		{0, 11, 30, 53, "btx", "doctor", "注射室"},
		{0, 13, 30, 54, "ipl", "doctor2", "光电治疗室"},
		{0, 14, 30, 55, "clean", "nurse2", "皮肤护理室"},
		{0, 15, 0, 56, "filler", "doctor", "注射室"},
		{0, 16, 0, 57, "peel", "doctor2", "治疗室"},
		{0, 17, 0, 58, "hydra", "nurse2", "皮肤护理室"},
		{0, 18, 0, 59, "btx", "doctor", "注射室"},
		{-1, 10, 0, 17, "ipl", "doctor2", "光电治疗室"},
		{-1, 14, 0, 19, "btx", "doctor", "注射室"},
		{-1, 15, 30, 21, "repair", "nurse2", "皮肤护理室"},
		{-2, 10, 30, 23, "peel", "doctor2", "治疗室"},
		{-3, 14, 30, 14, "filler", "doctor", "注射室"},
	} {
		at := m.on(b.days, b.hour, b.minute)
		if !at.After(m.end) && b.days == 0 && m.end.Sub(at) > 2*time.Hour {
			continue // long past; those who came have a visit
		}
		item := m.items[wishes[b.wish].item]
		_, err := m.app.Rooms.Desk.Book(m.ctx, m.by["front"], reception.Booking{
			Client: m.clients[b.client], Item: item.ID, Staff: m.by[b.login].Staff, Room: m.rooms[b.room], Device: m.devices[item.DeviceKind],
			Start: term.At(at), Confirmed: i%3 != 1,
		})
		var taken *reception.Taken
		if err != nil && !errors.As(err, &taken) {
			return fmt.Errorf("booking %d: %w", i, err)
		}
	}
	return m.waits()
}

// waits puts two clients on the wait list: one presses, one has time.
func (m *maker) waits() error {
	for _, w := range []struct {
		client, days, urgency int
		wish, note            string
	}{{56, 3, 2, "btx", "希望这几天上午"}, {57, 14, 0, "ipl", ""}} {
		_, err := m.app.Rooms.Desk.AddWait(m.ctx, m.by["front"], reception.WaitIn{
			Client: m.clients[w.client], Item: m.items[wishes[w.wish].item].ID, FromDay: m.today().Add(1), ToDay: m.today().Add(1 + w.days), Urgency: w.urgency, Note: w.note,
		})
		if err != nil {
			return fmt.Errorf("wait of client %d: %w", w.client, err)
		}
	}
	return nil
}

// leads are inquiries: most answered in time, one late, one about to be late.
func (m *maker) leads() {
	for i, l := range []struct {
		at       time.Time
		reply    float64 // minutes; 0 nobody answered
		name     string
		channel  string
		need     string
		consults string
		lost     string
		doctor   bool
	}{
		{m.on(20, 10, 12), 2, "张女士", "online", "想了解眉间纹", "consultant", "", false},
		{m.on(15, 15, 40), 4, "刘女士", "platform", "咨询皮秒价格", "consultant2", "价格超出预算", false},
		{m.on(9, 11, 5), 12, "孙先生", "phone", "想去痘印", "consultant", "", false},
		{m.on(4, 19, 20), 3, "杨女士", "online", "小气泡清洁多少钱", "consultant2", "", false},
		{m.on(2, 14, 2), 1, "何女士", "referral", "朋友介绍，想做水光", "consultant", "", false},
		{m.on(1, 16, 44), 4, "马女士", "phone", "想做唇部填充", "consultant2", "", true},
		{m.ago(150), 3, "郭女士", "online", "皮肤干燥起皮，想约护理", "consultant", "", false},
		{m.ago(64), 9, "罗女士", "platform", "咨询光子嫩肤", "consultant2", "", false},
		{m.ago(23), 0, "谢女士", "online", "想问瘦脸针", "consultant", "", false},
		{m.ago(2), 0, "唐先生", "phone", "想祛痣，问能不能今天做", "consultant2", "", false},
	} {
		var id term.LeadID
		m.plan(l.at, "lead", func() (err error) {
			id, err = m.app.Rooms.Book.AddLead(m.ctx, m.by["front"], crm.NewLead{
				Name: l.name, Phone: fmt.Sprintf("1390000%04d", 1200+i*37), Channel: l.channel, Need: l.need, Owner: m.by[l.consults].Staff, AskDoctor: l.doctor,
			})
			return err
		})
		if l.reply > 0 {
			m.plan(l.at.Add(time.Duration(l.reply*float64(time.Minute))), "reply", func() error { return m.app.Rooms.Book.ReplyLead(m.ctx, m.by[l.consults], id, "") })
		}
		if l.lost != "" {
			m.plan(l.at.Add(day), "lose", func() error { return m.app.Rooms.Book.LoseLead(m.ctx, m.by[l.consults], id, l.lost) })
		}
	}
}

// hearRedFlag is a call in which something bad is heard: the event stands open.
func (m *maker) hearRedFlag() error {
	t, err := m.followup(m.flagged, 2)
	if err != nil {
		return err
	}
	return m.talked(t, say{"swallow": "yes", "assessment": "redflag", "action": "嘱暂停进食，立即联系医师", "worry": "今早喝水有点呛", "pain": "1", "look": "none"})
}

// nobodyAnswers are two calls that reached nobody.
func (m *maker) nobodyAnswers() error {
	t, err := m.followup(m.missed, 2)
	if err != nil {
		return err
	}
	_, err = m.app.Rooms.Care.Unanswered(m.ctx, m.by["aftercare"], t.ID)
	return err
}

// followup finds the open follow-up of a visit for the day.
func (m *maker) followup(s *stay, days int) (found store.Task, err error) {
	err = m.app.Read(m.ctx, m.by["aftercare"], access.AftercareView, func(r *store.Read) error {
		all, err := r.TasksOfVisit(s.visit)
		for _, t := range all {
			if t.Kind == "followup" && t.Day == days && t.State == store.TaskOpen {
				found = t
			}
		}
		return err
	})
	if err == nil && found.ID == 0 {
		err = fmt.Errorf("client %d has no follow-up on day %d", s.n, days)
	}
	return found, err
}
