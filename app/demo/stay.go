package demo

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"meixu/app/access"
	"meixu/app/consultation"
	"meixu/app/engine/document"
	"meixu/app/forms"
	"meixu/app/papers"
	"meixu/app/photos"
	"meixu/app/reception"
	"meixu/store"
	"meixu/store/term"
)

// How a visit may go wrong.
const (
	twistLeft     = "left"            // goes before the plan
	twistDoctor   = "doctor_refused"  // the physician says no
	twistConsent  = "consent_refused" // the client does not sign
	twistDeclined = "declined"        // wants to think the plan over
	twistStopped  = "stopped"         // the procedure is stopped midway
	twistVoid     = "void"            // the payment is voided and taken anew
)

// stay is one visit of one client and how far it has come.
type stay struct {
	*maker
	n           int // number of the client in the story
	wish        wish
	item        store.Item
	sessions    int
	twist       string
	stars       int   // rating, 0 none
	lateCall    bool  // the 48-hour call came late
	health      say   // what differs in the questionnaire
	continues   *stay // an earlier stay whose sessions are continued
	also        *stay // a second item of the same visit, done after this one
	first       *stay // the stay to which this second item belongs
	appointment term.AppointmentID
	noCalls     bool    // nobody called yet
	until       float64 // minute after which nothing happens any more; 0 all

	watched    bool // still observed
	client     store.Client
	visit      term.VisitID
	ticket     int64
	consultant access.Actor
	plan       term.PlanID
	line       term.PlanItemID
	order      term.OrderID
	orderLine  term.OrderLineID
	payment    term.PaymentID
	treatment  term.TreatmentID
	operator   string
	roomOf     term.RoomID
	useID      int64
	lot        store.Lot
	product    store.Product
	second     string // another room than the first of its kind
}

// newStay prepares a visit of client n for a wish.
func (m *maker) newStay(n int, wishName string) *stay {
	w := wishes[wishName]
	s := &stay{maker: m, n: n, wish: w, item: m.items[w.item], sessions: 1}
	switch s.item.Operator {
	case "lead_physician":
		s.operator = "doctor"
	case "physician":
		s.operator = "doctor2"
	default:
		s.operator = "nurse2"
	}
	return s
}

// beat is a step of a visit, minutes after the arrival.
type beat struct {
	minute float64
	name   string
	do     func() error
}

// come plans the whole visit from its arrival on.
func (s *stay) come(at time.Time) {
	beats := s.beats()
	for _, b := range beats {
		s.maker.plan(at.Add(time.Duration(b.minute*float64(time.Minute))), fmt.Sprintf("client %d %s", s.n, b.name), b.do)
	}
}

// beats are the steps up to where the visit ends.
func (s *stay) beats() []beat {
	if s.continues != nil {
		return append([]beat{{0, "arrive", s.arrive}, {2, "assign", s.assign}, {5, "call", s.call}}, s.treated(8)...)
	}
	list := []beat{
		{0, "arrive", s.arrive},
		{2, "assign", s.assign},
		{5, "call", s.call},
		{7, "receive", s.receive},
		{9, "tablet", s.tablet},
		{16, "questionnaire", s.questionnaire},
		{19, "need", s.need},
		{23, "review", s.review},
		{27, "photo consent", s.photoConsent},
		{30, "skin", s.skin},
		{36, "talk", s.talk},
	}
	if s.twist == twistLeft {
		return append(list, beat{39, "leave", s.leave})
	}
	list = append(list, beat{42, "to the physician", s.toPhysician}, beat{48, "examine", s.exam})
	if s.twist == twistDoctor {
		return list
	}
	list = append(list, beat{50, "plan", s.draftPlan}, beat{53, "cases", s.cases}, beat{57, "approve", s.approve})
	switch s.twist {
	case twistDeclined:
		return append(list, beat{62, "decline", s.decline})
	case twistConsent:
		return append(list, beat{60, "papers", s.issue}, beat{63, "refuse consent", s.refuseConsent})
	}
	list = append(list, beat{60, "papers", s.issue}, beat{65, "sign", s.sign}, beat{67, "order", s.place},
		beat{72, "statement", s.statement}, beat{75, "pay", s.pay})
	if s.twist == twistVoid {
		list = append(list, beat{77, "void", s.void}, beat{79, "pay again", s.pay})
	}
	list = append(list, s.treated(80)...)
	if s.also == nil {
		return list
	}
	return append(list[:len(list)-1], s.also.afterwards(125)...) // one close for both
}

