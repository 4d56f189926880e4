package consultation

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"meixu/app/access"
	"meixu/app/engine/document"
	"meixu/app/engine/form"
	"meixu/app/engine/sop"
	"meixu/app/fault"
	"meixu/app/words"
	"meixu/store"
	"meixu/store/term"
)

// Codes of the templates of a plan's papers.
const (
	codeQuote    = "quote"
	codeContract = "contract"
	codeOffLabel = "off_label"
	codePhoto    = "photo"
	codeConsent  = "consent." // and the kind of the item
)

// Settings of the papers, and what holds while they are not set.
const (
	settingConsentDays  = "consent.valid_days"
	settingContractDays = "contract.cooling_days"
	settingCooling      = "surgery.cooling_hours"
	consentDays         = 180
	contractDays        = 1
	coolingHours        = 24
)

// numberSetting reads a positive number; otherwise stands in while it is not set.
func numberSetting(r *store.Read, name string, otherwise int) (int, error) {
	text, err := r.Setting(name)
	if n, bad := strconv.Atoi(strings.TrimSpace(text)); bad == nil && n > 0 {
		return n, err
	}
	return otherwise, err
}

func quoteOf(p store.Plan) document.For {
	return document.For{Code: codeQuote, Client: p.Client, Visit: p.Visit, Plan: p.ID}
}

func contractOf(p store.Plan) document.For {
	return document.For{Code: codeContract, Client: p.Client, Visit: p.Visit, Plan: p.ID}
}

func consentOf(p store.Plan, l store.PlanItem, kind string) document.For {
	return document.For{Code: codeConsent + kind, Client: p.Client, Visit: p.Visit, Plan: p.ID, PlanItem: l.ID}
}

func offLabelOf(p store.Plan, l store.PlanItem) document.For {
	return document.For{Code: codeOffLabel, Client: p.Client, Visit: p.Visit, Plan: p.ID, PlanItem: l.ID}
}

// dossier is a plan with all that its papers need.
type dossier struct {
	brief
	exam form.Answers
	text map[string]string // facts of every paper
	day  string            // on which the plan was approved: names the price list
	lang words.Lang
}

func (d *Desk) dossier(r *store.Read, b brief) (s dossier, err error) {
	s = dossier{brief: b, lang: words.ZH, day: string(b.plan.ApprovedAt.Day(r.Zone()))}
	exam, err := fitExam(r, b.plan.Visit)
	if err != nil {
		return s, err
	}
	f, err := form.Open(r, exam.Answer)
	if err != nil {
		return s, err
	}
	s.exam = f.Answers
	s.text, err = s.common(r)
	return s, err
}

// common are the facts of every paper; what the clinic has not set yet points to its notice
// board, so that no blank is signed.
func (s dossier) common(r *store.Read) (map[string]string, error) {
	text := map[string]string{"client.name": s.client.Name, "client.number": s.client.Number}
	for fact, setting := range map[string]string{
		"clinic.name": "clinic.name", "clinic.address": "clinic.address", "clinic.phone": "clinic.phone",
		"clinic.licence": "clinic.licence",
	} {
		value, err := r.Setting(setting)
		if err != nil {
			return nil, err
		}
		if value == "" {
			value = s.lang.T("consultation.paper.unset")
		}
		text[fact] = value
	}
	for fact, id := range map[string]term.StaffID{"physician.name": s.plan.Physician, "consultant.name": s.plan.Consultant} {
		name, err := staffName(r, id)
		if err != nil {
			return nil, err
		}
		if name == "" {
			name = s.lang.T("consultation.paper.none")
		}
		text[fact] = name
	}
	if Minor(s.client.Birth, r.Today()) && s.client.Guardian.Name != "" {
		text["guardian.name"] = s.client.Guardian.Name
		text["guardian.relation"] = s.client.Guardian.Relation
		if text["guardian.relation"] == "" {
			text["guardian.relation"] = s.lang.T("document.signer.guardian")
		}
	}
	return text, nil
}

// staffName is the name of a member of staff, "" for none.
func staffName(r *store.Read, id term.StaffID) (string, error) {
	if id == 0 {
		return "", nil
	}
	s, err := r.Staff(id)
	if errors.Is(err, store.ErrNotFound) {
		return "", nil
	}
	return s.Name, err
}

