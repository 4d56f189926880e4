package finance

import (
	"strconv"
	"strings"

	"meixu/app/access"
	"meixu/app/engine/document"
	"meixu/store"
	"meixu/store/term"
)

// Kinds of the documents of the till; their templates bear the same codes.
const (
	KindStatement = "settlement"
	KindReceipt   = document.Receipt
	KindRefund    = "refund"
)

// Settings printed on paper.
const (
	settingClinic = "clinic.name"
	settingPhone  = "clinic.phone"
)

// blank stands where a fact is not known.
const blank = "—"

// papers gathers the facts that every paper of an order shows.
func papers(tx *store.Tx, o store.Order) (document.Facts, error) {
	facts := document.Facts{Text: map[string]string{}, Tables: map[string][][]string{}}
	c, err := tx.Client(o.Client)
	if err != nil {
		return facts, err
	}
	name, err := tx.Setting(settingClinic)
	if err != nil {
		return facts, err
	}
	phone, err := tx.Setting(settingPhone)
	if err != nil {
		return facts, err
	}
	facts.Text = map[string]string{
		"client.name": c.Name, "client.number": c.Number, "order.number": o.Number,
		"clinic.name": orBlank(name), "clinic.phone": orBlank(phone),
		"date": string(tx.Today()), "time": tx.Now().Stamp(tx.Zone()),
	}
	return facts, nil
}

func orBlank(text string) string {
	if text == "" {
		return blank
	}
	return text
}

// about names the order that a paper is about.
func about(code string, o store.Order) document.For {
	return document.For{Code: code, Client: o.Client, Visit: o.Visit, Plan: o.Plan, Order: o.ID}
}

// issueStatement freezes the statement of charges: each item with its price, and the total
// (REG-FEE-03). Discounts are shown against the list price of the plan (REG-FEE-01).
func issueStatement(tx *store.Tx, by access.Actor, o store.Order) (store.Document, error) {
	facts, err := papers(tx, o)
	if err != nil {
		return store.Document{}, err
	}
	lines, err := readLines(tx.Read, o.ID)
	if err != nil {
		return store.Document{}, err
	}
	due, err := dueOf(tx.Read, o)
	if err != nil {
		return store.Document{}, err
	}
	var gross, off term.Fen
	for _, l := range lines {
		gross += l.List.Times(l.Line.Sessions)
		off += l.Off
		facts.Tables["items"] = append(facts.Tables["items"], []string{
			l.Item.Name, strconv.Itoa(l.Line.Sessions), l.List.String(), l.Off.String(), l.Line.TotalFen.String(),
		})
	}
	facts.Text["total"], facts.Text["discount"] = gross.String(), off.String()
	facts.Text["paid"] = (o.TotalFen - due).String()
	facts.Text["payable"], facts.Text["payable.capital"] = due.String(), document.Capital(due)
	return document.Issue(tx, by, about(KindStatement, o), facts)
}

// issueReceipt freezes the receipt of a payment with its parts (REG-FEE-18).
func issueReceipt(tx *store.Tx, by access.Actor, o store.Order, p store.Payment) (term.DocumentID, error) {
	facts, err := papers(tx, o)
	if err != nil {
		return 0, err
	}
	lines, err := readLines(tx.Read, o.ID)
	if err != nil {
		return 0, err
	}
	for _, l := range lines {
		facts.Tables["items"] = append(facts.Tables["items"],
			[]string{l.Item.Name, strconv.Itoa(l.Line.Sessions), l.Line.TotalFen.String()})
	}
	legs, err := tx.PaymentLegs(p.ID)
	if err != nil {
		return 0, err
	}
	for _, l := range legs {
		facts.Tables["payments"] = append(facts.Tables["payments"], []string{clinic(l.Method.Key()), l.AmountFen.String()})
		if change := l.TenderedFen - l.AmountFen; change > 0 {
			facts.Tables["payments"] = append(facts.Tables["payments"],
				[]string{clinic("finance.tendered"), l.TenderedFen.String()}, []string{clinic("finance.change"), change.String()})
		}
	}
	due, err := dueOf(tx.Read, o)
	if err != nil {
		return 0, err
	}
	if due > 0 {
		facts.Text["due"] = due.String()
	}
	facts.Text["payable"], facts.Text["cashier.name"] = o.TotalFen.String(), by.Name
	if gained, err := tx.Balance(earned, int64(o.ID)); err != nil {
		return 0, err
	} else if gained > 0 {
		facts.Tables["payments"] = append(facts.Tables["payments"], []string{clinic("finance.points.earned"), strconv.FormatInt(gained, 10)})
	}
	facts.Text["paid"], facts.Text["paid.capital"] = p.Money().String(), document.Capital(p.Money())
	doc, err := document.Issue(tx, by, about(KindReceipt, o), facts)
	return doc.ID, err
}

// issueRefund freezes the refund slip, which client and cashier sign (REG-FEE-11).
func issueRefund(tx *store.Tx, by access.Actor, p store.Payment, quote Back, in RefundOrder) (term.DocumentID, error) {
	facts, err := papers(tx, quote.Order)
	if err != nil {
		return 0, err
	}
	approver, err := tx.Staff(p.ApprovedBy)
	if err != nil {
		return 0, err
	}
	for _, l := range quote.Lines {
		facts.Tables["items"] = append(facts.Tables["items"], []string{
			l.Item.Name, l.Line.TotalFen.String(), strconv.Itoa(l.Used) + "/" + strconv.Itoa(l.Line.Sessions), l.Value.String(),
		})
	}
	if len(quote.Lines) == 0 {
		facts.Tables["items"] = [][]string{{clinic("finance.deposit"), quote.Deposit.String(), blank, quote.Total.String()}}
	}
	ways := make([]string, 0, len(in.Legs))
	for _, l := range in.Legs {
		ways = append(ways, clinic(l.Method.Key())+" "+l.Amount.String())
	}
	if quote.Points.Fen > 0 {
		ways = append(ways, clinic("finance.points.back", quote.Points.Burned, quote.Points.Fen))
	}
	side := clinic("finance.side." + in.Side)
	reason := in.Reason
	if reason == "" {
		reason = side
	}
	facts.Text["refund.side"], facts.Text["refund.reason"] = side, reason
	facts.Text["refund.amount"], facts.Text["refund.capital"] = p.Money().String(), document.Capital(p.Money())
	facts.Text["refund.method"], facts.Text["approver.name"] = strings.Join(ways, ", "), approver.Name
	doc, err := document.Issue(tx, by, about(KindRefund, quote.Order), facts)
	return doc.ID, err
}

// voidPaper withdraws the receipt of a voided payment; it stays readable.
func voidPaper(tx *store.Tx, by access.Actor, p store.Payment, reason string) error {
	if p.Document == 0 {
		return nil
	}
	return document.Void(tx, by, p.Document, reason)
}