func (s *stay) arrive() error {
	s.client.ID = s.clients[s.n]
	if err := s.app.Read(s.ctx, s.by["front"], access.VisitArrive, func(r *store.Read) (err error) {
		s.client, err = r.Client(s.client.ID)
		return err
	}); err != nil {
		return err
	}
	for _, login := range []string{"consultant", "consultant2"} {
		if s.by[login].Staff == s.client.Consultant {
			s.consultant = s.by[login]
		}
	}
	in := reception.Arrive{Client: s.client.ID, Appointment: s.appointment}
	if s.continues != nil {
		in.Lines = []term.OrderLineID{s.continues.orderLine}
	}
	var err error
	s.visit, err = s.app.Rooms.Desk.Arrive(s.ctx, s.by["front"], in)
	return err
}

func (s *stay) assign() error {
	return s.app.Rooms.Desk.Assign(s.ctx, s.by["front"], reception.Assign{Visit: s.visit, Consultant: s.consultant.Staff})
}

func (s *stay) call() error {
	if err := s.app.Read(s.ctx, s.by["front"], access.QueueView, func(r *store.Read) error {
		t, err := r.TicketOf(s.visit)
		s.ticket = t.ID
		return err
	}); err != nil {
		return err
	}
	return s.app.Rooms.Desk.MoveTicket(s.ctx, s.consultant, reception.OnTicket{Ticket: s.ticket, Deed: reception.Call, Room: s.rooms["咨询室"]})
}

func (s *stay) receive() error {
	if err := s.app.Rooms.Desk.MoveTicket(s.ctx, s.consultant, reception.OnTicket{Ticket: s.ticket, Deed: reception.Serve}); err != nil {
		return err
	}
	return s.app.Rooms.Consult.Receive(s.ctx, s.consultant, s.visit)
}

// tablet hands the tablet to the client.
func (s *stay) tablet() error { return s.app.Rooms.Forms.HandOver(s.ctx, s.by["front"], s.visit) }

// questionnaire is what the client fills on the tablet.
func (s *stay) questionnaire() error {
	guest := s.by["front"]
	guest.Guest = access.GuestScope{Kind: "form", Client: s.client.ID, Visit: s.visit, Path: forms.TabletPath(s.visit)}
	slate, err := s.app.Rooms.Forms.Slate(s.ctx, guest, s.visit)
	if err != nil {
		return err
	}
	for _, f := range slate.Forms {
		if f.Done {
			continue
		}
		given := say{"$gender": s.client.Gender, "infect_consent": "no"}
		if f.Row.FormCode == "F2" {
			given = given.with(s.health)
		}
		for link, ans := range f.Answers {
			if len(ans.Values) > 0 && given[link] == "" {
				given[link] = ans.Values[0]
			}
		}
		a, err := s.answers(f.Row.FormCode, given)
		if err != nil {
			return err
		}
		if err := s.app.Rooms.Forms.SignDraft(s.ctx, guest, forms.Typed{ID: f.Row.ID, Answers: a}); err != nil {
			return fmt.Errorf("%s: %w", f.Row.FormCode, err)
		}
	}
	return nil
}

