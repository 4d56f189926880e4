package consultation

import (
	"context"
	"slices"

	"meixu/app/access"
	"meixu/app/catalog"
	"meixu/app/engine/document"
	"meixu/app/engine/form"
	"meixu/app/engine/licence"
	"meixu/app/engine/sop"
	"meixu/app/engine/spacing"
	"meixu/app/fault"
	"meixu/app/papers"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// LineView is one line of a plan with all that is to be known of it.
type LineView struct {
	store.PlanItem
	Name     string
	Item     store.Item
	Contras  []Contra
	Unpriced bool     // the price waits for a manager
	Undosed  bool     // product and dose are wanted and not named
	Aimless  bool     // one of several lines, and it does not say what it is for
	Approver string   // who agreed to it
	Soon     term.Day // the interval of an earlier treatment runs until then
	Total    term.Fen
	Papers   []PaperView
}

// PaperView is one paper of a plan.
type PaperView struct {
	Document store.Document
	Unsigned []document.Role
	Expired  bool
	// May says that who is signed in may open it (rulings 32).
	May bool
}

// OK says that the paper is signed by all and counts.
func (p PaperView) OK() bool {
	return p.Document.State == store.DocumentComplete && !p.Expired
}

// PlanView is the page of a plan.
type PlanView struct {
	Frame
	Lines      []LineView
	Total      term.Fen
	ListTotal  term.Fen
	Papers     []PaperView      // quote and contract
	ForClient  int              // papers that wait for the client's side
	Mine       []store.Document // papers that wait for who is signed in
	Money      bool             // who is signed in sees prices (rulings 32); without it they are zero
	Exam       store.Exam
	Physician  string
	Consultant string
	Seconds    []store.Staff // who may agree to an overruled hard contraindication
	Managers   []store.Staff // who may agree to a price
	Shown      int
	Wanted     int
	Gaps       sop.Gaps     // what is missing before an order
	Halt       *fault.Error // what else would refuse it; nil for nothing
	Next       string       // words key of the actor's next step (Next…)
	Order      store.Order
	Advice     string
	Minor      bool
	Seen       string // fingerprint of what stands here; every decision carries it
}

// Open says that the plan may still be changed.
func (p PlanView) Open() bool {
	return p.Visit.Open() && p.Plan.State != term.PlanOrdered && p.Plan.State != term.PlanRefused && p.Plan.State != term.PlanVoid
}

// Draft says that the plan waits for the physician.
func (p PlanView) Draft() bool { return p.Plan.State == term.PlanDraft }

// PlanView reads the page of a plan; that it was seen is noted.
func (d *Desk) PlanView(ctx context.Context, by access.Actor, id term.PlanID) (v PlanView, err error) {
	var client term.ClientID
	err = d.Read(ctx, by, access.ConsultView, func(r *store.Read) error {
		p, err := r.Plan(id)
		client = p.Client
		return gone(err, "plan")
	})
	if err != nil {
		return v, err
	}
	err = d.View(ctx, by, access.ConsultView, client, func(r *store.Read) error {
		v, err = d.planView(r, by, id)
		return err
	})
	return v, err
}

func (d *Desk) planView(r *store.Read, by access.Actor, id term.PlanID) (v PlanView, err error) {
	p, err := r.Plan(id)
	if err != nil {
		return v, gone(err, "plan")
	}
	if v.Frame, err = d.frame(r, by, p.Visit); err != nil {
		return v, err
	}
	v.Plan, v.Wanted, v.Minor, v.Money = p, casesWanted, Minor(v.Client.Birth, r.Today()), by.Sees(access.FieldMoney)
	house, err := colleagues(r)
	if err != nil {
		return v, err
	}
	v.Physician, v.Consultant = house.name(p.Physician), house.name(p.Consultant)
	v.Seconds, v.Managers = house.holding(access.ContraSecond), house.holding(access.PriceSecond)
	stack, err := document.StackOf(r, p.Client, p.ID)
	if err != nil {
		return v, err
	}
	page := planPage{by: by, stack: stack, house: house, view: &v}
	if err := d.lineViews(r, page); err != nil {
		return v, err
	}
	if v.Papers, err = page.papers(quoteOf(p), contractOf(p)); err != nil {
		return v, err
	}
	v.ForClient, v.Mine = len(stack.Awaits(papers.ClientHand)), stack.Awaits(papers.OwnHand(by))
	if v.Shown, _, err = casesShown(r, p.Visit); err != nil {
		return v, err
	}
	return v, d.ahead(r, page)
}

// planPage is a plan's page while it is being gathered.
type planPage struct {
	by    access.Actor
	stack document.Stack
	house staffList
	view  *PlanView
}

// staffList is everybody of the house, read once for a page.
type staffList []store.Staff

func colleagues(r *store.Read) (staffList, error) { return r.AllStaff() }

func (l staffList) name(id term.StaffID) string {
	i := slices.IndexFunc(l, func(s store.Staff) bool { return s.ID == id })
	if i < 0 {
		return ""
	}
	return l[i].Name
}

// holding lists the active people who hold a permission, for the choice of a second person.
func (l staffList) holding(p access.Permission) (some []store.Staff) {
	roles := access.Holders(p)
	for _, s := range l {
		if s.Active && slices.ContainsFunc(s.Roles, func(role string) bool { return slices.Contains(roles, access.Role(role)) }) {
			some = append(some, s)
		}
	}
	return some
}

// papers are the newest papers about some things, as far as they were issued.
func (p planPage) papers(about ...document.For) (list []PaperView, err error) {
	for _, a := range about {
		st, err := p.stack.Stands(a)
		if err != nil {
			return nil, err
		}
		if st.Document.ID != 0 {
			list = append(list, PaperView{st.Document, st.Unsigned, st.Expired, papers.MaySee(p.by, st.Document)})
		}
	}
	return list, nil
}

// ahead reads the examination, what is missing before the order, and the order.
func (d *Desk) ahead(r *store.Read, page planPage) error {
	v := page.view
	if err := v.examined(r, page.by); err != nil {
		return err
	}
	orders, err := r.OrdersOfVisit(v.Visit.ID)
	if err != nil {
		return err
	}
	for _, o := range orders {
		if o.Plan == v.Plan.ID && o.State != term.OrderCancelled {
			v.Order = o
		}
	}
	if v.Order.ID != 0 || !v.Visit.Open() {
		return nil
	}
	if v.Next, err = turn(r, page.by, v.Visit); err != nil {
		return err
	}
	if v.Halt, err = d.halts(r, v.Plan); err != nil {
		return err
	}
	if v.Gaps, err = d.house.Flow.Gate(r, sop.Subject{Visit: v.Visit.ID}, "order"); err != nil {
		return err
	}
	contract, err := page.stack.Stands(contractOf(v.Plan))
	if err == nil && !contract.OK {
		gap := contractGap(v.Plan)
		gap.Title = titleOfContract
		v.Gaps = append(v.Gaps, gap)
	}
	return err
}

// examined reads the examination and what the physician advised in it; it stays on the page
// as long as the plan does, for those who see diagnoses.
func (p *PlanView) examined(r *store.Read, by access.Actor) error {
	exam, err := r.ExamOf(p.Visit.ID)
	if err != nil {
		return ignoreMissing(err)
	}
	p.Exam = exam
	if exam.Answer == 0 || !by.Sees(access.FieldDiagnosis) {
		return nil
	}
	f, err := form.Open(r, exam.Answer)
	p.Advice = f.Answers.Value("advice")
	return err
}

var titleOfContract = words.Text{ZH: words.ZH.T("document.kind.contract"), EN: words.EN.T("document.kind.contract")}

func (d *Desk) lineViews(r *store.Read, page planPage) error {
	v := page.view
	b := brief{plan: v.Plan, visit: v.Visit, client: v.Client}
	if err := d.lines(r, &b); err != nil {
		return err
	}
	var err error
	if v.Seen, err = b.seen(r); err != nil {
		return err
	}
	past, err := r.TreatmentsOfClient(v.Plan.Client, 200)
	if err != nil {
		return err
	}
	for _, l := range b.lines {
		item := b.items[l.Item]
		x := LineView{PlanItem: l, Item: item, Name: words.Text{ZH: item.Name, EN: item.NameEN}.In(page.by.Lang), Total: l.PriceFen.Times(l.Sessions), Unpriced: NeedsApproval(item, l), Undosed: Undosed(item, l)}
		x.Aimless = Aimless(l, len(b.lines))
		if page.by.Sees(access.FieldAnswers) {
			x.Contras = b.contras[l.ID]
		}
		if !slices.ContainsFunc(x.Contras, func(c Contra) bool { return spacing.Is(c.Finding) }) {
			x.Soon = TooSoon(lastDone(r, past, item.ID), item.IntervalDays, r.Today())
		}
		x.Approver = page.house.name(l.ApprovedBy)
		about := []document.For{consentOf(v.Plan, l, item.Kind)}
		if item.OffLabel {
			about = append(about, offLabelOf(v.Plan, l))
		}
		if x.Papers, err = page.papers(about...); err != nil {
			return err
		}
		v.Total += x.Total
		v.ListTotal += l.ListFen.Times(l.Sessions)
		v.Lines = append(v.Lines, x)
	}
	if !v.Money {
		v.hideMoney()
	}
	return nil
}

// hideMoney takes every price off the page, so that no template can show one.
func (p *PlanView) hideMoney() {
	p.Total, p.ListTotal = 0, 0
	for i := range p.Lines {
		l := &p.Lines[i]
		l.Total, l.PriceFen, l.ListFen, l.PriceReason = 0, 0, 0, ""
		unpriced(&l.Item)
	}
}

// unpriced takes the prices off an item of the price list.
func unpriced(item *store.Item) { item.PriceFen, item.PriceLowFen, item.PriceHighFen = 0, 0, 0 }

// lastDone is the day on which the client last had the item.
func lastDone(r *store.Read, past []store.Treatment, item term.ItemID) (last term.Day) {
	for _, t := range past {
		if t.Item != item || t.FinishedAt.IsZero() {
			continue
		}
		if day := t.FinishedAt.Day(r.Zone()); last.Before(day) {
			last = day
		}
	}
	return last
}

// Choice is an item of the price list as the picker shows it.
type Choice struct {
	store.Item
	Contras []Contra
	Refused bool   // the house may not do it
	Purpose string // what the physician's examination says it is for
}

// Choices searches the price list for the picker: what speaks against an item is shown
// before it is taken.
func (d *Desk) Choices(ctx context.Context, by access.Actor, plan term.PlanID, text string) (list []Choice, err error) {
	err = d.Read(ctx, by, access.PlanDraft, func(r *store.Read) error {
		hits, past, err := d.knownOn(r, plan)
		if err != nil {
			return err
		}
		house, err := licence.HouseOf(r)
		if err != nil {
			return err
		}
		items, err := catalog.Search(r, catalog.Filter{Text: text})
		if err != nil {
			return err
		}
		for _, item := range items[:min(len(items), 12)] {
			near, err := past.Against(spacing.Next{Item: item})
			if err != nil {
				return err
			}
			found := Settle(d.house.Words, append(d.judge(hits, item), near...), nil)
			list = append(list, Choice{Item: item, Contras: found, Refused: saleable(house, item) != nil})
		}
		return nil
	})
	return list, err
}

// knownOn gathers what speaks against items on a plan: answers, and earlier treatments.
func (d *Desk) knownOn(r *store.Read, plan term.PlanID) (hits []form.Hit, past spacing.Past, err error) {
	p, err := r.Plan(plan)
	if err != nil {
		return nil, past, gone(err, "plan")
	}
	v, err := r.Visit(p.Visit)
	if err != nil {
		return nil, past, err
	}
	c, err := r.Client(v.Client)
	if err != nil {
		return nil, past, err
	}
	if hits, err = d.hits(r, v, c); err != nil {
		return nil, past, err
	}
	past, err = spacing.Of(r, v.Client)
	return hits, past, err
}

// Choice reads one item of the price list as the picker shows it.
func (d *Desk) Choice(ctx context.Context, by access.Actor, plan term.PlanID, id term.ItemID) (x Choice, err error) {
	err = d.Read(ctx, by, access.PlanDraft, func(r *store.Read) error {
		p, err := r.Plan(plan)
		if err != nil {
			return gone(err, "plan")
		}
		item, err := r.Item(id)
		if ignoreMissing(err) != nil {
			return err
		}
		x = Choice{Item: item}
		x.Purpose, err = purposeFrom(r, p, item)
		return err
	})
	return x, err
}

// purposeFrom is what the visit's examination says of an item that is added to the plan.
func purposeFrom(r *store.Read, p store.Plan, item store.Item) (string, error) {
	exam, err := r.ExamOf(p.Visit)
	if err != nil || exam.Answer == 0 {
		return "", ignoreMissing(err)
	}
	f, err := form.Open(r, exam.Answer)
	if err != nil {
		return "", err
	}
	lines, err := r.PlanItems(p.ID)
	return PurposeIn(f.Answers.Value("indication"), item, len(lines) == 0), err
}
