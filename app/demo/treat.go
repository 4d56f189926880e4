package demo

import (
	"bytes"
	"fmt"
	"strings"

	"meixu/app/access"
	"meixu/app/aftercare"
	"meixu/app/defaults"
	"meixu/app/forms"
	"meixu/app/inventory"
	"meixu/app/procedure"
	"meixu/app/readiness"
	"meixu/store"
	"meixu/store/term"
)

// treated are the steps from the pre-op gate to the door; from is when they begin.
func (s *stay) treated(from float64) []beat {
	list := []beat{
		{from, "assign operator", s.assignOperator},
		{from + 2, "identity", s.identity},
		{from + 4, "today", s.todayCheck},
		{from + 6, "ready", s.makeReady},
		{from + 8, "mark", s.mark},
		{from + 10, "clear", s.clear},
		{from + 12, "baseline", s.baseline},
		{from + 15, "lots", s.takeLots},
		{from + 18, "sign in", s.signIn},
		{from + 21, "time out", s.timeOut},
		{from + 22, "start", s.start},
	}
	at := from + 22 + float64(s.item.Minutes)*0.8
	if s.twist == twistStopped {
		return append(list, beat{from + 30, "stop", s.stop}, beat{from + 36, "report", s.reportStop}, beat{from + 38, "guide", s.guide},
			beat{from + 44, "sign record", s.signRecord}, beat{from + 70, "release", s.release},
			beat{from + 74, "close", s.close})
	}
	list = append(list, beat{at - 8, "reaction", s.react}, beat{at, "record", s.record}, beat{at + 3, "counts", s.counts},
		beat{at + 5, "sign out", s.signOut}, beat{at + 9, "guide", s.guide}, beat{at + 14, "sign record", s.signRecord})
	leave := at + 7 + max(float64(s.item.ObserveMinutes), 8)
	return append(list, beat{leave, "release", s.release}, beat{leave + 5, "close", s.close})
}

func (s *stay) suite() *procedure.Suite { return s.app.Rooms.Suite }

// assignOperator finds the treatment that paying made, and names who does it where.
func (s *stay) assignOperator() error {
	read := 0
	if err := s.app.Read(s.ctx, s.by["nurse"], access.ProcedureView, func(r *store.Read) error {
		list, err := r.TreatmentsOf(s.visit)
		for _, t := range list {
			if t.State == term.TreatmentScheduled && t.Item == s.item.ID {
				s.treatment, read = t.ID, t.Version
			}
		}
		return err
	}); err != nil {
		return err
	}
	if err := s.chooseRoom(); err != nil {
		return err
	}
	return s.suite().Assign(s.ctx, s.by["nurse"], procedure.Assign{
		Treatment: s.treatment, Version: read, Operator: s.by[s.operator].Staff, Nurse: s.by["nurse"].Staff, Room: s.roomOf, Device: s.devices[s.item.DeviceKind],
	})
}

// chooseRoom takes the first room of the item's kind, or another one where a client lies in that.
func (s *stay) chooseRoom() error {
	s.roomOf = s.rooms[s.item.RoomKind]
	if s.second != "" {
		s.roomOf = s.rooms[s.second]
	}
	return s.app.Read(s.ctx, s.by["nurse"], access.ReadyView, func(r *store.Read) error {
		if readiness.RoomFree(r, s.roomOf, s.treatment) == nil {
			return nil
		}
		for _, room := range rooms {
			if room.kind == s.item.RoomKind && readiness.RoomFree(r, s.rooms[room.name], s.treatment) == nil {
				s.roomOf = s.rooms[room.name]
				return nil
			}
		}
		return nil
	})
}

func (s *stay) identity() error {
	return s.suite().CheckIdentity(s.ctx, s.by["nurse"], procedure.Identity{Treatment: s.treatment, Way: "birth", Birth: s.client.Birth})
}

