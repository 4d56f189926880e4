package demo

import (
	"fmt"
	"time"

	"meixu/app/finance"
	"meixu/app/readiness"
	"meixu/store/term"
)

// visits of the past: how many days ago, at which hour, who, for what.
var past = []struct {
	days, hour, minute, client int
	wish                       string
	sessions                   int
	twist                      string
	stars                      int
	again                      int // days ago of the second session
}{
	{86, 9, 30, 0, "btx", 1, "", 5, 0},
	{84, 10, 0, 1, "clean", 3, "", 5, 63},
	{82, 13, 30, 2, "ipl", 3, "", 4, 54},
	{78, 9, 40, 3, "peel", 1, "", 5, 0},
	{75, 10, 20, 4, "hydra", 1, "", 4, 0},
	{72, 14, 0, 5, "filler", 1, "", 5, 0},
	{69, 9, 30, 6, "btx", 1, twistDoctor, 0, 0},
	{66, 11, 0, 7, "clean", 1, "", 2, 0},
	{61, 9, 50, 8, "pico", 1, "", 4, 0},
	{58, 14, 10, 9, "masseter", 1, "", 5, 0},
	{55, 10, 30, 10, "repair", 1, "", 5, 0},
	{51, 9, 30, 11, "btx", 1, twistVoid, 4, 0},
	{48, 13, 40, 12, "ipl", 1, twistDeclined, 0, 0},
	{45, 10, 0, 13, "peel", 1, "", 4, 0},
	{42, 14, 20, 14, "filler", 1, twistConsent, 0, 0},
	{38, 9, 40, 15, "btx", 1, twistStopped, 3, 0},
	{31, 10, 10, 17, "ipl", 3, "", 4, 0},
	{28, 9, 30, 18, "hydra", 1, twistLeft, 0, 0},
	{24, 14, 0, 19, "masseter", 1, "", 5, 0},
	{17, 10, 40, 21, "pico", 1, "", 5, 0},
	{14, 13, 50, 22, "filler", 1, "", 5, 0},
	{11, 9, 30, 23, "btx", 1, "", 4, 0},
	{7, 13, 30, 25, "peel", 1, "", 0, 0},
	{5, 9, 40, 26, "ipl", 1, "", 0, 0},
	{4, 14, 0, 27, "repair", 1, "", 4, 0},
}

// health is what some clients answer other than no.
var health = map[int]say{
	1: {"al_other": "penicillin", "al_other.detail": "青霉素，皮疹"}, 4: {"hypertension": "controlled"}, 9: {"al_other": "food", "al_other.detail": "海鲜"},
	13: {"sensitive": "no", "pigment_prone": "yes"}, 16: {"al_other": "latex", "al_other.detail": "乳胶手套"}, 20: {"past_kinds": "btx"},
}

// before plans everything that happened before today.
func (m *maker) before() {
	arrivals, known := map[int]bool{}, map[int]bool{}
	for i, p := range past {
		s := m.newStay(p.client, p.wish)
		s.twist, s.stars, s.sessions, s.health, s.lateCall = p.twist, p.stars, p.sessions, health[p.client], i%7 == 5
		at := m.on(p.days, p.hour, p.minute)
		m.plan(at.Add(-12*time.Minute), fmt.Sprintf("file of client %d", p.client), func() error { return m.register(p.client) })
		s.come(at)
		known[p.client] = true
		if p.client == 2 {
			m.refundOf = s
		}
		arrivals[p.days] = true
		if p.again > 0 {
			next := m.newStay(p.client, p.wish)
			next.continues, next.stars = s, p.stars
			next.come(m.on(p.again, p.hour, p.minute))
			arrivals[p.again] = true
		}
	}
	for days := range arrivals {
		m.morning(days)
	}
	for n := range clientCount {
		if known[n] {
			continue
		}
		m.plan(m.on(85-n, 16, n%50), fmt.Sprintf("file of client %d", n), func() error { return m.register(n) })
	}
	m.plan(m.on(30, 16, 30), "refund", m.refund)
	m.plan(m.on(40, 12, 0), "cases", m.showcase)
	m.recent()
}

// recent are the visits of the last days, whose follow-ups are open now: one nearly late,
// one late, one in which a red flag is heard today.
func (m *maker) recent() {
	for _, v := range []struct {
		hours  float64 // since the client came
		client int
		wish   string
	}{{50, 28, "filler"}, {49.4, 29, "clean"}, {74, 30, "masseter"}, {30, 31, "btx"}, {27, 32, "hydra"}} {
		s := m.newStay(v.client, v.wish)
		s.noCalls = v.client <= 31
		switch v.client {
		case 30:
			m.missed = s
		case 31:
			m.flagged = s
		}
		at := m.end.Add(-time.Duration(v.hours * float64(time.Hour)))
		if leaves := at.Add(3 * time.Hour); leaves.In(m.zone).Day() != at.In(m.zone).Day() {
			at = at.Add(-3 * time.Hour) // nobody is treated across midnight
		}
		m.plan(at.Add(-30*time.Minute), "kit", m.checkKit)
		s.come(at)
	}
}

// morning is what is done before the doors open: kit and fridge.
func (m *maker) morning(days int) {
	m.plan(m.on(days, 8, 40), "kit", m.checkKit)
	m.plan(m.on(days, 8, 45), "fridge", m.readFridge)
}

func (m *maker) checkKit() error {
	_, err := m.app.Rooms.Ready.CheckKit(m.ctx, m.by["nurse"], readiness.KitCheck{Present: readiness.KitItems})
	return err
}

func (m *maker) readFridge() error {
	_, err := m.app.Rooms.Ready.LogFridge(m.ctx, m.by["stock"], fmt.Sprintf("4.%d", m.rand.IntN(10)), "")
	return err
}

// refund gives the sessions back that client 2 has left.
func (m *maker) refund() error {
	s := m.refundOf
	if s == nil || s.order == 0 {
		return fmt.Errorf("nothing to give back")
	}
	back, _, err := m.app.Rooms.Till.Back(m.ctx, m.by["cashier"], s.order, map[term.OrderLineID]int{s.orderLine: 1})
	if err != nil {
		return err
	}
	_, err = m.app.Rooms.Till.Refund(m.ctx, m.by["cashier"], finance.RefundOrder{
		Order: s.order, Sessions: map[term.OrderLineID]int{s.orderLine: 1}, Legs: back.Proposed, Side: "client",
		Reason: "客户搬家，剩余次数退款", Approval: m.managers(),
	})
	return err
}
