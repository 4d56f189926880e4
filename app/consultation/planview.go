package consultation

import (
	"context"

	"meixu/app/access"
	"meixu/app/catalog"
	"meixu/app/engine/document"
	"meixu/app/engine/sop"
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
	Approver string   // who agreed to it
	Soon     term.Day // the interval of an earlier treatment runs until then
	Total    term.Fen
	Consent  sop.Proof
	Papers   []PaperView
}

// PaperView is one paper of a plan.
type PaperView struct {
	Document store.Document
	Unsigned []document.Role
	Expired  bool
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
	Papers     []PaperView // quote and contract
	Exam       store.Exam
	Physician  string
	Consultant string
	Seconds    []store.Staff // who may agree to an overruled hard contraindication
	Managers   []store.Staff // who may agree to a price
	Shown      int
	Wanted     int
	Gaps       sop.Gaps // what is missing before an order
	Order      store.Order
	Advice     string
	Minor      bool
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
	v.Plan, v.Wanted, v.Minor = p, casesWanted, Minor(v.Client.Birth, r.Today())
	if err := d.lineViews(r, by, &v); err != nil {
		return v, err
	}
	for _, about := range []document.For{quoteOf(p), contractOf(p)} {
		if v.Papers, err = withPaper(r, v.Papers, about); err != nil {
			return v, err
		}
	}
	if v.Shown, _, err = casesShown(r, p.Visit); err != nil {
		return v, err
	}
	if v.Physician, err = staffName(r, p.Physician); err != nil {
		return v, err
	}
	if v.Consultant, err = staffName(r, p.Consultant); err != nil {
		return v, err
	}
	if v.Seconds, err = r.StaffWithRole(string(access.Quality)); err != nil {
		return v, err
	}
	for _, role := range access.Holders(access.PriceSecond) {
		some, err := r.StaffWithRole(string(role))
		if err != nil {
			return v, err
		}
		v.Managers = append(v.Managers, some...)
	}
	return v, d.ahead(r, by, &v)
}

// ahead reads the examination, what is missing before the order, and the order.
func (d *Desk) ahead(r *store.Read, by access.Actor, v *PlanView) error {
	exam, ok, err := examOf(r, v.Visit.ID)
	if err != nil {
		return err
	}
	v.Exam = exam
	if ok && by.Sees(access.FieldDiagnosis) {
		p, err := paper(r, v.Visit.ID, FormExam)
		if err != nil {
			return err
		}
		v.Advice = p.Filled.Answers.Value("advice")
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
	if v.Gaps, err = d.house.Flow.Gate(r, sop.Subject{Visit: v.Visit.ID}, "order"); err != nil {
		return err
	}
	contract, err := document.Stands(r, contractOf(v.Plan))
	if err == nil && !contract.OK {
		gap := contractGap(v.Plan)
		gap.Title = titleOfContract
		v.Gaps = append(v.Gaps, gap)
	}
	return err
}

var titleOfContract = words.Text{ZH: words.ZH.T("document.kind.contract"), EN: words.EN.T("document.kind.contract")}

func examOf(r *store.Read, visit term.VisitID) (store.Exam, bool, error) {
	list, err := r.ExamOf(visit)
	if err != nil {
		return store.Exam{}, false, ignoreMissing(err)
	}
	return list, true, nil
}

func (d *Desk) lineViews(r *store.Read, by access.Actor, v *PlanView) error {
	lines, err := r.PlanItems(v.Plan.ID)
	if err != nil {
		return err
	}
	hits, err := d.hits(r, v.Visit)
	if err != nil {
		return err
	}
	rulings, err := r.ContraRulings(v.Plan.ID)
	if err != nil {
		return err
	}
	past, err := r.TreatmentsOfClient(v.Plan.Client, 200)
	if err != nil {
		return err
	}
	for _, l := range lines {
		item, err := r.Item(l.Item)
		if err != nil {
			return err
		}
		x := LineView{PlanItem: l, Item: item, Name: item.Name, Total: l.PriceFen.Times(l.Sessions), Unpriced: NeedsApproval(item, l)}
		if by.Sees(access.FieldAnswers) {
			x.Contras = d.contras(hits, item, rulingsOf(rulings, l.ID))
		}
		x.Soon = TooSoon(lastDone(r, past, item.ID), item.IntervalDays, r.Today())
		if x.Approver, err = staffName(r, l.ApprovedBy); err != nil {
			return err
		}
		if x.Consent, err = d.Consent(r, v.Plan, l); err != nil {
			return err
		}
		if x.Papers, err = withPaper(r, x.Papers, consentOf(v.Plan, l, item.Kind)); err != nil {
			return err
		}
		if item.OffLabel {
			if x.Papers, err = withPaper(r, x.Papers, offLabelOf(v.Plan, l)); err != nil {
				return err
			}
		}
		v.Total += x.Total
		v.ListTotal += l.ListFen.Times(l.Sessions)
		v.Lines = append(v.Lines, x)
	}
	return nil
}

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

// withPaper adds the newest paper about a thing, if one was issued.
func withPaper(r *store.Read, list []PaperView, about document.For) ([]PaperView, error) {
	if _, err := r.DocumentTemplate(about.Code); err != nil {
		return list, ignoreMissing(err)
	}
	st, err := document.Stands(r, about)
	if err != nil || st.Document.ID == 0 {
		return list, err
	}
	return append(list, PaperView{Document: st.Document, Unsigned: st.Unsigned, Expired: st.Expired}), nil
}

// Choice is an item of the price list as the picker shows it.
type Choice struct {
	store.Item
	Contras []Contra
	Refused bool // the house may not do it
}

// Choices searches the price list for the picker: what speaks against an item is shown
// before it is taken.
func (d *Desk) Choices(ctx context.Context, by access.Actor, plan term.PlanID, text string) (list []Choice, err error) {
	err = d.Read(ctx, by, access.PlanDraft, func(r *store.Read) error {
		p, err := r.Plan(plan)
		if err != nil {
			return gone(err, "plan")
		}
		v, err := r.Visit(p.Visit)
		if err != nil {
			return err
		}
		hits, err := d.hits(r, v)
		if err != nil {
			return err
		}
		items, err := catalog.Search(r, catalog.Filter{Text: text})
		if err != nil {
			return err
		}
		for _, item := range items[:min(len(items), 12)] {
			list = append(list, Choice{Item: item, Contras: d.contras(hits, item, nil), Refused: saleable(r, item) != nil})
		}
		return nil
	})
	return list, err
}

// Choice reads one item of the price list as the picker shows it.
func (d *Desk) Choice(ctx context.Context, by access.Actor, plan term.PlanID, id term.ItemID) (x Choice, err error) {
	err = d.Read(ctx, by, access.PlanDraft, func(r *store.Read) error {
		if _, err := r.Plan(plan); err != nil {
			return gone(err, "plan")
		}
		item, err := r.Item(id)
		if ignoreMissing(err) != nil {
			return err
		}
		x = Choice{Item: item}
		return nil
	})
	return x, err
}