// form signs a form of the treatment that one person completes.
func (s *stay) form(login string, which procedure.Which, code string, given say) error {
	a, err := s.answers(code, given.with(say{"$gender": s.client.Gender, "$kind": s.item.Kind, "$depth": s.item.Depth, "$care": s.item.CareTemplate}))
	if err != nil {
		return err
	}
	return s.signs(s.by[login], which.Permission(), func(by access.Actor) error {
		_, err := s.suite().Fill(s.ctx, by, procedure.Fill{Treatment: s.treatment, Which: which, Answers: a, Done: true})
		return err
	})
}

func (s *stay) witness(login string) procedure.Second {
	return procedure.Second{Staff: s.by[login].Staff, PIN: s.pins[login]}
}

func (s *stay) todayCheck() error {
	return s.form("nurse", procedure.FormToday, "F16-TODAY", say{"still": "yes", "same": "yes", "realistic": "yes", "ate": "yes"})
}

// makeReady disinfects the room before every client, and checks the device where that does
// not stand. A disinfection of the morning might run out before the operation begins.
func (s *stay) makeReady() error {
	if err := s.disinfect(s.roomOf); err != nil {
		return err
	}
	return s.readyFor(s.roomOf, s.devices[s.item.DeviceKind])
}

func (m *maker) disinfect(room term.RoomID) error {
	_, err := m.app.Rooms.Ready.Disinfect(m.ctx, m.by["nurse2"], readiness.Disinfect{Room: room, Method: "wipe", Minutes: 15})
	return err
}

// readyFor disinfects the room and checks the device, where that does not stand.
func (m *maker) readyFor(room term.RoomID, device term.DeviceID) error {
	var roomGap, deviceGap error
	if err := m.app.Read(m.ctx, m.by["nurse"], access.ReadyView, func(r *store.Read) error {
		roomGap = readiness.RoomReady(r, room)
		if device != 0 {
			deviceGap = readiness.DeviceReady(r, device)
		}
		return nil
	}); err != nil {
		return err
	}
	if roomGap != nil {
		if err := m.disinfect(room); err != nil {
			return err
		}
	}
	if deviceGap == nil {
		return nil
	}
	_, err := m.app.Rooms.Ready.CheckDevice(m.ctx, m.by["doctor2"], readiness.DeviceCheck{Device: device, Passed: readiness.DevicePoints, OK: true})
	return err
}

func (s *stay) mark() error {
	if !s.item.SideMark {
		return nil
	}
	return s.form("doctor", procedure.FormMark, "F16-MARK", say{
		"area": s.wish.area, "points.0.x": "0.3", "points.0.y": "0.6", "points.0.side": "left", "points.1.x": "0.7", "points.1.y": "0.6",
		"points.1.side": "right", "agreed": "yes",
	})
}

func (s *stay) clear() error {
	return s.signs(s.by["doctor"], access.ContraClear, func(by access.Actor) error {
		return s.suite().Clear(s.ctx, by, procedure.Clearance{Treatment: s.treatment, Verdict: procedure.Passed, Note: "已复核问卷与今日状态，可以进行"})
	})
}

// baseline takes the photos of some clients; others would not have any.
func (s *stay) baseline() error {
	if s.n%3 != 0 || !s.agrees() {
		return s.suite().NoPhoto(s.ctx, s.by["nurse"], s.treatment, "客户本次不愿拍照，已说明影响效果对比")
	}
	if s.first != nil {
		return nil // the photos before the first item show the same face
	}
	views := s.item.PhotoViews
	if len(views) == 0 {
		views = []string{"front"}
	}
	for i, view := range views {
		p, err := s.suite().Prepare(s.ctx, s.by["nurse"], s.treatment, bytes.NewReader(sample(s.n*10+i, view)))
		if err != nil {
			return err
		}
		if err := s.suite().AddPhoto(s.ctx, s.by["nurse"], s.treatment, p, "baseline", view); err != nil {
			return err
		}
	}
	return nil
}

