package gates_test

import (
	"meixu/store"
	"meixu/store/term"
	"meixu/ui/uitest/day"
)

// with changes answers of a form on the way.
func with(code string, pairs []string, last day.Step) func(*day.Day) {
	return func(d *day.Day) { d.With(code, pairs...).To(last) }
}

// pregnantNow is what becomes known after the plan was approved.
func pregnantNow(d *day.Day) {
	d.To(day.Signed)
	d.Write(func(tx *store.Tx) error {
		c, err := tx.Client(d.Client)
		if err != nil {
			return err
		}
		c.Alerts = []string{"妊娠"}
		return tx.SaveClient(&c)
	})
}

// cheaper plans half the price with a reason.
func cheaper(d *day.Day) {
	d.To(day.Planned)
	half := (d.Item.PriceFen / 2).Plain()
	d.Post("consultant", "/plan/{plan}/line/{line}", "version", "{line.version}", "item", "{item}", "area", "眉间", "dose", day.Dose, "sessions", "1", "price", half, "reason", "老客户").Want(200)
}

// hospital turns the day to an item that a clinic may not offer.
func hospital(d *day.Day) {
	d.To(day.Planned)
	d.Write(func(tx *store.Tx) error {
		all, err := tx.Items(false)
		for _, i := range all {
			if i.Level == "2" {
				d.Item = i
			}
		}
		return err
	})
}

// withoutPaper leaves one kind of paper unsigned.
func withoutPaper(kind string, last day.Step) func(*day.Day) {
	return func(d *day.Day) {
		d.Unsigned = kind
		d.To(last)
	}
}

// moved is a plan whose area is changed after everybody signed.
func moved(d *day.Day) {
	d.To(day.Signed)
	d.Post("consultant", "/plan/{plan}/line/{line}", "version", "{line.version}", "item", "{item}", "area", "前额", "dose", day.Dose, "sessions", "1", "price", d.Item.PriceFen.Plain()).Want(200)
}

// withdrawnCase is a case whose client took the consent back.
func withdrawnCase(d *day.Day) {
	d.To(day.Received)
	d.Write(func(tx *store.Tx) error {
		k := store.Case{ItemKind: d.Item.Kind, Title: "眉间纹", State: "withdrawn"}
		err := tx.AddCase(&k)
		d.Session = term.OrderLineID(k.ID)
		return err
	})
}

// plan: no order without a doctor, without the papers, or against a contraindication.
var plan = []gate{
	{
		name: "no examination before the health questionnaire", stands: but(day.Talked, day.Asked), login: "doctor",
		path: "/consultation/{visit}/exam", sheet: "F15", rule: "S2-02",
	},
	{
		name: "without a doctor's examination the plan is not approved", stands: but(day.Planned, day.Examined), login: "doctor",
		path: "/plan/{plan}/approve", rule: "REG-STF-09",
	},
	{
		name: "without a doctor's examination there is no order", stands: but(day.Planned, day.Examined), login: "consultant",
		path: "/plan/{plan}/order", rule: "REG-STF-09",
	},
	{
		name: "a physician who is no lead physician does not examine", stands: notLead, login: "doctor",
		path: "/consultation/{visit}/exam", sheet: "F15", rule: "REG-STF-01",
	},
	{
		name: "pregnant: the plan is not approved", stands: with("F2", []string{"pregnant", "yes"}, day.Planned), login: "doctor",
		path: "/plan/{plan}/approve", rule: "S2-02",
	},
	{
		name: "pregnant: nobody overrules it, not even two", stands: with("F2", []string{"pregnant", "yes"}, day.Planned), login: "doctor",
		path: "/plan/{plan}/line/{line}/rule", form: append(pin("second", "quality"), "code", "pregnancy", "reason", "客户坚持"), rule: "S2-02",
	},
	{
		name: "pregnant since the approval: there is no order", stands: pregnantNow, login: "consultant",
		path: "/plan/{plan}/order", rule: "S2-02",
	},
	{
		name: "a soft contraindication wants the doctor's written reason", stands: with("F2", []string{"bleeding", "yes"}, day.Planned),
		login: "doctor", path: "/plan/{plan}/approve", rule: "S2-05",
	},
	{
		name: "an item above the clinic's level is not planned", stands: hospital, login: "doctor", path: "/plan/{plan}/line",
		form: []string{"item", "{item}", "area", "面部", "sessions", "1", "price", "{price}"}, rule: "REG-LVL-03",
	},
	{
		name: "a price far from the list wants the manager", stands: cheaper, login: "doctor", path: "/plan/{plan}/approve", rule: "S2-12",
	},
	{
		name: "a case without authorisation is not shown", stands: withdrawnCase, login: "consultant",
		path: "/consultation/{visit}/case/{session}", rule: "REG-ADV-17",
	},
	{
		name: "no papers before the doctor approved", stands: but(day.Planned), login: "consultant", path: "/plan/{plan}/papers", rule: "S3-01",
	},
	{
		name: "without a quote there is no order", stands: to(day.Approved), login: "consultant", path: "/plan/{plan}/order", rule: "REG-FEE-01",
	},
	{
		name: "without a signed contract there is no order", stands: withoutPaper("contract", day.Signed), login: "consultant",
		path: "/plan/{plan}/order", rule: "REG-CON-11",
	},
	{
		name: "a plan changed after signing has to be signed again", stands: moved, login: "consultant", path: "/plan/{plan}/order",
		rule: "REG-CON-11",
	},
	{
		name: "no money before the settlement list", stands: to(day.Ordered), login: "cashier", path: "/till/{order}/pay",
		form: []string{"card", "1300.00"}, rule: "REG-FEE-03",
	},
	{
		name: "an order is not paid twice", stands: to(day.Paid), login: "cashier", path: "/till/{order}/pay",
		form: []string{"card", "1300.00"}, rule: "S3-06",
	},
	{
		name: "the payment of a used session is not voided", stands: to(day.Started), login: "cashier", path: "/till/payment/{payment}/void",
		form: append(pin("approver", "manager"), "reason", "录错"), rule: "REG-FEE-11",
	},
}

// notLead is a day on which the only physician has no lead credential.
func notLead(d *day.Day) {
	d.To(day.Reviewed)
	d.Write(func(tx *store.Tx) error {
		who, err := tx.Staff(d.StaffID("doctor"))
		if err != nil {
			return err
		}
		who.Lead = false
		return tx.SaveStaff(&who)
	})
}