// fill signs a form of the consultation.
func (s *stay) fill(by access.Actor, code string, given say) error {
	a, err := s.answers(code, given.with(say{"$gender": s.client.Gender, "$kind": s.item.Kind}))
	if err != nil {
		return err
	}
	if by.Seen, err = s.app.Rooms.Consult.SeenForm(s.ctx, by, s.visit, code); err != nil {
		return err
	}
	_, err = s.app.Rooms.Consult.Fill(s.ctx, by, consultation.Fill{Visit: s.visit, Code: code, Answers: a, Sign: true})
	return err
}

func (s *stay) need() error {
	return s.fill(s.consultant, consultation.FormNeed, say{"goal": s.wish.need, "areas": "face", "when": "today", "budget": "mid", "fear": "担心不自然", "past": "两年前在外院做过水光，觉得效果短"})
}

func (s *stay) review() error {
	return s.fill(s.by["nurse"], consultation.FormNurse, say{
		"temperature": fmt.Sprintf("36.%d", 2+s.rand.IntN(6)), "systolic": fmt.Sprint(108 + s.rand.IntN(20)),
		"diastolic": fmt.Sprint(66 + s.rand.IntN(14)), "pulse": fmt.Sprint(66 + s.rand.IntN(20)), "verdict": "clear",
	})
}

func (s *stay) photoConsent() error {
	allowed := []term.Purpose{term.ForPhotoRecord}
	if !s.agrees() {
		allowed = nil
	}
	if _, ok := shown[s.n]; ok {
		allowed = append(allowed, term.ForPhotoCase)
	}
	doc, err := s.app.Rooms.Consult.AskPhotos(s.ctx, s.consultant, consultation.AskPhotos{Visit: s.visit, Allowed: allowed})
	if err != nil {
		return err
	}
	return s.signDoc(doc)
}

// agrees says that the client lets photos be taken; one in five does not.
func (s *stay) agrees() bool { return s.n%5 != 4 }

// skin takes the photo of those who agreed, and writes down what the nurse sees.
func (s *stay) skin() error {
	if s.agrees() {
		_, err := s.app.Rooms.Photos.Add(s.ctx, s.by["nurse"], photos.About{Visit: s.visit, Kind: "baseline", View: "front"},
			[]photos.Upload{func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(sample(s.n, "front"))), nil }})
		if err != nil {
			return err
		}
	}
	return s.fill(s.by["nurse"], consultation.FormSkin, say{
		"fitzpatrick": "3", "fitz_basis": "晒后先红后黑", "problems": s.wish.problem, "found": "none", "v_spots": fmt.Sprint(40 + s.rand.IntN(30)),
		"v_wrinkles": fmt.Sprint(45 + s.rand.IntN(30)), "v_pores": fmt.Sprint(40 + s.rand.IntN(35)), "hydration": fmt.Sprint(28 + s.rand.IntN(20)),
	})
}

func (s *stay) talk() error {
	return s.fill(s.consultant, consultation.FormTalk, say{
		"client_goal": s.wish.need, "areas": "skin", "budget": "5000", "timeline": "近期", "motivation": "self", "decider": "本人", "expected": "5",
		"bdd": "ok", "ex_risks": "true", "ex_alternatives": "true", "ex_contra": "true", "ex_fees": "true", "ex_aftercare": "true",
		"discussion": "说明项目原理、可能的改善程度与恢复期，告知个体差异与常见反应；客户表示理解。", "cases_shown": "none", "cases_shown.detail": "方案确定后按项目展示", "decision": "go",
	})
}

func (s *stay) toPhysician() error {
	return s.app.Rooms.Consult.Receive(s.ctx, s.by["doctor"], s.visit)
}

func (s *stay) exam() error {
	verdict := say{"verdict": "fit", "contra_final": "none", "bdd_final": "ok"}
	if s.twist == twistDoctor {
		verdict = say{"verdict": "refuse", "contra_final": "absolute", "bdd_final": "ok"}
	}
	return s.fill(s.by["doctor"], consultation.FormExam, verdict.with(say{
		"complaint": s.wish.need, "findings": s.wish.problem, "skin_found": "none", "diagnosis": s.wish.diagnosis, "indication": s.wish.indication,
		"alternatives": "1. 日常护理与防晒\n2. 其他无创项目\n3. 不做", "alt_none": "true", "advice": s.item.Name + "，" + s.wish.area,
	}))
}