// takeLots takes what the item is made of from the lot that ends first.
func (s *stay) takeLots() error {
	if s.wish.used == "" {
		return nil
	}
	var rows []inventory.LotRow
	if err := s.app.Read(s.ctx, s.by["nurse"], access.StockView, func(r *store.Read) (err error) {
		rows, err = inventory.Candidates(r, s.item)
		return err
	}); err != nil {
		return err
	}
	for _, row := range rows {
		if !row.First || len(s.item.Uses) == 0 || row.Product.UseKind != s.item.Uses[0].Kind {
			continue
		}
		s.lot, s.product = row.Lot, row.Product
		in := procedure.Take{Treatment: s.treatment, Lot: row.Lot.ID, Qty: s.wish.dose}
		if row.Product.Toxic {
			in.Second = s.witness("stock")
		}
		var err error
		s.useID, err = s.suite().TakeLot(s.ctx, s.by["nurse"], in)
		return err
	}
	return fmt.Errorf("no lot for %s among %d", s.item.Name, len(rows))
}

func (s *stay) signIn() error {
	return s.twoForm("nurse", "doctor", procedure.FormSignIn, "F18", say{"weight_kg": fmt.Sprint(46 + s.rand.IntN(20)), "skin_test": "na", "fasting": "na", "site": "yes"})
}

func (s *stay) timeOut() error {
	return s.twoForm(s.operator, "nurse", procedure.FormTimeOut, "F19", say{"goggles": "yes", "anaesthetic": "na", "images": "na", "lots": "yes"})
}

// twoForm signs a check of two persons.
func (s *stay) twoForm(login, second string, which procedure.Which, code string, given say) error {
	a, err := s.answers(code, given.with(say{"$depth": s.item.Depth, "$kind": s.item.Kind, "second_person": s.by[second].Name}))
	if err != nil {
		return err
	}
	return s.signs(s.by[login], which.Permission(), func(by access.Actor) error {
		_, err := s.suite().Fill(s.ctx, by, procedure.Fill{
			Treatment: s.treatment, Which: which, Answers: a, Done: true, Second: s.witness(second),
		})
		return err
	})
}

func (s *stay) start() error { return s.suite().Start(s.ctx, s.by["nurse"], s.treatment) }

func (s *stay) react() error {
	_, err := s.suite().React(s.ctx, s.by["nurse"], procedure.Reaction{Treatment: s.treatment, Sign: "calm", Pain: new(s.rand.IntN(3))})
	return err
}

// record writes the record of the procedure with the lot that was taken.
func (s *stay) record() error {
	code, ok := defaults.ProcedureForm(s.item.Kind)
	if !ok {
		code = "F7-CARE"
	}
	t, err := s.place7()
	if err != nil {
		return err
	}
	given := s.wish.record.with(t)
	return s.form(s.operator, procedure.FormRecord, code, given)
}

// place7 is what every record says: who, where, with what.
func (s *stay) place7() (say, error) {
	given := say{
		"operator": s.by[s.operator].Name, "assistant": s.by["nurse"].Name, "area": s.wish.area, "position": "semi", "an_kind": "none", "vas": fmt.Sprint(1 + s.rand.IntN(3)),
		"complication": "none", "photo_after_reason": "客户本次不愿拍照", "left_condition": "good", "second_person": s.by["nurse"].Name,
		"selfcheck": "yes", "goggles": "yes", "test_spot": "normal",
	}
	err := s.app.Read(s.ctx, s.by["nurse"], access.ProcedureView, func(r *store.Read) error {
		room, err := r.Room(s.roomOf)
		if err != nil {
			return err
		}
		given["room"] = room.Name
		if id := s.devices[s.item.DeviceKind]; id != 0 {
			d, err := r.Device(id)
			if err != nil {
				return err
			}
			given["device"] = d.Number
		}
		return nil
	})
	if s.lot.ID != 0 {
		given = given.with(say{
			"products.0.product": s.product.Name, "products.0.lot": s.lot.Lot, "products.0.used": s.wish.used, "products.0.unit": unit(s.product.Unit),
			"products.0.expiry": string(s.lot.ExpiresOn), "vial_trace": s.lot.Lot,
		})
	}
	return given, err
}

func unit(u string) string {
	switch u {
	case "U", "ml", "mg", "g":
		return u
	}
	return "piece"
}