// prices are the facts of the money: lines, list total, discount and what is to be paid.
func (s dossier) prices() document.Facts {
	f := s.facts()
	var list, pay term.Fen
	for _, l := range s.lines {
		full, due := l.ListFen.Times(l.Sessions), l.PriceFen.Times(l.Sessions)
		list, pay = list+full, pay+due
		f.Tables["items"] = append(f.Tables["items"], []string{
			s.items[l.Item].Name, l.Area, strconv.Itoa(l.Sessions), l.ListFen.String(), full.String(), off(full, due), due.String(),
		})
	}
	f.Text["total"], f.Text["payable"], f.Text["payable.capital"] = list.String(), pay.String(), document.Capital(pay)
	if list != pay {
		f.Text["discount"] = (list - pay).String()
	}
	f.Text["price.version"] = s.day
	return f
}

func off(list, price term.Fen) string {
	if list == price {
		return "—"
	}
	return (list - price).String()
}

func (s dossier) facts() document.Facts {
	f := document.Facts{Text: map[string]string{}, Lists: map[string][]string{}, Tables: map[string][][]string{}}
	for name, value := range s.text {
		f.Text[name] = value
	}
	return f
}

// line are the facts of a paper about one line.
func (s dossier) line(l store.PlanItem) document.Facts {
	f, item := s.facts(), s.items[l.Item]
	f.Text["item.name"], f.Text["area"] = item.Name, l.Area
	f.Text["purpose"] = purposeOf(l, len(s.lines), s.exam.Value("indication"))
	f.Text["contract.number"] = s.lang.T("consultation.paper.plan", s.plan.Number)
	if l.Dose != "" {
		f.Text["product.name"] = l.Dose
	}
	for _, word := range item.Contraindications {
		answer := s.lang.T("consultation.paper.no")
		for _, c := range s.contras[l.ID] {
			if c.Text.ZH == word {
				answer = s.lang.T("consultation.paper.yes", c.Ruling.Reason)
			}
		}
		f.Tables["contraindications"] = append(f.Tables["contraindications"], []string{word, answer})
	}
	return f
}