func (s *stay) leave() error {
	return s.app.Rooms.Desk.Leave(s.ctx, s.by["front"], s.visit, "临时有事，改天再来")
}

func (s *stay) draftPlan() (err error) {
	if s.plan, err = s.app.Rooms.Consult.OpenPlan(s.ctx, s.consultant, s.visit); err != nil {
		return err
	}
	if s.line, err = s.draftLine(s); err != nil || s.also == nil {
		return err
	}
	s.also.line, err = s.draftLine(s.also)
	return err
}

// draftLine puts one item on the plan.
func (s *stay) draftLine(of *stay) (term.PlanItemID, error) {
	return s.app.Rooms.Consult.SaveLine(s.ctx, s.consultant, consultation.Line{
		Plan: s.plan, Item: of.item.ID, Area: of.wish.area, Dose: of.wish.planned, Purpose: of.wish.indication, Sessions: of.sessions,
		Interval: of.item.IntervalDays,
	})
}

// cases shows three cases of the kind, or says why there were fewer.
func (s *stay) cases() error {
	var have []store.Case
	if err := s.app.Read(s.ctx, s.consultant, access.CaseShow, func(r *store.Read) (err error) {
		have, err = r.CasesFor(s.item.Kind, 3)
		return err
	}); err != nil {
		return err
	}
	for _, c := range have {
		if err := s.app.Rooms.Consult.ShowCase(s.ctx, s.consultant, s.visit, c.ID); err != nil {
			return err
		}
	}
	if len(have) >= 3 {
		return nil
	}
	return s.app.Rooms.Consult.WaiveCases(s.ctx, s.consultant, s.plan, "本项目已授权案例不足三个，已如实说明")
}

// sign puts all signatures under the papers of the plan.
func (s *stay) sign() error {
	var docs []store.Document
	if err := s.app.Read(s.ctx, s.consultant, access.DocumentView, func(r *store.Read) (err error) {
		docs, err = r.Documents(store.DocumentFilter{Client: s.client.ID, Plan: s.plan, State: store.DocumentOpen})
		return err
	}); err != nil {
		return err
	}
	for _, d := range docs {
		if err := s.signDoc(d.ID); err != nil {
			return fmt.Errorf("%s: %w", d.Kind, err)
		}
	}
	return nil
}

// signDoc has every signer of a document sign it, staff with their own login.
func (s *stay) signDoc(id term.DocumentID) error {
	var d store.Document
	if err := s.app.Read(s.ctx, s.by["nurse"], access.DocumentView, func(r *store.Read) (err error) {
		d, err = r.Document(id)
		return err
	}); err != nil {
		return err
	}
	for _, role := range d.Signers {
		by, name := s.consultant, s.client.Name
		switch access.Role(role) {
		case access.Physician:
			by = s.by["doctor"]
			name = by.Name
		case access.Consultant:
			name = by.Name
		case access.Nurse:
			by = s.by["nurse"]
			name = by.Name
		case access.Cashier:
			by = s.by["cashier"]
			name = by.Name
		default: // nothing to say for the others
		}
		if !papers.MaySee(by, d) {
			by = s.by["nurse"]
		}
		_, err := s.app.Rooms.Papers.Sign(s.ctx, by, papers.Sign{
			Document: id, Signature: document.Signature{
				Role: document.Role(role), Name: name, Strokes: s.stroke(), Pad: document.Own, Device: "示例平板", Seen: d.SHA256,
			},
		})
		if err != nil {
			return fmt.Errorf("%s: %w", role, err)
		}
	}
	return nil
}