// counts tells what became of what was taken.
func (s *stay) counts() error {
	in := procedure.Counts{Treatment: s.treatment, Second: s.witness("stock")}
	if s.useID != 0 {
		in.Lines = []procedure.Count{{Use: s.useID, Used: s.wish.used, Wasted: s.wish.wasted}}
	}
	return s.signs(s.by["nurse"], access.CountsClose, func(by access.Actor) error { return s.suite().CloseCounts(s.ctx, by, in) })
}

func (s *stay) signOut() error {
	return s.twoForm(s.operator, "nurse", procedure.FormSignOut, "F20", say{"specimen": "na"})
}

// stop ends the procedure midway; the session goes back to the client.
func (s *stay) stop() error {
	in := procedure.Stop{Treatment: s.treatment, Reason: "客户出现头晕、面色苍白，停止操作并平卧观察", Session: "back", Second: s.witness("nurse")}
	if s.useID != 0 {
		in.Lines = []procedure.Count{{Use: s.useID, Used: "0", Wasted: s.product.PackQty.String()}}
	}
	return s.suite().Stop(s.ctx, s.by["doctor"], in)
}

// reportStop fills the adverse event form that a stop asks for.
func (s *stay) reportStop() error {
	by := s.by["doctor"]
	id, err := s.suite().Report(s.ctx, by, s.treatment)
	if err != nil {
		return err
	}
	sheet, err := s.app.Rooms.Forms.Open(s.ctx, by, id)
	if err != nil {
		return err
	}
	given := say{
		"kind": "other", "severity": "A", "harm": "none", "outcome": "recovered", "closed": "yes",
		"timeline": "停止操作，平卧，测血压与血氧，二十分钟后好转", "treatment": "平卧，监测，口服温糖水",
	}
	for link, answer := range sheet.Answers {
		if len(answer.Values) > 0 && given[link] == "" {
			given[link] = strings.Join(answer.Values, "|")
		}
	}
	answers, err := s.answers("F11", given)
	if err != nil {
		return err
	}
	return s.app.Rooms.Forms.SignDraft(s.ctx, by, forms.Typed{ID: id, Version: sheet.Row.Version, Answers: answers})
}

// guide hands over the care guide and tells the red flags.
func (s *stay) guide() error {
	doc, err := s.app.Rooms.Care.HandGuide(s.ctx, s.by["nurse"], s.treatment)
	if err != nil {
		return err
	}
	if err := s.signDoc(doc); err != nil {
		return err
	}
	if _, err := s.app.Rooms.Care.LinkGuide(s.ctx, s.by["nurse"], s.treatment); err != nil {
		return err
	}
	return s.app.Rooms.Care.TellRedFlags(s.ctx, s.by["nurse"], aftercare.Tell{Treatment: s.treatment, Signs: true, Phone: true})
}

func (s *stay) signRecord() error {
	return s.signs(s.by[s.operator], access.RecordSign, func(by access.Actor) error { return s.suite().SignRecord(s.ctx, by, s.treatment) })
}

// release lets the client go; whoever was watched has the observation noted first.
func (s *stay) release() error {
	if s.item.ObserveMinutes > 0 {
		if err := s.form("nurse", procedure.FormObserve, "F7-OBS", say{
			"vitals.0.bp": "112/70", "vitals.0.pulse": "74", "vitals.0.spo2": "99", "vitals.0.pain": "1", "colour": "same", "refill_s": "1.5", "stable": "yes",
			"no_bleed": "yes", "guide": "yes", "redcard": "yes", "walk": "yes", "vision_ok": "yes", "pain_odd": "no",
		}); s.young() && refused(err) {
			s.watched = true
			return nil
		} else if err != nil {
			return err
		}
	}
	err := s.signs(s.by["nurse"], access.TreatmentRelease, func(by access.Actor) error { return s.suite().Release(s.ctx, by, s.treatment) })
	if s.young() && refused(err) {
		s.watched = true // the hours were drawn together, the observation was not
		return nil
	}
	return err
}

// base stands in the links of the past; pages put the present address of the guests' door there.
const base = "http://meixu.local:8421"