// offLabel are the facts of the consent to use off label (REG-CON-07).
func (s dossier) offLabel(l store.PlanItem, approvedAt string) document.Facts {
	f := s.line(l)
	if f.Text["product.name"] == "" {
		f.Text["product.name"] = strings.Join(s.items[l.Item].ProductKinds, ", ")
	}
	if f.Text["product.name"] == "" {
		f.Text["product.name"] = s.lang.T("consultation.paper.none")
	}
	f.Text["reason"], f.Text["evidence"] = l.OffLabelReason, s.lang.T("consultation.paper.evidence")
	f.Text["pharmacy.name"], f.Text["pharmacy.at"] = f.Text["physician.name"], approvedAt
	f.Lists["alternatives"] = linesOf(s.exam.Value("alternatives"))
	return f
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func linesOf(text string) (out []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// consentRule says which kinds of procedure need an informed consent (S3-02): the SOP of the
// visit's run, or all while there is no run.
func (d *Desk) consentRule(r *store.Read, visit term.VisitID) (func(kind string) bool, error) {
	run, err := r.SOPRun(visit)
	if errors.Is(err, store.ErrNotFound) {
		return func(string) bool { return true }, nil
	}
	if err != nil {
		return nil, err
	}
	t, err := d.house.Flow.Template(r, run.Template)
	return func(kind string) bool {
		of, known := t.Kinds[kind]
		return !known || slices.Contains(of.Tags, "consent")
	}, err
}

// IssuePapers issues all papers of an approved plan: the quote (S2-11), the contract (S3-05)
// and for each line the informed consent (S3-02) and, where wanted, the off-label one (S3-03).
// What stands already with equal content stays, so that nobody signs twice.
func (d *Desk) IssuePapers(ctx context.Context, by access.Actor, plan term.PlanID) error {
	return d.decide(ctx, by, planDeed{access.PapersIssue, plan}, func(tx *store.Tx, p store.Plan) error {
		if p.State == term.PlanDraft {
			return fault.Refuse("S3-01", "consultation.plan.unapproved", p.Number).Ask(string(access.Physician)).At(PlanPath(p.ID))
		}
		b, err := d.brief(tx.Read, p)
		if err != nil {
			return err
		}
		if err := b.clear(tx.Read); err != nil {
			return err
		}
		quote, err := d.issueAll(tx, by, b)
		if err != nil {
			return err
		}
		if p.State == term.PlanApproved {
			p.State = term.PlanQuoted
			if err := tx.SavePlan(&p); err != nil {
				return err
			}
		}
		return d.house.Flow.Prove(tx, by, sop.Subject{Visit: p.Visit}, ProveQuote, docRef(quote))
	})
}

// sheet is a paper to be issued: about what, with which facts.
type sheet struct {
	about document.For
	facts document.Facts
}

// issueAll issues the papers and gives the quote.
func (d *Desk) issueAll(tx *store.Tx, by access.Actor, b brief) (quote term.DocumentID, err error) {
	s, err := d.dossier(tx.Read, b)
	if err != nil {
		return 0, err
	}
	days, err := numberSetting(tx.Read, settingContractDays, contractDays)
	if err != nil {
		return 0, err
	}
	wanted, err := d.consentRule(tx.Read, b.plan.Visit)
	if err != nil {
		return 0, err
	}
	for i, x := range s.sheets(days, wanted, tx.Zone()) {
		doc, err := document.Issue(tx, by, x.about, x.facts)
		if err != nil {
			return 0, err
		}
		if i == 0 {
			quote = doc.ID
		}
	}
	return quote, nil
}

// sheets are the papers of the plan, the quote first. days is how long the client may think
// the contract over.
func (s dossier) sheets(days int, wanted func(kind string) bool, zone *time.Location) []sheet {
	contract := s.prices()
	contract.Text["cooling.days"] = strconv.Itoa(days)
	list := []sheet{{quoteOf(s.plan), s.prices()}, {contractOf(s.plan), contract}}
	for _, l := range s.lines {
		item := s.items[l.Item]
		if wanted(item.Kind) {
			list = append(list, sheet{consentOf(s.plan, l, item.Kind), s.line(l)})
		}
		if item.OffLabel {
			list = append(list, sheet{offLabelOf(s.plan, l), s.offLabel(l, s.plan.ApprovedAt.Stamp(zone))})
		}
	}
	return list
}

// withdraw voids the papers of a plan whose content has changed: quote and contract, what
// nobody has finished signing, and consents to what is no longer planned (REG-CON-01).
func (d *Desk) withdraw(tx *store.Tx, by access.Actor, p store.Plan) error {
	docs, err := tx.Documents(store.DocumentFilter{Client: p.Client, Plan: p.ID, NotVoid: true, Without: document.Receipt, Limit: 500})
	if err != nil {
		return err
	}
	lines, err := tx.PlanItems(p.ID)
	if err != nil {
		return err
	}
	items, err := itemsOf(tx.Read, lines)
	if err != nil {
		return err
	}
	holds := func(l store.PlanItem) func(store.Document) bool {
		return func(doc store.Document) bool {
			return doc.PlanItem == l.ID && doc.State == store.DocumentComplete && speaksOf(doc, items[l.Item].Name, l.Area)
		}
	}
	for _, l := range lines {
		docs = slices.DeleteFunc(docs, holds(l))
	}
	for _, doc := range docs {
		if err := document.Void(tx, by, doc.ID, by.Lang.T("document.changed")); err != nil {
			return err
		}
	}
	return nil
}

// speaksOf says that a frozen document names both the item and the area: a consent holds
// for what it says and for nothing else.
func speaksOf(doc store.Document, item, area string) bool {
	frozen, err := document.Thaw([]byte(doc.Body))
	if err != nil {
		return false
	}
	named, placed := false, false
	for _, b := range frozen.Blocks {
		if b.Type != document.Pairs {
			continue
		}
		for _, row := range b.Rows {
			named = named || slices.Contains(row, item)
			placed = placed || slices.Contains(row, area)
		}
	}
	return named && placed
}
